//! Downscale: the photograph is made smaller and sent small.

use super::scaled;
use crate::image::framing::resized_box;
use crate::image::resample::shrink;
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "downscale",
    family: "image/codec",
    title: "Sent small",
    imitates: "A photograph that a messenger, a portal or a mail program makes smaller before sending it, down to a \
               thumbnail.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The same scene in fewer pixels: outline, colour and proportions stay. Beyond the gradable level fine \
                    structure and then the border are gone.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "scale",
        unit: Unit::Share,
        levels: SCALES,
        range: Range { mildest: 0.95, severest: 0.02 },
        monotone_in: Quantity::PixelsLost,
    },
    parameters: &[],
    references: &[
        "Definition: both sides keep that share of their pixels; each new pixel is the exact mean of the area that it \
         covers (box filter), on stored grey levels. The picture gets smaller",
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): pixelate, scales 0.6-0.25 at 224 px; MedMNIST-C: 0.7-0.25",
    ],
};

/// The shares of a side that the five levels keep, here and where the picture is enlarged again.
pub(super) const SCALES: [f64; 5] = [0.5, 0.3, 0.17, 0.09, 0.045];

/// Both sides by that factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Downscale {
    scale: f64,
}

impl Downscale {
    fn shrunk(self, image: &Image) -> Result<Edited, Unfit> {
        let (width, height) = scaled(&image.pixels, self.scale)?;
        Ok(Edited {
            pixels: shrink(&image.pixels, width, height),
            lesion: image.lesion.and_then(|lesion| resized_box(lesion, image.pixels.dimensions(), (width, height))),
            parameters: named([("width_px", f64::from(width)), ("height_px", f64::from(height))]),
        })
    }
}

impl Perturbation for Downscale {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| self.shrunk(image))
    }
}

impl Operator for Downscale {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Downscale {
    fn at_dose(dose: f64) -> Self {
        Self { scale: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::Downscale;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Perturbation, Region, Stimulus, Stream, Unfit};

    fn sent(image: Image, scale: f64) -> Result<Image, Unfit> {
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let done = Downscale::at_dose(scale).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])));
        done.map(|_| stimulus.images.remove(0))
    }

    #[test]
    fn a_quarter_of_each_side_is_sent_and_the_box_with_it() {
        let lesion = Some(Region { x: 20, y: 12, w: 40, h: 20 });
        let image = sent(Image { lesion, ..photo(80, 48, |x, _| [(3 * x) as u8; 3]) }, 0.25).unwrap();
        assert_eq!(image.pixels.dimensions(), (20, 12));
        assert_eq!(image.pixels.get_pixel(1, 0).0, [17; 3]);
        assert_eq!(image.lesion, Some(Region { x: 5, y: 3, w: 10, h: 5 }));
    }

    #[test]
    fn a_pixel_cannot_get_smaller() {
        assert_eq!(sent(photo(1, 1, |_, _| [9; 3]), 0.045), Err(Unfit::TooSmall { side: 1, least: 1 }));
        assert!(sent(photo(1, 9, |_, _| [9; 3]), 0.07).is_ok());
    }
}
