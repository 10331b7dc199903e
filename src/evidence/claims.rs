//! Claims, their lines at every level, and the findings that could hurt a patient.

use bedside_reports::record::{self, Beside, Count, GroupCell, Harm, Less, LevelCell};

use super::front::oracle_basis;
use super::{Extras, estimate, interaction};
use crate::forecast::among_words;
use crate::metrics::values::Of;
use crate::plan::{Cell, Plan};
use crate::reliance::{self, interaction::Interaction};
use crate::scenario::{Basis, Expect, Scenario, Sweep};
use crate::sensitivity::{self, CellResult, Claim, Counted, Finding, Line, Number, Sensitivity, Standing, Verdict};
use crate::shift::{Run, Slots};
use crate::stats::{self, LevelRuling, Why};
use crate::words::percent;

/// One claim for the report. Of an unfinished run nothing is judged.
pub(super) fn claim(plan: &Plan, slots: &Slots, found: &Sensitivity, claim: &Claim, interim: bool) -> record::Claim {
    let Some(scenario) = plan.scenarios.get(claim.scenario) else { return empty() };
    let verdict = if interim { record::Verdict::NotTested } else { word(claim.verdict) };
    let is_crossed = matches!(scenario.sweep, Sweep::Factorial { .. });
    let crossed = is_crossed.then(|| crossed(plan, slots, found, claim.scenario)).flatten();
    let mut beside = beside(plan, found, claim.scenario);
    if is_crossed {
        beside.push(interaction::row(crossed.as_ref()));
    }
    let mut unfit: Vec<(String, u64)> = claim.unfit.iter().map(|(why, n)| (why.clone(), *n)).collect();
    unfit.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    record::Claim {
        id: scenario.id.clone(),
        text: scenario.claim.clone(),
        expect: expect(&scenario.expect).into(),
        gate: scenario.gate,
        hazard: hazard(scenario),
        verdict,
        why: if interim { "The plan is not complete.".into() } else { why(claim, found) },
        envelope: envelope(plan, claim).filter(|_| claim.is_judged() && !interim),
        holds_in_family: claim.holds_in_family.filter(|_| !interim),
        lines: claim.lines.iter().map(|l| line(plan, slots, claim, l, interim)).collect(),
        applied: Count { events: claim.applied, of: claim.selected },
        unfit,
        oracle_basis: oracle_basis(scenario).into(),
        references: scenario.references.clone(),
        beside,
        interaction: crossed.as_ref().map(interaction::of),
    }
}

fn empty() -> record::Claim {
    record::Claim {
        id: String::new(),
        text: String::new(),
        expect: String::new(),
        gate: false,
        hazard: None,
        verdict: record::Verdict::NotTested,
        why: String::new(),
        envelope: None,
        holds_in_family: None,
        lines: Vec::new(),
        applied: Count { events: 0, of: 0 },
        unfit: Vec::new(),
        oracle_basis: String::new(),
        references: Vec::new(),
        beside: Vec::new(),
        interaction: None,
    }
}

/// The hazard of a scenario with the scenario's own part in it.
fn hazard(scenario: &Scenario) -> Option<record::Hazard> {
    let hazard = scenario.hazard.as_ref()?;
    Some(record::Hazard {
        id: hazard.id.clone(),
        hazard: hazard.hazard.clone(),
        cause: scenario.cause.clone(),
        sequence: hazard.sequence.clone(),
        situation: hazard.situation.clone(),
        harm: hazard.harm.clone(),
        severity: hazard.severity.word().into(),
    })
}

pub(super) const fn word(verdict: Verdict) -> record::Verdict {
    match verdict {
        Verdict::Holds => record::Verdict::Holds,
        Verdict::Breaks => record::Verdict::Breaks,
        Verdict::Undecided(_) | Verdict::UseNotShown(_) => record::Verdict::Undecided,
        Verdict::Vacuous(_) => record::Verdict::Vacuous,
        Verdict::NotTested(_) => record::Verdict::NotTested,
        Verdict::Measured => record::Verdict::Measured,
    }
}

const fn expect(expect: &Expect) -> &'static str {
    match expect {
        Expect::Invariant => "invariant",
        Expect::Abstain => "abstain",
        Expect::Challenge => "challenge",
        Expect::MeasureOnly => "measure-only",
        Expect::Directional(_) => "directional",
    }
}

