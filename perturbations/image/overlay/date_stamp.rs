//! Date stamp: the camera writes the day into the corner.

use super::{AT_THE_EDGE, lay, top_or_bottom};
use crate::image::draw::{Frame, Line, Point, px, width};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "date_stamp",
    family: "image/overlay",
    title: "Date stamp in the corner",
    imitates: "A camera set to write the date into the picture.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "When the photograph was taken is no finding, and the stamp stands in a corner.",
    gradable_to: AT_THE_EDGE,
    grading: Grading::Graded {
        dose: "digit",
        unit: Unit::ShorterSide,
        levels: [0.024, 0.031, 0.04, 0.052, 0.066],
        range: Range { mildest: 0.015, severest: 0.15 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[],
    references: &[
        "DICOM PS3.3, Burned In Annotation (0028,0301): text that is part of the pixels",
        "Definition: a drawn day of the years 2012–2025 in orange digits of that height with a red glow, at the right, \
         at the edge farther from the lesion; digits lower than 3 pixels are not drawn",
    ],
};

/// A date in digits of some height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DateStamp {
    digit: f64,
}

impl DateStamp {
    fn stamp(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let height = px(length_px(&image.pixels, self.digit, super::caption_text::LEGIBLE)?);
        let frame = Frame::of(&image.pixels);
        let side = top_or_bottom(image, &mut rng);
        let (year, month, day) = (2012 + rng.index(14), 1 + rng.index(12), 1 + rng.index(28));
        let text = format!("{year}/{month:02}/{day:02}");
        let right = frame.width - (width(&text) + 1.0) * height;
        let baseline =
            if side == crate::image::framing::Side::Top { 2.1 * height } else { frame.height - 1.1 * height };
        let line = Line::level(Point::new(right.max(0.0), baseline), height);
        let mut pixels = image.pixels.clone();
        lay(&mut pixels, core::iter::once((Line { weight: 0.4, ..line }, text.as_str())), [190, 40, 0], 80);
        lay(&mut pixels, core::iter::once((Line { weight: 0.15, ..line }, text.as_str())), [255, 158, 44], 240);
        Ok(Edited::in_place(image, pixels, [("side", side.number()), ("digit_px", f64::from(height))]))
    }
}

impl Perturbation for DateStamp {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.stamp(image, rng))
    }
}

impl Operator for DateStamp {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for DateStamp {
    fn at_dose(dose: f64) -> Self {
        Self { digit: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::DateStamp;
    use crate::image::occlusion::tests::{at_level, touched, touched_share};
    use crate::image::tests::photo;

    #[test]
    fn it_is_orange_and_stays_in_its_corner() {
        let skin = photo(320, 240, |_, _| [120, 90, 80]);
        for seed in 0..4 {
            let stamped = at_level::<DateStamp>(&skin, 5, seed).unwrap();
            assert!(stamped.pixels.pixels().any(|pixel| pixel.0[0] > 230 && pixel.0[2] < 80));
            let left = touched(&skin, &stamped).iter().enumerate().filter(|(at, hit)| **hit && at % 320 < 130).count();
            assert_eq!(left, 0);
            let shares: Vec<f64> = (1..=5)
                .map(|level| touched_share(&skin, &at_level::<DateStamp>(&skin, level, seed).unwrap()))
                .collect();
            assert!(shares.windows(2).all(|pair| pair[1] > pair[0]), "{shares:?}");
        }
    }
}
