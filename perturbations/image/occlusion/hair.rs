//! Hair: more and more of it over the scene.

use super::share_px;
use crate::image::draw::{Frame, Mask, Noise, Pen, Point, darken, mix, paint, px, shade, smooth};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "hair",
    family: "image/occlusion",
    title: "Hair over the skin",
    imitates: "Body or scalp hair that was not parted or shaved before the photograph was taken.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Thin lines cross the lesion and leave its colour, border and size to be seen between them; hair \
                    is no finding. Beyond the gradable level structure drowns in it.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "hairs",
        unit: Unit::Number,
        levels: [8.0, 20.0, 40.0, 75.0, 130.0],
        range: Range { mildest: 1.0, severest: 400.0 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[COLOUR],
    references: &[
        "Talavera-Martínez et al., arXiv 2010.05013, and Kim et al., MICCAI 2024, arXiv 2408.00191: simulated hair over \
         skin lesions",
        "Definition: bent, tapered strokes 0.35 % of the shorter side wide in clinical photographs and 0.7 % under a \
         dermatoscope (a hair of 0.08 mm in fields of about 23 and 11 mm), in one direction of growth that is drawn, \
         with a soft shadow; the hairs of a lower level are among those of a higher one",
    ],
};

const COLOURS: [(&str, [u8; 3]); 4] =
    [("black", [26, 20, 18]), ("brown", [66, 44, 30]), ("fair", [176, 140, 88]), ("grey", [170, 168, 164])];

const NAMES: [&str; 4] = ["black", "brown", "fair", "grey"];

const COLOUR: Parameter = Parameter {
    name: "colour",
    doc: "The colour of the hair; black or brown is drawn when left out.",
    takes: Takes::Choice(&NAMES),
    required: false,
};

/// A number of hairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hair {
    hairs: f64,
    colour: Option<usize>,
}

/// What all hairs of a photograph share.
struct Growth {
    frame: Frame,
    angle: f64,
    width: f32,
}

/// One hair: its middle line and its width.
struct Strand {
    path: Vec<Point>,
    width: f32,
    /// Which of [`TONES`] it has.
    tone: usize,
}

/// No two hairs are equally dark.
const TONES: [f32; 3] = [0.8, 1.0, 1.25];