/// Why a claim came out as it did, in one sentence.
fn why(claim: &Claim, found: &Sensitivity) -> String {
    match claim.verdict {
        Verdict::Holds => "Every limit lies inside its bound.".into(),
        Verdict::Breaks => claim.lines.iter().find_map(breaking).unwrap_or_default(),
        Verdict::Undecided(why) => {
            let line = claim.lines.iter().find(|line| line.ruling.verdict == stats::Verdict::Undecided(why));
            line.map_or_else(String::new, |line| undecided(line, why))
        }
        Verdict::Vacuous(channel) => {
            let excess = found.channels.get(&channel).and_then(|used| used.excess.as_ref());
            let by = excess.map_or(String::new(), |e| format!(" (by {})", percent(round(e.point))));
            format!(
                "The strongest edit of the {} does not move the model beyond the sham{by}: unaffected because unused.",
                channel.name()
            )
        }
        Verdict::UseNotShown(channel) if !found.channels.contains_key(&channel) => {
            format!("No positive control was asked: what does not move may be the {} not being used.", channel.name())
        }
        Verdict::UseNotShown(channel) => {
            let excess = found.channels.get(&channel).and_then(|used| used.excess.as_ref());
            let by = excess.map_or(String::new(), |e| {
                let interval = e.interval.map_or(String::new(), |(lower, upper)| {
                    format!(", {} to {}", percent(round(lower)), percent(round(upper)))
                });
                format!(": {} beyond the sham{interval}, {} patients", percent(round(e.point)), e.patients)
            });
            format!("Too few patients to show whether the {} is used at all{by}.", channel.name())
        }
        Verdict::NotTested(Standing::Misaligned) => {
            "Alignment doubtful: the two versions agree no better than those of random pairs of cases.".into()
        }
        Verdict::NotTested(Standing::NotRepeated) => {
            "The control was asked only once, so its steadiness is not known.".into()
        }
        Verdict::NotTested(Standing::NoCase) => "No case could be exposed.".into(),
        Verdict::NotTested(Standing::Unreadable) => {
            let share = found.control.readable.unwrap_or_default();
            format!("Only {} of the control's answers can be read, so nothing can be judged.", percent(round(share)))
        }
        Verdict::NotTested(Standing::NoPositiveControl(channel)) => {
            format!("The positive control of the {} could not be run.", channel.name())
        }
        Verdict::Measured => "Measured; nothing is claimed.".into(),
    }
}

fn round(share: f64) -> f64 {
    (crate::words::settled(share) * 1000.0).round() / 1000.0
}

fn breaking(line: &Line) -> Option<String> {
    if line.ruling.verdict != stats::Verdict::Breaks {
        return None;
    }
    let (lower, upper) = line.limits(line.ruling.level?)?;
    let (side, limit) = if line.accept.at_most { ("above", lower) } else { ("below", upper) };
    Some(format!(
        "At least at one level even the favourable limit ({}) is {side} the bound of {}.",
        percent(round(limit)),
        percent(line.accept.bound)
    ))
}

fn undecided(line: &Line, why: Why) -> String {
    match why {
        Why::TooFewPatients => {
            let patients = line.ruling.deciding().and_then(|level| level.observed.as_ref());
            let patients = patients.map_or(0, |rate| rate.estimate.patients);
            format!("Too few patients: {patients}; at least {} are needed.", stats::LEAST_PATIENTS)
        }
        Why::FloorNotMeasured => "The control was not repeated, so the model's own unrest is not known.".into(),
        Why::Unsteady => "Beyond the bound, but the model's own unrest alone exceeds half of it.".into(),
        Why::Missing => "Missing answers could decide it either way.".into(),
        Why::Power => line.ruling.needed(line.bound()).filter(|_| !line.accept.net).map_or_else(
            || "The interval lies across the bound.".into(),
            |size| {
                format!(
                    "The interval lies across the bound; about {} patients would settle it if the true rate is {}.",
                    size.patients,
                    percent(round(size.if_rate))
                )
            },
        ),
    }
}

