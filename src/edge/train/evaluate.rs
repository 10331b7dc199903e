//! Measuring weights: on clean cases, with one side missing, with shuffled pixels, and under perturbations.

use std::collections::BTreeMap;

use bedside_perturbations::{History, Level, Stimulus, Stream};
use image::{Rgb, RgbImage};

use super::cases::{asked, in_parallel};
use super::failed;
use crate::case::Case;
use crate::cohort::{Cohort, Scale};
use crate::diagnosis::Lexicon;
use crate::edge::console;
use crate::edge::model::reference::judgement::Judgement;
use crate::edge::model::reference::pixels::Small;
use crate::edge::model::reference::weights::Weights;
use crate::edge::model::reference::{logits, look};
use crate::error::Error;
use crate::foil;
use crate::library::protocol;
use crate::phantom::bayes::Posteriors;
use crate::phantom::{DEFAULT_SEED, Phantoms, diagnoses};
use crate::protocol::Protocol;
use crate::scenario::FoilRule;
use crate::treatment::{Given, PlannedStep, Treatment};
use crate::trial::shown;

/// The seed of the cohort on which the model stands beside the best possible reader: no suite uses it, and nothing of the
/// model, its thresholds or the generator was chosen by what comes out on it.
const BESIDE_SEED: u64 = 60_508_269;
/// The operators with five levels that the card shows.
const GRADED: [&str; 5] = ["defocus", "exposure", "jpeg", "lesion_cut", "leave_k_out"];
/// The operators without levels that the card shows.
const BINARY: [&str; 1] = ["foil_impression"];
/// How many cases are measured between two lines of progress.
const BATCH: usize = 60;
/// The root seed of perturbations and shuffles.
const ROOT: u64 = 1;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Figures {
    /// The cohort's name.
    pub(super) cohort: String,
    /// By what was shown, in the order of the card.
    pub(super) shown: Vec<(String, Tally)>,
    /// Clean accuracy by skin tone.
    pub(super) tones: BTreeMap<String, Tally>,
    /// Clean accuracy by diagnosis.
    pub(super) diagnoses: BTreeMap<String, Tally>,
    /// On a larger cohort that nothing was chosen by, beside the best possible reader.
    pub(super) beside: Vec<Beside>,
    /// That cohort's name.
    pub(super) beside_cohort: String,
}

/// The model beside the best possible reader of the same cases.
#[derive(Debug, Default)]
pub(super) struct Beside {
    /// What was shown.
    pub(super) label: String,
    /// How the model did.
    pub(super) tally: Tally,
    /// By patient, how many cases the model and the best possible reader had right.
    patients: BTreeMap<String, [f64; 2]>,
}

impl Beside {
    /// How many cases the best possible reader had right.
    pub(super) fn best(&self) -> f64 {
        self.patients.values().map(|[_, best]| best).sum()
    }

    /// The model's right cases over the best possible reader's, with 95 % limits: the ratio estimator of a sample of
    /// patients, its variance by linearisation (Cochran, Sampling Techniques, 3rd ed. 1977, section 6.4).
    pub(super) fn share(&self) -> [f64; 3] {
        let (best, patients) = (self.best().max(1.0), self.patients.len().max(2) as f64);
        let share = self.patients.values().map(|[own, _]| own).sum::<f64>() / best;
        let squares: f64 = self.patients.values().map(|[own, best]| (own - share * best) * (own - share * best)).sum();
        let reach = 1.96 * (squares * patients / (patients - 1.0)).sqrt() / best;
        [share, share - reach, share + reach]
    }

    fn add(&mut self, patient: &str, outcome: Outcome, best: bool) {
        self.tally.add(outcome);
        let sums = self.patients.entry(patient.to_owned()).or_default();
        sums[0] += f64::from(u8::from(outcome.right));
        sums[1] += f64::from(u8::from(best));
    }
}

/// Counts of cases.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tally {
    /// Cases that were judged.
    pub(super) cases: usize,
    /// Of these, with the right diagnosis in first place.
    pub(super) right: usize,
    /// Cases that are urgent or worse.
    pub(super) urgent: usize,
    /// Of these, judged less urgent than is safe.
    pub(super) late: usize,
    /// Cases on which the model abstains where it may.
    pub(super) abstains: usize,
}

/// One judgement against the truth.
#[derive(Debug, Clone, Copy)]
struct Outcome {
    right: bool,
    urgent: bool,
    late: bool,
    abstains: bool,
}

impl Tally {
    fn add(&mut self, outcome: Outcome) {
        let count = |yes: bool| usize::from(yes);
        self.cases += 1;
        self.right += count(outcome.right);
        self.urgent += count(outcome.urgent);
        self.late += count(outcome.late);
        self.abstains += count(outcome.abstains);
    }
}