impl Hair {
    fn grow(self, image: &Image, rng: &Stream) -> Edited {
        let mut common = rng.fork("growth", 0);
        let (angle, brown) = (common.between(0.0, 360.0), common.index(2));
        let growth = Growth { frame: Frame::of(&image.pixels), angle, width: width(image) };
        let colour = COLOURS.get(self.colour.unwrap_or(brown)).map_or([0; 3], |(_, colour)| *colour);
        let strands: Vec<Strand> = (0..self.count()).map(|index| growth.strand(&mut rng.fork("hair", index))).collect();
        let mut pixels = image.pixels.clone();
        cast(&mut pixels, &strands);
        draw(&mut pixels, &strands, colour, &Noise::new(&mut rng.fork("shine", 0)));
        let width_px = f64::from(growth.width);
        Edited::in_place(image, pixels, [("hairs", self.hairs), ("angle_degrees", angle), ("width_px", width_px)])
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded number from 1 to 400")]
    fn count(self) -> u64 {
        libm::round(self.hairs) as u64
    }
}

/// Width of a hair of 0.08 mm in pixels.
fn width(image: &Image) -> f32 {
    let share = match image.modality {
        Modality::ClinicalPhoto => 0.0035,
        Modality::Dermoscopy => 0.007,
    };
    share_px(Frame::of(&image.pixels).short(), share)
}

impl Growth {
    /// A hair in about the direction of growth, bent to one side, perhaps curled back at its tip.
    fn strand(&self, rng: &mut Stream) -> Strand {
        let (frame, short) = (self.frame, self.frame.short());
        let root =
            Point::new(share_px(frame.width, rng.between(-0.1, 1.1)), share_px(frame.height, rng.between(-0.1, 1.1)));
        let length = share_px(short, rng.between(0.25, 0.75));
        let mut heading = self.angle + 14.0 * rng.normal();
        let bend = 6.0 * rng.normal();
        let curl = rng.between(-1.4, 1.4);
        let mut path = vec![root];
        let mut at = root;
        for step in 0..10 {
            at = at + Point::towards(heading) * (0.1 * length);
            heading += bend + curl * f64::from(step);
            path.push(at);
        }
        let width = self.width * px(rng.between(0.6, 1.35));
        Strand { path: smooth(&path), width, tone: rng.index(TONES.len()) }
    }
}

/// The shadow that the hairs cast on the skin, a little to the lower right and softer than they are.
fn cast(pixels: &mut image::RgbImage, strands: &[Strand]) {
    let mut mask = Mask::new(pixels.dimensions());
    for strand in strands {
        let aside = Point::new(0.7 * strand.width, 1.1 * strand.width);
        let path: Vec<Point> = strand.path.iter().map(|at| *at + aside).collect();
        Pen { start: 0.6 * strand.width, end: 0.2 * strand.width, soft: 0.9 * strand.width.max(1.0) }
            .draw(&mut mask, &path);
    }
    darken(pixels, &mask, 52);
}

/// The hairs themselves, with light running along them.
fn draw(pixels: &mut image::RgbImage, strands: &[Strand], colour: [u8; 3], shine: &Noise) {
    let cell = 1.0 / (24.0 * strands.first().map_or(1.0, |strand| strand.width.max(0.5)));
    for (group, tone) in TONES.into_iter().enumerate() {
        let mut mask = Mask::new(pixels.dimensions());
        for strand in strands.iter().filter(|strand| strand.tone == group) {
            let radius = 0.5 * strand.width;
            Pen { start: radius, end: 0.25 * radius, soft: 0.5 }.draw(&mut mask, &strand.path);
        }
        paint(pixels, &mask, |at, under, cover| {
            let light = tone * (1.0 + 0.35 * shine.at(at.x * cell, at.y * cell).max(0.0));
            mix(under, shade(colour, light), cover)
        });
    }
}

impl Perturbation for Hair {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| Ok(self.grow(image, &rng)))
    }
}

impl Operator for Hair {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let hair = Self::at_dose(needed_dose(setting, Self::CARD)?);
        let asked = setting.text("colour").and_then(|name| NAMES.iter().position(|known| *known == name));
        Ok(Self { colour: asked, ..hair })
    }
}

impl Graded for Hair {
    fn at_dose(dose: f64) -> Self {
        Self { hairs: Self::range().nearest(dose), colour: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{COLOURS, Hair, NAMES};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;

    #[test]
    fn hairs_are_thin_and_the_same_ones_stay_as_more_come() {
        let skin = photo(240, 180, |_, _| [205, 160, 138]);
        for seed in 0..4 {
            let shares: Vec<f64> =
                (1..=5).map(|level| touched_share(&skin, &at_level::<Hair>(&skin, level, seed).unwrap())).collect();
            assert!(shares.windows(2).all(|pair| pair[1] > pair[0]), "{shares:?}");
            assert!(shares[0] < 0.15, "{shares:?}");
            assert!(nested::<Hair>(&skin, seed));
        }
    }

    #[test]
    fn dark_hair_darkens_light_skin() {
        let skin = photo(240, 180, |_, _| [205, 160, 138]);
        let hairy = at_level::<Hair>(&skin, 3, 1).unwrap();
        assert!(hairy.pixels.iter().zip(skin.pixels.iter()).all(|(after, before)| after <= before));
        assert!(hairy.pixels.pixels().any(|pixel| pixel.0[0] < 110));
    }

    #[test]
    fn the_names_are_those_of_the_colours() {
        assert_eq!(COLOURS.map(|(name, _)| name), NAMES);
    }
}
