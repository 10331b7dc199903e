//! Contrast: grey levels drawn towards the photograph's mean, or away from it.

use image::RgbImage;

use super::{LIT_ENOUGH, table};
use crate::image::kernels::sums::channel_sums;
use crate::image::{each_image_through, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The levels flatten. A step may also ask for slopes above 1, which steepen and clip; harm grows with the distance
/// from 1 on either side, so a search takes one side.
pub static CARD: Card = Card {
    id: "contrast",
    family: "image/light",
    title: "Flat",
    imitates: "Haze on the lens, light from everywhere at once, or a viewer with contrast turned down: all turns flat.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Every edge keeps its place and its sign, so the finding stays while it can be seen. Faint redness \
                    and pigment go first: beyond the gradable level confidence may fall and urgency must not.",
    gradable_to: LIT_ENOUGH,
    grading: Grading::Graded {
        dose: "slope",
        unit: Unit::Number,
        levels: [0.8, 0.6, 0.4, 0.25, 0.12],
        range: Range { mildest: 3.0, severest: 0.02 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019 (ImageNet-C): slopes 0.4-0.05 around the mean of each channel",
        "Di Salvo et al., arXiv 2406.17536 (MedMNIST-C): slopes 0.8-0.4 and 1.1-1.6 for dermatoscopes",
        "Definition: out = mean + slope (in - mean) on stored grey levels, mean per channel, clipped, rounded once",
    ],
};

/// A slope around the mean of each channel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contrast {
    slope: f64,
}

impl Perturbation for Contrast {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image_through(stimulus, cx, |image| {
            let means = means(&image.pixels);
            let [red, green, blue] = means.map(|mean| 255.0 * mean);
            let tables = means.map(|mean| table(|value| mean + self.slope * (value - mean)));
            let parameters = [("slope", self.slope), ("mean_red", red), ("mean_green", green), ("mean_blue", blue)];
            (tables, parameters)
        })
    }
}

impl Operator for Contrast {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Contrast {
    fn at_dose(dose: f64) -> Self {
        Self { slope: Self::range().nearest(dose) }
    }
}

/// The mean of each channel, 0–1.
#[expect(clippy::cast_precision_loss, reason = "sums of bytes far below 2^52")]
fn means(pixels: &RgbImage) -> [f64; 3] {
    let count = 255.0 * f64::from(pixels.width()) * f64::from(pixels.height());
    channel_sums(pixels).map(|sum| sum as f64 / count)
}

#[cfg(test)]
mod tests {
    use super::{Contrast, means};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Perturbation, Stimulus, Stream};

    #[test]
    fn means_are_those_of_the_channels() {
        for (width, height) in [(1, 1), (7, 5), (300, 120)] {
            let image = photo(width, height, |x, y| [(x % 251) as u8, (y % 7) as u8, 255]);
            let mean = |channel: usize| {
                let sum: f64 = image.pixels.pixels().map(|pixel| f64::from(pixel.0[channel])).sum();
                sum / f64::from(width * height) / 255.0
            };
            let got = means(&image.pixels);
            assert!((0..3).all(|channel| (got[channel] - mean(channel)).abs() < 1e-12), "{width} x {height}");
        }
    }

    fn flattened(slope: f64) -> Vec<[u8; 3]> {
        let image = photo(3, 1, |x, _| [[100, 40, 10], [150, 40, 20], [200, 40, 250]][x as usize]);
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        Contrast::at_dose(slope).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        stimulus.images[0].pixels.pixels().map(|pixel| pixel.0).collect()
    }

    #[test]
    fn half_the_slope_halves_the_distance_from_the_mean() {
        // The means are 150, 40 and 93.33.
        assert_eq!(flattened(0.5), [[125, 40, 52], [150, 40, 57], [175, 40, 172]]);
    }

    #[test]
    fn a_steeper_slope_clips() {
        assert_eq!(flattened(3.0), [[0, 40, 0], [150, 40, 0], [255, 40, 255]]);
    }
}
