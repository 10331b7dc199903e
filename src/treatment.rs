//! A treatment: what is done to a case in one arm, fixed down to the dose; and the doing of it.
//!
//! Scenarios that do the same to a case share one treatment, and so one question to the model.

use bedside_perturbations::{
    Argument, Card, Change, Context, Foil, History, Level, On, Setting, Stimulus, Takes, Target, Unfit, catalogue,
    understands,
};
use serde::{Deserialize, Serialize};

use crate::necessity::Necessity;
use crate::scenario::{DonorRule, FoilRule, Step};
use crate::seed;

/// What is done to a case in one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Treatment {
    /// The part it plays.
    pub role: Role,
    /// The steps in order; none for the control.
    pub steps: Vec<PlannedStep>,
    /// Which photographs are changed.
    pub on: On,
    /// How its donor was chosen, where a step needs one.
    pub donor: Option<DonorRule>,
    /// How its foil was chosen, where a step needs one.
    pub foil: Option<FoilRule>,
    /// How much the field matters that its steps are about, where each case has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<Necessity>,
    /// The channel that it changes, where no step says so: somebody else did it, and the answers exist already.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elsewhere: Option<Channel>,
}

/// The part a treatment plays in the design.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Nothing is changed; repeated, it is also the retest.
    Control,
    /// A meaningless edit of one channel.
    Sham(Channel),
    /// The strongest edit of one channel: a model that uses the channel moves.
    Positive(Channel),
    /// What a scenario asks about.
    Treated,
}

/// What a treatment withholds or invents, so that it can be asked what an answer makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arm {
    /// It leaves a complaint out, or writes it as not known.
    pub silences: bool,
    /// It tells of a test, sign or disease that does not exist.
    pub makes_up: bool,
    /// It leaves no photograph in which anything can be seen.
    pub unseen: bool,
}

impl Arm {
    /// All of it, for tests.
    #[cfg(test)]
    pub(crate) const ALL: Self = Self { silences: true, makes_up: true, unseen: true };
}

/// One of the two ways in which a model learns about a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// The photographs.
    Image,
    /// The history.
    History,
}

impl Channel {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Image, Self::History];

    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::History => "history",
        }
    }

    /// The channel that a target belongs to.
    #[must_use]
    pub fn of(target: Target) -> Self {
        match target {
            Target::Image | Target::ImageSet => Self::Image,
            Target::History => Self::History,
        }
    }
}

/// A step with its dose decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The operator's id.
    pub operator: String,
    /// Dose and parameters.
    pub setting: Setting,
}

impl PlannedStep {
    /// Decides the dose of a scenario's step: its own dose, or that of its level, or that of the sweep's level.
    #[must_use]
    pub fn decide(step: &Step, sweep: Option<Level>) -> Self {
        let card = card(&step.operator);
        let by_level = || step.level.or(sweep).and_then(|level| card.and_then(|card| card.dose(level)));
        let dose = step.dose.or_else(by_level);
        let operator = card.map_or(step.operator.as_str(), |card| card.id).to_owned();
        let setting = Setting { dose, arguments: step.arguments.clone(), model_input: step.model_input };
        Self { operator, setting }
    }

    /// A step at a fixed dose, without parameters.
    #[must_use]
    pub fn at(operator: &str, dose: Option<f64>) -> Self {
        Self { operator: operator.into(), setting: Setting { dose, ..Setting::default() } }
    }

    /// The step after which nothing of the history is told but that field and these.
    #[must_use]
    pub fn keeping(field: &str, further: &[&str]) -> Self {
        let mut step = Self::at("drop_all_but", None).about(field);
        if !further.is_empty() {
            step.setting = step.setting.with("and", &further.join(", "));
        }
        step
    }

    /// Whether it is about a field of the history that it does not name.
    #[must_use]
    pub fn leaves_field_open(&self) -> bool {
        let takes = |card: &Card| card.parameters.iter().any(|parameter| matches!(parameter.takes, Takes::Field));
        self.card().is_some_and(takes) && !self.setting.arguments.contains_key("field")
    }

