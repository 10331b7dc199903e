//! Finger: it points at the lesion and reaches further and further over it.

use super::{PARTLY_HIDDEN, inward, middle, share_px, skin};
use crate::image::draw::{Frame, Noise, Point, cover, mix, px, redraw, shade};
use crate::image::framing::{SIDE, Side};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Modality, Needs, Operator, Oracle, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "finger",
    family: "image/occlusion",
    title: "Finger in the picture",
    imitates: "A finger that points at the lesion, stretches the skin beside it or lies half over it.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "A finger is no finding, and what it covers is missing: confidence may fall and a photograph without \
                    it be asked for, but nothing has become less urgent.",
    gradable_to: PARTLY_HIDDEN,
    grading: Grading::Graded {
        dose: "reach",
        unit: Unit::Share,
        levels: [0.3, 0.5, 0.7, 0.9, 1.1],
        range: Range { mildest: 0.1, severest: 1.6 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[SIDE],
    references: &[
        "DeVries and Taylor, arXiv 1708.04552 (cutout): a part of the picture hidden; no scale is published for \
         fingers",
        "Definition: a finger of 26 % of the shorter side in width (80 % under a dermatoscope) comes from a drawn side, \
         aimed at the middle of the lesion (of the frame where no box is known) give or take a drawn tenth of the shorter \
         side; the dose is the share of the way from the side to there that its tip has made, where a way below 30 % \
         of the shorter side counts as that. Its colour is that of what looks like skin in the picture's border",
        "Under a dermatoscope it is the finger that stretches the skin: only where the instrument is held off it",
    ],
};

/// A finger that reaches into the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finger {
    reach: f64,
    side: Option<Side>,
}

/// A finger in its place, the nail towards the lens.
struct Shape {
    tip: Point,
    way: Point,
    radius: f32,
    colour: [u8; 3],
    /// Share of light that comes from the side to which `way` turns.
    lit: f32,
    grain: Noise,
}

impl Finger {
    fn lay(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        length_px(&image.pixels, self.reach, 1.0)?;
        let frame = Frame::of(&image.pixels);
        let drawn = Side::ALL.get(rng.index(Side::ALL.len())).copied();
        let side = self.side.or(drawn).unwrap_or(Side::Left);
        let tilt = rng.between(-24.0, 24.0);
        let shape = Shape::new(image, frame, side, tilt, self.reach, &mut rng);
        let mut pixels = image.pixels.clone();
        redraw(&mut pixels, Point::new(0.0, 0.0), Point::new(f32::MAX, f32::MAX), |at, under| shape.over(at, under));
        let width = 2.0 * f64::from(shape.radius);
        Ok(Edited::in_place(image, pixels, [("side", side.number()), ("angle_degrees", tilt), ("width_px", width)]))
    }
}

impl Shape {
    fn new(image: &Image, frame: Frame, side: Side, tilt: f64, reach: f64, rng: &mut Stream) -> Self {
        let (straight, turn) = (inward(side), Point::towards(tilt));
        let way = straight * turn.x + straight.turned() * turn.y;
        let miss = share_px(frame.short(), rng.between(-0.1, 0.1));
        let aim = image.lesion.map_or_else(|| frame.middle(), |lesion| middle(lesion).0) + straight.turned() * miss;
        // The line through the aim meets the side where as much way along the axis leads back to it.
        let back = (aim - frame.side_of(straight)).dot(straight);
        let entry = aim - way * (back / way.dot(straight).max(0.1));
        let width = match image.modality {
            Modality::ClinicalPhoto => 0.13,
            Modality::Dermoscopy => 0.4,
        };
        let tint = px(rng.between(0.96, 1.1));
        Self {
            tip: entry + way * share_px((aim - entry).length().max(0.3 * frame.short()), reach),
            way,
            radius: share_px(frame.short(), width),
            colour: shade(skin(image), tint),
            lit: way.turned().dot(Point::new(-0.64, -0.77)),
            grain: Noise::new(rng),
        }
    }

    /// Behind the tip and across, in radii.
    fn locate(&self, at: Point) -> (f32, f32) {
        let away = at - self.tip;
        (-away.dot(self.way) / self.radius, away.dot(self.way.turned()) / self.radius)
    }

    /// What is seen at a place: the finger, its shadow, or the scene.
    fn over(&self, at: Point, under: [u8; 3]) -> [u8; 3] {
        let (behind, across) = self.locate(at);
        if behind < -0.5 || across.abs() > 1.6 {
            return under;
        }
        let (fell, aside) = self.locate(at - Point::new(0.12, 0.16) * self.radius);
        let shadow = f32::from(cover(outline(fell, aside) - 0.02, 0.2)) / 255.0;
        let shaded = if shadow > 0.0 { shade(under, 1.0 - 0.42 * shadow) } else { under };
        let edge = outline(behind, across);
        let covered = cover(edge * self.radius, 0.6);
        if covered == 0 { shaded } else { mix(shaded, self.colour_at(behind, across, edge), covered) }
    }

