//! Glass blur: every grain of the photograph comes from somewhere nearby, as through frosted glass.

use core::mem::swap;

use image::RgbImage;

use super::SHARP_ENOUGH;
use crate::image::noise_source::NoiseSource;
use crate::image::{Edited, each_image, length_px, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "glass_blur",
    family: "image/optics",
    title: "Frosted glass",
    imitates: "A photograph through a specimen bag, a cling film or a scratched protective cap: all edges frayed.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Colours and the lesion's size stay; only its fine structure and the sharpness of its border go. Beyond \
                    the gradable level a dependable model asks for another photograph.",
    gradable_to: SHARP_ENOUGH,
    grading: Grading::Graded {
        dose: "reach",
        unit: Unit::ShorterSide,
        levels: [0.0035, 0.007, 0.013, 0.022, 0.04],
        range: Range { mildest: 0.001, severest: 0.12 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): pixels change places with neighbours 1-4 px away at 224 px, \
         0.4-1.8 %, one after another, between two blurs",
        "Definition: squares of grains, 1/640 of the shorter side (at least 1 px), come from up to `reach` away along \
         either axis, evenly, all at once; then weights 1 2 1 along either axis, once per pixel of grain",
    ],
};

/// A shorter way would leave every pixel where it is.
const SMALLEST_REACH_PX: f64 = 0.51;

/// How far grains come from, in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GlassBlur {
    reach: f64,
}

impl Perturbation for GlassBlur {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let reach = length_px(&image.pixels, self.reach, SMALLEST_REACH_PX)?;
            let grain = grain(&image.pixels);
            let mut out = scatter(&image.pixels, reach, grain, NoiseSource::new(&mut rng));
            (0..grain).for_each(|_| soften(&mut out));
            #[expect(clippy::cast_precision_loss, reason = "a few pixels")]
            let grain = grain as f64;
            Ok(Edited::in_place(image, out, [("reach_px", reach), ("grain_px", grain)]))
        })
    }
}

impl Operator for GlassBlur {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for GlassBlur {
    fn at_dose(dose: f64) -> Self {
        Self { reach: Self::range().nearest(dose) }
    }
}

/// The side of a grain in pixels.
fn grain(pixels: &RgbImage) -> usize {
    ((shorter_side(pixels) + 320) / 640).max(1) as usize
}

/// Fetches every grain from its own drawn distance.
fn scatter(source: &RgbImage, reach: f64, grain: usize, noise: NoiseSource) -> RgbImage {
    let (width, height) = (source.width() as usize, source.height() as usize);
    let pixels = source.as_chunks::<3>().0;
    // In 256ths of a pixel, so that doses between whole pixels differ.
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred pixels")]
    let reach = libm::round(256.0 * reach) as i64;
    let grains = width.div_ceil(grain) as u64;
    let mut out = source.clone();
    for (y, line) in out.chunks_exact_mut((3 * width).max(1)).enumerate() {
        let first = (y / grain) as u64 * grains;
        for (n, (x, part)) in (first..).zip((0..).step_by(grain).zip(line.as_chunks_mut::<3>().0.chunks_mut(grain))) {
            let [across, down, ..] = noise.lanes(n).map(|lane| way(lane, reach));
            let row = moved(y, down, height) * width;
            for (x, pixel) in (x..).zip(part) {
                *pixel = pixels.get(row + moved(x, across, width)).copied().unwrap_or_default();
            }
        }
    }
    out
}

/// A way between −reach and reach in whole pixels; reach in 256ths.
fn way(lane: u16, reach: i64) -> isize {
    (((((i64::from(lane) - 32_768) * reach) >> 15) + 128) >> 8) as isize
}

/// A place moved along a line of that many pixels, at most to its end.
fn moved(at: usize, by: isize, count: usize) -> usize {
    at.saturating_add_signed(by).min(count.saturating_sub(1))
}

/// Weights 1 2 1 along rows and columns; beyond the border the outermost pixel is repeated.
fn soften(pixels: &mut RgbImage) {
    let stride = 3 * pixels.width() as usize;
    let mut above: Vec<u8> = pixels.get(..stride).unwrap_or_default().to_vec();
    let (mut here, mut below) = (above.clone(), above.clone());
    let mut sums: Vec<u16> = vec![0; stride + 6];
    for y in 0..pixels.height() as usize {
        if let Some(line) = pixels.get((y + 1) * stride..(y + 2) * stride) {
            below.copy_from_slice(line);
        }
        let middle = sums.get_mut(3..stride + 3).unwrap_or_default();
        for (((sum, a), b), c) in middle.iter_mut().zip(&above).zip(&here).zip(&below) {
            *sum = u16::from(*a) + 2 * u16::from(*b) + u16::from(*c);
        }
        sums.copy_within(3..6, 0);
        sums.copy_within(stride..stride + 3, stride + 3);
        let line = pixels.get_mut(y * stride..(y + 1) * stride).unwrap_or_default();
        let triples = sums.iter().zip(sums.iter().skip(3)).zip(sums.iter().skip(6));
        for (value, ((left, middle), right)) in line.iter_mut().zip(triples) {
            #[expect(clippy::cast_possible_truncation, reason = "a mean of bytes is a byte")]
            let mean = ((left + 2 * middle + right + 8) >> 4) as u8;
            *value = mean;
        }
        swap(&mut above, &mut here);
        here.copy_from_slice(&below);
    }
}

#[cfg(test)]
mod tests {
    use super::{moved, scatter, soften, way};
    use crate::Stream;
    use crate::image::noise_source::NoiseSource;
    use crate::image::tests::photo;

