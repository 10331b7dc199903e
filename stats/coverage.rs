//! How often every interval of this crate covers a truth that is known exactly.
//!
//! A small version runs with every test; the full one, with 10,000 seeds for every row, writes `COVERAGE.md`:
//!
//! ```sh
//! cargo test -p bedside-stats --lib -- --ignored the_whole_coverage
//! ```

mod planted;
mod withheld;

use core::fmt::Write as _;
use std::collections::BTreeMap;

use bedside_perturbations::Stream;
use planted::{Flow, Kind, Moves, Size};

use super::*;
use crate::estimate::tail_of;

/// The least share of intervals that must cover.
const LEAST: f64 = 0.94;
/// A share is called too small when chance alone makes it so less often than this.
const RARE: f64 = 0.001;
/// Seeds of every row.
const SEEDS: u64 = 10_000;

/// What an interval is to reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    /// It is what they print, and what must cover.
    Printed,
    /// It stands here for comparison.
    Compared,
    /// The printed one, told that every case is a patient of its own: it must fail.
    Unclustered,
}

/// One interval of one seed.
struct Seen {
    quantity: String,
    truth: f64,
    role: Role,
    method: Method,
    interval: Option<(f64, f64)>,
}

/// What tells rows of one design apart.
type Key = (String, Role, Method);

/// Intervals that cover, intervals.
type Count = (u64, u64);

/// The intervals of one design, a function of the seed's stream.
struct Experiment {
    size: Size,
    of: fn(Size, &Stream) -> Vec<Seen>,
}

struct Row {
    size: Size,
    key: Key,
    runs: u64,
    count: Count,
}

impl Experiment {
    fn run(&self, seeds: u64) -> Vec<Row> {
        let root = Stream::derive(2_026, &["coverage", &self.size.name()]);
        let mut counts: BTreeMap<Key, Count> = BTreeMap::new();
        for seed in 0..seeds {
            for Seen { quantity, truth, role, method, interval } in (self.of)(self.size, &root.fork("seed", seed)) {
                let count = counts.entry((quantity, role, method)).or_default();
                // A truth that equals a limit but for rounding is covered.
                let covers = |(low, high): (f64, f64)| low - 1e-12 <= truth && truth <= high + 1e-12;
                *count = (count.0 + u64::from(interval.is_some_and(covers)), count.1 + u64::from(interval.is_some()));
            }
        }
        counts.into_iter().map(|(key, count)| Row { size: self.size, key, runs: seeds, count }).collect()
    }
}

impl Size {
    fn name(self) -> String {
        format!("{} × {}", self.patients, self.each)
    }
}

impl Row {
    fn covered(&self) -> f64 {
        self.count.0 as f64 / self.count.1 as f64
    }

    /// Whether it covers less often than asked, beyond what chance explains.
    fn fails(&self) -> bool {
        at_least(self.count.1 - self.count.0, self.count.1, 1.0 - LEAST) <= RARE
    }

    fn name(&self) -> String {
        format!("{}, {}, {}", self.key.0, self.key.2, self.size.name())
    }
}

/// The interval of an estimate; `None` where the data have not even that.
fn seen(quantity: &str, truth: f64, role: Role, estimate: Option<Estimate>) -> Option<Seen> {
    let Estimate { method, interval, .. } = estimate?;
    Some(Seen { quantity: quantity.into(), truth, role, method, interval })
}

/// The same values, every case a patient of its own.
fn alone(list: &[Observation]) -> Vec<Observation> {
    (0..).zip(list).map(|(patient, o)| Observation { patient, ..*o }).collect()
}

/// The same with numbers from there on.
fn alone_from(first: u32, list: &[Observation]) -> Vec<Observation> {
    (first..).zip(list).map(|(patient, o)| Observation { patient, ..*o }).collect()
}

