//! The style sheet: contrast of every pair of ink and ground, in light, dark and print.

use std::collections::BTreeMap;

const STYLE: &str = include_str!("../../html/style.css");
/// WCAG 2.2, success criterion 1.4.3: ordinary text.
const AA: f64 = 4.5;

/// The colours of one `:root{…}` block.
fn palette(block: &str) -> BTreeMap<&str, (u8, u8, u8)> {
    let pairs = block.split(';').filter_map(|d| d.trim().strip_prefix("--")?.split_once(':'));
    pairs.filter_map(|(name, value)| Some((name, colour(value)?))).collect()
}

fn colour(hex: &str) -> Option<(u8, u8, u8)> {
    let hex = hex.strip_prefix('#')?;
    let wide = if hex.len() == 3 { hex.chars().flat_map(|c| [c, c]).collect() } else { hex.to_string() };
    let byte = |i| u8::from_str_radix(wide.get(i..i + 2)?, 16).ok();
    Some((byte(0)?, byte(2)?, byte(4)?))
}

#[expect(clippy::disallowed_methods, reason = "a contrast to two digits: no bits matter")]
fn luminance((r, g, b): (u8, u8, u8)) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

fn contrast(a: (u8, u8, u8), b: (u8, u8, u8)) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn palettes() -> Vec<BTreeMap<&'static str, (u8, u8, u8)>> {
    let blocks = STYLE.split(":root{").skip(1).map(|rest| rest.split('}').next().unwrap());
    blocks.map(palette).collect()
}

#[test]
fn contrast_is_computed_as_wcag_defines_it() {
    assert!((contrast((0, 0, 0), (255, 255, 255)) - 21.0).abs() < 1e-9);
    assert!(contrast((0x77, 0x77, 0x77), (255, 255, 255)) < AA);
}

#[test]
fn every_ink_can_be_read_on_its_ground() {
    let palettes = palettes();
    assert_eq!(palettes.len(), 3, "light, dark and print");
    for palette in palettes {
        let verdicts = ["holds", "breaks", "undecided", "vacuous", "none", "measured"];
        let mut pairs: Vec<(String, String)> =
            verdicts.iter().flat_map(|v| [((*v).into(), format!("{v}-bg")), ((*v).into(), "paper".into())]).collect();
        for ground in ["paper", "card", "shade"] {
            ["ink", "soft", "link", "sham", "curve"].iter().for_each(|ink| pairs.push(((*ink).into(), ground.into())));
        }
        for (ink, ground) in pairs {
            let ratio = contrast(palette[ink.as_str()], palette[ground.as_str()]);
            assert!(ratio >= AA, "{ink} on {ground}: {ratio:.2}");
        }
    }
}

#[test]
fn print_and_phone_are_thought_of() {
    for need in ["@media print", "max-width:760px", "prefers-color-scheme:dark", ".s6{order:4}.s4{order:5}.s5{order:6}"]
    {
        assert!(STYLE.contains(need), "{need}");
    }
}
