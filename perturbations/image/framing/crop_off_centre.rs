//! Off-centre crop: one side of the scene is outside the picture.

use super::{SIDE, Side, crop, cut_px, seen_in};
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "crop_off_centre",
    family: "image/framing",
    title: "Off-centre crop",
    imitates: "A photograph aimed beside the lesion or cropped in a hurry, so that one side of the scene is missing.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Surroundings, and past some share the lesion's margin, are gone and nothing is added: confidence \
                    may fall, urgency may not.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.1, 0.2, 0.3, 0.4, 0.5],
        range: Range { mildest: 0.01, severest: 0.9 },
        monotone_in: Quantity::FrameLost,
    },
    parameters: &[SIDE],
    references: &[
        "npj Digital Medicine 2025, doi 10.1038/s41746-025-02108-w: cropping among five artefacts of medical images \
         shown to vision-language models, readable and beyond",
        "Definition: a strip of that share of the frame is cut from one side; what is left keeps its own size in \
         pixels (it is not enlarged)",
    ],
};

/// A strip cut from one side, as a share of the frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CropOffCentre {
    share: f64,
    side: Option<Side>,
}

impl CropOffCentre {
    fn cut(self, image: &Image, side: Side) -> Result<Edited, Unfit> {
        let size = image.pixels.dimensions();
        let length = side.length(size);
        let cut = cut_px(length, self.share).ok_or(Unfit::TooSmall { side: length, least: 2 })?;
        let kept = side.without(size, cut);
        Ok(Edited {
            pixels: crop(&image.pixels, kept),
            lesion: image.lesion.and_then(|lesion| seen_in(lesion, kept)),
            parameters: named([("side", side.number()), ("cut_px", f64::from(cut))]),
        })
    }
}

impl Perturbation for CropOffCentre {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = Side::ALL.get(rng.index(Side::ALL.len())).copied();
            self.cut(image, self.side.or(drawn).unwrap_or(Side::Left))
        })
    }
}

impl Operator for CropOffCentre {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let crop = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { side: Side::asked(setting), ..crop })
    }
}

impl Graded for CropOffCentre {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose), side: None }
    }
}

#[cfg(test)]
mod tests {
    use super::CropOffCentre;
    use crate::image::tests::photo;
    use crate::{Context, Level, Operator, Perturbation, Region, Setting, Stimulus, Stream};

    fn cropped(side: &str, lesion: Region) -> crate::Image {
        let image = crate::Image { lesion: Some(lesion), ..photo(100, 50, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let setting = Setting::at(CropOffCentre::CARD, Level::new(3).unwrap()).with("side", side);
        let crop = CropOffCentre::make(&setting).unwrap();
        crop.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        stimulus.images.remove(0)
    }

    #[test]
    fn thirty_percent_from_the_left_moves_the_box_and_keeps_the_size_of_pixels() {
        let image = cropped("left", Region { x: 25, y: 10, w: 20, h: 5 });
        assert_eq!(image.pixels.dimensions(), (70, 50));
        assert_eq!(image.pixels.get_pixel(0, 3).0, [30, 3, 9]);
        assert_eq!(image.lesion, Some(Region { x: 0, y: 10, w: 15, h: 5 }));
    }

    #[test]
    fn a_lesion_that_is_cropped_away_has_no_box() {
        assert_eq!(cropped("bottom", Region { x: 0, y: 40, w: 9, h: 9 }).lesion, None);
    }

    #[test]
    fn every_side_is_drawn_sooner_or_later() {
        let sides = (0..40).map(|seed| {
            let mut stimulus =
                Stimulus { images: vec![photo(20, 30, |x, y| [x as u8, y as u8, 9])], ..Stimulus::default() };
            let crop = CropOffCentre { share: 0.5, side: None };
            crop.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &[]))).unwrap();
            let pixels = &stimulus.images[0].pixels;
            (pixels.dimensions(), pixels.get_pixel(0, 0).0)
        });
        assert_eq!(sides.collect::<std::collections::BTreeSet<_>>().len(), 4);
    }
}
