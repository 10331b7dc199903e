//! From the answers of a table to the record of a report: every series is measured as a run is, and put together here.

use std::collections::{BTreeMap, BTreeSet};

use bedside_reports::record::{
    self, AnswerLine, Answers, Check, Excluded, Flow, Head, Moved, Outcomes, PanelLine, Record, State, Step, Stratum,
    Summary,
};

use super::bridge::{self, Answered, Series};
use super::gather::Version;
use super::pairing::{self, Finding, Pairing};
use super::panel;
use crate::evidence::{self, Extras, Tally};
use crate::mapping::{Change, Kind, Role};
use crate::reading::Reading;
use crate::sensitivity::{self, Sensitivity};
use crate::shift::{self, Shift};
use crate::stats::{self, Observation, Paired};
use crate::words::{count, percent};

/// A series with what was found in it.
#[derive(Debug)]
struct Measured {
    series: Series,
    found: Sensitivity,
}

/// The record of a table of answers.
#[must_use]
pub fn record(answered: &Answered<'_>, series: Vec<Series>) -> Record {
    let pairings = Pairings::of(answered);
    let measured = measure(series, &pairings);
    let mut parts: Vec<Part> = measured.iter().map(|measured| Part::of(answered, measured, &pairings)).collect();
    let claims: Vec<record::Claim> = parts.iter_mut().flat_map(|part| core::mem::take(&mut part.claims)).collect();
    let panels = panels(answered, &pairings);
    let (curves, tables, lines) = (
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.curves)).collect(),
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.tables)).collect(),
        parts.iter_mut().flat_map(|part| core::mem::take(&mut part.lines)).collect::<Vec<AnswerLine>>(),
    );
    let expected = expected_false_breaks(&measured);
    Record {
        format: record::FORMAT,
        head: head(answered, &measured),
        summary: summary(answered, &claims, expected),
        harms: Vec::new(),
        checks: checks(answered, &measured, &pairings, &panels),
        claims,
        leans: Vec::new(),
        flow: flow(answered, &measured),
        strata: strata(answered),
        control: control(&measured),
        limits: limits(answered),
        curves,
        tables,
        examples: Vec::new(),
        methods: methods(),
        answers: Some(Answers {
            rows: answered.gathered.digest.clone(),
            mapping: answered.mapping_digest.to_owned(),
            flow: steps(answered, &lines, &panels),
            notes: answered.mapping.data.notes.clone(),
            lines,
            panels,
            pairings: pairings.records(answered),
        }),
    }
}

/// Measures every series; verdicts are then taken back where the pairing is in doubt, and all claims are one family.
fn measure(series: Vec<Series>, pairings: &Pairings) -> Vec<Measured> {
    let one = |series: Series| {
        let mut found = sensitivity::measure(&series.plan, &series.slots);
        for claim in &mut found.claims {
            claim.judge_without_positive_control();
            let versions = series.versions_of(claim.scenario);
            if versions.iter().any(|version| pairings.doubted(*version, series.reader).is_some()) {
                claim.doubt_pairing();
            }
        }
        found.cells.iter_mut().filter(|_| !series.has_truth).for_each(|cell| {
            (cell.accuracy, cell.aligned) = (None, None);
        });
        Measured { series, found }
    };
    let mut all: Vec<Measured> = series.into_iter().map(one).collect();
    let mut family: Vec<sensitivity::Claim> = all.iter().flat_map(|measured| measured.found.claims.clone()).collect();
    sensitivity::correct_for_family(&mut family);
    let claims = all.iter_mut().flat_map(|measured| &mut measured.found.claims);
    claims.zip(family).for_each(|(claim, corrected)| claim.holds_in_family = corrected.holds_in_family);
    all
}

/// At most how many lines are expected to be called broken by chance: where unrest is not known, nothing is.
fn expected_false_breaks(measured: &[Measured]) -> f64 {
    let claims = measured.iter().flat_map(|measured| &measured.found.claims).filter(|claim| claim.is_judged());
    let unknown = stats::Verdict::Undecided(stats::Why::FloorNotMeasured);
    let lines = claims.flat_map(|claim| &claim.lines).filter(|line| line.ruling.verdict != unknown).count();
    stats::VERDICT_ERROR * f64::from(u32::try_from(lines).unwrap_or(u32::MAX))
}

