//! Brightness: every grey level lifted by the same amount, as a screen's or an app's slider does.

use image::RgbImage;

use super::NOT_BLEACHED;
use crate::image::{Edited, each_image, needed_dose};
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
        each_image(stimulus, cx, |image, _| {
            Ok(Edited::in_place(image, lift(&image.pixels, levels), [("shift", self.shift), ("grey_levels", levels)]))
        })
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

/// Adds whole grey levels; bytes that saturate are added sixteen at a time.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates, one of them at 0")]
fn lift(source: &RgbImage, levels: f64) -> RgbImage {
    let (up, down) = (levels as u8, -levels as u8);
    let mut out = source.clone();
    out.iter_mut().for_each(|value| *value = value.saturating_add(up).saturating_sub(down));
    out
}

#[cfg(test)]
mod tests {
    use super::lift;
    use crate::image::tests::photo;

    #[test]
    fn grey_levels_move_by_the_shift_and_clip() {
        let ramp = photo(256, 1, |x, _| [x as u8, 0, 255]);
        for levels in [-179.0, -15.0, 0.0, 31.0, 107.0_f64] {
            for (before, after) in ramp.pixels.iter().zip(lift(&ramp.pixels, levels).iter()) {
                assert_eq!(f64::from(*after), (f64::from(*before) + levels).clamp(0.0, 255.0));
            }
        }
    }
}
