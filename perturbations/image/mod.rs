//! Corruptions of photographs, by physical cause.
//!
//! Every public module in the folders below is one operator. What they share is private or in the `mod.rs` beside them:
//! which photographs are meant (here), sums over neighbourhoods (`kernels`), random numbers for pixels (`noise_source`),
//! what varies slowly over a photograph (`grid`), other sizes (`resample`), drawing (`draw`), light ([`light`]), cuts
//! ([`framing`]).

pub mod codec;
pub mod compat;
mod draw;
pub mod framing;
mod grid;
mod kernels;
pub mod light;
mod noise_source;
pub mod occlusion;
pub mod optics;
pub mod overlay;
mod resample;
pub mod sensor;

use std::collections::BTreeMap;

use image::RgbImage;

use crate::{Card, Change, Context, Edit, Image, Modality, On, Region, Setting, SettingError, Stimulus, Stream, Unfit};

/// What became of one photograph, before anything is written back.
#[derive(Debug)]
pub(crate) struct Edited {
    /// The new pixels.
    pub pixels: RgbImage,
    /// The lesion's box in them.
    pub lesion: Option<Region>,
    /// What was drawn or derived for this photograph.
    pub parameters: BTreeMap<String, f64>,
}

impl Edited {
    /// New pixels in the same frame, so that the lesion stays where it was.
    pub(crate) fn in_place<const N: usize>(image: &Image, pixels: RgbImage, parameters: [(&str, f64); N]) -> Self {
        Self { pixels, lesion: image.lesion, parameters: named(parameters) }
    }
}

/// Parameters by name, as the ledger keeps them.
pub(crate) fn named<const N: usize>(parameters: [(&str, f64); N]) -> BTreeMap<String, f64> {
    parameters.map(|(name, value)| (name.to_owned(), value)).into()
}

/// Changes the photographs that `cx.on` selects, each with its own stream, and writes down the edits.
///
/// A photograph for which `change` is unfit, or which it would not alter by a single grey level, is passed over.
///
/// # Errors
/// The first photograph's [`Unfit`] when none is left; the stimulus is then as it was.
pub(crate) fn each_image(
    stimulus: &mut Stimulus,
    cx: &Context<'_>,
    mut change: impl FnMut(&Image, Stream) -> Result<Edited, Unfit>,
) -> Result<Change, Unfit> {
    each_selected(stimulus, cx, |image, rng| change_one(image, rng, &mut change))
}