fn rates(size: Size, stream: &Stream) -> Vec<Seen> {
    let mut all = Vec::new();
    for rate in [0.05, 0.1, 0.3] {
        let quantity = format!("rate of {:.0} %", rate * 100.0);
        let list = size.events(rate, &mut stream.fork("rate", (rate * 100.0) as u64));
        let of = |list: &[Observation]| proportion(list, LEVEL).map(|rate| rate.estimate);
        let found = of(&list).unwrap();
        if size.each == 1 {
            let interval = Some(wilson(found.events.unwrap(), found.n as f64, tail_of(LEVEL).unwrap()));
            let wilson = Estimate { interval, method: Method::Wilson, ..found.clone() };
            all.extend(seen(&quantity, rate, Role::Compared, Some(wilson)));
        } else {
            all.extend(seen(&quantity, rate, Role::Unclustered, of(&alone(&list))));
        }
        all.extend(seen(&quantity, rate, Role::Printed, Some(found)));
    }
    all
}

const FLOWS: [Flow; 4] = [
    Flow { before: 0.7, lose: 0.2, gain: 0.0 },
    Flow { before: 0.9, lose: 0.1, gain: 0.2 },
    Flow { before: 0.3, lose: 0.1, gain: 0.2 },
    Flow { before: 0.0, lose: 0.0, gain: 0.2 },
];

fn changes(size: Size, stream: &Stream) -> Vec<Seen> {
    let mut all = Vec::new();
    for (place, flow) in (0..).zip(FLOWS) {
        let pairs = size.pairs(flow, &mut stream.fork("flow", place));
        let points = |share: f64| (share * 100.0).round();
        let from = format!("from {} to {} %", points(flow.before), points(flow.before + flow.difference()));
        let names = (format!("difference, {from}"), format!("uptake, {from}"));
        all.extend(seen(&names.0, flow.difference(), Role::Printed, difference(&pairs, LEVEL)));
        all.extend(seen(&names.1, flow.uptake(), Role::Printed, uptake(&pairs, LEVEL)));
        if let Some(table) = Table::of(&pairs) {
            all.extend(seen(&names.0, flow.difference(), Role::Compared, newcombe(&table, LEVEL)));
            all.extend(seen(&names.0, flow.difference(), Role::Compared, tango(&table, LEVEL)));
        } else {
            let alone: Vec<Paired> = (0..).zip(&pairs).map(|(patient, pair)| Paired { patient, ..*pair }).collect();
            all.extend(seen(&names.0, flow.difference(), Role::Unclustered, difference(&alone, LEVEL)));
            all.extend(seen(&names.1, flow.uptake(), Role::Unclustered, uptake(&alone, LEVEL)));
        }
    }
    all
}

/// Two groups of different patients, the second a third of the size of the first.
fn between(size: Size, stream: &Stream) -> Vec<Seen> {
    let mut all = Vec::new();
    for (place, (rate, other)) in (0..).zip([(0.1, 0.1), (0.3, 0.1), (0.05, 0.2)]) {
        let smaller = Size { patients: size.patients / 3, ..size };
        let one = size.events(rate, &mut stream.fork("one", place));
        let second = smaller.events(other, &mut stream.fork("other", place));
        let second: Vec<Observation> =
            second.iter().map(|o| Observation { patient: o.patient + 10_000, ..*o }).collect();
        let quantity = format!("difference of groups, {:.0} and {:.0} %", rate * 100.0, other * 100.0);
        all.extend(seen(&quantity, rate - other, Role::Printed, difference_between(&one, &second, LEVEL)));
        if size.each > 1 {
            let apart = difference_between(&alone(&one), &alone_from(10_000, &second), LEVEL);
            all.extend(seen(&quantity, rate - other, Role::Unclustered, apart));
        }
    }
    all
}

/// Means as they are printed, and by every other method there is for one.
fn means(size: Size, stream: &Stream) -> Vec<Seen> {
    means_of(&Kind::ALL, size, stream)
}

fn skewed_means(size: Size, stream: &Stream) -> Vec<Seen> {
    means_of(&[Kind::Skewed], size, stream)
}