/// What is known of the pairing of every version.
struct Pairings {
    /// By version; the reader is `None` for all together.
    found: BTreeMap<(Version, Option<usize>), Pairing>,
}

impl Pairings {
    fn of(answered: &Answered<'_>) -> Self {
        // A positive control is meant to move every answer: agreement says nothing of its rows.
        let is_checked = |version: &Version| {
            let change = answered.mapping.scenarios.get(version.scenario);
            version.role == Role::Treated && !change.is_some_and(|change| change.positive_control)
        };
        let versions: BTreeSet<Version> =
            answered.slots.iter().map(|(key, _)| key.version).filter(is_checked).collect();
        let readers = (0..answered.mapping.readers.len()).map(Some);
        let whose: Vec<Option<usize>> = std::iter::once(None).chain(readers).collect();
        let found = versions.iter().flat_map(|version| whose.iter().map(move |reader| (*version, *reader)));
        let found = found.filter_map(|of| Some((of, pairing::check(answered, of.0, of.1)?))).collect();
        Self { found }
    }

    /// Why the pairs of a version are in doubt for a reader, if they are: because those of all readers together are, or
    /// because the reader's own are.
    fn doubted(&self, version: Version, reader: usize) -> Option<String> {
        [None, Some(reader)].into_iter().find_map(|whose| {
            let pairing = self.found.get(&(version, whose))?;
            let (own, random) = (percent(rounded(pairing.own)), percent(rounded(pairing.random)));
            let who = if whose.is_none() { "all readers together" } else { "this reader" };
            match pairing.finding() {
                Finding::Doubtful => Some(format!(
                    "Alignment doubtful: answers of {who} agree with the control of their own case in {own}, with that \
                     of a random one in {random}. The rows may not be of the same cases, so nothing is said of pairs."
                )),
                Finding::Constant => Some(format!(
                    "Alignment cannot be checked: the answers of {who} are the same for all cases, so nothing is said \
                     of pairs."
                )),
                Finding::Belongs | Finding::TooFew => None,
            }
        })
    }

    fn records(&self, answered: &Answered<'_>) -> Vec<record::Pairing> {
        let one = |((version, reader), pairing): (&(Version, Option<usize>), &Pairing)| {
            let (scenario, at) = names(answered, *version);
            record::Pairing {
                scenario,
                at,
                reader: reader.map(|reader| reader_id(answered, reader)),
                cases: pairing.cases as u64,
                own: pairing.own,
                random: pairing.random,
                z: pairing.z,
                state: match pairing.finding() {
                    Finding::Belongs => State::Good,
                    Finding::Doubtful | Finding::Constant => State::Bad,
                    Finding::TooFew => State::Unknown,
                },
            }
        };
        self.found.iter().map(one).collect()
    }
}

fn reader_id(answered: &Answered<'_>, reader: usize) -> String {
    answered.mapping.readers.get(reader).map(|reader| reader.id.clone()).unwrap_or_default()
}

fn question_id(answered: &Answered<'_>, question: usize) -> String {
    answered.mapping.questions.get(question).map(|question| question.id.clone()).unwrap_or_default()
}

/// Scenario and level of a version, in words.
fn names(answered: &Answered<'_>, version: Version) -> (String, String) {
    let change: Option<&Change> = answered.mapping.scenarios.get(version.scenario);
    let at = change.map(|change| bridge::label(change, version.level)).unwrap_or_default();
    (change.map(|change| change.id.clone()).unwrap_or_default(), at)
}

fn rounded(share: f64) -> f64 {
    (crate::words::settled(share) * 1000.0).round() / 1000.0
}

/// What one series adds to the record.
struct Part {
    claims: Vec<record::Claim>,
    curves: Vec<record::Curve>,
    tables: Vec<record::Table>,
    lines: Vec<AnswerLine>,
}

