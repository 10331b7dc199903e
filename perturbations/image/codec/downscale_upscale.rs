//! Downscale and upscale: a small copy of the photograph, enlarged again.

use image::RgbImage;

use super::downscale::SCALES;
use super::scaled;
use crate::image::resample::{enlarge, shrink};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "downscale_upscale",
    family: "image/codec",
    title: "Enlarged from a small copy",
    imitates: "A thumbnail or preview that was saved instead of the photograph and enlarged again, or deep digital zoom.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The frame and its overall colour and shape stay; what is finer than a pixel of the small copy is gone \
                    and nothing takes its place.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "scale",
        unit: Unit::Share,
        levels: SCALES,
        range: Range { mildest: 0.95, severest: 0.02 },
        monotone_in: Quantity::DetailLost,
    },
    parameters: &[Parameter {
        name: "enlarge",
        doc: "With straight lines between pixels (smooth, the default) or as squares of one colour (blocks).",
        takes: Takes::Choice(&["smooth", "blocks"]),
        required: false,
    }],
    references: &[
        "Definition: as `downscale`, then back to the first size, bilinear or each pixel repeated",
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): pixelate, scales 0.6-0.25 at 224 px, enlarged in blocks; \
         MedMNIST-C: 0.7-0.25",
    ],
};

/// Down by that factor, and up again.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DownscaleUpscale {
    scale: f64,
    blocks: bool,
}

impl DownscaleUpscale {
    fn enlarged(self, image: &Image) -> Result<Edited, Unfit> {
        let (width, height) = scaled(&image.pixels, self.scale)?;
        let small = shrink(&image.pixels, width, height);
        let size = image.pixels.dimensions();
        let pixels = if self.blocks { blocks(&small, size) } else { enlarge(&small, size.0, size.1) };
        let parameters = [("width_px", f64::from(width)), ("height_px", f64::from(height))];
        Ok(Edited::in_place(image, pixels, parameters))
    }
}

impl Perturbation for DownscaleUpscale {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| self.enlarged(image))
    }
}

impl Operator for DownscaleUpscale {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let zoom = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { blocks: setting.text("enlarge") == Some("blocks"), ..zoom })
    }
}

impl Graded for DownscaleUpscale {
    fn at_dose(dose: f64) -> Self {
        Self { scale: Self::range().nearest(dose), blocks: false }
    }
}

/// Every pixel repeated: a new one takes the colour of the old one under its middle.
fn blocks(small: &RgbImage, (width, height): (u32, u32)) -> RgbImage {
    let below = |at: u32, old: u32, new: u32| (2 * u64::from(at) + 1) * u64::from(old) / (2 * u64::from(new.max(1)));
    let from = |at, old, new| usize::try_from(below(at, old, new)).unwrap_or(0);
    let columns: Vec<usize> = (0..width).map(|x| from(x, small.width(), width)).collect();
    let mut out = RgbImage::new(width, height);
    let stride = width as usize * 3;
    let mut made = (usize::MAX, vec![0; stride]);
    for (y, line) in (0..).zip(out.chunks_exact_mut(stride.max(1))) {
        let row = from(y, small.height(), height);
        if made.0 != row {
            let pixels = small.as_chunks::<3>().0.get(row * small.width() as usize..).unwrap_or_default();
            let repeated = columns.iter().filter_map(|column| pixels.get(*column));
            made.1.as_chunks_mut::<3>().0.iter_mut().zip(repeated).for_each(|(new, old)| *new = *old);
            made.0 = row;
        }
        line.copy_from_slice(&made.1);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{DownscaleUpscale, blocks};
    use crate::contract::quantity;
    use crate::image::tests::photo;
    use crate::{Context, Level, Operator, Perturbation, Quantity, Setting, Stimulus, Stream};

    fn zoomed(how: &str, level: u8) -> (Stimulus, Stimulus) {
        let image = photo(97, 64, |x, y| [(x * 37 + y * 91) as u8, (x * y) as u8, (200 - x) as u8]);
        let before = Stimulus { images: vec![image], ..Stimulus::default() };
        let mut after = before.clone();
        let setting = Setting::at(DownscaleUpscale::CARD, Level::new(level).unwrap()).with("enlarge", how);
        let zoom = DownscaleUpscale::make(&setting).unwrap();
        zoom.apply(&mut after, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        (before, after)
    }

    #[test]
    fn the_frame_stays_and_detail_goes() {
        for how in ["smooth", "blocks"] {
            let (before, after) = zoomed(how, 3);
            assert_eq!(after.images[0].pixels.dimensions(), (97, 64));
            assert!(quantity(Quantity::DetailLost, &before, &after) > 0.8);
        }
    }

    #[test]
    fn a_block_has_one_colour() {
        let small = photo(3, 2, |x, y| [x as u8, y as u8, 7]).pixels;
        let large = blocks(&small, (9, 8));
        assert!(large.enumerate_pixels().all(|(x, y, pixel)| pixel.0 == [(x / 3) as u8, (y / 4) as u8, 7]));
    }
}
