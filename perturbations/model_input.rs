//! A step at the size that a model sees.
//!
//! Models and their servers shrink what they are sent. A corruption that is counted in pixels, such as those of
//! ImageNet-C or the grain of a sensor, is averaged away on the way from twelve megapixels to a few hundred pixels, and
//! its severity then says nothing. Here the photographs are shrunk first and corrupted afterwards.

use image::RgbImage;
use image::imageops::{self, FilterType};

use crate::image::framing::resized_box;
use crate::image::selected;
use crate::{Card, Change, Context, Edit, Image, Perturbation, SettingError, Stimulus, Target, Unfit};

/// The longer side of a model's input in pixels, at least and at most.
pub const MODEL_INPUT: (u32, u32) = (32, 16_384);

/// What the ledger calls that side.
const SIDE: &str = "model_input_px";

/// The picture with its longer side at most that long, by straight weights over the area that each new pixel covers
/// (a triangle filter, as most servers do it); `None` when it is already.
#[must_use]
pub fn fitted(pixels: &RgbImage, side: u32) -> Option<RgbImage> {
    let (width, height) = pixels.dimensions();
    let longer = width.max(height);
    let scaled =
        |length: u32| u32::try_from(u64::from(length) * u64::from(side) / u64::from(longer)).unwrap_or(1).max(1);
    (longer > side).then(|| imageops::resize(pixels, scaled(width), scaled(height), FilterType::Triangle))
}

/// A perturbation of photographs, applied after they were shrunk.
#[derive(Debug)]
pub(crate) struct AtModelInput {
    inner: Box<dyn Perturbation>,
    side: u32,
}

impl AtModelInput {
    /// That perturbation on photographs whose longer side has at most so many pixels.
    pub(crate) fn over(inner: Box<dyn Perturbation>, side: u32) -> Self {
        Self { inner, side }
    }
}

/// Whether a perturbation with that card can work at that size.
///
/// # Errors
/// [`SettingError`] for one that does not change pixels, or a size that no model has.
pub(crate) fn check(card: &Card, side: u32) -> Result<(), SettingError> {
    let (least, most) = MODEL_INPUT;
    if card.target != Target::Image {
        return Err(SettingError::at("at", format!("{} changes no pixels, so it has no size to work at", card.id)));
    }
    if (least..=most).contains(&side) {
        return Ok(());
    }
    Err(SettingError::at("at", format!("a model's input has {least} to {most} pixels along its longer side")))
}

impl Perturbation for AtModelInput {
    fn card(&self) -> &'static Card {
        self.inner.card()
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let mut small = stimulus.clone();
        let meant = selected(small.images.len(), cx);
        let shrunk: Vec<usize> = meant.into_iter().filter(|index| shrink(&mut small, *index, self.side)).collect();
        let mut change = self.inner.apply(&mut small, cx)?;
        for edit in &mut change.edits {
            // What the step passed over keeps its size.
            if let Edit::Pixels { image, parameters } = edit
                && let (Some(before), Some(after)) = (stimulus.images.get_mut(*image), small.images.get_mut(*image))
            {
                core::mem::swap(before, after);
                if shrunk.contains(image) {
                    parameters.insert(SIDE.into(), f64::from(self.side));
                }
            }
        }
        Ok(change)
    }
}

/// Shrinks a photograph with the box of its lesion; `false` when it is small enough.
fn shrink(stimulus: &mut Stimulus, index: usize, side: u32) -> bool {
    let Some(image) = stimulus.images.get_mut(index) else { return false };
    let Some(pixels) = fitted(&image.pixels, side) else { return false };
    let (old, new) = (image.pixels.dimensions(), pixels.dimensions());
    let lesion = image.lesion.and_then(|lesion| resized_box(lesion, old, new));
    *image = Image { pixels, lesion, ..image.clone() };
    true
}

#[cfg(test)]
mod tests {
    use super::fitted;
    use crate::contract::photograph;
    use crate::{Context, Edit, On, Region, Setting, Stimulus, Stream, Unfit, catalogue};

    fn cx(on: On) -> Context<'static> {
        Context { on, ..Context::new(Stream::derive(3, &["input"])) }
    }

    #[test]
    fn a_step_sees_the_shrunk_photograph_and_the_ledger_says_so() {
        let large = photograph(400, 300, 1);
        let mut stimulus = Stimulus { images: vec![large.clone(), large.clone()], ..Stimulus::default() };
        stimulus.images[1].lesion = Some(Region { x: 100, y: 40, w: 200, h: 100 });
        let entry = catalogue::find("gaussian_noise").unwrap();
        let setting = Setting { dose: Some(0.1), model_input: Some(100), ..Setting::default() };
        let change = entry.build(&setting).unwrap().apply(&mut stimulus, &mut cx(On::These(vec![1]))).unwrap();
        assert_eq!(stimulus.images[0], large);
        assert_eq!(stimulus.images[1].pixels.dimensions(), (100, 75));
        assert_eq!(stimulus.images[1].lesion, Some(Region { x: 25, y: 10, w: 50, h: 25 }));
        let Edit::Pixels { image: 1, parameters } = &change.edits[0] else { panic!("{change:?}") };
        assert_eq!(parameters["model_input_px"], 100.0);

        // The same bytes as the step on what a server would make of it.
        let mut small = Stimulus { images: vec![large.clone(), large], ..Stimulus::default() };
        small.images[1].pixels = fitted(&small.images[1].pixels, 100).unwrap();
        let plain = Setting { dose: Some(0.1), ..Setting::default() };
        entry.build(&plain).unwrap().apply(&mut small, &mut cx(On::These(vec![1]))).unwrap();
        assert_eq!(small.images[1].pixels, stimulus.images[1].pixels);
    }

    #[test]
    fn a_small_photograph_keeps_its_size_and_an_unfit_one_everything() {
        let small = Stimulus { images: vec![photograph(60, 50, 1)], ..Stimulus::default() };
        let entry = catalogue::find("greyscale").unwrap();
        let setting = Setting { model_input: Some(100), ..Setting::default() };
        let mut stimulus = small.clone();
        let change = entry.build(&setting).unwrap().apply(&mut stimulus, &mut cx(On::All)).unwrap();
        let Edit::Pixels { parameters, .. } = &change.edits[0] else { panic!("{change:?}") };
        assert!(parameters.is_empty() && stimulus.images[0].pixels.dimensions() == (60, 50));

        let entry = catalogue::find("lesion_cut").unwrap();
        let dose = entry.card.dose(crate::Level::ALL[2]);
        let cut = entry.build(&Setting { dose, model_input: Some(40), ..Setting::default() }).unwrap();
        let mut stimulus = small;
        stimulus.images[0].lesion = None;
        let before = stimulus.clone();
        assert_eq!(cut.apply(&mut stimulus, &mut cx(On::All)), Err(Unfit::NoLesion));
        assert_eq!(stimulus, before);
    }

    #[test]
    fn only_steps_on_pixels_have_a_size_and_it_is_one_that_models_have() {
        let refused = |id: &str, side: u32| {
            let entry = catalogue::find(id).unwrap();
            let dose = entry.card.dose(crate::Level::ALL[0]);
            entry.build(&Setting { dose, model_input: Some(side), ..Setting::default() }).err().and_then(|e| e.key)
        };
        assert_eq!(refused("no_image", 224).as_deref(), Some("at"));
        assert_eq!(refused("typos", 224).as_deref(), Some("at"));
        assert_eq!((refused("jpeg", 31).as_deref(), refused("jpeg", 32)), (Some("at"), None));
    }
}
