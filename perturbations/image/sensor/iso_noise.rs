//! High sensitivity: little light, amplified; fine grain from photons and electronics, and blotches of colour.

use image::RgbImage;

use super::{CLEAN_ENOUGH, each_row, large_enough};
use crate::image::grid::Grid;
use crate::image::light::{from_light, to_light};
use crate::image::noise_source::{NoiseSource, normal_quantiles, normal_table, words_for};
use crate::image::{Edited, each_image, nearest, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "iso_noise",
    family: "image/sensor",
    title: "High ISO",
    imitates: "A phone in a dark ward that raises its sensitivity: grain, and the coloured blotches its denoiser leaves.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Blotches change from shot to shot and are no finding. They hide weak redness, on dark skin first: \
                    beyond the gradable level confidence may fall and urgency must not.",
    gradable_to: CLEAN_ENOUGH,
    grading: Grading::Graded {
        dose: "gain",
        unit: Unit::Stops,
        levels: [2.5, 4.5, 6.5, 8.5, 10.0],
        range: Range { mildest: 0.0, severest: 12.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Foi et al., IEEE Trans. Image Processing 17 (2008) 1737, doi 10.1109/TIP.2008.2001399: raw noise has a variance \
         a x + b",
        "Definition: 4000 electrons at white at gain 0 (ISO 100), halved by each stop, 2 electrons of read noise, in \
         linear light (IEC 61966-2-1); 0.8 of it for each value alone, 0.6 as red and blue blotches of 1/150 of the \
         shorter side",
    ],
};

/// Noise of a sensor at that gain over its base sensitivity, in stops.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IsoNoise {
    gain: f64,
}

/// Electrons at white at gain 0, in a pixel of a phone.
const FULL_WELL: f64 = 4000.0;

/// Electrons of read noise.
const READ: f64 = 2.0;

/// Blotches in a shorter side.
const BLOTCHES: u32 = 150;

/// What fine grain and blotches have of the whole deviation; their squares sum to 1.
const FINE: f64 = 0.8;
const BLOTCHED: f64 = 0.6;

impl Perturbation for IsoNoise {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let electrons = FULL_WELL / libm::exp2(self.gain);
        let deviations = deviations(electrons);
        each_image(stimulus, cx, |image, rng| {
            large_enough(&image.pixels)?;
            let parameters = [("gain_stops", self.gain), ("electrons_at_white", electrons)];
            Ok(Edited::in_place(image, add_noise(&image.pixels, &deviations, &rng), parameters))
        })
    }
}

impl Operator for IsoNoise {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for IsoNoise {
    fn at_dose(dose: f64) -> Self {
        Self { gain: Self::range().nearest(dose) }
    }
}

/// The standard deviation at each grey level, in grey levels: half of what lies between one deviation of light more and
/// one less.
#[expect(clippy::cast_possible_truncation, reason = "grey levels need no more than an f32")]
fn deviations(electrons: f64) -> [f32; 256] {
    let mut table = [0.0; 256];
    for (value, slot) in (0_u8..=255).zip(&mut table) {
        let light = to_light(f64::from(value) / 255.0);
        let deviation = libm::sqrt(electrons * light + READ * READ) / electrons;
        let (more, less) = (from_light(light + deviation), from_light((light - deviation).max(0.0)));
        *slot = (255.0 * (more - less) / 2.0) as f32;
    }
    table
}

/// Fine noise is kept in these parts of a deviation.
const PARTS: f32 = 4096.0;

fn add_noise(source: &RgbImage, deviations: &[f32; 256], rng: &Stream) -> RgbImage {
    let fine = NoiseSource::new(&mut rng.fork("fine", 0));
    let table = normal_table(f64::from(PARTS) * FINE);
    let blotches = blotches(source, NoiseSource::new(&mut rng.fork("blotches", 0)));
    let mut out = source.clone();
    let (mut nodes, mut colours) = (Vec::new(), vec![[0.0; 2]; source.width() as usize]);
    each_row(&mut out, |y, line, drawn| {
        fine.fill(y * words_for(line.len()), &table, drawn);
        blotches.spread(usize::try_from(y).unwrap_or_default(), &mut nodes, &mut colours);
        let pixels = line.as_chunks_mut::<3>().0.iter_mut().zip(drawn.as_chunks::<3>().0);
        for ((pixel, fine), [red, blue]) in pixels.zip(&colours) {
            let shifts = [*red, -0.5 * (red + blue), *blue];
            for ((value, fine), shift) in pixel.iter_mut().zip(fine).zip(shifts) {
                let deviation = deviations[usize::from(*value)];
                *value = nearest(f32::from(*value) + deviation * (f32::from(*fine) / PARTS + shift));
            }
        }
    });
    out
}

/// Red and blue excess at each blotch, in deviations.
#[expect(clippy::cast_possible_truncation, reason = "noise needs no more than an f32")]
fn blotches(source: &RgbImage, noise: NoiseSource) -> Grid<2> {
    let quantiles = normal_quantiles();
    let cell = (shorter_side(source) / BLOTCHES).max(2) as usize;
    let mut number = 0;
    Grid::new(source.dimensions(), cell, |_, _| {
        let [red, blue, ..] = noise.lanes(number).map(|lane| quantiles[usize::from(lane >> 3)] * BLOTCHED);
        number += 1;
        [red as f32, blue as f32]
    })
}

#[cfg(test)]
mod tests {
    use super::{IsoNoise, deviations};
    use crate::Graded;
    use crate::image::sensor::tests::{after, moments};

    #[test]
    fn the_deviation_follows_the_grey_level() {
        let table = deviations(250.0);
        for grey in [40, 90, 160_u8] {
            let (mean, deviation) = moments(&after(&IsoNoise::at_dose(4.0), grey), grey);
            let wanted = f64::from(table[usize::from(grey)]);
            // Bilinear blotches have less variance between their nodes.
            assert!(mean.abs() < 1.0 && deviation < wanted && deviation > 0.8 * wanted, "{grey}: {mean} {deviation}");
        }
        assert!(table[200] < table[60]);
    }

    #[test]
    fn blotches_tie_neighbours_together() {
        let values = after(&IsoNoise::at_dose(5.0), 120);
        let apart = |value: u8| f64::from(value) - 120.0;
        let red: Vec<f64> = values.chunks(3).map(|pixel| apart(pixel[0])).collect();
        let together = red.windows(2).map(|pair| pair[0] * pair[1]).sum::<f64>();
        let alone = red.iter().map(|value| value * value).sum::<f64>();
        assert!(together / alone > 0.1 && together / alone < 0.5, "{}", together / alone);
    }
}
