//! A shift: what the answers to the corrupted case are beside the answers to the clean one.

use std::collections::{BTreeMap, BTreeSet};

use bedside_perturbations::Unfit;

use crate::metrics::{Facts, Judged, Metric, Outcome, Pair, Seen};
use crate::plan::{Cell, Plan, PlannedCase};
use crate::reading::{Challenge, Part, Reading, Reason};
use crate::scenario::{Among, Basis};
use crate::treatment::{Channel, Treatment};

/// How one trial ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// It was answered, and the answer was read (perhaps as unusable).
    Read {
        /// The reading.
        reading: Reading,
        /// The planted wrong diagnosis (canonical id), where one was planted.
        planted: Option<String>,
    },
    /// No answer came, after all attempts.
    Failed {
        /// The planted wrong diagnosis (canonical id), where one was planted.
        planted: Option<String>,
    },
    /// The perturbation did not apply: the case was not exposed.
    Unfit(Unfit),
    /// Not settled yet.
    Open,
}

impl Slot {
    /// Whether the case was exposed: the perturbation applied and the model was asked.
    #[must_use]
    pub const fn is_exposed(&self) -> bool {
        matches!(self, Self::Read { .. } | Self::Failed { .. })
    }

    /// The planted wrong diagnosis, where one was planted.
    fn planted(&self) -> Option<&str> {
        match self {
            Self::Read { planted, .. } | Self::Failed { planted } => planted.as_deref(),
            Self::Unfit(_) | Self::Open => None,
        }
    }

    /// The reading, unless no answer came.
    #[must_use]
    pub fn reading(&self) -> Option<&Reading> {
        match self {
            Self::Read { reading, .. } if !matches!(reading.lost(), Some(Reason::ModelFailed { .. })) => Some(reading),
            _ => None,
        }
    }
}

/// How every trial of a run ended, by case, treatment and repeat.
#[derive(Debug, Clone, Default)]
pub struct Slots(BTreeMap<(u32, u32), BTreeMap<u32, Slot>>);

impl Slots {
    /// Adds the end of one trial.
    pub fn insert(&mut self, case: u32, treatment: u32, repeat: u32, slot: Slot) {
        self.0.entry((case, treatment)).or_default().insert(repeat, slot);
    }

    /// The repeats (or draws) of a case under a treatment, in order.
    #[must_use]
    pub fn of(&self, case: u32, treatment: u32) -> Vec<&Slot> {
        self.0.get(&(case, treatment)).map(|repeats| repeats.values().collect()).unwrap_or_default()
    }

    /// Every trial's end, to be changed.
    pub fn all_mut(&mut self) -> impl Iterator<Item = &mut Slot> {
        self.0.values_mut().flat_map(BTreeMap::values_mut)
    }

    /// Every trial's end.
    pub fn all(&self) -> impl Iterator<Item = &Slot> {
        self.0.values().flat_map(BTreeMap::values)
    }
}

/// The answers to one case in one cell: control repeats, treated draws, and the channel's sham.
#[derive(Debug, Clone)]
pub struct Shift<'a> {
    /// Index of the case in the plan.
    pub case: usize,
    /// Number of the patient (in order of patient ids).
    pub patient: u32,
    /// The control repeats in order; `None` where no answer came.
    pub control: Vec<Option<&'a Reading>>,
    /// The treated draws that applied to the case, in order; `None` where no answer came.
    pub treated: Vec<Option<&'a Reading>>,
    /// The sham of each of the cell's channels, the one most like the treatment ([`Plan::shams_of`]); `None` where no
    /// answer came.
    pub shams: Vec<Option<&'a Reading>>,
    /// Truth, scale and planted falsehood.
    pub facts: Facts<'a>,
}

/// What a metric says of one pair, once missing answers are taken into account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Not in the denominator.
    Outside,
    /// The event did or did not happen.
    Event(bool),
    /// In the denominator, but an answer is missing or cannot be mapped.
    Missing,
}

impl From<Judged> for Told {
    fn from(judged: Judged) -> Self {
        match judged {
            Judged::Outside => Self::Outside,
            Judged::Event(event) => Self::Event(event),
            Judged::Unsure => Self::Missing,
        }
    }
}

impl<'a> Shift<'a> {
    /// The judged pair: control repeat 1 against draw 1.
    #[must_use]
    pub fn told(&self, metric: &Metric, on: Basis) -> Told {
        self.against(metric, on, self.treated.first().copied().flatten())
    }

    /// The same metric on the control's own second repeat, where the plan has one.
    #[must_use]
    pub fn retest(&self, metric: &Metric, on: Basis) -> Option<Told> {
        self.control.get(1).map(|reading| self.against(metric, on, *reading))
    }

    /// The same metric on the sham, where the plan has one.
    #[must_use]
    pub fn sham(&self, metric: &Metric, on: Basis) -> Option<Told> {
        self.shams.first().map(|reading| self.against(metric, on, *reading))
    }

