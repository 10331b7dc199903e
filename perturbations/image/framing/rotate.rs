//! Rotate: the camera was not held level with the body.

use super::warp::{Affine, moved_box, warp};
use crate::image::{Edited, each_image, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Parameter, Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Takes, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "rotate",
    family: "image/framing",
    title: "Rotated",
    imitates: "A camera held askew, a limb photographed from another side, or a phone that forgot which way is up.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A lesion has no upright position; only corners of the surroundings leave the frame. Nothing that a \
                    clinician judges changes with the angle.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(5), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(5), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "angle",
        unit: Unit::Degrees,
        levels: [3.0, 8.0, 20.0, 45.0, 90.0],
        range: Range { mildest: 0.2, severest: 180.0 },
        monotone_in: Quantity::Displacement,
    },
    parameters: &[Parameter {
        name: "direction",
        doc: "The way the content turns; drawn when left out.",
        takes: Takes::Choice(&["clockwise", "counterclockwise"]),
        required: false,
    }],
    references: &[
        "Definition: about the middle of the frame, which keeps its size; bilinear; what comes into the frame at the \
         corners is the picture mirrored at its border",
        "Maron et al., Eur J Cancer 155 (2021) 191, doi 10.1016/j.ejca.2021.06.047 (SAM-P): rotation of dermoscopic \
         photographs",
    ],
};

/// A turn about the middle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rotate {
    angle: f64,
    clockwise: Option<bool>,
}

impl Rotate {
    fn turned(self, image: &Image, clockwise: bool) -> Edited {
        let degrees = if clockwise { self.angle } else { -self.angle };
        let (width, height) = image.pixels.dimensions();
        let turn = Turn::new(degrees, (width, height));
        let map = turn.map();
        Edited {
            pixels: warp(&image.pixels, |y, places| map.row(y, places)),
            lesion: image.lesion.and_then(|lesion| moved_box(lesion, (width, height), |x, y| turn.forward(x, y))),
            parameters: named([("clockwise_degrees", degrees)]),
        }
    }
}

impl Perturbation for Rotate {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, mut rng| {
            let drawn = rng.sign() > 0.0;
            Ok(self.turned(image, self.clockwise.unwrap_or(drawn)))
        })
    }
}

impl Operator for Rotate {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        let rotate = Self::at_dose(needed_dose(setting, Self::CARD)?);
        Ok(Self { clockwise: setting.text("direction").map(|way| way == "clockwise"), ..rotate })
    }
}

impl Graded for Rotate {
    fn at_dose(dose: f64) -> Self {
        Self { angle: Self::range().nearest(dose), clockwise: None }
    }
}

/// Sine and cosine of the turn, and the middle that stays.
struct Turn {
    sine: f64,
    cosine: f64,
    middle: (f64, f64),
}

impl Turn {
    fn new(degrees: f64, (width, height): (u32, u32)) -> Self {
        let angle = degrees * core::f64::consts::PI / 180.0;
        let middle = |side: u32| (f64::from(side) - 1.0) / 2.0;
        Self { sine: libm::sin(angle), cosine: libm::cos(angle), middle: (middle(width), middle(height)) }
    }

    /// What each pixel of the new picture shows.
    fn map(&self) -> Affine {
        let (x, y) = self.middle;
        Affine {
            origin: (x - self.cosine * x - self.sine * y, y + self.sine * x - self.cosine * y),
            across: (self.cosine, -self.sine),
            down: (self.sine, self.cosine),
        }
    }

    /// Where a point of the old picture is in the new one.
    fn forward(&self, x: f64, y: f64) -> (f64, f64) {
        let (dx, dy) = (x - self.middle.0, y - self.middle.1);
        let turned = (self.cosine * dx - self.sine * dy, self.sine * dx + self.cosine * dy);
        (self.middle.0 + turned.0, self.middle.1 + turned.1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rotate, Turn};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Operator, Perturbation, Region, Setting, Stimulus, Stream};
    use image::Rgb;
    use image::imageops::{rotate90, rotate180};
    use imageproc::geometric_transformations::{Border, Interpolation, rotate_about_center};

    fn turned(image: Image, angle: f64, way: &str) -> Image {
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let setting = Setting { dose: Some(angle), ..Setting::default() }.with("direction", way);
        let rotate = Rotate::make(&setting).unwrap();
        rotate.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        stimulus.images.remove(0)
    }

    fn textured(width: u32, height: u32) -> Image {
        let lesion = Some(Region { x: 4, y: 6, w: 8, h: 4 });
        Image { lesion, ..photo(width, height, |x, y| [(x * 37) as u8, (y * 91) as u8, (x * y) as u8]) }
    }

    #[test]
    fn quarter_and_half_turns_are_exact() {
        for side in [30, 31] {
            let square = textured(side, side);
            assert_eq!(turned(square.clone(), 90.0, "clockwise").pixels, rotate90(&square.pixels));
            assert_eq!(turned(square.clone(), 180.0, "counterclockwise").pixels, rotate180(&square.pixels));
        }
    }

    #[test]
    fn the_box_turns_with_the_picture() {
        let square = textured(30, 30);
        assert_eq!(turned(square.clone(), 90.0, "clockwise").lesion, Some(Region { x: 20, y: 4, w: 4, h: 8 }));
        assert_eq!(turned(square, 90.0, "counterclockwise").lesion, Some(Region { x: 6, y: 18, w: 4, h: 8 }));
    }

    #[test]
    fn there_and_back_is_the_same_place() {
        let turn = Turn::new(37.0, (640, 480));
        let map = turn.map();
        let (x, y) = turn.forward(100.0, 50.0);
        let back = |origin: f64, across: f64, down: f64| origin + x * across + y * down;
        assert!((back(map.origin.0, map.across.0, map.down.0) - 100.0).abs() < 1e-9);
        assert!((back(map.origin.1, map.across.1, map.down.1) - 50.0).abs() < 1e-9);
    }

    #[test]
    fn five_degrees_agree_with_an_independent_bilinear_rotation() {
        let soft = photo(120, 90, |x, y| [(x * 2) as u8, (y * 2) as u8, ((x + y) % 200) as u8]);
        let border = Border::Constant(Rgb([0; 3]));
        let theirs = rotate_about_center(&soft.pixels, 5.0_f32.to_radians(), Interpolation::Bilinear, border);
        let ours = turned(soft, 5.0, "clockwise").pixels;
        let mut middle = (20..100).flat_map(|x| (20..70).map(move |y| (x, y)));
        // The two take the middle half a pixel apart, which is a grey level or two on these ramps.
        assert!(middle.all(|(x, y)| {
            let pairs = ours.get_pixel(x, y).0.into_iter().zip(theirs.get_pixel(x, y).0);
            pairs.map(|(a, b)| a.abs_diff(b)).max() <= Some(2)
        }));
    }

    #[test]
    fn all_levels_of_a_draw_turn_the_same_way() {
        let way = |angle: f64| {
            let mut stimulus = Stimulus { images: vec![textured(40, 40)], ..Stimulus::default() };
            let cx = &mut Context::new(Stream::derive(7, &["turn"]));
            let change = Rotate::at_dose(angle).apply(&mut stimulus, cx).unwrap();
            let crate::Edit::Pixels { parameters, .. } = &change.edits[0] else { panic!("no pixel edit") };
            parameters["clockwise_degrees"] > 0.0
        };
        assert!([3.0, 8.0, 90.0].map(way).windows(2).all(|pair| pair[0] == pair[1]));
    }
}
