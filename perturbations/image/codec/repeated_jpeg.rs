//! Repeated JPEG: a photograph that was passed on many times, each time cropped by a hair and saved again.

use image::RgbImage;

use super::jpeg::round_trip_of;
use crate::image::framing::warp::{Affine, warp};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Parameter,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "repeated_jpeg",
    family: "image/codec",
    title: "Passed on and saved again",
    imitates: "A photograph forwarded from phone to phone or taken over as a screenshot: every stop shifts it by a few \
               pixels and saves it once more.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Shape, size and overall colour survive the first saves. With many, colour bleeds over edges and fine \
                    structure turns into worms and blocks.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "saves",
        unit: Unit::Number,
        levels: [2.0, 4.0, 7.0, 12.0, 20.0],
        range: Range { mildest: 1.0, severest: 50.0 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[Parameter {
        name: "quality",
        doc: "The quality of every save on libjpeg's scale, 1 to 95; 40 when left out.",
        takes: Takes::Number { unit: Unit::Quality, min: 1.0, max: 95.0 },
        required: false,
    }],
    references: &[
        "Huang, Huang and Shi, IEEE Trans. Information Forensics and Security 5 (2010) 848, doi \
         10.1109/TIFS.2010.2072921: saved over and over in place, fewer and fewer coefficients of a JPEG change",
        "Definition: that many times (a whole number) resampled up to a quarter of a pixel aside (bilinear, drawn each way) \
         and saved as `jpeg` in 4:2:0 at one quality, the grid of blocks moved by 0-15 px right and down, drawn; the frame \
         stays. Without these moves a second save would change next to nothing",
    ],
};

/// The quality of a save when a step names none.
const QUALITY: f64 = 40.0;

/// How far the picture is resampled at each stop, in pixels each way at most.
const SHIFT_PX: f64 = 0.25;

/// The grid of blocks repeats after so many pixels (halved chroma in blocks of eight).
const GRID: u64 = 16;

/// Some saves at one quality.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RepeatedJpeg {
    saves: f64,
    quality: f64,
}

impl Perturbation for RepeatedJpeg {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let (saves, quality) = (whole(self.saves), whole(self.quality));
        each_image(stimulus, cx, |image, mut rng| {
            let pixels = (0..saves).fold(None, |last: Option<RgbImage>, _| {
                let stop = Stop::drawn(&mut rng);
                let resampled = stop.resampled(last.as_ref().unwrap_or(&image.pixels));
                // Not kept beside what comes of it.
                drop(last);
                Some(stop.saved(resampled, quality))
            });
            let pixels = pixels.ok_or_else(|| Unfit::nothing("not saved once"))?;
            Ok(Edited::in_place(image, pixels, [("saves", f64::from(saves)), ("quality", f64::from(quality))]))
        })
    }
}

impl Operator for RepeatedJpeg {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let saves = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { quality: setting.number("quality").unwrap_or(QUALITY), ..saves })
    }
}

