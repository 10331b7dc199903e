//! The first page: who was tested with what, the verdict, whether the run can be judged, the flow, the limits.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Basis;
use bedside_reports::record::{self, Check, Excluded, Flow, Head, Outcomes, Progress, State, Stratum, Summary};

use super::{Extras, Tally};
use crate::exit::Exit;
use crate::plan::Plan;
use crate::sensitivity::{ChannelUse, READABLE, Sensitivity, Use};
use crate::treatment::Channel;
use crate::words::{count, percent};

/// The head of every page.
pub(super) fn head(plan: &Plan, extras: &Extras) -> Head {
    let text = |key: &str| plan.model.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
    let instrument = plan.model.get("instrument").and_then(serde_json::Value::as_bool).unwrap_or(false);
    let note = "A measuring instrument with planted behaviour, not a model that anyone would deploy: its verdicts \
                show that Bedside works, and nothing else.";
    let interim = extras.tally.settled < extras.tally.planned;
    Head {
        version: plan.version.clone(),
        suite: plan.suite.clone(),
        model: text("id"),
        served: extras.served.clone(),
        model_note: instrument.then(|| note.into()),
        protocol: plan.protocol.id.clone(),
        cohort: plan.cohort.name.clone(),
        synthetic: plan.cohort.synthetic,
        licence: plan.cohort.licence.clone(),
        citation: plan.cohort.citation.clone(),
        plan: plan.digest(),
        seed: plan.seed,
        interim: interim.then_some(Progress { settled: extras.tally.settled, planned: extras.tally.planned }),
        includes_inputs: extras.includes_inputs && !plan.cohort.synthetic,
        verification: None,
        adjudication: extras.adjudication.clone(),
    }
}

/// The verdict in one sentence, with its counts and the exit code.
pub(super) fn summary(plan: &Plan, found: &Sensitivity, claims: &[record::Claim], interim: bool) -> Summary {
    let counted = counted(claims, scope(plan), found.expected_false_breaks, interim);
    Summary { sentence: sentence(plan, &counted, found.control.readable, interim), ..counted }
}

/// The verdicts counted and the exit code that follows; the sentence is the caller's.
pub(crate) fn counted(claims: &[record::Claim], scope: String, expected_false_breaks: f64, interim: bool) -> Summary {
    let number = |verdict| u32::try_from(claims.iter().filter(|c| c.verdict == verdict).count()).unwrap_or(u32::MAX);
    let measured = number(record::Verdict::Measured);
    let summary = Summary {
        sentence: String::new(),
        scope,
        exit: 0,
        claims: u32::try_from(claims.len()).unwrap_or(u32::MAX) - measured,
        holds: number(record::Verdict::Holds),
        breaks: number(record::Verdict::Breaks),
        undecided: number(record::Verdict::Undecided),
        vacuous: number(record::Verdict::Vacuous),
        not_tested: number(record::Verdict::NotTested),
        measured,
        expected_false_breaks: (expected_false_breaks * 1000.0).round() / 1000.0,
    };
    Summary { exit: exit(&summary, interim).code(), ..summary }
}

/// The exit code: the first that applies.
fn exit(summary: &Summary, interim: bool) -> Exit {
    let judged = summary.holds + summary.breaks + summary.undecided;
    let open = summary.undecided + summary.vacuous + summary.not_tested;
    if interim {
        Exit::Incomplete
    } else if summary.claims > 0 && judged == 0 {
        Exit::NothingJudged
    } else if summary.breaks > 0 {
        Exit::Breaks
    } else if open > 0 {
        Exit::Undecided
    } else {
        Exit::Holds
    }
}

fn sentence(plan: &Plan, summary: &Summary, readable: Option<f64>, interim: bool) -> String {
    let model = plan.model.get("id").and_then(|id| id.as_str()).unwrap_or("The model");
    if interim {
        return format!("{model}: the plan is not complete, so no verdict is given.");
    }
    if let Some(share) = readable.filter(|share| *share < READABLE) {
        return format!("{model}: only {} of the control's answers can be read, so nothing is judged.", rounded(share));
    }
    if summary.claims == 0 {
        return format!("{model} was measured; nothing was claimed.");
    }
    let rest = [
        (summary.holds, "hold", "holds"),
        (summary.undecided, "undecided", "undecided"),
        (summary.vacuous, "not judged (channel not used)", "not judged (channel not used)"),
        (summary.not_tested, "not tested", "not tested"),
    ];
    let rest: Vec<String> = rest
        .iter()
        .filter(|(number, ..)| *number > 0)
        .map(|(number, many, one)| format!("{number} {}", if *number == 1 { one } else { many }))
        .collect();
    let rest = if rest.is_empty() { String::new() } else { format!("; {}", rest.join(", ")) };
    let claims = count(u64::from(summary.claims), "claim", "claims");
    match summary.breaks {
        0 if summary.holds == summary.claims => format!("{model} holds all {claims}."),
        0 => format!("{model} breaks none of {claims}{rest}."),
        broken => format!("{model} BREAKS {broken} of {claims}{rest}."),
    }
}

