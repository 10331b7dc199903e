//! An operator of your own, under the same conformance suite as the catalogue's.
//!
//! ```text
//! cargo run --release -p bedside-perturbations --example own_operator
//! ```

#![expect(clippy::print_stdout, reason = "a program, not the library: it prints what the suite found")]

use std::collections::BTreeMap;

use bedside_perturbations::catalogue::Entry;
use bedside_perturbations::contract::Contract;
use bedside_perturbations::{
    Basis, Card, Change, Context, Edit, Gradable, Graded, Grading, Level, Modality, Needs, On, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// Every fact that is printed about it, and that a scenario is checked against.
static CARD: Card = Card {
    id: "faded",
    family: "image/print",
    title: "Faded print",
    imitates: "A photograph scanned from a print that hung in the sun: everything is paler.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Outline and size stay and colours keep their order while the print can be read.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.1, 0.25, 0.45, 0.65, 0.85],
        range: Range { mildest: 0.01, severest: 0.99 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &["Definition: every value goes that share of the way to white, to the nearest grey level"],
};

/// A print that has lost a share of its ink.
#[derive(Debug)]
struct Faded {
    share: f64,
}

impl Perturbation for Faded {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let table: Vec<u8> = (0..=u8::MAX).map(|value| paler(value, self.share)).collect();
        let mut change = Change::default();
        for index in selected(stimulus.images.len(), cx) {
            let Some(image) = stimulus.images.get_mut(index) else { continue };
            let mut pixels = image.pixels.clone();
            pixels.iter_mut().for_each(|value| *value = table.get(usize::from(*value)).copied().unwrap_or(*value));
            // Only what differs is written down, and everything that differs is.
            if pixels != image.pixels {
                image.pixels = pixels;
                let parameters = BTreeMap::from([("share".to_owned(), self.share)]);
                change.edits.push(Edit::Pixels { image: index, parameters });
            }
        }
        if change.edits.is_empty() { Err(Unfit::nothing("no photograph that could fade")) } else { Ok(change) }
    }
}

/// Plain arithmetic only: the exponentials and sines of the standard library differ from machine to machine.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn paler(value: u8, share: f64) -> u8 {
    let value = f64::from(value);
    (value + share * (255.0 - value) + 0.5) as u8
}

/// The photographs that the context asks for.
fn selected(count: usize, cx: &Context<'_>) -> Vec<usize> {
    match &cx.on {
        On::All => (0..count).collect(),
        On::One if count == 0 => Vec::new(),
        On::One => vec![cx.rng.fork("on", 0).index(count)],
        On::These(wanted) => (0..count).filter(|index| wanted.contains(index)).collect(),
    }
}

impl Operator for Faded {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let missing = || SettingError::at("share", "faded needs a level or a share");
        Ok(Self::at_dose(setting.dose.ok_or_else(missing)?))
    }
}

impl Graded for Faded {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose) }
    }
}

fn main() -> Result<(), String> {
    // An operator without levels would be let in with `.allow_binary("its_id")`.
    let violations = Contract::new().check(&Entry::of::<Faded>());
    if violations.is_empty() {
        println!("{} keeps the contract", CARD.id);
        return Ok(());
    }
    Err(violations.iter().map(|violation| format!("{violation}\n")).collect())
}
