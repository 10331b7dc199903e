//! The bridge to the pipeline: the answers of one reader to one question as a plan with its slots.
//!
//! The plan says what a run's plan says, cases, arms, scenarios and bounds, and is sealed by the digests of rows and
//! mapping. Its treatments have no steps: what was done to a case was done elsewhere. From here on everything is as in a
//! run: [`measure`](crate::sensitivity::measure) and [`record`](crate::evidence::record) do not know the difference.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::On;
use bedside_reports::record::Adjudicated;
use serde_json::json;

use super::gather::{About, Gathered, Key, Said, Version};
use super::read::{self, Names};
use crate::case::Truth;
use crate::cohort::Scale;
use crate::diagnosis::{Adjudication, Lexicon, Unmapped};
use crate::mapping::{Change, Mapping, Role, Shown};
use crate::plan::{Cell, CellPart, CohortHead, FORMAT, Plan, PlannedCase};
use crate::protocol::{DecodingRule, Protocol, Values, Wire};
use crate::scenario::{DonorRule, FoilRule, Scenario, Select, Sweep};
use crate::shift::{Slot, Slots};
use crate::treatment::{Channel, Role as Part, Treatment};
use crate::words::trim;

/// The answers of one reader to one question, ready to be measured.
#[derive(Debug, Clone)]
pub struct Series {
    /// Place of the reader in the mapping.
    pub reader: usize,
    /// Place of the question in the mapping.
    pub question: usize,
    /// Cases, arms, scenarios and bounds.
    pub plan: Plan,
    /// The answers.
    pub slots: Slots,
    /// The version that each cell of the plan is, in its order.
    pub versions: Vec<Version>,
    /// Cases with a treated answer but no control, by scenario and level: they leave the pairs.
    pub unpaired: BTreeMap<Version, u64>,
    /// Whether the table says what is right.
    pub has_truth: bool,
    /// Whether the table says what was planted.
    pub has_planted: bool,
}

/// The answers of a table, read.
#[derive(Debug, Clone)]
pub struct Answered<'a> {
    /// The mapping.
    pub mapping: &'a Mapping,
    /// SHA-256 of its file, hex.
    pub mapping_digest: &'a str,
    /// What the rows say.
    pub gathered: &'a Gathered,
    /// What names of diagnoses are looked up in.
    pub names: Names<'a>,
    /// The rulings on words that match no known diagnosis, counted.
    pub adjudicated: Option<Adjudicated>,
    /// How every answer ended and what it says, in order of the keys.
    pub slots: Vec<(&'a Key, Slot)>,
}

/// The channel that a change touches.
#[must_use]
pub const fn channel(shown: Shown) -> Channel {
    match shown {
        Shown::History => Channel::History,
        Shown::Image => Channel::Image,
    }
}

impl<'a> Answered<'a> {
    /// Reads every answer.
    #[must_use]
    pub fn new(mapping: &'a Mapping, mapping_digest: &'a str, gathered: &'a Gathered, lexicon: &'a Lexicon) -> Self {
        let names = Names { lexicon, rulings: None };
        let slots = slots(mapping, gathered, names);
        Self { mapping, mapping_digest, gathered, names, slots, adjudicated: None }
    }

    /// The distinct words of all answers that match no known diagnosis.
    #[must_use]
    pub fn unmapped(&self) -> Vec<Unmapped> {
        Unmapped::in_readings(self.slots.iter().filter_map(|(_, slot)| slot.reading()), self.names.lexicon)
    }

    /// Reads every answer, every truth and every planted diagnosis again by what a person says that words mean.
    #[must_use]
    pub fn ruled(self, rulings: &'a Adjudication) -> Self {
        let [mapped, other, open] = rulings.counts(&self.unmapped());
        let names = Names { rulings: Some(rulings), ..self.names };
        Self {
            names,
            slots: slots(self.mapping, self.gathered, names),
            adjudicated: Some(Adjudicated { digest: rulings.digest().to_owned(), mapped, other, open }),
            ..self
        }
    }

    /// One series for every reader who is no panel and every question that they answered, in the mapping's order.
    #[must_use]
    pub fn series(&self) -> Vec<Series> {
        let mut parts: BTreeMap<(usize, usize), Vec<(&Key, &Slot)>> = BTreeMap::new();
        for (key, slot) in &self.slots {
            parts.entry((key.reader, key.question)).or_default().push((key, slot));
        }
        parts
            .into_iter()
            .filter(|((reader, _), _)| !self.is_panel(*reader))
            .map(|(of, said)| self.one(of, &said))
            .collect()
    }

    /// Whether a reader is several people.
    #[must_use]
    pub fn is_panel(&self, reader: usize) -> bool {
        self.mapping.readers.get(reader).is_some_and(|reader| reader.panel)
    }

