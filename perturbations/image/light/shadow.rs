//! Shadow: the corner of a phone or an arm between lamp and skin, with a hard edge.

use super::{LightTables, Place, relight, smooth_step};
use crate::image::{Edited, each_image, from_afar, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Target, Tone, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "shadow",
    family: "image/light",
    title: "Hard shadow",
    imitates: "The phone or the arm that holds it stands between the lamp and the skin, and its edge crosses the lesion.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A shadow has a straight edge and no colour of its own; it is not pigment. Where it is so deep that \
                    nothing shows in it confidence may fall and urgency must not.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable {
            modality: Modality::ClinicalPhoto,
            tone: Some(Tone::Dark),
            to: Level::new(1),
            basis: Basis::Assumed,
        },
    ],
    grading: Grading::Graded {
        dose: "depth",
        unit: Unit::Stops,
        levels: [0.4, 0.9, 1.6, 2.6, 4.5],
        range: Range { mildest: 0.05, severest: 8.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "IEC 61966-2-1 (sRGB): light is multiplied in linear light",
        "Definition: light in the shadow is multiplied by 2^-depth in linear light (IEC 61966-2-1), in the penumbra, \
         2 % of the shorter side wide, by a smooth blend (3t^2 - 2t^3)",
        "The shadow is a right-angled corner, rounded by 12 to 30 % of the shorter side as a phone's or an elbow's is; angle \
         and place are drawn such that an edge passes near the middle. Between a dermatoscope and the skin is no room \
         for one: unfit",
    ],
};

/// A shadow of that depth, in stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shadow {
    depth: f64,
}

/// Half the width of the penumbra, in shorter sides.
const PENUMBRA: f32 = 0.01;

impl Perturbation for Shadow {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    #[expect(clippy::cast_possible_truncation, reason = "directions and places need no more than an f32")]
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let dark = libm::exp2(-self.depth);
        let tables = LightTables::multiplying(dark, 1.0);
        each_image(stimulus, cx, |image, mut rng| {
            let angle = rng.between(0.0, 360.0);
            from_afar(image)?;
            let (edge, end) = (rng.between(-0.08, 0.08), rng.between(0.1, 0.4));
            let round = rng.between(0.12, 0.3);
            let turn = angle * core::f64::consts::PI / 180.0;
            let (sine, cosine) = (libm::sin(turn) as f32, libm::cos(turn) as f32);
            let (edge_at, end_at, radius, lost) = (edge as f32, end as f32, round as f32, 1.0 - dark as f32);
            let place = Place::middle(&image.pixels, f64::from(shorter_side(&image.pixels)));
            let pixels = relight(&image.pixels, &tables, place, |dx, dy| {
                let sides = (cosine * dx + sine * dy - edge_at, cosine * dy - sine * dx + end_at);
                1.0 - lost * smooth_step(-PENUMBRA, PENUMBRA, inside(sides, radius))
            });
            let parameters = [
                ("depth_stops", self.depth),
                ("angle_degrees", angle),
                ("edge_share", edge),
                ("end_share", end),
                ("round_share", round),
            ];
            Ok(Edited::in_place(image, pixels, parameters))
        })
    }
}

/// How far inside a corner a place lies that is so far inside each of its sides; less than 0 outside.
fn inside((one, other): (f32, f32), radius: f32) -> f32 {
    let (a, b) = (radius - one, radius - other);
    if a > 0.0 && b > 0.0 { radius - (a * a + b * b).sqrt() } else { one.min(other) }
}

impl Operator for Shadow {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Shadow {
    fn at_dose(dose: f64) -> Self {
        Self { depth: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Shadow, inside};
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Modality, Perturbation, Stimulus, Stream, Unfit};

    #[test]
    fn light_is_whole_outside_and_that_many_stops_less_inside() {
        for draw in ["a", "b", "c"] {
            let mut stimulus = Stimulus { images: vec![photo(200, 150, |_, _| [180; 3])], ..Stimulus::default() };
            Shadow::at_dose(1.0).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[draw]))).unwrap();
            let half = (1..=255_u8).find(|v| to_light(f64::from(*v) / 255.0) >= to_light(180.0 / 255.0) / 2.0);
            let values: Vec<u8> = stimulus.images[0].pixels.pixels().map(|pixel| pixel.0[2]).collect();
            let count = |near: u8| values.iter().filter(|value| value.abs_diff(near) <= 1).count();
            let (lit, shaded) = (count(180), count(half.unwrap()));
            assert!(lit > 5000 && shaded > 5000, "{lit} {shaded}");
            assert!(lit + shaded > 30_000 * 9 / 10, "the edge is hard: {lit} {shaded}");
        }
    }

    #[test]
    fn the_corner_is_round_and_the_sides_are_straight() {
        assert_eq!([(0.5, 0.1), (0.1, 0.5), (-0.2, 0.4)].map(|sides| inside(sides, 0.25)), [0.1, 0.1, -0.2]);
        // At the corner of the sides themselves: outside the circle by its radius times √2 − 1.
        assert!((inside((0.0, 0.0), 0.25) + 0.25 * 0.414_213_6).abs() < 1e-6);
        assert!((inside((0.25, 0.25), 0.25) - 0.25).abs() < 1e-6);
    }

    #[test]
    fn nothing_stands_between_a_dermatoscope_and_the_skin() {
        let image = Image { modality: Modality::Dermoscopy, ..photo(60, 40, |_, _| [180; 3]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let outcome = Shadow::at_dose(1.0).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])));
        assert_eq!(outcome, Err(Unfit::WrongModality));
    }
}
