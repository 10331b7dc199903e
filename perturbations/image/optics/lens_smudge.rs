//! Lens smudge: a fingerprint on the lens scatters light, so that part of the photograph goes milky.

use image::RgbImage;

use super::SHARP_ENOUGH;
use crate::image::grid::{Grid, reduced};
use crate::image::light::{Place, smooth_step};
use crate::image::noise_source::normal_quantiles;
use crate::image::{Edited, each_image, nearest, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "lens_smudge",
    family: "image/optics",
    title: "Greasy lens",
    imitates: "A fingerprint or a smear of gel on the lens: milky where it lies, streaked the way it was wiped.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Haze lies over lesion and skin alike and takes detail, not findings; beyond the gradable level a \
                    dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "scattered",
        unit: Unit::Share,
        levels: [0.15, 0.35, 0.55, 0.75, 0.95],
        range: Range { mildest: 0.02, severest: 1.0 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[],
    references: &[
        "Gu et al., ACM Trans. Graphics 28 (2009) 144, doi 10.1145/1618452.1618490: a dirty lens attenuates the \
         photograph and adds a wide blur of it",
        "Definition: where the smear is whole, that share of each value is replaced by a blur of 5 % of the shorter side \
         mixed with a tenth of white; on stored grey levels; the smear is a drawn ellipse with streaks along its length",
    ],
};

/// A smear that scatters that share of the light.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LensSmudge {
    scattered: f64,
}

/// How much of what is scattered is white.
const VEIL: f32 = 0.1;

/// Nodes of the blurred photograph in a shorter side.
const NODES: u32 = 48;

impl Perturbation for LensSmudge {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    #[expect(clippy::cast_possible_truncation, reason = "a share needs no more than an f32")]
    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let smear = Smear::draw(&mut rng);
            let parameters = [
                ("scattered", self.scattered),
                ("x_share", smear.middle.0),
                ("y_share", smear.middle.1),
                ("angle_degrees", smear.angle),
            ];
            Ok(Edited::in_place(image, smear.cover(&image.pixels, self.scattered as f32), parameters))
        })
    }
}

impl Operator for LensSmudge {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for LensSmudge {
    fn at_dose(dose: f64) -> Self {
        Self { scattered: Self::range().nearest(dose) }
    }
}

/// Streaks to each side of the smear's middle line.
const STREAKS: usize = 24;

/// An ellipse of grease with streaks along its length.
struct Smear {
    /// In shares of width and height.
    middle: (f64, f64),
    angle: f64,
    /// How thin the grease is along each streak, 0–1.
    thin: [f32; 2 * STREAKS + 2],
}

impl Smear {
    #[expect(clippy::cast_possible_truncation, reason = "noise needs no more than an f32")]
    fn draw(rng: &mut Stream) -> Self {
        let quantiles = normal_quantiles();
        Self {
            middle: (rng.between(0.35, 0.65), rng.between(0.35, 0.65)),
            angle: rng.between(0.0, 180.0),
            thin: core::array::from_fn(|_| {
                let normal = quantiles.get(rng.index(quantiles.len())).copied().unwrap_or_default();
                (0.25 + 0.18 * normal).clamp(0.0, 0.8) as f32
            }),
        }
    }

    /// How much grease lies at an offset from the middle, 0–1; lengths in shorter sides.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "the number of a streak"
    )]
    fn grease(&self, (cosine, sine): (f32, f32), dx: f32, dy: f32) -> f32 {
        let (along, across) = (cosine * dx + sine * dy, cosine * dy - sine * dx);
        let out = (along * along / 0.3 + across * across / 0.12).sqrt();
        let streak = ((across + 0.5) * 2.0 * STREAKS as f32).clamp(0.0, 2.0 * STREAKS as f32);
        let thin = |number: usize| self.thin.get(number).copied().unwrap_or_default();
        let number = streak as usize;
        let share = smooth_step(0.0, 1.0, streak - number as f32);
        let here = thin(number) + (thin(number + 1) - thin(number)) * share;
        (1.0 - smooth_step(0.55, 1.25, out)) * (1.0 - here)
    }

    /// Mixes the scattered light in.
    fn cover(&self, source: &RgbImage, scattered: f32) -> RgbImage {
        let cell = (shorter_side(source) / NODES).max(1) as usize;
        let mut wide = reduced(source, cell);
        wide.smooth(2, 3);
        let grease = self.spread(source, cell.div_ceil(4));
        let width = source.width() as usize;
        let (mut nodes, mut haze) = (Vec::new(), vec![[0.0; 3]; width]);
        let (mut mask_nodes, mut mask) = (Vec::new(), vec![[0.0]; width]);
        let mut out = source.clone();
        for (y, line) in out.chunks_exact_mut((3 * width).max(1)).enumerate() {
            wide.spread(y, &mut nodes, &mut haze);
            grease.spread(y, &mut mask_nodes, &mut mask);
            for ((pixel, haze), [mask]) in line.as_chunks_mut::<3>().0.iter_mut().zip(&haze).zip(&mask) {
                let share = scattered * mask;
                for (value, haze) in pixel.iter_mut().zip(haze) {
                    let (own, haze) = (f32::from(*value), haze + VEIL * (255.0 - haze));
                    *value = nearest(own + share * (haze - own));
                }
            }
        }
        out
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "a mask needs no more than an f32"
    )]
    fn spread(&self, source: &RgbImage, cell: usize) -> Grid<1> {
        let turn = self.angle * core::f64::consts::PI / 180.0;
        let direction = (libm::cos(turn) as f32, libm::sin(turn) as f32);
        let place = Place::at(source, self.middle, f64::from(shorter_side(source)));
        Grid::new(source.dimensions(), cell, |x, y| {
            let (dx, dy) = ((x as f64 - place.x) / place.unit, (y as f64 - place.y) / place.unit);
            [self.grease(direction, dx as f32, dy as f32)]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{LensSmudge, Smear};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn grease_lies_in_the_middle_and_not_far_from_it() {
        let smear = Smear::draw(&mut Stream::derive(1, &[]));
        let mean = (0..40).map(|at| smear.grease((1.0, 0.0), 0.0, 0.004 * at as f32)).sum::<f32>() / 40.0;
        assert!(mean > 0.4 && mean < 0.95, "{mean}");
        assert_eq!((smear.grease((1.0, 0.0), 0.8, 0.0), smear.grease((1.0, 0.0), 0.0, 0.5)), (0.0, 0.0));
    }

    #[test]
    fn stripes_fade_under_the_smear_and_stay_beside_it() {
        let stripes = photo(400, 200, |x, _| [if x % 8 < 4 { 60 } else { 180 }; 3]);
        let mut stimulus = Stimulus { images: vec![stripes], ..Stimulus::default() };
        LensSmudge::at_dose(0.9).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["smear"]))).unwrap();
        let contrast = |x: u32, y: u32| {
            let pixel = |x: u32| stimulus.images[0].pixels.get_pixel(x, y).0[0];
            (x..x + 8).map(pixel).max().unwrap() - (x..x + 8).map(pixel).min().unwrap()
        };
        let least = (0..45).map(|at| contrast(8 * at, 100)).min().unwrap();
        assert!(least < 60, "{least}");
        let corners = [contrast(0, 0), contrast(384, 0), contrast(0, 199), contrast(384, 199)];
        assert!(corners.iter().filter(|corner| **corner == 120).count() >= 2, "{corners:?}");
    }
}
