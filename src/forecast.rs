//! What a plan can show, before anything is asked: eligible cases, deciding numbers of events, chances, calls, cost.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use bedside_perturbations::{Needs, Target};

use crate::case::Case;
use crate::cohort::{Cohort, CohortError};
use crate::metrics::{self, Facts};
use crate::plan::{Plan, Trial};
use crate::scenario::{Accept, Sweep};
use crate::shift::is_among;
use crate::stats::{self, Bound, Sample};
use crate::treatment::{Given, PlannedStep, Treatment};
use crate::words;

/// What a plan can show.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecast {
    /// Trials.
    pub trials: u64,
    /// Trials that are known beforehand not to apply (history steps are tried on the histories; pictures are not).
    pub unfit: u64,
    /// One entry per accept line.
    pub lines: Vec<LineForecast>,
    /// The chance that every claim holds if every true rate is 0, ¼ and ½ of its bound, taking claims as independent; `None`
    /// where a line promises nothing.
    pub all_hold: Option<[f64; 3]>,
    /// Prompt and completion tokens, as far as they can be told beforehand.
    pub tokens: Option<(u64, u64)>,
    /// Money, where the model's card states prices.
    pub cost: Option<f64>,
    /// The answers that have to be waited for, where the model is not part of this program.
    pub waits: Option<u64>,
}

/// What one accept line can show.
#[derive(Debug, Clone, PartialEq)]
pub struct LineForecast {
    /// The scenario's id.
    pub scenario: String,
    /// The metric's id, with `among`.
    pub metric: String,
    /// The bound.
    pub bound: Bound,
    /// Cases that can enter the denominator, at the judged level that has the fewest.
    pub cases: u64,
    /// Their patients.
    pub patients: u64,
    /// What so many patients promise; `None` where the line is judged net of the floor: how far flips must lie above a floor
    /// that nobody has measured yet depends on it and on how the two go together.
    pub promise: Option<Promise>,
}

/// With which chance a bound is decided, one case of each patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Promise {
    /// The events that decide.
    pub thresholds: stats::Thresholds,
    /// The chance to hold if the true rate is 0, ¼ and ½ of the bound (for a floor: 1, and that far from 1).
    pub hold: [f64; 3],
    /// The chance to break if the true rate lies 5, 10 and 20 percentage points beyond the bound; `None` where there is no
    /// such rate.
    pub find: [Option<f64>; 3],
}

/// What a sum of two shares may be off by.
const ROUNDING: f64 = 1e-12;

/// What so many patients promise of a bound. Nothing is known of the clustering before anything is asked: a patient's
/// cases may all agree, so each patient counts as one case.
#[must_use]
pub fn promise(patients: u64, bound: Bound) -> Promise {
    let sample = Sample::independent(patients);
    let inside = |share: f64| match bound {
        Bound::AtMost(value) => value * share,
        Bound::AtLeast(value) => 1.0 - (1.0 - value) * share,
    };
    let beyond = |points: f64| match bound {
        Bound::AtMost(value) => value + points,
        Bound::AtLeast(value) => value - points,
    };
    let find = |points: f64| {
        // A bound of 80 % leaves room for 20 points, whatever the sum of the two rounds to.
        let rate = beyond(points);
        let fits = (-ROUNDING..=1.0 + ROUNDING).contains(&rate);
        fits.then(|| stats::chance_to_break(sample, bound, rate.clamp(0.0, 1.0)))
    };
    Promise {
        thresholds: stats::thresholds(sample, bound),
        hold: [0.0, 0.25, 0.5].map(|share| stats::chance_to_hold(sample, bound, inside(share))),
        find: [0.05, 0.1, 0.2].map(find),
    }
}

impl LineForecast {
    /// Whether it cannot hold even with no contrary event. Net of a floor only the number of patients can tell.
    #[must_use]
    pub fn is_hopeless(&self) -> bool {
        let never = self.promise.is_some_and(|promise| promise.thresholds.holds.is_none());
        never || self.patients < stats::LEAST_PATIENTS
    }
}

