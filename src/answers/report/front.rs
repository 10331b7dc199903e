//! What stands around the lines: head, verdict, checks, flow from rows to pairs, limits, methods.

use std::collections::{BTreeMap, BTreeSet};

use bedside_reports::record::{
    self, AnswerLine, Check, Excluded, Flow, Head, Outcomes, PanelLine, State, Step, Stratum, Summary,
};

use super::{Measured, Pairings, names, rounded};
use crate::answers::bridge::{self, Answered};
use crate::answers::pairing::{Finding, Pairing};
use crate::evidence::{self, Tally};
use crate::mapping::Role;
use crate::reading::Reading;
use crate::sensitivity;
use crate::words::{count, percent};

pub(super) fn head(answered: &Answered<'_>, measured: &[Measured]) -> Head {
    let mapping = answered.mapping;
    Head {
        version: env!("CARGO_PKG_VERSION").into(),
        suite: mapping.id.clone(),
        model: mapping.title.clone(),
        served: Vec::new(),
        model_note: None,
        protocol: mapping.questions.iter().map(|question| question.id.as_str()).collect::<Vec<_>>().join(", "),
        cohort: mapping.data.name.clone(),
        synthetic: mapping.data.synthetic,
        licence: mapping.data.licence.clone(),
        citation: mapping.data.citation.clone(),
        plan: sealed(answered, measured),
        seed: 0,
        interim: None,
        includes_inputs: false,
        verification: None,
        adjudication: answered.adjudicated.clone(),
    }
}

/// The digest that seals the plans of all series: rows, mapping, cases, arms, bounds.
fn sealed(answered: &Answered<'_>, measured: &[Measured]) -> String {
    use sha2::Digest;
    let whole = sha2::Sha256::new_with_prefix(&answered.gathered.digest).chain_update(answered.mapping_digest);
    let all = measured.iter().fold(whole, |hash, measured| hash.chain_update(measured.series.plan.digest()));
    crate::request::hex(&all.finalize())
}

pub(super) fn summary(answered: &Answered<'_>, claims: &[record::Claim], expected_false_breaks: f64) -> Summary {
    let scope = "Answers that existed already: nobody was asked, and nothing shows that the bounds were set before the \
                 answers were known.";
    let counted = evidence::front::counted(claims, scope.into(), expected_false_breaks, false);
    Summary { sentence: sentence(answered, &counted), ..counted }
}

fn sentence(answered: &Answered<'_>, summary: &Summary) -> String {
    let mapping = answered.mapping;
    let panels = mapping.readers.iter().filter(|reader| reader.panel).count() as u64;
    let alone = mapping.readers.len() as u64 - panels;
    let mut who: Vec<String> = Vec::new();
    who.extend((alone > 0).then(|| count(alone, "reader", "readers")));
    who.extend((panels > 0).then(|| count(panels, "panel", "panels")));
    let tested = format!(
        "{}, {}, {}",
        who.join(" and "),
        count(mapping.questions.len() as u64, "question", "questions"),
        count(mapping.scenarios.len() as u64, "change", "changes")
    );
    if summary.claims == 0 {
        return format!("{tested}: measured; nothing was claimed.");
    }
    let rest = [
        (summary.breaks, "broken"),
        (summary.holds, "held"),
        (summary.undecided, "undecided"),
        (summary.vacuous, "vacuous"),
        (summary.not_tested, "without a verdict"),
    ];
    let rest: Vec<String> =
        rest.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    format!("{tested}: of {} {}.", count(u64::from(summary.claims), "claim", "claims"), rest.join(", "))
}

/// Can these answers be judged?
pub(super) fn checks(
    answered: &Answered<'_>,
    measured: &[Measured],
    pairings: &Pairings,
    panels: &[PanelLine],
) -> Vec<Check> {
    let mut checks = vec![alignment(answered, pairings), duplicates(answered), readable(measured), floor(measured)];
    checks.push(used(measured));
    checks.extend(people(panels));
    checks
}

fn check(name: &str, value: String, state: State, note: &str) -> Check {
    Check { name: name.into(), value, state, note: note.into() }
}

