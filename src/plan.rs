//! A plan: every trial, in order, before the first request is sent; hashed, so that nothing can move afterwards.

pub mod coalitions;
mod donors;
mod fields;
mod label;
mod layout;

pub use fields::of_case as field_of_case;
pub use label::label;
pub use layout::{cells_of, treated_with};

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::{Modality, Stream};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::case::{Case, Truth};
use crate::cohort::{Cohort, CohortError, Exclusion, Scale};
use crate::diagnosis::Lexicon;
use crate::foil;
use crate::protocol::Protocol;
use crate::request::hex;
use crate::scenario::{FoilRule, Scenario, Select, Suite};
use crate::seed;
use crate::treatment::{Channel, Role, Treatment};
use coalitions::Orders;

/// The version of the plan's format.
pub const FORMAT: u32 = 1;

/// How many patients share a block: an interrupted run leaves complete blocks, and drift of a hosted model meets all
/// arms of a patient alike.
const BLOCK: usize = 4;

/// Every trial of a run, and all that its verdicts will depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// [`FORMAT`].
    pub format: u32,
    /// The version of Bedside that made it; operators may change between versions.
    pub version: String,
    /// The suite's id.
    pub suite: String,
    /// The root seed.
    pub seed: u64,
    /// Control repeats (control and retests together).
    pub repeats: u32,
    /// Draws of every other arm.
    pub draws: u32,
    /// The model as asked for, with its card, as JSON.
    pub model: serde_json::Value,
    /// The protocol, whole.
    pub protocol: Protocol,
    /// The cohort.
    pub cohort: CohortHead,
    /// The scenarios with their bounds, whole.
    pub scenarios: Vec<Scenario>,
    /// The distinct things that are done to cases; the first is the control.
    pub treatments: Vec<Treatment>,
    /// Which treatment stands for which cell of which scenario.
    pub cells: Vec<Cell>,
    /// The orders in which field groups join, by the number of the scenario that draws them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub orders: BTreeMap<usize, Orders>,
    /// The cases, sorted by id.
    pub cases: Vec<PlannedCase>,
    /// The trials in the order in which they are asked.
    pub trials: Vec<Trial>,
}

/// What a plan keeps of the cohort's data sheet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CohortHead {
    /// Its name.
    pub name: String,
    /// Its licence.
    pub licence: String,
    /// How to cite it.
    pub citation: Option<String>,
    /// Whether every case is invented.
    pub synthetic: bool,
    /// Its triage scale.
    pub triage: Scale,
    /// How many cases were listed before exclusions and limits.
    pub listed: usize,
    /// The cases left out, with reasons.
    pub exclusions: Vec<Exclusion>,
    /// What a user has to know.
    pub warnings: Vec<String>,
    /// The language of the histories as a BCP 47 tag, where it is not English.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
}

/// One cell of a scenario: what it does at one position of its sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    /// Index of the scenario.
    pub scenario: usize,
    /// Index of the treatment.
    pub treatment: usize,
    /// The cell in words, e.g. "L2, radius 1 %".
    pub label: String,
    /// Its place on the sweep: the level's number, or the share that is missing; `None` where nothing is swept.
    pub position: Option<f64>,
    /// Its part in a factorial, or the coalition that it tells; [`CellPart::Whole`] otherwise.
    pub part: CellPart,
}

impl Cell {
    /// Whether it is one coalition of field groups of many, which say something together only.
    #[must_use]
    pub const fn is_coalition(&self) -> bool {
        matches!(self.part, CellPart::Coalition(_))
    }
}

/// The part of a cell in a factorial or among coalitions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CellPart {
    /// No factorial.
    Whole,
    /// The image side alone.
    ImageOnly,
    /// The history side alone.
    HistoryOnly,
    /// Both.
    Both,
    /// No factorial, but the field groups of a set told, a bit each, and nothing else of the history.
    Coalition(u32),
}

