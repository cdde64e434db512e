//! What is printed.

use crate::target::Kind;
use crate::workloads::{Metric, Workload};

/// The values of one round, server by server.
pub type Round = Vec<(Kind, Vec<f64>)>;

/// The rows of a workload: medians over its rounds, ratios taken within each.
pub fn rows(workload: Workload, rounds: &[Round]) -> Vec<String> {
    let metrics = workload.metrics().iter().enumerate();
    metrics.map(|(place, metric)| row(workload, *metric, place, rounds)).collect()
}

fn row(workload: Workload, metric: Metric, place: usize, rounds: &[Round]) -> String {
    let of = |kind: Kind| -> Vec<f64> {
        let values = rounds.iter().flatten().filter(|(other, _)| *other == kind);
        values.filter_map(|(_, values)| values.get(place).copied()).collect()
    };
    let ours = of(Kind::Tripchat);
    let ratio = |kind: Kind| {
        let ratios = ours.iter().zip(of(kind)).filter(|(_, ceiling)| *ceiling != 0.0);
        median(&ratios.map(|(value, ceiling)| value / ceiling).collect::<Vec<_>>())
    };
    let shown = |value: Option<f64>| value.map_or("–".into(), |value| number(value, metric.digits));
    let share = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.2}"));
    format!(
        "| {workload:?} | {} | {} | {} | {} | {} | {} |",
        metric.name,
        shown(median(&ours)),
        shown(median(&of(Kind::Raw))),
        shown(median(&of(Kind::RawDb))),
        share(ratio(Kind::RawDb)),
        metric.goal
    )
}

/// Above the rows.
pub const HEAD: &str =
    "| | what | value | raw | rawdb | value / rawdb | goal |\n|---|---|---:|---:|---:|---:|---|";

fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// With commas between thousands.
fn number(value: f64, digits: usize) -> String {
    let text = format!("{value:.digits$}");
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let mut out = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_commas_between_thousands() {
        let all = [(1_234_567.8, 0), (999.0, 0), (0.126, 2), (41_900.0, 1)]
            .map(|(value, digits)| number(value, digits));
        assert_eq!(all, ["1,234,568", "999", "0.13", "41,900.0"]);
    }

    #[test]
    fn a_ratio_is_taken_within_its_round() {
        let round =
            |ours: f64, ceiling: f64| vec![(Kind::RawDb, vec![ceiling]), (Kind::Tripchat, vec![ours])];
        let rows = rows(Workload::W1, &[round(10.0, 20.0), round(30.0, 40.0), round(90.0, 100.0)]);
        assert!(rows[0].contains("| 30 | – | 40 | 0.75 |"), "{}", rows[0]);
    }
}
