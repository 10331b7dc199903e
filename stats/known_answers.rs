//! Every formula against scipy, statsmodels, or an implementation from its definition
//! (`tests/data/stats/make_vectors.py`).

use bedside_perturbations::Stream;
use serde_json::Value;
use std::collections::BTreeMap;

use super::*;

const VECTORS: &str = include_str!("../tests/data/stats/vectors.json");
const TOLERANCE: f64 = 1e-9;

/// How many vectors each function must have, so that none can be dropped unseen.
const EXPECTED: &[(&str, usize)] = &[
    ("beta_quantile", 20),
    ("beta_tails", 15),
    ("t_quantile", 12),
    ("normal_quantile", 5),
    ("binomial", 10),
    ("clopper_pearson", 14),
    ("wilson", 10),
    ("mcnemar", 12),
    ("holm", 4),
    ("benjamini_hochberg", 4),
    ("weighted_kappa", 6),
    ("proportion", 14),
    ("claim_p", 8),
    ("difference", 10),
    ("difference_between", 6),
    ("newcombe", 8),
    ("tango", 8),
    ("uptake", 8),
    ("cluster_t", 4),
    ("cluster_normal", 4),
    ("equivalence", 8),
    ("rank_biased_overlap", 12),
    ("needed", 8),
    ("normal_tail", 6),
    ("t_tails", 15),
    ("wilcoxon", 14),
    ("sign_flip", 6),
    ("max_t", 4),
    ("bootstrap", 5),
    ("jaccard", 5),
    ("coverage", 4),
    ("jensen_shannon", 5),
    ("total_variation", 5),
    ("brier", 4),
    ("brier_of_all", 5),
    ("calibration_error", 8),
    ("risk_coverage_area", 6),
    ("cluster_skew_t", 15),
    ("agreement", 7),
    ("thresholds", 15),
    ("chances", 40),
    ("fewest_to_hold", 7),
    ("shapley", 5),
    ("sum", 3),
    ("normal_share", 5),
    ("replicates", 3),
    ("theil_sen", 6),
    ("kendall", 7),
    ("isotonic", 6),
    ("trapezoids", 6),
    ("down_to", 6),
    ("rise", 3),
    ("ratio", 4),
];

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().unwrap().iter().map(numbers).collect()
}

fn observations(value: &Value) -> Vec<Observation> {
    rows(value).iter().map(|row| Observation { patient: row[0] as u32, value: row[1] }).collect()
}

fn pairs(value: &Value) -> Vec<Paired> {
    rows(value).iter().map(|row| Paired { patient: row[0] as u32, before: row[1], after: row[2] }).collect()
}

fn table(args: &[f64]) -> Table {
    Table { both: args[0] as u64, before: args[1] as u64, after: args[2] as u64, neither: args[3] as u64 }
}

fn spread(estimate: Option<Estimate>) -> Vec<f64> {
    let estimate = estimate.unwrap();
    let (lower, upper) = estimate.interval.unwrap();
    vec![estimate.point, lower, upper]
}

fn limits((lower, upper): (f64, f64)) -> Vec<f64> {
    vec![lower, upper]
}

/// What the function of a vector gives here, in the order in which the script writes it.
fn computed(function: &str, vector: &Value) -> Vec<f64> {
    let args = || numbers(&vector["args"]);
    match function {
        "rank_biased_overlap" | "jaccard" | "coverage" => vec![of_lists(function, vector)],
        "jensen_shannon" | "total_variation" => {
            let lists = rows(&vector["lists"]);
            let divergence = if function == "jensen_shannon" { jensen_shannon } else { total_variation };
            vec![divergence(&lists[0], &lists[1]).unwrap()]
        }
        "bootstrap" => bootstrapped(vector),
        "theil_sen" | "kendall" | "isotonic" | "trapezoids" | "down_to" => of_doses(function, vector),
        "rise" => risen(vector),
        "ratio" => spread(ratio(&pairs(&vector["pairs"]), args()[0])),
        "max_t" => max_t(&args(), &rows(&vector["resamples"])).unwrap(),
        "calibration_error" | "risk_coverage_area" => vec![of_an_arm(function, vector)],
        "agreement" => agreed(vector),
        "shapley" => shared_out(&args()),
        "replicates" => of_replicates(vector),
        "proportion" | "claim_p" | "cluster_t" | "cluster_skew_t" | "cluster_normal" | "equivalence" | "sign_flip" => {
            clustered(function, vector)
        }
        "difference" => spread(difference(&pairs(&vector["pairs"]), args()[0])),
        "difference_between" => {
            let (one, other) = (observations(&vector["one"]), observations(&vector["other"]));
            spread(difference_between(&one, &other, args()[0]))
        }
        "uptake" => spread(uptake(&pairs(&vector["pairs"]), args()[0])),
        "weighted_kappa" => {
            let pairs: Vec<_> = rows(&vector["pairs"]).iter().map(|row| (row[0] as u32, row[1] as u32)).collect();
            vec![weighted_kappa(&pairs).unwrap()]
        }
        _ => from_numbers(function, &args()),
    }
}