impl Graded for RepeatedJpeg {
    fn at_dose(dose: f64) -> Self {
        Self { saves: Self::range().nearest(dose), quality: QUALITY }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 95")]
fn whole(number: f64) -> u32 {
    libm::round(number) as u32
}

/// One stop: the picture resampled a little aside, and saved in a frame that begins up to 15 pixels further left and above.
struct Stop {
    aside: Affine,
    right: u32,
    down: u32,
}

impl Stop {
    fn drawn(rng: &mut Stream) -> Self {
        let origin = (rng.between(-SHIFT_PX, SHIFT_PX), rng.between(-SHIFT_PX, SHIFT_PX));
        let mut drawn = || u32::try_from(rng.below(GRID)).unwrap_or(0);
        let (right, down) = (drawn(), drawn());
        Self { aside: Affine { origin, across: (1.0, 0.0), down: (0.0, 1.0) }, right, down }
    }

    fn resampled(&self, pixels: &RgbImage) -> RgbImage {
        warp(pixels, |y, places| self.aside.row(y, places))
    }

    fn saved(&self, resampled: RgbImage, quality: u32) -> RgbImage {
        cropped(round_trip_of(moved(resampled, self.right, self.down), quality, false), self.right, self.down)
    }
}

/// The picture further right and down in its own memory, its first column and row repeated to its left and above.
fn moved(pixels: RgbImage, right: u32, down: u32) -> RgbImage {
    let (width, height) = pixels.dimensions();
    let (old, margin) = (width as usize * 3, right as usize * 3);
    let new = old + margin;
    let mut bytes = pixels.into_raw();
    bytes.resize(new * (height + down) as usize, 0);
    // From the last row on, so that none is written over before it was read.
    for y in (0..(height + down) as usize).rev() {
        let from = y.saturating_sub(down as usize) * old;
        bytes.copy_within(from..from + old, y * new + margin);
        let row = bytes.get_mut(y * new..(y + 1) * new).unwrap_or_default();
        let (aside, row) = row.split_at_mut(margin);
        let first = row.first_chunk::<3>().copied().unwrap_or_default();
        aside.as_chunks_mut::<3>().0.fill(first);
    }
    RgbImage::from_raw(width + right, height + down, bytes).unwrap_or_default()
}

/// The picture without so many first columns and rows, in its own memory.
fn cropped(pixels: RgbImage, right: u32, down: u32) -> RgbImage {
    let (width, height) = (pixels.width() - right, pixels.height() - down);
    let (old, margin) = (pixels.width() as usize * 3, right as usize * 3);
    let new = old - margin;
    let mut bytes = pixels.into_raw();
    for y in 0..height as usize {
        let from = (y + down as usize) * old + margin;
        bytes.copy_within(from..from + new, y * new);
    }
    bytes.truncate(new * height as usize);
    RgbImage::from_raw(width, height, bytes).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{RepeatedJpeg, cropped, moved};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream, squared_error};
    use image::RgbImage;

    fn picture() -> RgbImage {
        photo(90, 70, |x, y| [(x * 37 + y * 5) as u8, (x * 3 + y * 2) as u8, (200 - x) as u8]).pixels
    }

    fn after(saves: f64) -> RgbImage {
        let image = crate::Image { pixels: picture(), ..photo(1, 1, |_, _| [0; 3]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let jpeg = RepeatedJpeg::at_dose(saves);
        jpeg.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["saves"]))).unwrap();
        stimulus.images.remove(0).pixels
    }

    #[test]
    fn every_save_adds_to_the_loss() {
        let losses = [1.0, 2.0, 6.0, 20.0].map(|saves| squared_error(&picture(), &after(saves)));
        assert!(losses.windows(2).all(|pair| pair[1] > pair[0]), "{losses:?}");
    }

    #[test]
    fn a_later_save_goes_on_from_the_earlier_ones() {
        let mut stimulus = Stimulus { images: vec![photo(1, 1, |_, _| [0; 3])], ..Stimulus::default() };
        stimulus.images[0].pixels = picture();
        assert_eq!(after(3.0).dimensions(), picture().dimensions());
        assert!(squared_error(&after(3.0), &after(4.0)) < squared_error(&picture(), &after(4.0)));
    }

    #[test]
    fn the_frame_moves_by_whole_pixels() {
        let out = moved(picture(), 5, 3);
        assert_eq!(out.dimensions(), (95, 73));
        assert_eq!(out.get_pixel(5, 3), picture().get_pixel(0, 0));
        assert_eq!(out.get_pixel(0, 72), picture().get_pixel(0, 69));
        assert_eq!(out.get_pixel(94, 1), picture().get_pixel(89, 0));
        assert_eq!(out.get_pixel(2, 40), picture().get_pixel(0, 37));
        assert_eq!(cropped(out, 5, 3), picture());
        assert_eq!(moved(picture(), 0, 0), picture());
    }
}
