//! Black corner: the round field of a dermatoscope, narrower and narrower.

use super::share_px;
use crate::image::draw::{Frame, Noise, Point, cover, mix, redraw};
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "black_corner",
    family: "image/occlusion",
    title: "Dermatoscope's dark corners",
    imitates: "The tube of a dermatoscope or clip-on lens at the rim of the picture.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The rim belongs to the instrument. As long as the lesion lies inside the field nothing of it is \
                    hidden; beyond the gradable level the rim cuts into what is at the side.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(4), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "field",
        unit: Unit::Share,
        levels: [0.92, 0.84, 0.76, 0.68, 0.6],
        range: Range { mildest: 0.99, severest: 0.3 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): black corner; their fifth severity is milder than their fourth",
        "Definition: radius of the bright field as a share of half the diagonal, so that corners darken first at any \
         aspect; the centre is drawn within 3 % of the shorter side from the middle, the rim is soft over 1.6 % of it \
         and a vignette reaches 9 % further in",
    ],
};

/// A bright round field in a dark frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlackCorner {
    field: f64,
}

/// How much light the vignette takes at the rim.
const VIGNETTE: f32 = 0.4;

impl BlackCorner {
    fn darken(self, image: &Image, rng: &mut Stream) -> Result<Edited, Unfit> {
        length_px(&image.pixels, self.field, 1.5)?;
        let frame = Frame::of(&image.pixels);
        let short = frame.short();
        let aside = Point::new(share_px(short, rng.between(-0.03, 0.03)), share_px(short, rng.between(-0.03, 0.03)));
        let (middle, radius) = (frame.middle() + aside, share_px(frame.reach(), self.field));
        let (soft, inner) = (share_px(short, 0.008).max(0.5), share_px(short, 0.09).max(1.0));
        let grain = Noise::new(rng);
        let mut pixels = image.pixels.clone();
        redraw(&mut pixels, Point::new(0.0, 0.0), Point::new(f32::MAX, f32::MAX), |at, under| {
            let away = at - middle;
            // Squared first: most pixels lie well inside, and need no root.
            let (square, near) = (away.dot(away), (radius - inner).max(0.0));
            if square < near * near {
                return under;
            }
            let out = square.sqrt() - radius;
            let near_rim = ((out + inner) / inner).clamp(0.0, 1.0);
            let dimmed = dim(under, VIGNETTE * near_rim * near_rim);
            let black = 7.0 + 3.0 * grain.at(0.31 * at.x, 0.31 * at.y);
            mix(dimmed, tube(black), cover(-out, soft))
        });
        let drawn =
            [("radius_px", f64::from(radius)), ("centre_x", f64::from(middle.x)), ("centre_y", f64::from(middle.y))];
        Ok(Edited::in_place(image, pixels, drawn))
    }
}

/// A colour with that share of its light taken; never brighter than before.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn dim(colour: [u8; 3], share: f32) -> [u8; 3] {
    colour.map(|value| (f32::from(value) * (1.0 - share) + 0.5) as u8)
}

/// The inside of the tube: nearly black, a little warm.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 12")]
fn tube(black: f32) -> [u8; 3] {
    [(black + 2.0) as u8, black as u8, black as u8]
}

impl Perturbation for BlackCorner {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| self.darken(image, &mut rng))
    }
}

impl Operator for BlackCorner {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for BlackCorner {
    fn at_dose(dose: f64) -> Self {
        Self { field: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::BlackCorner;
    use crate::Image;
    use crate::image::occlusion::tests::{at_level, nested};
    use crate::image::tests::photo;

    fn skin() -> Image {
        photo(200, 150, |_, _| [200, 150, 130])
    }

    #[test]
    fn the_middle_stays_and_the_corners_go_black() {
        for level in 1..=5 {
            let dark = at_level::<BlackCorner>(&skin(), level, 7).unwrap();
            assert_eq!(dark.pixels.get_pixel(100, 75).0, [200, 150, 130]);
            assert!(dark.pixels.get_pixel(0, 149).0.iter().all(|value| *value < 16));
        }
    }

    #[test]
    fn the_field_has_its_radius_and_narrows() {
        let black = |level: u8| {
            let dark = at_level::<BlackCorner>(&skin(), level, 7).unwrap();
            dark.pixels.pixels().filter(|pixel| pixel.0[0] < 20).count() as f64 / 30_000.0
        };
        let shares: Vec<f64> = (1..=5).map(black).collect();
        assert!(shares.windows(2).all(|pair| pair[1] > pair[0]), "{shares:?}");
        // Radius 0.6 · 125 = 75: the whole circle lies in the frame, but for the drawn shift of its centre.
        assert!((shares[4] - (1.0 - core::f64::consts::PI * 75.0 * 75.0 / 30_000.0)).abs() < 0.03, "{shares:?}");
        assert!(nested::<BlackCorner>(&skin(), 7));
    }
}
