//! Page one: the verdict, what could hurt a patient, and whether the run can be judged.

use super::Links;
use crate::chart::forest;
use crate::number::{self, NOTHING};
use crate::record::{self, Head, Outcomes, Record, Verdict};
use crate::words::{self, Sign};
use minijinja::value::Value;
use serde::Serialize;

/// Page one.
#[derive(Debug, Serialize)]
pub(crate) struct Front<'a> {
    title: String,
    served: Vec<&'a str>,
    head: &'a Head,
    plan_short: String,
    verification: &'a str,
    unsigned: &'static str,
    synthetic: Option<&'static str>,
    inputs: Option<&'static str>,
    not_a_device: &'static str,
    sentence: &'a str,
    scope: &'a str,
    tally: Vec<Tally>,
    chance: String,
    exit: u8,
    harms: Vec<Harm<'a>>,
    checks: Vec<Check<'a>>,
    axis: Value,
    rows: Vec<Row<'a>>,
    strata: Vec<Stratum<'a>>,
    control: Vec<(&'static str, String)>,
    limits: &'a [String],
    signers: Vec<(&'static str, &'static str)>,
}

/// How many claims came to one verdict.
#[derive(Debug, Serialize)]
struct Tally {
    sign: Sign,
    n: String,
}

#[derive(Debug, Serialize)]
struct Harm<'a> {
    scenario: &'a str,
    claim: Option<&'a str>,
    sentence: &'a str,
    estimate: String,
    facts: Vec<String>,
    pair: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct Check<'a> {
    name: &'a str,
    value: &'a str,
    sign: Sign,
    note: &'a str,
}

/// One claim on the common axis.
#[derive(Debug, Serialize)]
struct Row<'a> {
    id: &'a str,
    anchor: &'a str,
    text: &'a str,
    gate: bool,
    about: String,
    events: String,
    drawing: Option<Value>,
    estimate: String,
    retest: String,
    sham: String,
    bound: String,
    envelope: &'a str,
    sign: Sign,
    why: &'a str,
    family: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct Stratum<'a> {
    name: &'a str,
    groups: Vec<(&'a str, String)>,
}

/// The sentence of an unfinished run; `None` for a finished one.
pub(crate) fn interim(head: &Head) -> Option<String> {
    let progress = head.interim?;
    let (settled, planned) = (number::count(progress.settled), number::count(progress.planned));
    Some(format!("{settled} of {planned} trials are settled. No verdict is given before the plan is complete."))
}

/// The sign of a verdict, or of none while the run is unfinished.
pub(crate) fn sign(verdict: Verdict, head: &Head) -> Sign {
    if head.interim.is_some() { words::NO_VERDICT } else { words::verdict(verdict) }
}

/// Words for whether a claim that holds may be quoted alone.
pub(crate) fn family(claim: &record::Claim, head: &Head) -> Option<&'static str> {
    if head.interim.is_some() || claim.verdict != Verdict::Holds {
        return None;
    }
    claim.holds_in_family.map(|holds| if holds { "also holds in family" } else { "not in family: do not quote alone" })
}

impl<'a> Front<'a> {
    pub(crate) fn of(record: &'a Record, links: &'a Links) -> Self {
        let (head, summary) = (&record.head, &record.summary);
        Self {
            title: format!("Bedside · {} · {}", head.model, head.cohort),
            served: head.served.iter().map(String::as_str).collect(),
            head,
            plan_short: head.plan.chars().take(12).collect(),
            verification: head.verification.as_deref().unwrap_or("not yet verified"),
            unsigned: words::UNSIGNED,
            synthetic: head.synthetic.then_some(words::SYNTHETIC),
            inputs: head.includes_inputs.then_some(words::INPUTS),
            not_a_device: words::NOT_A_DEVICE,
            sentence: &summary.sentence,
            scope: &summary.scope,
            tally: tally(summary),
            chance: number::decimal(summary.expected_false_breaks, 2),
            exit: summary.exit,
            harms: record.harms.iter().map(|h| harm(h, links)).collect(),
            checks: record.checks.iter().map(check).collect(),
            axis: Value::from_safe_string(forest::axis()),
            rows: record.claims.iter().map(|c| row(c, head, links)).collect(),
            strata: record.strata.iter().map(stratum).collect(),
            control: control(&record.control),
            limits: &record.limits,
            signers: words::SIGNERS.to_vec(),
        }
    }
}