impl Part {
    fn of(answered: &Answered<'_>, measured: &Measured, pairings: &Pairings) -> Self {
        let Measured { series, found } = measured;
        let made = evidence::record(&series.plan, &series.slots, found, Extras::default());
        let mut part = Self {
            claims: made.claims,
            curves: made.curves,
            tables: if series.has_truth { made.tables } else { Vec::new() },
            lines: lines(answered, measured, pairings),
        };
        let doubts: BTreeMap<String, String> = (0..series.plan.scenarios.len())
            .filter_map(|place| {
                let versions = series.versions_of(place);
                let why = versions.iter().find_map(|version| pairings.doubted(*version, series.reader))?;
                Some((series.plan.scenarios.get(place)?.id.clone(), why))
            })
            .collect();
        part.curves.retain(|curve| !doubts.contains_key(&curve.scenario));
        part.tables.retain(|table| !doubts.contains_key(&table.scenario));
        let lines = &part.lines;
        part.claims.iter_mut().for_each(|claim| finish(answered, series, claim, &doubts, lines));
        let id = |scenario: &str| series.claim_id(answered, scenario);
        part.curves.iter_mut().for_each(|curve| curve.scenario = id(&curve.scenario));
        part.tables.iter_mut().for_each(|table| table.scenario = id(&table.scenario));
        part
    }
}

impl Series {
    /// The versions that are cells of a scenario of the plan.
    fn versions_of(&self, scenario: usize) -> Vec<Version> {
        let cells = self.plan.cells.iter().zip(&self.versions);
        cells.filter(|(cell, _)| cell.scenario == scenario).map(|(_, version)| *version).collect()
    }

    fn claim_id(&self, answered: &Answered<'_>, scenario: &str) -> String {
        format!("{}/{}/{scenario}", reader_id(answered, self.reader), question_id(answered, self.question))
    }
}

/// Makes the claim of a scenario that of a reader and a question.
fn finish(
    answered: &Answered<'_>,
    series: &Series,
    claim: &mut record::Claim,
    doubts: &BTreeMap<String, String>,
    lines: &[AnswerLine],
) {
    let own = || lines.iter().filter(|line| line.scenario == claim.id);
    let (unpaired, most) = (own().map(|line| line.unpaired).sum(), own().map(|line| line.pairs + line.failed).max());
    let paired = most.unwrap_or(0);
    let unfit: Vec<(String, u64)> = [("the case has no control".to_owned(), unpaired)].into();
    claim.applied = record::Count { events: paired, of: paired + unpaired };
    claim.unfit = unfit.into_iter().filter(|(_, n)| *n > 0).collect();
    claim.oracle_basis = "the mapping".into();
    claim.beside.extend(own().filter_map(direction));
    if let Some(why) = doubts.get(&claim.id) {
        if claim.verdict != record::Verdict::Vacuous {
            claim.why.clone_from(why);
        }
        claim.beside.clear();
        claim.envelope = None;
        claim.lines.iter_mut().for_each(silence);
    }
    let (reader, question) =
        (answered.mapping.readers.get(series.reader), answered.mapping.questions.get(series.question));
    if let (Some(reader), Some(question)) = (reader, question) {
        claim.text = format!("{} · {} · {}", reader.title, question.title, claim.text);
    }
    claim.id = series.claim_id(answered, &claim.id);
}

/// Takes every number out of a line whose pairs may not be pairs.
fn silence(line: &mut record::Line) {
    if line.verdict != record::Verdict::Vacuous {
        line.verdict = record::Verdict::NotTested;
    }
    line.why = String::new();
    (line.estimate, line.retest, line.sham) = (None, None, None);
    line.levels.iter_mut().for_each(|level| level.estimate = None);
    line.groups.clear();
}

fn direction(line: &AnswerLine) -> Option<record::Beside> {
    let moved = line.moved.as_ref()?;
    let p = moved.mcnemar.map(|p| format!("; exact McNemar {}", p_value(p))).unwrap_or_default();
    Some(record::Beside {
        title: format!("{}, treated less control", moved.what),
        at: line.at.clone(),
        estimate: moved.difference.clone(),
        note: format!("{} up, {} down{p}.", moved.up, moved.down),
    })
}

fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".into() } else { format!("p = {}", crate::words::trim(crate::words::settled(p), 3)) }
}