/// Looks ahead.
///
/// # Errors
/// [`CohortError`] when a case cannot be read.
pub fn forecast(plan: &Plan, cohort: &dyn Cohort) -> Result<Forecast, CohortError> {
    let fits = Fits::of(plan, cohort)?;
    let lines: Vec<LineForecast> = plan
        .scenarios
        .iter()
        .enumerate()
        .flat_map(|(index, scenario)| scenario.accept.iter().map(move |accept| (index, accept)))
        .map(|(index, accept)| line(plan, &fits, index, accept))
        .collect();
    let promises: Option<Vec<Promise>> = lines.iter().map(|line| line.promise).collect();
    let all =
        |promises: Vec<Promise>| [0, 1, 2].map(|at: usize| promises.iter().filter_map(|p| p.hold.get(at)).product());
    let fit = |trial: &&Trial| !fits.is_unfit(trial.treatment as usize, trial.case as usize);
    let asked: Vec<&Trial> = plan.trials.iter().filter(fit).collect();
    let trials = plan.trials.len() as u64;
    let unfit = trials - asked.len() as u64;
    let tokens = tokens(plan, &asked);
    let instrument = plan.model.get("instrument").and_then(serde_json::Value::as_bool).unwrap_or(false);
    let waits = (!instrument).then_some(trials - unfit);
    Ok(Forecast { trials, unfit, all_hold: promises.map(all), lines, tokens, cost: cost(plan, tokens), waits })
}

/// Which history treatments do not apply to which cases, found by trying them.
struct Fits {
    unfit: BTreeSet<(usize, usize)>,
    given: BTreeSet<(usize, usize)>,
}

impl Fits {
    fn of(plan: &Plan, cohort: &dyn Cohort) -> Result<Self, CohortError> {
        let given = plan.trials.iter().map(|trial| (trial.treatment as usize, trial.case as usize)).collect();
        let mut fits = Self { unfit: BTreeSet::new(), given };
        for (index, planned) in plan.cases.iter().enumerate() {
            let case = cohort.case(planned.number)?;
            for treatment in 0..plan.treatments.len() {
                if fits.given.contains(&(treatment, index)) && !applies(plan, treatment, index, &case) {
                    fits.unfit.insert((treatment, index));
                }
            }
        }
        Ok(fits)
    }

    fn is_unfit(&self, treatment: usize, case: usize) -> bool {
        self.unfit.contains(&(treatment, case))
    }

    fn exposes(&self, treatment: usize, case: usize) -> bool {
        self.given.contains(&(treatment, case)) && !self.is_unfit(treatment, case)
    }
}

/// Tries the history steps of a treatment on a case's words. Steps on pictures are taken to apply.
fn applies(plan: &Plan, treatment: usize, index: usize, case: &Case) -> bool {
    let (Some(what), Some(planned)) = (plan.treatments.get(treatment), plan.cases.get(index)) else { return false };
    let on_words = |step: &PlannedStep| {
        step.card().is_some_and(|card| card.target == Target::History && card.needs != Needs::Donor)
    };
    let needs_box = |step: &PlannedStep| step.card().is_some_and(|card| card.needs == Needs::LesionBox);
    if what.steps.iter().any(needs_box) && case.images.iter().all(|photo| photo.lesion.is_none()) {
        return false;
    }
    let foil = what.foil.and_then(|rule| planned.foils.get(&rule));
    let foil = foil.map(|foil| bedside_perturbations::Foil { id: &foil.id, name: &foil.name, pull: foil.pull });
    let field = planned.fields.get(&treatment).map(String::as_str);
    let given = Given {
        root: plan.seed,
        case: &planned.id,
        draw: 0,
        donor: None,
        foil,
        field,
        language: plan.cohort.language.as_deref(),
    };
    what.applies_to_words(on_words, &case.history, &given)
}