/// The largest position up to which every line that is claimed over a sweep holds, in words.
fn envelope(plan: &Plan, claim: &Claim) -> Option<String> {
    let position = |cell: &usize| plan.cells.get(*cell).and_then(|cell| cell.position);
    let swept = claim.lines.iter().filter(|line| line.cells.iter().filter_map(position).count() > 1);
    let places: Vec<Option<usize>> = swept.map(|line| line.envelope).collect();
    if places.is_empty() {
        return None;
    }
    let least = places.iter().copied().collect::<Option<Vec<usize>>>().and_then(|list| list.into_iter().min());
    let Some(least) = least else { return Some("none".into()) };
    let cell = claim.lines.first()?.cells.get(least)?;
    Some(format!("≤ {}", plan.cells.get(*cell)?.label))
}

fn line(plan: &Plan, slots: &Slots, claim: &Claim, line: &Line, interim: bool) -> record::Line {
    let verdict = match line.ruling.verdict {
        _ if interim => record::Verdict::NotTested,
        stats::Verdict::Holds => record::Verdict::Holds,
        stats::Verdict::Breaks => record::Verdict::Breaks,
        stats::Verdict::Undecided(_) => record::Verdict::Undecided,
    };
    // A line of a vacuous or untested claim has no verdict of its own.
    let verdict = match claim.verdict {
        _ if interim => verdict,
        Verdict::Vacuous(_) => record::Verdict::Vacuous,
        Verdict::NotTested(_) => record::Verdict::NotTested,
        Verdict::UseNotShown(_) if verdict != record::Verdict::NotTested => record::Verdict::Undecided,
        _ => verdict,
    };
    let deciding = line.ruling.level.unwrap_or(0);
    let cell = |place: usize| line.cells.get(place).and_then(|cell| plan.cells.get(*cell));
    let levels = line.ruling.levels.iter().enumerate();
    record::Line {
        metric: line.metric.id.into(),
        title: title(line),
        bound: line.accept.bound,
        at_most: line.accept.at_most,
        because: line.accept.because.clone(),
        verdict,
        why: line_why(line, verdict),
        estimate: net_at(line, deciding).or_else(|| line.ruling.levels.get(deciding).and_then(observed)),
        at: cell(deciding).map(|cell| cell.label.clone()).unwrap_or_default(),
        retest: line.retest.get(deciding).copied().flatten().map(counted),
        sham: line.sham.get(deciding).copied().flatten().map(counted),
        missing: line.ruling.levels.get(deciding).map_or(0, |level| level.failed),
        levels: levels.map(|(place, level)| level_cell(cell(place), level)).collect(),
        groups: groups(plan, slots, line, deciding),
    }
}

fn net_at(line: &Line, place: usize) -> Option<record::Estimate> {
    line.net.get(place)?.observed.as_ref().map(estimate)
}

fn line_why(line: &Line, verdict: record::Verdict) -> String {
    match (verdict, line.ruling.verdict) {
        (record::Verdict::Undecided, stats::Verdict::Undecided(why)) => undecided(line, why),
        (record::Verdict::Breaks, _) => breaking(line).unwrap_or_default(),
        (record::Verdict::Holds, _) => "The unfavourable limit lies inside the bound wherever it applies.".into(),
        _ => String::new(),
    }
}

pub(super) fn title(line: &Line) -> String {
    let among = line.accept.among.as_ref().map(|among| format!(", among {}", among_words(among)));
    let on = match (line.accept.on, line.metric.treated.is_some()) {
        (Basis::Treated, true) => ", treated arm",
        (Basis::Retest, _) => ", from the control's first repeat to its second",
        _ => "",
    };
    let net = if line.accept.net { ", net of the floor" } else { "" };
    format!("{}{}{on}{net}", line.metric.title, among.unwrap_or_default())
}

fn observed(level: &LevelRuling) -> Option<record::Estimate> {
    level.observed.as_ref().map(|rate| estimate(&rate.estimate))
}

const fn counted(counted: Counted) -> Count {
    Count { events: counted.events, of: counted.of }
}

fn level_cell(cell: Option<&Cell>, level: &LevelRuling) -> LevelCell {
    LevelCell {
        at: cell.map(|cell| cell.label.clone()).unwrap_or_default(),
        judged: level.judged,
        estimate: observed(level),
        missing: level.failed,
    }
}

