//! One application of an operator, with everything that can come of it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Contract;
use crate::catalogue::Entry;
use crate::{Change, Context, Foil, On, Pull, Setting, Stimulus, Stream, Unfit};

/// What came of an application.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Outcome {
    /// It changed something, or says so.
    Done { change: Change, after: Stimulus },
    /// It says that it does not apply; the stimulus as it left it.
    Unfit { why: Unfit, after: Stimulus },
    /// The setting was refused, with this reason.
    Refused(String),
    /// It panicked.
    Panicked,
}

/// What an application is given beside the stimulus.
#[derive(Debug, Clone)]
pub(super) struct Given {
    pub draw: u64,
    pub on: On,
    pub donor: bool,
    pub foil: bool,
    /// Whether the lesions' boxes are known.
    pub boxes: bool,
}

impl Given {
    /// Everything that any operator may need.
    pub(super) fn all(draw: u64) -> Self {
        Self { draw, on: On::All, donor: true, foil: true, boxes: true }
    }
}

/// The false lead offered to operators that plant one.
pub const FOIL: Foil<'static> =
    Foil { id: "seborrhoeic_keratosis", name: "seborrhoeic keratosis", pull: Pull::Reassuring };

/// Builds the operator and applies it to a copy of the stimulus.
pub(super) fn attempt(
    contract: &Contract,
    entry: &Entry,
    setting: &Setting,
    before: &Stimulus,
    given: &Given,
) -> Outcome {
    let run = || {
        let operator = match entry.build(setting) {
            Ok(operator) => operator,
            Err(error) => return Outcome::Refused(error.to_string()),
        };
        let mut after = before.clone();
        if !given.boxes {
            after.images.iter_mut().for_each(|image| image.lesion = None);
        }
        let key = ["contract", entry.card.id, &given.draw.to_string()];
        let mut cx = Context::new(Stream::derive(20_260_801, &key));
        cx.on = given.on.clone();
        cx.donor = given.donor.then_some(&contract.donor);
        cx.foil = given.foil.then_some(FOIL);
        match operator.apply(&mut after, &mut cx) {
            Ok(change) => Outcome::Done { change, after },
            Err(why) => Outcome::Unfit { why, after },
        }
    };
    catch_unwind(AssertUnwindSafe(run)).unwrap_or(Outcome::Panicked)
}