    #[test]
    fn ways_are_even_and_within_reach() {
        let ways: Vec<isize> = (0..=u16::MAX).map(|lane| way(lane, 4 * 256)).collect();
        assert_eq!((*ways.iter().min().unwrap(), *ways.iter().max().unwrap()), (-4, 4));
        let count = |wanted: isize| ways.iter().filter(|way| **way == wanted).count();
        assert!(count(0).abs_diff(8192) < 40 && count(3).abs_diff(8192) < 40 && count(-4).abs_diff(4096) < 40);
        assert_eq!((moved(3, -5, 10), moved(3, 9, 10), moved(3, 2, 10)), (0, 9, 5));
    }

    #[test]
    fn pixels_come_from_within_reach_and_grains_stay_whole() {
        let places = photo(120, 90, |x, y| [x as u8, y as u8, 0]).pixels;
        for (reach, grain) in [(3.0, 1), (8.0, 3)] {
            let out = scatter(&places, reach, grain, NoiseSource::new(&mut Stream::derive(1, &[])));
            let near = |a: u8, b: u32| (f64::from(a) - f64::from(b)).abs() <= reach;
            assert!(out.enumerate_pixels().all(|(x, y, p)| near(p.0[0], x) && near(p.0[1], y)));
            assert_ne!(out, places);
        }
        let whole = scatter(&places, 8.0, 3, NoiseSource::new(&mut Stream::derive(1, &[])));
        let apart = |x: u32, y: u32| i32::from(whole.get_pixel(x + 1, y).0[0]) - i32::from(whole.get_pixel(x, y).0[0]);
        assert!((10..30).all(|grain| apart(3 * grain, 40) == 1));
    }

    #[test]
    fn softening_spreads_a_dot_as_weights_of_one_two_one() {
        let mut dot = photo(9, 9, |x, y| [if (x, y) == (4, 4) { 160 } else { 0 }; 3]).pixels;
        soften(&mut dot);
        let at = |x: u32, y: u32| dot.get_pixel(x, y).0[1];
        assert_eq!((at(4, 4), at(5, 4), at(4, 3), at(5, 5), at(6, 4)), (40, 20, 20, 10, 0));
        let mut flat = photo(7, 1, |_, _| [93; 3]).pixels;
        let before = flat.clone();
        soften(&mut flat);
        assert_eq!(flat, before);
    }
}