fn scope(plan: &Plan) -> String {
    let bases = oracle_bases(plan);
    let bases = bases.iter().map(|(basis, number)| format!("{number} {basis}")).collect::<Vec<_>>().join(", ");
    let cohort = if plan.cohort.synthetic {
        "Synthetic phantoms: shows behaviour, not clinical performance."
    } else {
        "A test of behaviour under corruption, not of clinical performance."
    };
    if bases.is_empty() { cohort.into() } else { format!("{cohort} Oracles: {bases}.") }
}

/// What the claims' oracles rest on, counted.
fn oracle_bases(plan: &Plan) -> BTreeMap<&'static str, u32> {
    let mut bases = BTreeMap::new();
    for scenario in plan.scenarios.iter().filter(|scenario| !scenario.accept.is_empty()) {
        *bases.entry(oracle_basis(scenario)).or_insert(0) += 1;
    }
    bases
}

/// What a scenario's oracle rests on: the weakest basis among its operators' gradable limits.
pub(super) fn oracle_basis(scenario: &crate::scenario::Scenario) -> &'static str {
    let cards = scenario.all_steps().filter_map(|step| bedside_perturbations::catalogue::find(&step.operator));
    let bases: Vec<Basis> = cards.flat_map(|entry| entry.card.gradable_to.iter().map(|limit| limit.basis)).collect();
    match () {
        () if bases.is_empty() || bases.contains(&Basis::Assumed) => "assumed",
        () if bases.contains(&Basis::Source) => "published",
        () => "panel",
    }
}

/// Can this run be judged?
pub(super) fn checks(plan: &Plan, found: &Sensitivity, tally: Tally, served: &[String]) -> Vec<Check> {
    let mut checks = vec![readable(found), beats_majority(found), floor(found)];
    for channel in Channel::ALL {
        if let Some(used) = found.channels.get(&channel) {
            checks.push(sham(channel, used));
        }
    }
    for channel in Channel::ALL {
        if let Some(used) = found.channels.get(&channel) {
            checks.push(used_check(channel, used));
        }
    }
    checks.push(complete(tally));
    checks.extend(one_version(served));
    checks.extend(oracles(plan));
    checks
}

fn check(name: &str, value: String, state: State, note: &str) -> Check {
    Check { name: name.into(), value, state, note: note.into() }
}

fn rounded(share: f64) -> String {
    percent((crate::words::settled(share) * 1000.0).round() / 1000.0)
}

fn graded(good: bool, otherwise: State) -> State {
    if good { State::Good } else { otherwise }
}

fn readable(found: &Sensitivity) -> Check {
    let note = "Share of control answers that can be read; below 95 % the control itself is in doubt.";
    found.control.readable.map_or_else(
        || check("readable", "not measured".into(), State::Unknown, note),
        |share| check("readable", rounded(share), graded(share >= READABLE, State::Bad), note),
    )
}

fn beats_majority(found: &Sensitivity) -> Check {
    let note = "Accuracy at control beside always naming the commonest diagnosis.";
    let Some(accuracy) = &found.control.accuracy else {
        return check("beats majority", "not measured".into(), State::Unknown, note);
    };
    let value = format!("{} against {}", rounded(accuracy.point), rounded(found.control.majority));
    let above = accuracy.interval.map_or(accuracy.point, |(lower, _)| lower) > found.control.majority;
    check("beats majority", value, graded(above, State::Doubtful), note)
}

fn floor(found: &Sensitivity) -> Check {
    let note = "How often two control repeats of a case differ: the model's own unrest.";
    found.control.floor.as_ref().map_or_else(
        || {
            check(
                "floor",
                "not measured".into(),
                State::Unknown,
                "The control was not repeated; claims are at best undecided.",
            )
        },
        |floor| check("floor", rounded(floor.point), graded(floor.point <= 0.025, State::Doubtful), note),
    )
}

