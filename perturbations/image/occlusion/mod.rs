//! Occlusion: what lies on the skin or comes between it and the lens.
//!
//! Objects are drawn, not pasted: size, place and direction are shares of the picture, so that a level means the same at
//! any resolution, and what a higher level covers contains what a lower one does.

pub mod bandage;
pub mod black_corner;
pub mod clothing_edge;
pub mod finger;
pub mod gel_bubbles;
pub mod hair;
pub mod ink_marker;
pub mod ruler;

use image::RgbImage;

use super::draw::{Frame, Point, Sheet, px};
use super::framing::Side;
use crate::{Basis, Gradable, Image, Level, Modality, Region, Stream, Tone};

/// The limits of an object that hides more and more: one level less under the narrow view of a dermatoscope.
pub(crate) const PARTLY_HIDDEN: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(3), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
];

/// The limits of an object beside the lesion, which hides none of it.
pub(crate) const BESIDE: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(5), basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(5), basis: Basis::Assumed },
];

/// A share of a length as `f32` pixels.
pub(crate) fn share_px(length: f32, share: f64) -> f32 {
    px(f64::from(length) * share)
}

/// The middle and half the size of a box, in pixels.
pub(crate) fn middle(region: Region) -> (Point, Point) {
    let half = Point::new(0.5 * px(f64::from(region.w)), 0.5 * px(f64::from(region.h)));
    (Point::new(px(f64::from(region.x)), px(f64::from(region.y))) + half, half)
}

/// The way into the picture from a side.
pub(crate) fn inward(side: Side) -> Point {
    match side {
        Side::Left => Point::new(1.0, 0.0),
        Side::Right => Point::new(-1.0, 0.0),
        Side::Top => Point::new(0.0, 1.0),
        Side::Bottom => Point::new(0.0, -1.0),
    }
}

/// Room beside the lesion, as a share of the shorter side, that makes a side free for an object.
const FREE: f32 = 0.25;

/// A side from which an object may come: one with room beside the lesion if there is any, else that with most.
pub(crate) fn free_side(image: &Image, rng: &mut Stream) -> Side {
    let frame = Frame::of(&image.pixels);
    let room = |side: Side| {
        let Some((lesion, half)) = image.lesion.map(middle) else { return 1.0 };
        let way = inward(side);
        let reach = half.x * way.x.abs() + half.y * way.y.abs();
        ((lesion - frame.side_of(way)).dot(way) - reach) / frame.short()
    };
    let free: Vec<Side> = Side::ALL.into_iter().filter(|side| room(*side) >= FREE).collect();
    let most = Side::ALL.into_iter().max_by(|a, b| room(*a).total_cmp(&room(*b)));
    free.get(rng.index(free.len())).copied().or(most).unwrap_or(Side::Left)
}

/// A sheet that comes in over a side, turned by some degrees, as deep as that share of the shorter side.
pub(crate) fn sheet(image: &Image, side: Side, tilt_degrees: f64, share: f64) -> Sheet {
    let frame = Frame::of(&image.pixels);
    let (way, turn) = (inward(side), Point::towards(tilt_degrees));
    let tilted = way * turn.x + way.turned() * turn.y;
    Sheet { start: frame.side_of(way), inward: tilted, depth: share_px(frame.short(), share) }
}

/// Every how many pixels the light of a scene is sampled, and how many samples are enough.
const SAMPLES: usize = 4096;

/// How bright white paper would be in this picture: a little above its brightest twentieth, at least 140.
pub(crate) fn white(pixels: &RgbImage) -> f32 {
    let count = pixels.len() / 3;
    let step = (count / SAMPLES).max(1);
    let mut values: Vec<u8> =
        pixels.chunks_exact(3).step_by(step).map(|pixel| pixel.iter().copied().max().unwrap_or(0)).collect();
    values.sort_unstable();
    let bright = values.get((values.len() - values.len() / 20).saturating_sub(1)).copied().unwrap_or(255);
    (f32::from(bright) * 1.06 + 6.0).clamp(140.0, 248.0)
}

/// The colour of the skin near the border of the picture, or that of the tone group where less than a quarter of the border
/// looks like skin: what lies beside an arm is not mixed into it.
pub(crate) fn skin(image: &Image) -> [u8; 3] {
    let usual = match image.tone {
        Some(Tone::Dark) => [112, 74, 56],
        Some(Tone::Medium) => [184, 132, 104],
        Some(Tone::Light) | None => [216, 168, 146],
    };
    border_skin(&image.pixels).unwrap_or(usual)
}

