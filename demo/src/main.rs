//! The ride, played in two real windows: a driver's on a desktop and a passenger's of the size of a phone, with the
//! real server between them.
//!
//! With a display it signs both in and leaves the windows to the person who started it. With `--script`, or without
//! a display, it plays the whole ride by itself and checks each step in both windows and in the databases.
//!
//! `pictures` needs no server: it looks at every view on the core's twin, in the engine that the windows have on Linux.

mod database;
mod desk;
mod desktop;
mod folder;
mod hands;
mod list;
mod page;
mod people;
mod pictures;
mod process;
mod rest;
mod say;
mod script;
mod server;
mod socket;
mod steps;
mod wait;
mod webdriver;
mod window;

use anyhow::{Result, anyhow};
use clap::{Args, Parser};
use std::path::PathBuf;
use std::process::ExitCode;
use tripchat_runtime::Sources;

/// What was asked for.
#[derive(Debug, Parser)]
#[command(about = "The ride in two windows, and the pictures of every view", version)]
enum Wish {
    /// The ride in two windows
    Ride(Ride),
    /// A picture of every view in every size and theme, and a look at what stands in each
    Pictures(pictures::Wish),
}

/// How the ride is played.
#[derive(Debug, Args)]
struct Ride {
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

/// Whether it held.
async fn run(wish: Wish) -> Result<bool> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| anyhow!("another TLS provider was installed first"))?;
    let alone = match &wish {
        Wish::Ride(ride) => ride.script || !has_display(),
        Wish::Pictures(_) => true,
    };
    let work = async {
        match wish {
            Wish::Ride(ride) => play(&ride, alone).await,
            Wish::Pictures(wish) => pictures::take(&wish).await,
        }
    };
    // Leaving early drops the work, and with it every process that it started.
    tokio::select! {
        biased;
        interrupted = tokio::signal::ctrl_c() => {
            interrupted?;
            say::say("ended by hand");
            Ok(!alone)
        }
        held = work => held,
    }
}

/// The ride, without hands or for them.
async fn play(ride: &Ride, script: bool) -> Result<bool> {
    let world = people::World {
        server_bin: folder::whole(&ride.server_bin)?,
        app_bin: folder::whole(&ride.app_bin)?,
        out: folder::fresh(&ride.out)?,
        data: folder::fresh(&ride.data)?,
    };
    let sources = Sources::system();
    if script {
        Box::pin(script::play(&world, &sources, ride.pictures)).await
    } else {
        hands::open(&world, &sources).await.map(|()| true)
    }
}

fn has_display() -> bool {
    cfg!(not(target_os = "linux"))
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| std::env::var_os(name).is_some())
}
