//! The full experiment, and its document.

use core::fmt::Write as _;
use std::collections::BTreeSet;

use super::{COVERAGE, Design, EFFECTS, Tally, Verdicts, at_bound, beyond, experiment, keeps, promised, unclustered};
use crate::stats::cumulative;

const SIZES: [(u32, u32); 6] = [(40, 1), (40, 3), (100, 1), (100, 3), (240, 1), (240, 3)];
const BOUNDS: [f64; 2] = [0.05, 0.10];
/// Seeds of every design at the bound; of the others a quarter of them.
const SEEDS: u64 = 10_000;
const FEWER: u64 = SEEDS / 4;
const UNREST: f64 = 0.1;

/// The designs of the whole experiment with their tallies.
struct Whole {
    steady: Vec<(Design, Tally)>,
    unsteady: Vec<(Design, Tally)>,
    unclustered: Vec<(Design, Tally)>,
    effects: Vec<(Design, Tally)>,
}

/// Runs everything and writes `CALIBRATION.md`; panics afterwards if anything is not as it should be.
#[expect(clippy::disallowed_methods, reason = "the experiment writes its document")]
pub(super) fn write() {
    let seeds = std::env::var("BEDSIDE_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(SEEDS);
    let fewer = seeds.min(FEWER);
    let many = |designs: Vec<Design>, seeds| designs.into_iter().map(|d| (d, divided(d, seeds))).collect();
    let steady = at_bound(&SIZES, &BOUNDS, 0.0);
    let crowded = steady.iter().copied().filter(|design| design.each > 1).map(unclustered).collect();
    let effects = SIZES.iter().flat_map(|&(patients, each)| {
        BOUNDS.iter().flat_map(move |bound| EFFECTS.map(move |effect| beyond(patients, each, *bound, effect)))
    });
    let whole = Whole {
        steady: many(steady, seeds),
        unsteady: many(at_bound(&SIZES, &BOUNDS, UNREST), seeds),
        unclustered: many(crowded, fewer),
        effects: many(effects.collect(), fewer),
    };
    let (text, wrong) = whole.document();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/CALIBRATION.md");
    std::fs::write(path, text).unwrap();
    assert!(wrong.is_empty(), "not as it should be:\n{}", wrong.join("\n"));
}

/// The experiment on two threads: the seeds are independent, so that a sum of parts is the whole.
#[expect(clippy::disallowed_methods, reason = "a long experiment uses both cores")]
fn divided(design: Design, seeds: u64) -> Tally {
    let half = seeds / 2;
    std::thread::scope(|scope| {
        let first = scope.spawn(move || experiment(design, 0..half));
        let second = experiment(design, half..seeds);
        first.join().unwrap().join(second)
    })
}

impl Whole {
    /// The document, and what in it is not as it should be.
    fn document(&self) -> (String, Vec<String>) {
        let (mut out, mut wrong) = (HEAD.to_owned(), Vec::new());
        let runs = |list: &[(Design, Tally)]| list.first().map_or(0, |(_, tally)| tally.runs);
        let (seeds, fewer) = (runs(&self.steady), runs(&self.effects));
        let _ = writeln!(
            out,
            "\nThese tables: {seeds} seeds for every design at the bound, {fewer} for the others. The default is {SEEDS} and {FEWER}; \
             `BEDSIDE_SEEDS` sets fewer."
        );
        out.push_str("\n## The true rate exactly at the bound\n\n");
        self.at_the_bound(&mut out, &mut wrong);
        out.push_str("\n## Cases taken for patients: the same test must fail\n\n");
        out.push_str(UNCLUSTERED);
        self.taken_for_patients(&mut out, &mut wrong);
        out.push_str("\n## How often the 95 % intervals cover the truth\n\n");
        out.push_str(COVERING);
        self.covering(&mut out, &mut wrong);
        out.push_str("\n## Effects beyond the bound: found as often as the plan promised\n\n");
        out.push_str(FOUND);
        self.found(&mut out, &mut wrong);
        out.push_str("\n## What these tables do not cover\n\n");
        out.push_str(UNCOVERED);
        out.push_str("\n## What is not as it should be\n\n");
        for line in &wrong {
            let _ = writeln!(out, "* {line}");
        }
        if wrong.is_empty() {
            out.push_str("Nothing: every check above passed.\n");
        }
        (out, wrong)
    }

    fn at_the_bound(&self, out: &mut String, wrong: &mut Vec<String>) {
        out.push_str(
            "| patients × cases | bound | model | judged on | runs | false holds | false breaks | undecided: unsteady \
             | undecided: too few |\n|---|--:|---|---|--:|--:|--:|--:|--:|\n",
        );
        for (design, tally) in self.steady.iter().chain(&self.unsteady) {
            for (on, verdicts) in [("gross", tally.gross), ("net", tally.net)] {
                let excused = on == "gross" && design.unrest > 0.0;
                let fine = verdicts.within_error(tally.runs) && (!excused || verdicts.is_excused(*design));
                if !fine {
                    wrong.push(format!("{}, {on}: {verdicts:?} of {} runs", named(*design), tally.runs));
                }
                row(out, *design, on, verdicts, tally.runs);
            }
        }
    }

    fn taken_for_patients(&self, out: &mut String, wrong: &mut Vec<String>) {
        out.push_str(
            "| patients × cases | bound | runs | false holds | false breaks | the test |\n|---|--:|--:|--:|--:|---|\n",
        );
        for (design, tally) in &self.unclustered {
            let (verdicts, runs) = (tally.gross, tally.runs);
            let fails = !verdicts.within_error(runs);
            if !fails {
                wrong.push(format!("{}: unclustered, and the test does not notice in {runs} runs", named(*design)));
            }
            let (holds, breaks) = (percent(verdicts.holds, runs), percent(verdicts.breaks, runs));
            let word = if fails { "fails, as it must" } else { "passes" };
            let _ = writeln!(out, "| {} | {holds} | {breaks} | {word} |", sized(*design, runs));
        }
    }

    fn covering(&self, out: &mut String, wrong: &mut Vec<String>) {
        let all = self.steady.iter().chain(&self.unsteady).flat_map(|(_, tally)| tally.covered.keys().copied());
        let names: BTreeSet<&str> = all.collect();
        let names: Vec<&str> = names.into_iter().collect();
        let _ = writeln!(out, "| patients × cases | bound | model | {} |", names.join(" | "));
        let _ = writeln!(out, "|---|--:|---|{}", "--:|".repeat(names.len()));
        for (design, tally) in self.steady.iter().chain(&self.unsteady) {
            let share = |name: &&str| match tally.covered.get(*name) {
                Some((covered, of)) if *of < tally.runs => format!("{} of {of}", percent(*covered, *of)),
                Some((covered, of)) => percent(*covered, *of),
                None => "–".into(),
            };
            let cells: Vec<String> = names.iter().map(share).collect();
            let _ = writeln!(out, "| {} | {} | {} |", size(*design), model(*design), cells.join(" | "));
            wrong.extend(tally.uncovered().into_iter().map(|name| {
                format!("{}, {name}: intervals cover less often than {} %", named(*design), COVERAGE * 100.0)
            }));
        }
    }

    fn found(&self, out: &mut String, wrong: &mut Vec<String>) {
        out.push_str(
            "| patients × cases | bound | effect, points | runs | promised | found | kept |\n|---|--:|--:|--:|--:|--:|---|\n",
        );
        for (design, tally) in &self.effects {
            let kept = keeps(*design, tally.gross.breaks, tally.runs);
            if !kept {
                let (found, of) = (tally.gross.breaks, tally.runs);
                wrong.push(format!("{}, rate {}: found in {found} of {of}", named(*design), design.rate));
            }
            let effect = (design.rate - design.bound) * 100.0;
            let (promised, found) = (promised(*design) * 100.0, percent(tally.gross.breaks, tally.runs));
            let size = size(*design);
            let kept = if kept { "yes" } else { "no" };
            let _ = writeln!(out, "| {size} | {effect:.0} | {} | {promised:.1} % | {found} | {kept} |", tally.runs);
        }
    }
}

fn row(out: &mut String, design: Design, on: &str, verdicts: Verdicts, runs: u64) {
    let of = |count| percent(count, runs);
    let _ = writeln!(
        out,
        "| {} | {} | {on} | {runs} | {} | {} | {} | {} |",
        size(design),
        model(design),
        of(verdicts.holds),
        of(verdicts.breaks),
        of(verdicts.unsteady),
        of(verdicts.power)
    );
}

fn percent(part: u64, whole: u64) -> String {
    format!("{:.2} %", part as f64 / whole as f64 * 100.0)
}

fn size(design: Design) -> String {
    format!("{} × {} | {:.0} %", design.patients, design.each, design.bound * 100.0)
}

fn sized(design: Design, runs: u64) -> String {
    format!("{} | {runs}", size(design))
}

fn model(design: Design) -> &'static str {
    if design.unrest > 0.0 { "10 % unsteady" } else { "steady" }
}