/// Measures weights on `n` phantoms of the default seed, and on `beside` of them beside the best possible reader.
pub(super) fn evaluate(weights: &Weights, n: usize, beside: usize) -> Result<Figures, Error> {
    let cohort = Phantoms::new(n, DEFAULT_SEED);
    let protocol = protocol("structured").and_then(Result::ok).ok_or_else(|| failed(&"no structured protocol"))?;
    let bench = Bench { weights, cohort: &cohort, protocol: &protocol, scale: Scale::default(), arms: arms() };
    let mut figures = Figures {
        cohort: cohort.sheet().name.clone(),
        shown: bench.arms.iter().map(|arm| (arm.label.clone(), Tally::default())).collect(),
        ..Figures::default()
    };
    bench.measure(|_, case, outcomes| figures.add(case, outcomes))?;
    let cohort = Phantoms::new(beside, BESIDE_SEED);
    let arms: Vec<Arm> = arms().into_iter().filter(|arm| arm.best().is_some()).collect();
    figures.beside = arms.iter().map(|arm| Beside { label: arm.label.clone(), ..Beside::default() }).collect();
    figures.beside_cohort.clone_from(&cohort.sheet().name);
    let bench = Bench { cohort: &cohort, arms, ..bench };
    bench.measure(|number, case, outcomes| {
        let best = cohort.posteriors(number);
        for ((arm, beside), outcome) in bench.arms.iter().zip(&mut figures.beside).zip(outcomes) {
            let first = arm.best().and_then(|of| likeliest(of(&best)));
            let best = first.is_some_and(|id| case.truth.accepts(id));
            outcome.iter().for_each(|outcome| beside.add(&case.patient, *outcome, best));
        }
    })?;
    Ok(figures)
}

/// The diagnosis of the greatest chance.
fn likeliest(chances: &[f64]) -> Option<&'static str> {
    let named = diagnoses().into_iter().zip(chances);
    named.max_by(|(_, a), (_, b)| a.total_cmp(b)).map(|(id, _)| id)
}

impl Figures {
    /// Adds one case: an outcome for every arm that applies to it.
    fn add(&mut self, case: &Case, outcomes: &[Option<Outcome>]) {
        for ((_, tally), outcome) in self.shown.iter_mut().zip(outcomes) {
            if let Some(outcome) = outcome {
                tally.add(*outcome);
            }
        }
        if let Some(Some(clean)) = outcomes.first() {
            let tone = case.strata.get("skin_tone").cloned().unwrap_or_default();
            self.tones.entry(tone).or_default().add(*clean);
            self.diagnoses.entry(case.truth.leading().unwrap_or_default().to_owned()).or_default().add(*clean);
        }
    }
}

/// One way of showing a case.
struct Arm {
    label: String,
    what: What,
}

enum What {
    Clean,
    PhotographsOnly,
    HistoryOnly,
    Shuffled,
    Treated(Treatment),
}

impl Arm {
    /// What the best possible reader makes of a case that is shown like this, where that is known.
    fn best(&self) -> Option<for<'p> fn(&'p Posteriors) -> &'p [f64]> {
        match self.what {
            What::Clean => Some(|best| &best.both),
            What::PhotographsOnly => Some(|best| &best.image),
            What::HistoryOnly | What::Shuffled => Some(|best| &best.history),
            What::Treated(_) => None,
        }
    }
}

fn arms() -> Vec<Arm> {
    let plain = [
        ("clean", What::Clean),
        ("photographs only", What::PhotographsOnly),
        ("history only", What::HistoryOnly),
        ("pixels shuffled", What::Shuffled),
    ];
    let graded = GRADED.into_iter().flat_map(|id| Level::ALL.map(|level| (id, Some(level))));
    let binary = BINARY.into_iter().map(|id| (id, None));
    let plain = plain.into_iter().map(|(label, what)| Arm { label: label.into(), what });
    plain.chain(graded.chain(binary).filter_map(|(id, level)| treated(id, level))).collect()
}

/// One operator at one level, over all photographs.
fn treated(id: &str, level: Option<Level>) -> Option<Arm> {
    let dose = level.and_then(|level| PlannedStep::at(id, None).card()?.dose(level));
    let label = level.map_or_else(|| id.to_owned(), |level| format!("{id}, level {}", level.number()));
    let foil = (id == "foil_impression").then_some(FoilRule::Nearest);
    let treatment = Treatment { steps: vec![PlannedStep::at(id, dose)], foil, ..Treatment::control() };
    treatment.steps.first()?.card()?;
    Some(Arm { label, what: What::Treated(treatment) })
}

/// What every case is measured with.
struct Bench<'a> {
    weights: &'a Weights,
    cohort: &'a Phantoms,
    protocol: &'a Protocol,
    scale: Scale,
    arms: Vec<Arm>,
}