fn line(plan: &Plan, fits: &Fits, scenario: usize, accept: &Accept) -> LineForecast {
    let judged = plan.cells_of(scenario).filter(|cell| accept.speaks_of(cell.position));
    let counts = judged.map(|cell| eligible(plan, fits, scenario, cell.treatment, accept));
    let (cases, patients) = counts.min().unwrap_or((0, 0));
    let bound = if accept.at_most { Bound::AtMost(accept.bound) } else { Bound::AtLeast(accept.bound) };
    let among = accept.among.as_ref().map(|among| format!(" among {}", among_words(among))).unwrap_or_default();
    LineForecast {
        scenario: plan.scenarios.get(scenario).map(|scenario| scenario.id.clone()).unwrap_or_default(),
        metric: format!("{}{}{among}", accept.metric, if accept.net { ", net" } else { "" }),
        bound,
        cases,
        patients,
        promise: (!accept.net).then(|| promise(patients, bound)),
    }
}

/// A group of cases in words.
#[must_use]
pub fn among_words(among: &crate::scenario::Among) -> String {
    use crate::scenario::Among;
    match among {
        Among::Urgent => "urgent".into(),
        Among::Dangerous => "dangerous".into(),
        Among::Stratum(name, value) => format!("{} {value}", name.replace('_', " ")),
    }
}

/// Cases and patients that one cell can put into the denominator. Selections that depend on answers (right at control,
/// safe at control) are not known beforehand; the number is then an upper limit.
fn eligible(plan: &Plan, fits: &Fits, scenario: usize, treatment: usize, accept: &Accept) -> (u64, u64) {
    let scale = &plan.cohort.triage;
    let counts = |index: &usize| {
        plan.cases.get(*index).is_some_and(|case| {
            // Which diagnosis is planted does not matter here, only that one is.
            let field = case.fields.get(&treatment).map(String::as_str);
            let arm = plan.treatments.get(treatment).map(Treatment::arm).unwrap_or_default();
            let facts = Facts { truth: &case.truth, scale, planted: Some(""), field, arm };
            plan.concerns(scenario, *index)
                && fits.exposes(treatment, *index)
                && is_among(accept.among.as_ref(), &facts, &case.strata)
                && metrics::find(&accept.metric).is_none_or(|metric| metric.can_count(facts, accept.on, None, None))
        })
    };
    let cases: Vec<usize> = (0..plan.cases.len()).filter(counts).collect();
    let patients: BTreeSet<&str> =
        cases.iter().filter_map(|case| plan.cases.get(*case)).map(|case| case.patient.as_str()).collect();
    (cases.len() as u64, patients.len() as u64)
}

/// Tokens of the questions and of the answers, from the card's tokens per image and a rule of thumb of four characters a
/// token.
fn tokens(plan: &Plan, asked: &[&Trial]) -> Option<(u64, u64)> {
    let per_image = plan.model.get("tokens_per_image")?.as_u64()?;
    let pictures: u64 = asked.iter().map(|trial| pictures(plan, trial)).sum();
    let words = (plan.protocol.template.len() + plan.protocol.system.len()) as u64 / 4 + 400;
    let asks = asked.len() as u64;
    Some((asks * words + pictures * per_image, asks * 200))
}

/// How many photographs a trial shows: none, another case's or its own. Where some are left out, all are counted.
fn pictures(plan: &Plan, trial: &Trial) -> u64 {
    let steps = plan.treatments.get(trial.treatment as usize).map_or(&[][..], |treatment| &treatment.steps);
    let has = |operator: &str| steps.iter().any(|step| step.operator == operator);
    let shown = if has("wrong_image") { trial.donor.unwrap_or(trial.case) } else { trial.case };
    let of = |case: u32| plan.cases.get(case as usize).map_or(0, |case| case.modalities.len() as u64);
    if has("no_image") { 0 } else { of(shown) }
}

#[expect(clippy::cast_precision_loss, reason = "an estimate of money")]
fn cost(plan: &Plan, tokens: Option<(u64, u64)>) -> Option<f64> {
    let price = plan.model.get("price")?;
    let (prompt, completion) = (price.get(0)?.as_f64()?, price.get(1)?.as_f64()?);
    let (asked, answered) = tokens?;
    Some((asked as f64 * prompt + answered as f64 * completion) / 1e6)
}

