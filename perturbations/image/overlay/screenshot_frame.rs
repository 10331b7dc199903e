//! Screenshot frame: the picture as a photograph viewer shows it on a screen.

use image::RgbImage;

use super::{lay, one_of};
use crate::image::draw::{Frame, Line, Mask, Pen, Point, mix, paint, px, smooth, width};
use crate::image::resample::shrink;
use crate::image::{Edited, each_image, named, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Region, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "screenshot_frame",
    family: "image/overlay",
    title: "Screenshot of a viewer",
    imitates: "A screenshot of the photograph, dermatoscopic or not, in a phone's viewer is sent instead of the photograph.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "The bars around the picture are the phone's; the whole photograph is still there, only smaller.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "frame",
        unit: Unit::Share,
        levels: [0.2, 0.32, 0.44, 0.56, 0.68],
        range: Range { mildest: 0.08, severest: 0.9 },
        monotone_in: Quantity::LesionLost,
    },
    parameters: &[],
    references: &[
        "DICOM PS3.3, A.8 (Secondary Capture): pictures taken of a screen, which say so; a screenshot does not",
        "Definition: the photograph, shrunk by area averages to one minus that share of its area, lies in the middle of \
         a dark or light screen of the old size (drawn), between a bar with time, signal and battery, a title, and a row \
         of buttons; what the lesion loses is its size in pixels",
    ],
};

/// A photograph that leaves some share of the screen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreenshotFrame {
    frame: f64,
}

/// Where things are on the screen.
struct Screen {
    size: (u32, u32),
    /// The photograph's place: left, top, width, height.
    photo: Region,
    ground: [u8; 3],
    ink: [u8; 3],
}

impl ScreenshotFrame {
    fn shoot(self, image: &Image, mut rng: Stream) -> Result<Edited, Unfit> {
        let side = shorter_side(&image.pixels);
        let photo = self.place(image.pixels.dimensions());
        // Bars lower than eight pixels hold nothing that could be seen.
        if photo.h + 8 > image.pixels.height() || photo.w == 0 {
            return Err(Unfit::TooSmall { side, least: least(self.frame) });
        }
        let (ground, ink) = if rng.chance(0.6) { ([14, 14, 16], [236; 3]) } else { ([247, 247, 249], [32, 32, 36]) };
        let screen = Screen { size: image.pixels.dimensions(), photo, ground, ink };
        let pixels = screen.show(&image.pixels, &mut rng);
        let lesion = image.lesion.map(|lesion| moved(lesion, screen.size, photo));
        let parameters = named([("photo_width_px", f64::from(photo.w)), ("photo_height_px", f64::from(photo.h))]);
        Ok(Edited { pixels, lesion, parameters })
    }

    /// The photograph's place; a little above the middle is left for the title, a little below for the buttons.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
    fn place(self, (width, height): (u32, u32)) -> Region {
        let scale = libm::sqrt(1.0 - self.frame);
        let shrunk = |length: u32| libm::round(f64::from(length) * scale) as u32;
        let (w, h) = (shrunk(width), shrunk(height));
        Region { x: (width - w) / 2, y: (height - h) * 11 / 20, w, h }
    }
}

/// The shorter side from which on the bars have eight pixels.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small positive number")]
fn least(frame: f64) -> u32 {
    libm::ceil(8.5 / (1.0 - libm::sqrt(1.0 - frame))) as u32
}

/// A box in the photograph as it lies on the screen.
fn moved(lesion: Region, (width, height): (u32, u32), photo: Region) -> Region {
    let along = |at: u32, length: u32, whole: u32, shrunk: u32| {
        let scaled = |value: u32| u64::from(value) * u64::from(shrunk) / u64::from(whole.max(1));
        let size = (u64::from(length) * u64::from(shrunk) / u64::from(whole.max(1))).max(1);
        let start = scaled(at).min(u64::from(shrunk).saturating_sub(size));
        (u32::try_from(start).unwrap_or(0), u32::try_from(size).unwrap_or(1))
    };
    let ((x, w), (y, h)) = (along(lesion.x, lesion.w, width, photo.w), along(lesion.y, lesion.h, height, photo.h));
    Region { x: photo.x + x, y: photo.y + y, w, h }
}

