//! Strokes: lines of changing width along bent paths.

use super::{Mask, Point, cover};

/// A pen: half its width in pixels at both ends of a stroke, and half the width of its edge.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pen {
    pub start: f32,
    pub end: f32,
    pub soft: f32,
}

impl Pen {
    /// An even pen with a sharp edge.
    pub(crate) const fn even(radius: f32) -> Self {
        Self { start: radius, end: radius, soft: 0.5 }
    }

    /// Draws along a path; the width changes evenly with the length of the way.
    pub(crate) fn draw(self, mask: &mut Mask, path: &[Point]) {
        let whole: f32 = path.windows(2).map(way).sum();
        let mut gone = 0.0;
        for pair in path.windows(2) {
            let [from, to] = pair else { continue };
            let radius = |gone: f32| self.start + (self.end - self.start) * (gone / whole.max(f32::MIN_POSITIVE));
            let after = gone + way(pair);
            self.segment(mask, (*from, radius(gone)), (*to, radius(after)));
            gone = after;
        }
    }

    /// One straight piece with round ends. Thinner than a pixel it is drawn one pixel wide and paler.
    fn segment(self, mask: &mut Mask, (from, start): (Point, f32), (to, end): (Point, f32)) {
        let (along, reach) = (to - from, start.max(end).max(0.5) + self.soft);
        let per_length = 1.0 / along.dot(along).max(f32::MIN_POSITIVE);
        let thin = |radius: f32| if self.soft > 0.75 { 1.0 } else { (2.0 * radius).min(1.0) };
        let (low, high) = (from.y.min(to.y) - reach, from.y.max(to.y) + reach);
        for y in mask.lines(low, high) {
            let columns = columns(mask, y, from, to, reach);
            mask.raise(y, columns, |at| {
                let away = at - from;
                let share = (away.dot(along) * per_length).clamp(0.0, 1.0);
                let radius = start + (end - start) * share;
                let distance = (away - along * share).length() - radius.max(0.5);
                paler(cover(distance, self.soft), thin(radius))
            });
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a byte is a byte")]
fn paler(cover: u8, share: f32) -> u8 {
    if share < 1.0 { (f32::from(cover) * share + 0.5) as u8 } else { cover }
}

fn way(pair: &[Point]) -> f32 {
    match pair {
        [from, to] => (*to - *from).length(),
        _ => 0.0,
    }
}

/// The columns of a row that a straight piece can reach: inside its box and inside the strip along it.
fn columns(mask: &Mask, y: u32, from: Point, to: Point, reach: f32) -> core::ops::Range<u32> {
    let (low, high) = (from.x.min(to.x) - reach, from.x.max(to.x) + reach);
    let along = to - from;
    if along.y.abs() < 0.25 * along.x.abs() || along.y.abs() < 1.0 {
        return mask.columns(low, high);
    }
    let middle = from.x + (super::mask::centre(0, y).y - from.y) * along.x / along.y;
    let half = (reach + 1.0) * along.length() / along.y.abs();
    mask.columns(low.max(middle - half), high.min(middle + half))
}

/// A path without corners: each corner is cut at a quarter of its sides, three times (Chaikin 1974). The ends stay; a
/// path that ends where it starts is rounded there too.
pub(crate) fn smooth(path: &[Point]) -> Vec<Point> {
    (0..3).fold(path.to_vec(), |path, _| cut_corners(&path))
}

fn cut_corners(path: &[Point]) -> Vec<Point> {
    let (Some(first), Some(last)) = (path.first(), path.last()) else { return Vec::new() };
    let mut cut: Vec<Point> = path
        .windows(2)
        .flat_map(|pair| match pair {
            [a, b] => [*a * 0.75 + *b * 0.25, *a * 0.25 + *b * 0.75],
            _ => [*first; 2],
        })
        .collect();
    if first == last {
        cut.extend(cut.first().copied());
        return cut;
    }
    // An open path keeps its ends, and no point is needed beside them.
    if let Some(start) = cut.first_mut() {
        *start = *first;
    }
    if let Some(end) = cut.last_mut() {
        *end = *last;
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::{Mask, Pen, Point, smooth};
    use crate::image::draw::{mix, paint};
    use crate::image::tests::photo;

    fn ink(pen: Pen, path: &[Point]) -> f64 {
        let mut mask = Mask::new((100, 80));
        pen.draw(&mut mask, path);
        let mut image = photo(100, 80, |_, _| [0; 3]).pixels;
        paint(&mut image, &mask, |_, under, cover| mix(under, [255; 3], cover));
        image.iter().map(|value| f64::from(*value) / 765.0).sum()
    }

    #[test]
    fn a_stroke_covers_length_times_width_at_any_angle() {
        for (x, y) in [(60.0, 0.0), (0.0, 60.0), (36.0, 48.0), (48.0, -36.0)] {
            let from = Point::new(20.0, if y < 0.0 { 60.0 } else { 10.0 });
            let path = [from, from + Point::new(x, y)];
            let wide = ink(Pen::even(3.0), &path);
            assert!((wide - (360.0 + core::f64::consts::PI * 9.0)).abs() < 4.0, "{wide}");
            let thin = ink(Pen::even(0.1), &path);
            assert!((thin - 12.0).abs() < 3.0, "{thin}");
            let tapered = ink(Pen { start: 4.0, end: 0.0, soft: 0.5 }, &path);
            assert!((tapered - 268.0).abs() < 12.0, "{tapered}");
        }
    }

    #[test]
    fn smoothing_keeps_open_ends_and_closes_rings() {
        let corner = [Point::new(0.0, 0.0), Point::new(10.0, 0.0), Point::new(10.0, 10.0)];
        let bent = smooth(&corner);
        assert_eq!((bent[0], bent[bent.len() - 1]), (corner[0], corner[2]));
        assert!(bent.iter().all(|at| (*at - corner[1]).length() > 1.5));
        let square = [(0.0, 0.0), (8.0, 0.0), (8.0, 8.0), (0.0, 8.0), (0.0, 0.0)].map(|(x, y)| Point::new(x, y));
        let ring = smooth(&square);
        assert_eq!(ring.first(), ring.last());
        assert!(ring.iter().all(|at| (3.7..4.5).contains(&(*at - Point::new(4.0, 4.0)).length())));
    }
}