fn named(design: Design) -> String {
    format!("{} × {}, bound {}, {}", design.patients, design.each, design.bound, model(design))
}

const HEAD: &str = "\
# Calibration: how often Bedside's verdicts are wrong

Made by `cargo test --lib -- --ignored --nocapture the_whole_calibration`; do not edit. The experiment is `src/calibration.rs`; a small
version of it runs with every test.

Models are planted whose true rate is known exactly. Their answers are put where the answers of a run stand, and everything from there
on is the code that judges runs: shift, sensitivity, verdict. Patients have one case or three; the events of one patient's cases
correlate by 0.3. Every case is asked three times unchanged, once under a sham, once under a positive control and once treated. A
*10 % unsteady* model lets every single answer deviate with chance 10 %, so two repeats differ in 18 % of cases; its rate of flips net
of that floor is planted at the bound. Its gross flips lie beyond the bound whatever the treatment does, so on gross the only right
verdict is *undecided (unsteady)*. With 100 patients or more no run may hold or break there. With 40 patients two other things happen
by chance, and are only held to the 2.5 %: too few patients to show that even the gross rate is beyond (*too few*), and, where one case
each leaves 120 pairs of repeats, a floor seen at less than half the bound, which no longer excuses a break.

A verdict is **false** when it says *holds* or *breaks* of a rate exactly at the bound. Each of the two is allowed in 2.5 % of runs; a
count is called too large when chance alone would make it so in fewer than one experiment of a thousand. The methods behind these
verdicts (Clopper–Pearson on the patient-adjusted number, and differences by MOVER on its limits) are conservative by construction, so no
lower limit is set to their errors.
";

