//! docs/platform-api.md is true: its commands are run, one after the other, against the server as it is delivered.

use anyhow::{Context, Result, ensure};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

/// Where the guide has its server.
const ADDRESS: &str = "127.0.0.1:7400";

/// The commands of a document: its blocks of `sh`.
fn commands(document: &str) -> String {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in document.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => lines.push(line),
            _ => {}
        }
    }
    lines.join("\n")
}

#[test]
fn every_command_of_the_guide_does_what_it_says() -> Result<()> {
    let document = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/platform-api.md");
    let script = commands(&std::fs::read_to_string(document)?);
    for command in ["tokens create", "platform/people", "Idempotency-Key", "move closed", "kill $SERVER"] {
        ensure!(script.contains(command), "the guide does not say {command:?}");
    }
    let folder = tempfile::tempdir()?;
    let programs = folder.path().join("bin");
    std::fs::create_dir(&programs)?;
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_crash-server"), programs.join("tripchat-server"))?;
    // Another port than everybody's, free a moment ago.
    let free = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    let path = std::env::var("PATH").context("no PATH")?;
    // Whatever fails ends it, and whatever ends it takes the server along.
    let head = "set -euo pipefail\ntrap 'kill ${SERVER:-} 2>/dev/null || true' EXIT\nset -x\n";
    let output = Command::new("bash")
        .args(["-c", &format!("{head}{}", script.replace(ADDRESS, &free))])
        .current_dir(folder.path())
        .env("PATH", format!("{}:{path}", programs.display()))
        .output()?;
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    ensure!(output.status.success(), "{told}\n{said}");
    for answer in ["\"status\":\"completed\"", "\"code\":\"DELAYED\"", "\"reference\":\"ALA-FRU/2041\""] {
        ensure!(said.contains(answer), "nothing answered {answer}: {said}");
    }
    Ok(())
}
