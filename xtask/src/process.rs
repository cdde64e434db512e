//! Runs other programs: with their output passed on as it comes, and kept where someone has to read it.

use crate::say::say;
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A program of this machine, started in `folder`.
pub fn command(program: &str, arguments: &[&str], folder: &Path) -> Command {
    let mut command = Command::new(program_name(program));
    command.args(arguments).current_dir(folder);
    command
}

/// npm is a script on Windows, and only found there by its whole name.
fn program_name(program: &str) -> String {
    if cfg!(windows) && matches!(program, "npm" | "npx") { format!("{program}.cmd") } else { program.into() }
}

/// The cargo that started us, so that a chosen toolchain stays chosen.
pub fn cargo(arguments: &[&str], root: &Path) -> Command {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    command(&cargo, arguments, root)
}

/// Runs it; anything but success is an error that names the command.
pub fn run(command: &mut Command) -> Result<()> {
    say(&format!("$ {}", shown(command)));
    let status = command.status().with_context(|| format!("cannot start {}", shown(command)))?;
    ensure!(status.success(), "{} ended with {status}", shown(command));
    Ok(())
}

/// Runs it, passes each line on, and returns whether it succeeded and all that it said. Both streams share one
/// pipe: cargo names the test binary on one and the binary its tests on the other, and the order counts.
pub fn tee(command: &mut Command) -> Result<(bool, String)> {
    say(&format!("$ {}", shown(command)));
    let (reader, writer) = std::io::pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot start {}", shown(command)))?;
    // The command keeps the writing end open; without this the reading would never end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut all = String::new();
    let mut lines = BufReader::new(reader);
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        say(text.trim_end_matches(['\r', '\n']));
        all.push_str(&text);
        line.clear();
    }
    Ok((child.wait()?.success(), all))
}

/// What a short command prints, or nothing if it cannot be run or fails.
pub fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program_name(program)).args(arguments).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program is found.
pub fn which(program: &str) -> Option<PathBuf> {
    let file = program_name(program);
    let paths = std::env::var_os("PATH")?;
    std::env::split_paths(&paths)
        .flat_map(|folder| [folder.join(&file), folder.join(format!("{file}.exe"))])
        .find(|path| path.is_file())
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| word.to_string_lossy().into_owned()));
    if let Some(name) = words.first_mut() {
        // The path to the program says nothing that a reader needs.
        *name = Path::new(name.as_str()).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    }
    words.join(" ")
}
