//! Gel bubbles: more and more of them in the contact fluid.

use super::share_px;
use crate::image::draw::{Frame, Point, cover, mix, px, redraw, shade};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "gel_bubbles",
    family: "image/occlusion",
    title: "Air bubbles in gel",
    imitates: "Air bubbles in the gel or disinfectant between a dermatoscope and the skin, or left on the skin after it.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Small clear discs with bright rims lie over the scene; the structure between and through them is \
                    still there, and a bubble is no finding.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "bubbles",
        unit: Unit::Number,
        levels: [8.0, 20.0, 45.0, 90.0, 160.0],
        range: Range { mildest: 1.0, severest: 500.0 },
        monotone_in: Quantity::PixelsChanged,
    },
    parameters: &[],
    references: &[
        "Mishra and Celebi, arXiv 1601.07843: air bubbles among the artefacts of dermoscopy",
        "Definition: discs with radii of 0.3–2.8 % of the shorter side (half as much again under a dermatoscope), small \
         ones most often, a third of them in clusters; the bubbles of a lower level are among those of a higher one",
    ],
};

/// A number of bubbles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GelBubbles {
    bubbles: f64,
}

/// One bubble.
struct Bubble {
    middle: Point,
    radius: f32,
}

impl GelBubbles {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rounded number from 1 to 500")]
    fn blow(self, image: &Image, rng: &Stream) -> Edited {
        let mut pixels = image.pixels.clone();
        let cluster = {
            let mut rng = rng.fork("cluster", 0);
            Point::new(px(rng.between(0.15, 0.85)), px(rng.between(0.15, 0.85)))
        };
        for index in 0..libm::round(self.bubbles) as u64 {
            let bubble = bubble(image, cluster, &mut rng.fork("bubble", index));
            let reach = Point::new(bubble.radius + 1.5, bubble.radius + 1.5);
            redraw(&mut pixels, bubble.middle - reach, bubble.middle + reach, |at, under| bubble.over(at, under));
        }
        Edited::in_place(image, pixels, [("bubbles", self.bubbles)])
    }
}

fn bubble(image: &Image, cluster: Point, rng: &mut Stream) -> Bubble {
    let frame = Frame::of(&image.pixels);
    let place = if rng.chance(0.35) {
        cluster + Point::new(px(rng.normal()), px(rng.normal())) * 0.09
    } else {
        Point::new(px(rng.uniform()), px(rng.uniform()))
    };
    let small = rng.uniform();
    let share = 0.003 + 0.025 * small * small;
    let larger = if image.modality == Modality::Dermoscopy { 1.5 } else { 1.0 };
    Bubble {
        middle: Point::new(place.x * frame.width, place.y * frame.height),
        radius: share_px(frame.short(), share * larger).max(0.8),
    }
}

impl Bubble {
    /// The scene through the bubble: a dark rim, light gathered inside it away from the lamp, a small image of the lamp.
    fn over(&self, at: Point, under: [u8; 3]) -> [u8; 3] {
        let away = (at - self.middle) * (1.0 / self.radius);
        let out = away.length();
        let covered = cover((out - 1.0) * self.radius, 0.5);
        if covered == 0 {
            return under;
        }
        // −1 towards the lamp at the upper left, 1 away from it.
        let side = (0.62 * away.x + 0.78 * away.y) / out.max(0.05);
        let rim = bump((out - 0.93) / 0.07);
        let inner = bump((out - 0.78) / 0.1) * (0.35 + 0.65 * side.max(0.0));
        let clear = shade(under, 1.06 - 0.42 * rim * (1.0 - 0.3 * side));
        let lit = mix(clear, [255, 253, 248], share(0.34 * inner + 0.2 * bump((out - 0.9) / 0.06) * (-side).max(0.0)));
        let lamp = (away - Point::new(-0.4, -0.46)).length();
        let shine = cover((lamp - 0.17) * self.radius, (0.1 * self.radius).max(0.7));
        mix(under, mix(lit, [255, 255, 252], shine), covered)
    }
}

/// 1 at 0, falling to either side and soon 0.
fn bump(value: f32) -> f32 {
    let near = (1.0 - 0.25 * value * value).max(0.0);
    near * near
}

/// A share as coverage.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clipped to 0–255")]
fn share(of: f32) -> u8 {
    (255.0 * of.clamp(0.0, 1.0) + 0.5) as u8
}

impl Perturbation for GelBubbles {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| Ok(self.blow(image, &rng)))
    }
}

impl Operator for GelBubbles {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for GelBubbles {
    fn at_dose(dose: f64) -> Self {
        Self { bubbles: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{Bubble, GelBubbles};
    use crate::image::draw::Point;
    use crate::image::occlusion::tests::{at_level, nested, touched_share};
    use crate::image::tests::photo;

    #[test]
    fn more_bubbles_cover_more_and_the_same_ones_stay() {
        let skin = photo(320, 240, |_, _| [180, 130, 110]);
        for seed in 0..4 {
            let shares: Vec<f64> = (1..=5)
                .map(|level| touched_share(&skin, &at_level::<GelBubbles>(&skin, level, seed).unwrap()))
                .collect();
            assert!(shares.windows(2).all(|pair| pair[1] > pair[0]) && shares[4] < 0.3, "{shares:?}");
            assert!(nested::<GelBubbles>(&skin, seed));
        }
    }

    #[test]
    fn a_bubble_is_bright_at_the_lamp_and_dark_at_its_rim() {
        let bubble = Bubble { middle: Point::new(50.0, 50.0), radius: 20.0 };
        let grey = |x: f32, y: f32| bubble.over(Point::new(x, y), [120; 3])[0];
        assert!(grey(42.0, 41.0) > 240 && grey(68.8, 50.0) < 100);
        assert_eq!(grey(75.0, 50.0), 120);
    }
}
