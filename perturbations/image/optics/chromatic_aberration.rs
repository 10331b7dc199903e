//! Chromatic aberration: a lens that magnifies red, green and blue differently.

use image::RgbImage;

use super::magnify::{Magnifier, PARTS};
use crate::image::light::half_diagonal;
use crate::image::{Edited, each_image, length_px, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "chromatic_aberration",
    family: "image/optics",
    title: "Colour fringes",
    imitates: "A clip-on lens or a cheap dermatoscope: red and blue rims along edges, the wider the further from the middle.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Rims of colour follow every edge outwards and are no finding; the middle stays as it is. Beyond the \
                    gradable level the three colours no longer show one lesion.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "shift",
        unit: Unit::ShorterSide,
        levels: [0.002, 0.006, 0.014, 0.03, 0.06],
        range: Range { mildest: 0.0005, severest: 0.1 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Cecchetto, arXiv 2002.03196 (colour planes that differ by a uniform scale); bilinear, border repeated",
        "Definition: in the corners red lies that share of the shorter side further out than green, blue as much further \
         in",
    ],
};

/// A shorter shift would move no value by a grey level.
const SMALLEST_SHIFT_PX: f64 = 0.1;

/// A shift of red and blue in the corners, in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ChromaticAberration {
    shift: f64,
}

impl Perturbation for ChromaticAberration {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let shift = length_px(&image.pixels, self.shift, SMALLEST_SHIFT_PX)?;
            let share = shift / half_diagonal(&image.pixels);
            let mut out = image.pixels.clone();
            magnify_channel(&image.pixels, 0, 1.0 + share, &mut out);
            magnify_channel(&image.pixels, 2, 1.0 / (1.0 + share), &mut out);
            Ok(Edited::in_place(image, out, [("corner_shift_px", shift), ("red_factor", 1.0 + share)]))
        })
    }
}

impl Operator for ChromaticAberration {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ChromaticAberration {
    fn at_dose(dose: f64) -> Self {
        Self { shift: Self::range().nearest(dose) }
    }
}

/// Takes one channel from the photograph magnified by that factor.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "64ths of a grey level, rounded")]
fn magnify_channel(source: &RgbImage, channel: usize, factor: f64, out: &mut RgbImage) {
    let stride = 3 * source.width() as usize;
    let mut magnifier = Magnifier::new(source, factor);
    let mut row = vec![0; stride];
    for (y, line) in out.chunks_exact_mut(stride.max(1)).enumerate() {
        magnifier.row(source, y, &mut row);
        let values = line.iter_mut().skip(channel).step_by(3).zip(row.iter().skip(channel).step_by(3));
        values.for_each(|(value, magnified)| *value = ((magnified + PARTS / 2) / PARTS) as u8);
    }
}

#[cfg(test)]
mod tests {
    use super::ChromaticAberration;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn red_moves_outwards_blue_inwards_and_green_not() {
        let edge = photo(401, 301, |x, _| [if x < 350 { 0 } else { 200 }; 3]);
        let mut stimulus = Stimulus { images: vec![edge], ..Stimulus::default() };
        ChromaticAberration::at_dose(0.02).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        // 6 px at 250 px from the middle are 3.6 px at 150 px.
        let first = |channel: usize| (0..401).find(|x| stimulus.images[0].pixels.get_pixel(*x, 150).0[channel] > 150);
        assert_eq!((first(0), first(1), first(2)), (Some(354), Some(350), Some(347)));
    }
}
