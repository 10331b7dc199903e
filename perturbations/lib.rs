//! Seeded, graded, bit-exact corruptions of what a medical model is shown.
//!
//! A [`Perturbation`] changes a [`Stimulus`] (photographs, history, question) and writes down what it changed.
//! It knows no truth, no model and no statistics. Its randomness comes from the [`Stream`] it is given, so the same
//! stimulus, setting and stream give the same bytes on any machine and with any number of threads.
//!
//! ```
//! use bedside_perturbations::{catalogue, Context, Level, Setting, Stimulus, Stream};
//!
//! let entry = catalogue::find("drop_all").ok_or("not in the catalogue")?;
//! let operator = entry.build(&Setting::default())?;
//! let mut stimulus = Stimulus::default();
//! let mut cx = Context::new(Stream::derive(1, &["example"]));
//! let unfit = operator.apply(&mut stimulus, &mut cx).unwrap_err();
//! assert!(unfit.to_string().starts_with("nothing to change"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(test, allow(clippy::disallowed_methods, reason = "known answers may come from elsewhere"))]

mod card;
pub mod catalogue;
mod change;
pub mod contract;
pub mod decode;
mod distance;
pub mod encode;
pub mod history;
pub mod image;
mod language;
mod level;
pub mod modality;
mod model_input;
mod setting;
pub mod sham;
mod stimulus;
mod stream;

use core::fmt::Debug;

pub use card::{Basis, Card, Gradable, Grading, Needs, Oracle, Parameter, Quantity, Takes, Target, Unit};
pub use change::{Change, Edit, Planted, Pull, Unfit};
pub use distance::{
    Distance, ImageDistance, colour_difference, compared_copy, distance, lesion_touched, similarity, squared_error,
};
pub use language::understands;
pub use level::{Level, Range};
pub use model_input::{MODEL_INPUT, fitted};
pub use setting::{Argument, Setting, SettingError};
pub use stimulus::{Field, History, Image, Kind, Modality, Region, Stimulus, Tone, Value, View};
pub use stream::Stream;

/// One corruption with its dose and parameters fixed.
pub trait Perturbation: Debug + Send + Sync {
    /// The printed facts about it.
    fn card(&self) -> &'static Card;

    /// Changes the stimulus and says what was changed.
    ///
    /// # Errors
    /// [`Unfit`] when it makes no sense for this stimulus, which is then left as it was.
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit>;
}

/// How a corruption is found in the catalogue and made from a step of a scenario.
pub trait Operator: Perturbation + Sized + 'static {
    /// The printed facts about it.
    const CARD: &'static Card;

    /// Makes it from a setting that has already been checked against the card.
    ///
    /// # Errors
    /// [`SettingError`] for what the card cannot express, e.g. two parameters that exclude each other.
    fn make(setting: &Setting) -> Result<Self, SettingError>;
}

/// A corruption with five levels and a physical dose.
pub trait Graded: Operator {
    /// The corruption at that dose; a dose outside [`Graded::range`] is moved to its nearest end.
    #[must_use]
    fn at_dose(dose: f64) -> Self;

    /// The corruption at that level: the dose that the card lists.
    #[must_use]
    fn at(level: Level) -> Self {
        Self::at_dose(Self::CARD.dose(level).unwrap_or(f64::NAN))
    }

    /// The doses that a step may ask for.
    #[must_use]
    fn range() -> Range {
        match Self::CARD.grading {
            Grading::Graded { range, .. } => range,
            Grading::Binary => Range { mildest: f64::NAN, severest: f64::NAN },
        }
    }
}

/// What a corruption is given beside the stimulus.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// Its random stream, derived from root seed, operator, case, step and draw; never from the level.
    pub rng: Stream,
    /// Which photographs are to be changed.
    pub on: On,
    /// Another patient's clean stimulus, for corruptions that swap.
    pub donor: Option<&'a Stimulus>,
    /// A wrong diagnosis to plant.
    pub foil: Option<Foil<'a>>,
}

impl<'a> Context<'a> {
    /// A context with nothing but a stream: all photographs, no donor, no foil.
    #[must_use]
    pub fn new(rng: Stream) -> Self {
        Self { rng, on: On::All, donor: None, foil: None }
    }

    /// The same with another patient's stimulus.
    #[must_use]
    pub fn with_donor(mut self, donor: &'a Stimulus) -> Self {
        self.donor = Some(donor);
        self
    }

    /// The same with a wrong diagnosis to plant.
    #[must_use]
    pub fn with_foil(mut self, foil: Foil<'a>) -> Self {
        self.foil = Some(foil);
        self
    }
}

/// A plausible wrong diagnosis: chosen by the plan, never on the accepted list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Foil<'a> {
    /// Its canonical id.
    pub id: &'a str,
    /// Its name as a clinician would write it.
    pub name: &'a str,
    /// Which way it pulls.
    pub pull: Pull,
}

/// Which photographs of a case a corruption changes.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum On {
    /// Every photograph.
    #[default]
    All,
    /// One, chosen at random.
    One,
    /// These, counted from 0; numbers beyond the last photograph are passed over.
    These(Vec<usize>),
}
