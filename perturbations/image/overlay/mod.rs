//! Overlay: writing and marks that were put on the picture after it was taken.

pub mod arrow_off_lesion;
pub mod caption_text;
pub mod date_stamp;
pub mod instruction_text;
pub mod screenshot_frame;
pub mod watermark;
pub mod wrong_label_text;

use image::RgbImage;

use super::draw::{Frame, Line, Mask, Point, mix, paint, px, width};
use super::framing::Side;
use crate::{Basis, Gradable, Image, Level, Modality, Stream};

/// The limits of a mark at the edge of the picture, which leaves the lesion to be seen.
pub(crate) const AT_THE_EDGE: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(5), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(5), basis: Basis::Assumed },
];

/// Heights of a capital letter from one baseline to the next.
const LEADING: f32 = 1.75;

/// Some text at the top or bottom of the picture, broken into lines.
#[derive(Debug)]
pub(crate) struct Block {
    /// Each line and where it starts.
    lines: Vec<(Line, String)>,
    /// Its first and last row, with a margin of about half a letter.
    pub top: f32,
    pub bottom: f32,
}

impl Block {
    /// Sets the text as wide as the frame allows, at that height of a capital letter; lower where the longest word
    /// would not fit.
    pub(crate) fn set(frame: Frame, side: Side, text: &str, height: f32) -> Self {
        let longest = text.split_whitespace().map(width).fold(0.1, f32::max);
        let height = height.min(frame.width / (longest + 1.4));
        let lines = wrapped(text, (frame.width / height - 1.4).max(longest));
        let count = lines.iter().fold(0.0, |count, _| count + 1.0);
        let depth = ((count - 1.0) * LEADING + 2.2) * height;
        let top = if side == Side::Top { 0.0 } else { frame.height - depth };
        let line = |(text, row): (String, u16)| {
            let baseline = top + (1.6 + LEADING * f32::from(row)) * height;
            (Line::level(Point::new(0.7 * height, baseline), height), text)
        };
        Self { lines: lines.into_iter().zip(0_u16..).map(line).collect(), top, bottom: top + depth }
    }

    /// Writes it in a colour, with a rim around each letter where one is given.
    pub(crate) fn write(&self, pixels: &mut RgbImage, colour: [u8; 3], rim: Option<[u8; 3]>) {
        let heavy = |line: &Line| Line { weight: line.weight + 0.16, ..*line };
        if let Some(rim) = rim {
            lay(pixels, self.lines.iter().map(|(line, text)| (heavy(line), text.as_str())), rim, 200);
        }
        lay(pixels, self.lines.iter().map(|(line, text)| (*line, text.as_str())), colour, 255);
    }
}

/// Draws lines of text in a colour; opacity is 0–255.
pub(crate) fn lay<'a>(
    pixels: &mut RgbImage,
    lines: impl Iterator<Item = (Line, &'a str)>,
    colour: [u8; 3],
    opacity: u8,
) {
    let mut mask = Mask::new(pixels.dimensions());
    lines.for_each(|(line, text)| line.draw(&mut mask, text));
    paint(pixels, &mask, |_, under, cover| mix(under, colour, thinned(cover, opacity)));
}

/// Coverage of ink that lets the ground through.
#[expect(clippy::cast_possible_truncation, reason = "a product of shares is a share")]
pub(crate) fn thinned(cover: u8, opacity: u8) -> u8 {
    ((u32::from(cover) * u32::from(opacity) + 127) / 255) as u8
}

/// The text broken at spaces, each line no longer than that many heights of a capital letter if a word allows it.
fn wrapped(text: &str, longest: f32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(line) + width(" ") + width(word) <= longest => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// Top or bottom: where there is more room beside the lesion, or drawn where no box is known.
pub(crate) fn top_or_bottom(image: &Image, rng: &mut Stream) -> Side {
    let drawn = if rng.chance(0.5) { Side::Top } else { Side::Bottom };
    image.lesion.map_or(drawn, |lesion| {
        let below = image.pixels.height().saturating_sub(lesion.y.saturating_add(lesion.h));
        if lesion.y > below { Side::Top } else { Side::Bottom }
    })
}

/// One of some words, drawn.
pub(crate) fn one_of<'a>(words: &[&'a str], rng: &mut Stream) -> &'a str {
    words.get(rng.index(words.len())).copied().unwrap_or_default()
}

/// Mean brightness of the picture, 0–255, from one pixel in about four thousand.
pub(crate) fn brightness(pixels: &RgbImage) -> f32 {
    let step = (pixels.len() / 3 / 4096).max(1);
    let sampled = pixels.chunks_exact(3).step_by(step);
    let (sum, count) = sampled.fold((0_u32, 0_u32), |(sum, count), pixel| {
        (sum + pixel.iter().map(|value| u32::from(*value)).sum::<u32>(), count + 3)
    });
    px(f64::from(sum) / f64::from(count.max(1)))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Block, Frame, Side, brightness, top_or_bottom, wrapped};
    use crate::image::draw::width;
    use crate::image::tests::photo;
    use crate::{Image, Region, Stream};

    #[test]
    fn text_is_broken_at_spaces_and_fits() {
        let text = "one two three four five six seven";
        let lines = wrapped(text, 9.0);
        assert!(lines.len() > 2 && lines.join(" ") == text);
        assert!(lines.iter().all(|line| width(line) <= 9.0));
        assert_eq!(wrapped("incomprehensibilities", 2.0), ["incomprehensibilities"]);
        assert!(wrapped("  ", 9.0).is_empty());
    }

    #[test]
    fn a_block_stays_in_the_picture_and_grows_with_its_letters() {
        let frame = Frame { width: 200.0, height: 150.0 };
        let depths: Vec<f32> = [4.0, 6.0, 9.0, 14.0, 40.0]
            .map(|height| Block::set(frame, Side::Bottom, "seborrhoeic keratosis", height))
            .iter()
            .map(|block| {
                assert!((block.bottom - 150.0).abs() < 1e-3);
                assert!(block.lines.iter().all(|(line, text)| width(text) * line.height <= 200.0));
                block.bottom - block.top
            })
            .collect();
        assert!(depths.windows(2).all(|pair| pair[1] >= pair[0]), "{depths:?}");
    }

    #[test]
    fn text_stands_where_the_lesion_is_not() {
        let image = Image { lesion: Some(Region { x: 5, y: 2, w: 9, h: 9 }), ..photo(40, 40, |_, _| [80, 100, 120]) };
        assert_eq!(top_or_bottom(&image, &mut Stream::derive(1, &[])), Side::Bottom);
        let low = Image { lesion: Some(Region { x: 5, y: 30, w: 9, h: 9 }), ..image.clone() };
        assert_eq!(top_or_bottom(&low, &mut Stream::derive(1, &[])), Side::Top);
        assert!((brightness(&image.pixels) - 100.0).abs() < 1e-3);
    }
}
