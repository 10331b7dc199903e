//! Colour temperature: light of one colour, a white balance set for another.

use super::gain;
use crate::image::{each_image_through, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels go from daylight to a warm bulb. A step may also ask for bluish light above 6500 K; harm grows with the
/// distance from 6500 K on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "colour_temperature",
    family: "image/light",
    title: "Warm bulb",
    imitates: "A photograph under a warm bulb whose white balance stayed at daylight, so that all of it turns orange.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A slight cast leaves every colour difference in place and the skin around the lesion shows it. \
                    Beyond the gradable level colour, which is diagnostic, is falsified: then only a direction can \
                    be demanded (urgency must not fall).",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "kelvin",
        unit: Unit::Kelvin,
        levels: [5500.0, 4700.0, 4000.0, 3400.0, 2800.0],
        range: Range { mildest: 12_000.0, severest: 2000.0 },
        monotone_in: Quantity::ColourDifference,
    },
    parameters: &[],
    references: &[
        "Kim et al., US patent 7 024 034: the Planckian locus as cubics in 1/T, 1667-25 000 K",
        "IEC 61966-2-1 (sRGB): primaries; gains on linear red, green and blue (von Kries) that keep the luminance of grey",
    ],
};

/// The temperature at which nothing changes, in kelvin.
const DAYLIGHT: f64 = 6500.0;

/// Light of a colour temperature in kelvin, photographed as if it were 6500 K.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ColourTemperature {
    kelvin: f64,
}

impl Perturbation for ColourTemperature {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let gains = gains(self.kelvin);
        let [red, green, blue] = gains;
        let tables = gains.map(gain);
        each_image_through(stimulus, cx, |_| {
            let parameters = [("kelvin", self.kelvin), ("red_gain", red), ("green_gain", green), ("blue_gain", blue)];
            (tables, parameters)
        })
    }
}

impl Operator for ColourTemperature {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ColourTemperature {
    fn at_dose(dose: f64) -> Self {
        Self { kelvin: Self::range().nearest(dose) }
    }
}

/// What the light does to linear red, green and blue; a grey keeps its luminance (ITU-R BT.709 weights).
fn gains(kelvin: f64) -> [f64; 3] {
    let ([r, g, b], [white_r, white_g, white_b]) = (light_rgb(kelvin), light_rgb(DAYLIGHT));
    let [red, green, blue] = [r / white_r, g / white_g, b / white_b];
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    [red, green, blue].map(|gain| gain / luminance)
}

/// A black body's light of luminance 1 in linear sRGB; positive down to about 1900 K.
fn light_rgb(kelvin: f64) -> [f64; 3] {
    let (x, y) = planckian(kelvin);
    let (big_x, big_z) = (x / y, (1.0 - x - y) / y);
    [
        3.240_625 * big_x - 1.537_208 - 0.498_629 * big_z,
        -0.968_931 * big_x + 1.875_756 + 0.041_518 * big_z,
        0.055_710 * big_x - 0.204_021 + 1.056_996 * big_z,
    ]
}

/// The CIE 1931 chromaticity of a black body (Kim et al.).
fn planckian(kelvin: f64) -> (f64, f64) {
    let t = 1000.0 / kelvin;
    let cubic = |[a, b, c, d]: [f64; 4], v: f64| ((a * v + b) * v + c) * v + d;
    let x = if kelvin <= 4000.0 {
        cubic([-0.266_123_9, -0.234_358_9, 0.877_695_6, 0.179_910], t)
    } else {
        cubic([-3.025_846_9, 2.107_037_9, 0.222_634_7, 0.240_390], t)
    };
    let y = if kelvin <= 2222.0 {
        cubic([-1.106_381_4, -1.348_110_20, 2.185_558_32, -0.202_196_83], x)
    } else if kelvin <= 4000.0 {
        cubic([-0.954_947_6, -1.374_185_93, 2.091_370_15, -0.167_488_67], x)
    } else {
        cubic([3.081_758_0, -5.873_386_70, 3.751_129_97, -0.370_014_83], x)
    };
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::{CARD, gains, planckian};
    use crate::Level;

    #[test]
    fn the_locus_passes_through_known_lights() {
        // CIE illuminant A is a black body of 2856 K at (0.4476, 0.4074); 6500 K lies at (0.3135, 0.3237).
        for (kelvin, x, y) in [(2856.0, 0.4476, 0.4074), (6500.0, 0.3135, 0.3237), (4000.0, 0.3805, 0.3768)] {
            let (got_x, got_y) = planckian(kelvin);
            assert!((got_x - x).abs() < 1e-3 && (got_y - y).abs() < 1e-3, "{kelvin}: {got_x} {got_y}");
        }
    }

    #[test]
    fn daylight_changes_nothing_and_lower_temperatures_are_redder() {
        assert!(gains(6500.0).iter().all(|gain| (gain - 1.0).abs() < 1e-12));
        let ratio = |kelvin| gains(kelvin)[0] / gains(kelvin)[2];
        let levels: Vec<f64> = Level::ALL.iter().map(|level| ratio(CARD.dose(*level).unwrap())).collect();
        assert!(levels.windows(2).all(|pair| pair[1] > pair[0]) && levels[0] > 1.0);
        assert!(ratio(9000.0) < 1.0);
    }

    #[test]
    fn every_gain_in_the_range_is_positive_and_grey_keeps_its_luminance() {
        for step in 0..=100 {
            let [red, green, blue] = gains(2000.0 + 100.0 * f64::from(step));
            assert!(red > 0.0 && green > 0.0 && blue > 0.0);
            assert!((0.2126 * red + 0.7152 * green + 0.0722 * blue - 1.0).abs() < 1e-12);
        }
    }
}
