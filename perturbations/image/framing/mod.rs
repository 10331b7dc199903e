//! Framing: what of the scene is left in the picture.

pub mod aspect_squash;
pub mod crop_centre;
pub mod crop_off_centre;
pub mod elastic;
pub mod lesion_cut;
pub mod mirror;
pub mod rotate;
mod surround;
pub mod tilt;
pub(in crate::image) mod warp;
pub mod zoom_out;

use image::RgbImage;

use crate::{Parameter, Region, Setting, Takes};

/// A side of the frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
    Top,
    Bottom,
}

impl Side {
    /// All sides, in the order of their numbers in the ledger.
    pub(crate) const ALL: [Self; 4] = [Self::Left, Self::Right, Self::Top, Self::Bottom];

    /// The names that a step may ask for, in the same order.
    const NAMES: [&'static str; 4] = ["left", "right", "top", "bottom"];

    /// The side that a setting asks for.
    pub(crate) fn asked(setting: &Setting) -> Option<Self> {
        let name = setting.text("side")?;
        Self::NAMES.iter().zip(Self::ALL).find(|(known, _)| **known == name).map(|(_, side)| side)
    }

    /// Its number in the ledger: 0 left, 1 right, 2 top, 3 bottom.
    pub(crate) fn number(self) -> f64 {
        f64::from(self as u8)
    }

    /// The whole picture without that many pixels on this side.
    pub(crate) fn without(self, (width, height): (u32, u32), cut: u32) -> Region {
        let (w, h) = (width.saturating_sub(cut), height.saturating_sub(cut));
        match self {
            Self::Left => Region { x: cut, y: 0, w, h: height },
            Self::Right => Region { x: 0, y: 0, w, h: height },
            Self::Top => Region { x: 0, y: cut, w: width, h },
            Self::Bottom => Region { x: 0, y: 0, w: width, h },
        }
    }

    /// Of width and height, the one that a cut on this side shortens.
    pub(crate) fn length(self, (width, height): (u32, u32)) -> u32 {
        match self {
            Self::Left | Self::Right => width,
            Self::Top | Self::Bottom => height,
        }
    }
}

/// The parameter that fixes the side.
pub(crate) const SIDE: Parameter = Parameter {
    name: "side",
    doc: "The side that is cut off; drawn when left out.",
    takes: Takes::Choice(&Side::NAMES),
    required: false,
};

/// That part of the picture, at its own size.
pub(crate) fn crop(pixels: &RgbImage, kept: Region) -> RgbImage {
    let (width, height) = (pixels.width().saturating_sub(kept.x), pixels.height().saturating_sub(kept.y));
    let (width, height) = (kept.w.min(width), kept.h.min(height));
    let (stride, left) = (3 * pixels.width() as usize, 3 * kept.x as usize);
    let rows = pixels.chunks_exact(stride.max(1)).skip(kept.y as usize).take(height as usize);
    let mut bytes = Vec::with_capacity(3 * width as usize * height as usize);
    rows.for_each(|row| bytes.extend_from_slice(row.get(left..left + 3 * width as usize).unwrap_or_default()));
    RgbImage::from_raw(width, height, bytes).unwrap_or_default()
}

/// Where a box lies in that part of the picture, or nothing when it is gone.
pub(crate) fn seen_in(lesion: Region, kept: Region) -> Option<Region> {
    let span = |at: u32, length: u32, from: u32, kept: u32| {
        let (start, end) = (at.max(from), at.saturating_add(length).min(from + kept));
        (end > start).then(|| (start - from, end - start))
    };
    let (x, w) = span(lesion.x, lesion.w, kept.x, kept.w)?;
    let (y, h) = span(lesion.y, lesion.h, kept.y, kept.h)?;
    Some(Region { x, y, w, h })
}

/// The box of a lesion in a picture that was brought to another size, rounded outwards, or nothing for a picture
/// without pixels.
#[expect(clippy::cast_possible_truncation, reason = "a place in the new picture, a u32")]
pub(crate) fn resized_box(lesion: Region, old: (u32, u32), new: (u32, u32)) -> Option<Region> {
    let span = |at: u32, length: u32, old: u32, new: u32| {
        let (from, to) = (u64::from(at) * u64::from(new), u64::from(at + length) * u64::from(new));
        let old = u64::from(old.max(1));
        let (start, end) = (from / old, to.div_ceil(old).min(u64::from(new)));
        (end > start).then_some((start as u32, (end - start) as u32))
    };
    let (x, w) = span(lesion.x, lesion.w, old.0, new.0)?;
    let (y, h) = span(lesion.y, lesion.h, old.1, new.1)?;
    Some(Region { x, y, w, h })
}

/// A share of a length in whole pixels, at least one lost and one kept; nothing for a length below 2.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a u32")]
pub(crate) fn cut_px(length: u32, share: f64) -> Option<u32> {
    let cut = libm::round(f64::from(length) * share) as u32;
    (length >= 2).then(|| cut.clamp(1, length - 1))
}

#[cfg(test)]
mod tests {
    use super::{Side, crop, cut_px, resized_box, seen_in};
    use crate::Region;
    use crate::image::tests::photo;
    use proptest::prelude::*;

    #[test]
    fn a_side_takes_its_own_columns_or_rows() {
        let image = photo(6, 4, |x, y| [x as u8, y as u8, 0]).pixels;
        let corner = |side: Side| crop(&image, side.without((6, 4), 2)).get_pixel(0, 0).0;
        assert_eq!(corner(Side::Left), [2, 0, 0]);
        assert_eq!(corner(Side::Top), [0, 2, 0]);
        assert_eq!(crop(&image, Side::Right.without((6, 4), 2)).dimensions(), (4, 4));
        assert_eq!(crop(&image, Side::Bottom.without((6, 4), 2)).dimensions(), (6, 2));
    }

    #[test]
    fn a_box_shrinks_with_its_picture_and_keeps_every_pixel_that_it_touched() {
        let lesion = Region { x: 11, y: 20, w: 30, h: 41 };
        assert_eq!(resized_box(lesion, (100, 80), (50, 40)), Some(Region { x: 5, y: 10, w: 16, h: 21 }));
        assert_eq!(resized_box(lesion, (100, 80), (1, 1)), Some(Region { x: 0, y: 0, w: 1, h: 1 }));
        assert_eq!(resized_box(lesion, (100, 80), (100, 80)), Some(lesion));
    }

    #[test]
    fn one_pixel_cannot_be_cut() {
        assert_eq!(cut_px(1, 0.5), None);
        assert_eq!(cut_px(2, 0.01), Some(1));
        assert_eq!(cut_px(10, 0.99), Some(9));
    }

    proptest! {
        #[test]
        fn what_is_seen_is_the_overlap(x in 0_u32..50, y in 0_u32..50, w in 1_u32..30, h in 1_u32..30, cut in 1_u32..79) {
            let lesion = Region { x, y, w, h };
            for side in Side::ALL {
                let kept = side.without((80, 80), cut);
                let seen = seen_in(lesion, kept);
                prop_assert_eq!(seen.map_or(0, Region::area), lesion.overlap(kept));
                if let Some(seen) = seen {
                    prop_assert!(seen.x + seen.w <= kept.w && seen.y + seen.h <= kept.h);
                }
            }
        }
    }
}