    /// The step about that field, where it takes one and does not fix it.
    #[must_use]
    pub fn about(mut self, field: &str) -> Self {
        if self.leaves_field_open() {
            self.setting.arguments.insert("field".into(), Argument::Text(field.into()));
        }
        self
    }

    /// Whether it leaves a complaint out or writes it as not known.
    fn silences(&self) -> bool {
        self.operator == "absent_as_no" && matches!(self.setting.text("as"), Some("deleted" | "unknown"))
    }

    /// The operator's card, if the catalogue has it.
    #[must_use]
    pub fn card(&self) -> Option<&'static Card> {
        card(&self.operator)
    }

    /// How severe the dose is on the card's scale: the highest level that it reaches, 6 when it lies beyond level 5,
    /// 0 when it is milder than level 1 or the operator is not graded.
    #[must_use]
    pub fn severity(&self) -> u8 {
        let (Some(card), Some(dose)) = (self.card(), self.setting.dose) else { return 0 };
        let reaches = |level: Level| {
            let at = |level: Level| card.dose(level).unwrap_or(f64::NAN);
            let worse = at(Level::ALL[4]) - at(Level::ALL[0]);
            (dose - at(level)) * worse.signum() >= -1e-12
        };
        let last = card.dose(Level::ALL[4]).unwrap_or(f64::NAN);
        let reached = Level::ALL.into_iter().filter(|level| reaches(*level)).count();
        let beyond = reached == 5 && (dose - last).abs() > 1e-12;
        u8::try_from(reached).unwrap_or(5) + u8::from(beyond)
    }
}

fn card(operator: &str) -> Option<&'static Card> {
    catalogue::find(operator).map(|entry| entry.card)
}

impl Treatment {
    /// The control: nothing is done.
    #[must_use]
    pub fn control() -> Self {
        Self {
            role: Role::Control,
            steps: Vec::new(),
            on: On::All,
            donor: None,
            foil: None,
            field: None,
            elsewhere: None,
        }
    }

    /// The shams of a channel: a re-encode with ±1 grey level; a field dropped that is irrelevant to the case, and a
    /// neutral sentence.
    #[must_use]
    pub fn shams(channel: Channel) -> Vec<Self> {
        let sham = |operator: &str, field| {
            let steps = vec![PlannedStep::at(operator, None)];
            Self { role: Role::Sham(channel), steps, field, ..Self::control() }
        };
        match channel {
            Channel::Image => vec![sham("reencode", None)],
            Channel::History => {
                vec![sham("drop_field", Some(Necessity::Irrelevant)), sham("neutral_sentence", None)]
            }
        }
    }

    /// The positive control of a channel: another diagnosis's photographs, or a history in which nothing is told.
    #[must_use]
    pub fn positive(channel: Channel) -> Self {
        let (step, donor) = match channel {
            Channel::Image => (PlannedStep::at("wrong_image", None), Some(DonorRule::Different)),
            Channel::History => (PlannedStep::at("leave_k_out", Some(1.0)), None),
        };
        Self { role: Role::Positive(channel), steps: vec![step], donor, ..Self::control() }
    }

    /// The same deed: two treatments with the same key are the same bytes on the same case.
    #[must_use]
    pub fn key(&self) -> String {
        let on = if self.channels().contains(&Channel::Image) { &self.on } else { &On::All };
        serde_json::to_string(&(&self.steps, on, self.donor, self.foil, self.field)).unwrap_or_default()
    }

    /// The channels that it changes, in order.
    #[must_use]
    pub fn channels(&self) -> Vec<Channel> {
        let targets: Vec<Channel> =
            self.steps.iter().filter_map(|step| Some(Channel::of(step.card()?.target))).collect();
        let changed = |channel: &Channel| targets.contains(channel) || self.elsewhere == Some(*channel);
        Channel::ALL.into_iter().filter(changed).collect()
    }

