//! `bedside plan`, and the design that `run` shares with it.

use std::sync::Arc;

use glob::Pattern;

use super::args::{DesignArgs, PlanArgs};
use crate::cohort::Cohort;
use crate::diagnosis::Lexicon;
use crate::edge::console;
use crate::edge::folder::Folder;
use crate::edge::model::ModelCard;
use crate::edge::model::spec::{Opened, Spec};
use crate::edge::open;
use crate::error::Error;
use crate::exit::Exit;
use crate::forecast::{self, Forecast};
use crate::plan::{Design, Plan};
use crate::scenario::Suite;

/// Everything that a run needs.
pub(super) struct Ready {
    pub(super) plan: Plan,
    pub(super) cohort: Arc<dyn Cohort>,
    pub(super) cases: String,
}

/// Opens what was named and makes the plan for the model of that card.
pub(super) fn ready(suite: Suite, card: &ModelCard, args: &DesignArgs) -> Result<Ready, Error> {
    let protocol = open::protocol(&suite.protocol)?;
    let cohort = open::cases(&suite.cases)?;
    refuse(card, cohort.as_ref())?;
    let card = serde_json::to_value(card).map_err(|error| Error::Internal(error.to_string()))?;
    let design = Design {
        suite: &suite,
        protocol: &protocol,
        cohort: cohort.as_ref(),
        lexicon: Lexicon::embedded(),
        model: card,
        limit: args.limit,
    };
    let plan = Plan::make(&design)?;
    if plan.cases.is_empty() {
        let excluded = plan.cohort.exclusions.iter().map(|e| format!("\n  {}: {}", e.case, e.reason));
        return Err(Error::at(&suite.cases, format!("no case is left{}", excluded.collect::<String>())));
    }
    Ok(Ready { plan, cohort, cases: suite.cases })
}

/// The suite with what the command line changes of it.
pub(super) fn suite(args: &DesignArgs) -> Result<Suite, Error> {
    let mut suite = open::suite(&args.what)?;
    if let Some(only) = &args.only {
        let all: Vec<String> = suite.scenarios.iter().map(|scenario| scenario.id.clone()).collect();
        let patterns = patterns(only)?;
        suite.scenarios.retain(|scenario| patterns.iter().any(|pattern| pattern.matches(&scenario.id)));
        if suite.scenarios.is_empty() {
            return Err(Error::Usage(format!("--only {only} matches none of {}", all.join(", "))));
        }
    }
    suite.cases = args.cases.clone().unwrap_or(suite.cases);
    suite.model = args.model.clone().unwrap_or(suite.model);
    suite.protocol = args.protocol.clone().unwrap_or(suite.protocol);
    suite.seed = args.seed.unwrap_or(suite.seed);
    suite.repeats = args.repeats.unwrap_or(suite.repeats);
    Ok(suite)
}

/// The patterns of `--only`, with commas between.
fn patterns(only: &str) -> Result<Vec<Pattern>, Error> {
    let one = |text: &str| Pattern::new(text.trim()).map_err(|error| Error::Usage(format!("--only {text}: {error}")));
    only.split(',').map(one).collect()
}

/// Opens a model.
pub(super) fn model(name: &str, url: Option<&str>, seed: u64) -> Result<Opened, Error> {
    Spec::parse(name).map_err(|error| setup(name, &error))?.open(url, seed).map_err(|error| setup(name, &error))
}

/// The card of a model that is not going to be asked.
fn card(name: &str, url: Option<&str>, seed: u64) -> Result<ModelCard, Error> {
    Spec::parse(name).map_err(|error| setup(name, &error))?.card(url, seed).map_err(|error| setup(name, &error))
}

fn setup(name: &str, error: &dyn std::fmt::Display) -> Error {
    Error::ModelSetup(format!("--model {name}: {error}"))
}

/// A model that has only ever seen drawings does not take real cases.
fn refuse(card: &ModelCard, cohort: &dyn Cohort) -> Result<(), Error> {
    if card.takes_real_cases || cohort.sheet().synthetic {
        return Ok(());
    }
    Err(Error::ModelSetup(format!(
        "{} has only ever seen drawn phantoms, so what it says of real patients means nothing; it takes cohorts that are \
         marked `synthetic: true`, and {} is not. Name another model with --model",
        card.id,
        cohort.sheet().name
    )))
}

pub(super) fn plan(args: &PlanArgs) -> Result<u8, Error> {
    let suite = suite(&args.design)?;
    let card = card(&suite.model, args.design.url.as_deref(), suite.seed)?;
    let notes = suite.notes.as_ref().map(|notes| format!("\n\nNotes: {notes}")).unwrap_or_default();
    let ready = ready(suite, &card, &args.design)?;
    super::run::mention(&ready.plan);
    let forecast = forecast::forecast(&ready.plan, ready.cohort.as_ref())?;
    if args.json {
        super::put(&super::json(&ready.plan)?)?;
    } else {
        super::put(&format!("{}{notes}", forecast::text(&ready.plan, &forecast).trim_end()))?;
    }
    if let Some(out) = &args.lock {
        lock(&ready, &forecast, out)?;
    }
    Ok(Exit::Holds.code())
}

/// Seals the plan; refuses claims that cannot hold even without a single event.
fn lock(ready: &Ready, forecast: &Forecast, out: &std::path::Path) -> Result<(), Error> {
    let hopeless: Vec<String> = forecast
        .lines
        .iter()
        .filter(|line| line.is_hopeless())
        .map(|line| format!("\n  {} ({}): {} patients", line.scenario, line.metric, line.patients))
        .collect();
    if !hopeless.is_empty() {
        let why = "these claims cannot hold even if nothing moves; use more cases or wider bounds:";
        return Err(Error::Usage(format!("the plan is not sealed: {why}{}", hopeless.concat())));
    }
    let folder = Folder::make(out)?;
    let digest = ready.plan.digest();
    folder.seal(&ready.plan, &digest)?;
    console::say(&format!("Sealed {digest} in {}", folder.path().display()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::patterns;

    fn kept(only: &str) -> Vec<&'static str> {
        let patterns = patterns(only).unwrap();
        ["age-false", "age-gone", "blur"].into_iter().filter(|id| patterns.iter().any(|one| one.matches(id))).collect()
    }

    #[test]
    fn only_is_a_list_of_patterns() {
        assert_eq!(kept("age-*"), ["age-false", "age-gone"]);
        assert_eq!(kept("blur, *-gone"), ["age-gone", "blur"]);
        assert_eq!(kept("b?ur"), ["blur"]);
        assert_eq!(kept("bl"), [""; 0]);
        assert!(patterns("age-[").unwrap_err().to_string().contains("--only age-["));
    }
}
