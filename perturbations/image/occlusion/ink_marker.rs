//! Ink marker: a surgeon's pen around the lesion.

use super::{BESIDE, middle, share_px};
use crate::image::draw::{Frame, Mask, Noise, Pen, Point, mix, paint, px, smooth};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Perturbation, Quantity, Range, Region,
    Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "ink_marker",
    family: "image/occlusion",
    title: "Surgical ink around the lesion",
    imitates: "A lesion ringed and pointed at with a violet skin marker, as before a biopsy.",
    target: Target::Image,
    needs: Needs::LesionBox,
    oracle: Oracle::Invariant,
    oracle_reason: "Ink tells that somebody was worried, not what the lesion is, and it leaves the lesion free. Models \
                    have been seen to call marked moles melanoma: it must move triage neither up nor down.",
    gradable_to: BESIDE,
    grading: Grading::Graded {
        dose: "line",
        unit: Unit::ShorterSide,
        levels: [0.006, 0.01, 0.015, 0.021, 0.028],
        range: Range { mildest: 0.002, severest: 0.05 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[],
    references: &[
        "Winkler et al., JAMA Dermatol 2019, doi 10.1001/jamadermatol.2019.1735: surgical skin markings raise the \
         melanoma scores of a network",
        "Definition: a wavering ring outside the lesion's box by a quarter of its size and 3 % of the shorter side, \
         and one or two arrows towards it, in gentian violet that lets the skin show through unevenly; the dose is \
         the width of the line, the path is the same at every level",
    ],
};

/// What of red, green and blue light gentian violet lets through.
const VIOLET: [f32; 3] = [0.40, 0.27, 0.64];

/// A pen line around the lesion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct InkMarker {
    line: f64,
}

impl InkMarker {
    fn mark(self, image: &Image, rng: &Stream) -> Result<Edited, Unfit> {
        let lesion = image.lesion.ok_or(Unfit::NoLesion)?;
        let line = px(length_px(&image.pixels, self.line, 0.05)?);
        let ring = Ring::around(lesion, Frame::of(&image.pixels), &mut rng.fork("ring", 0));
        let mut mask = Mask::new(image.pixels.dimensions());
        Pen::even(0.5 * line).draw(&mut mask, &ring.path());
        let arrows = ring.arrows(&mut rng.fork("arrows", 0));
        for arrow in &arrows {
            arrow.iter().for_each(|stroke| Pen::even(0.5 * line).draw(&mut mask, stroke));
        }
        let mut pixels = image.pixels.clone();
        let short = Frame::of(&pixels).short();
        ink(&mut pixels, &mask, short, &Noise::new(&mut rng.fork("density", 0)));
        let number = if arrows.len() > 1 { 2.0 } else { 1.0 };
        Ok(Edited::in_place(image, pixels, [("line_px", f64::from(line)), ("arrows", number)]))
    }
}

/// The ring in its place.
struct Ring {
    middle: Point,
    half: Point,
    /// How far each of the points on it strays from the ellipse, as a share.
    stray: Vec<f32>,
    start: f64,
    short: f32,
}

/// Points on the ring.
const POINTS: u32 = 40;

impl Ring {
    fn around(lesion: Region, frame: Frame, rng: &mut Stream) -> Self {
        let (middle, half) = middle(lesion);
        let gap = share_px(frame.short(), 0.03);
        let half = half * 1.25 + Point::new(gap, gap);
        let waver = Noise::new(rng);
        // A hand closes the ring a little beyond where it began.
        let stray = (0..POINTS + 4).map(|at| 0.05 * waver.rough(px(f64::from(at)) * 0.21, 5.0)).collect();
        Self { middle, half, stray, start: rng.between(0.0, 360.0), short: frame.short() }
    }

    /// The place on the ring in that direction, moved outwards by a share.
    fn at(&self, degrees: f64, out: f32) -> Point {
        let way = Point::towards(degrees);
        self.middle + Point::new(way.x * self.half.x, way.y * self.half.y) * (1.0 + out)
    }

