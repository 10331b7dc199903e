//! Zoom blur: the hand moves towards the skin during the exposure.

use core::mem::swap;

use image::RgbImage;

use super::SHARP_ENOUGH;
use super::magnify::{Magnifier, PARTS};
use crate::image::light::half_diagonal;
use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "zoom_blur",
    family: "image/optics",
    title: "Moved closer",
    imitates: "The phone moves towards the skin during the exposure: the middle stays sharp, the edges streak outwards.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "While the outline and colours of the lesion are readable the finding is the same; beyond the \
                    gradable level a dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "zoom",
        unit: Unit::Share,
        levels: [0.01, 0.03, 0.07, 0.14, 0.28],
        range: Range { mildest: 0.002, severest: 0.6 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): the mean of 11-16 copies magnified by up to 1.11-1.31",
        "Definition: the mean of 2^n copies magnified about the middle, factors even in their logarithm from 1 to 1 + \
         zoom, n such that copies lie 2 px apart in the corners at most; bilinear, on stored grey levels",
    ],
};

/// Zoom during the exposure; 0.1 magnifies by a tenth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoomBlur {
    zoom: f64,
}

/// A shorter streak in the corners would move no pixel by a grey level.
const SMALLEST_STREAK_PX: f64 = 0.3;

impl Perturbation for ZoomBlur {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let streak = self.zoom * half_diagonal(&image.pixels);
            if streak < SMALLEST_STREAK_PX {
                return Err(too_small(&image.pixels, streak));
            }
            let parameters = [("zoom", self.zoom), ("corner_streak_px", streak)];
            Ok(Edited::in_place(image, blur(&image.pixels, self.zoom, streak), parameters))
        })
    }
}

impl Operator for ZoomBlur {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ZoomBlur {
    fn at_dose(dose: f64) -> Self {
        Self { zoom: Self::range().nearest(dose) }
    }
}

/// The shorter side from which on the streak would be long enough, at this aspect.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a ceiling of a positive ratio")]
fn too_small(pixels: &RgbImage, streak: f64) -> Unfit {
    let side = shorter_side(pixels);
    Unfit::TooSmall { side, least: libm::ceil(f64::from(side) * SMALLEST_STREAK_PX / streak) as u32 }
}

/// How far apart, in pixels, copies may lie in the corners.
const STEP_PX: f64 = 2.0;

/// Each pass takes the mean of what there is and the same magnified, by twice as much each time: two copies, four, eight.
fn blur(source: &RgbImage, zoom: f64, streak: f64) -> RgbImage {
    let (mut copies, mut step) = (2.0, libm::sqrt(1.0 + zoom));
    while streak / copies > STEP_PX {
        copies *= 2.0;
        step = libm::sqrt(step);
    }
    let (mut now, mut next) = (source.clone(), source.clone());
    while copies > 1.0 {
        mean_with_magnified(&now, step, &mut next);
        swap(&mut now, &mut next);
        step *= step;
        copies /= 2.0;
    }
    now
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the mean of two grey levels is one")]
fn mean_with_magnified(source: &RgbImage, factor: f64, out: &mut RgbImage) {
    let stride = 3 * source.width() as usize;
    let mut magnifier = Magnifier::new(source, factor);
    let mut magnified = vec![0; stride];
    let lines = out.chunks_exact_mut(stride.max(1)).zip(source.chunks_exact(stride.max(1)));
    for (y, (line, before)) in lines.enumerate() {
        magnifier.row(source, y, &mut magnified);
        for ((value, before), other) in line.iter_mut().zip(before).zip(&magnified) {
            *value = ((i16::from(*before) * PARTS + other + PARTS) >> 7) as u8;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::blur;
    use crate::image::light::half_diagonal;
    use crate::image::tests::photo;

    #[test]
    fn a_flat_photograph_stays_flat() {
        let flat = photo(50, 31, |_, _| [255, 128, 1]).pixels;
        assert_eq!(blur(&flat, 0.3, 0.3 * half_diagonal(&flat)), flat);
    }

    #[test]
    fn rays_from_the_middle_stay_and_rings_go() {
        // A slope through the middle only gets flatter; stripes far from the middle, across the streaks, vanish.
        let stripes = photo(201, 201, |x, _| [if x % 6 < 3 { 40 } else { 200 }; 3]).pixels;
        let out = blur(&stripes, 0.2, 0.2 * half_diagonal(&stripes));
        let contrast = |from: u32, to: u32| {
            let row = (from..to).map(|x| out.get_pixel(x, 100).0[0]);
            row.clone().max().unwrap() - row.min().unwrap()
        };
        assert!(contrast(96, 106) > 120 && contrast(2, 30) < 30, "{} {}", contrast(96, 106), contrast(2, 30));
        let turned = photo(201, 201, |_, y| [if y % 6 < 3 { 40 } else { 200 }; 3]).pixels;
        let across = blur(&turned, 0.2, 0.2 * half_diagonal(&turned));
        assert!((0..201).all(|x| across.get_pixel(x, 100).0[0].abs_diff(across.get_pixel(100, 100).0[0]) <= 1));
    }

    #[test]
    fn the_mean_of_many_copies_is_that_of_the_definition() {
        let image = crate::contract::photograph(90, 70, 2).pixels;
        let zoom = 0.15;
        let out = blur(&image, zoom, zoom * half_diagonal(&image));
        let copies = 4; // 8.6 px of streak in steps of at most 2 px are 8 copies
        let copies = 2 * copies;
        let at = |x: f64, y: f64| {
            let (x, y) = (x.clamp(0.0, 89.0), y.clamp(0.0, 69.0));
            let (left, top) = (x.floor(), y.floor());
            let pixel = |dx: f64, dy: f64| {
                f64::from(image.get_pixel((left + dx).min(89.0) as u32, (top + dy).min(69.0) as u32).0[1])
            };
            let mix = |a: f64, b: f64, t: f64| a + (b - a) * t;
            mix(
                mix(pixel(0.0, 0.0), pixel(1.0, 0.0), x - left),
                mix(pixel(0.0, 1.0), pixel(1.0, 1.0), x - left),
                y - top,
            )
        };
        let mut apart = 0.0;
        for (x, y, pixel) in out.enumerate_pixels() {
            let mean: f64 = (0..copies)
                .map(|copy| {
                    let factor = (1.0_f64 + zoom).powf(f64::from(copy) / f64::from(copies));
                    at(44.5 + (f64::from(x) - 44.5) / factor, 34.5 + (f64::from(y) - 34.5) / factor)
                })
                .sum();
            apart += (f64::from(pixel.0[1]) - mean / f64::from(copies)).abs();
        }
        assert!(apart / (90.0 * 70.0) < 1.5, "{}", apart / (90.0 * 70.0));
    }
}
