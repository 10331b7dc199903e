//! Reads `N[:SEED][?views=LIST&size=WxH]`, the part of `--cases phantom:…` after the first colon.

use bedside_perturbations::View;
use thiserror::Error;

use super::scene;

/// The most phantoms in one cohort.
pub const MOST: usize = 1_000_000;
/// The seed when none is given.
pub const DEFAULT_SEED: u64 = 1;
/// Width and height of a photograph in pixels when none are given.
pub const DEFAULT_SIZE: (u32, u32) = (640, 480);
/// The shortest and the longest side of a photograph in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 64..=4096;
/// The views that there are, in the order in which a case shows them.
pub(super) const VIEWS: [View; 4] = [View::Close, View::Regional, View::Oblique, View::Poor];

/// How many phantoms, from which seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spec {
    /// How many, 1 to [`MOST`].
    pub n: usize,
    /// The seed.
    pub seed: u64,
    /// The views that every case shows, one photograph each; none given: dealt case by case.
    pub views: Option<Vec<View>>,
    /// Width and height of every photograph in pixels.
    pub size: (u32, u32),
}

/// What is wrong with a phantom specification.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SpecError {
    /// The number of phantoms is not a number from 1 to [`MOST`].
    #[error(
        "`phantom:{0}`: how many phantoms? Write a whole number from 1 to {MOST}, e.g. phantom:240 or phantom:240:7"
    )]
    Count(String),
    /// The seed is not a number.
    #[error("`phantom:{0}`: the seed after the second colon must be a whole number from 0 to {max}", max = u64::MAX)]
    Seed(String),
    /// What follows the question mark is neither a list of views nor a size.
    #[error(
        "`phantom:{0}`: after `?` there can be `views=` with one or more of close, regional, oblique, poor, each once, \
         with commas between, and `size=` with width and height from {least} to {most} pixels, with `&` between the two, \
         e.g. phantom:240?views=close,regional&size=320x240", least = SIDES.start(), most = SIDES.end()
    )]
    Options(String),
}

/// Reads `N`, `N:SEED`, and either with `?views=LIST`, `?size=WxH` or both; spaces are not allowed.
///
/// # Errors
/// [`SpecError`] that says what to write instead.
pub fn parse(text: &str) -> Result<Spec, SpecError> {
    let (numbers, options) = text.split_once('?').map_or((text, None), |(numbers, rest)| (numbers, Some(rest)));
    let (count, seed) = numbers.split_once(':').map_or((numbers, None), |(count, seed)| (count, Some(seed)));
    let n = digits(count).and_then(|n| usize::try_from(n).ok()).filter(|n| (1..=MOST).contains(n));
    let n = n.ok_or_else(|| SpecError::Count(text.to_owned()))?;
    let seed = seed.map_or(Some(DEFAULT_SEED), digits).ok_or_else(|| SpecError::Seed(text.to_owned()))?;
    let plain = Spec { n, seed, views: None, size: DEFAULT_SIZE };
    let Some(options) = options else { return Ok(plain) };
    with(plain, options).ok_or_else(|| SpecError::Options(text.to_owned()))
}

/// The specification with its options, each at most once; [`None`] if one is none.
fn with(plain: Spec, options: &str) -> Option<Spec> {
    let mut spec = plain;
    let mut names: Vec<&str> = Vec::new();
    for option in options.split('&') {
        let (name, value) = option.split_once('=').filter(|(name, _)| !names.contains(name))?;
        match name {
            "views" => spec.views = Some(listed(value)?),
            "size" => spec.size = sides(value)?,
            _ => return None,
        }
        names.push(name);
    }
    Some(spec)
}

/// Width and height of `WxH`.
fn sides(text: &str) -> Option<(u32, u32)> {
    let side = |text: &str| digits(text).and_then(|side| u32::try_from(side).ok()).filter(|side| SIDES.contains(side));
    let (width, height) = text.split_once('x')?;
    Some((side(width)?, side(height)?))
}

/// The views of a list, in the order of [`VIEWS`] whatever the order of the list; [`None`] if it is none.
fn listed(text: &str) -> Option<Vec<View>> {
    let names: Vec<&str> = text.split(',').collect();
    let views: Vec<View> = VIEWS.into_iter().filter(|view| names.contains(&scene::name(*view))).collect();
    (views.len() == names.len()).then_some(views)
}

/// A number in decimal digits only: no sign, no spaces.
fn digits(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use bedside_perturbations::View;

    use super::{DEFAULT_SEED, DEFAULT_SIZE, Spec, SpecError, parse};

    #[test]
    fn a_number_and_perhaps_a_seed() {
        assert_eq!(parse("240"), Ok(Spec { n: 240, seed: DEFAULT_SEED, views: None, size: DEFAULT_SIZE }));
        assert_eq!(parse("240:7"), Ok(Spec { n: 240, seed: 7, views: None, size: DEFAULT_SIZE }));
        assert_eq!(
            parse("1000000:18446744073709551615"),
            Ok(Spec { n: 1_000_000, seed: u64::MAX, views: None, size: DEFAULT_SIZE })
        );
    }

    #[test]
    fn anything_else_is_refused_with_a_way_out() {
        for text in ["", "0", "1000001", "-3", "+3", " 3", "2.5", "many", ":7", "99999999999999999999"] {
            assert_eq!(parse(text), Err(SpecError::Count(text.to_owned())), "{text}");
        }
        for text in ["240:", "240:x", "240:-1", "240:7:8", "240:18446744073709551616"] {
            assert_eq!(parse(text), Err(SpecError::Seed(text.to_owned())), "{text}");
        }
        assert!(parse("0").unwrap_err().to_string().contains("from 1 to 1000000"));
    }

    #[test]
    fn views_are_listed_in_any_order_and_shown_in_one() {
        let views = |text: &str| parse(text).map(|spec| spec.views);
        assert_eq!(views("240:7?views=poor,close"), Ok(Some(vec![View::Close, View::Poor])));
        assert_eq!(views("9?views=oblique"), Ok(Some(vec![View::Oblique])));
        for text in ["9?", "9?views=", "9?views=close,close", "9?views=closer", "9?view=close", "9:7?views=close:poor"]
        {
            assert_eq!(views(text), Err(SpecError::Options(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_size_stands_alone_or_beside_views() {
        let size = |text: &str| parse(text).map(|spec| spec.size);
        assert_eq!(size("9"), Ok((640, 480)));
        assert_eq!(size("9?size=320x240"), Ok((320, 240)));
        assert_eq!(size("9:7?size=4096x64&views=close"), Ok((4096, 64)));
        assert_eq!(size("9?views=close&size=1024x768"), Ok((1024, 768)));
        for text in [
            "9?size=",
            "9?size=320",
            "9?size=63x240",
            "9?size=320x4097",
            "9?size=9x9x9",
            "9?size=320x240&",
            "9?size=320x240&size=320x240",
            "9?size=+320x240",
            "9?views=close,size=320x240",
        ] {
            assert_eq!(size(text), Err(SpecError::Options(text.to_owned())), "{text}");
        }
    }
}