    fn path(&self) -> Vec<Point> {
        let step = 360.0 / f64::from(POINTS);
        let points = self.stray.iter().zip(0_u32..);
        points.map(|(stray, index)| self.at(self.start + step * f64::from(index), *stray)).collect()
    }

    /// One or two arrows from outside; each is a shaft and a head.
    fn arrows(&self, rng: &mut Stream) -> Vec<Vec<Vec<Point>>> {
        let first = rng.between(0.0, 360.0);
        let second = first + rng.between(100.0, 260.0);
        let two = rng.chance(0.5);
        let directions = if two { vec![first, second] } else { vec![first] };
        directions.into_iter().map(|degrees| self.arrow(degrees, rng)).collect()
    }

    fn arrow(&self, degrees: f64, rng: &mut Stream) -> Vec<Vec<Point>> {
        let way = Point::towards(degrees);
        let tip = self.at(degrees, 0.0) + way * share_px(self.short, 0.03);
        let length = share_px(self.short, rng.between(0.1, 0.15));
        let bend = way.turned() * (length * px(rng.between(-0.12, 0.12)));
        let shaft = smooth(&[tip + way * length, tip + way * (0.5 * length) + bend, tip]);
        let barb = |side: f64| tip + Point::towards(degrees + side) * (0.36 * length);
        vec![shaft, vec![barb(-32.0), tip, barb(28.0)]]
    }
}

/// Violet over the skin: pale where the pen ran dry, dark where it paused.
fn ink(pixels: &mut image::RgbImage, mask: &Mask, short: f32, density: &Noise) {
    let (wide, fine) = (1.0 / (0.05 * short), 1.0 / (0.006 * short).max(1.0));
    paint(pixels, mask, |at, under, cover| {
        let uneven =
            0.76 + 0.26 * density.rough(at.x * wide, at.y * wide) + 0.14 * density.at(at.x * fine, at.y * fine);
        let dyed = filtered(under, uneven.clamp(0.35, 1.0));
        mix(under, dyed, cover)
    });
}

/// The light of a colour that comes back through so much ink.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn filtered(under: [u8; 3], density: f32) -> [u8; 3] {
    let mut out = under;
    for (value, passed) in out.iter_mut().zip(VIOLET) {
        *value = (f32::from(*value) * (1.0 - density * (1.0 - passed)) + 0.5) as u8;
    }
    out
}

impl Perturbation for InkMarker {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.mark(image, &rng))
    }
}

impl Operator for InkMarker {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for InkMarker {
    fn at_dose(dose: f64) -> Self {
        Self { line: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{InkMarker, filtered};
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::{Image, Region, Unfit};

    fn mole() -> Image {
        Image { lesion: Some(Region { x: 130, y: 90, w: 60, h: 50 }), ..photo(320, 240, |_, _| [200, 150, 130]) }
    }

    #[test]
    fn the_ring_leaves_the_lesion_free_and_grows_wider() {
        for seed in 0..6 {
            let marked = at_level::<InkMarker>(&mole(), 5, seed).unwrap();
            let inside = |x: u32, y: u32| (135..185).contains(&x) && (95..135).contains(&y);
            assert!(marked.pixels.enumerate_pixels().all(|(x, y, pixel)| !inside(x, y) || pixel.0 == [200, 150, 130]));
            assert!(nested::<InkMarker>(&mole(), seed));
            let shares: Vec<f64> = (1..=5)
                .map(|level| touched_share(&mole(), &at_level::<InkMarker>(&mole(), level, seed).unwrap()))
                .collect();
            assert!(shares.windows(2).all(|pair| pair[1] > pair[0]) && shares[4] < 0.15, "{shares:?}");
        }
    }

    #[test]
    fn violet_takes_green_most_and_blue_least() {
        let [r, g, b] = filtered([200; 3], 1.0);
        assert!(g < r && r < b);
        assert_eq!(filtered([200; 3], 0.0), [200; 3]);
    }

    #[test]
    fn without_a_box_there_is_nothing_to_ring() {
        let image = Image { lesion: None, ..mole() };
        assert_eq!(at_level::<InkMarker>(&image, 3, 1), Err(Unfit::NoLesion));
    }
}
