//! Ruler: a measuring scale at the side of the picture, further and further in.

use super::{BESIDE, free_side, share_px, sheet, white};
use crate::image::draw::{Frame, Point};
use crate::image::draw::{Line, Mask, Pen, Sheet, cover, mix, paint, px, redraw, shade, width};
use crate::image::framing::{SIDE, Side};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Modality, Needs, Operator, Oracle, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "ruler",
    family: "image/occlusion",
    title: "Ruler beside the lesion",
    imitates: "A paper ruler laid beside the lesion, as clinics do before a biopsy or for follow-up.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A ruler says that somebody measured, not what the lesion is. Models trained where malignant \
                    lesions were measured more often take it for a sign; it must move triage neither up nor down.",
    gradable_to: BESIDE,
    grading: Grading::Graded {
        dose: "depth",
        unit: Unit::ShorterSide,
        levels: [0.06, 0.09, 0.12, 0.16, 0.2],
        range: Range { mildest: 0.02, severest: 0.5 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[SIDE],
    references: &[
        "Narla et al., J Invest Dermatol 2018, doi 10.1016/j.jid.2018.06.175: rulers as a sign of malignancy for models",
        "Under a dermatoscope it stands for the scale on the contact plate",
        "Definition: a scale in millimetres whose edge lies that share of the shorter side inside the frame, in the \
         middle of its side, tilted by up to 5°. A millimetre is 1.8–2.3 % of the shorter side in clinical photographs and \
         5–7 % under a dermatoscope; it claims nothing about this lesion's size. The side is one with a quarter of \
         the shorter side free beside the lesion, if there is one",
    ],
};

/// A ruler that reaches into the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ruler {
    depth: f64,
    side: Option<Side>,
}

/// A ruler in its place.
struct Scale {
    sheet: Sheet,
    /// Pixels to a millimetre.
    millimetre: f32,
    /// Millimetres at the middle of the side.
    start: f32,
    /// Brightness of its paper.
    white: f32,
}

impl Ruler {
    fn lay(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        length_px(&image.pixels, self.depth, 1.0)?;
        let drawn = free_side(image, &mut rng);
        let side = self.side.unwrap_or(drawn);
        let tilt = rng.between(-5.0, 5.0);
        let short = Frame::of(&image.pixels).short();
        let scale = Scale {
            sheet: sheet(image, side, tilt, self.depth),
            millimetre: share_px(short, millimetre(image.modality, &mut rng)),
            start: px(rng.between(30.0, 90.0)),
            white: white(&image.pixels),
        };
        let mut pixels = image.pixels.clone();
        scale.lay(&mut pixels);
        scale.mark(&mut pixels);
        let drawn = [("side", side.number()), ("angle_degrees", tilt), ("millimetre_px", f64::from(scale.millimetre))];
        Ok(Edited::in_place(image, pixels, drawn))
    }
}

/// A millimetre as a share of the shorter side, for fields of about 50 and 17 mm.
fn millimetre(modality: Modality, rng: &mut Stream) -> f64 {
    match modality {
        Modality::ClinicalPhoto => rng.between(0.018, 0.023),
        Modality::Dermoscopy => rng.between(0.05, 0.07),
    }
}

impl Scale {
    /// The paper and its shadow.
    fn lay(&self, pixels: &mut image::RgbImage) {
        let (low, high) = (Point::new(0.0, 0.0), Point::new(f32::MAX, f32::MAX));
        let soft = 0.5 * self.millimetre.max(1.2);
        redraw(pixels, low, high, |at, under| {
            let (behind, _) = self.sheet.locate(at);
            if behind < -2.0 * soft {
                return under;
            }
            let shadow = f32::from(cover(-behind - soft, soft)) / 255.0;
            let shaded = shade(under, 1.0 - 0.34 * shadow);
            // Paper curls a little: it is darker towards its edge.
            let light = self.white / 255.0 * (0.93 + 0.07 * (behind / (6.0 * self.millimetre)).clamp(0.0, 1.0));
            mix(shaded, shade([255, 253, 246], light), cover(-behind, 0.5))
        });
    }