impl Screen {
    fn show(&self, photo: &RgbImage, rng: &mut Stream) -> RgbImage {
        let mut pixels = RgbImage::from_pixel(self.size.0, self.size.1, image::Rgb(self.ground));
        let small = shrink(photo, self.photo.w, self.photo.h);
        image::imageops::replace(&mut pixels, &small, i64::from(self.photo.x), i64::from(self.photo.y));
        let above = px(f64::from(self.photo.y));
        let below = px(f64::from(self.size.1 - self.photo.y - self.photo.h));
        self.status(&mut pixels, above, rng);
        self.buttons(&mut pixels, below);
        pixels
    }

    /// Time, signal and battery; below them the way back and the file's name.
    fn status(&self, pixels: &mut RgbImage, above: f32, rng: &mut Stream) {
        let frame = Frame::of(pixels);
        let (hour, minute, file) = (rng.index(24), rng.index(60), rng.index(9000) + 1000);
        let time = format!("{hour:02}:{minute:02}");
        let name = format!("{}{file}{}", one_of(&["IMG_", "DSC_", "Photo "], rng), one_of(&[".JPG", "", ".HEIC"], rng));
        let (small, large) = (0.15 * above, 0.2 * above);
        let left = 0.5 * above;
        let clock = Line::level(Point::new(left, 0.34 * above), small);
        let title = Line::level(Point::new(0.5 * (frame.width - width(&name) * large), 0.8 * above), large);
        lay(pixels, [(clock, time.as_str()), (title, name.as_str())].into_iter(), self.ink, 255);
        let mut mask = Mask::new(pixels.dimensions());
        let at = |x: f32, y: f32| Point::new(x, y);
        let (middle, tip) = (0.7 * above, left);
        let chevron = [
            at(tip + 0.12 * above, middle - 0.13 * above),
            at(tip, middle),
            at(tip + 0.12 * above, middle + 0.13 * above),
        ];
        Pen::even(0.02 * above).draw(&mut mask, &chevron);
        self.battery(&mut mask, frame.width - left, 0.34 * above, small);
        paint(pixels, &mask, |_, under, cover| mix(under, self.ink, cover));
    }

    /// Four bars of signal and a battery that ends at that place on the right.
    fn battery(&self, mask: &mut Mask, right: f32, base: f32, height: f32) {
        let at = |x: f32, y: f32| Point::new(right - x * height, base - y * height);
        let pen = Pen::even(0.06 * height);
        pen.draw(mask, &[at(0.2, 0.1), at(2.0, 0.1), at(2.0, 0.95), at(0.2, 0.95), at(0.2, 0.1)]);
        pen.draw(mask, &[at(0.0, 0.4), at(0.0, 0.65)]);
        Pen::even(0.26 * height).draw(mask, &[at(0.9, 0.52), at(1.66, 0.52)]);
        for (bar, tall) in [(3.9, 0.3), (3.5, 0.52), (3.1, 0.74), (2.7, 0.95)] {
            Pen::even(0.12 * height).draw(mask, &[at(bar, 0.12), at(bar, tall)]);
        }
    }

    /// Share, like, information, delete.
    fn buttons(&self, pixels: &mut RgbImage, below: f32) {
        let frame = Frame::of(pixels);
        let mut mask = Mask::new(pixels.dimensions());
        let (unit, row) = (0.22 * below, frame.height - 0.5 * below);
        let pen = Pen::even(0.09 * unit);
        for (icon, place) in ICONS.iter().zip([0.14, 0.38, 0.62, 0.86]) {
            for (round, path) in *icon {
                let path: Vec<Point> =
                    path.iter().map(|(x, y)| Point::new(place * frame.width + x * unit, row + y * unit)).collect();
                pen.draw(&mut mask, &if *round { smooth(&path) } else { path });
            }
        }
        paint(pixels, &mask, |_, under, cover| mix(under, self.ink, cover));
    }
}

