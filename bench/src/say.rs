//! The one place that prints.

use std::io::Write;

/// A line for the person who started this.
pub fn say(line: &str) {
    // Nobody may be listening any more.
    drop(writeln!(std::io::stdout(), "{line}"));
}
