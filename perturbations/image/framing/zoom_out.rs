//! Zoom out: the photograph was taken from too far away, and the lesion is small in it.

use super::resized_box;
use super::surround::surround;
use crate::image::resample::shrink;
use crate::image::{Edited, each_image, from_afar, named, needed_dose};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Region, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "zoom_out",
    family: "image/framing",
    title: "Too far away",
    imitates: "A photograph taken from too far away: what filled the frame is a small part in the middle of plain skin or \
               background.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "The lesion has fewer pixels and nothing is added to it: confidence may fall or a closer photograph be \
                    asked for, urgency may not fall.",
    gradable_to: &[Gradable {
        modality: Modality::ClinicalPhoto,
        tone: None,
        to: Level::new(3),
        basis: Basis::Assumed,
    }],
    grading: Grading::Graded {
        dose: "scale",
        unit: Unit::Share,
        levels: [0.92, 0.7, 0.45, 0.25, 0.12],
        range: Range { mildest: 0.97, severest: 0.05 },
        monotone_in: Quantity::LesionLost,
    },
    parameters: &[],
    references: &[
        "Definition: the picture at that share of its sides (exact means of areas) in the middle of a frame of the first \
         size; around it the colours of its outermost eighth are carried on, smoother with distance (pull-push, Gortler \
         et al., SIGGRAPH 1996), with that eighth's detail mirrored and fading within two of its \
         widths, and its grain. A dermatoscope touches the skin and cannot be too far away: unfit",
    ],
};

/// A smaller picture on its own background would not be one.
const SMALLEST_SIDE_PX: u32 = 4;

/// The picture at a share of its sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ZoomOut {
    scale: f64,
}

impl ZoomOut {
    fn shrunk(self, image: &Image, rng: Stream) -> Result<Edited, Unfit> {
        from_afar(image)?;
        let size = image.pixels.dimensions();
        let place = self.place(size)?;
        let small = shrink(&image.pixels, place.w, place.h);
        let lesion = image.lesion.and_then(|lesion| resized_box(lesion, size, (place.w, place.h)));
        Ok(Edited {
            pixels: surround(&small, place, size, rng),
            lesion: lesion.map(|lesion| Region { x: place.x + lesion.x, y: place.y + lesion.y, ..lesion }),
            parameters: named([("width_px", f64::from(place.w)), ("height_px", f64::from(place.h))]),
        })
    }

    /// Where the small picture lies in a frame.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
    fn place(self, (width, height): (u32, u32)) -> Result<Region, Unfit> {
        let side = |length: u32| (libm::round(f64::from(length) * self.scale) as u32).clamp(1, length);
        let (w, h) = (side(width), side(height));
        // The same photographs at every level: one that is too small for the last is too small for the first.
        let severest = Level::ALL.into_iter().filter_map(|level| Self::CARD.dose(level)).fold(self.scale, f64::min);
        let least = libm::ceil(f64::from(SMALLEST_SIDE_PX) / severest) as u32;
        if width.min(height) < least {
            return Err(Unfit::TooSmall { side: width.min(height), least });
        }
        Ok(Region { x: (width - w) / 2, y: (height - h) / 2, w, h })
    }
}

impl Perturbation for ZoomOut {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.shrunk(image, rng))
    }
}

impl Operator for ZoomOut {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ZoomOut {
    fn at_dose(dose: f64) -> Self {
        Self { scale: Self::range().nearest(dose) }
    }
}

#[cfg(test)]
mod tests {
    use super::ZoomOut;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Modality, Perturbation, Region, Stimulus, Stream, Unfit};

    fn zoomed(image: Image, scale: f64) -> Result<Image, Unfit> {
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        let done = ZoomOut::at_dose(scale).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[])));
        done.map(|_| stimulus.images.remove(0))
    }

    fn lesion() -> Image {
        let lesion = Region { x: 40, y: 20, w: 20, h: 20 };
        let inside = |x: u32, y: u32| (40..60).contains(&x) && (20..40).contains(&y);
        Image { lesion: Some(lesion), ..photo(100, 60, |x, y| if inside(x, y) { [80; 3] } else { [200, 150, 120] }) }
    }

    #[test]
    fn the_lesion_is_half_as_wide_in_the_same_frame() {
        let image = zoomed(lesion(), 0.5).unwrap();
        assert_eq!(image.pixels.dimensions(), (100, 60));
        assert_eq!(image.lesion, Some(Region { x: 45, y: 25, w: 10, h: 10 }));
        assert!(image.pixels.enumerate_pixels().all(|(x, y, pixel)| {
            let inside = (45..55).contains(&x) && (25..35).contains(&y);
            pixel.0 == if inside { [80; 3] } else { [200, 150, 120] }
        }));
    }

    #[test]
    fn a_dermatoscope_is_never_too_far_away() {
        let image = Image { modality: Modality::Dermoscopy, ..lesion() };
        assert_eq!(zoomed(image, 0.5), Err(Unfit::WrongModality));
    }

    #[test]
    fn a_small_photograph_says_how_large_it_would_have_to_be() {
        assert_eq!(
            zoomed(photo(20, 30, |x, y| [x as u8, y as u8, 0]), 0.1),
            Err(Unfit::TooSmall { side: 20, least: 40 })
        );
    }
}
