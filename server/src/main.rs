//! `tripchat-server`: see `--help`.

use clap::Parser;
use tracing_subscriber::EnvFilter;
use tripchat_server::cli::{Cli, run};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let filter = EnvFilter::try_from_env("TRIPCHAT_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    run(Cli::parse()).await
}
