//! Motion blur: the hand moves along a straight line during the exposure.

use std::collections::BTreeMap;

use image::RgbImage;

use super::SHARP_ENOUGH;
use crate::image::kernels::taps::{Tap, twice};
use crate::image::kernels::{Border, Rounding};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "motion_blur",
    family: "image/optics",
    title: "Shaken",
    imitates: "The phone or the patient moves in one direction while a dim scene is exposed.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "While the outline and colours of the lesion are readable the finding is the same; beyond the \
                    gradable level a dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "length",
        unit: Unit::ShorterSide,
        levels: [0.01, 0.02, 0.04, 0.06, 0.1],
        range: Range { mildest: 0.002, severest: 0.3 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[Parameter {
        name: "angle",
        doc: "The direction of the movement, counted from the horizontal towards the bottom; drawn when left out.",
        takes: Takes::Number { unit: Unit::Degrees, min: 0.0, max: 180.0 },
        required: false,
    }],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): motion blur along a random angle, radius 10-20 px at 224 px",
        "Kernel: a line of even weight sampled with bilinear weights, border pixels repeated, on stored grey levels; \
         from 12 px on, a short line repeated along it (off by under a grey level in the mean)",
    ],
};

/// A shorter line would move no pixel by a grey level.
const SMALLEST_LENGTH_PX: f64 = 0.3;

/// Motion blur with a length in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MotionBlur {
    length: f64,
    angle: Option<f64>,
}

impl Perturbation for MotionBlur {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = rng.between(0.0, 180.0);
            let angle = self.angle.unwrap_or(drawn);
            let length = length_px(&image.pixels, self.length, SMALLEST_LENGTH_PX)?;
            let parameters = [("angle_degrees", angle), ("length_px", length)];
            Ok(Edited::in_place(image, blur(&image.pixels, length, angle), parameters))
        })
    }
}

impl Operator for MotionBlur {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let blur = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { angle: setting.number("angle"), ..blur })
    }
}

impl Graded for MotionBlur {
    fn at_dose(dose: f64) -> Self {
        Self { length: Self::range().nearest(dose), angle: None }
    }
}

/// The line as a short line and a row of points along it, so that a pixel takes few neighbours whatever the length:
/// the points stand one short line apart.
fn blur(source: &RgbImage, length: f64, angle: f64) -> RgbImage {
    let parts = parts(length);
    let short = line(length / f64::from(parts), angle);
    let points = points(length, angle, parts);
    twice(source, &short, &points, Border::Repeat, Rounding::Nearest)
}

/// Lines up to this many pixels long are taken as they are.
const SHORT: f64 = 12.0;

/// How many short lines make up one of that length: a line has about three neighbours per pixel, a point four.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few dozen")]
fn parts(length: f64) -> u32 {
    if length <= SHORT { 1 } else { libm::round(libm::sqrt(0.75 * length)) as u32 }
}

/// Sample points per pixel of length; the error of the weights is below a tenth of a grey level.
const SAMPLES_PER_PX: f64 = 32.0;

/// A line through the centre.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts far below the limit")]
fn line(length: f64, angle: f64) -> Vec<Tap> {
    points(length, angle, libm::ceil(length * SAMPLES_PER_PX) as u32)
}

/// Points that stand for equal parts of a line through the centre, as taps that weigh 1 in all: each point gives to its
/// four nearest pixels.
#[expect(clippy::cast_possible_truncation, reason = "offsets far below the limit")]
fn points(length: f64, angle: f64, count: u32) -> Vec<Tap> {
    let turn = angle * core::f64::consts::PI / 180.0;
    let (sine, cosine) = (libm::sin(turn), libm::cos(turn));
    let mut weights = BTreeMap::new();
    for point in 0..count {
        let along = length * ((f64::from(point) + 0.5) / f64::from(count) - 0.5);
        let (x, y) = (along * cosine, along * sine);
        let (left, top) = (libm::floor(x), libm::floor(y));
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let share = (1.0 - (x - left - dx).abs()) * (1.0 - (y - top - dy).abs());
            *weights.entry(((top + dy) as isize, (left + dx) as isize)).or_insert(0.0) += share / f64::from(count);
        }
    }
    let taps = weights.into_iter().map(|((down, across), weight)| Tap { across, down, weight });
    taps.filter(|tap| tap.weight > SLIGHTEST).collect()
}

