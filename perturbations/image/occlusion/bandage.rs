//! Bandage: a sticking plaster over part of the lesion, larger and larger.

use super::{middle, share_px, white};
use crate::image::draw::{Frame, Noise, Point, cover, mix, px, redraw, shade};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "bandage",
    family: "image/occlusion",
    title: "Plaster over part of the lesion",
    imitates: "A sticking plaster that was not taken off, or was put back over part of the lesion.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "What the plaster covers is missing and may bleed or be open: confidence may fall and a photograph \
                    without it be asked for, but nothing has become less urgent.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "length",
        unit: Unit::ShorterSide,
        levels: [0.3, 0.42, 0.55, 0.7, 0.9],
        range: Range { mildest: 0.05, severest: 1.5 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[],
    references: &[
        "Rieger et al., ICML 2020, arXiv 1909.13584: coloured plasters in ISIC photographs that a network takes for \
         a sign of benign lesions; those photographs are dermatoscopic, so it applies to them, too",
        "Definition: a plaster of that length, two fifths as wide, with rounded ends, a pad and pin holes, beige or \
         white. Its middle lies beside that of the lesion by 0.4 of the lesion's size in a drawn direction (of the frame \
         by 16 % of the shorter side, where no box is known), so that larger ones cover more of it",
    ],
};

/// A plaster of some length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bandage {
    length: f64,
}

/// A plaster in its place.
struct Strip {
    middle: Point,
    along: Point,
    /// Half its length and half its width.
    half: (f32, f32),
    /// Spacing of the threads and of the pin holes, which does not grow with the plaster.
    thread: f32,
    colour: [u8; 3],
    noise: Noise,
}

impl Bandage {
    fn stick(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let length = px(length_px(&image.pixels, self.length, 3.0)?);
        let frame = Frame::of(&image.pixels);
        let (angle, away) = (rng.between(0.0, 180.0), Point::towards(rng.between(0.0, 360.0)));
        let none = (frame.middle(), Point::new(0.2, 0.2) * frame.short());
        let (target, half) = image.lesion.map_or(none, middle);
        let tone = if rng.chance(0.6) { [228, 186, 150] } else { [236, 232, 224] };
        let strip = Strip {
            middle: target + Point::new(away.x * half.x, away.y * half.y) * 0.8,
            along: Point::towards(angle),
            half: (0.5 * length, 0.2 * length),
            thread: share_px(frame.short(), 0.009),
            colour: shade(tone, white(&image.pixels) / 245.0),
            noise: Noise::new(&mut rng),
        };
        let mut pixels = image.pixels.clone();
        let reach = Point::new(0.62 * length, 0.62 * length);
        redraw(&mut pixels, strip.middle - reach, strip.middle + reach, |at, under| strip.over(at, under));
        let place = [("centre_x", f64::from(strip.middle.x)), ("centre_y", f64::from(strip.middle.y))];
        Ok(Edited::in_place(image, pixels, [("angle_degrees", angle), place[0], place[1]]))
    }
}

impl Strip {
    fn locate(&self, at: Point) -> (f32, f32) {
        let away = at - self.middle;
        (away.dot(self.along), away.dot(self.along.turned()))
    }

    fn over(&self, at: Point, under: [u8; 3]) -> [u8; 3] {
        let (half_length, half_width) = self.half;
        let outline = |(u, v): (f32, f32)| rounded(u, v, half_length, half_width, 0.92 * half_width);
        let place = self.locate(at);
        let edge = outline(place);
        let fall = 0.05 * half_width;
        let soft = (0.09 * half_width).max(0.8);
        let shadow =
            f32::from(cover(outline(self.locate(at - Point::new(fall, 1.3 * fall))) - 0.3 * soft, soft)) / 255.0;
        let shaded = if shadow > 0.0 { shade(under, 1.0 - 0.34 * shadow) } else { under };
        let covered = cover(edge, 0.5);
        if covered == 0 { shaded } else { mix(shaded, self.colour_at(place, edge), covered) }
    }