fn means_of(kinds: &[Kind], size: Size, stream: &Stream) -> Vec<Seen> {
    let mut draws = Resampler::new(stream.fork("draws", 0));
    let mut all = Vec::new();
    for (place, &kind) in (0..).zip(kinds) {
        let list = size.numbers(kind, &mut stream.fork("kind", place));
        let mut add = |role, estimate| all.extend(seen(kind.name(), kind.truth(), role, estimate));
        let hull = |list: &[Observation]| cluster_skew_t(list, LEVEL);
        let printed = if kind == Kind::Interaction { hull(&list) } else { draws.mean(&list, LEVEL) };
        let method = printed.as_ref().map(|printed| printed.method);
        add(Role::Printed, printed);
        let never_drawn = u64::from(size.patients) < BOOTSTRAP_FROM || kind == Kind::Interaction;
        if size.each > 1 && never_drawn {
            add(Role::Unclustered, hull(&alone(&list)));
        } else if size.each > 1 && method == Some(Method::BootstrapWidened) && kind == Kind::Skewed {
            add(Role::Unclustered, draws.mean(&alone(&list), LEVEL));
        }
        let mut others = vec![hull(&list), cluster_t(&list, LEVEL), cluster_normal(&list, LEVEL)];
        if !never_drawn {
            let boot = Bootstrap::drawn(&list, draws.blocks(size.patients as usize), REPLICATES).unwrap();
            others.extend([boot.widened(LEVEL), boot.bca(LEVEL), boot.percentile(LEVEL)]);
        }
        for other in others.into_iter().flatten().filter(|other| Some(other.method) != method) {
            add(Role::Compared, Some(other));
        }
    }
    all
}

fn agreements(size: Size, stream: &Stream) -> Vec<Seen> {
    let mut all = Vec::new();
    for moves in [0.05, 0.1, 0.2, 0.4] {
        let truth = Moves(moves).kappa();
        let quantity = format!("weighted kappa of {truth:.2}");
        let pairs = size.places(Moves(moves), &mut stream.fork("moves", (moves * 100.0) as u64));
        all.extend(seen(&quantity, truth, Role::Printed, agreement(&pairs, LEVEL)));
        if size.each > 1 {
            let alone: Vec<_> = (0..).zip(&pairs).map(|(patient, &(_, one, other))| (patient, one, other)).collect();
            all.extend(seen(&quantity, truth, Role::Unclustered, agreement(&alone, LEVEL)));
        }
    }
    all
}

const DOSES: [f64; 5] = [0.5, 1.0, 2.0, 3.0, 6.0];
/// Rates at these doses: rising, and not.
const RATES: [(&str, [f64; 5]); 3] = [
    ("rise, from 2 to 30 %", [0.02, 0.04, 0.1, 0.15, 0.3]),
    ("rise, 10 % throughout", [0.1; 5]),
    ("rise, 3 % throughout", [0.03; 5]),
];
/// Shares right with the clean case, at these doses, and with the channel taken away.
const WORTHS: [(&str, [f64; 7]); 3] = [
    ("from 80 to 40 %", [0.8, 0.78, 0.75, 0.65, 0.6, 0.4, 0.3]),
    ("80 % throughout", [0.8, 0.8, 0.8, 0.8, 0.8, 0.8, 0.3]),
    ("from 97 to 90 %", [0.97, 0.97, 0.97, 0.96, 0.95, 0.9, 0.3]),
];

/// The rise over the doses, the area under rightness, and the dose at which half of the channel's worth is lost. Cases are taken
/// for patients in the first only: the method of the area is that of uptake, and the last is conservative by far.
fn responses(size: Size, stream: &Stream) -> Vec<Seen> {
    let (mut draws, mut all) = (Resampler::new(stream.fork("draws", 0)), Vec::new());
    for (place, (quantity, rates)) in (0..).zip(RATES) {
        let cases = size.doses(rates, &mut stream.fork("rates", place));
        let truth = theil_sen(&DOSES, &rates).unwrap() * (DOSES[4] - DOSES[0]);
        all.extend(seen(quantity, truth, Role::Printed, draws.rise(&cases, &DOSES, LEVEL)));
        if size.each > 1 {
            let alone: Vec<_> = (0..).zip(cases).map(|(patient, case)| AtDoses { patient, ..case }).collect();
            all.extend(seen(quantity, truth, Role::Unclustered, draws.rise(&alone, &DOSES, LEVEL)));
        }
    }
    for (place, (course, rights)) in (0..).zip(WORTHS) {
        let cases = size.doses(rights, &mut stream.fork("rights", place));
        all.extend(area(course, &rights, &cases));
        all.extend(half(course, &rights, &cases));
    }
    all
}