const UNCLUSTERED: &str = "\
The same answers, but every case is said to be a patient of its own. An experiment that could not tell the difference would say nothing
about the method.

";

const COVERING: &str = "\
Flips and floor: Clopper–Pearson, patient-adjusted. Net of the floor, beyond the sham, difference of accuracies: MOVER. Uptake of the
planted diagnosis: MOVER-R. At least 94 % is asked of each. The means are those of a change of the stated probability that is skewed
(0.4·u³ for a uniform u, alike within patients as the events are); the methods called *not used* are there for comparison. With 40
patients they cover less often than the printed one, with 240 about as often. Chance alone moves a share of 2,000 runs by one point
either way, so smaller differences between the columns say nothing.

";

const UNCOVERED: &str = "\
Nothing above is said of the following, and no verdict rests on the first, the third or the fourth of them.

* **Means where fewer than 100 patients differ, and interactions.** They are printed with another interval than the bootstrap of the
  table; `stats/COVERAGE.md` has its coverage, over 10,000 seeds for every design, and that of every other interval.
* **A floor that differs between patients.** Here every answer of an unsteady model deviates independently. Patients whose answers are
  all steady or all unsteady make a clustered floor, which was not planted.
* **Uptake where control answers name the planted diagnosis already** (P₀ > 0). In the steady model none does.
* **Numbers of a whole arm.** `stats/COVERAGE.md` has the interval of weighted kappa, and beside it how often the percentiles of the
  patient bootstrap cover differences of calibration errors and of risk–coverage areas. Those are printed without an interval.
* **Other designs**: more than three cases of a patient, a correlation other than 0.3, fewer than 40 patients.
";

const FOUND: &str = "\
*Promised* is the chance to break that `bedside plan` prints for a true rate so many points beyond the bound, for one case of each patient;
*found* is how often the claim broke. With three cases of each patient the plan promises as if they said no more than one, so more
may be found.

";

/// The lower side of a promise is what [`keeps`] looks at; kept here so that both sides stand in one place.
#[test]
fn a_promise_is_missed_by_too_few_and_by_too_many() {
    let design = beyond(100, 1, 0.1, 0.1);
    let promised = promised(design);
    assert!(cumulative(0, 100, promised) < super::RARE && !keeps(design, 0, 100) && !keeps(design, 100, 100));
}