fn sham(channel: Channel, used: &ChannelUse) -> Check {
    let name = format!("{} sham", channel.name());
    let note = "Flips under a meaningless edit of the channel.";
    used.sham.as_ref().map_or_else(
        || check(&name, "not measured".into(), State::Unknown, note),
        |sham| check(&name, rounded(sham.point), graded(sham.point <= 0.05, State::Doubtful), note),
    )
}

fn used_check(channel: Channel, used: &ChannelUse) -> Check {
    let (name, strongest) = match channel {
        Channel::Image => ("photo used", "another diagnosis's photograph"),
        Channel::History => ("history used", "an emptied history"),
    };
    let note =
        format!("Whether {strongest} moves the model more than the sham; otherwise claims about it are vacuous.");
    let value = used.excess.as_ref().map_or_else(
        || "not measured".into(),
        |excess| {
            let interval = excess
                .interval
                .map_or(String::new(), |(lower, upper)| format!(" ({} to {})", rounded(lower), rounded(upper)));
            format!("moves {} beyond sham{interval}", rounded(excess.point))
        },
    );
    let state = match used.used {
        Use::Shown => State::Good,
        Use::NotShown => State::Doubtful,
        Use::Unused => State::Bad,
        Use::NotTested => State::Unknown,
    };
    check(name, value, state, &note)
}

fn complete(tally: Tally) -> Check {
    let value = format!("{} of {} trials", tally.settled, tally.planned);
    let failed = if tally.failed > 0 { format!(", {} without an answer", tally.failed) } else { String::new() };
    let state = match (tally.settled == tally.planned, tally.failed) {
        (true, 0) => State::Good,
        (true, _) => State::Doubtful,
        (false, _) => State::Bad,
    };
    check("complete", format!("{value}{failed}"), state, "Missing answers are filled both ways before a verdict.")
}

/// A hosted model that changed during the run was not one model.
fn one_version(served: &[String]) -> Option<Check> {
    let note =
        "The model changed during the run; arms of a patient lie close together, but the run is not of one model.";
    (served.len() > 1).then(|| check("one version", served.join(", "), State::Doubtful, note))
}

/// A word of caution where every oracle is our assumption.
fn oracles(plan: &Plan) -> Option<Check> {
    let bases = oracle_bases(plan);
    let all = bases.keys().all(|basis| *basis == "assumed");
    (!bases.is_empty() && all).then(|| {
        let note = "No panel of clinicians has yet confirmed up to where these corruptions leave a case gradable.";
        check("oracles", "assumed".into(), State::Doubtful, note)
    })
}

/// The flow from cohort to reading.
pub(super) fn flow(plan: &Plan, tally: Tally) -> Flow {
    let patients: BTreeSet<&str> = plan.cases.iter().map(|case| case.patient.as_str()).collect();
    let excluded = |e: &crate::cohort::Exclusion| Excluded { case: e.case.clone(), reason: e.reason.clone() };
    Flow {
        cases_listed: plan.cohort.listed as u64,
        excluded: plan.cohort.exclusions.iter().map(excluded).collect(),
        cases: plan.cases.len() as u64,
        patients: patients.len() as u64,
        planned: tally.planned,
        unfit: tally.unfit,
        asked: tally.settled - tally.unfit,
        readable: tally.readable,
        refused: tally.refused,
        truncated: tally.truncated,
        unreadable: tally.unreadable,
        failed: tally.failed,
        warnings: plan.cohort.warnings.clone(),
    }
}

/// Cases by urgency and by every stratum of the cohort.
pub(super) fn strata(plan: &Plan) -> Vec<Stratum> {
    let mut groups: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for case in &plan.cases {
        for (name, value) in &case.strata {
            *groups.entry(name.replace('_', " ")).or_default().entry(value.clone()).or_default() += 1;
        }
    }
    let strata = groups.into_iter().map(|(name, groups)| Stratum { name, groups: groups.into_iter().collect() });
    std::iter::once(urgency(plan)).flatten().chain(strata).collect()
}