fn clustered(function: &str, vector: &Value) -> Vec<f64> {
    let (list, args) = (observations(&vector["observations"]), numbers(&vector["args"]));
    match function {
        "cluster_skew_t" => return spread(cluster_skew_t(&list, args[0])),
        "cluster_t" => return spread(cluster_t(&list, args[0])),
        "cluster_normal" => return spread(cluster_normal(&list, args[0])),
        "equivalence" => {
            let found = equivalence(&list, args[0], args[1]).unwrap();
            return vec![found.above, found.below, found.p];
        }
        "sign_flip" => return vec![sign_flip(&list, 0, &Stream::derive(0, &[])).unwrap().p],
        _ => {}
    }
    let rate = proportion(&list, args[0]).unwrap();
    if function == "claim_p" {
        return vec![claim_p(&rate, Bound::AtMost(args[1])), claim_p(&rate, Bound::AtLeast(args[1]))];
    }
    let mut all = spread(Some(rate.estimate));
    all.extend([rate.effective, rate.effective_events]);
    all
}

/// Kappa and, where there is one, its interval.
fn agreed(vector: &Value) -> Vec<f64> {
    let triples = rows(&vector["triples"]);
    let pairs: Vec<_> = triples.iter().map(|row| (row[0] as u32, row[1] as u32, row[2] as u32)).collect();
    let found = agreement(&pairs, numbers(&vector["args"])[0]).unwrap();
    core::iter::once(found.point).chain(found.interval.into_iter().flat_map(|(low, high)| [low, high])).collect()
}

/// Shapley's values of a game given by the value of every coalition, what is lost without each player, and what each
/// brings alone.
fn shared_out(values: &[f64]) -> Vec<f64> {
    let (players, value) = (values.len().ilog2(), |coalition: u32| values[coalition as usize]);
    assert_eq!(everybody(players) as usize, values.len() - 1);
    let mut all = shapley(players, value).unwrap();
    all.extend(leave_one_out(players, value));
    all.extend(add_one_in(players, value));
    all
}

/// The area under the risk–coverage curve of every replicate, then its calibration error where no confidence is tied.
fn of_replicates(vector: &Value) -> Vec<f64> {
    use replicates::{Answer, Calibration, Risk, Weights};
    let answers = rows(&vector["answers"]);
    let answer = |row: &Vec<f64>| Answer { patient: row[0] as u32, confidence: row[1], right: row[2] == 1.0 };
    let answers: Vec<Answer> = answers.iter().map(answer).collect();
    let indices: Vec<Vec<u64>> =
        rows(&vector["indices"]).iter().map(|row| row.iter().map(|place| *place as u64).collect()).collect();
    let (weights, expected) = (Weights::of_indices(indices[0].len(), &indices), numbers(&vector["expected"]).len());
    let areas = Risk::of(&answers).unwrap().areas(&weights);
    let errors = Calibration::of(&answers, 10).unwrap().errors(&weights);
    areas[..indices.len()].iter().chain(&errors[..indices.len()]).copied().take(expected).collect()
}

/// On the resample indices of the vector: the mean, all intervals, and every replicate in ascending order.
fn bootstrapped(vector: &Value) -> Vec<f64> {
    let whole = |row: &Vec<f64>| row.iter().map(|place| *place as u64).collect::<Vec<_>>();
    let indices: Vec<Vec<u64>> = rows(&vector["indices"]).iter().map(whole).collect();
    let boot = Bootstrap::given(&observations(&vector["observations"]), &indices).unwrap();
    let mut all = spread(boot.percentile(numbers(&vector["args"])[0]));
    all.extend(spread(boot.bca(numbers(&vector["args"])[0])).iter().skip(1));
    all.extend(spread(boot.widened(numbers(&vector["args"])[0])).iter().skip(1));
    all.extend(&boot.replicates);
    all
}

fn of_doses(function: &str, vector: &Value) -> Vec<f64> {
    let lists = rows(&vector["lists"]);
    let (one, other) = (&lists[0], &lists[1]);
    match function {
        "isotonic" => isotonic(one, other).unwrap(),
        "theil_sen" => vec![theil_sen(one, other).unwrap()],
        "kendall" => vec![kendall(one, other).unwrap()],
        "trapezoids" => vec![trapezoids(one).unwrap().iter().zip(other).map(|(weight, value)| weight * value).sum()],
        _ => vec![down_to(numbers(&vector["args"])[0], one, other).unwrap()],
    }
}

/// The rise on the resample indices of the vector.
fn risen(vector: &Value) -> Vec<f64> {
    let case = |row: &Vec<f64>| AtDoses { patient: row[0] as u32, values: row[1..].to_vec() };
    let cases: Vec<AtDoses> = rows(&vector["cases"]).iter().map(case).collect();
    let whole = |row: &Vec<f64>| row.iter().map(|place| *place as u64).collect::<Vec<_>>();
    let indices: Vec<Vec<u64>> = rows(&vector["indices"]).iter().map(whole).collect();
    let blocks = indices.chunks(replicates::LANES).map(|some| replicates::Weights::of_indices(indices[0].len(), some));
    let level = numbers(&vector["args"])[0];
    spread(crate::trend::rise(&cases, &rows(&vector["lists"])[0], blocks, indices.len() as u64, level))
}