fn with_origin() -> Vec<f64> {
    core::iter::once(0.0).chain(DOSES).collect()
}

fn area(course: &str, rights: &[f64; 7], cases: &[AtDoses]) -> Option<Seen> {
    let weights = trapezoids(&with_origin()).unwrap();
    let mean = |values: &[f64]| weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<f64>();
    let pairs: Vec<_> = cases
        .iter()
        .map(|case| Paired { patient: case.patient, before: case.values[0], after: mean(&case.values).clamp(0.0, 1.0) })
        .collect();
    seen(&format!("area under rightness, {course}"), mean(rights) / rights[0], Role::Printed, ratio(&pairs, LEVEL))
}

fn half(course: &str, rights: &[f64; 7], cases: &[AtDoses]) -> Option<Seen> {
    let worth = |case: &AtDoses| Worth {
        patient: case.patient,
        clean: case.values[0],
        empty: case.values[6],
        treated: case.values[1..6].to_vec(),
    };
    let found = half_dose(&cases.iter().map(worth).collect::<Vec<_>>(), &DOSES, Some(0.0), LEVEL)?;
    let truth = down_to(rights[0].midpoint(rights[6]), &with_origin(), &rights[..6]).unwrap_or(f64::INFINITY);
    let interval = (found.after.unwrap_or(f64::NEG_INFINITY), found.by.unwrap_or(f64::INFINITY));
    let quantity = format!("dose of half the worth, {course}");
    Some(Seen { quantity, truth, role: Role::Printed, method: Method::Mover, interval: Some(interval) })
}

type Part = (&'static str, fn(Size, &Stream) -> Vec<Seen>, &'static [(u32, u32)]);

/// Everything that is looked at, with its patients × cases.
const PARTS: [Part; 8] = [
    ("Rates", rates, &[(20, 1), (20, 3), (40, 1), (40, 3), (100, 1), (100, 3), (240, 1), (240, 3)]),
    ("Differences of paired rates, and uptake", changes, &[(40, 1), (40, 3), (100, 1), (100, 3), (240, 1), (240, 3)]),
    ("Weighted kappa", agreements, &[(40, 1), (40, 3), (100, 1), (100, 3), (240, 1), (240, 3)]),
    ("Means with 20 to 39 patients", means, &[(20, 1), (20, 3), (24, 1), (24, 3), (30, 1), (30, 3), (39, 1), (39, 3)]),
    ("Means from 40 patients on", means, &[(40, 1), (40, 3), (100, 1), (100, 3), (240, 1)]),
    ("Differences of the rates of two groups", between, &[(60, 1), (60, 3), (100, 3), (240, 1), (240, 3)]),
    ("Dose response", responses, &[(40, 1), (40, 3), (100, 1), (100, 3), (240, 1), (240, 3)]),
    (
        "Numbers of a whole arm, not printed with these",
        withheld::of_arms,
        &[(40, 1), (40, 3), (100, 1), (240, 1), (240, 3)],
    ),
];

fn run(part: Part, sizes: usize, seeds: u64) -> Vec<Row> {
    let sizes = part.2.iter().take(sizes).map(|&(patients, each)| Size { patients, each });
    sizes.flat_map(|size| Experiment { size, of: part.1 }.run(seeds)).collect()
}