    fn colour_at(&self, behind: f32, across: f32, edge: f32) -> [u8; 3] {
        let rise = roundness(edge);
        let light = 0.56 + 0.46 * rise + 0.16 * across * self.lit;
        let pores =
            0.035 * self.grain.rough(9.0 * behind, 14.0 * across) + 0.03 * self.grain.at(2.2 * behind, 2.2 * across);
        let bare = redder(
            shade(self.colour, (light + pores) * (1.0 - creases(behind, across) * rise)),
            0.1 * near_tip(behind),
        );
        self.with_nail(bare, behind, across, light)
    }

    /// The nail, its fold and the shine on it.
    fn with_nail(&self, bare: [u8; 3], behind: f32, across: f32, light: f32) -> [u8; 3] {
        let ((along, width), square) = (((behind - 0.66) / 0.56, across / 0.56), |value: f32| value * value);
        let around = square(square(along)) + square(square(width));
        let groove = 0.2 / (1.0 + square((around - 1.05) * 4.5));
        let folded = shade(bare, 1.0 - groove);
        let nail = cover((around - 1.0) * 0.14 * self.radius, 0.6);
        if nail == 0 {
            return folded;
        }
        let free = ((-0.72 - along) * 9.0).clamp(0.0, 1.0);
        let moon = (1.0 - (square(along - 1.0) + square(0.75 * width)) * 3.0).max(0.0);
        let shine = 0.3 / (1.0 + square((across + 0.24 * self.lit.signum()) * 8.0)) * (1.0 - square(along)).max(0.0);
        let plate = mix(
            redder(shade(self.colour, 1.08 * light), 0.07),
            [255, 232, 216],
            share(0.14 + 0.5 * free + 0.18 * moon),
        );
        mix(folded, mix(plate, [255, 250, 246], share(shine)), nail)
    }
}

/// Distance to the outline in radii, negative inside: a rounded tip, then a little wider up to the joint.
fn outline(behind: f32, across: f32) -> f32 {
    const CAP: f32 = 1.05;
    const TIP: f32 = 0.9;
    if behind < CAP {
        let (x, y) = ((CAP - behind) / CAP, across / TIP);
        return ((x * x + y * y).sqrt() - 1.0) * TIP;
    }
    let on = ((behind - CAP) / 2.2).min(1.0);
    across.abs() - (TIP + (1.0 - TIP) * on * on * (3.0 - 2.0 * on))
}

/// Height of a rounded body over the skin, 0 at its edge to 1, from the distance to the edge in radii.
fn roundness(edge: f32) -> f32 {
    let from_middle = (1.0 + edge).clamp(0.0, 1.0);
    (1.0 - from_middle * from_middle).sqrt()
}

/// The folds of skin over the last joint, as a share of light.
fn creases(behind: f32, across: f32) -> f32 {
    [2.15, 2.36, 2.62].iter().zip([0.1, 0.2, 0.12]).fold(0.0, |dark, (place, depth)| {
        let off = (behind - place - 0.14 * across * across) / 0.045;
        dark + depth / (1.0 + off * off)
    })
}

/// 1 at the very tip, 0 from a radius behind it.
fn near_tip(behind: f32) -> f32 {
    (1.0 - behind).clamp(0.0, 1.0)
}

/// Less green and blue by a share.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn redder([r, g, b]: [u8; 3], share: f32) -> [u8; 3] {
    let less = |value: u8, share: f32| (f32::from(value) * (1.0 - share) + 0.5) as u8;
    [r, less(g, share), less(b, 0.8 * share)]
}

/// A share as coverage.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clipped to 0–255")]
fn share(of: f32) -> u8 {
    (255.0 * of.clamp(0.0, 1.0) + 0.5) as u8
}

impl Perturbation for Finger {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.lay(image, rng))
    }
}

impl Operator for Finger {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let finger = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { side: Side::asked(setting), ..finger })
    }
}

impl Graded for Finger {
    fn at_dose(dose: f64) -> Self {
        Self { reach: Self::range().nearest(dose), side: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Finger, outline};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::{Image, Region};

    fn skin() -> Image {
        Image { lesion: Some(Region { x: 110, y: 80, w: 90, h: 70 }), ..photo(320, 240, |_, _| [180, 130, 110]) }
    }

    #[test]
    fn it_comes_from_a_side_and_reaches_the_lesion_at_the_last_level() {
        for seed in 0..8 {
            let far = at_level::<Finger>(&skin(), 5, seed).unwrap();
            let inside = |x: u32, y: u32| (110..200).contains(&x) && (80..150).contains(&y);
            let hidden =
                far.pixels.enumerate_pixels().filter(|(x, y, pixel)| inside(*x, *y) && pixel.0 != [180, 130, 110]);
            assert!(hidden.count() > 500);
            assert!(nested::<Finger>(&skin(), seed));
            assert!(touched_share(&skin(), &at_level::<Finger>(&skin(), 1, seed).unwrap()) < 0.12);
        }
    }

    #[test]
    fn the_outline_widens_behind_the_tip() {
        assert!(outline(0.0, 0.0).abs() < 1e-6 && outline(0.0, 0.5) > 0.0 && outline(1.0, 0.0) < -0.5);
        let widths: Vec<bool> = (0..40).map(|step| outline(step as f32 / 10.0, 0.95) < 0.0).collect();
        assert!(widths.windows(2).all(|pair| pair[1] || !pair[0]) && widths[39]);
    }
}