    /// What it withholds or invents.
    #[must_use]
    pub fn arm(&self) -> Arm {
        let any = |is: fn(&PlannedStep) -> bool| self.steps.iter().any(is);
        Arm {
            silences: any(PlannedStep::silences),
            makes_up: any(|step| step.operator == "fabricated_entity"),
            unseen: self.on == On::All && any(|step| ["no_image", "blank_grey"].contains(&step.operator.as_str())),
        }
    }

    /// Whether all that it does to a channel is to take something away that was told.
    #[must_use]
    pub fn only_removes(&self, channel: Channel) -> bool {
        let cards = self.steps.iter().filter_map(PlannedStep::card);
        cards.filter(|card| Channel::of(card.target) == channel).all(Card::removes)
    }

    /// The severity of its image steps ([`PlannedStep::severity`]), 0 when it has none.
    #[must_use]
    pub fn image_severity(&self) -> u8 {
        let on_image = |step: &&PlannedStep| step.card().is_some_and(|card| card.target == Target::Image);
        self.steps.iter().filter(on_image).map(PlannedStep::severity).max().unwrap_or(0)
    }

    /// Does it to a stimulus, step by step.
    ///
    /// # Errors
    /// [`Unfit`] when a step does not apply; the stimulus may then be half changed and is to be thrown away.
    pub fn apply(&self, stimulus: &mut Stimulus, given: &Given<'_>) -> Result<Vec<Done>, Unfit> {
        let step = |(index, step): (usize, &PlannedStep)| step.apply(index, &self.on, stimulus, given);
        self.steps.iter().enumerate().map(step).collect()
    }

    /// Whether those of its steps apply to a history by itself.
    #[must_use]
    pub fn applies_to_words(&self, which: impl Fn(&PlannedStep) -> bool, words: &History, given: &Given<'_>) -> bool {
        let steps = self.steps.iter().filter(|step| which(step)).cloned().collect();
        let mut stimulus = Stimulus { history: words.clone(), ..Stimulus::default() };
        Self { steps, ..self.clone() }.apply(&mut stimulus, given).is_ok()
    }
}

/// What a treatment is given beside the stimulus.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The root seed.
    pub root: u64,
    /// The case's id (or an image's relative path): part of the key of the random streams.
    pub case: &'a str,
    /// The draw, counted from 0.
    pub draw: u32,
    /// Another patient's clean stimulus.
    pub donor: Option<&'a Stimulus>,
    /// The wrong diagnosis to plant.
    pub foil: Option<Foil<'a>>,
    /// The name of the field that the steps are about, where each case has its own.
    pub field: Option<&'a str>,
    /// The language of the history as a BCP 47 tag; `None` is English.
    pub language: Option<&'a str>,
}

/// What one step did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Done {
    /// The operator's id.
    pub operator: String,
    /// What it changed.
    pub change: Change,
}

impl PlannedStep {
    /// Its setting, with the case's own field where it leaves the field open.
    fn setting_for(&self, field: Option<&str>) -> Setting {
        match field {
            Some(field) => self.clone().about(field).setting,
            None => self.setting.clone(),
        }
    }

    fn apply(&self, index: usize, on: &On, stimulus: &mut Stimulus, given: &Given<'_>) -> Result<Done, Unfit> {
        let built = catalogue::find(&self.operator).map(|entry| entry.build(&self.setting_for(given.field)));
        let Some(Ok(operator)) = built else {
            // The plan refuses unknown operators and settings before any stimulus exists.
            return Err(Unfit::nothing(format!("no operator `{}` with these settings", self.operator)));
        };
        understands(operator.card(), &self.setting, given.language)?;
        let mut cx = Context {
            rng: seed::of_step(given.root, &self.operator, given.case, index, given.draw),
            on: on.clone(),
            donor: given.donor,
            foil: given.foil,
        };
        let change = operator.apply(stimulus, &mut cx)?;
        Ok(Done { operator: self.operator.clone(), change })
    }
}