    /// The number of a case's patient, in order of the patients' ids.
    #[must_use]
    pub fn patients(&self) -> BTreeMap<&'a str, u32> {
        let of = |(case, about): (&'a String, &'a About)| Some((case.as_str(), about.patients.first()?.as_str()));
        let by_case: Vec<(&str, &str)> = self.gathered.about.iter().filter_map(of).collect();
        let names: BTreeSet<&str> = by_case.iter().map(|(_, patient)| *patient).collect();
        let numbers: BTreeMap<&str, u32> = names.into_iter().zip(0..).collect();
        by_case.into_iter().filter_map(|(case, patient)| Some((case, *numbers.get(patient)?))).collect()
    }

    fn one(&self, (reader, question): (usize, usize), slots: &[(&Key, &Slot)]) -> Series {
        let control = slots.iter().filter(|(key, _)| key.version.role == Role::Control);
        let cases: Vec<&str> = control.map(|(key, _)| key.case.as_str()).collect::<BTreeSet<_>>().into_iter().collect();
        let layout = Layout::of(self.mapping, slots.iter().map(|(key, _)| key.version));
        let mut filled = Filled::default();
        for (key, slot) in slots {
            match cases.binary_search(&key.case.as_str()) {
                Ok(case) => filled.insert(index(case), &layout.treatments_of(key.version), slot),
                Err(_) => filled.leave_out(key),
            }
        }
        let cases: Vec<PlannedCase> = cases.into_iter().map(|case| self.case(case, question)).collect();
        Series {
            reader,
            question,
            has_truth: cases.iter().any(|case| !case.truth.differential.is_empty()),
            has_planted: slots.iter().any(|(key, _)| self.gathered.said.get(*key).is_some_and(|s| s.planted.is_some())),
            versions: layout.versions.clone(),
            plan: self.plan(reader, question, layout, cases, filled.repeats()),
            slots: filled.slots,
            unpaired: filled.unpaired.into_iter().map(|(version, cases)| (version, cases.len() as u64)).collect(),
        }
    }

    fn case(&self, id: &str, question: usize) -> PlannedCase {
        let about = self.gathered.about.get(id);
        let kind = self.mapping.questions.get(question).map(|question| &question.kind);
        let truths = about.and_then(|about| about.truths.get(&question)?.first());
        let truths = truths.zip(kind).map(|(words, kind)| read::truths(words, kind, self.names)).unwrap_or_default();
        let weight = 1.0 / f64::from(index(truths.len()).max(1));
        PlannedCase {
            number: 0,
            id: id.into(),
            patient: about.and_then(|about| about.patients.first()).cloned().unwrap_or_else(|| id.into()),
            digest: String::new(),
            truth: Truth {
                differential: truths.into_iter().map(|id| (id, weight)).collect(),
                triage: None,
                dangerous: false,
                must_consider: Vec::new(),
                source: "the table of answers".into(),
            },
            strata: about.map(strata).unwrap_or_default(),
            modalities: Vec::new(),
            told: true,
            foils: BTreeMap::new(),
            fields: BTreeMap::new(),
            groups: BTreeMap::new(),
        }
    }

    fn plan(&self, reader: usize, question: usize, layout: Layout, cases: Vec<PlannedCase>, repeats: u32) -> Plan {
        let (mapping, gathered) = (self.mapping, self.gathered);
        let reader = mapping.readers.get(reader).map(|reader| reader.id.clone()).unwrap_or_default();
        let question = mapping.questions.get(question).map(|question| question.id.clone()).unwrap_or_default();
        Plan {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            suite: mapping.id.clone(),
            seed: 0,
            repeats,
            draws: 1,
            model: json!({"id": reader, "rows": gathered.digest, "mapping": self.mapping_digest}),
            protocol: protocol(question),
            cohort: CohortHead {
                name: mapping.data.name.clone(),
                licence: mapping.data.licence.clone(),
                citation: mapping.data.citation.clone(),
                synthetic: mapping.data.synthetic,
                triage: Scale::default(),
                listed: cases.len(),
                exclusions: Vec::new(),
                warnings: Vec::new(),
                language: None,
            },
            scenarios: layout.scenarios,
            treatments: layout.treatments,
            cells: layout.cells,
            orders: BTreeMap::new(),
            cases,
            trials: Vec::new(),
        }
    }
}

/// Every answer, read.
fn slots<'a>(mapping: &Mapping, gathered: &'a Gathered, names: Names<'_>) -> Vec<(&'a Key, Slot)> {
    let slot = |(key, said): (&'a Key, &Said)| {
        let question = mapping.questions.get(key.question)?;
        Some((key, read::slot(said, &question.kind, names)))
    };
    gathered.said.iter().filter_map(slot).collect()
}

/// Slots while they are filled.
#[derive(Default)]
struct Filled {
    slots: Slots,
    next: BTreeMap<(u32, u32), u32>,
    unpaired: BTreeMap<Version, BTreeSet<String>>,
}