/// What of these rows is not as it should be.
fn wrong(rows: &[Row]) -> Vec<String> {
    let short = rows.iter().filter(|row| row.key.1 == Role::Printed && row.fails());
    let mut wrong: Vec<String> = short
        .map(|row| format!("{}: covers {:.2} % of {} times", row.name(), row.covered() * 100.0, row.count.1))
        .collect();
    let mut unnoticed: BTreeMap<Method, bool> = BTreeMap::new();
    for row in rows.iter().filter(|row| row.key.1 == Role::Unclustered) {
        *unnoticed.entry(row.key.2).or_insert(true) &= !row.fails();
    }
    let unnoticed = unnoticed.into_iter().filter(|(_, passes)| *passes);
    wrong.extend(unnoticed.map(|(method, _)| format!("{method}: cases taken for patients are not noticed")));
    wrong
}

fn document(parts: &[(&str, Vec<Row>)]) -> String {
    let mut out = HEAD.to_owned();
    for (title, rows) in parts {
        let _ = writeln!(out, "\n## {title}\n\n| of | patients × cases | method | | seeds | no interval | covers |");
        out.push_str("|---|--:|---|---|--:|--:|--:|\n");
        let mut rows: Vec<&Row> = rows.iter().collect();
        rows.sort_by(|a, b| a.key.0.cmp(&b.key.0));
        for row in rows {
            let role = match row.key.1 {
                Role::Printed => "printed",
                Role::Compared => "compared",
                Role::Unclustered => "cases taken for patients",
            };
            let (without, covered, mark) =
                (row.runs - row.count.1, row.covered() * 100.0, if row.fails() { " (too few)" } else { "" });
            let (quantity, method, size) = (&row.key.0, row.key.2, row.size.name());
            let _ = writeln!(
                out,
                "| {quantity} | {size} | {method} | {role} | {} | {without} | {covered:.2} %{mark} |",
                row.runs
            );
        }
    }
    let wrong: Vec<String> = parts.iter().flat_map(|(_, rows)| wrong(rows)).collect();
    out.push_str("\n## Printed intervals below 94 % by no more than chance explains\n\n");
    out.push_str(&below(parts));
    out.push_str("\n## What is not as it should be\n\n");
    let lines = wrong.iter().map(|line| format!("* {line}\n"));
    out.extend(if wrong.is_empty() { vec!["Nothing.\n".to_owned()] } else { lines.collect() });
    out
}

/// The printed rows that cover less than they should in this experiment, although chance explains it.
fn below(parts: &[(&str, Vec<Row>)]) -> String {
    let short = |row: &&Row| row.key.1 == Role::Printed && row.covered() < LEAST && !row.fails();
    let rows = parts.iter().flat_map(|(_, rows)| rows).filter(short);
    let lines: Vec<String> =
        rows.map(|row| format!("* {}: {:.2} % of {}\n", row.name(), row.covered() * 100.0, row.count.1)).collect();
    if lines.is_empty() { "None.\n".to_owned() } else { lines.concat() }
}

const HEAD: &str = "\
# Coverage: how often each interval contains the truth

Made by `cargo test -p bedside-stats --lib -- --ignored the_whole_coverage`; do not edit. The experiment is `coverage.rs`; a small version
of it runs with every test. `BEDSIDE_SEEDS` sets fewer seeds than 10,000.

Truths are planted and known exactly. Patients have one case or three; what is drawn for the cases of one patient correlates by 0.3.
*Printed* is what reports show: at least 94 % must contain the truth, and *too few* says that fewer do than chance explains in one
experiment of a thousand. *Compared* methods are printed nowhere, or beside the others. *Cases taken for patients* is the printed method
told that every case is a patient of its own: it must be found to cover too few. The share is of the seeds
whose data carry an interval; *no interval* counts the others, which are told from a wrong interval by having none: they neither cover
nor miss. They are many where hardly anything differs (weighted kappa near 1, rates of 3 % at every dose with 40 patients).
";

