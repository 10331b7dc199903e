//! Mirror: left and right are exchanged, as by a front camera or a scanned print.

use image::{RgbImage, imageops};

use crate::image::{Edited, each_image, named};
use crate::{
    Card, Change, Context, Grading, Image, Needs, Operator, Oracle, Parameter, Perturbation, Region, Setting,
    SettingError, Stimulus, Takes, Target, Unfit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "mirror",
    family: "image/framing",
    title: "Mirrored",
    imitates: "A picture taken with a front camera, in a mirror, or scanned from the wrong side: left and right are \
               exchanged.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "No disease knows left from right in its looks: the diagnosis stays. The side of the body does not: a \
                    side that the model states should be exchanged, and one that the history states be doubted.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[Parameter {
        name: "axis",
        doc: "What is exchanged: left and right (the default) or top and bottom.",
        takes: Takes::Choice(&["left-right", "top-bottom"]),
        required: false,
    }],
    references: &[
        "Seiden and Barach, Arch Surg 141 (2006) 931, doi 10.1001/archsurg.141.9.931: procedures on the wrong side",
        "Definition: column x becomes column width - 1 - x (row y becomes row height - 1 - y); no pixel is lost",
    ],
};

/// A mirrored photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mirror {
    upside_down: bool,
}

impl Mirror {
    fn mirrored(self, image: &Image) -> Edited {
        Edited {
            pixels: if self.upside_down { imageops::flip_vertical(&image.pixels) } else { flipped(&image.pixels) },
            lesion: image.lesion.map(|lesion| self.region(lesion, image.pixels.dimensions())),
            parameters: named([("upside_down", f64::from(self.upside_down))]),
        }
    }

    fn region(self, lesion: Region, (width, height): (u32, u32)) -> Region {
        let from_end = |at: u32, length: u32, side: u32| side.saturating_sub(at.saturating_add(length));
        if self.upside_down {
            Region { y: from_end(lesion.y, lesion.h, height), ..lesion }
        } else {
            Region { x: from_end(lesion.x, lesion.w, width), ..lesion }
        }
    }
}

impl Perturbation for Mirror {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| Ok(self.mirrored(image)))
    }
}

impl Operator for Mirror {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self { upside_down: setting.text("axis") == Some("top-bottom") })
    }
}

/// Every row from its end.
fn flipped(pixels: &RgbImage) -> RgbImage {
    let mut out = pixels.clone();
    for row in out.chunks_exact_mut((pixels.width() as usize * 3).max(1)) {
        row.as_chunks_mut::<3>().0.reverse();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::Mirror;
    use crate::image::tests::photo;
    use crate::{Context, Image, Operator, Perturbation, Region, Setting, Stimulus, Stream};

    fn mirrored(axis: &str) -> Image {
        let lesion = Some(Region { x: 1, y: 2, w: 3, h: 4 });
        let image = Image { lesion, ..photo(10, 8, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let mirror = Mirror::make(&Setting::default().with("axis", axis)).unwrap();
        mirror.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        stimulus.images.remove(0)
    }

    #[test]
    fn left_becomes_right_and_the_box_goes_along() {
        let image = mirrored("left-right");
        assert!(image.pixels.enumerate_pixels().all(|(x, y, pixel)| pixel.0 == [9 - x as u8, y as u8, 9]));
        assert_eq!(image.lesion, Some(Region { x: 6, y: 2, w: 3, h: 4 }));
    }

    #[test]
    fn top_becomes_bottom_when_asked_for() {
        let image = mirrored("top-bottom");
        assert!(image.pixels.enumerate_pixels().all(|(x, y, pixel)| pixel.0 == [x as u8, 7 - y as u8, 9]));
        assert_eq!(image.lesion, Some(Region { x: 1, y: 2, w: 3, h: 4 }));
    }
}
