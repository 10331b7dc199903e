//! Flash hotspot: a flash held close burns out one place, and the camera darkens the rest.

use super::NOT_BLINDED;
use crate::image::light::{LightTables, Place, relight};
use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "flash_hotspot",
    family: "image/optics",
    title: "Flash too close",
    imitates: "A phone's flash a hand's width from the skin: a burnt-out middle, and surroundings the camera darkens.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Where detail is left the finding is the same. A lesion that is burnt out cannot be graded, and a \
                    dependable model asks for a photograph without flash.",
    gradable_to: NOT_BLINDED,
    grading: Grading::Graded {
        dose: "peak",
        unit: Unit::Stops,
        levels: [0.4, 0.9, 1.6, 2.5, 4.0],
        range: Range { mildest: 0.1, severest: 6.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Reiss, J. Opt. Soc. Am. 35 (1945) 283, doi 10.1364/JOSA.35.000283: the cosine-fourth law of illumination",
        "Definition: light is multiplied by low + (high - low) / (1 + (r / R)^2)^2, high = 2^peak, low = 2^(-peak / 3), \
         R 30-45 % of the shorter side, middle drawn near that of the photograph; linear light (IEC 61966-2-1), clipped",
        "The falloff is that of a flash facing a flat surface at distance R; a dermatoscope's own lamp does the same where it \
         is held off the skin",
    ],
};

/// A flash that adds that many stops where it is brightest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FlashHotspot {
    peak: f64,
}

impl Perturbation for FlashHotspot {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    #[expect(clippy::cast_possible_truncation, reason = "factors of light need no more than an f32")]
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let (low, high) = (libm::exp2(-self.peak / 3.0), libm::exp2(self.peak));
        let tables = LightTables::multiplying(low, high);
        let (least, more) = (low as f32, (high - low) as f32);
        each_image(stimulus, cx, |image, mut rng| {
            let (x, y) = (rng.between(0.35, 0.65), rng.between(0.35, 0.65));
            let radius = f64::from(shorter_side(&image.pixels)) * rng.between(0.3, 0.45);
            let place = Place::at(&image.pixels, (x, y), radius);
            let pixels = relight(&image.pixels, &tables, place, |dx, dy| {
                let cosine = 1.0 / (1.0 + dx * dx + dy * dy);
                least + more * cosine * cosine
            });
            let parameters = [("peak_stops", self.peak), ("x_share", x), ("y_share", y), ("radius_px", radius)];
            Ok(Edited::in_place(image, pixels, parameters))
        })
    }
}

impl Operator for FlashHotspot {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for FlashHotspot {
    fn at_dose(dose: f64) -> Self {
        Self { peak: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::FlashHotspot;
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn the_middle_gains_the_stops_and_the_corners_lose_a_third_at_most() {
        let mut stimulus = Stimulus { images: vec![photo(300, 200, |_, _| [110; 3])], ..Stimulus::default() };
        FlashHotspot::at_dose(1.5).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let light: Vec<f64> = stimulus.images[0].pixels.iter().map(|v| to_light(f64::from(*v) / 255.0)).collect();
        let before = to_light(110.0 / 255.0);
        let stops = |light: f64| (light / before).log2();
        let (high, low) = (light.iter().copied().fold(0.0, f64::max), light.iter().copied().fold(1.0, f64::min));
        assert!((stops(high) - 1.5).abs() < 0.03, "{}", stops(high));
        assert!(stops(low) < -0.3 && stops(low) > -0.52, "{}", stops(low));
    }
}