    /// The same metric on another answer to the treated case.
    #[must_use]
    pub fn against<'b>(&'b self, metric: &Metric, on: Basis, after: Option<&'b Reading>) -> Told {
        let before: Option<&'b Reading> = self.control.first().copied().flatten();
        // On the treated basis the control is not looked at, so it need not have answered.
        let before = if on == Basis::Treated { before.or(after) } else { before };
        match (before, after) {
            (Some(before), Some(after)) => metric.judge(&self.pair(before, after), on).into(),
            _ if metric.can_count(self.facts, on, before, after) => Told::Missing,
            _ => Told::Outside,
        }
    }

    fn pair<'b>(&'b self, before: &'b Reading, after: &'b Reading) -> Pair<'b> {
        Pair { before: self.seen(before), after: self.seen(after) }
    }

    /// A reading with what is known of this case.
    #[must_use]
    pub fn seen<'b>(&'b self, reading: &'b Reading) -> Seen<'b> {
        Seen { reading, facts: self.facts }
    }

    /// Mean of an event over control repeats × draws (the gross rate of this case), and how many pairs it is over.
    #[must_use]
    pub fn gross(&self, metric: &Metric) -> Option<f64> {
        let pairs = self
            .control
            .iter()
            .flatten()
            .flat_map(|before| self.treated.iter().flatten().map(move |after| (*before, *after)));
        self.mean(metric, pairs)
    }

    /// The same against the sham.
    #[must_use]
    pub fn gross_sham(&self, metric: &Metric) -> Option<f64> {
        let pairs =
            self.control.iter().flatten().flat_map(|before| self.shams.iter().flatten().map(move |a| (*before, *a)));
        self.mean(metric, pairs)
    }

    /// Mean of an event over unordered pairs of control repeats (the floor of this case).
    #[must_use]
    pub fn floor(&self, metric: &Metric) -> Option<f64> {
        let repeats: Vec<&Reading> = self.control.iter().flatten().copied().collect();
        let pairs = repeats.iter().enumerate().flat_map(|(first, before)| {
            repeats.iter().skip(first + 1).map(move |after| (*before, *after)).collect::<Vec<_>>()
        });
        self.mean(metric, pairs)
    }

    fn mean(&self, metric: &Metric, pairs: impl Iterator<Item = (&'a Reading, &'a Reading)>) -> Option<f64> {
        let told = pairs.map(|(before, after)| metric.judge(&self.pair(before, after), Basis::Shift));
        let (mut sum, mut n) = (0.0, 0.0);
        for judged in told {
            if let Judged::Event(event) = judged {
                sum += f64::from(u8::from(event));
                n += 1.0;
            }
        }
        (n > 0.0).then(|| sum / n)
    }

    /// Whether the leading diagnosis was right in each control repeat that answered.
    #[must_use]
    pub fn control_outcomes(&self) -> Vec<Outcome> {
        self.control.iter().flatten().map(|reading| self.seen(reading).outcome()).collect()
    }

    /// Whether this case is part of that group.
    #[must_use]
    pub fn is_among(&self, among: Option<&Among>, strata: &BTreeMap<String, String>) -> bool {
        is_among(among, &self.facts, strata)
    }
}

/// Whether a case is part of a group.
#[must_use]
pub fn is_among(among: Option<&Among>, facts: &Facts<'_>, strata: &BTreeMap<String, String>) -> bool {
    match among {
        None => true,
        Some(Among::Urgent) => facts.truth.triage.as_ref().is_some_and(|triage| facts.scale.is_urgent(&triage.ideal)),
        Some(Among::Dangerous) => facts.truth.dangerous,
        Some(Among::Stratum(name, value)) => strata.get(name) == Some(value),
    }
}

/// A run, as shifts are made from it: its plan, how its trials ended, and its patients, numbered once.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// How every trial ended.
    pub slots: &'a Slots,
    /// The patient of each case of the plan, numbered in order of the patients' ids.
    patients: Vec<u32>,
}

impl<'a> Run<'a> {
    /// Numbers the patients.
    #[must_use]
    pub fn of(plan: &'a Plan, slots: &'a Slots) -> Self {
        let ids: BTreeSet<&str> = plan.cases.iter().map(|case| case.patient.as_str()).collect();
        let numbers: BTreeMap<&str, u32> = ids.into_iter().zip(0..).collect();
        let number = |case: &PlannedCase| numbers.get(case.patient.as_str()).copied().unwrap_or(u32::MAX);
        Self { plan, slots, patients: plan.cases.iter().map(number).collect() }
    }

