//! ImageNet-C: nineteen corruptions at five severities, as the package `imagecorruptions` makes them.

mod colour;
mod field;
mod fog;
mod frost;
mod glass;
mod liquid;
pub(super) mod noise;
pub(super) mod optics;
pub(super) mod pixels;
mod snow;
mod spatter;
mod warp;
pub(super) mod zoom;

use image::RgbImage;

use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The severities are the authors', in pixels whatever the resolution; `REFERENCE_SETS.md` prints the order that was measured.
pub static CARD: Card = Card {
    id: "imagenet_c",
    family: "image/compat",
    title: "ImageNet-C",
    imitates: "The corruptions of the benchmark that most robustness figures in the literature come from; for comparison \
               with those, not as a likeness of clinical photographs.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::MeasureOnly,
    oracle_reason: "The severities are in pixels and intensities that were not chosen for clinical photographs: whether \
                    a finding can still be read depends on the resolution.",
    gradable_to: &[],
    grading: Grading::Graded {
        dose: "severity",
        unit: Unit::Number,
        levels: [1.0, 2.0, 3.0, 4.0, 5.0],
        range: Range { mildest: 1.0, severest: 5.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[
        Parameter {
            name: "corruption",
            doc: "Which of the nineteen.",
            takes: Takes::Choice(&Corruption::NAMES),
            required: true,
        },
        Parameter {
            name: "angle",
            doc: "The angle of motion_blur; drawn from the reference's range when left out. Others ignore it.",
            takes: Takes::Number { unit: Unit::Degrees, min: -45.0, max: 45.0 },
            required: false,
        },
    ],
    references: &[
        "Hendrycks and Dietterich, ICLR 2019, arXiv 1903.12261: definitions and severities",
        "Michaelis et al., 2019, arXiv 1907.07484: the package imagecorruptions 1.1.2, any image size; its cut-off \
         fractions, top-left zoom and motion kernel are kept",
        "Glass blur copies a neighbour (as the package does on colour images) and does not exchange",
        "Frost is drawn, not cut from the package's photographs, with their colours in the mean",
    ],
};

/// One corruption at one severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ImagenetC {
    corruption: Corruption,
    severity: f64,
    angle: Option<f64>,
}

/// The nineteen, in the order of the package; the last four are the held-out ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Corruption {
    GaussianNoise,
    ShotNoise,
    ImpulseNoise,
    DefocusBlur,
    GlassBlur,
    MotionBlur,
    ZoomBlur,
    Snow,
    Frost,
    Fog,
    Brightness,
    Contrast,
    ElasticTransform,
    Pixelate,
    JpegCompression,
    SpeckleNoise,
    GaussianBlur,
    Spatter,
    Saturate,
}

impl Corruption {
    const ALL: [Self; 19] = [
        Self::GaussianNoise,
        Self::ShotNoise,
        Self::ImpulseNoise,
        Self::DefocusBlur,
        Self::GlassBlur,
        Self::MotionBlur,
        Self::ZoomBlur,
        Self::Snow,
        Self::Frost,
        Self::Fog,
        Self::Brightness,
        Self::Contrast,
        Self::ElasticTransform,
        Self::Pixelate,
        Self::JpegCompression,
        Self::SpeckleNoise,
        Self::GaussianBlur,
        Self::Spatter,
        Self::Saturate,
    ];

    /// Their names in the package, in the same order.
    const NAMES: [&'static str; 19] = [
        "gaussian_noise",
        "shot_noise",
        "impulse_noise",
        "defocus_blur",
        "glass_blur",
        "motion_blur",
        "zoom_blur",
        "snow",
        "frost",
        "fog",
        "brightness",
        "contrast",
        "elastic_transform",
        "pixelate",
        "jpeg_compression",
        "speckle_noise",
        "gaussian_blur",
        "spatter",
        "saturate",
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name).map(|(_, corruption)| corruption)
    }
}

/// Radius in pixels and sigma of the softened rim of defocus.
const DISCS: [(isize, f64); 5] = [(3, 0.1), (4, 0.5), (6, 0.5), (8, 0.5), (10, 0.5)];

/// How severe, as a place in the lists of the reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Severity(usize);

impl Severity {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 5")]
    pub(super) fn nearest(number: f64) -> Self {
        Self(libm::round(number.clamp(1.0, 5.0)) as usize - 1)
    }

    /// The entry of a list of five.
    pub(super) fn of<T: Copy>(self, list: [T; 5]) -> T {
        let [a, b, c, d, e] = list;
        match self.0 {
            0 => a,
            1 => b,
            2 => c,
            3 => d,
            _ => e,
        }
    }
}