fn like_skin([r, g, b]: [u32; 3]) -> bool {
    r > g + 8 && g + 2 > b && r > 50 && g * 10 > r * 4
}

/// The mean of what looks like skin in the outer tenth of the picture, sampled.
fn border_skin(pixels: &RgbImage) -> Option<[u8; 3]> {
    let (width, height) = pixels.dimensions();
    let margin = (width.min(height) / 10).max(1);
    let step = (width.max(height) / 128).max(1) as usize;
    let outer = |at: u32, length: u32| at < margin || at + margin >= length;
    let (mut sums, mut count, mut all) = ([0_u32; 3], 0_u32, 0_u32);
    for y in (0..height).step_by(step) {
        for x in (0..width).step_by(step).filter(|x| outer(*x, width) || outer(y, height)) {
            let colour = pixels.get_pixel(x, y).0.map(u32::from);
            all += 1;
            if like_skin(colour) {
                count += 1;
                sums.iter_mut().zip(colour).for_each(|(sum, value)| *sum += value);
            }
        }
    }
    let mean = || sums.map(|sum| u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX));
    (4 * count >= all.max(1)).then(mean)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::{Side, free_side, sheet, skin, white};
    use crate::contract::photograph;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Level, Region, Stimulus, Stream, Tone};

    /// What an operator makes of one photograph at that level with that seed.
    pub(crate) fn at_level<P: Graded>(image: &Image, level: u8, seed: u64) -> Result<Image, crate::Unfit> {
        let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
        let operator = P::at(Level::new(level).unwrap());
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(seed, &[])))?;
        Ok(stimulus.images.remove(0))
    }

    /// Which pixels differ.
    pub(crate) fn touched(before: &Image, after: &Image) -> Vec<bool> {
        before.pixels.pixels().zip(after.pixels.pixels()).map(|(a, b)| a != b).collect()
    }

    /// The share of pixels that differ.
    pub(crate) fn touched_share(before: &Image, after: &Image) -> f64 {
        let touched = touched(before, after);
        touched.iter().filter(|touched| **touched).count() as f64 / touched.len() as f64
    }

    /// Whether each level leaves touched what the level below touches, but for a few pixels that meet their own colour.
    pub(crate) fn nested<P: Graded>(image: &Image, seed: u64) -> bool {
        let levels: Vec<Vec<bool>> =
            (1..=5).map(|level| touched(image, &at_level::<P>(image, level, seed).unwrap())).collect();
        levels.windows(2).all(|pair| {
            let lost = pair[0].iter().zip(&pair[1]).filter(|(low, high)| **low && !**high).count();
            lost * 100 <= pair[0].len()
        })
    }

    #[test]
    fn an_object_comes_from_where_there_is_room() {
        let lesion = Region { x: 5, y: 5, w: 100, h: 60 };
        let image = Image { lesion: Some(lesion), ..photo(200, 100, |_, _| [200, 150, 130]) };
        for seed in 0..20 {
            let side = free_side(&image, &mut Stream::derive(seed, &[]));
            assert!([Side::Right, Side::Bottom].contains(&side), "{side:?}");
        }
        let full = Image { lesion: Some(Region { x: 0, y: 10, w: 190, h: 90 }), ..image };
        assert!([Side::Right, Side::Top].contains(&free_side(&full, &mut Stream::derive(1, &[]))));
    }

    #[test]
    fn a_sheet_is_as_deep_as_its_share_in_the_middle_of_its_side() {
        let image = photo(200, 100, |_, _| [0; 3]);
        let sheet = sheet(&image, Side::Bottom, 6.0, 0.2);
        let (behind, along) = sheet.locate(crate::image::draw::Point::new(100.0, 100.0));
        assert!((behind - 20.0).abs() < 1e-3 && along.abs() < 1e-3);
    }

    #[test]
    fn light_and_skin_are_those_of_the_picture() {
        assert!(white(&photo(40, 40, |_, _| [90; 3]).pixels) < 145.0);
        assert!(white(&photo(40, 40, |x, _| [(x * 6) as u8; 3]).pixels) > 230.0);
        assert_eq!(skin(&photo(40, 40, |_, _| [180, 130, 110])), [180, 130, 110]);
        let drape = Image { tone: Some(Tone::Dark), ..photo(40, 40, |_, _| [40, 90, 160]) };
        assert_eq!(skin(&drape), [112, 74, 56]);
        let beside_cloth = photo(40, 40, |x, _| if x < 25 { [150, 155, 160] } else { [180, 130, 110] });
        assert_eq!(skin(&beside_cloth), [180, 130, 110]);
        assert_eq!(skin(&photograph(90, 70, 1)).len(), 3);
    }
}
