//! MedMNIST-C: the fifteen corruptions of its dermatology set at five severities.

mod corner;
mod enhance;
mod letters;

use image::RgbImage;

use super::imagenet_c::{Severity, noise, optics, pixels, zoom};
use crate::image::kernels::taps::once;
use crate::image::kernels::{Border, Rounding};
use crate::image::{Edited, each_image, needed_dose};
use crate::{
    Card, Change, Context, Graded, Grading, Image, Needs, Operator, Oracle, Parameter, Perturbation, Quantity, Range,
    Setting, SettingError, Stimulus, Stream, Takes, Target, Unfit, Unit,
};

/// The printed facts.
///
/// The severities were chosen at 224 × 224 and are in pixels whatever the resolution.
pub static CARD: Card = Card {
    id: "medmnist_c",
    family: "image/compat",
    title: "MedMNIST-C, dermatology",
    imitates: "The corruptions of a published benchmark for dermatoscopic pictures; for comparison with its figures.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::MeasureOnly,
    oracle_reason: "The severities were chosen for pictures of 224 pixels a side: whether a finding can still be read \
                    depends on the resolution.",
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
            doc: "Which of the fifteen.",
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
        "Di Salvo et al., 2024, arXiv 2406.17536, and the package medmnistc 0.1.0: definitions and severities (dermamnist)",
        "Changed: the radii of black_corner fall with the severity (the package lists 0.90 before 0.95, so that 4 is \
         worse than 5); here 0.95 comes first",
        "Changed: zoom_blur works on any shape (the package fails unless the picture is square)",
        "Characters are drawn with letters of our own at the size of the package's, not with OpenCV's Hershey font",
    ],
};

/// One corruption at one severity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MedmnistC {
    corruption: Corruption,
    severity: f64,
    angle: Option<f64>,
}

/// The fifteen; the first is the one whose severities are monotone on any picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Corruption {
    GaussianNoise,
    Pixelate,
    JpegCompression,
    SpeckleNoise,
    ImpulseNoise,
    ShotNoise,
    DefocusBlur,
    MotionBlur,
    ZoomBlur,
    BrightnessUp,
    BrightnessDown,
    ContrastUp,
    ContrastDown,
    BlackCorner,
    Characters,
}

impl Corruption {
    const ALL: [Self; 15] = [
        Self::GaussianNoise,
        Self::Pixelate,
        Self::JpegCompression,
        Self::SpeckleNoise,
        Self::ImpulseNoise,
        Self::ShotNoise,
        Self::DefocusBlur,
        Self::MotionBlur,
        Self::ZoomBlur,
        Self::BrightnessUp,
        Self::BrightnessDown,
        Self::ContrastUp,
        Self::ContrastDown,
        Self::BlackCorner,
        Self::Characters,
    ];

    /// Their names in the package, in the same order.
    const NAMES: [&'static str; 15] = [
        "gaussian_noise",
        "pixelate",
        "jpeg_compression",
        "speckle_noise",
        "impulse_noise",
        "shot_noise",
        "defocus_blur",
        "motion_blur",
        "zoom_blur",
        "brightness_up",
        "brightness_down",
        "contrast_up",
        "contrast_down",
        "black_corner",
        "characters",
    ];

    fn named(name: &str) -> Option<Self> {
        Self::NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name).map(|(_, corruption)| corruption)
    }
}

/// Radius in pixels and sigma of the softened rim of defocus.
const DISCS: [(isize, f64); 5] = [(4, 0.1), (5, 0.2), (6, 0.3), (7, 0.4), (8, 0.5)];

/// Radius and sigma of motion blur, in pixels.
const TRAILS: [(u32, f64); 5] = [(10, 5.0), (15, 5.0), (15, 8.0), (15, 12.0), (20, 15.0)];

/// Most words, most letters of a word, and the largest font scale.
const WORDS: [(usize, usize, f64); 5] = [(1, 6, 0.14), (2, 7, 0.15), (3, 8, 0.16), (4, 9, 0.17), (6, 10, 0.18)];

impl MedmnistC {
    fn corrupted(self, image: &Image, rng: &mut Stream) -> Result<Edited, Unfit> {
        let severity = Severity::nearest(self.severity);
        let written = ("severity", severity.of([1.0, 2.0, 3.0, 4.0, 5.0]));
        if self.corruption == Corruption::MotionBlur {
            let drawn = rng.between(-45.0, 45.0);
            let angle = self.angle.unwrap_or(drawn);
            let made = motion(&image.pixels, severity.of(TRAILS), angle);
            return Ok(Edited::in_place(image, made, [written, ("angle_degrees", angle)]));
        }
        let side = crate::image::shorter_side(&image.pixels);
        let made = self.pixels(&image.pixels, severity, rng);
        let made = made.ok_or(Unfit::TooSmall { side, least: self.smallest() })?;
        Ok(Edited::in_place(image, made, [written]))
    }

