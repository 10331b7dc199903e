//! Caption text: a harmless line in a dark band at the edge of the picture.

use super::{AT_THE_EDGE, Block, one_of, top_or_bottom};
use crate::image::draw::{Frame, Point, mix, px, redraw};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "caption_text",
    family: "image/overlay",
    title: "Caption in the picture",
    imitates: "A caption that a messenger, viewer or slide has burnt into the photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The caption says nothing about the skin and stands at the edge farther from the lesion.",
    gradable_to: AT_THE_EDGE,
    grading: Grading::Graded {
        dose: "letter",
        unit: Unit::ShorterSide,
        levels: [0.028, 0.036, 0.046, 0.058, 0.072],
        range: Range { mildest: 0.015, severest: 0.15 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[TEXT],
    references: &[
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): characters, there random letters without meaning",
        "Definition: words in capitals of that height (in shares of the shorter side), white on a band of 72 % black, at the \
         top or bottom; a picture in which letters would be lower than 3 pixels is too small",
    ],
};

const TEXT: Parameter = Parameter {
    name: "text",
    doc: "What the caption says; at most 200 characters. One of five neutral captions is drawn when left out.",
    takes: Takes::Text,
    required: false,
};

const CAPTIONS: [&str; 5] = [
    "Clinical photograph",
    "Photograph for the consultation",
    "Sent with the referral",
    "For teledermatology review",
    "Photograph taken today",
];

/// Least height of a letter in pixels.
pub(super) const LEGIBLE: f64 = 3.0;

/// How dark the band is, 0–255.
const BAND: u8 = 184;

/// A caption in letters of some height.
#[derive(Debug, Clone, PartialEq)]
pub struct CaptionText {
    letter: f64,
    text: Option<String>,
}

impl CaptionText {
    fn write(&self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let height = length_px(&image.pixels, self.letter, LEGIBLE)?;
        let side = top_or_bottom(image, &mut rng);
        let drawn = one_of(&CAPTIONS, &mut rng);
        let frame = Frame::of(&image.pixels);
        let block = Block::set(frame, side, self.text.as_deref().unwrap_or(drawn), px(height));
        let mut pixels = image.pixels.clone();
        let band =
            |at: Point, under| if at.y >= block.top && at.y <= block.bottom { mix(under, [0; 3], BAND) } else { under };
        redraw(&mut pixels, Point::new(0.0, block.top), Point::new(frame.width, block.bottom), band);
        block.write(&mut pixels, [245; 3], None);
        Ok(Edited::in_place(image, pixels, [("side", side.number()), ("letter_px", height)]))
    }
}

impl Perturbation for CaptionText {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.write(image, rng))
    }
}

impl Operator for CaptionText {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let text = words(setting)?;
        Ok(Self { text, ..Self::at_dose(needed_dose(setting, Self::CARD)?) })
    }
}

/// The longest text in characters; more would hide the picture.
const LONGEST: usize = 200;

/// The text that a setting asks for.
///
/// # Errors
/// [`SettingError`] when it has no visible character, or more than 200.
pub(super) fn words(setting: &Setting) -> Result<Option<String>, SettingError> {
    match setting.text("text") {
        Some(text) if text.trim().is_empty() => Err(SettingError::at("text", "needs a visible character")),
        Some(text) if text.chars().count() > LONGEST => {
            Err(SettingError::at("text", format!("takes at most {LONGEST} characters")))
        }
        text => Ok(text.map(String::from)),
    }
}

impl Graded for CaptionText {
    fn at_dose(dose: f64) -> Self {
        Self { letter: Self::range().nearest(dose), text: None }
    }
}

#[cfg(test)]
mod tests {
    use super::CaptionText;
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::{Graded, Image, Level, Operator, Perturbation, Region, Setting, Stimulus, Stream, Unfit};

    fn skin() -> Image {
        Image { lesion: Some(Region { x: 100, y: 30, w: 80, h: 60 }), ..photo(320, 240, |_, _| [180, 130, 110]) }
    }

    #[test]
    fn a_band_of_its_height_stands_at_the_far_edge() {
        for (level, letter) in [(1, 0.028), (5, 0.072)] {
            let captioned = at_level::<CaptionText>(&skin(), level, 1).unwrap();
            let rows = touched_share(&skin(), &captioned) * 240.0;
            assert!(rows >= 2.2 * letter * 240.0 - 1.0 && rows <= 6.0 * letter * 240.0, "{rows}");
            assert_eq!(captioned.pixels.get_pixel(150, 60).0, [180, 130, 110]);
            assert!(captioned.pixels.pixels().any(|pixel| pixel.0[0] > 200));
        }
        assert!(nested::<CaptionText>(&skin(), 1));
    }

    #[test]
    fn letters_that_nobody_could_read_are_unfit() {
        let tiny = photo(60, 60, |_, _| [180, 130, 110]);
        assert_eq!(at_level::<CaptionText>(&tiny, 1, 1), Err(Unfit::TooSmall { side: 60, least: 108 }));
    }

    #[test]
    fn what_it_says_can_be_asked_for() {
        let level = Setting::at(CaptionText::CARD, Level::new(3).unwrap());
        assert!(CaptionText::make(&level.clone().with("text", "  ")).is_err());
        assert!(CaptionText::make(&level.clone().with("text", &"long ".repeat(50))).is_err());
        let asked = CaptionText::make(&level.with("text", "Hello")).unwrap();
        let mut stimulus = Stimulus { images: vec![skin()], ..Stimulus::default() };
        asked.apply(&mut stimulus, &mut crate::Context::new(Stream::derive(1, &[]))).unwrap();
        assert_ne!(Ok(stimulus.images.remove(0)), at_level::<CaptionText>(&skin(), 3, 1));
        assert_eq!(CaptionText::at_dose(9.0), CaptionText::at_dose(0.15));
    }
}