/// Changes the photographs that `cx.on` selects by a table for each channel, in place, and writes down the edits. `tables`
/// gives the tables for a photograph and what is written down.
///
/// # Errors
/// As for [`each_image`].
pub(crate) fn each_image_through<const N: usize>(
    stimulus: &mut Stimulus,
    cx: &Context<'_>,
    mut tables: impl FnMut(&Image) -> ([[u8; 256]; 3], [(&'static str, f64); N]),
) -> Result<Change, Unfit> {
    each_image_in_place(stimulus, cx, |image| {
        let (tables, parameters) = tables(image);
        kernels::table::replace(&mut image.pixels, &tables).then_some(parameters)
    })
}

/// Changes the photographs that `cx.on` selects in place, and writes down the edits. `change` gives what is written down,
/// or nothing when every pixel stayed as it was.
///
/// # Errors
/// As for [`each_image`].
pub(crate) fn each_image_in_place<const N: usize>(
    stimulus: &mut Stimulus,
    cx: &Context<'_>,
    mut change: impl FnMut(&mut Image) -> Option<[(&'static str, f64); N]>,
) -> Result<Change, Unfit> {
    each_selected(stimulus, cx, |image, _| {
        change(image).map(named).ok_or_else(|| Unfit::nothing("every pixel would stay as it is"))
    })
}

/// Calls `change`, which leaves what is unfit as it was, for the photographs that `cx.on` selects.
fn each_selected(
    stimulus: &mut Stimulus,
    cx: &Context<'_>,
    mut change: impl FnMut(&mut Image, Stream) -> Result<BTreeMap<String, f64>, Unfit>,
) -> Result<Change, Unfit> {
    let mut why = None;
    let mut done = Change::default();
    for index in selected(stimulus.images.len(), cx) {
        let Some(image) = stimulus.images.get_mut(index) else { continue };
        let side = shorter_side(&image.pixels);
        let changed = match side {
            0 => Err(Unfit::TooSmall { side, least: 1 }),
            _ => change(image, cx.rng.fork("image", index as u64)),
        };
        match changed {
            Ok(parameters) => done.edits.push(Edit::Pixels { image: index, parameters }),
            Err(unfit) => why = why.or(Some(unfit)),
        }
    }
    if done.edits.is_empty() {
        return Err(why.unwrap_or_else(|| Unfit::nothing("no photograph")));
    }
    Ok(done)
}

fn change_one(
    image: &mut Image,
    rng: Stream,
    change: &mut impl FnMut(&Image, Stream) -> Result<Edited, Unfit>,
) -> Result<BTreeMap<String, f64>, Unfit> {
    let edited = change(image, rng)?;
    if edited.pixels == image.pixels {
        return Err(Unfit::nothing("every pixel would stay as it is"));
    }
    image.pixels = edited.pixels;
    image.lesion = edited.lesion;
    Ok(edited.parameters)
}

/// The photographs that the context selects, in order, each once.
pub(crate) fn selected(count: usize, cx: &Context<'_>) -> Vec<usize> {
    match &cx.on {
        On::All => (0..count).collect(),
        On::One if count == 0 => Vec::new(),
        On::One => vec![cx.rng.fork("on", 0).index(count)],
        On::These(wanted) => (0..count).filter(|index| wanted.contains(index)).collect(),
    }
}

/// The shorter side in pixels; the length that doses are shares of.
pub(crate) fn shorter_side(pixels: &RgbImage) -> u32 {
    pixels.width().min(pixels.height())
}

/// Whether there is room between the camera and the skin.
///
/// # Errors
/// [`Unfit::WrongModality`] for a dermatoscope, which touches the skin.
pub(crate) fn from_afar(image: &Image) -> Result<(), Unfit> {
    match image.modality {
        Modality::ClinicalPhoto => Ok(()),
        Modality::Dermoscopy => Err(Unfit::WrongModality),
    }
}

/// A share of the shorter side in pixels, if that reaches the smallest length that has an effect.
///
/// # Errors
/// [`Unfit::TooSmall`] with the shorter side from which on it would.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a ceiling of a positive ratio")]
pub(crate) fn length_px(pixels: &RgbImage, share: f64, smallest: f64) -> Result<f64, Unfit> {
    let side = shorter_side(pixels);
    let length = share * f64::from(side);
    if length >= smallest {
        return Ok(length);
    }
    Err(Unfit::TooSmall { side, least: libm::ceil(smallest / share) as u32 })
}

/// The dose of a setting.
///
/// # Errors
/// [`SettingError`] when it is absent.
pub(crate) fn needed_dose(setting: &Setting, card: &Card) -> Result<f64, SettingError> {
    let missing =
        || SettingError { key: None, why: format!("{} needs a level or a dose", card.id), allowed: card.names() };
    setting.dose.ok_or_else(missing)
}

/// The nearest grey level.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0 and 255")]
pub(crate) fn nearest(value: f32) -> u8 {
    (value + 0.5) as u8
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Edited, each_image, selected};
    use crate::{Context, Edit, Image, Modality, On, Stimulus, Stream, Unfit, View};
    use image::{Rgb, RgbImage};

    /// A photograph made of a rule for each pixel.
    pub(crate) fn photo(width: u32, height: u32, rule: impl Fn(u32, u32) -> [u8; 3]) -> Image {
        let pixels = RgbImage::from_fn(width, height, |x, y| Rgb(rule(x, y)));
        Image { pixels, view: View::Close, modality: Modality::ClinicalPhoto, lesion: None, tone: None }
    }

    fn three() -> Stimulus {
        Stimulus { images: vec![photo(4, 3, |x, y| [(x * y) as u8; 3]); 3], ..Stimulus::default() }
    }

    fn changed(on: On) -> Vec<usize> {
        let mut stimulus = three();
        let cx = Context { on, ..Context::new(Stream::derive(1, &[])) };
        let invert = |image: &Image, _: Stream| {
            let mut pixels = image.pixels.clone();
            pixels.iter_mut().for_each(|value| *value = 255 - *value);
            Ok(Edited::in_place(image, pixels, []))
        };
        let change = each_image(&mut stimulus, &cx, invert).unwrap();
        let named: Vec<usize> = change
            .edits
            .iter()
            .filter_map(|e| if let Edit::Pixels { image, .. } = e { Some(*image) } else { None })
            .collect();
        let differ: Vec<usize> = (0..3).filter(|i| stimulus.images[*i] != three().images[*i]).collect();
        assert_eq!(named, differ);
        differ
    }

    #[test]
    fn only_the_selected_photographs_change() {
        assert_eq!(changed(On::All), [0, 1, 2]);
        assert_eq!(changed(On::These(vec![2, 0, 9])), [0, 2]);
        assert_eq!(changed(On::One).len(), 1);
    }

    #[test]
    fn one_of_none_is_none() {
        let cx = Context { on: On::One, ..Context::new(Stream::derive(1, &[])) };
        assert!(selected(0, &cx).is_empty());
    }

    #[test]
    fn a_change_of_nothing_is_unfit_and_leaves_the_stimulus_alone() {
        let mut stimulus = three();
        let cx = Context::new(Stream::derive(1, &[]));
        let unfit = each_image(&mut stimulus, &cx, |image, _| Ok(Edited::in_place(image, image.pixels.clone(), [])));
        assert!(matches!(unfit, Err(Unfit::NothingToChange { .. })));
        assert_eq!(stimulus, three());
    }

    #[test]
    fn an_image_without_pixels_is_too_small() {
        let mut stimulus = Stimulus { images: vec![photo(0, 5, |_, _| [0; 3])], ..Stimulus::default() };
        let cx = Context::new(Stream::derive(1, &[]));
        let unfit = each_image(&mut stimulus, &cx, |_, _| Err(Unfit::NoLesion));
        assert_eq!(unfit, Err(Unfit::TooSmall { side: 0, least: 1 }));
    }
}