#[test]
fn printed_intervals_cover_and_take_patients_for_patients() {
    for (part, sizes, seeds) in [(0, 4, 1_000), (1, 2, 600), (2, 2, 1_000), (3, 2, 1_500), (4, 2, 250), (5, 3, 600)] {
        let rows = run(PARTS[part], sizes, seeds);
        assert_eq!(wrong(&rows), Vec::<String>::new(), "{}", PARTS[part].0);
    }
    let bootstrapped = run(("", skewed_means, &[(100, 3)]), 1, 600);
    assert_eq!(wrong(&bootstrapped), Vec::<String>::new());
    // Eight cases of a patient instead of three, so that few seeds are enough to notice.
    let graded = run(("", responses, &[(40, 1), (40, 8)]), 2, 250);
    assert_eq!(wrong(&graded), Vec::<String>::new());
}

#[test]
fn the_bootstrap_of_what_is_printed_without_an_interval_covers_too_little() {
    let rows = run(("", withheld::of_arms, &[(240, 1)]), 1, 40);
    let errors = rows.iter().filter(|row| row.key.0.starts_with("difference of calibration errors"));
    let covers = errors.map(Row::covered).fold(1.0, f64::min);
    assert!(covers < 0.8, "{covers}");
    assert!(rows.iter().all(|row| row.key.1 == Role::Compared));
}

/// The chance that the hull covers the mean of values that are 1, −1 or 0, given that there is an interval: every outcome
/// weighed by its probability.
fn covers_exactly(patients: u32, gain: f64, lose: f64) -> f64 {
    let (all, some) = (u64::from(patients), gain + lose);
    let outcomes = (0..=all).flat_map(|moved| (0..=moved).map(move |up| (moved, up)));
    let (mut covered, mut told) = (0.0, 0.0);
    for (moved, up) in outcomes {
        let weight = probability(moved, all, some) * probability(up, moved, gain / some);
        let value = |k: u64| if k < up { 1.0 } else { -f64::from(u8::from(k < moved)) };
        let list: Vec<_> = (0..patients).map(|patient| Observation { patient, value: value(patient.into()) }).collect();
        if let Some((low, high)) = cluster_skew_t(&list, LEVEL).unwrap().interval.filter(|_| weight > 1e-9) {
            told += weight;
            covered += weight * f64::from(u8::from((low..=high).contains(&(gain - lose))));
        }
    }
    covered / told
}

#[test]
fn means_of_few_events_are_covered_whenever_there_is_an_interval() {
    for patients in [20, 24, 30, 40, 60, 80] {
        for (gain, lose) in [(0.1, 0.02), (0.1, 0.1), (0.05, 0.05), (0.05, 0.01), (0.2, 0.02), (0.3, 0.05)] {
            let covers = covers_exactly(patients, gain, lose);
            assert!(covers > 0.955, "{patients} patients, {gain} and {lose}: {covers}");
        }
    }
}

#[test]
fn what_covers_too_little_is_noticed() {
    let row = |role, covered| Row {
        size: Size { patients: 40, each: 3 },
        key: ("a mean".into(), role, Method::ClusterT),
        runs: 10_000,
        count: (covered, 10_000),
    };
    assert_eq!(wrong(&[row(Role::Printed, 9_390), row(Role::Compared, 8_000), row(Role::Unclustered, 8_800)]).len(), 0);
    assert_eq!(wrong(&[row(Role::Printed, 9_300)]).len(), 1);
    assert_eq!(wrong(&[row(Role::Unclustered, 9_400)]).len(), 1);
}

#[test]
#[ignore = "takes minutes; writes COVERAGE.md"]
#[expect(clippy::disallowed_methods, reason = "the experiment writes its document")]
fn the_whole_coverage() {
    let seeds = std::env::var("BEDSIDE_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    let parts = PARTS.map(|part| (part.0, run(part, usize::MAX, seeds)));
    std::fs::write(concat!(env!("CARGO_MANIFEST_DIR"), "/COVERAGE.md"), document(&parts)).unwrap();
    let wrong: Vec<String> = parts.iter().flat_map(|(_, rows)| wrong(rows)).collect();
    assert!(wrong.is_empty(), "not as it should be:\n{}", wrong.join("\n"));
}
