//! Banding: a flickering lamp and a shutter that reads the sensor row by row.

use crate::image::light::LightTables;
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Parameter,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Tone, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "banding",
    family: "image/sensor",
    title: "Flicker bands",
    imitates: "An LED or fluorescent lamp that flickers with the mains while a phone reads its sensor: dark bands.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Bands run straight across skin and background alike, so they belong to neither, and between them the \
                    finding is untouched. Where the dark ones hide the lesion another photograph is called for.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable {
            modality: Modality::ClinicalPhoto,
            tone: Some(Tone::Dark),
            to: Level::new(2),
            basis: Basis::Assumed,
        },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: Some(Tone::Dark), to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "depth",
        unit: Unit::Share,
        levels: [0.15, 0.35, 0.6, 0.8, 0.97],
        range: Range { mildest: 0.02, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[Parameter {
        name: "bands",
        doc: "How many dark bands the photograph's height holds; drawn between 3 and 8 when left out.",
        takes: Takes::Number { unit: Unit::Number, min: 1.0, max: 40.0 },
        required: false,
    }],
    references: &[
        "Definition: light in a row is multiplied by 1 - depth (1 + cos(2 pi (bands y / height + phase))) / 2, in linear \
         light (IEC 61966-2-1); lamps flicker at twice the mains frequency, 100 or 120 times a second",
        "IEEE 1789-2015: flicker of LED lamps, whose modulation reaches 100 %",
    ],
};

/// Bands that take that share of the light at their darkest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Banding {
    depth: f64,
    bands: Option<f64>,
}

impl Perturbation for Banding {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let tables = LightTables::multiplying(1.0 - self.depth, 1.0);
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = rng.between(3.0, 8.0);
            let (bands, phase) = (self.bands.unwrap_or(drawn), rng.uniform());
            let mut out = image.pixels.clone();
            let (stride, height) = (3 * out.width() as usize, f64::from(out.height()));
            for (y, line) in (0_u32..).zip(out.chunks_exact_mut(stride)) {
                let table = tables.at(self.light(bands * (f64::from(y) + 0.5) / height + phase));
                line.iter_mut().for_each(|value| *value = table[usize::from(*value)]);
            }
            Ok(Edited::in_place(image, out, [("depth", self.depth), ("bands", bands), ("phase", phase)]))
        })
    }
}

impl Banding {
    /// The share of light left after so many bands.
    #[expect(clippy::cast_possible_truncation, reason = "a share of light needs no more than an f32")]
    fn light(&self, along: f64) -> f32 {
        (1.0 - self.depth * (1.0 + libm::cos(2.0 * core::f64::consts::PI * along)) / 2.0) as f32
    }
}

impl Operator for Banding {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { bands: setting.number("bands"), ..Self::at_dose(needed_dose(setting, Self::CARD)?) })
    }
}

impl Graded for Banding {
    fn at_dose(dose: f64) -> Self {
        Self { depth: Self::range().nearest(dose), bands: None }
    }
}

#[cfg(test)]
mod tests {
    use super::Banding;
    use crate::image::light::to_light;
    use crate::image::tests::photo;
    use crate::{Argument, Context, Operator, Perturbation, Setting, Stimulus, Stream};

    #[test]
    fn there_are_as_many_bands_as_asked_for_and_as_deep() {
        let mut setting = Setting { dose: Some(0.75), ..Setting::default() };
        setting.arguments.insert("bands".into(), Argument::Number(4.0));
        let mut stimulus = Stimulus { images: vec![photo(2, 400, |_, _| [180; 3])], ..Stimulus::default() };
        let operator = Banding::make(&setting).unwrap();
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let values: Vec<u8> = stimulus.images[0].pixels.rows().map(|mut row| row.next().unwrap().0[0]).collect();
        let (low, high) = (*values.iter().min().unwrap(), *values.iter().max().unwrap());
        assert_eq!(high, 180);
        let ratio = to_light(f64::from(low) / 255.0) / to_light(f64::from(high) / 255.0);
        assert!((ratio - 0.25).abs() < 0.01, "{ratio}");
        let middle = low + (high - low) / 2;
        let falls = values.windows(2).filter(|pair| pair[0] >= middle && pair[1] < middle).count();
        assert!((3..=4).contains(&falls), "{falls}");
    }
}
