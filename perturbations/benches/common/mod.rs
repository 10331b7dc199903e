//! What the benchmarks share: every image operator in the middle of its levels, and what is put in front of it.

use bedside_perturbations::catalogue::{CATALOGUE, Entry};
use bedside_perturbations::contract::FOIL;
use bedside_perturbations::{
    Context, Image, Level, Perturbation, Setting, Stimulus, Stream, Takes, Target, compared_copy, distance,
    lesion_touched, similarity, squared_error,
};

/// An operator at level 3 under the name of its row: its id, and the word that it cannot do without, if any.
pub struct Middle {
    pub name: String,
    entry: &'static Entry,
    setting: Setting,
}

impl Middle {
    pub fn build(&self) -> Option<Box<dyn Perturbation>> {
        self.entry.build(&self.setting).ok()
    }
}

/// Every image operator of the catalogue; those that need a word once for each word (the corruptions of the compat scales).
pub fn middles() -> Vec<Middle> {
    CATALOGUE.iter().filter(|entry| entry.card.target == Target::Image).flat_map(choices).collect()
}

fn choices(entry: &'static Entry) -> Vec<Middle> {
    let setting = Level::new(3).map(|level| Setting::at(entry.card, level)).unwrap_or_default();
    let needed = entry.card.parameters.iter().find(|parameter| parameter.required);
    let Some((key, Takes::Choice(words))) = needed.map(|parameter| (parameter.name, parameter.takes)) else {
        return vec![Middle { name: entry.card.id.into(), entry, setting }];
    };
    let one = |word: &&str| Middle {
        name: format!("{} {word}", entry.card.id),
        entry,
        setting: setting.clone().with(key, word),
    };
    words.iter().map(one).collect()
}

/// A stimulus of that one photograph.
pub fn stimulus(image: &Image) -> Stimulus {
    Stimulus { images: vec![image.clone()], ..Stimulus::default() }
}

/// The context of every benchmark: a fixed stream, and a foil for those that plant one.
pub fn context() -> Context<'static> {
    Context::new(Stream::derive(1, &["bench"])).with_foil(FOIL)
}

/// The photograph after an operator.
pub fn after(operator: &dyn Perturbation, image: &Image) -> Option<Image> {
    let mut stimulus = stimulus(image);
    operator.apply(&mut stimulus, &mut context()).ok()?;
    stimulus.images.pop()
}

/// A measurement of the distance between two photographs, whose value only keeps it from being left out.
pub type Measurement = Box<dyn Fn() -> f64 + Sync>;

/// What `distance` does with a pair of photographs, part by part and as a whole, by name. Nearly every pixel differs.
pub fn distances(image: &Image) -> Option<Vec<(&'static str, Measurement)>> {
    let noise = middles().into_iter().find(|middle| middle.name == "gaussian_noise")?.build()?;
    let (before, changed) = (image.clone(), after(noise.as_ref(), image)?);
    let (one, other) = (compared_copy(&before.pixels), compared_copy(&changed.pixels));
    let (a, b, c) = ((one.clone(), other.clone()), (one.clone(), other.clone()), (one, other));
    let (d, e) = ((before.clone(), changed.clone()), (before.clone(), changed.clone()));
    let (first, second) = (stimulus(&before), stimulus(&changed));
    Some(vec![
        ("two copies of at most 512 pixels a side", Box::new(move || both_copies(&d.0, &d.1))),
        ("PSNR of the copies", Box::new(move || squared_error(&a.0, &a.1))),
        ("SSIM of the copies", Box::new(move || similarity(&b.0, &b.1))),
        ("mean ΔE2000 of the copies", Box::new(move || bedside_perturbations::colour_difference(&c.0, &c.1))),
        ("share of the lesion touched, full size", Box::new(move || lesion_touched(&e.0, &e.1).unwrap_or_default())),
        ("all of them: `distance`", Box::new(move || of(distance(&first, &second).images.len()))),
    ])
}

fn both_copies(before: &Image, changed: &Image) -> f64 {
    of(compared_copy(&before.pixels).len() + compared_copy(&changed.pixels).len())
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn of(count: usize) -> f64 {
    count as f64
}