impl Bench<'_> {
    /// Gives every case with its number and an outcome per arm that applies to it, in order.
    fn measure(&self, mut give: impl FnMut(usize, &Case, &[Option<Outcome>])) -> Result<(), Error> {
        let n = self.cohort.len();
        for first in (0..n).step_by(BATCH) {
            let numbers: Vec<usize> = (first..(first + BATCH).min(n)).collect();
            let measured = in_parallel(&numbers, |number| self.case(number))?;
            numbers.iter().zip(&measured).for_each(|(number, (case, outcomes))| give(*number, case, outcomes));
            console::say(&format!("measured {} of {n} cases", first + numbers.len()));
        }
        Ok(())
    }

    fn case(&self, number: usize) -> Result<(Case, Vec<Option<Outcome>>), Error> {
        let case = self.cohort.case(number)?;
        let pixels =
            (0..case.images.len()).map(|photo| self.cohort.pixels(&case, photo)).collect::<Result<Vec<_>, _>>()?;
        let clean = shown(&case, pixels, self.protocol.question.clone());
        let seen = self.look(&clean);
        let outcomes = self.arms.iter().map(|arm| self.arm(arm, &case, &clean, &seen)).collect();
        Ok((case, outcomes))
    }

    fn arm(&self, arm: &Arm, case: &Case, clean: &Stimulus, seen: &[Vec<f32>]) -> Option<Outcome> {
        let mut stimulus = clean.clone();
        match &arm.what {
            What::Clean => {}
            What::PhotographsOnly => stimulus.history = History::default(),
            What::HistoryOnly => stimulus.images.clear(),
            What::Shuffled => stimulus.images.iter_mut().for_each(|image| shuffle(&mut image.pixels, &case.id)),
            What::Treated(treatment) => {
                let drawn = treatment.foil.and_then(|rule| {
                    let mut stream = Stream::derive(ROOT, &["foil", &case.id]);
                    foil::choose(rule, &case.truth, Lexicon::embedded(), &mut stream)
                });
                let given = Given {
                    root: ROOT,
                    case: &case.id,
                    draw: 0,
                    donor: None,
                    foil: drawn,
                    field: None,
                    language: None,
                };
                if treatment.apply(&mut stimulus, &given).is_err() {
                    return None;
                }
            }
        }
        let same = stimulus.images == clean.images;
        let seen = if same { seen.to_vec() } else { self.look(&stimulus) };
        Some(self.judge(case, &stimulus, &seen))
    }

    fn look(&self, stimulus: &Stimulus) -> Vec<Vec<f32>> {
        let network = &self.weights.network;
        let one = |image: &bedside_perturbations::Image| look(network, &Small::of(&image.pixels));
        stimulus.images.iter().map(one).collect()
    }

    fn judge(&self, case: &Case, stimulus: &Stimulus, seen: &[Vec<f32>]) -> Outcome {
        let told = asked(self.protocol, stimulus);
        let logits = logits(&self.weights.network, seen, &told);
        let words: Vec<&str> = self.scale.0.iter().map(|step| step.id.as_str()).collect();
        let judgement = Judgement::of(&logits, &self.weights.knowledge, &words);
        let first = judgement.ranked.first().map(|(id, _)| id.as_str());
        let triage = case.truth.triage.as_ref();
        let safe = triage.and_then(|triage| self.scale.rank(&triage.least_urgent_safe)).unwrap_or(usize::MAX);
        let urgent = triage.is_some_and(|triage| self.scale.is_urgent(&triage.ideal));
        Outcome {
            right: first.is_some_and(|id| case.truth.accepts(id)),
            urgent,
            late: urgent && judgement.urgency > safe,
            abstains: judgement.abstains,
        }
    }
}

/// The same pixels in a random order.
fn shuffle(pixels: &mut RgbImage, case: &str) {
    let mut all: Vec<Rgb<u8>> = pixels.pixels().copied().collect();
    Stream::derive(ROOT, &["shuffle", case]).shuffle(&mut all);
    pixels.pixels_mut().zip(all).for_each(|(pixel, new)| *pixel = new);
}

#[cfg(test)]
mod tests {
    use super::{Beside, Outcome};

    #[test]
    fn the_share_is_that_of_right_cases_and_its_interval_that_of_patients() {
        let mut beside = Beside::default();
        let outcome = |right| Outcome { right, urgent: false, late: false, abstains: false };
        for (patient, own, best) in [("a", true, true), ("a", false, true), ("b", true, true), ("c", true, false)] {
            beside.add(patient, outcome(own), best);
        }
        // 3 of 3; residuals −1, 0 and 1: √(2 · 3/2) / 3.
        let [share, low, high] = beside.share();
        assert_eq!((share, beside.best(), beside.tally.cases), (1.0, 3.0, 4));
        assert!(
            (high - share - 1.96 / 3.0_f64.sqrt()).abs() < 1e-12 && (share - low - 1.96 / 3.0_f64.sqrt()).abs() < 1e-12
        );
    }
}
