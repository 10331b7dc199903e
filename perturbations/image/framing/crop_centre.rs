//! Centre crop: only the middle of the picture is left.

use super::{crop, resized_box, seen_in};
use crate::image::resample::enlarge_part;
use crate::image::{Edited, each_image, named, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Region, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "crop_centre",
    family: "image/framing",
    title: "Centre crop",
    imitates: "A photograph taken from very near, zoomed in by the phone, or cropped to the middle by an app or by a \
               model's own preparation.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Surroundings, and past some share the lesion's margin, are gone and nothing is added: confidence may \
                    fall, urgency may not.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.1, 0.25, 0.45, 0.7, 0.88],
        range: Range { mildest: 0.01, severest: 0.98 },
        monotone_in: Quantity::FrameLost,
    },
    parameters: &[Parameter {
        name: "enlarge",
        doc: "Whether what is left is brought back to the first size, as digital zoom does; no when left out.",
        takes: Takes::Choice(&["no", "yes"]),
        required: false,
    }],
    references: &[
        "npj Digital Medicine 2025, doi 10.1038/s41746-025-02108-w: cropping among five artefacts of medical images \
         shown to vision-language models, readable and beyond",
        "Definition: that share of the frame's area is cut away around the middle, both sides by the same factor; what is \
         left keeps its own size in pixels, or is enlarged with straight lines between pixels",
    ],
};

/// The middle of the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CropCentre {
    share: f64,
    enlarge: bool,
}

impl CropCentre {
    fn cut(self, image: &Image) -> Result<Edited, Unfit> {
        let (width, height) = image.pixels.dimensions();
        let kept = self.middle(width, height);
        if (kept.w, kept.h) == (width, height) {
            return Err(Unfit::TooSmall { side: shorter_side(&image.pixels), least: 2 });
        }
        let lesion = image.lesion.and_then(|lesion| seen_in(lesion, kept));
        let parameters = named([("kept_width_px", f64::from(kept.w)), ("kept_height_px", f64::from(kept.h))]);
        if !self.enlarge {
            return Ok(Edited { pixels: crop(&image.pixels, kept), lesion, parameters });
        }
        let lesion = lesion.and_then(|lesion| resized_box(lesion, (kept.w, kept.h), (width, height)));
        Ok(Edited { pixels: enlarge_part(&image.pixels, kept, width, height), lesion, parameters })
    }

    /// What is kept of a frame; where the rest is odd, one pixel more goes on the right or below.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
    fn middle(self, width: u32, height: u32) -> Region {
        let factor = (1.0 - self.share).sqrt();
        let side = |length: u32| {
            let kept = (libm::round(f64::from(length) * factor) as u32).clamp(1, length.max(1));
            ((length.saturating_sub(kept)) / 2, kept)
        };
        let ((x, w), (y, h)) = (side(width), side(height));
        Region { x, y, w, h }
    }
}

impl Perturbation for CropCentre {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| self.cut(image))
    }
}

impl Operator for CropCentre {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let crop = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { enlarge: setting.text("enlarge") == Some("yes"), ..crop })
    }
}

impl Graded for CropCentre {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose), enlarge: false }
    }
}

#[cfg(test)]
mod tests {
    use super::CropCentre;
    use crate::image::tests::photo;
    use crate::{Context, Image, Operator, Perturbation, Region, Setting, Stimulus, Stream, Unfit};

    fn cropped(image: Image, enlarge: &str) -> Result<Image, Unfit> {
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let setting = Setting { dose: Some(0.75), ..Setting::default() }.with("enlarge", enlarge);
        let crop = CropCentre::make(&setting).unwrap();
        crop.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).map(|_| stimulus.images.remove(0))
    }

    fn lesion() -> Image {
        let lesion = Some(Region { x: 30, y: 5, w: 20, h: 30 });
        Image { lesion, ..photo(100, 60, |x, y| [2 * x as u8, 2 * y as u8, 9]) }
    }

    #[test]
    fn three_quarters_of_the_area_leave_half_of_each_side() {
        let image = cropped(lesion(), "no").unwrap();
        assert_eq!(image.pixels.dimensions(), (50, 30));
        assert_eq!(image.pixels.get_pixel(0, 0).0, [50, 30, 9]);
        assert_eq!(image.lesion, Some(Region { x: 5, y: 0, w: 20, h: 20 }));
    }

    #[test]
    fn what_is_left_may_fill_the_frame_again() {
        let image = cropped(lesion(), "yes").unwrap();
        assert_eq!(image.pixels.dimensions(), (100, 60));
        assert!(image.pixels.get_pixel(50, 30).0[0].abs_diff(99) <= 1);
        assert_eq!(image.lesion, Some(Region { x: 10, y: 0, w: 40, h: 40 }));
    }

    #[test]
    fn one_pixel_cannot_be_cropped() {
        assert_eq!(cropped(photo(1, 1, |_, _| [9; 3]), "no"), Err(Unfit::TooSmall { side: 1, least: 2 }));
    }
}