    /// The shorter side from which on every severity has something to work on.
    fn smallest(self) -> u32 {
        if self.corruption == Corruption::Characters { letters::SMALLEST } else { pixels::SMALLEST }
    }

    fn pixels(self, picture: &RgbImage, severity: Severity, rng: &mut Stream) -> Option<RgbImage> {
        Some(match self.corruption {
            Corruption::Pixelate => return pixels::pixelate(picture, severity.of([0.7, 0.5, 0.4, 0.3, 0.25])),
            Corruption::JpegCompression => pixels::jpeg(picture, severity.of([30, 20, 15, 10, 7])),
            Corruption::GaussianNoise => noise::gaussian(picture, severity.of([0.04, 0.08, 0.12, 0.18, 0.26]), rng),
            Corruption::SpeckleNoise => noise::speckle(picture, severity.of([0.05, 0.15, 0.2, 0.35, 0.45]), rng),
            Corruption::ImpulseNoise => noise::impulse(picture, severity.of([0.01, 0.03, 0.06, 0.09, 0.17]), rng),
            Corruption::ShotNoise => noise::shot(picture, severity.of([60.0, 25.0, 18.0, 10.0, 5.0]), rng),
            Corruption::DefocusBlur => optics::defocus(picture, severity.of(DISCS)),
            Corruption::MotionBlur => return None,
            Corruption::ZoomBlur => zoom::zoom(picture, severity.of(zoom::ZOOMS), zoom::Kept::Middle),
            Corruption::BrightnessUp => enhance::brightness(picture, severity.of([1.1, 1.2, 1.3, 1.4, 1.5])),
            Corruption::BrightnessDown => enhance::brightness(picture, severity.of([0.9, 0.8, 0.7, 0.6, 0.5])),
            Corruption::ContrastUp => enhance::contrast(picture, severity.of([1.1, 1.2, 1.3, 1.4, 1.6])),
            Corruption::ContrastDown => enhance::contrast(picture, severity.of([0.8, 0.7, 0.6, 0.5, 0.4])),
            Corruption::BlackCorner => corner::blacken(picture, severity.of([1.1, 1.05, 1.0, 0.95, 0.9])),
            Corruption::Characters => return letters::write(picture, severity.of(WORDS), rng),
        })
    }
}

/// `ImageMagick`'s motion blur, as the package calls it: the trail of `imagenet_c`, to the nearest grey level.
fn motion(picture: &RgbImage, (radius, sigma): (u32, f64), angle: f64) -> RgbImage {
    let trail = optics::trail(radius, sigma, angle, (u32::MAX, u32::MAX));
    once(picture, &trail, Border::Repeat, Rounding::Nearest)
}

impl Perturbation for MedmnistC {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| self.corrupted(image, &mut rng))
    }
}

impl Operator for MedmnistC {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let severity = Self::at_dose(needed_dose(setting, Self::CARD)?);
        let named = setting.text("corruption").and_then(Corruption::named);
        let corruption = named.ok_or_else(|| SettingError::at("corruption", "names none of the fifteen"))?;
        Ok(Self { corruption, angle: setting.number("angle"), ..severity })
    }
}

impl Graded for MedmnistC {
    fn at_dose(dose: f64) -> Self {
        Self { corruption: Corruption::GaussianNoise, severity: Self::range().nearest(dose), angle: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{Corruption, MedmnistC};
    use crate::contract::photograph;
    use crate::{Operator, Setting, Stream, squared_error};

    fn error(name: &str, severity: f64, (width, height): (u32, u32)) -> f64 {
        let image = photograph(width, height, 1);
        let setting = Setting { dose: Some(severity), ..Setting::default() }.with("corruption", name);
        let made = MedmnistC::make(&setting).unwrap();
        let edited = made.corrupted(&image, &mut Stream::derive(1, &[name])).unwrap();
        assert_eq!(edited.pixels.dimensions(), (width, height));
        squared_error(&edited.pixels, &image.pixels)
    }

    #[test]
    fn every_one_changes_a_photograph_at_every_severity_and_any_shape() {
        for size in [(224, 224), (60, 41), (100, 200)] {
            for name in Corruption::NAMES {
                assert!([1.0, 2.0, 3.0, 4.0, 5.0].iter().all(|s| error(name, *s, size) > 0.0), "{name} {size:?}");
            }
        }
    }

    #[test]
    fn the_black_corner_grows_with_the_severity() {
        let errors = [1.0, 2.0, 3.0, 4.0, 5.0].map(|severity| error("black_corner", severity, (224, 224)));
        assert!(errors.windows(2).all(|pair| pair[1] > pair[0]), "{errors:?}");
    }
}
