//! Tint: light with too much green (or magenta), the axis that colour temperature leaves out.

use super::{TRUE_COLOUR, gain};
use crate::image::{each_image_through, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels turn the photograph green. A step may also ask for negative stops, which turn it magenta; harm grows with
/// the distance from 0 on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "tint",
    family: "image/light",
    title: "Green cast",
    imitates: "A photograph under a fluorescent tube or a cheap LED lamp, whose green excess the camera did not balance.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Green is the opposite of red, and redness is a finding: a cast may lower confidence, but it must \
                    not make an urgent lesion look less urgent.",
    gradable_to: TRUE_COLOUR,
    grading: Grading::Graded {
        dose: "green",
        unit: Unit::Stops,
        levels: [0.06, 0.14, 0.26, 0.45, 0.8],
        range: Range { mildest: -2.0, severest: 2.0 },
        monotone_in: Quantity::ColourDifference,
    },
    parameters: &[],
    references: &[
        "Definition: linear green is multiplied by 2^stops against red and blue, then all three such that grey keeps \
         its luminance (ITU-R BT.709 weights); IEC 61966-2-1 (sRGB), clipped at white, rounded once",
        "CIE 224:2017 and ANSI C78.377: lamps differ from a black body along this axis (Duv)",
    ],
};

/// Green against red and blue, in stops of light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tint {
    green: f64,
}

impl Perturbation for Tint {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let gains = gains(self.green);
        let [red, green, blue] = gains;
        let tables = gains.map(gain);
        each_image_through(stimulus, cx, |_| {
            let parameters =
                [("green_stops", self.green), ("red_gain", red), ("green_gain", green), ("blue_gain", blue)];
            (tables, parameters)
        })
    }
}

impl Operator for Tint {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Tint {
    fn at_dose(dose: f64) -> Self {
        Self { green: Self::range().nearest(dose) }
    }
}

/// What the light does to linear red, green and blue; a grey keeps its luminance (ITU-R BT.709 weights).
fn gains(stops: f64) -> [f64; 3] {
    let green = libm::exp2(stops);
    let luminance = 0.2126 + 0.7152 * green + 0.0722;
    [1.0 / luminance, green / luminance, 1.0 / luminance]
}

#[cfg(test)]
mod tests {
    use super::gains;

    #[test]
    fn green_rises_against_the_others_and_grey_keeps_its_luminance() {
        for stops in [-2.0, -0.3, 0.0, 0.5, 2.0_f64] {
            let [red, green, blue] = gains(stops);
            assert!((green / red - stops.exp2()).abs() < 1e-12 && (red - blue).abs() < 1e-12);
            assert!((0.2126 * red + 0.7152 * green + 0.0722 * blue - 1.0).abs() < 1e-12);
        }
    }
}