fn urgency(plan: &Plan) -> Option<Stratum> {
    let count = |id: &str| {
        let is = |case: &&crate::plan::PlannedCase| case.truth.triage.as_ref().is_some_and(|t| t.ideal == id);
        plan.cases.iter().filter(is).count() as u64
    };
    let groups: Vec<(String, u64)> =
        plan.cohort.triage.0.iter().map(|step| (step.id.clone(), count(&step.id))).collect();
    groups.iter().any(|(_, n)| *n > 0).then(|| Stratum { name: "right urgency".into(), groups })
}

/// The control arm.
pub(super) fn control(found: &Sensitivity) -> Outcomes {
    let [right, wrong, abstains, unusable] = found.control.outcomes;
    Outcomes { right, wrong, abstains, unusable, failed: found.control.failed }
}

/// How numbers were computed.
pub(super) fn methods(plan: &Plan) -> Vec<String> {
    vec![
        format!(
            "Arms. Every case is asked {} times unchanged (the first is the control, the others are retests), once \
             under each meaningless edit of each channel (sham), and under every treatment. A treatment that only \
             takes words away is set against a dropped field that is declared irrelevant to the case, where there is \
             one; any other against a neutral sentence, or a picture saved again. The model is given the same seed in \
             all arms and another one in every repeat. The worst findings are asked once more with a new seed: that \
             changes no number.",
            plan.repeats
        ),
        "Intervals. Rates: Clopper-Pearson on the design-effect-adjusted number of cases (Korn and Graubard), 95 %, \
         patients as clusters; without events the number of patients counts. Differences of paired rates: MOVER on \
         those limits. Uptake: MOVER-R. Interactions: the hull of Student's t over patients and of Hall's correction of it \
         for skewness."
            .into(),
        "Numbers that are no rates (distances of lists, scores, confidence, cost of the urgency) are printed and never \
         judged: from 20 patients on the hull of Student's t over patients and of Hall's correction of it for skewness; \
         where 100 patients or more differ, those with the commonest value counted as one, 2,000 draws of patients with \
         all their cases, BCa limits with tails widened for few patients. \
         Distances are net of the control's own, scores are treated less control with repeats averaged. Weighted kappa: \
         Fisher's z with the jackknife over patients, from 40 patients on. A difference of calibration errors or \
         risk-coverage areas has no interval: those that were tried cover less often than they say."
            .into(),
        "Dose response, over the cases with an answer at every dose, doses in their physical unit. Rise: the median slope \
         between every two doses (Theil and Sen) times their range, from 40 patients on with the percentiles of 2,000 draws \
         of patients, tails widened for few. Trend and falls: 1,999 permutations of the doses within each patient; a fall \
         with p up to 0.05 is called not monotone. Isotonic: pool-adjacent-violators. The mean share right over the doses \
         out of the clean share is the area under the curve by trapezoids, from the clean case on where that is a dose of 0; \
         MOVER-R. Half of a channel's worth is lost where the share right has come down half the way to what is right \
         without the channel; where that is shown by paired differences (MOVER) at each dose in turn. None of this is \
         judged."
            .into(),
        "Verdicts, in this order: fewer than 20 patients, undecided; control not repeated, undecided; the unfavourable \
         limit inside the bound at every level up to the stated one, holds; the favourable limit beyond it at some \
         level, breaks; otherwise undecided. A rate of changes that breaks is undecided (unsteady) when the model's own \
         unrest exceeds half the bound. Unsteadiness never keeps a claim from holding."
            .into(),
        "Missing answers count as events before a claim may hold, and as none before it may break. Answers in words that \
         match no known diagnosis are treated likewise wherever they decide. Refused, cut-short and unreadable answers \
         are an outcome of their own."
            .into(),
        "A channel that does not move the model cannot be robust: claims about photographs (history) are vacuous unless \
         another diagnosis's photographs (an emptied history) move it beyond the sham."
            .into(),
        "Beside each control-treated table: right when treated less right at control, repeat 1 against the first draw, by \
         MOVER; where every patient has one case also by Newcombe's method 10 and Tango's score, with McNemar's exact p and \
         mid-p. Where a scenario claims nothing, its cells are exploratory: p by turning the signs of whole patients (1,999 \
         patterns, all of them up to 20 patients), q by Benjamini and Hochberg over all such cells. No verdict rests on these."
            .into(),
        "Exit 0 needs every claim to hold, so no correction is needed for it; quoting one claim alone needs the column \
         'holds in family' (Holm). Breaks are not adjusted; the expected number of false alarms is printed."
            .into(),
    ]
}
