//! Vignette: a lens that gives its corners less light.

use super::{LIT_ENOUGH, LightTables, Place, half_diagonal, relight};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "vignette",
    family: "image/light",
    title: "Dark corners",
    imitates: "A clip-on macro lens, a wide aperture or a flash that does not reach the corners: the frame darkens outwards.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The middle, where the lesion usually lies, keeps its light. Only the surroundings sink, redness on \
                    dark skin first: then confidence may fall and urgency must not.",
    gradable_to: LIT_ENOUGH,
    grading: Grading::Graded {
        dose: "corner",
        unit: Unit::Stops,
        levels: [0.7, 1.5, 2.5, 4.0, 6.0],
        range: Range { mildest: 0.1, severest: 10.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Reiss, J. Opt. Soc. Am. 35 (1945) 283, doi 10.1364/JOSA.35.000283: the cosine-fourth law of illumination",
        "Definition: by that law light times 1 / (1 + k r^2)^2, with k from the loss in the corner",
        "IEC 61966-2-1 (sRGB): light is multiplied in linear light, rounded once",
    ],
};

/// A loss of light in the corners, in stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Vignette {
    corner: f64,
}

impl Perturbation for Vignette {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    #[expect(clippy::cast_possible_truncation, reason = "a slope needs no more than an f32")]
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let tables = LightTables::multiplying(libm::exp2(-self.corner), 1.0);
        let slope = (libm::exp2(self.corner / 2.0) - 1.0) as f32;
        each_image(stimulus, cx, |image, _| {
            let place = Place::middle(&image.pixels, half_diagonal(&image.pixels));
            let pixels = relight(&image.pixels, &tables, place, |dx, dy| {
                let cosine = 1.0 / (1.0 + slope * (dx * dx + dy * dy));
                cosine * cosine
            });
            Ok(Edited::in_place(image, pixels, [("corner_stops", self.corner)]))
        })
    }
}

impl Operator for Vignette {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Vignette {
    fn at_dose(dose: f64) -> Self {
        Self { corner: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::Vignette;
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn corners_lose_that_many_stops_and_the_middle_none() {
        let mut stimulus = Stimulus { images: vec![photo(301, 201, |_, _| [180; 3])], ..Stimulus::default() };
        Vignette::at_dose(2.0).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let pixels = &stimulus.images[0].pixels;
        let light = |x: u32, y: u32| to_light(f64::from(pixels.get_pixel(x, y).0[1]) / 255.0);
        assert_eq!(pixels.get_pixel(150, 100).0, [180; 3]);
        for (x, y) in [(0, 0), (300, 0), (0, 200), (300, 200)] {
            assert!((light(150, 100) / light(x, y) / 4.0 - 1.0).abs() < 0.06);
        }
    }
}