/// What a plan keeps of a case: what verdicts need, and a digest of the rest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedCase {
    /// Its number in the cohort that the plan was made from; not part of the plan, which does not depend on order.
    #[serde(skip)]
    pub number: usize,
    /// The id.
    pub id: String,
    /// The patient.
    pub patient: String,
    /// SHA-256 of the case as JSON, which holds the digests of its photographs.
    pub digest: String,
    /// The truth.
    pub truth: Truth,
    /// The strata.
    pub strata: BTreeMap<String, String>,
    /// What took its photographs, one entry per photograph.
    pub modalities: Vec<Modality>,
    /// Whether anything is told in its history.
    pub told: bool,
    /// The foils chosen for it, by rule.
    pub foils: BTreeMap<FoilRule, PlannedFoil>,
    /// The field that a treatment is about which says only how much it matters, by the treatment's number: one that the
    /// history tells, chosen by seed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<usize, String>,
    /// The field groups of which its history tells something, a bit each, by the number of the scenario that has them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<usize, u32>,
}

/// A foil chosen for a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedFoil {
    /// The canonical id.
    pub id: String,
    /// The name as it will be written.
    pub name: String,
    /// Which way it pulls.
    pub pull: bedside_perturbations::Pull,
}

/// One trial: one question to the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trial {
    /// Index of the case.
    pub case: u32,
    /// Index of the treatment.
    pub treatment: u32,
    /// The repeat (control) or draw (any other treatment), counted from 0.
    pub repeat: u32,
    /// Index of the case that is the donor, where one is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub donor: Option<u32>,
}

/// What a plan is made from.
#[derive(Debug)]
pub struct Design<'a> {
    /// The suite.
    pub suite: &'a Suite,
    /// The protocol.
    pub protocol: &'a Protocol,
    /// The cases.
    pub cohort: &'a dyn Cohort,
    /// The lexicon that foils are chosen from.
    pub lexicon: &'a Lexicon,
    /// The model's card, as JSON.
    pub model: serde_json::Value,
    /// The most cases, in order of their ids.
    pub limit: Option<usize>,
}

impl Plan {
    /// The place of the control among the treatments.
    pub const CONTROL: usize = 0;