fn alignment(answered: &Answered<'_>, pairings: &Pairings) -> Check {
    let note = "Whether the two versions of a case agree better than those of random cases; where they do not, nothing \
                is said of pairs.";
    let whole = || pairings.found.iter().filter(|((_, reader), _)| reader.is_none());
    let doubted: Vec<String> = whole()
        .filter(|(_, pairing)| matches!(pairing.finding(), Finding::Doubtful | Finding::Constant))
        .map(|((version, _), _)| {
            let (scenario, at) = names(answered, *version);
            if at.is_empty() { scenario } else { format!("{scenario} ({at})") }
        })
        .collect();
    let single = pairings.found.iter().filter(|((_, reader), pairing)| {
        reader.is_some() && matches!(pairing.finding(), Finding::Doubtful | Finding::Constant)
    });
    let single = single.filter(|((version, _), _)| {
        let whole = pairings.found.get(&(*version, None)).map(Pairing::finding);
        !matches!(whole, Some(Finding::Doubtful | Finding::Constant))
    });
    let single = single.count() as u64;
    let all = whole().count() as u64;
    match (doubted.is_empty(), single) {
        (true, 0) if all == 0 => check("alignment", "no pairs".into(), State::Unknown, note),
        (true, 0) => check("alignment", format!("{all} of {all} changes"), State::Good, note),
        (true, _) => {
            check("alignment", format!("in doubt for single readers in {single} places"), State::Doubtful, note)
        }
        (false, _) => check("alignment", format!("doubtful: {}", doubted.join(", ")), State::Bad, note),
    }
}

fn duplicates(answered: &Answered<'_>) -> Check {
    let gathered = answered.gathered;
    let n: u64 = gathered.duplicates.values().sum();
    let note =
        "Answers given twice for the same reader, question, case and version: all of them are left out and named.";
    let state = if n == 0 { State::Good } else { State::Doubtful };
    let value = format!(
        "{} left out ({} repeated)",
        count(n, "answer", "answers"),
        count(gathered.rows_repeated, "row", "rows")
    );
    check("duplicates", if n == 0 { "none".into() } else { value }, state, note)
}

fn readable(measured: &[Measured]) -> Check {
    let note = "The least share of control answers that can be read, over readers and questions; below 95 % nothing of \
                theirs is judged.";
    let least = measured.iter().filter_map(|measured| measured.found.control.readable).min_by(f64::total_cmp);
    least.map_or_else(
        || check("readable", "not measured".into(), State::Unknown, note),
        |least| {
            let state = if least >= sensitivity::READABLE { State::Good } else { State::Bad };
            check("readable", percent(rounded(least)), state, note)
        },
    )
}

fn floor(measured: &[Measured]) -> Check {
    let note = "How often two control answers of one reader to one case differ: the reader's own unrest.";
    let floors: Vec<f64> =
        measured.iter().filter_map(|measured| measured.found.control.floor.as_ref()).map(|floor| floor.point).collect();
    let most = floors.iter().copied().max_by(f64::total_cmp);
    match most {
        None => {
            let note = "Nobody was asked twice about an unchanged case, so unrest cannot be told from an effect; claims \
                        are at best undecided.";
            check("floor", "floor not measured".into(), State::Unknown, note)
        }
        Some(most) if floors.len() == measured.len() => {
            let state = if most <= 0.025 { State::Good } else { State::Doubtful };
            check("floor", format!("at most {}", percent(rounded(most))), state, note)
        }
        Some(_) => {
            let value = format!("floor not measured for {} of {}", measured.len() - floors.len(), measured.len());
            check("floor", value, State::Unknown, note)
        }
    }
}

fn used(measured: &[Measured]) -> Check {
    let note = "Whether the strongest change moves a reader more than a meaningless edit; without it, what stays the \
                same may be unused, and no claim holds.";
    let uses = || measured.iter().flat_map(|measured| measured.found.channels.values());
    let shown = uses().filter(|used| used.used == sensitivity::Use::Shown).count();
    match uses().count() {
        0 => check("positive control", "not measured".into(), State::Unknown, note),
        all if all == shown => check("positive control", "moves every reader".into(), State::Good, note),
        all => check("positive control", format!("moves {shown} of {all}"), State::Doubtful, note),
    }
}

