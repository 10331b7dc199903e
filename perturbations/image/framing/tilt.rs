//! Tilt: the camera looks at the skin from the side.

use super::warp::{Place, moved_box, place_of, warp};
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "tilt",
    family: "image/framing",
    title: "Seen from the side",
    imitates: "A camera that is not held square to the skin: one side of the scene is further away, lengths towards it \
               look shorter, and a round lesion looks oval.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Colours and structures stay and the eye allows for the angle. Beyond the gradable level symmetry, \
                    border and size can no longer be judged.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "angle",
        unit: Unit::Degrees,
        levels: [5.0, 12.0, 20.0, 30.0, 42.0],
        range: Range { mildest: 0.5, severest: 55.0 },
        monotone_in: Quantity::Displacement,
    },
    parameters: &[Parameter {
        name: "towards",
        doc: "Which way the far side lies, counted from the right towards the bottom; drawn when left out.",
        takes: Takes::Number { unit: Unit::Degrees, min: 0.0, max: 360.0 },
        required: false,
    }],
    references: &[
        "Maron et al., Eur J Cancer 155 (2021) 191, doi 10.1016/j.ejca.2021.06.047 (SAM-P): tilt",
        "Definition: a flat scene through a pinhole, the focal length twice the longer side (a close-up with the longer \
         lens of a phone), turned about the point in the middle, which keeps its place, and there areas keep their size; \
         bilinear; what comes into the frame is the picture mirrored at its border",
    ],
};

/// Focal length in longer sides.
const FOCAL: f64 = 2.0;

/// A camera at that angle from the upright onto the skin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tilt {
    angle: f64,
    towards: Option<f64>,
}

impl Tilt {
    fn tilted(self, image: &Image, towards: f64) -> Edited {
        let size = image.pixels.dimensions();
        let view = Pinhole::new(self.angle, towards, size);
        Edited {
            pixels: warp(&image.pixels, |y, places| view.row(y, places)),
            lesion: image.lesion.and_then(|lesion| moved_box(lesion, size, |x, y| view.forward(x, y))),
            parameters: named([("angle_degrees", towards), ("tilt_degrees", self.angle)]),
        }
    }
}

impl Perturbation for Tilt {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = rng.between(0.0, 360.0);
            Ok(self.tilted(image, self.towards.unwrap_or(drawn)))
        })
    }
}

impl Operator for Tilt {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let tilt = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { towards: setting.number("towards"), ..tilt })
    }
}

impl Graded for Tilt {
    fn at_dose(dose: f64) -> Self {
        Self { angle: Self::range().nearest(dose), towards: None }
    }
}

/// A tilted camera. Lengths are pixels from the middle of the frame; `along` points to the far side, `side` across it.
struct Pinhole {
    focal: f64,
    sine: f64,
    cosine: f64,
    /// What keeps areas in the middle: the camera is so much nearer.
    nearer: f64,
    along: (f64, f64),
    middle: (f64, f64),
}

impl Pinhole {
    fn new(angle: f64, towards: f64, (width, height): (u32, u32)) -> Self {
        let turn = |degrees: f64| degrees * core::f64::consts::PI / 180.0;
        let middle = |side: u32| (f64::from(side) - 1.0) / 2.0;
        Self {
            focal: FOCAL * f64::from(width.max(height)),
            sine: libm::sin(turn(angle)),
            cosine: libm::cos(turn(angle)),
            nearer: libm::cos(turn(angle)).sqrt(),
            along: (libm::cos(turn(towards)), libm::sin(turn(towards))),
            middle: (middle(width), middle(height)),
        }
    }