    /// Lists every trial.
    ///
    /// # Errors
    /// [`CohortError`] when a case cannot be read.
    pub fn make(design: &Design<'_>) -> Result<Self, CohortError> {
        let orders = coalitions::draw(&design.suite.scenarios, design.suite.seed);
        let (drafted, _) = layout::lay_out(&design.suite.scenarios, &orders, &[]);
        let mut cases = read_cases(design, &drafted)?;
        let (treatments, cells) = layout::lay_out(&design.suite.scenarios, &orders, &cases);
        fields::renumber(&mut cases, &drafted, &treatments);
        let mut plan = Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            suite: design.suite.id.clone(),
            seed: design.suite.seed,
            repeats: design.suite.repeats,
            draws: design.suite.draws,
            model: design.model.clone(),
            protocol: design.protocol.clone(),
            cohort: head(design.cohort),
            scenarios: design.suite.scenarios.clone(),
            treatments,
            cells,
            orders,
            cases,
            trials: Vec::new(),
        };
        plan.choose_foils(design.lexicon);
        plan.trials = plan.order(plan.list_trials());
        Ok(plan)
    }

    /// SHA-256 of the plan as JSON, lower-case hex. Everything that a verdict depends on is in it.
    #[must_use]
    pub fn digest(&self) -> String {
        struct Sink(Sha256);
        impl std::io::Write for Sink {
            fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
                self.0.update(bytes);
                Ok(bytes.len())
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let mut sink = Sink(Sha256::new());
        // Plain data into a sink that takes everything: this cannot fail.
        let written = serde_json::to_writer(&mut sink, self);
        debug_assert!(written.is_ok());
        hex(&sink.0.finalize())
    }

    /// Finds this plan's cases in a cohort by their ids; false when one is not there.
    pub fn find_in(&mut self, cohort: &dyn Cohort) -> bool {
        let ids = (0..cohort.len()).filter_map(|number| Some((cohort.case(number).ok()?.id, number)));
        let numbers: BTreeMap<String, usize> = ids.collect();
        self.cases.iter_mut().all(|case| numbers.get(&case.id).map(|number| case.number = *number).is_some())
    }

    /// The cells of a scenario, in order.
    pub fn cells_of(&self, scenario: usize) -> impl Iterator<Item = &Cell> {
        self.cells.iter().filter(move |cell| cell.scenario == scenario)
    }

    /// The treatment of that role, if the plan has it.
    #[must_use]
    pub fn treatment_of(&self, role: Role) -> Option<usize> {
        self.treatments.iter().position(|treatment| treatment.role == role)
    }

    /// The shams of a channel that a treatment is set against, the most alike first: where it only takes away, a field
    /// dropped that says nothing (not every case has one); otherwise an edit that takes nothing away.
    #[must_use]
    pub fn shams_of(&self, treatment: usize, channel: Channel) -> Vec<usize> {
        let removes = self.treatments.get(treatment).is_some_and(|what| what.only_removes(channel));
        let is_one = |sham: &Treatment| sham.role == Role::Sham(channel) && (removes || !sham.only_removes(channel));
        let places = self.treatments.iter().enumerate().filter(|(_, sham)| is_one(sham));
        places.map(|(place, _)| place).collect()
    }

    /// Whether a scenario is about a case.
    #[must_use]
    pub fn concerns(&self, scenario: usize, case: usize) -> bool {
        let (Some(scenario), Some(case)) = (self.scenarios.get(scenario), self.cases.get(case)) else { return false };
        selects(&scenario.select, case, &self.cohort.triage)
    }

    fn choose_foils(&mut self, lexicon: &Lexicon) {
        let rules: BTreeSet<FoilRule> = self.treatments.iter().filter_map(|treatment| treatment.foil).collect();
        self.choose_foils_by(&rules, lexicon);
    }

    /// Chooses a foil by every rule, whether or not a treatment needs it; for previews.
    pub fn choose_every_foil(&mut self, lexicon: &Lexicon) {
        self.choose_foils_by(&[FoilRule::Nearest, FoilRule::Random, FoilRule::DangerousToBenign].into(), lexicon);
    }

    fn choose_foils_by(&mut self, rules: &BTreeSet<FoilRule>, lexicon: &Lexicon) {
        for case in &mut self.cases {
            for rule in rules {
                let mut stream = seed::of_plan(self.seed, "foil", &case.id);
                if let Some(foil) = foil::choose(*rule, &case.truth, lexicon, &mut stream) {
                    let foil = PlannedFoil { id: foil.id.into(), name: foil.name.into(), pull: foil.pull };
                    case.foils.insert(*rule, foil);
                }
            }
        }
    }

    /// The trial at that place of the store, and whether it is asked once more: the places of the plan come first, then
    /// those of the same trials again, in the same order.
    #[must_use]
    pub fn asked(&self, ordinal: u64) -> Option<(Trial, bool)> {
        let place = usize::try_from(ordinal).ok()?;
        let again = place >= self.trials.len();
        let place = if again { place - self.trials.len() } else { place };
        self.trials.get(place).map(|trial| (*trial, again))
    }

    /// Which repetition a trial is to the model. Draws are not repeats: every arm but the control is asked as the control's
    /// first repeat was; what is asked once more, as none was.
    #[must_use]
    pub const fn repeat_of(&self, trial: Trial, again: bool) -> u32 {
        match trial {
            _ if again => self.repeats,
            Trial { treatment: 0, repeat, .. } => repeat,
            _ => 0,
        }
    }

    /// The place in the store of a trial that is asked once more.
    #[must_use]
    pub fn place_again(&self, ordinal: u64) -> u64 {
        self.trials.len() as u64 + ordinal
    }

    /// Every trial, treatment by treatment.
    fn list_trials(&self) -> Vec<Trial> {
        (0..self.treatments.len()).flat_map(|treatment| self.trials_of(treatment)).collect()
    }

    fn trials_of(&self, treatment: usize) -> Vec<Trial> {
        let Some(what) = self.treatments.get(treatment) else { return Vec::new() };
        let mut concerned: Vec<usize> = (0..self.cases.len()).filter(|case| self.is_given(treatment, *case)).collect();
        let donors = what.donor.map(|_| self.donors_of(what, &concerned));
        if let Some(donors) = &donors {
            concerned.retain(|case| donors.contains_key(case));
        }
        let repeats = if what.role == Role::Control { self.repeats } else { self.draws };
        let trial = |case: usize, repeat| Trial {
            case: index(case),
            treatment: index(treatment),
            repeat,
            donor: donors.as_ref().and_then(|donors| donors.get(&case)).map(|donor| index(*donor)),
        };
        concerned.iter().flat_map(|case| (0..repeats).map(move |repeat| trial(*case, repeat))).collect()
    }

    /// Which case lends its photographs or its history to which of the concerned ones: never the same patient, each at most
    /// once. Who finds no donor is absent, and so is everyone where the treatment needs none.
    #[must_use]
    pub fn donors_of(&self, treatment: &Treatment, concerned: &[usize]) -> BTreeMap<usize, usize> {
        let Some(rule) = treatment.donor else { return BTreeMap::new() };
        let mut stream = seed::of_plan(self.seed, "donor", &treatment.key());
        donors::assign(&self.cases, concerned, rule, &mut stream)
    }

    /// Whether a case is given a treatment: everyone the control, whoever has the channel its sham and positive
    /// control, and whoever a scenario is about its cells.
    fn is_given(&self, treatment: usize, case: usize) -> bool {
        let (Some(what), Some(facts)) = (self.treatments.get(treatment), self.cases.get(case)) else { return false };
        if what.foil.is_some_and(|rule| !facts.foils.contains_key(&rule)) {
            return false;
        }
        if what.field.is_some() && !facts.fields.contains_key(&treatment) {
            return false;
        }
        let has = |channel| match channel {
            Channel::Image => !facts.modalities.is_empty(),
            Channel::History => facts.told,
        };
        if what.channels().contains(&Channel::Image) && !has(Channel::Image) {
            return false;
        }
        let shared = match what.role {
            Role::Control => true,
            Role::Sham(channel) | Role::Positive(channel) => has(channel),
            Role::Treated => false,
        };
        let mut cells = self.cells.iter().filter(|cell| cell.treatment == treatment);
        shared || cells.any(|cell| self.concerns(cell.scenario, case) && self.asks(cell, case))
    }

    /// Whether a cell asks a case at all: of coalitions only those of the groups that it knows.
    #[must_use]
    pub fn asks(&self, cell: &Cell, case: usize) -> bool {
        let CellPart::Coalition(told) = cell.part else { return true };
        let known = self.cases.get(case).and_then(|case| case.groups.get(&cell.scenario)).copied().unwrap_or(0);
        coalitions::is_asked(told, known, self.orders.get(&cell.scenario))
    }

    /// Seeded blocks of patients; all trials of a patient in one block, shuffled within it.
    fn order(&self, trials: Vec<Trial>) -> Vec<Trial> {
        let mut patients: Vec<&str> = self.cases.iter().map(|case| case.patient.as_str()).collect();
        patients.sort_unstable();
        patients.dedup();
        seed::of_plan(self.seed, "patients", "").shuffle(&mut patients);
        let block_of: BTreeMap<&str, usize> =
            patients.iter().enumerate().map(|(place, patient)| (*patient, place / BLOCK)).collect();
        let mut blocks: BTreeMap<usize, Vec<Trial>> = BTreeMap::new();
        for trial in trials {
            let patient = self.cases.get(trial.case as usize).map_or("", |case| case.patient.as_str());
            blocks.entry(block_of.get(patient).copied().unwrap_or(0)).or_default().push(trial);
        }
        let shuffled = |(number, mut block): (usize, Vec<Trial>)| {
            let mut stream: Stream = seed::of_plan(self.seed, "block", &number.to_string());
            stream.shuffle(&mut block);
            block
        };
        blocks.into_iter().flat_map(shuffled).collect()
    }
}