impl Filled {
    /// Adds an answer. Keys come in order of case, then control before retest, then repeat: places count up like that.
    fn insert(&mut self, case: u32, treatments: &[u32], slot: &Slot) {
        for treatment in treatments {
            let place = self.next.entry((case, *treatment)).or_default();
            self.slots.insert(case, *treatment, *place, slot.clone());
            *place += 1;
        }
    }

    fn leave_out(&mut self, key: &Key) {
        if key.version.role == Role::Treated {
            self.unpaired.entry(key.version).or_default().insert(key.case.clone());
        }
    }

    /// The most repeats of any control.
    fn repeats(&self) -> u32 {
        self.next.iter().filter(|((_, treatment), _)| *treatment == 0).map(|(_, n)| *n).max().unwrap_or(0)
    }
}

/// The strata of a case; one on which its rows disagree says `several`.
#[must_use]
pub fn strata(about: &About) -> BTreeMap<String, String> {
    let one = |(name, values): (&String, &BTreeSet<String>)| {
        let value = values.first().filter(|_| values.len() == 1).cloned();
        (name.clone(), value.unwrap_or_else(|| "several".into()))
    };
    about.strata.iter().map(one).collect()
}

/// The label of a version: its scenario's level, or nothing where it has none.
#[must_use]
pub fn label(change: &Change, level: usize) -> String {
    change.levels.get(level).map(|level| format!("level {}", trim(*level, 6))).unwrap_or_default()
}

/// Scenarios, treatments and cells of the versions that occur.
struct Layout {
    scenarios: Vec<Scenario>,
    treatments: Vec<Treatment>,
    cells: Vec<Cell>,
    versions: Vec<Version>,
    places: BTreeMap<Version, Vec<u32>>,
}

impl Layout {
    fn of(mapping: &Mapping, versions: impl Iterator<Item = Version>) -> Self {
        let mut layout = Self {
            scenarios: Vec::new(),
            treatments: vec![Treatment::control()],
            cells: Vec::new(),
            versions: Vec::new(),
            places: BTreeMap::new(),
        };
        let versions: BTreeSet<Version> = versions.collect();
        let touched: BTreeSet<Channel> = mapping.scenarios.iter().map(|change| channel(change.shown)).collect();
        // One sham arm stands beside every change, whatever that touches.
        for sham in versions.iter().filter(|version| version.role == Role::Sham) {
            layout.places.insert(*sham, (layout.next()..).take(touched.len()).collect());
            layout.treatments.extend(touched.iter().map(|channel| elsewhere(Part::Sham(*channel), *channel)));
        }
        let mut last = None;
        for version in versions.into_iter().filter(|version| version.role == Role::Treated) {
            let Some(change) = mapping.scenarios.get(version.scenario) else { continue };
            if last != Some(version.scenario) {
                layout.scenarios.push(scenario(change));
                last = Some(version.scenario);
            }
            layout.add(version, change);
        }
        layout
    }

    fn next(&self) -> u32 {
        index(self.treatments.len())
    }

    fn add(&mut self, version: Version, change: &Change) {
        let channel = channel(change.shown);
        let role = if change.positive_control { Part::Positive(channel) } else { Part::Treated };
        self.places.insert(version, vec![self.next()]);
        self.cells.push(Cell {
            scenario: self.scenarios.len().saturating_sub(1),
            treatment: self.treatments.len(),
            label: label(change, version.level),
            position: change.levels.get(version.level).copied(),
            part: CellPart::Whole,
        });
        self.versions.push(version);
        self.treatments.push(elsewhere(role, channel));
    }

    /// The treatments of the plan that a version is.
    fn treatments_of(&self, version: Version) -> Vec<u32> {
        match version.role {
            Role::Control | Role::Retest => vec![0],
            Role::Sham | Role::Treated => self.places.get(&version).cloned().unwrap_or_default(),
        }
    }
}

fn elsewhere(role: Part, channel: Channel) -> Treatment {
    Treatment { role, elsewhere: Some(channel), ..Treatment::control() }
}

fn scenario(change: &Change) -> Scenario {
    Scenario {
        id: change.id.clone(),
        claim: change.claim.clone(),
        expect: change.expect.clone(),
        gate: change.positive_control,
        hazard: change.hazard.clone(),
        cause: change.cause.clone(),
        select: Select::default(),
        on: On::All,
        steps: Vec::new(),
        sweep: Sweep::Once,
        interaction: None,
        donor: DonorRule::default(),
        foil: FoilRule::default(),
        field: None,
        accept: change.accept.clone(),
        references: change.references.clone(),
        override_reason: None,
    }
}

/// The question stands where a run has its protocol; nothing was asked by it.
fn protocol(question: String) -> Protocol {
    let empty = String::new;
    Protocol {
        format: 1,
        id: question,
        title: empty(),
        system: empty(),
        template: empty(),
        question: empty(),
        values: Values { yes: empty(), no: empty(), unknown: empty(), absent: None, nothing: empty() },
        contract: read::contract(),
        decoding: DecodingRule { temperature: None, max_tokens: 0, seed: false },
        pictures: Wire::default(),
    }
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
