//! Re-encode: grey levels that wobble by one, as from a careless save. The control for every image corruption.

use image::RgbImage;

use crate::image::{Edited, each_image};
use crate::{
    Card, Change, Context, Grading, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus, Stream,
    Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "reencode",
    family: "sham",
    title: "Re-saved",
    imitates: "The same photograph saved once more: half of all values move by one grey level, which nobody can see.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "No clinical content changes; whatever moves the answer here is not content.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &["Definition: each 8-bit value stays (probability 1/2), rises or falls by one (1/4 each); PSNR 51 dB"],
};

/// The meaningless edit of a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reencode;

impl Perturbation for Reencode {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| {
            let pixels = wobble(&image.pixels, rng);
            Ok(Edited::in_place(image, pixels, [("step", 1.0)]))
        })
    }
}

impl Operator for Reencode {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

/// Values that share one draw of 64 bits: two bits each.
const PER_DRAW: usize = 32;

fn wobble(pixels: &RgbImage, mut rng: Stream) -> RgbImage {
    let mut out = pixels.clone();
    for values in out.chunks_mut(PER_DRAW) {
        let bits = rng.bits();
        let outcomes = (0..).step_by(2).map(|shift: u32| (bits >> shift) & 3);
        values.iter_mut().zip(outcomes).for_each(|(value, outcome)| *value = step(*value, outcome));
    }
    out
}

/// One of four equally likely outcomes: up, down, or twice nothing; at black and white the step goes inwards.
/// Without branches, because chance defeats their prediction.
fn step(value: u8, outcome: u64) -> u8 {
    let (up, down) = (outcome == 0, outcome == 1);
    let (black, white) = (value == 0, value == 255);
    value + u8::from((up & !white) | (down & black)) - u8::from((down & !black) | (up & white))
}

#[cfg(test)]
mod tests {
    use super::{step, wobble};
    use crate::Stream;
    use crate::image::tests::photo;

    #[test]
    fn black_and_white_step_inwards() {
        assert_eq!([0, 1, 2, 3].map(|outcome| step(0, outcome)), [1, 1, 0, 0]);
        assert_eq!([0, 1, 2, 3].map(|outcome| step(255, outcome)), [254, 254, 255, 255]);
        assert_eq!([0, 1, 2, 3].map(|outcome| step(9, outcome)), [10, 8, 9, 9]);
    }

    #[test]
    fn half_of_the_values_move_by_exactly_one() {
        let image = photo(100, 80, |x, y| [(x * 3) as u8, 0, (200 + y % 56) as u8]).pixels;
        let out = wobble(&image, Stream::derive(1, &[]));
        let moved = image.iter().zip(out.iter()).filter(|(a, b)| a != b).count() as f64 / image.len() as f64;
        assert!(image.iter().zip(out.iter()).all(|(a, b)| a.abs_diff(*b) <= 1));
        assert!((moved - 0.5).abs() < 0.02);
    }
}