/// A weight that no sum of 255 such pixels could show.
const SLIGHTEST: f64 = 1e-6;

#[cfg(test)]
mod tests {
    use super::{MotionBlur, blur, line};
    use crate::image::kernels::taps::once;
    use crate::image::kernels::{Border, Rounding};
    use crate::image::tests::photo;
    use crate::{Context, Edit, Graded, Level, Operator, Perturbation, Setting, Stimulus, Stream};

    #[test]
    fn a_level_line_of_five_pixels_averages_about_five_pixels() {
        let taps = line(5.0, 0.0);
        let weight = |across| taps.iter().filter(|t| t.across == across).map(|t| t.weight).sum::<f64>();
        assert!((weight(0) - 0.2).abs() < 1e-3 && (weight(1) - 0.2).abs() < 1e-3);
        assert!((weight(2) - 0.175).abs() < 1e-3 && (weight(3) - 0.025).abs() < 1e-3);
        assert!(taps.iter().all(|tap| tap.down == 0 || tap.weight.abs() < 1e-6));
    }

    #[test]
    fn weights_sum_to_one_and_the_line_is_centred() {
        for (length, angle) in [(0.3, 12.0), (7.7, 45.0), (30.0, 90.0), (64.0, 179.0)] {
            let taps = line(length, angle);
            let sum = |of: fn(&crate::image::kernels::taps::Tap) -> f64| taps.iter().map(of).sum::<f64>();
            assert!((sum(|t| t.weight) - 1.0).abs() < 1e-5);
            assert!(sum(|t| t.weight * t.across as f64).abs() < 1e-4);
            assert!(sum(|t| t.weight * t.down as f64).abs() < 1e-4);
        }
    }

    #[test]
    fn stripes_along_the_movement_stay_and_stripes_across_it_go() {
        let level = photo(40, 40, |_, y| [if y % 4 < 2 { 40 } else { 200 }; 3]);
        assert_eq!(blur(&level.pixels, 8.0, 0.0), level.pixels);
        let across = blur(&level.pixels, 8.0, 90.0);
        let range = (10..30).map(|y| across.get_pixel(20, y).0[0]);
        assert!(range.clone().max().unwrap() - range.min().unwrap() < 30);
    }

    #[test]
    fn a_line_made_of_short_ones_is_the_line() {
        let image = crate::contract::photograph(200, 180, 1).pixels;
        for (length, angle) in [(12.1, 0.0), (31.0, 20.0), (31.0, 45.0), (50.0, 137.0), (50.0, 90.0)] {
            let exact = once(&image, &line(length, angle), Border::Repeat, Rounding::Nearest);
            let error = crate::squared_error(&blur(&image, length, angle), &exact);
            assert!(error < 1.0, "{length} px at {angle} degrees: {error}");
        }
    }

    fn angle_at(level: Level) -> f64 {
        let mut stimulus = Stimulus { images: vec![photo(60, 50, |x, y| [(x * y) as u8; 3])], ..Stimulus::default() };
        let change = MotionBlur::at(level).apply(&mut stimulus, &mut Context::new(Stream::derive(3, &["a"]))).unwrap();
        let Some(Edit::Pixels { parameters, .. }) = change.edits.first() else { panic!("no pixel edit") };
        parameters["angle_degrees"]
    }

    #[test]
    fn all_levels_share_the_angle() {
        assert!(Level::ALL.windows(2).all(|pair| angle_at(pair[0]).to_bits() == angle_at(pair[1]).to_bits()));
    }

    #[test]
    fn an_angle_may_be_asked_for() {
        let mut setting = Setting { dose: Some(0.1), ..Setting::default() };
        setting.arguments.insert("angle".into(), crate::Argument::Number(30.0));
        assert_eq!(MotionBlur::make(&setting).unwrap().angle, Some(30.0));
    }
}
