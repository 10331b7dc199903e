//! WebP: the losses of one lossy save, as messengers and web pages make.
//!
//! Only with the feature `webp`: the encoder is libwebp, which is C. Its bytes are those of the version that is linked, so
//! no golden digests are kept; the decoder is in Rust.

use image::{ImageFormat, RgbImage};
use webp::Encoder;

use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "webp",
    family: "image/codec",
    title: "WebP compression",
    imitates: "A photograph saved as lossy WebP by a messenger or for a web page: smeared texture, soft blocks and colour \
               that runs over edges.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Shape, size and overall colour survive; clinicians read such photographs every day. Beyond the \
                    gradable level fine structure is smoothed away.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(4), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(3), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "quality",
        unit: Unit::Quality,
        levels: [60.0, 35.0, 18.0, 8.0, 1.0],
        range: Range { mildest: 100.0, severest: 1.0 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "RFC 9649 (WebP), lossy: VP8 key frames (RFC 6386) with chroma at half the resolution each way; libwebp's quality \
         scale and its default method",
        "Only with the feature `webp`; the bytes are those of the libwebp that is linked",
    ],
};

/// The format has no longer sides, in pixels.
const LONGEST: u32 = 16_383;

/// Pixels along a macroblock's side.
const BLOCK: u32 = 16;

/// One lossy save at a quality of 1–100.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Webp {
    quality: f64,
}

impl Perturbation for Webp {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, _| {
            let pixels = round_trip(&image.pixels, self.quality)?;
            Ok(Edited::in_place(image, pixels, [("quality", self.quality)]))
        })
    }
}

impl Operator for Webp {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Webp {
    fn at_dose(dose: f64) -> Self {
        Self { quality: Self::range().nearest(dose) }
    }
}

/// What is left of the pixels after one save.
fn round_trip(pixels: &RgbImage, quality: f64) -> Result<RgbImage, Unfit> {
    let side = shorter_side(pixels);
    if side < BLOCK {
        return Err(Unfit::TooSmall { side, least: BLOCK });
    }
    if pixels.width().max(pixels.height()) > LONGEST {
        return Err(Unfit::nothing("WebP has no sides beyond 16383 pixels"));
    }
    let mut colours = pixels.pixels();
    let first = colours.next();
    if colours.all(|colour| Some(colour) == first) {
        return Err(Unfit::nothing("all of it has one colour"));
    }
    #[expect(clippy::cast_possible_truncation, reason = "1 to 100")]
    let file = Encoder::from_rgb(pixels, pixels.width(), pixels.height()).encode_simple(false, quality as f32);
    let file = file.map_err(|_| Unfit::nothing("libwebp refuses it"))?;
    let decoded = image::load_from_memory_with_format(&file, ImageFormat::WebP);
    decoded.map(image::DynamicImage::into_rgb8).map_err(|error| Unfit::nothing(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::round_trip;
    use crate::Unfit;
    use crate::contract::photograph;
    use crate::image::tests::photo;
    use crate::squared_error;

    #[test]
    fn a_lower_quality_loses_more_and_the_same_save_gives_the_same_pixels() {
        let image = photograph(200, 150, 1).pixels;
        let saved = [90.0, 60.0, 18.0, 1.0].map(|quality| round_trip(&image, quality).unwrap());
        let errors: Vec<f64> = saved.iter().map(|pixels| squared_error(pixels, &image)).collect();
        assert!(errors[0] > 0.0 && errors.windows(2).all(|pair| pair[1] > pair[0]), "{errors:?}");
        assert_eq!(saved[2].dimensions(), (200, 150));
        assert_eq!(saved[2], round_trip(&image, 18.0).unwrap());
    }

    #[test]
    fn what_has_no_structure_or_no_room_is_unfit() {
        let refused = |width, rule: fn(u32) -> u8| round_trip(&photo(width, 40, |x, _| [rule(x); 3]).pixels, 18.0);
        assert_eq!(refused(9, |x| x as u8), Err(Unfit::TooSmall { side: 9, least: 16 }));
        assert!(matches!(refused(40, |_| 7), Err(Unfit::NothingToChange { .. })));
        assert!(refused(40, |x| (5 * x) as u8).is_ok());
    }
}
