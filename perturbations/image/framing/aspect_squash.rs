//! Aspect squash: one side of the picture is shortened and the other is not.

use crate::image::framing::resized_box;
use crate::image::resample::shrink;
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

use super::cut_px;

/// The printed facts.
pub static CARD: Card = Card {
    id: "aspect_squash",
    family: "image/framing",
    title: "Squashed",
    imitates: "A photograph forced into a box of another shape by a slide, a document or a model's own square input.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A few per cent are less than a tilt of the camera does. Above level 2 a round lesion looks oval, and \
                    symmetry and diameter mislead: confidence may fall, urgency may not.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::Share,
        levels: [0.05, 0.12, 0.25, 0.4, 0.6],
        range: Range { mildest: 0.01, severest: 0.9 },
        monotone_in: Quantity::PixelsLost,
    },
    parameters: &[Parameter {
        name: "axis",
        doc: "The side that is shortened; drawn when left out.",
        takes: Takes::Choice(&["width", "height"]),
        required: false,
    }],
    references: &[
        "Saxena et al., arXiv 2603.06148 (VLM-RobustBench): geometric changes cost vision-language models the most; \
         no physical scale is published",
        "Definition: one side loses that share of its length, each new pixel being the exact mean of the area that it \
         covers; the other side stays. The picture gets smaller",
    ],
};

/// One side shorter by a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AspectSquash {
    share: f64,
    width: Option<bool>,
}

impl AspectSquash {
    fn squashed(self, image: &Image, drawn: bool) -> Result<Edited, Unfit> {
        let (width, height) = image.pixels.dimensions();
        let across = self.width.unwrap_or(drawn);
        let length = if across { width } else { height };
        let lost = cut_px(length, self.share).ok_or(Unfit::TooSmall { side: length, least: 2 })?;
        let size = if across { (width - lost, height) } else { (width, height - lost) };
        Ok(Edited {
            pixels: shrink(&image.pixels, size.0, size.1),
            lesion: image.lesion.and_then(|lesion| resized_box(lesion, (width, height), size)),
            parameters: named([("width_px", f64::from(size.0)), ("height_px", f64::from(size.1))]),
        })
    }
}

impl Perturbation for AspectSquash {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| self.squashed(image, rng.chance(0.5)))
    }
}

impl Operator for AspectSquash {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let squash = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { width: setting.text("axis").map(|axis| axis == "width"), ..squash })
    }
}

impl Graded for AspectSquash {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose), width: None }
    }
}

#[cfg(test)]
mod tests {
    use super::AspectSquash;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Operator, Perturbation, Region, Setting, Stimulus, Stream};

    fn squashed(squash: AspectSquash, seed: u64) -> Image {
        let lesion = Some(Region { x: 20, y: 10, w: 40, h: 20 });
        let image = Image { lesion, ..photo(100, 60, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        squash.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &[]))).unwrap();
        stimulus.images.remove(0)
    }

    #[test]
    fn one_side_shrinks_with_its_box_and_the_other_stays() {
        let setting = Setting { dose: Some(0.4), ..Setting::default() }.with("axis", "width");
        let image = squashed(AspectSquash::make(&setting).unwrap(), 1);
        assert_eq!(image.pixels.dimensions(), (60, 60));
        assert_eq!(image.lesion, Some(Region { x: 12, y: 10, w: 24, h: 20 }));
        assert_eq!(image.pixels.get_pixel(30, 7).0, [50, 7, 9]);
    }

    #[test]
    fn both_sides_are_drawn_and_all_levels_share_the_draw() {
        let side = |share: f64, seed: u64| squashed(AspectSquash::at_dose(share), seed).pixels.width() == 100;
        let drawn: Vec<bool> = (0..20).map(|seed| side(0.1, seed)).collect();
        assert!(drawn.contains(&true) && drawn.contains(&false));
        assert!((0..20).all(|seed| side(0.1, seed) == side(0.6, seed)));
    }
}