impl ImagenetC {
    fn corrupted(self, image: &Image, rng: &mut Stream) -> Result<Edited, Unfit> {
        let severity = Severity::nearest(self.severity);
        let written = ("severity", severity.of([1.0, 2.0, 3.0, 4.0, 5.0]));
        if self.corruption == Corruption::MotionBlur {
            let drawn = rng.between(-45.0, 45.0);
            let angle = self.angle.unwrap_or(drawn);
            let pixels = optics::motion(&image.pixels, severity, angle);
            return Ok(Edited::in_place(image, pixels, [written, ("angle_degrees", angle)]));
        }
        let pixels = self
            .pixels(&image.pixels, severity, rng)
            .ok_or(Unfit::TooSmall { side: crate::image::shorter_side(&image.pixels), least: pixels::SMALLEST })?;
        Ok(Edited::in_place(image, pixels, [written]))
    }

    fn pixels(self, pixels: &RgbImage, severity: Severity, rng: &mut Stream) -> Option<RgbImage> {
        Some(match self.corruption {
            Corruption::GaussianNoise => noise::gaussian(pixels, severity.of([0.08, 0.12, 0.18, 0.26, 0.38]), rng),
            Corruption::ShotNoise => noise::shot(pixels, severity.of([60.0, 25.0, 12.0, 5.0, 3.0]), rng),
            Corruption::ImpulseNoise => noise::impulse(pixels, severity.of([0.03, 0.06, 0.09, 0.17, 0.27]), rng),
            Corruption::SpeckleNoise => noise::speckle(pixels, severity.of([0.15, 0.2, 0.35, 0.45, 0.6]), rng),
            Corruption::DefocusBlur => optics::defocus(pixels, severity.of(DISCS)),
            Corruption::GaussianBlur => optics::gaussian(pixels, severity),
            Corruption::ZoomBlur => zoom::zoom(pixels, severity.of(zoom::ZOOMS), zoom::Kept::UpperLeft),
            Corruption::GlassBlur => glass::glass(pixels, severity, rng),
            Corruption::MotionBlur => return None,
            Corruption::Snow => snow::snow(pixels, severity, rng),
            Corruption::Frost => frost::frost(pixels, severity, rng),
            Corruption::Fog => fog::fog(pixels, severity, rng),
            Corruption::Spatter => spatter::spatter(pixels, severity, rng),
            Corruption::Brightness => colour::brightness(pixels, severity),
            Corruption::Contrast => colour::contrast(pixels, severity),
            Corruption::Saturate => colour::saturate(pixels, severity),
            Corruption::ElasticTransform => warp::elastic(pixels, severity, rng),
            Corruption::Pixelate => return pixels::pixelate(pixels, severity.of([0.6, 0.5, 0.4, 0.3, 0.25])),
            Corruption::JpegCompression => pixels::jpeg(pixels, severity.of([25, 18, 15, 10, 7])),
        })
    }
}

impl Perturbation for ImagenetC {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| self.corrupted(image, &mut rng))
    }
}

impl Operator for ImagenetC {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let severity = Self::at_dose(needed_dose(setting, Self::CARD)?);
        let named = setting.text("corruption").and_then(Corruption::named);
        let corruption = named.ok_or_else(|| SettingError::at("corruption", "names none of the nineteen"))?;
        Ok(Self { corruption, angle: setting.number("angle"), ..severity })
    }
}

impl Graded for ImagenetC {
    fn at_dose(dose: f64) -> Self {
        Self { corruption: Corruption::GaussianNoise, severity: Self::range().nearest(dose), angle: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Corruption, ImagenetC, Severity};
    use crate::contract::photograph;
    use crate::{Operator, Setting, Stream, squared_error};

    #[test]
    fn the_names_are_those_of_the_nineteen() {
        for (name, corruption) in Corruption::NAMES.iter().zip(Corruption::ALL) {
            let snake: String = format!("{corruption:?}")
                .chars()
                .enumerate()
                .map(|(i, c)| if c.is_uppercase() && i > 0 { format!("_{c}") } else { c.to_string() })
                .collect();
            assert_eq!(snake.to_lowercase(), *name);
        }
    }

    #[test]
    fn every_one_changes_a_photograph_at_every_severity_and_any_shape() {
        for (width, height) in [(96, 64), (31, 31), (50, 120)] {
            let image = photograph(width, height, 1);
            for name in Corruption::NAMES {
                for severity in [1.0, 2.0, 3.0, 4.0, 5.0] {
                    let setting = Setting { dose: Some(severity), ..Setting::default() }.with("corruption", name);
                    let made = ImagenetC::make(&setting).unwrap();
                    let edited = made.corrupted(&image, &mut Stream::derive(1, &[name])).unwrap();
                    assert_eq!(edited.pixels.dimensions(), (width, height));
                    assert!(squared_error(&edited.pixels, &image.pixels) > 0.0, "{name} {severity} {width}");
                }
            }
        }
    }

    #[test]
    fn severities_are_places_in_a_list() {
        assert_eq!([0.0, 1.0, 2.4, 5.0, 9.0].map(|s| Severity::nearest(s).of([1, 2, 3, 4, 5])), [1, 1, 2, 5, 5]);
    }
}