fn tally(s: &record::Summary) -> Vec<Tally> {
    let all = [
        (Verdict::Holds, s.holds),
        (Verdict::Breaks, s.breaks),
        (Verdict::Undecided, s.undecided),
        (Verdict::Vacuous, s.vacuous),
        (Verdict::NotTested, s.not_tested),
        (Verdict::Measured, s.measured),
    ];
    all.into_iter().map(|(v, n)| Tally { sign: words::verdict(v), n: number::count(n.into()) }).collect()
}

fn harm<'a>(h: &'a record::Harm, links: &'a Links) -> Harm<'a> {
    Harm {
        scenario: &h.scenario,
        claim: links.claims.get(&h.scenario).map(String::as_str),
        sentence: &h.sentence,
        estimate: number::estimate(&h.estimate),
        facts: harm_facts(h),
        pair: h.example.as_ref().and_then(|e| links.examples.get(e)).map(String::as_str),
    }
}

fn harm_facts(h: &record::Harm) -> Vec<String> {
    let bound = h.bound.map(|b| format!("bound {}", number::bound(b)));
    let retest = h.retest.map(|c| format!("retest {}", number::ratio(Some(c))));
    let sham = h.sham.map(|c| format!("sham {}", number::ratio(Some(c))));
    let again = match h.confirmed {
        Some(true) => "asked once more: confirmed",
        Some(false) => "asked once more: not seen again",
        None => "seen once (no second answer)",
    };
    let hazard = h.hazard.as_ref().map(|hazard| format!("{}: {}", hazard.id, hazard.severity));
    [bound, retest, sham, Some(again.into()), hazard].into_iter().flatten().collect()
}

fn check(c: &record::Check) -> Check<'_> {
    Check { name: &c.name, value: &c.value, sign: words::state(c.state), note: &c.note }
}

fn row<'a>(claim: &'a record::Claim, head: &Head, links: &'a Links) -> Row<'a> {
    let sign = sign(claim.verdict, head);
    let line = claim.deciding();
    let beside = claim.beside.first().filter(|_| line.is_none());
    let estimate = line.map_or_else(|| beside.and_then(|b| b.estimate.as_ref()), |l| l.estimate.as_ref());
    let or_nothing = |text: Option<String>| text.unwrap_or_else(|| NOTHING.into());
    Row {
        id: &claim.id,
        anchor: links.claims.get(&claim.id).map_or("", String::as_str),
        text: &claim.text,
        gate: claim.gate,
        about: about(claim, line, beside),
        events: or_nothing(estimate.map(number::out_of)),
        drawing: line.and_then(|l| forest::row(l, sign.class)).map(Value::from_safe_string),
        estimate: or_nothing(estimate.map(number::estimate)),
        retest: number::ratio(line.and_then(|l| l.retest)),
        sham: number::ratio(line.and_then(|l| l.sham)),
        bound: or_nothing(line.map(|l| number::directed(l.bound, l.at_most))),
        envelope: if head.interim.is_some() { NOTHING } else { claim.envelope.as_deref().unwrap_or(NOTHING) },
        sign,
        why: if head.interim.is_some() || claim.verdict == Verdict::Holds { "" } else { &claim.why },
        family: family(claim, head),
    }
}

fn about(claim: &record::Claim, line: Option<&record::Line>, beside: Option<&record::Beside>) -> String {
    let (title, at) = match (line, beside) {
        (Some(l), _) => (&l.title, &l.at),
        (None, Some(b)) => (&b.title, &b.at),
        (None, None) => return String::new(),
    };
    let of =
        if claim.lines.len() > 1 { format!(" · the worst of {} lines", claim.lines.len()) } else { String::new() };
    if at.is_empty() { format!("{title}{of}") } else { format!("{title} · {at}{of}") }
}

fn stratum(s: &record::Stratum) -> Stratum<'_> {
    Stratum { name: &s.name, groups: s.groups.iter().map(|(g, n)| (g.as_str(), number::count(*n))).collect() }
}

/// What the control arm answered, counts first.
fn control(o: &Outcomes) -> Vec<(&'static str, String)> {
    let [right, wrong, abstains, unusable] = words::OUTCOMES;
    let all = o.right + o.wrong + o.abstains + o.unusable + o.failed;
    let said = |n: u64| {
        if all == 0 {
            number::count(n)
        } else {
            format!("{} ({})", number::count(n), number::share(n as f64 / all as f64))
        }
    };
    let counts =
        [(right, o.right), (wrong, o.wrong), (abstains, o.abstains), (unusable, o.unusable), ("failed", o.failed)];
    counts.into_iter().map(|(word, n)| (word, said(n))).collect()
}