fn people(panels: &[PanelLine]) -> Option<Check> {
    let note = "People who read one version each cannot change their minds: only disagreement between versions less \
                that within one is reported.";
    let (same, of) =
        panels.iter().fold((0, 0), |sum, line| (sum.0 + line.same_person.events, sum.1 + line.same_person.of));
    let state = if same == 0 { State::Good } else { State::Doubtful };
    (of > 0)
        .then(|| check("different people", format!("{same} of {of} readings by somebody who read both"), state, note))
}

pub(super) fn flow(answered: &Answered<'_>, measured: &[Measured]) -> Flow {
    let tally = tally(measured);
    let used: BTreeSet<&str> = answered.slots.iter().map(|(key, _)| key.case.as_str()).collect();
    let patients = answered.patients();
    let patients: BTreeSet<u32> = used.iter().filter_map(|case| patients.get(case).copied()).collect();
    Flow {
        cases_listed: answered.gathered.about.len() as u64,
        excluded: excluded(answered),
        cases: used.len() as u64,
        patients: patients.len() as u64,
        planned: tally.planned,
        unfit: 0,
        asked: tally.settled,
        readable: tally.readable,
        refused: tally.refused,
        truncated: tally.truncated,
        unreadable: tally.unreadable,
        failed: tally.failed,
        warnings: answered.mapping.data.notes.clone(),
    }
}

/// Answers of single readers, by how they ended.
fn tally(measured: &[Measured]) -> Tally {
    use crate::reading::Reason;
    let mut tally = Tally::default();
    for slot in measured.iter().flat_map(|measured| measured.series.slots.all()) {
        tally.planned += 1;
        tally.settled += 1;
        let place = match slot.reading().map(Reading::lost) {
            Some(None) => &mut tally.readable,
            Some(Some(Reason::Refused)) => &mut tally.refused,
            Some(Some(Reason::Truncated)) => &mut tally.truncated,
            Some(Some(Reason::Unreadable)) => &mut tally.unreadable,
            Some(Some(Reason::ModelFailed { .. })) | None => &mut tally.failed,
        };
        *place += 1;
    }
    tally
}

fn excluded(answered: &Answered<'_>) -> Vec<Excluded> {
    let gathered = answered.gathered;
    let twice = gathered.duplicates.iter().map(|((case, version), n)| {
        let (scenario, at) = names(answered, *version);
        let version = match version.role {
            Role::Control => "control".into(),
            Role::Retest => "retest".into(),
            Role::Sham => "sham".into(),
            Role::Treated => [scenario, at].join(" ").trim_end().to_owned(),
        };
        let reason = format!("{version}: given more than once, so all {n} answers are left out");
        Excluded { case: case.clone(), reason }
    });
    let torn = gathered.contradictions.iter().map(|(case, why)| Excluded { case: case.clone(), reason: why.clone() });
    twice.chain(torn).collect()
}

/// From rows to pairs.
pub(super) fn steps(answered: &Answered<'_>, lines: &[AnswerLine], panels: &[PanelLine]) -> Vec<Step> {
    let gathered = answered.gathered;
    let step = |name: &str, n: u64, left: Vec<(String, u64)>| Step { name: name.into(), n, left };
    let some = |left: Vec<(String, u64)>| left.into_iter().filter(|(_, n)| *n > 0).collect::<Vec<_>>();
    let listed = |reasons: &BTreeMap<String, u64>| reasons.iter().map(|(why, n)| (why.clone(), *n)).collect::<Vec<_>>();
    let twice: u64 = gathered.duplicates.values().sum();
    let mut out = listed(&gathered.answers_out);
    out.push(("given more than once, named below".into(), twice));
    let failed = lines.iter().map(|line| line.failed).sum();
    let unpaired = lines.iter().map(|line| line.unpaired).chain(panels.iter().map(|line| line.unpaired)).sum();
    vec![
        step("rows read", gathered.rows, some(listed(&gathered.rows_out))),
        step("answers in them", gathered.answers, some(out)),
        step(
            "answers used",
            answered.slots.len() as u64,
            some(vec![
                ("changed versions whose case has no control, per question".into(), unpaired),
                ("pairs of which one answer did not come".into(), failed),
            ]),
        ),
        step("pairs of one reader's answers", lines.iter().map(|line| line.pairs).sum(), Vec::new()),
        step("cases compared between people, per question", panels.iter().map(|line| line.cases).sum(), Vec::new()),
    ]
}

