//! Exposure: less (or more) light on the sensor, in photographic stops.

use super::{LIT_ENOUGH, gain};
use crate::image::{each_image_through, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels darken. A step may also ask for over-exposure: positive stops, which clip at white. The range runs from
/// the brightest to the darkest dose; harm grows with the distance from 0 on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "exposure",
    family: "image/light",
    title: "Dim light",
    imitates: "A photograph taken in a dim room without flash, or with the exposure set for a bright background.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A stop of light changes no finding. Further down redness vanishes, first on dark skin: then \
                    confidence may fall and urgency must not.",
    gradable_to: LIT_ENOUGH,
    grading: Grading::Graded {
        dose: "stops",
        unit: Unit::Stops,
        levels: [-0.5, -1.0, -1.5, -2.0, -3.0],
        range: Range { mildest: 4.0, severest: -4.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "IEC 61966-2-1 (sRGB): light is multiplied by 2^stops in linear light, clipped at white, rounded once",
        "Daneshjou et al., Science Advances 2022, doi 10.1126/sciadv.abq6147: accuracy already lower on dark skin",
    ],
};

/// A change of exposure in stops; negative is darker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Exposure {
    stops: f64,
}

impl Perturbation for Exposure {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let factor = libm::exp2(self.stops);
        let table = gain(factor);
        each_image_through(stimulus, cx, |_| ([table; 3], [("stops", self.stops), ("light_factor", factor)]))
    }
}

impl Operator for Exposure {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Exposure {
    fn at_dose(dose: f64) -> Self {
        Self { stops: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::Exposure;
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    fn light_after(stops: f64, value: u8) -> f64 {
        let mut stimulus = Stimulus { images: vec![photo(1, 1, |_, _| [value; 3])], ..Stimulus::default() };
        Exposure::at_dose(stops).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        to_light(f64::from(stimulus.images[0].pixels.get_pixel(0, 0).0[1]) / 255.0)
    }

    #[test]
    fn a_stop_is_a_factor_of_two_of_light() {
        let before = to_light(100.0 / 255.0);
        assert!((light_after(1.0, 100) / before - 2.0).abs() < 0.02);
        assert!((light_after(-1.0, 100) / before - 0.5).abs() < 0.01);
    }

    #[test]
    fn over_exposure_clips_at_white() {
        assert!((light_after(4.0, 200) - 1.0).abs() < 1e-12);
    }
}
