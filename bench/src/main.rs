//! What the server can do, beside what the machine can: each workload runs against our server and against bare programs,
//! in the same minutes. Server and load are processes of their own. Nothing here fails for being slow.

mod bare;
mod client;
mod ground;
mod load;
mod say;
mod table;
mod target;
mod track;
mod workloads;
mod world;
mod ws;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand, ValueEnum};
use say::say;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use target::Place;
use workloads::{Scale, Workload};

#[derive(Parser)]
#[command(name = "tripchat-bench", version, about = "What the server can do, beside what the machine can")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs workloads and prints a table
    Run(Run),
    /// The ceiling without storage
    Raw {
        /// Where it listens
        #[arg(long)]
        listen: SocketAddr,
    },
    /// The ceiling with storage
    Rawdb {
        /// Where it listens
        #[arg(long)]
        listen: SocketAddr,
        /// Where it stores
        #[arg(long)]
        data: PathBuf,
    },
}

#[derive(clap::Args)]
struct Run {
    /// The server's program
    #[arg(long)]
    server: PathBuf,
    /// Databases go into folders below; on a real disk
    #[arg(long)]
    folder: PathBuf,
    /// Only these workloads
    #[arg(long, value_delimiter = ',', ignore_case = true)]
    only: Vec<Workload>,
    /// A few seconds each
    #[arg(long)]
    quick: bool,
    /// Idle connections of W3; more than a few thousand need `ulimit -n`
    #[arg(long, default_value_t = 2_000)]
    connections: usize,
    /// Only our server, without the ceilings
    #[arg(long)]
    alone: bool,
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    match Cli::parse().command {
        Command::Run(wish) => runtime.block_on(run(&wish)),
        Command::Raw { listen } => runtime.block_on(bare::serve(listen, None)),
        Command::Rawdb { listen, data } => runtime.block_on(bare::serve(listen, Some(&data))),
    }
}

async fn run(wish: &Run) -> Result<()> {
    let place = Place { server: wish.server.clone(), folder: wish.folder.clone() };
    let quick = wish.quick;
    let scale = Scale {
        rounds: if quick { 1 } else { 3 },
        span: Duration::from_secs(if quick { 2 } else { 5 }),
        connections: wish.connections,
        kills: if quick { 2 } else { 5 },
        history: 100_000,
    };
    let workloads = if wish.only.is_empty() { Workload::value_variants() } else { &wish.only };
    let mut rows = Vec::new();
    for workload in workloads {
        let mut rounds = Vec::new();
        for number in 1..=scale.rounds {
            say(&format!("{workload:?}, round {number} of {}", scale.rounds));
            let mut round = Vec::new();
            for kind in
                workload.targets().iter().filter(|kind| !wish.alone || **kind == target::Kind::Tripchat)
            {
                let values = workload.run(*kind, &place, &scale).await;
                round.push((*kind, values.with_context(|| format!("{workload:?} against {kind:?}"))?));
            }
            rounds.push(round);
        }
        rows.append(&mut table::rows(*workload, &rounds));
    }
    say(table::HEAD);
    rows.iter().for_each(|row| say(row));
    Ok(())
}