/// One line per cell of a series.
fn lines(answered: &Answered<'_>, measured: &Measured, pairings: &Pairings) -> Vec<AnswerLine> {
    let Measured { series, found } = measured;
    let plan = &series.plan;
    let cells = plan.cells.iter().zip(&series.versions).zip(&found.cells);
    let line = |((cell, version), result): ((&crate::plan::Cell, &Version), &sensitivity::CellResult)| {
        let (scenario, at) = names(answered, *version);
        let doubted = pairings.doubted(*version, series.reader).is_some();
        let shifts = shift::of_cell(plan, &series.slots, cell);
        let claim = found.claims.iter().find(|claim| claim.scenario == cell.scenario);
        AnswerLine {
            claim: series.claim_id(answered, &scenario),
            reader: reader_id(answered, series.reader),
            question: question_id(answered, series.question),
            scenario,
            at,
            pairs: result.pairs,
            failed: result.failed,
            unpaired: series.unpaired.get(version).copied().unwrap_or(0),
            flips: result.gross.as_ref().filter(|_| !doubted).map(evidence::estimate),
            moved: moved(answered, series, &shifts).filter(|_| !doubted),
            verdict: claim.map_or(record::Verdict::NotTested, |claim| evidence::verdict(claim.verdict)),
        }
    };
    cells.map(line).collect()
}

/// Where the answers moved to, for kinds of answer that have a direction.
fn moved(answered: &Answered<'_>, series: &Series, shifts: &[Shift<'_>]) -> Option<Moved> {
    match answered.mapping.questions.get(series.question)?.kind {
        Kind::YesNo { .. } => Some(said_yes(shifts)),
        Kind::Number(_) => Some(numbers(series, shifts)),
        Kind::Choice(_) | Kind::Diagnosis | Kind::Text => None,
    }
}

/// The one answer of a reading.
fn leading<'a>(reading: &Option<&'a Reading>) -> Option<&'a str> {
    reading.as_ref()?.list().first()?.diagnosis.id()
}

/// The share that says yes, in both arms: repeats and draws averaged, unusable answers not among them.
fn said_yes(shifts: &[Shift<'_>]) -> Moved {
    let share = |readings: &[Option<&Reading>]| {
        let said: Vec<f64> =
            readings.iter().filter_map(leading).map(|said| f64::from(u8::from(said == "yes"))).collect();
        mean(&said)
    };
    let pair = |shift: &Shift<'_>| {
        Some(Paired { patient: shift.patient, before: share(&shift.control)?, after: share(&shift.treated)? })
    };
    let pairs: Vec<Paired> = shifts.iter().filter_map(pair).collect();
    let arms = stats::Arms::of(&pairs, stats::LEVEL);
    let (up, down) = first_moves(shifts, |said| f64::from(u8::from(said == "yes")));
    Moved {
        what: "say yes".into(),
        control: arms.as_ref().map(|arms| evidence::estimate(&arms.before.estimate)),
        treated: arms.as_ref().map(|arms| evidence::estimate(&arms.after.estimate)),
        difference: stats::difference(&pairs, stats::LEVEL).as_ref().map(evidence::estimate),
        mcnemar: one_case_each(shifts).then(|| stats::mcnemar_exact(down, up)),
        up,
        down,
    }
}

