//! Brightness: every grey level lifted by the same amount, as a screen's or an app's slider does.

use super::NOT_BLEACHED;
use crate::image::{each_image_through, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels brighten. A step may also ask for a negative shift, which darkens; harm grows with the distance from 0 on
/// either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "brightness",
    family: "image/light",
    title: "Washed out",
    imitates: "A photograph brightened with the slider of an app or a viewer: shadows turn grey, highlights turn white.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Differences between grey levels stay until they clip, so the finding stays too. Beyond the gradable \
                    level pale skin and scale are plain white, and a dependable model asks for another photograph.",
    gradable_to: NOT_BLEACHED,
    grading: Grading::Graded {
        dose: "shift",
        unit: Unit::Share,
        levels: [0.06, 0.12, 0.2, 0.3, 0.42],
        range: Range { mildest: -0.7, severest: 0.7 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): brightness adds 0.1-0.5 of full scale, there to HSV value",
        "Definition: a share of full scale, rounded to a whole grey level, added to each stored value, clipped",
    ],
};

/// A shift of grey levels in shares of full scale; negative is darker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Brightness {
    shift: f64,
}

impl Perturbation for Brightness {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let levels = libm::round(255.0 * self.shift);
        let table = lifted(levels);
        each_image_through(stimulus, cx, |_| ([table; 3], [("shift", self.shift), ("grey_levels", levels)]))
    }
}

impl Operator for Brightness {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Brightness {
    fn at_dose(dose: f64) -> Self {
        Self { shift: Self::range().nearest(dose) }
    }
}

/// Every grey level with whole levels added.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
fn lifted(levels: f64) -> [u8; 256] {
    core::array::from_fn(|value| (value as f64 + levels) as u8)
}

#[cfg(test)]
mod tests {
    use super::lifted;

    #[test]
    fn grey_levels_move_by_the_shift_and_clip() {
        for levels in [-179.0, -15.0, 0.0, 31.0, 107.0_f64] {
            for (before, after) in (0..256_u16).zip(lifted(levels)) {
                assert_eq!(f64::from(after), (f64::from(before) + levels).clamp(0.0, 255.0));
            }
        }
    }
}