fn of_lists(function: &str, vector: &Value) -> f64 {
    let ids = |list: &[f64]| list.iter().map(|id| *id as u32).collect::<Vec<_>>();
    let lists: Vec<Vec<u32>> = rows(&vector["lists"]).iter().map(|list| ids(list)).collect();
    let args = numbers(&vector["args"]);
    match function {
        "jaccard" => jaccard(&lists[0], &lists[1], args[0] as usize),
        "coverage" => coverage(&lists[0], &lists[1]),
        _ => rank_biased_overlap(&lists[0], &lists[1], args[0]),
    }
    .unwrap()
}

fn of_an_arm(function: &str, vector: &Value) -> f64 {
    let stated = |row: &Vec<f64>| Stated { confidence: row[0], right: row[1] == 1.0 };
    let answers: Vec<Stated> = rows(&vector["answers"]).iter().map(stated).collect();
    match function {
        "risk_coverage_area" => risk_coverage_area(&answers).unwrap(),
        _ => calibration_error(&answers, numbers(&vector["args"])[0] as usize).unwrap(),
    }
}

fn from_numbers(function: &str, args: &[f64]) -> Vec<f64> {
    match function {
        "beta_quantile" => vec![beta_quantile(args[0], args[1], args[2])],
        "beta_tails" => {
            let tails = beta_tails(args[1], args[2], args[0]);
            vec![tails.lower, tails.upper]
        }
        "t_quantile" => vec![t_quantile(args[0], args[1])],
        "t_tails" => {
            let tails = t_tails(args[0], args[1]);
            vec![tails.lower, tails.upper]
        }
        "normal_quantile" => vec![normal_quantile(args[0])],
        "normal_tail" => vec![normal_tail(args[0])],
        "wilcoxon" => {
            let found = wilcoxon(args).unwrap();
            vec![found.positive, found.p]
        }
        "brier" => vec![brier(args[0], args[1] == 1.0).unwrap()],
        "brier_of_all" => {
            let truth = (args[0] >= 0.0).then_some(args[0] as usize);
            vec![brier_of_all(&args[1..], truth).unwrap()]
        }
        "binomial" => {
            let (k, n, p) = (args[0] as u64, args[1] as u64, args[2]);
            vec![cumulative(k, n, p), at_least(k, n, p), probability(k, n, p)]
        }
        "clopper_pearson" => limits(clopper_pearson(args[0], args[1], args[2])),
        "wilson" => limits(wilson(args[0], args[1], args[2])),
        "mcnemar" => {
            let (b, c) = (args[0] as u64, args[1] as u64);
            vec![mcnemar_exact(b, c), mcnemar_mid(b, c)]
        }
        "holm" => holm(args),
        "benjamini_hochberg" => benjamini_hochberg(args),
        "newcombe" => spread(newcombe(&table(args), args[4])),
        "tango" => spread(tango(&table(args), args[4])),
        "thresholds" => {
            let found = thresholds(sample(args), Bound::AtMost(args[2]));
            vec![found.holds.map_or(-1.0, |k| k as f64), found.breaks.map_or(-1.0, |k| k as f64)]
        }
        "chances" => {
            let (sample, bound) = (sample(args), Bound::AtMost(args[2]));
            vec![chance_to_hold(sample, bound, args[3]), chance_to_break(sample, bound, args[3])]
        }
        "fewest_to_hold" => vec![fewest_to_hold(Bound::AtMost(args[0])).unwrap() as f64],
        "sum" => vec![sum(args.iter().copied())],
        "normal_share" => vec![normal_share(args[0])],
        "needed" => {
            let needed = needed(Bound::AtMost(args[0]), args[1], args[2]).unwrap();
            vec![needed.first as f64, needed.every as f64]
        }
        other => panic!("no function for the vectors of {other}"),
    }
}

fn sample(args: &[f64]) -> Sample {
    Sample { effective: args[0] as u64, patients: args[1] as u64 }
}

fn close(value: f64, known: f64) -> bool {
    (value - known).abs() <= TOLERANCE * known.abs() + 1e-14
}

#[test]
fn every_vector_agrees_to_one_in_a_thousand_million() {
    let file: Value = serde_json::from_str(VECTORS).unwrap();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for vector in file["vectors"].as_array().unwrap() {
        let function = vector["function"].as_str().unwrap();
        *counts.entry(function).or_default() += 1;
        let (values, known) = (computed(function, vector), numbers(&vector["expected"]));
        assert_eq!(values.len(), known.len(), "{vector}");
        for (value, known) in values.iter().zip(&known) {
            assert!(close(*value, *known), "{function} {:?}: {value} is not {known}", vector["args"]);
        }
    }
    for (function, least) in EXPECTED {
        assert!(counts.get(function).is_some_and(|count| count >= least), "{function}: {counts:?}");
    }
}

#[test]
fn a_wrong_value_is_noticed() {
    assert!(close(0.1 + 1e-11, 0.1) && !close(0.1 + 1e-9, 0.1));
}
