//! Black corners: what lies outside a circle is black, as at the rim of a dermatoscope.

use image::RgbImage;

/// Blackens what lies outside the circle in the middle whose radius is that multiple of half the shorter side.
#[expect(clippy::cast_possible_truncation, reason = "a radius in pixels")]
pub(super) fn blacken(pixels: &RgbImage, multiple: f64) -> RgbImage {
    let (width, height) = (i64::from(pixels.width()), i64::from(pixels.height()));
    let (across, down) = (width / 2, height / 2);
    let radius = (across.min(down) as f64 * multiple) as i64;
    let halves = halves(radius);
    let mut out = pixels.clone();
    for (y, line) in (0_i64..).zip(out.chunks_exact_mut((pixels.width() as usize * 3).max(1))) {
        let half = usize::try_from((y - down).abs()).ok().and_then(|away| halves.get(away)).copied().unwrap_or(-1);
        for (x, pixel) in (0_i64..).zip(line.as_chunks_mut::<3>().0) {
            if (x - across).abs() > half {
                *pixel = [0; 3];
            }
        }
    }
    out
}

/// Half the width of a filled circle, row by row from its middle, by the midpoint algorithm that OpenCV draws it with.
fn halves(radius: i64) -> Vec<i64> {
    let mut halves = vec![0; usize::try_from(radius + 1).unwrap_or(0)];
    let mut widen = |row: i64, half: i64| {
        if let Some(slot) = usize::try_from(row).ok().and_then(|row| halves.get_mut(row)) {
            *slot = half.max(*slot);
        }
    };
    let (mut wide, mut row, mut error) = (radius, 0, 0);
    while wide >= row {
        widen(row, wide);
        widen(wide, row);
        error += 2 * row + 1;
        row += 1;
        if error > 0 {
            error -= 2 * wide - 1;
            wide -= 1;
        }
    }
    halves
}

#[cfg(test)]
mod tests {
    use super::blacken;
    use image::{Rgb, RgbImage};

    #[test]
    fn the_circle_has_the_stated_radius() {
        let out = blacken(&RgbImage::from_pixel(101, 81, Rgb([9; 3])), 0.9);
        let lit = out.pixels().filter(|pixel| pixel.0[0] > 0).count() as f64;
        // 0.9 × 40 px.
        assert!((lit / (core::f64::consts::PI * 36.0 * 36.0) - 1.0).abs() < 0.01, "{lit}");
        assert_eq!((out.get_pixel(86, 40).0[0], out.get_pixel(87, 40).0[0]), (9, 0));
    }
}
