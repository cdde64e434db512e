//! The one place that prints.

/// A line for the person who started this.
#[expect(clippy::print_stdout, reason = "a command-line tool speaks on its standard output")]
pub fn say(line: &str) {
    println!("{line}");
}
