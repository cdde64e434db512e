//! The figures in the text format of Prometheus (exposition format 0.0.4). By hand, since the same figures are given as
//! JSON, and the libraries for it do not hand out what they count.

use super::figures::Snapshot;
use crate::figures::{Standing, Summary};

const MILLION: u64 = 1_000_000;

/// All of them.
pub(super) fn written(it: &Snapshot) -> String {
    let mut page = Page::default();
    page.head("tripchat_info", "gauge", "The version that runs.");
    page.line("tripchat_info", &[("version", it.version)], "1");
    page.one("tripchat_uptime_seconds", "gauge", "Seconds since the start.", it.uptime_seconds);
    if let Some(bytes) = it.memory_bytes {
        page.one("tripchat_memory_bytes", "gauge", "Memory of the process.", bytes);
    }
    page.one("tripchat_connections", "gauge", "Sockets that are open.", it.connections);
    page.head("tripchat_queue", "gauge", "Work that waits and that is under way.");
    for (queue, Standing { waiting, active, .. }) in &it.queues {
        page.line("tripchat_queue", &[("queue", queue), ("state", "waiting")], waiting);
        page.line("tripchat_queue", &[("queue", queue), ("state", "active")], active);
    }
    page.head("tripchat_queue_ended_total", "counter", "Work that was done and that failed.");
    for (queue, Standing { done, failed, .. }) in &it.queues {
        page.line("tripchat_queue_ended_total", &[("queue", queue), ("state", "done")], done);
        page.line("tripchat_queue_ended_total", &[("queue", queue), ("state", "failed")], failed);
    }
    page.head("tripchat_gap_healed_total", "counter", "Streams that were read from the database, by cause.");
    for (cause, count) in &it.gap_healed {
        page.line("tripchat_gap_healed_total", &[("cause", cause)], count);
    }
    page.head("tripchat_commit_batch", "histogram", "Jobs in one commit.");
    page.histogram("tripchat_commit_batch", None, &it.commit_batch, |count| count.to_string());
    page.head("tripchat_latency_seconds", "histogram", "How long requests and writes took.");
    for (of, summary) in &it.latency_micros {
        page.histogram("tripchat_latency_seconds", Some(("of", of)), summary, seconds);
    }
    page.0
}

/// Exactly, without a float.
fn seconds(micros: u64) -> String {
    format!("{}.{:06}", micros / MILLION, micros % MILLION)
}

#[derive(Default)]
struct Page(String);

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        self.push(format_args!("# HELP {name} {help}\n# TYPE {name} {kind}\n"));
    }

    fn one(&mut self, name: &str, kind: &str, help: &str, value: u64) {
        self.head(name, kind, help);
        self.line(name, &[], value);
    }

    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels.iter().map(|(name, value)| format!("{name}=\"{value}\"")).collect();
        let labels = if labels.is_empty() { String::new() } else { format!("{{{}}}", labels.join(",")) };
        self.push(format_args!("{name}{labels} {value}\n"));
    }

    fn histogram(&mut self, name: &str, label: Option<(&str, &str)>, it: &Summary, unit: fn(u64) -> String) {
        let bucket = format!("{name}_bucket");
        let labels: Vec<(&str, &str)> = label.into_iter().collect();
        for (bound, up_to) in &it.buckets {
            let bound = unit(*bound);
            self.line(&bucket, &[&labels[..], &[("le", &bound)]].concat(), up_to);
        }
        self.line(&bucket, &[&labels[..], &[("le", "+Inf")]].concat(), it.count);
        self.line(&format!("{name}_sum"), &labels, unit(it.sum));
        self.line(&format!("{name}_count"), &labels, it.count);
    }

    fn push(&mut self, words: std::fmt::Arguments<'_>) {
        self.0.push_str(&std::fmt::format(words));
    }
}
