//! Watermark: words across the whole picture, stronger and stronger.

use super::caption_text::{LEGIBLE, words};
use super::{brightness, lay, one_of};
use crate::image::draw::{Frame, Line, Point, px, width};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "watermark",
    family: "image/overlay",
    title: "Watermark across the picture",
    imitates: "A photograph from an atlas or archive with its owner's mark repeated across it.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Thin translucent letters leave colour, border and structure to be seen between and through them, and \
                    their words are not about the skin.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "opacity",
        unit: Unit::Share,
        levels: [0.1, 0.18, 0.28, 0.42, 0.6],
        range: Range { mildest: 0.02, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[TEXT],
    references: &[
        "Dekel et al., CVPR 2017: visible watermarks, translucent and repeated over photographs",
        "Definition: words in capitals 5.5 % of the shorter side high, in rows 30 % of it apart, slanted by a drawn \
         20–35°, white on pictures of mean brightness up to 165 and dark grey on brighter ones; the dose is their \
         opacity",
    ],
};

const TEXT: Parameter = Parameter {
    name: "text",
    doc: "The words, at most 200 characters; one of four neutral marks is drawn when left out.",
    takes: Takes::Text,
    required: false,
};

const MARKS: [&str; 4] = ["IMAGE ARCHIVE", "SAMPLE", "DO NOT COPY", "PREVIEW"];

/// Words across the picture at some opacity.
#[derive(Debug, Clone, PartialEq)]
pub struct Watermark {
    opacity: f64,
    text: Option<String>,
}

impl Watermark {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of 255")]
    fn mark(&self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let height = px(length_px(&image.pixels, 0.055, LEGIBLE)?);
        let drawn = one_of(&MARKS, &mut rng);
        let text = self.text.as_deref().unwrap_or(drawn);
        let slant = -rng.between(20.0, 35.0);
        let lines = rows(Frame::of(&image.pixels), text, height, Point::towards(slant));
        let ink = if brightness(&image.pixels) > 165.0 { [48, 48, 54] } else { [252; 3] };
        let mut pixels = image.pixels.clone();
        let opacity = (255.0 * self.opacity + 0.5) as u8;
        lay(&mut pixels, lines.into_iter().map(|line| (line, text)), ink, opacity);
        Ok(Edited::in_place(image, pixels, [("angle_degrees", slant), ("letter_px", f64::from(height))]))
    }
}

/// The text again and again along slanted rows, every second of which is shifted by half a step.
fn rows(frame: Frame, text: &str, height: f32, along: Point) -> Vec<Line> {
    let (step, apart) = ((width(text) + 3.0) * height, 0.3 * frame.short());
    let reach = frame.reach() + step;
    let mut lines = Vec::new();
    let mut down = -reach;
    let mut shift = 0.0;
    while down < reach {
        let mut right = shift - reach;
        while right < reach {
            let start = frame.middle() + along * right + along.turned() * down;
            lines.push(Line { start, along, height, weight: 0.16 });
            right += step;
        }
        shift = 0.5 * step - shift;
        down += apart;
    }
    lines.retain(|line| near(frame, *line, step));
    lines
}

/// Whether some of the line may lie in the picture.
fn near(frame: Frame, line: Line, length: f32) -> bool {
    let end = line.start + line.along * length;
    let margin = 2.0 * line.height;
    let apart = |from: f32, to: f32, side: f32| from.min(to) > side + margin || from.max(to) < -margin;
    !apart(line.start.x, end.x, frame.width) && !apart(line.start.y, end.y, frame.height)
}

impl Perturbation for Watermark {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.mark(image, rng))
    }
}

impl Operator for Watermark {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let text = words(setting)?;
        Ok(Self { text, ..Self::at_dose(needed_dose(setting, Self::CARD)?) })
    }
}

impl Graded for Watermark {
    fn at_dose(dose: f64) -> Self {
        Self { opacity: Self::range().nearest(dose), text: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Frame, Point, Watermark, rows};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::squared_error;

    #[test]
    fn the_same_letters_grow_stronger() {
        let skin = photo(320, 240, |_, _| [150, 110, 90]);
        for seed in 0..4 {
            let marked: Vec<_> = (1..=5).map(|level| at_level::<Watermark>(&skin, level, seed).unwrap()).collect();
            let errors: Vec<f64> = marked.iter().map(|image| squared_error(&skin.pixels, &image.pixels)).collect();
            assert!(errors.windows(2).all(|pair| pair[1] > 1.5 * pair[0]), "{errors:?}");
            assert!(nested::<Watermark>(&skin, seed) && touched_share(&skin, &marked[4]) < 0.25);
        }
    }

    #[test]
    fn the_ink_stands_out_from_the_picture() {
        let bright = photo(320, 240, |_, _| [230, 220, 210]);
        let marked = at_level::<Watermark>(&bright, 5, 1).unwrap();
        assert!(marked.pixels.pixels().any(|pixel| pixel.0[0] < 150));
    }

    #[test]
    fn rows_reach_every_corner() {
        let frame = Frame { width: 400.0, height: 100.0 };
        let lines = rows(frame, "SAMPLE", 5.5, Point::towards(-30.0));
        for corner in [(0.0, 0.0), (400.0, 0.0), (0.0, 100.0), (400.0, 100.0)] {
            let corner = Point::new(corner.0, corner.1);
            assert!(lines.iter().any(|line| (line.start + line.along * 20.0 - corner).length() < 60.0));
        }
    }
}
