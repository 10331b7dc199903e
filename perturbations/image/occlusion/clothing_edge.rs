//! Clothing edge: a sleeve or collar comes in from the side.

use super::{free_side, share_px, sheet, white};
use crate::image::draw::{Frame, Noise, Point, Sheet, cover, mix, redraw, shade};
use crate::image::framing::{SIDE, Side};
use crate::image::{Edited, each_image, from_afar, length_px, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "clothing_edge",
    family: "image/occlusion",
    title: "Clothing at the side",
    imitates: "A sleeve, collar or waistband that was pulled aside for the photograph and slips back into it.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "Cloth is no finding. While it covers only skin nothing is missing; where it reaches the lesion \
                    confidence may fall, urgency may not.",
    gradable_to: &[Gradable {
        modality: Modality::ClinicalPhoto,
        tone: None,
        to: Level::new(3),
        basis: Basis::Assumed,
    }],
    grading: Grading::Graded {
        dose: "depth",
        unit: Unit::ShorterSide,
        levels: [0.08, 0.15, 0.23, 0.32, 0.42],
        range: Range { mildest: 0.02, severest: 0.8 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[SIDE],
    references: &[
        "DeVries and Taylor, arXiv 1708.04552 (cutout): a part of the picture hidden; no scale is published for \
         clothes",
        "Definition: a hem that lies that share of the shorter side inside the frame in the middle of its side, \
         waving by up to 2 % of it and tilted by up to 12°; woven cloth in a drawn colour with folds, a seam and a \
         shadow on the skin. The side is one with a quarter of the shorter side free beside the lesion, if there is one. No \
         cloth comes between a dermatoscope and the skin: unfit",
    ],
};

/// Cloth that reaches into the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ClothingEdge {
    depth: f64,
    side: Option<Side>,
}

/// Cotton in everyday colours and in those of scrubs.
const COLOURS: [[u8; 3]; 8] = [
    [52, 62, 92],
    [96, 118, 150],
    [168, 170, 174],
    [226, 222, 214],
    [66, 112, 104],
    [124, 54, 58],
    [48, 46, 50],
    [178, 160, 132],
];

/// Cloth in its place.
struct Cloth {
    sheet: Sheet,
    /// The unit of folds, seam and shadow: the shorter side in pixels.
    short: f32,
    colour: [u8; 3],
    noise: Noise,
}

impl ClothingEdge {
    fn lay(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        from_afar(image)?;
        length_px(&image.pixels, self.depth, 1.0)?;
        let drawn = free_side(image, &mut rng);
        let side = self.side.unwrap_or(drawn);
        let tilt = rng.between(-12.0, 12.0);
        let colour = COLOURS.get(rng.index(COLOURS.len())).copied().unwrap_or([96, 118, 150]);
        let cloth = Cloth {
            sheet: sheet(image, side, tilt, self.depth),
            short: Frame::of(&image.pixels).short(),
            colour: shade(colour, white(&image.pixels) / 245.0),
            noise: Noise::new(&mut rng),
        };
        let mut pixels = image.pixels.clone();
        redraw(&mut pixels, Point::new(0.0, 0.0), Point::new(f32::MAX, f32::MAX), |at, under| cloth.over(at, under));
        Ok(Edited::in_place(image, pixels, [("side", side.number()), ("angle_degrees", tilt)]))
    }
}

impl Cloth {
    fn over(&self, at: Point, under: [u8; 3]) -> [u8; 3] {
        let (behind, along) = self.sheet.locate(at);
        if behind > HEM * self.short {
            return shade(self.colour, self.light(behind, along));
        }
        if behind < -0.12 * self.short {
            return under;
        }
        let edge = behind + share_px(self.short, 0.02) * self.noise.rough(along / (0.3 * self.short), 9.5);
        let soft = share_px(self.short, 0.022).max(1.0);
        let shadow = f32::from(cover(-edge - 0.5 * soft, soft)) / 255.0;
        let shaded = if shadow > 0.0 { shade(under, 1.0 - 0.48 * shadow) } else { under };
        let covered = cover(-edge, 0.6);
        if covered == 0 {
            return shaded;
        }
        let hem = hem(edge / self.short, along / self.short);
        mix(shaded, shade(self.colour, (self.light(behind, along) + hem).max(0.1)), covered)
    }

    /// Light on the cloth: folds that run slanted to the edge, and threads.
    fn light(&self, behind: f32, along: f32) -> f32 {
        let per_side = 1.0 / self.short;
        let (u, v) = (behind * per_side, along * per_side);
        let slanted = v + 0.35 * u;
        let folds = 0.24 * self.noise.at(6.25 * slanted, 1.8 * u + 3.0) + 0.13 * self.noise.at(14.0 * slanted, 2.5 * u);
        (0.92 + folds + self.weave(behind, along)).max(0.15)
    }

    /// Twill: threads that run aslant, and yarn that is thicker here and thinner there.
    fn weave(&self, behind: f32, along: f32) -> f32 {
        let thread = 0.0065 * self.short;
        let per_thread = 1.0 / thread;
        let slub = 0.04 * self.noise.at(0.4 * behind * per_thread, 1.25 * along * per_thread);
        let visible = ((thread - 1.6) / 2.0).clamp(0.0, 1.0);
        if visible <= 0.0 {
            return 0.5 * slub;
        }
        slub + visible * (0.055 * wave((behind + along) * per_thread) + 0.03 * wave(along * per_thread))
    }
}

/// How deep the hem is, in shares of the shorter side; behind it nothing of the edge is seen.
const HEM: f32 = 0.1;

/// A rolled hem: light on its back, dark at the edge and in the groove of the seam, with a line of stitches.
fn hem(u: f32, v: f32) -> f32 {
    let roll = 0.1 * bump((u - 0.012) / 0.008) - 0.22 * bump(u / 0.004) - 0.2 * bump((u - 0.034) / 0.004);
    roll + stitches(u, v)
}

/// A line of stitches along the seam.
fn stitches(u: f32, v: f32) -> f32 {
    let dash = ((wave(v / 0.008) + 0.3) * 3.0).clamp(0.0, 1.0);
    0.16 * dash * bump((u - 0.03) / 0.0016)
}

/// 1 at 0, falling to either side and soon 0.
fn bump(value: f32) -> f32 {
    let near = (1.0 - 0.15 * value * value).max(0.0);
    near * near
}

/// A wave of straight flanks between −1 and 1 that repeats with each whole number.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pictures are far below 2^20 threads")]
fn wave(value: f32) -> f32 {
    let at = value + 8192.0;
    4.0 * (at - (at as i32) as f32 - 0.5).abs() - 1.0
}

impl Perturbation for ClothingEdge {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.lay(image, rng))
    }
}

impl Operator for ClothingEdge {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let cloth = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { side: Side::asked(setting), ..cloth })
    }
}

impl Graded for ClothingEdge {
    fn at_dose(dose: f64) -> Self {
        Self { depth: Self::range().nearest(dose), side: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClothingEdge, wave};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;

    #[test]
    fn it_covers_about_its_depth() {
        let skin = photo(240, 240, |_, _| [180, 130, 110]);
        for seed in 0..6 {
            for (level, depth) in [(1, 0.08), (3, 0.23), (5, 0.42)] {
                let share = touched_share(&skin, &at_level::<ClothingEdge>(&skin, level, seed).unwrap());
                // A shadow of about 4 % of the side lies before the hem, and the hem waves.
                assert!((depth - 0.03..depth + 0.09).contains(&share), "{share} for {depth}");
            }
            assert!(nested::<ClothingEdge>(&skin, seed));
        }
    }

    #[test]
    fn waves_repeat() {
        assert!((wave(0.0) - 1.0).abs() < 1e-2 && (wave(0.5) + 1.0).abs() < 1e-2 && (wave(-2.0) - 1.0).abs() < 1e-2);
    }
}
