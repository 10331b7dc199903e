//! Gamma: a wrong tone curve, as from a badly set screen, scanner or export.

use super::{LIT_ENOUGH, table};
use crate::image::{each_image_through, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels darken the middle tones. A step may also ask for exponents below 1, which brighten them; harm grows with
/// the distance from 1 on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "gamma",
    family: "image/light",
    title: "Wrong tone curve",
    imitates: "A photograph exported, scanned or photographed off a screen with the wrong gamma: middle tones sink.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Black, white and every edge keep their place; only middle tones shift, as they do from screen to \
                    screen. Beyond the gradable level dark lesions and redness lose their structure.",
    gradable_to: LIT_ENOUGH,
    grading: Grading::Graded {
        dose: "exponent",
        unit: Unit::Number,
        levels: [1.2, 1.4, 1.7, 2.0, 2.5],
        range: Range { mildest: 0.25, severest: 4.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Islam, Li and Glocker, 2023, doi 10.1007/978-3-031-44336-7_17: gamma 0.4-1.6 on photographs of skin \
         lesions",
        "Definition: out = 255 (in / 255)^exponent on stored grey levels, each channel alone, rounded once; on a \
         power-law display this multiplies the display's exponent",
    ],
};

/// A power law on grey levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gamma {
    exponent: f64,
}

impl Perturbation for Gamma {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let table = table(|value| libm::pow(value, self.exponent));
        each_image_through(stimulus, cx, |_| ([table; 3], [("exponent", self.exponent)]))
    }
}

impl Operator for Gamma {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Gamma {
    fn at_dose(dose: f64) -> Self {
        Self { exponent: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::Gamma;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn grey_levels_follow_the_power_law_and_the_ends_stay() {
        let mut stimulus = Stimulus { images: vec![photo(256, 1, |x, _| [x as u8; 3])], ..Stimulus::default() };
        Gamma::at_dose(1.7).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let out: Vec<u8> = stimulus.images[0].pixels.pixels().map(|pixel| pixel.0[0]).collect();
        for (value, got) in out.iter().enumerate() {
            let wanted = 255.0 * (value as f64 / 255.0).powf(1.7);
            assert!((f64::from(*got) - wanted).abs() <= 0.501);
        }
        assert_eq!((out[0], out[255]), (0, 255));
    }

    #[test]
    fn an_exponent_below_one_brightens() {
        let mut stimulus = Stimulus { images: vec![photo(1, 1, |_, _| [64; 3])], ..Stimulus::default() };
        Gamma::at_dose(0.5).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        assert_eq!(stimulus.images[0].pixels.get_pixel(0, 0).0, [128; 3]);
    }
}