/// A stroke of an icon: whether its corners are rounded, and its points between −1 and 1.
type Stroke = (bool, &'static [(f32, f32)]);

const ICONS: [&[Stroke]; 4] = [
    &[
        (false, &[(-0.4, -0.3), (-0.7, -0.3), (-0.7, 1.0), (0.7, 1.0), (0.7, -0.3), (0.4, -0.3)]),
        (false, &[(0.0, 0.4), (0.0, -1.0)]),
        (false, &[(-0.35, -0.65), (0.0, -1.0), (0.35, -0.65)]),
    ],
    &[(
        true,
        &[
            (0.0, 1.0),
            (-1.0, 0.1),
            (-1.1, -1.1),
            (-0.2, -1.1),
            (0.0, -0.4),
            (0.2, -1.1),
            (1.1, -1.1),
            (1.0, 0.1),
            (0.0, 1.0),
        ],
    )],
    &[
        (true, &[(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (-1.0, -1.0)]),
        (false, &[(0.0, -0.1), (0.0, 0.5)]),
        (false, &[(0.0, -0.5), (0.0, -0.5)]),
    ],
    &[
        (false, &[(-0.85, -0.7), (0.85, -0.7)]),
        (false, &[(-0.3, -0.7), (-0.3, -1.0), (0.3, -1.0), (0.3, -0.7)]),
        (false, &[(-0.65, -0.7), (-0.55, 1.0), (0.55, 1.0), (0.65, -0.7)]),
        (false, &[(0.0, -0.3), (0.0, 0.6)]),
    ],
];

impl Perturbation for ScreenshotFrame {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.shoot(image, rng))
    }
}

impl Operator for ScreenshotFrame {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ScreenshotFrame {
    fn at_dose(dose: f64) -> Self {
        Self { frame: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ScreenshotFrame, moved};
    use crate::image::occlusion::tests::at_level;
    use crate::image::tests::photo;
    use crate::{Image, Region, Unfit};
    use proptest::prelude::*;

    #[test]
    fn the_photograph_takes_the_stated_share_and_the_size_stays() {
        let image =
            Image { lesion: Some(Region { x: 80, y: 60, w: 160, h: 120 }), ..photo(320, 240, |_, _| [180, 60, 40]) };
        for (level, frame) in [(1, 0.2), (3, 0.44), (5, 0.68)] {
            let shot = at_level::<ScreenshotFrame>(&image, level, 1).unwrap();
            assert_eq!(shot.pixels.dimensions(), (320, 240));
            let left = shot.pixels.pixels().filter(|pixel| pixel.0 == [180, 60, 40]).count() as f64 / 76_800.0;
            assert!((left - (1.0 - frame)).abs() < 0.01, "{left}");
            let lesion = shot.lesion.unwrap();
            assert!((lesion.area() as f64 / 19_200.0 - (1.0 - frame)).abs() < 0.02);
            assert_eq!(shot.pixels.get_pixel(lesion.x, lesion.y).0, [180, 60, 40]);
        }
    }

    #[test]
    fn bars_without_room_are_unfit() {
        let tiny = photo(31, 31, |x, y| [(x * y) as u8; 3]);
        assert!(matches!(at_level::<ScreenshotFrame>(&tiny, 1, 1), Err(Unfit::TooSmall { side: 31, .. })));
    }

    proptest! {
        #[test]
        fn the_box_stays_in_the_photograph(x in 0_u32..90, y in 0_u32..60, w in 1_u32..10, h in 1_u32..10, by in 1_u32..9) {
            let place = Region { x: 3, y: 4, w: 100 * by / 10, h: 70 * by / 10 };
            let lesion = moved(Region { x, y, w, h }, (100, 70), place);
            prop_assert!(lesion.x >= 3 && lesion.y >= 4 && lesion.x + lesion.w <= 3 + place.w && lesion.y + lesion.h <= 4 + place.h);
        }
    }
}