    /// Writes down what each pixel of a row of the new picture shows.
    ///
    /// A ray through (p, q) meets the scene at (p, q cos) √cos f / (f cos − p sin), counted along and across the tilt.
    fn row(&self, y: u32, places: &mut [Place]) {
        let (ax, ay) = self.along;
        let dy = f64::from(y) - self.middle.1;
        for (x, place) in (0_u32..).zip(places) {
            let dx = f64::from(x) - self.middle.0;
            let (p, q) = (dx * ax + dy * ay, dy * ax - dx * ay);
            let scale = self.nearer * self.focal / (self.focal * self.cosine - p * self.sine);
            let (along, side) = (p * scale, q * self.cosine * scale);
            *place = Place {
                x: place_of(self.middle.0 + along * ax - side * ay),
                y: place_of(self.middle.1 + along * ay + side * ax),
            };
        }
    }

    /// Where a point of the old picture is in the new one.
    fn forward(&self, x: f64, y: f64) -> (f64, f64) {
        let (ax, ay) = self.along;
        let (dx, dy) = (x - self.middle.0, y - self.middle.1);
        let (along, side) = ((dx * ax + dy * ay) / self.nearer, (dy * ax - dx * ay) / self.nearer);
        let scale = self.focal / (self.focal + along * self.sine);
        let (p, q) = (along * self.cosine * scale, side * scale);
        (self.middle.0 + p * ax - q * ay, self.middle.1 + p * ay + q * ax)
    }
}

#[cfg(test)]
mod tests {
    use super::{Pinhole, Tilt};
    use crate::image::framing::warp::Place;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Operator, Perturbation, Region, Setting, Stimulus, Stream};

    #[test]
    fn there_and_back_is_the_same_place() {
        let view = Pinhole::new(36.0, 250.0, (100, 80));
        let mut places = [Place::default(); 100];
        view.row(30, &mut places);
        for (x, place) in (0_u32..).zip(places) {
            let (column, row) = view.forward(f64::from(place.x) / 256.0, f64::from(place.y) / 256.0);
            assert!((column - f64::from(x)).abs() < 0.01 && (row - 30.0).abs() < 0.01);
        }
    }

    #[test]
    fn the_far_side_shrinks_and_the_near_side_grows() {
        let view = Pinhole::new(30.0, 0.0, (200, 200));
        let width = |x: f64| view.forward(x + 1.0, 99.5).0 - view.forward(x, 99.5).0;
        let height = |x: f64| view.forward(x, 100.0).1 - view.forward(x, 99.0).1;
        assert!(height(190.0) < height(99.5) && height(10.0) > height(99.5));
        assert!(width(190.0) < width(99.5) && width(10.0) > width(99.5));
        assert!((width(99.0) * height(99.5) - 1.0).abs() < 1e-3);
        assert!((width(99.0) / height(99.5) - libm::cos(core::f64::consts::PI / 6.0)).abs() < 1e-3);
    }

    #[test]
    fn a_round_lesion_gets_an_oval_box() {
        let lesion = Some(Region { x: 80, y: 80, w: 40, h: 40 });
        let image = Image { lesion, ..photo(200, 200, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let mut setting = Setting { dose: Some(50.0), ..Setting::default() };
        setting.arguments.insert("towards".into(), crate::Argument::Number(90.0));
        Tilt::make(&setting).unwrap().apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let seen = stimulus.images[0].lesion.unwrap();
        assert!((49..=51).contains(&seen.w) && (31..=33).contains(&seen.h), "{seen:?}");
    }

    #[test]
    fn all_levels_of_a_draw_tilt_the_same_way() {
        let towards = |angle: f64| {
            let mut stimulus =
                Stimulus { images: vec![photo(50, 40, |x, y| [(x * y) as u8; 3])], ..Stimulus::default() };
            let change = Tilt::at_dose(angle).apply(&mut stimulus, &mut Context::new(Stream::derive(7, &[]))).unwrap();
            let crate::Edit::Pixels { parameters, .. } = &change.edits[0] else { panic!("no pixel edit") };
            parameters["angle_degrees"].to_bits()
        };
        assert_eq!(towards(6.0), towards(50.0));
    }
}