/// Means of numbers, in both arms, with the interval of their difference.
fn numbers(series: &Series, shifts: &[Shift<'_>]) -> Moved {
    let number = |said: &str| said.parse::<f64>().unwrap_or(f64::NAN);
    let value =
        |readings: &[Option<&Reading>]| mean(&readings.iter().filter_map(leading).map(number).collect::<Vec<_>>());
    let of = |shift: &Shift<'_>| Some((shift.patient, value(&shift.control)?, value(&shift.treated)?));
    let all: Vec<(u32, f64, f64)> = shifts.iter().filter_map(of).collect();
    let seen = |pick: fn(&(u32, f64, f64)) -> f64| {
        all.iter().map(|of| Observation { patient: of.0, value: pick(of) }).collect::<Vec<Observation>>()
    };
    let estimate = |list: &[Observation]| continuous(series, list).as_ref().map(evidence::estimate);
    let (up, down) = first_moves(shifts, number);
    Moved {
        what: "mean number".into(),
        control: estimate(&seen(|of| of.1)),
        treated: estimate(&seen(|of| of.2)),
        difference: estimate(&seen(|of| of.2 - of.1)),
        mcnemar: None,
        up,
        down,
    }
}

/// The mean of numbers: the patient bootstrap, or with fewer than 40 patients Student's t over patients.
fn continuous(series: &Series, list: &[Observation]) -> Option<stats::Estimate> {
    let stream = crate::seed::of_plan(series.plan.seed, "bootstrap", "answers");
    let bootstrap = stats::Bootstrap::of(list, stats::REPLICATES, &stream)?.percentile(stats::LEVEL)?;
    if bootstrap.patients >= stats::BOOTSTRAP_FROM { Some(bootstrap) } else { stats::cluster_t(list, stats::LEVEL) }
}

fn mean(list: &[f64]) -> Option<f64> {
    let number = u32::try_from(list.len()).ok().filter(|number| *number > 0)?;
    Some(stats::sum(list.iter().copied()) / f64::from(number))
}

/// Pairs of control repeat 1 and draw 1 whose value rose, and whose value fell.
fn first_moves(shifts: &[Shift<'_>], value: impl Fn(&str) -> f64) -> (u64, u64) {
    let (mut up, mut down) = (0, 0);
    for shift in shifts {
        let first = |readings: &[Option<&Reading>]| readings.first().and_then(leading).map(&value);
        if let (Some(before), Some(after)) = (first(&shift.control), first(&shift.treated)) {
            up += u64::from(after > before);
            down += u64::from(after < before);
        }
    }
    (up, down)
}

fn one_case_each(shifts: &[Shift<'_>]) -> bool {
    let patients: BTreeSet<u32> = shifts.iter().map(|shift| shift.patient).collect();
    patients.len() == shifts.len()
}

/// The lines of all panels.
fn panels(answered: &Answered<'_>, pairings: &Pairings) -> Vec<PanelLine> {
    let line = |panel: panel::Panel| {
        let (scenario, at) = names(answered, panel.version);
        let doubted = pairings.doubted(panel.version, panel.reader).is_some();
        let shown = |estimate: Option<stats::Estimate>| estimate.filter(|_| !doubted).as_ref().map(evidence::estimate);
        PanelLine {
            reader: reader_id(answered, panel.reader),
            question: question_id(answered, panel.question),
            scenario,
            at,
            cases: panel.cases,
            unpaired: panel.unpaired,
            same_person: record::Count { events: panel.same_person, of: panel.readings },
            between: shown(panel.between),
            within: shown(panel.within),
            excess: shown(panel.excess),
        }
    };
    panel::all(answered).into_iter().map(line).collect()
}

fn head(answered: &Answered<'_>, measured: &[Measured]) -> Head {
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
        adjudication: None,
    }
}

/// The digest that seals the plans of all series: rows, mapping, cases, arms, bounds.
fn sealed(answered: &Answered<'_>, measured: &[Measured]) -> String {
    use sha2::Digest;
    let whole = sha2::Sha256::new_with_prefix(&answered.gathered.digest).chain_update(answered.mapping_digest);
    let all = measured.iter().fold(whole, |hash, measured| hash.chain_update(measured.series.plan.digest()));
    crate::request::hex(&all.finalize())
}

fn summary(answered: &Answered<'_>, claims: &[record::Claim], expected_false_breaks: f64) -> Summary {
    let number = |verdict| u32::try_from(claims.iter().filter(|c| c.verdict == verdict).count()).unwrap_or(u32::MAX);
    let measured = number(record::Verdict::Measured);
    let mut summary = Summary {
        sentence: String::new(),
        scope: "Answers that existed already: nobody was asked, and nothing shows that the bounds were set before the \
                answers were known."
            .into(),
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
    summary.exit = evidence::front::exit(&summary, false).code();
    summary.sentence = sentence(answered, &summary);
    summary
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
fn checks(answered: &Answered<'_>, measured: &[Measured], pairings: &Pairings, panels: &[PanelLine]) -> Vec<Check> {
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

fn flow(answered: &Answered<'_>, measured: &[Measured]) -> Flow {
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
fn steps(answered: &Answered<'_>, lines: &[AnswerLine], panels: &[PanelLine]) -> Vec<Step> {
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

fn strata(answered: &Answered<'_>) -> Vec<Stratum> {
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
fn control(measured: &[Measured]) -> Outcomes {
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

fn limits(answered: &Answered<'_>) -> Vec<String> {
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

fn methods() -> Vec<String> {
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
         patients as clusters. Differences of paired rates: MOVER on those limits. Differences of numbers: patient \
         bootstrap, or Student's t over patients below 40."
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