pub(super) fn strata(answered: &Answered<'_>) -> Vec<Stratum> {
    let used: BTreeSet<&str> = answered.slots.iter().map(|(key, _)| key.case.as_str()).collect();
    let mut groups: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for about in used.iter().filter_map(|case| answered.gathered.about.get(*case)) {
        for (name, value) in bridge::strata(about) {
            *groups.entry(name.replace('_', " ")).or_default().entry(value).or_default() += 1;
        }
    }
    groups.into_iter().map(|(name, groups)| Stratum { name, groups: groups.into_iter().collect() }).collect()
}

/// The control arms of the series that have a truth, together.
pub(super) fn control(measured: &[Measured]) -> Outcomes {
    let mut all = Outcomes::default();
    for measured in measured.iter().filter(|measured| measured.series.has_truth) {
        let [right, wrong, abstains, unusable] = measured.found.control.outcomes;
        all.right += right;
        all.wrong += wrong;
        all.abstains += abstains;
        all.unusable += unusable;
        all.failed += measured.found.control.failed;
    }
    all
}

pub(super) fn limits(answered: &Answered<'_>) -> Vec<String> {
    let mut limits = vec![
        "Nobody was asked: who answered, to what and how often was somebody else's choice, and Bedside saw neither \
         cases nor questions."
            .to_owned(),
        "The bounds are those of the mapping. Nothing shows that they were set before the answers were known, so they \
         do not confirm anything; a clinician has to sign them before they mean anything."
            .into(),
        "A change of an answer is not a harm by itself: without a reference answer it is not known which of the two was \
         right."
            .into(),
    ];
    limits.extend(answered.mapping.data.notes.iter().cloned());
    limits
}

pub(super) fn methods() -> Vec<String> {
    vec![
        "Arms. The mapping says which rows are a case as it is (control), the same asked again (retest), a meaningless \
         edit (sham) and a change (treated). Every reader and question is measured by itself, as a run is; all claims \
         together are one family for Holm's correction."
            .into(),
        "Left out and counted: rows that no arm or several arms of the mapping take; answers of readers, questions, \
         scenarios or levels that it does not list; all answers that are given more than once, with all others of the \
         rows that repeat each other; cases whose rows contradict each other. A changed version without control leaves \
         the pairs."
            .into(),
        "Alignment. For every version, the agreement of each case's control with its own changed version is set \
         against its exact mean and variance over all ways of pairing cases (Hoeffding 1951), over all readers \
         together and for each reader, all questions together. Where own agreement does not lie above the mean at a \
         one-sided 5 %, pairs are in doubt: no number is printed of them and no verdict given. A positive control is \
         meant to move every answer, so it is not checked."
            .into(),
        "Intervals. Rates: Clopper-Pearson on the design-effect-adjusted number of cases (Korn and Graubard), 95 %, \
         patients as clusters. Differences of paired rates: MOVER on those limits. Means of numbers and \
         their differences: from 20 patients on the hull of Student's t over patients and of Hall's correction of it for \
         skewness; where 100 patients or more differ, those with the commonest value counted as one, 2,000 draws of \
         patients with all their cases, BCa limits with tails widened for few patients."
            .into(),
        "People. Where a case was read by several people, others for each version, disagreement between versions is the \
         mean over cases of the share of pairs of different people, one per version, who differ; disagreement within a \
         version is that of pairs who read the same, the two versions averaged. Only their difference is an effect; \
         nobody is said to have changed an answer."
            .into(),
        "Verdicts, in this order: fewer than 20 patients, undecided; control not repeated, undecided (floor not \
         measured); the unfavourable limit inside the bound, holds; the favourable limit beyond it, breaks; otherwise \
         undecided. Without a positive control no claim holds, because what does not move may not be used."
            .into(),
        "Missing answers count as events before a claim may hold, and as none before it may break. Refused, cut-short \
         and unreadable answers are an outcome of their own."
            .into(),
    ]
}