    /// The shifts of one cell, in order of case ids: every case that its scenario is about and that was exposed. Where
    /// nothing is done the control's further repeats stand in place of treated draws.
    #[must_use]
    pub fn cell(&self, cell: &Cell) -> Vec<Shift<'a>> {
        if cell.treatment == Plan::CONTROL {
            let concerned = (0..self.plan.cases.len()).filter(|case| self.plan.concerns(cell.scenario, *case));
            return concerned.filter_map(|case| self.repeats(case)).collect();
        }
        let treatment = self.plan.treatments.get(cell.treatment);
        let channels = treatment.map(crate::treatment::Treatment::channels).unwrap_or_default();
        let concerned = (0..self.plan.cases.len()).filter(|case| self.plan.concerns(cell.scenario, *case));
        self.treatment(cell.treatment, &channels, concerned)
    }

    /// The shifts of the given cases under one treatment.
    #[must_use]
    pub fn treatment(
        &self,
        treatment: usize,
        channels: &[Channel],
        cases: impl Iterator<Item = usize>,
    ) -> Vec<Shift<'a>> {
        let shams: Vec<Vec<usize>> = channels.iter().map(|channel| self.plan.shams_of(treatment, *channel)).collect();
        cases.filter_map(|case| self.shift(treatment, &shams, case)).collect()
    }

    /// The control of a case against itself: its first repeat, and the others as if they were draws. `None` where it has no
    /// second one.
    fn repeats(&self, case: usize) -> Option<Shift<'a>> {
        let mut shift = self.shift(Plan::CONTROL, &[], case)?;
        shift.treated = shift.control.split_off(shift.control.len().min(1));
        (!shift.treated.is_empty()).then_some(shift)
    }

    /// The field of a case that a treatment is about, where each case has its own.
    fn field(&self, treatment: usize, case: &'a PlannedCase) -> Option<&'a str> {
        case.fields.get(&treatment).map(String::as_str)
    }

    /// The shift of one case under one treatment; `None` where it was not exposed.
    fn shift(&self, treatment: usize, shams: &[Vec<usize>], case: usize) -> Option<Shift<'a>> {
        let facts = self.plan.cases.get(case)?;
        let key = u32::try_from(case).ok()?;
        let slots = |treatment: usize| Some(self.slots.of(key, u32::try_from(treatment).ok()?));
        let mut draws = slots(treatment)?;
        draws.retain(|slot| slot.is_exposed());
        if draws.is_empty() {
            return None;
        }
        let planted = draws.iter().find_map(|slot| slot.planted());
        let answer =
            |treatment: &usize| slots(*treatment)?.first().copied().filter(|slot| slot.is_exposed()).map(Slot::reading);
        Some(Shift {
            case,
            patient: self.patients.get(case).copied()?,
            control: slots(0)?.into_iter().map(Slot::reading).collect(),
            treated: draws.into_iter().map(Slot::reading).collect(),
            shams: shams.iter().filter_map(|alike| alike.iter().find_map(answer)).collect(),
            facts: Facts {
                truth: &facts.truth,
                scale: &self.plan.cohort.triage,
                planted,
                field: self.field(treatment, facts),
                arm: self.plan.treatments.get(treatment).map(Treatment::arm).unwrap_or_default(),
            },
        })
    }
}

/// The shifts of one cell alone; whoever looks at several makes a [`Run`] once.
#[must_use]
pub fn of_cell<'a>(plan: &'a Plan, slots: &'a Slots, cell: &Cell) -> Vec<Shift<'a>> {
    Run::of(plan, slots).cell(cell)
}

/// Words for a reading: leading diagnosis with its probability and urgency.
#[must_use]
pub fn in_words(reading: Option<&Reading>, name: impl Fn(&str) -> String) -> String {
    let Some(reading) = reading else { return "no answer".into() };
    if let Some(reason) = reading.lost() {
        return match reason {
            Reason::Unreadable => "unreadable".into(),
            Reason::Refused => "refused".into(),
            Reason::Truncated => "cut short".into(),
            Reason::ModelFailed { .. } => "no answer".into(),
        };
    }
    let entry = |ranked: &crate::reading::Ranked| {
        let words = name(ranked.diagnosis.words());
        ranked.probability.map_or(words.clone(), |p| format!("{words} ({})", crate::words::percent(p)))
    };
    let list: Vec<String> = reading.list().iter().take(3).map(entry).collect();
    let mut parts = vec![if reading.abstains() { "abstains".into() } else { list.join(", ") }];
    if let Part::Read(triage) = &reading.triage {
        parts.push(triage.clone());
    }
    if reading.asks.contains(&crate::reading::Ask::Retake) {
        parts.push("asks for a new photograph".into());
    }
    parts.extend(reading.challenges.iter().map(|doubt| match doubt {
        Challenge::History => "doubts the history".into(),
        Challenge::Image => "doubts the photograph".into(),
        Challenge::Unknown => "does not know what was made up".into(),
    }));
    parts.join("; ")
}