/// A chance in whole percent; never rounded to certainty. A dash where there is none.
fn chance(chance: Option<f64>) -> String {
    let Some(chance) = chance else { return "-".into() };
    match chance {
        0.0 => "0 %".into(),
        1.0 => "100 %".into(),
        _ if chance > 0.99 => ">99 %".into(),
        _ if chance < 0.01 => "<1 %".into(),
        _ => words::percent((chance * 100.0).round() / 100.0),
    }
}

/// The plan as text for a person.
#[must_use]
pub fn text(plan: &Plan, forecast: &Forecast) -> String {
    let mut out = String::new();
    // Writing into a string cannot fail.
    let _ = write_head(&mut out, plan, forecast);
    let _ = write_coalitions(&mut out, plan);
    let _ = write_lines(&mut out, forecast);
    let _ = write_tail(&mut out, forecast);
    out
}

fn write_head(out: &mut String, plan: &Plan, forecast: &Forecast) -> std::fmt::Result {
    let patients: BTreeSet<&str> = plan.cases.iter().map(|case| case.patient.as_str()).collect();
    let arms: BTreeMap<u32, u64> = plan.trials.iter().fold(BTreeMap::new(), |mut arms, trial| {
        *arms.entry(trial.treatment).or_default() += 1;
        arms
    });
    writeln!(out, "Plan {}  ·  suite {}  ·  seed {}", &plan.digest()[..12], plan.suite, plan.seed)?;
    writeln!(out, "Cohort    {}: {} cases of {} patients", plan.cohort.name, plan.cases.len(), patients.len())?;
    writeln!(out, "Arms      control × {}, {} other arms", plan.repeats, arms.len().saturating_sub(1))?;
    let asks = forecast.trials - forecast.unfit;
    write!(out, "Asks      {asks}")?;
    if forecast.unfit > 0 {
        write!(out, " ({} trials do not apply to their case)", forecast.unfit)?;
    }
    writeln!(out, "\n")
}

/// How many of the asks go into coalitions of field groups, by scenario.
fn write_coalitions(out: &mut String, plan: &Plan) -> std::fmt::Result {
    for (index, scenario) in plan.scenarios.iter().enumerate() {
        let Sweep::Groups { groups, orders } = &scenario.sweep else { continue };
        let treatments: BTreeSet<usize> = plan.cells_of(index).map(|cell| cell.treatment).collect();
        let asks = plan.trials.iter().filter(|trial| treatments.contains(&(trial.treatment as usize))).count();
        let how = orders.map_or_else(|| "every coalition".into(), |orders| format!("{orders} drawn orders"));
        let known = plan.cases.iter().filter(|case| case.groups.get(&index).is_some_and(|set| *set != 0)).count();
        let (arms, groups) = (treatments.len(), groups.len());
        writeln!(out, "{}: {how} of {groups} field groups, {arms} arms, {asks} asks for {known} cases\n", scenario.id)?;
    }
    Ok(())
}

