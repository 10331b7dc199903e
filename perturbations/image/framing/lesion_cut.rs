//! Lesion cut: the edge of the picture runs through the lesion.

use super::{SIDE, Side, crop, cut_px, seen_in};
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Region, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "lesion_cut",
    family: "image/framing",
    title: "Lesion at the edge",
    imitates: "A close-up in which part of the lesion lies outside the frame.",
    target: Target::Image,
    needs: Needs::LesionBox,
    oracle: Oracle::Directional,
    oracle_reason: "Asymmetry, border and size can no longer be judged in full: confidence may fall or another \
                    photograph be asked for, but what is left never makes the lesion less urgent.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "share",
        unit: Unit::LesionArea,
        levels: [0.15, 0.3, 0.45, 0.6, 0.8],
        range: Range { mildest: 0.01, severest: 0.95 },
        monotone_in: Quantity::LesionLost,
    },
    parameters: &[SIDE],
    references: &[
        "npj Digital Medicine 2025, doi 10.1038/s41746-025-02108-w: cropping among five artefacts of medical images \
         shown to vision-language models, readable and beyond",
        "Definition: the frame is cut from one side until that share of the lesion's box is outside; what is left \
         keeps its own size in pixels. Drawn are only sides that leave at least a quarter of the frame, if there are any",
    ],
};

/// A cut through the lesion, as a share of its box.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LesionCut {
    share: f64,
    side: Option<Side>,
}

impl LesionCut {
    fn cut(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let lesion = image.lesion.ok_or(Unfit::NoLesion)?;
        let size = image.pixels.dimensions();
        let drawn = draw_side(size, lesion, &mut rng);
        let side = self.side.unwrap_or(drawn);
        let length = side.length((lesion.w, lesion.h));
        let inside = cut_px(length, self.share).ok_or(Unfit::TooSmall { side: length, least: 2 })?;
        let kept = side.without(size, margin(side, size, lesion).saturating_add(inside));
        Ok(Edited {
            pixels: crop(&image.pixels, kept),
            lesion: seen_in(lesion, kept),
            parameters: named([("side", side.number()), ("lesion_cut_px", f64::from(inside))]),
        })
    }
}

/// Pixels between that side of the frame and the lesion.
fn margin(side: Side, (width, height): (u32, u32), lesion: Region) -> u32 {
    match side {
        Side::Left => lesion.x,
        Side::Right => width.saturating_sub(lesion.x.saturating_add(lesion.w)),
        Side::Top => lesion.y,
        Side::Bottom => height.saturating_sub(lesion.y.saturating_add(lesion.h)),
    }
}

/// One of the sides from which the lesion can be cut away and a quarter of the frame is still left; the same for all
/// levels. Failing that, the side that leaves most.
fn draw_side(size: (u32, u32), lesion: Region, rng: &mut Stream) -> Side {
    let left_over = |side: Side| {
        let length = side.length(size);
        let gone = margin(side, size, lesion).saturating_add(side.length((lesion.w, lesion.h)));
        f64::from(length.saturating_sub(gone)) / f64::from(length.max(1))
    };
    let roomy: Vec<Side> = Side::ALL.into_iter().filter(|side| left_over(*side) >= 0.25).collect();
    let most = Side::ALL.into_iter().max_by(|a, b| left_over(*a).total_cmp(&left_over(*b)));
    roomy.get(rng.index(roomy.len())).copied().or(most).unwrap_or(Side::Left)
}

impl Perturbation for LesionCut {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.cut(image, rng))
    }
}

impl Operator for LesionCut {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let cut = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { side: Side::asked(setting), ..cut })
    }
}

impl Graded for LesionCut {
    fn at_dose(dose: f64) -> Self {
        Self { share: Self::range().nearest(dose), side: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{LesionCut, Side, draw_side};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Level, Perturbation, Region, Stimulus, Stream, Unfit};

    fn cut(lesion: Option<Region>, level: u8, seed: u64) -> Result<Image, Unfit> {
        let image = Image { lesion, ..photo(100, 80, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let cut = LesionCut::at(Level::new(level).unwrap());
        cut.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &[]))).map(|_| stimulus.images.remove(0))
    }

    #[test]
    fn the_stated_share_of_the_lesion_is_gone_at_every_level() {
        let lesion = Region { x: 40, y: 30, w: 20, h: 20 };
        for (level, share) in [(1, 0.15), (2, 0.3), (3, 0.45), (4, 0.6), (5, 0.8)] {
            for seed in 0..8 {
                let seen = cut(Some(lesion), level, seed).unwrap().lesion.unwrap();
                assert!((1.0 - seen.area() as f64 / 400.0 - share).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn the_lesion_touches_the_edge_and_its_box_is_inside() {
        for seed in 0..8 {
            let image = cut(Some(Region { x: 40, y: 30, w: 20, h: 20 }), 3, seed).unwrap();
            let (seen, (width, height)) = (image.lesion.unwrap(), image.pixels.dimensions());
            assert!(seen.x == 0 || seen.y == 0 || seen.x + seen.w == width || seen.y + seen.h == height);
            assert!(seen.x + seen.w <= width && seen.y + seen.h <= height);
        }
    }

    #[test]
    fn most_of_the_frame_is_left_when_the_lesion_is_near_a_side() {
        let near_right = Region { x: 80, y: 30, w: 15, h: 20 };
        let sides: Vec<Side> = (0..50).map(|s| draw_side((100, 80), near_right, &mut Stream::derive(s, &[]))).collect();
        assert!(!sides.contains(&Side::Left) && sides.contains(&Side::Right));
    }

    #[test]
    fn a_lesion_that_fills_the_frame_is_cut_all_the_same() {
        assert!(cut(Some(Region { x: 0, y: 0, w: 100, h: 80 }), 5, 1).unwrap().lesion.is_some());
    }

    #[test]
    fn without_a_box_there_is_no_cut() {
        assert_eq!(cut(None, 1, 1), Err(Unfit::NoLesion));
    }
}
