//! The workloads. Each runs against one server and gives a value for each of its metrics, in their order.

mod away;
mod broadcast;
mod dropping;
mod history;
mod idle;
mod kills;
mod messages;

use crate::target::{Kind, Place};
use anyhow::Result;
use clap::ValueEnum;
use std::time::Duration;

/// How much of it.
#[derive(Debug, Clone)]
pub struct Scale {
    /// How often each workload runs; the median counts.
    pub rounds: usize,
    /// How long something is measured.
    pub span: Duration,
    /// Idle connections.
    pub connections: usize,
    /// How often the server is killed in each round.
    pub kills: usize,
    /// Messages in the long room.
    pub history: usize,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "UPPER")]
pub enum Workload {
    /// 200 connections in 50 rooms of 4, 4 messages in flight each; then 400 messages a second
    W1,
    /// One room of 1,000 people
    W2,
    /// Idle connections
    W3,
    /// 200 people come back at once
    W4,
    /// Kills under load
    W5,
    /// Pages of a long room
    W6,
    /// People drop and return all the time
    W7,
}

/// A value that a workload gives.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// What it is.
    pub name: &'static str,
    /// Digits behind the point.
    pub digits: usize,
    /// The goal, in words.
    pub goal: &'static str,
}

const fn metric(name: &'static str, digits: usize, goal: &'static str) -> Metric {
    Metric { name, digits, goal }
}

impl Workload {
    /// What it gives.
    pub fn metrics(self) -> &'static [Metric] {
        const W1: &[Metric] = &[
            metric("durable acked messages/s", 0, "≥ 25,000 and ≥ 60 % of rawdb"),
            metric("server CPU a message, µs", 1, "≤ 45"),
            metric("at 400/s: send→ok p50, ms", 2, "≤ 2"),
            metric("at 400/s: send→ok p99, ms", 2, "≤ 4"),
        ];
        const W2: &[Metric] = &[
            metric("room of 1,000: deliveries/s", 0, "≥ 60 % of rawdb"),
            metric("until the last of 1,000 has it, p50, ms", 2, "≤ 6.5"),
        ];
        const W3: &[Metric] = &[
            metric("memory an idle connection, KiB", 1, "≤ 13"),
            metric("authenticated connects/s", 0, "≥ 5,000"),
        ];
        const W4: &[Metric] = &[
            metric("200 come back to 100 messages each, ms", 0, "≤ 100"),
            metric("lost or doubled", 0, "0"),
        ];
        const W5: &[Metric] = &[
            metric("acked and lost", 0, "0"),
            metric("stored twice", 0, "0"),
            metric("restart, s", 2, "≤ 0.5"),
        ];
        const W6: &[Metric] = &[
            metric("pages of 50 of 100,000, a second", 0, "≥ 8,000"),
            metric("p99 of a page, ms", 2, "≤ 6"),
        ];
        const W7: &[Metric] = &[
            metric("deliveries while people drop and return", 0, "–"),
            metric("messages that somebody never sees", 0, "0"),
            metric("order of one sender turned round", 0, "0"),
        ];
        match self {
            Self::W1 => W1,
            Self::W2 => W2,
            Self::W3 => W3,
            Self::W4 => W4,
            Self::W5 => W5,
            Self::W6 => W6,
            Self::W7 => W7,
        }
    }

    /// The servers that can do it.
    pub fn targets(self) -> &'static [Kind] {
        match self {
            Self::W1 | Self::W2 | Self::W3 => &[Kind::Raw, Kind::RawDb, Kind::Tripchat],
            // What stores nothing has nothing to come back to.
            Self::W4 | Self::W5 | Self::W6 | Self::W7 => &[Kind::RawDb, Kind::Tripchat],
        }
    }

    /// Runs it against `kind`.
    pub async fn run(self, kind: Kind, place: &Place, scale: &Scale) -> Result<Vec<f64>> {
        match self {
            Self::W1 => messages::run(kind, place, scale).await,
            Self::W2 => broadcast::run(kind, place, scale).await,
            Self::W3 => idle::run(kind, place, scale).await,
            Self::W4 => away::run(kind, place).await,
            Self::W5 => kills::run(kind, place, scale).await,
            Self::W6 => history::run(kind, place, scale).await,
            Self::W7 => dropping::run(kind, place, scale).await,
        }
    }
}