/// The deciding level by the cohort's own groups; one below 30 cases is too small to say.
fn groups(plan: &Plan, slots: &Slots, line: &Line, deciding: usize) -> Vec<GroupCell> {
    let Some(cell) = line.cells.get(deciding).and_then(|cell| plan.cells.get(*cell)) else { return Vec::new() };
    let group = |group: sensitivity::Group| GroupCell {
        stratum: group.stratum,
        group: group.name,
        n: group.n,
        estimate: group.rate.as_ref().map(estimate),
        less: group.less.map(|(than, less)| Less { than, estimate: estimate(&less) }),
    };
    sensitivity::by_group(plan, slots, cell, &line.accept, line.metric).into_iter().map(group).collect()
}

/// Numbers that stand beside the judged ones.
fn beside(plan: &Plan, found: &Sensitivity, index: usize) -> Vec<Beside> {
    let mut list = Vec::new();
    let cells = plan.cells.iter().zip(&found.cells).zip(&found.numbers);
    let is_shown = |cell: &Cell| cell.scenario == index && !cell.is_coalition();
    for ((cell, result), numbers) in cells.filter(|((cell, _), _)| is_shown(cell)) {
        if cell.treatment == Plan::CONTROL {
            list.extend(repeated(cell, found));
            continue;
        }
        list.extend(of_cell(cell, result));
        list.extend(numbers.iter().map(|one| number(cell, one)));
    }
    list
}

/// The interaction of a factorial; near chance is what naming the commonest diagnosis gives.
fn crossed(plan: &Plan, slots: &Slots, found: &Sensitivity, index: usize) -> Option<Interaction> {
    reliance::interaction::of_scenario(&Run::of(plan, slots), index, Some(1.0 - found.control.majority))
}

/// Where nothing is done there is nothing but the floor: all pairs of repeats.
fn repeated(cell: &Cell, found: &Sensitivity) -> Option<Beside> {
    let floor = found.control.floor.as_ref()?;
    let title = "flips between repeats of the control, all cases".into();
    Some(Beside { title, at: cell.label.clone(), estimate: Some(estimate(floor)), note: String::new() })
}

