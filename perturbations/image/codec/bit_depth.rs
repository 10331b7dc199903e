//! Bit depth: few grey levels per channel, so that smooth skin falls into bands.

use crate::image::{each_image_through, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "bit_depth",
    family: "image/codec",
    title: "Few colours",
    imitates: "A photograph kept with few colours: a palette picture, a 16-bit screen or remote desktop, an old archive.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Outline, size and overall colour survive while there are enough steps. Beyond the gradable level faint \
                    redness and pigment fall into the same step as the skin around them or get an edge that is not there.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "bits",
        unit: Unit::Number,
        levels: [5.0, 4.0, 3.0, 2.0, 1.0],
        range: Range { mildest: 7.0, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Definition: each channel alone to the nearest of 2^bits evenly spaced grey levels, black and white among them, \
         without dithering; broken bits give the nearest whole number of levels",
        "Saxena et al., arXiv 2603.06148 (VLM-RobustBench): has bit depth, without a physical scale",
    ],
};

/// So many bits per channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BitDepth {
    bits: f64,
}

impl Perturbation for BitDepth {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let levels = libm::round(libm::exp2(self.bits));
        let table = table(levels);
        each_image_through(stimulus, cx, |_| ([table; 3], [("grey_levels", levels)]))
    }
}

impl Operator for BitDepth {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for BitDepth {
    fn at_dose(dose: f64) -> Self {
        Self { bits: Self::range().nearest(dose) }
    }
}

/// Each grey level's nearest of that many, at least two.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn table(levels: f64) -> [u8; 256] {
    let steps = levels - 1.0;
    core::array::from_fn(|value| {
        let step = libm::round(value as f64 * steps / 255.0);
        libm::round(step * 255.0 / steps) as u8
    })
}

#[cfg(test)]
mod tests {
    use super::table;
    use std::collections::BTreeSet;

    #[test]
    fn as_many_levels_are_left_and_black_and_white_stay() {
        for levels in [2_u32, 3, 4, 6, 8, 16, 32, 128] {
            let table = table(f64::from(levels));
            assert_eq!(table.iter().collect::<BTreeSet<_>>().len(), levels as usize);
            assert_eq!((table[0], table[255]), (0, 255));
        }
    }

    #[test]
    fn no_value_moves_by_more_than_half_a_step() {
        let furthest = |levels: f64| table(levels).iter().zip(0..=255_u8).map(|(out, value)| out.abs_diff(value)).max();
        assert_eq!([32.0, 16.0, 8.0, 4.0, 2.0].map(furthest), [4, 8, 18, 42, 127].map(Some));
    }
}