/// Whether a scenario's selection includes a case.
fn selects(select: &Select, case: &PlannedCase, scale: &Scale) -> bool {
    let urgent = case.truth.triage.as_ref().is_some_and(|triage| scale.is_urgent(&triage.ideal));
    let modality = select.modality.is_empty() || case.modalities.iter().any(|taken| select.modality.contains(taken));
    let strata = select.strata.iter().all(|(name, values)| case.strata.get(name).is_some_and(|v| values.contains(v)));
    modality
        && strata
        && select.dangerous.is_none_or(|wanted| wanted == case.truth.dangerous)
        && select.urgent.is_none_or(|wanted| wanted == urgent)
}

fn head(cohort: &dyn Cohort) -> CohortHead {
    let sheet = cohort.sheet();
    let mut exclusions: Vec<Exclusion> = sheet.exclusions.iter().chain(cohort.exclusions()).cloned().collect();
    exclusions.sort();
    CohortHead {
        name: sheet.name.clone(),
        licence: sheet.licence.clone(),
        citation: sheet.citation.clone(),
        synthetic: sheet.synthetic,
        triage: sheet.triage.clone(),
        listed: cohort.listed() + sheet.exclusions.len(),
        exclusions,
        warnings: sheet.warnings.clone(),
        language: sheet.foreign_language().map(str::to_owned),
    }
}