fn write_lines(out: &mut String, forecast: &Forecast) -> std::fmt::Result {
    let wide = forecast.lines.iter().map(|line| line.scenario.len()).max().unwrap_or(0).max(24);
    writeln!(
        out,
        "{:<wide$} {:<34} {:>8} {:>9} {:>9} {:>9}   chance to hold if the true rate is     to break if it lies",
        "claim", "metric", "bound", "patients", "holds if", "breaks if"
    )?;
    writeln!(out, "{:>1$}   0    ¼ of it   ½ of it   5, 10, 20 points beyond", "", wide + 74)?;
    for line in &forecast.lines {
        let hold = line.promise.map_or([None; 3], |promise| promise.hold.map(Some));
        let find = line.promise.map_or([None; 3], |promise| promise.find);
        let (sign, opposite) = match line.bound {
            Bound::AtMost(_) => ("≤", "≥"),
            Bound::AtLeast(_) => ("≥", "≤"),
        };
        let events = |sign: &str, of: fn(&stats::Thresholds) -> Option<u64>| match line.promise {
            Some(promise) => of(&promise.thresholds).map_or("never".into(), |n| format!("{sign} {n}")),
            None => "-".into(),
        };
        writeln!(
            out,
            "{:<wide$} {:<34} {:>8} {:>9} {:>9} {:>9}   {:>4} {:>9} {:>9}   {:>5} {:>5} {:>5}{}",
            line.scenario,
            line.metric,
            format!("{sign} {}", words::percent(line.bound.value())),
            line.patients,
            events(sign, |thresholds| thresholds.holds),
            events(opposite, |thresholds| thresholds.breaks),
            chance(hold[0]),
            chance(hold[1]),
            chance(hold[2]),
            chance(find[0]),
            chance(find[1]),
            chance(find[2]),
            if line.is_hopeless() { "   cannot hold" } else { "" },
        )?;
    }
    writeln!(out)
}

fn write_tail(out: &mut String, forecast: &Forecast) -> std::fmt::Result {
    let [none, quarter, half] = forecast.all_hold.map_or([None; 3], |all| all.map(Some)).map(chance);
    writeln!(
        out,
        "Chance of exit 0 (every claim holds): {none} if nothing moves, {quarter} at ¼, {half} at ½ of the bounds."
    )?;
    writeln!(out, "A dash: judged net of a floor that is not known before anything is asked, or no such rate exists.")?;
    writeln!(out, "Events are for one case per patient; selections that depend on answers shrink the denominators.")?;
    if let Some((prompt, completion)) = forecast.tokens {
        writeln!(out, "Tokens: about {prompt} in, {completion} out.")?;
    }
    if let Some(asks) = forecast.waits {
        let minutes = asks.div_ceil(8 * 60);
        writeln!(out, "Time: about {minutes} min for every second that an answer takes, with 8 under way.")?;
    }
    if let Some(cost) = forecast.cost {
        writeln!(out, "Cost: about {} in the currency of the model's card.", words::trim(cost, 2))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_chance_is_told_for_a_rate_that_does_not_exist() {
        let has = |bound| promise(100, bound).find.map(|chance| chance.is_some());
        assert_eq!(has(Bound::AtMost(0.1)), [true, true, true]);
        assert_eq!(has(Bound::AtMost(0.8)), [true, true, true], "20 points beyond 80 % is 100 %");
        assert_eq!(has(Bound::AtMost(0.93)), [true, false, false]);
        assert_eq!(has(Bound::AtLeast(0.15)), [true, true, false]);
        assert_eq!(has(Bound::AtLeast(0.2)), [true, true, true]);
    }

    #[test]
    fn a_line_net_of_the_floor_promises_nothing_by_the_rule_for_gross_rates() {
        let line = |promise, patients| LineForecast {
            scenario: "s".into(),
            metric: "flip, net".into(),
            bound: Bound::AtMost(0.1),
            cases: patients,
            patients,
            promise,
        };
        let lines = vec![line(None, 100), line(Some(promise(100, Bound::AtMost(0.1))), 100)];
        let all_hold = None;
        let told = Forecast { trials: 0, unfit: 0, lines, all_hold, tokens: None, cost: None, waits: None };
        let mut out = String::new();
        write_lines(&mut out, &told).unwrap();
        write_tail(&mut out, &told).unwrap();
        let row = |at: usize| out.lines().nth(at).unwrap().split_whitespace().collect::<Vec<_>>();
        assert!(row(2).ends_with(&["100", "-", "-", "-", "-", "-", "-", "-", "-"]), "{out}");
        assert!(!row(3).contains(&"-") && row(3).contains(&"100"), "{out}");
        assert!(out.contains("holds): - if nothing moves"), "{out}");
        assert!(!line(None, 100).is_hopeless() && line(None, 19).is_hopeless());
    }
}
