//! Words on pictures, at any size and angle.

use super::glyphs::GLYPHS;
use super::{Mask, Pen, Point, smooth};

/// Rows of the font's grid below the baseline, and from there to the top of a capital.
const BASELINE: f32 = 4.0;
const CAPITAL: f32 = 10.0;

/// A line of text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Where the baseline starts.
    pub start: Point,
    /// The way in which it runs, of length 1.
    pub along: Point,
    /// Height of a capital letter in pixels.
    pub height: f32,
    /// Width of the strokes as a share of the height.
    pub weight: f32,
}

impl Line {
    /// Level text.
    pub(crate) const fn level(start: Point, height: f32) -> Self {
        Self { start, along: Point { x: 1.0, y: 0.0 }, height, weight: 0.13 }
    }

    /// Draws the text; a character outside ASCII is drawn as `?`.
    pub(crate) fn draw(self, mask: &mut Mask, text: &str) {
        let pen = Pen::even(0.5 * self.weight * self.height);
        let mut pen_x = 0.0;
        for character in text.chars() {
            let glyph = glyph(character);
            for (rounded, points) in strokes(glyph) {
                let path: Vec<Point> = points.map(|point| self.place(pen_x, point)).collect();
                pen.draw(mask, &if rounded { smooth(&path) } else { path });
            }
            pen_x += advance(glyph);
        }
    }

    /// From the font's grid to pixels.
    fn place(self, pen_x: f32, (x, y): (f32, f32)) -> Point {
        let unit = self.height / CAPITAL;
        self.start + self.along * ((pen_x + x) * unit) + self.along.turned() * ((BASELINE - y) * unit)
    }
}

/// How long a text is, in heights of a capital letter.
pub(crate) fn width(text: &str) -> f32 {
    text.chars().map(|character| advance(glyph(character))).sum::<f32>() / CAPITAL
}

fn glyph(character: char) -> &'static str {
    let index = (character as usize).checked_sub(32);
    let unknown = GLYPHS.get('?' as usize - 32);
    index.and_then(|index| GLYPHS.get(index)).or(unknown).copied().unwrap_or_default()
}

fn advance(glyph: &str) -> f32 {
    glyph.bytes().next().map_or(0.0, digit)
}

fn strokes(glyph: &'static str) -> impl Iterator<Item = (bool, impl Iterator<Item = (f32, f32)>)> {
    glyph.split(' ').skip(1).map(|stroke| {
        let (kind, points) = stroke.split_at(1);
        let points = points.as_bytes().chunks_exact(2).map(|pair| match pair {
            [x, y] => (digit(*x), digit(*y)),
            _ => (0.0, 0.0),
        });
        (kind == "~", points)
    })
}

fn digit(byte: u8) -> f32 {
    f32::from(match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use super::{Line, Mask, Point, width};
    use crate::image::draw::{mix, paint};
    use crate::image::tests::photo;

    fn ink(text: &str, height: f32) -> Vec<bool> {
        let mut mask = Mask::new((60, 24));
        Line::level(Point::new(3.0, 18.0), height).draw(&mut mask, text);
        let mut image = photo(60, 24, |_, _| [0; 3]).pixels;
        paint(&mut image, &mask, |_, under, cover| mix(under, [255; 3], cover));
        image.pixels().map(|pixel| pixel.0[0] > 127).collect()
    }

    #[test]
    fn a_capital_stands_on_the_baseline_and_has_its_height() {
        let rows: Vec<usize> =
            ink("H", 12.0).chunks(60).enumerate().filter(|(_, row)| row.contains(&true)).map(|(y, _)| y).collect();
        assert_eq!((rows[0], rows[rows.len() - 1]), (5, 18));
    }

    #[test]
    fn characters_differ_and_unknown_ones_are_a_question_mark() {
        let pictures: Vec<Vec<bool>> = (33..127_u8).map(|code| ink(&char::from(code).to_string(), 14.0)).collect();
        for (index, picture) in pictures.iter().enumerate() {
            assert!(picture.contains(&true), "{}", index + 33);
            assert!(!pictures[..index].contains(picture), "{} looks like another", index + 33);
        }
        assert_eq!(ink("é", 14.0), ink("?", 14.0));
    }

    #[test]
    fn the_width_of_a_text_is_the_sum_of_its_letters() {
        assert!((width("ab") - width("a") - width("b")).abs() < 1e-6);
        assert!(width("").abs() < 1e-6 && (width("i") - 0.3).abs() < 1e-6);
    }
}