fn read_cases(design: &Design<'_>, treatments: &[Treatment]) -> Result<Vec<PlannedCase>, CohortError> {
    let table = &design.cohort.sheet().necessity;
    let read = |number| {
        let case = design.cohort.case(number)?;
        let fields = fields::all(treatments, &case, table, design.suite.seed);
        let known = |scenario: &Scenario| Some(coalitions::known(coalitions::groups(scenario)?, &case.history));
        let groups = design.suite.scenarios.iter().enumerate().filter_map(|(index, one)| Some((index, known(one)?)));
        Ok(PlannedCase { fields, groups: groups.collect(), ..keep(number, &case) })
    };
    let cases = (0..design.cohort.len()).map(read);
    let mut cases: Vec<PlannedCase> = cases.collect::<Result<_, CohortError>>()?;
    cases.sort_by(|a, b| a.id.cmp(&b.id));
    cases.truncate(design.limit.unwrap_or(usize::MAX));
    Ok(cases)
}

fn keep(number: usize, case: &Case) -> PlannedCase {
    PlannedCase {
        number,
        id: case.id.clone(),
        patient: case.patient.clone(),
        digest: case_digest(case),
        truth: case.truth.clone(),
        strata: case.strata.clone(),
        modalities: case.images.iter().map(|photo| photo.modality).collect(),
        told: !case.history.is_empty(),
        foils: BTreeMap::new(),
        fields: BTreeMap::new(),
        groups: BTreeMap::new(),
    }
}

/// SHA-256 of a case as JSON.
#[must_use]
pub fn case_digest(case: &Case) -> String {
    hex(&Sha256::digest(serde_json::to_vec(case).unwrap_or_default()))
}

#[expect(clippy::cast_possible_truncation, reason = "a plan holds fewer than 2^32 cases and treatments")]
const fn index(number: usize) -> u32 {
    number as u32
}
