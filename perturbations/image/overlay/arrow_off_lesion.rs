//! Arrow off lesion: an arrow that points at skin beside the lesion.

use super::AT_THE_EDGE;
use crate::image::draw::{Frame, Mask, Pen, Point, cover, mix, paint, px};
use crate::image::occlusion::middle;
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "arrow_off_lesion",
    family: "image/overlay",
    title: "Arrow beside the lesion",
    imitates: "An arrow drawn for another purpose, or by a slip, that points at plain skin and not at the lesion.",
    target: Target::Image,
    needs: Needs::LesionBox,
    oracle: Oracle::Invariant,
    oracle_reason: "The arrow shows where somebody pointed, not what is there: the lesion is as visible as before and \
                    its diagnosis and urgency stay.",
    gradable_to: AT_THE_EDGE,
    grading: Grading::Graded {
        dose: "length",
        unit: Unit::ShorterSide,
        levels: [0.09, 0.13, 0.18, 0.24, 0.32],
        range: Range { mildest: 0.04, severest: 0.6 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[],
    references: &[
        "Shtedritski et al., ICCV 2023, arXiv 2304.06712: drawn marks steer the attention of vision-language models",
        "Lee et al., arXiv 2608.24118 (MC-CXR): misleading arrows on radiographs",
        "Definition: an arrow of that length whose tip is a drawn place at least 10 % of the shorter side away from the \
         lesion's box and 6 % from the frame's edge; it points across the line from lesion to tip, so that its \
         extension misses the lesion",
    ],
};

const COLOURS: [[u8; 3]; 4] = [[255, 214, 10], [250, 250, 250], [30, 200, 240], [236, 40, 40]];

/// Places tried before it is said that there is no room.
const TRIES: u32 = 60;

/// An arrow of some length.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ArrowOffLesion {
    length: f64,
}

impl ArrowOffLesion {
    fn point(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let lesion = image.lesion.ok_or(Unfit::NoLesion)?;
        let length = px(length_px(&image.pixels, self.length, 3.0)?);
        let frame = Frame::of(&image.pixels);
        let (middle, half) = middle(lesion);
        let tip = place(frame, middle, half, &mut rng).ok_or_else(|| Unfit::nothing("skin beside the lesion"))?;
        let way = across(frame, middle, tip);
        let colour = COLOURS.get(rng.index(COLOURS.len())).copied().unwrap_or([255; 3]);
        let mut pixels = image.pixels.clone();
        draw(&mut pixels, tip, way, length, 0.03 * length, [12; 3]);
        draw(&mut pixels, tip, way, length, 0.0, colour);
        Ok(Edited::in_place(image, pixels, [("tip_x", f64::from(tip.x)), ("tip_y", f64::from(tip.y))]))
    }
}

/// A place off the lesion, drawn.
fn place(frame: Frame, middle: Point, half: Point, rng: &mut Stream) -> Option<Point> {
    let (edge, gap) = (0.06 * frame.short(), 0.1 * frame.short());
    let off = |at: &Point| {
        let away = *at - middle;
        away.x.abs() > half.x + gap || away.y.abs() > half.y + gap
    };
    let inside = |length: f32, share: f64| edge + (length - 2.0 * edge) * px(share);
    let mut draws =
        (0..TRIES).map(|_| Point::new(inside(frame.width, rng.uniform()), inside(frame.height, rng.uniform())));
    draws.find(off)
}

/// The way from tip to tail: across the line from the lesion, to the side with more of the frame.
fn across(frame: Frame, lesion: Point, tip: Point) -> Point {
    let away = tip - lesion;
    let side = (away * (1.0 / away.length().max(1.0))).turned();
    if (frame.middle() - tip).dot(side) >= 0.0 { side } else { side * -1.0 }
}

/// The arrow, each of its lines wider by a rim.
fn draw(pixels: &mut image::RgbImage, tip: Point, way: Point, length: f32, rim: f32, colour: [u8; 3]) {
    let mut mask = Mask::new(pixels.dimensions());
    let neck = tip + way * (0.34 * length);
    let shaft = 0.045 * length;
    Pen::even(shaft + rim).draw(&mut mask, &[neck, tip + way * length]);
    head(&mut mask, tip, way, 0.38 * length, rim);
    paint(pixels, &mask, |_, under, cover| mix(under, colour, cover));
}

/// A triangle from the tip to that far behind it, half as wide on either side as it is long.
fn head(mask: &mut Mask, tip: Point, way: Point, length: f32, rim: f32) {
    // Half the opening is a slope of 1 in 2: the distance to a flank is measured across it.
    let (slope, slant) = (0.5, 1.25_f32.sqrt());
    let reach = 1.2 * length + 2.0 * rim + 1.0;
    for y in mask.lines(tip.y - reach, tip.y + reach) {
        let columns = mask.columns(tip.x - reach, tip.x + reach);
        mask.raise(y, columns, |at| {
            let away = at - tip;
            let (behind, aside) = (away.dot(way), away.dot(way.turned()).abs());
            cover((behind - length).max((aside - slope * behind) / slant) - rim, 0.5)
        });
    }
}

impl Perturbation for ArrowOffLesion {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.point(image, rng))
    }
}

impl Operator for ArrowOffLesion {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ArrowOffLesion {
    fn at_dose(dose: f64) -> Self {
        Self { length: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ArrowOffLesion, Frame, Point, across, place};
    use crate::image::occlusion::tests::{at_level, nested};
    use crate::image::tests::photo;
    use crate::{Image, Region, Stream, Unfit};

    fn mole(lesion: Option<Region>) -> Image {
        Image { lesion, ..photo(320, 240, |_, _| [180, 130, 110]) }
    }

    #[test]
    fn tip_and_extension_miss_the_lesion() {
        let frame = Frame { width: 320.0, height: 240.0 };
        let (middle, half) = (Point::new(150.0, 110.0), Point::new(40.0, 30.0));
        for seed in 0..200 {
            let tip = place(frame, middle, half, &mut Stream::derive(seed, &[])).unwrap();
            let way = across(frame, middle, tip);
            for ahead in 0..40 {
                let at = tip - way * (8.0 * ahead as f32) - middle;
                assert!(at.x.abs() > half.x || at.y.abs() > half.y, "seed {seed}");
            }
        }
    }

    #[test]
    fn it_grows_from_its_tip() {
        let image = mole(Some(Region { x: 110, y: 80, w: 80, h: 60 }));
        assert!((0..8).all(|seed| nested::<ArrowOffLesion>(&image, seed)));
    }

    #[test]
    fn it_needs_a_box_and_skin_beside_it() {
        assert_eq!(at_level::<ArrowOffLesion>(&mole(None), 3, 1), Err(Unfit::NoLesion));
        let full = mole(Some(Region { x: 0, y: 0, w: 320, h: 240 }));
        assert_eq!(at_level::<ArrowOffLesion>(&full, 3, 1), Err(Unfit::nothing("skin beside the lesion")));
    }
}