    fn colour_at(&self, (u, v): (f32, f32), edge: f32) -> [u8; 3] {
        let (half_length, half_width) = self.half;
        let pad = rounded(u, v, 0.36 * half_length, 0.66 * half_width, 0.12 * half_width);
        let rim = 0.03 * half_width.max(8.0);
        // The pad is raised: light falls on its upper left flank and not on the lower right one.
        let flank = bump(pad / rim) * 0.12 * if u + v < 0.0 { 1.0 } else { -1.0 };
        let lifted = 0.1 * bump(edge / (0.06 * half_width).max(1.0));
        let wrinkles = 0.05 * self.noise.rough(u / (0.5 * half_width), v / (0.16 * half_width));
        let light = 0.97 + flank - lifted + wrinkles + self.weave(u, v);
        let holes = if pad > rim { self.holes(u, v) } else { 0.0 };
        shade(self.colour, light * (1.0 - holes))
    }

    /// Crossed threads, fading where they are finer than pixels.
    fn weave(&self, u: f32, v: f32) -> f32 {
        let thread = self.thread;
        let visible = ((thread - 1.5) / 2.0).clamp(0.0, 1.0);
        visible * 0.025 * (wave(u / thread) * wave(v / thread)) + 0.02 * self.noise.at(u / 1.7, v / 1.7)
    }

    /// Pin holes in rows, as a share of light.
    fn holes(&self, u: f32, v: f32) -> f32 {
        let pitch = 3.0 * self.thread.max(1.0);
        let (x, y) = (into(u / pitch), into(v / pitch));
        let away = (x * x + y * y).sqrt() * pitch;
        0.3 * f32::from(cover(away - 0.16 * pitch, 0.7)) / 255.0
    }
}

/// Distance to a box with rounded corners about the origin, negative inside.
fn rounded(u: f32, v: f32, half_length: f32, half_width: f32, corner: f32) -> f32 {
    let (x, y) = (u.abs() - half_length + corner, v.abs() - half_width + corner);
    let outside = Point::new(x.max(0.0), y.max(0.0)).length();
    outside + x.max(y).min(0.0) - corner
}

/// 1 at 0, falling to either side.
fn bump(value: f32) -> f32 {
    1.0 / (1.0 + value * value)
}

/// From −½ to ½ across each cell.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "pictures are far below 2^24 cells")]
fn into(value: f32) -> f32 {
    let at = value + 4096.0;
    at - (at as i32) as f32 - 0.5
}

/// A wave of straight flanks between −1 and 1, two cells long.
fn wave(value: f32) -> f32 {
    4.0 * into(0.5 * value).abs() - 1.0
}

impl Perturbation for Bandage {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.stick(image, rng))
    }
}

impl Operator for Bandage {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Bandage {
    fn at_dose(dose: f64) -> Self {
        Self { length: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bandage, into, rounded, wave};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::{Image, Region};

    fn skin() -> Image {
        Image { lesion: Some(Region { x: 120, y: 85, w: 80, h: 70 }), ..photo(320, 240, |_, _| [180, 130, 110]) }
    }

    #[test]
    fn it_covers_its_area_and_more_of_the_lesion_as_it_grows() {
        for seed in 0..6 {
            let shares: Vec<f64> = (1..=5)
                .map(|level| touched_share(&skin(), &at_level::<Bandage>(&skin(), level, seed).unwrap()))
                .collect();
            // Length 0.55 of 240 px is 132, width 53: 7 000 of 76 800 pixels less the corners, and a shadow.
            assert!((0.08..0.11).contains(&shares[2]), "{shares:?}");
            assert!(nested::<Bandage>(&skin(), seed));
        }
    }

    #[test]
    fn a_rounded_box_is_as_long_and_wide_as_it_says() {
        for (u, v) in [(10.0, 0.0), (0.0, 4.0), (-10.0, 0.0)] {
            assert!(rounded(u, v, 10.0, 4.0, 4.0).abs() < 1e-5);
        }
        assert!(rounded(9.5, 3.5, 10.0, 4.0, 4.0) > 0.0 && rounded(0.0, 0.0, 10.0, 4.0, 1.0) < -3.0);
    }

    #[test]
    fn waves_and_cells_repeat() {
        assert!((into(-0.25) - 0.25).abs() < 1e-3 && (into(3.0) + 0.5).abs() < 1e-3);
        assert!((wave(0.0) - 1.0).abs() < 1e-3 && (wave(1.0) + 1.0).abs() < 1e-3 && wave(0.5).abs() < 1e-3);
    }
}
