//! The ride, played in two real windows: a driver's on a desktop and a passenger's of the size of a phone, with the
//! real server between them.
//!
//! With a display it signs both in and leaves the windows to the person who started it. With `--script`, or without
//! a display, it plays the whole ride by itself and checks each step in both windows and in the databases.

mod database;
mod desk;
mod hands;
mod page;
mod people;
mod process;
mod rest;
mod say;
mod script;
mod server;
mod steps;
mod wait;
mod webdriver;
mod window;

use anyhow::{Context, Result, anyhow};
use clap::Parser;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tripchat_runtime::Sources;

/// What was asked for.
#[derive(Debug, Parser)]
#[command(about = "The ride in two windows", version)]
struct Wish {
    /// The server's binary
    #[arg(long)]
    server_bin: PathBuf,
    /// The app's binary
    #[arg(long)]
    app_bin: PathBuf,
    /// Plays the ride without hands, on a display of its own
    #[arg(long)]
    script: bool,
    /// With --script: dark pictures as well
    #[arg(long)]
    pictures: bool,
    /// Where steps.json and the pictures go
    #[arg(long, default_value = "target/demo/out")]
    out: PathBuf,
    /// Where the data of the server and of both apps is kept; emptied first
    #[arg(long, default_value = "target/demo/data")]
    data: PathBuf,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Wish::parse()).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            say::say(&format!("error: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

/// Whether the ride held.
async fn run(wish: Wish) -> Result<bool> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow!("another TLS provider was installed first"))?;
    let out = fresh(&wish.out)?;
    let data = fresh(&wish.data)?;
    let has_display = ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
        || cfg!(not(target_os = "linux"));
    let world =
        people::World { server_bin: whole(&wish.server_bin)?, app_bin: whole(&wish.app_bin)?, out, data };
    let sources = Sources::system();
    let script = wish.script || !has_display;
    let ride = async {
        if script {
            script::play(&world, &sources, wish.pictures).await
        } else {
            hands::open(&world, &sources).await.map(|()| true)
        }
    };
    // Leaving early drops the ride, and with it every process that it started.
    tokio::select! {
        biased;
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            say::say("ended by hand");
            Ok(!script)
        }
        held = ride => held,
    }
}

/// An empty folder, with what a run before left removed.
fn fresh(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot empty {}", folder.display()))?;
    }
    fs::create_dir_all(folder)?;
    whole(folder)
}

fn whole(path: &Path) -> Result<PathBuf> {
    path.canonicalize().with_context(|| format!("there is no {}", path.display()))
}