    /// Ticks and numerals.
    fn mark(&self, pixels: &mut image::RgbImage) {
        let mut mask = Mask::new(pixels.dimensions());
        let reach = Frame::of(pixels).reach() / self.millimetre;
        let mut tick = (self.start - reach).max(0.0);
        tick -= tick % 1.0;
        while tick <= self.start + reach {
            self.tick(&mut mask, tick);
            tick += 1.0;
        }
        let ink = shade([255; 3], 0.14 * self.white / 255.0);
        paint(pixels, &mask, |_, under, cover| mix(under, ink, cover));
    }

    /// A line at that millimetre: longer at fives and tens, with the number of centimetres at tens.
    fn tick(&self, mask: &mut Mask, at: f32) {
        let mm = self.millimetre;
        let along = (at - self.start) * mm;
        let (tens, fives) = (at % 10.0 < 0.5, at % 5.0 < 0.5);
        let length = if tens {
            4.6
        } else if fives {
            3.5
        } else {
            2.3
        };
        let line = [self.sheet.place(0.35 * mm, along), self.sheet.place(length * mm, along)];
        Pen::even(if tens { 0.11 * mm } else { 0.08 * mm }).draw(mask, &line);
        if tens {
            let number = (at / 10.0).to_string();
            let height = 2.3 * mm;
            let start = self.sheet.place(5.3 * mm + height, along - 0.5 * (width(&number) - 0.3) * height);
            Line { start, along: self.sheet.inward.turned(), height, weight: 0.13 }.draw(mask, &number);
        }
    }
}

impl Perturbation for Ruler {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.lay(image, rng))
    }
}

impl Operator for Ruler {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let ruler = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { side: Side::asked(setting), ..ruler })
    }
}

impl Graded for Ruler {
    fn at_dose(dose: f64) -> Self {
        Self { depth: Self::range().nearest(dose), side: None }
    }
}

#[cfg(test)]
mod tests {
    use super::Ruler;
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;
    use crate::{Image, Region};

    fn skin() -> Image {
        photo(320, 240, |_, _| [180, 130, 110])
    }

    #[test]
    fn it_covers_about_its_depth_and_more_with_each_level() {
        for seed in 0..6 {
            let shares: Vec<f64> = (1..=5)
                .map(|level| touched_share(&skin(), &at_level::<Ruler>(&skin(), level, seed).unwrap()))
                .collect();
            // The depth is a share of the shorter side: of the area it is that or three quarters of it, and the shadow.
            assert!((0.14..0.27).contains(&shares[4]), "{shares:?}");
            assert!(nested::<Ruler>(&skin(), seed));
        }
    }

    #[test]
    fn ticks_alternate_with_paper_along_the_edge() {
        let ruled = at_level::<Ruler>(&skin(), 5, 3).unwrap();
        let rows = ruled.pixels.rows().map(|row| row.map(|pixel| pixel.0[0]).collect::<Vec<_>>());
        let columns = (0..320).map(|x| (0..240).map(|y| ruled.pixels.get_pixel(x, y).0[0]).collect::<Vec<_>>());
        let changes = |line: Vec<u8>| line.windows(2).filter(|pair| pair[0].abs_diff(pair[1]) > 25).count();
        assert!(rows.chain(columns).map(changes).max().unwrap() > 40);
    }

    #[test]
    fn the_lesion_stays_free_where_there_is_room() {
        let lesion = Region { x: 110, y: 80, w: 90, h: 70 };
        let image = Image { lesion: Some(lesion), ..skin() };
        for seed in 0..8 {
            let ruled = at_level::<Ruler>(&image, 5, seed).unwrap();
            let inside = |x: u32, y: u32| (110..200).contains(&x) && (80..150).contains(&y);
            assert!(ruled.pixels.enumerate_pixels().all(|(x, y, pixel)| !inside(x, y) || pixel.0 == [180, 130, 110]));
        }
    }
}
