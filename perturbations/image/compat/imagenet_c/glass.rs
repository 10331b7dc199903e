//! Glass blur: pixels shuffled among their neighbours, between two soft blurs.

use image::RgbImage;

use super::Severity;
use super::optics::soften;
use crate::Stream;
use crate::image::noise_source::NoiseSource;

/// Copies a random neighbour to each pixel, one after another, a few times over.
pub(super) fn glass(pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> RgbImage {
    let (sigma, most, passes) = severity.of([(0.7, 1, 2), (0.9, 2, 1), (1.0, 2, 3), (1.1, 3, 2), (1.5, 4, 2)]);
    let mut out = soften(pixels, sigma);
    let mut shifts = Shifts { source: NoiseSource::new(rng), most, word: 0 };
    for _ in 0..passes {
        shuffle(&mut out, &mut shifts);
    }
    soften(&out, sigma)
}

/// From the lower right to the upper left, as far from the border as a shift may reach.
fn shuffle(pixels: &mut RgbImage, shifts: &mut Shifts) {
    let (width, height) = (pixels.width() as usize, pixels.height() as usize);
    let most = shifts.most.unsigned_abs();
    let Some(data) = pixels.as_chunks_mut::<3>().0.get_mut(..width * height) else { return };
    let columns: Vec<usize> = (most + 1..=width.saturating_sub(most)).rev().collect();
    for y in (most + 1..=height.saturating_sub(most)).rev() {
        for pair in columns.chunks(2) {
            for (x, (dx, dy)) in pair.iter().zip(shifts.next_two()) {
                // One past the last row or column is never meant: shifts end one short of the other side.
                let here = y * width + x;
                let there = y.wrapping_add_signed(dy) * width + x.wrapping_add_signed(dx);
                if let Some(pixel) = data.get(there).copied()
                    && let Some(slot) = data.get_mut(here)
                {
                    *slot = pixel;
                }
            }
        }
    }
}

/// Random shifts: from `most` pixels back to one less than `most` ahead, each way.
struct Shifts {
    source: NoiseSource,
    most: isize,
    word: u64,
}

impl Shifts {
    fn next_two(&mut self) -> [(isize, isize); 2] {
        let [a, b, c, d] = self.source.lanes(self.word).map(|lane| self.shift(lane));
        self.word += 1;
        [(a, b), (c, d)]
    }

    fn shift(&self, lane: u16) -> isize {
        let steps = self.most.unsigned_abs() * 2;
        ((usize::from(lane) * steps) >> 16).cast_signed() - self.most
    }
}

#[cfg(test)]
mod tests {
    use super::{NoiseSource, Shifts, shuffle};
    use crate::Stream;
    use image::{Rgb, RgbImage};

    fn shifts(most: isize) -> Shifts {
        Shifts { source: NoiseSource::new(&mut Stream::derive(1, &["glass"])), most, word: 0 }
    }

    #[test]
    fn shifts_are_even_and_one_short_on_one_side() {
        let mut shifts = shifts(2);
        let mut counts = [0; 4];
        for _ in 0..10_000 {
            shifts.next_two().iter().for_each(|(dx, dy)| {
                counts[(dx + 2) as usize] += 1;
                counts[(dy + 2) as usize] += 1;
            });
        }
        assert!(counts.iter().all(|count: &i32| (count - 10_000).abs() < 400), "{counts:?}");
    }

    #[test]
    fn pixels_come_from_near_and_the_upper_left_border_stays() {
        let image = RgbImage::from_fn(40, 30, |x, y| Rgb([x as u8, y as u8, 0]));
        let mut out = image.clone();
        shuffle(&mut out, &mut shifts(3));
        let moved = out.enumerate_pixels().filter(|(x, y, p)| p.0 != [*x as u8, *y as u8, 0]).count();
        assert!(moved > 700, "{moved}");
        assert!((0..40).all(|x| (0..4).all(|y| out.get_pixel(x, y) == image.get_pixel(x, y))));
        // Rows below are done before: what comes from there has come from at most as far above.
        assert!(out.enumerate_pixels().all(|(_, y, pixel)| i32::from(pixel.0[1]) >= y as i32 - 3));
    }
}