fn of_cell(cell: &Cell, result: &CellResult) -> Vec<Beside> {
    let row = |title: &str, value: Option<&stats::Estimate>, note: String| {
        value.map(|value| Beside { title: title.into(), at: cell.label.clone(), estimate: Some(estimate(value)), note })
    };
    let accuracy = result.accuracy.as_ref();
    let aligned = result.aligned.map_or(String::new(), |(landed, of)| {
        format!("{landed} of {of} right answers that turned wrong landed on the planted one.")
    });
    let energy = result.energy.map_or_else(
        || "Energy form: not measured (no draw is repeated).".into(),
        |energy| format!("Energy form: {}.", percent(round(energy))),
    );
    [
        row("flips, gross", result.gross.as_ref(), withdrawn(result.withdrawn)),
        row("flips, net of the floor", result.net.as_ref(), energy),
        row("flips beyond the sham", result.sham_excess.as_ref(), String::new()),
        row("accuracy, treated less control", accuracy.and_then(|a| a.difference.as_ref()), String::new()),
        row("uptake of the planted diagnosis", result.uptake.as_ref(), aligned),
        row("adoption beyond control", result.adoption_excess.as_ref(), String::new()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Flips that are no change of diagnosis, in words; nothing where there is none.
fn withdrawn([abstains, commits, lost, found]: [u64; 4]) -> String {
    let parts = [
        (abstains, "to abstaining"),
        (commits, "from abstaining"),
        (lost, "to an unusable answer"),
        (found, "from an unusable answer"),
    ];
    let parts: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, how)| format!("{n} {how}")).collect();
    if parts.is_empty() { String::new() } else { format!("Of the first pairs: {}.", parts.join(", ")) }
}

/// A metric that is a number, with what it is made of.
fn number(cell: &Cell, number: &Number) -> Beside {
    let how = match (number.metric.of, number.has_floor) {
        (Of::Pair(_), true) => ", net of the floor",
        (Of::Pair(_), false) => ", floor not measured",
        (Of::Answer(_) | Of::Stated(_), _) => ", treated less control",
        (Of::Agreement(_), _) => "",
    };
    let mut parts: Vec<String> =
        number.beside.iter().map(|(name, value)| format!("{name} {}", percent(round(*value)))).collect();
    if let Of::Stated(_) = number.metric.of {
        parts.push(stats::Method::NoInterval.name().into());
    }
    Beside {
        title: format!("{}{how}", number.metric.title),
        at: cell.label.clone(),
        estimate: Some(estimate(&number.estimate)),
        note: parts.join(", "),
    }
}

/// The worst findings that could hurt a patient.
pub(super) fn harms(plan: &Plan, found: &Sensitivity, extras: &Extras) -> Vec<Harm> {
    let again = extras.came_again.iter().copied().chain(core::iter::repeat(None));
    found.worst.iter().zip(again).filter_map(|(finding, again)| harm(plan, found, extras, *finding, again)).collect()
}

fn harm(plan: &Plan, found: &Sensitivity, extras: &Extras, finding: Finding, confirmed: Option<bool>) -> Option<Harm> {
    let claim = found.claims.get(finding.claim)?;
    let (scenario, line) = (plan.scenarios.get(claim.scenario)?, claim.lines.get(finding.line)?);
    let rate = line.ruling.levels.get(finding.level)?.observed.as_ref()?;
    let at = line.cells.get(finding.level).and_then(|cell| plan.cells.get(*cell)).map(|cell| cell.label.as_str());
    let among = line.accept.among.as_ref().map(|among| format!(" {}", among_words(among))).unwrap_or_default();
    let case = &plan.cases.get(finding.case)?.id;
    let example = extras.examples.iter().find(|example| example.scenario == scenario.id && example.case == *case);
    Some(Harm {
        scenario: scenario.id.clone(),
        sentence: format!(
            "{}: {} of {}{among} cases {} ({})",
            scenario.claim.trim_end_matches('.'),
            crate::words::trim(rate.estimate.events?, 1),
            rate.estimate.n,
            line.metric.title,
            at.unwrap_or_default()
        ),
        estimate: estimate(&rate.estimate),
        bound: Some(line.accept.bound),
        retest: line.retest.get(finding.level).copied().flatten().map(counted),
        sham: line.sham.get(finding.level).copied().flatten().map(counted),
        confirmed,
        hazard: hazard(scenario),
        example: example.map(|example| example.id.clone()),
    })
}

#[cfg(test)]
mod tests {
    use crate::evidence::{Extras, Tally, record};
    use crate::sensitivity::tests::{POSITIVE, Run, SHAM, accept, thirty};

    fn first(run: &Run, planned: u64) -> bedside_reports::record::Claim {
        let tally = Tally { planned, settled: 1, ..Tally::default() };
        record(&run.plan, &run.slots, &run.measure(), Extras { tally, ..Extras::default() }).claims.swap_remove(0)
    }

    #[test]
    fn an_envelope_is_a_verdict_and_needs_one() {
        let run = || thirty(&[accept("flip", 0.12)]);
        let used = run().with_channel_in_use();
        assert_eq!(first(&used, 1).envelope.as_deref(), Some("≤ L2"));
        assert_eq!(first(&used, 2).envelope, None, "interim");
        let unused = run().all(SHAM, "m").all(POSITIVE, "m");
        let claim = first(&unused, 1);
        assert_eq!((claim.verdict, claim.envelope), (bedside_reports::record::Verdict::Vacuous, None));
        assert_eq!(first(&unused, 2).lines[0].verdict, bedside_reports::record::Verdict::NotTested);
    }

    #[test]
    fn the_reason_of_a_break_names_the_limit_that_lost_answers_leave() {
        let run = thirty(&[accept("flip", 0.12)]).with_channel_in_use().all(3, "l");
        let whole = first(&run, 1).why;
        let lost = (0..4).fold(run, |run, case| run.one(case, 3, "x"));
        let claim = first(&lost, 1);
        assert_eq!(claim.verdict, bedside_reports::record::Verdict::Breaks);
        // 26 of 30 when the lost count for the model: 69.3 %, and not the 86.8 % of 26 of 26.
        assert!(claim.why.contains("(69.3 %)"), "{whole} | {}", claim.why);
    }
}
