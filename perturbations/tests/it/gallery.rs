//! The gallery page is what the cards say and what the skin-tone audit measures.

use std::fmt::Write;

use bedside_perturbations::catalogue::CATALOGUE;
use bedside_perturbations::{
    Basis, Card, Gradable, Grading, Level, Modality, Needs, Oracle, Parameter, Quantity, Takes, Target, Tone, Unit,
};

use crate::{tiles, tones};

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/GALLERY.md");

/// Families in the order of the page, each with its heading.
const FAMILIES: [(&str, &str); 10] = [
    ("image/optics", "Optics"),
    ("image/light", "Light"),
    ("image/sensor", "Sensor"),
    ("image/codec", "Codec"),
    ("image/framing", "Framing"),
    ("image/occlusion", "Occlusion"),
    ("image/overlay", "Overlay"),
    ("image/compat", "Reference sets"),
    ("modality", "What is shown at all"),
    ("sham", "Controls"),
];

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its page and renews it on request")]
fn the_gallery_says_what_the_cards_say_and_the_audit_measures() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let wanted = between(&between(&page, "tones", &tones::section()), "cards", &section());
    if std::env::var_os("BEDSIDE_UPDATE").is_some() {
        std::fs::write(PAGE, &wanted).unwrap();
    }
    let page = std::fs::read_to_string(PAGE).unwrap();
    let stale: Vec<_> = wanted.lines().zip(page.lines()).filter(|(now, before)| now != before).take(5).collect();
    assert!(
        page == wanted,
        "GALLERY.md is stale: run the tests once with BEDSIDE_UPDATE=1; wanted and found: {stale:#?}"
    );
}

#[test]
fn the_gallery_leaves_no_image_or_modality_perturbation_out() {
    let text = section();
    let belongs = |card: &&Card| (card.family == "modality" || card.target != Target::History) && always(card);
    for card in CATALOGUE.iter().map(|entry| entry.card).filter(belongs) {
        assert!(text.contains(&format!("#### {}\n", card.id)), "{} is not shown", card.id);
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test looks at its pictures")]
fn the_gallery_has_every_sheet_and_no_other_and_they_are_small() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/sheets");
    let kept = std::fs::read_dir(folder).unwrap().flatten();
    let mut kept: Vec<(String, u64)> =
        kept.map(|file| (file.file_name().to_string_lossy().into_owned(), file.metadata().unwrap().len())).collect();
    kept.sort();
    let cards = CATALOGUE.iter().map(|entry| entry.card).filter(|card| always(card));
    let mut wanted: Vec<String> = cards.flat_map(sheets).map(|(_, file)| file).collect();
    wanted.sort();
    assert_eq!(kept.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>(), wanted);
    // Noise on single pixels cannot be made smaller without being smoothed away.
    assert!(kept.iter().all(|(_, bytes)| *bytes <= 30_000), "{kept:?}");
    assert!(kept.iter().map(|(_, bytes)| bytes).sum::<u64>() <= 2_500_000);
}

#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its picture")]
fn the_gallerys_picture_was_made_from_what_the_perturbations_do_now() {
    let file = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/gallery.png")).unwrap();
    let keyword = [tiles::KEYWORD.as_bytes(), b"\0"].concat();
    let at = file.windows(keyword.len()).position(|bytes| bytes == keyword).unwrap();
    let kept = &file[at + keyword.len()..at + keyword.len() + 64];
    assert_eq!(
        String::from_utf8_lossy(kept),
        tiles::digest(&tiles::tiles().unwrap()),
        "gallery.png is stale: cargo run -p bedside-perturbations --example gallery -- perturbations/gallery.png"
    );
}

/// Whether it is in the catalogue without any feature, as the page is.
fn always(card: &Card) -> bool {
    card.id != "webp"
}

/// The page with other text between the two marks of that name.
pub fn between(page: &str, name: &str, text: &str) -> String {
    let begin = format!("<!-- {name}: made by a test, run with BEDSIDE_UPDATE=1 -->\n");
    let end = format!("<!-- end of {name} -->");
    let (head, rest) = page.split_once(&begin).unwrap();
    let (_, tail) = rest.split_once(&end).unwrap();
    format!("{head}{begin}{text}{end}{tail}")
}

fn section() -> String {
    FAMILIES.iter().fold("\n".to_owned(), |text, (family, heading)| text + &shown(family, heading))
}

/// A family: a table of doses, then one paragraph for each.
fn shown(family: &str, heading: &str) -> String {
    let here = |card: &&Card| card.family == family && always(card);
    let cards: Vec<&Card> = CATALOGUE.iter().map(|entry| entry.card).filter(here).collect();
    assert!(!cards.is_empty(), "{family} is empty");
    let mut text = format!("### {heading}\n\n| | dose | 1 | 2 | 3 | 4 | 5 | expected | gradable to level |\n");
    text.push_str("|---|---|--:|--:|--:|--:|--:|---|---|\n");
    cards.iter().for_each(|card| row(&mut text, card));
    text.push('\n');
    cards.iter().for_each(|card| paragraph(&mut text, card));
    text
}

fn row(text: &mut String, card: &Card) {
    let doses = match card.grading {
        Grading::Binary => "on or off | | | | | ".to_owned(),
        Grading::Graded { dose, unit, levels, .. } => {
            let levels = levels.map(|level| number(level, unit));
            format!("{dose}, {} | {} ", unit_name(unit), levels.join(" | "))
        }
    };
    let oracle = oracle(card.oracle);
    writeln!(text, "| [`{0}`](#{0}) | {doses}| {oracle} | {1} |", card.id, gradable(card.gradable_to)).unwrap();
}

fn paragraph(text: &mut String, card: &Card) {
    writeln!(text, "#### {}\n\n**{}.** {}", card.id, card.title, card.imitates).unwrap();
    sheets(card)
        .iter()
        .for_each(|(name, file)| writeln!(text, "\n![{name}, three skin tones](sheets/{file})").unwrap());
    writeln!(text, "\n- Expected: **{}**. {}", oracle(card.oracle), card.oracle_reason).unwrap();
    if let Grading::Graded { dose, unit, range, monotone_in, .. } = card.grading {
        let [from, to] = [range.mildest, range.severest].map(|end| number(end, unit));
        let grows = quantity(monotone_in);
        writeln!(text, "- Dose: `{dose}` from {from} to {to}, {}; what grows: {grows}.", unit_name(unit)).unwrap();
    }
    if let Some(needs) = needs(card.needs) {
        writeln!(text, "- Needs {needs}.").unwrap();
    }
    card.parameters.iter().for_each(|parameter| writeln!(text, "- {}", described(parameter)).unwrap());
    card.references.iter().for_each(|reference| writeln!(text, "- {reference}").unwrap());
    text.push('\n');
}

/// The contact sheets of a card, each with its name: of a reference set one for each of its corruptions.
fn sheets(card: &Card) -> Vec<(String, String)> {
    if card.target == Target::History || card.id == "identity" {
        return Vec::new();
    }
    let choice = card.parameters.iter().find_map(|parameter| match parameter.takes {
        Takes::Choice(words) if parameter.required => Some(words),
        _ => None,
    });
    let of_word = |word: &&str| (format!("{} {word}", card.id), format!("{}-{word}.jpg", card.id));
    choice.map_or_else(
        || vec![(card.id.to_owned(), format!("{}.jpg", card.id))],
        |words| words.iter().map(of_word).collect(),
    )
}

fn described(parameter: &Parameter) -> String {
    let takes = match parameter.takes {
        Takes::Number { unit, min, max } => {
            format!("{} to {}, {}", number(min, unit), number(max, unit), unit_name(unit))
        }
        Takes::Choice(words) => words.join(", "),
        Takes::Field => "a field's name".into(),
        Takes::Text => "words".into(),
    };
    let required = if parameter.required { ", required" } else { "" };
    format!("`{}` ({takes}{required}): {}", parameter.name, parameter.doc)
}

/// A dose in the unit that `unit_name` names, without noise of the last bits.
fn number(value: f64, unit: Unit) -> String {
    let percent = matches!(unit, Unit::ShorterSide | Unit::LesionArea | Unit::Share);
    let text = format!("{:.4}", if percent { 100.0 * value } else { value });
    let text = text.trim_end_matches('0').trim_end_matches('.');
    text.replace('-', "−")
}

fn unit_name(unit: Unit) -> &'static str {
    match unit {
        Unit::ShorterSide => "% of the shorter side",
        Unit::LesionArea => "% of the lesion's area",
        Unit::Share => "%",
        Unit::Stops => "stops",
        Unit::Kelvin => "K",
        Unit::Degrees => "degrees",
        Unit::Quality => "JPEG quality",
        Unit::Number => "a number",
    }
}

fn oracle(oracle: Oracle) -> &'static str {
    match oracle {
        Oracle::Invariant => "invariant",
        Oracle::Directional => "directional",
        Oracle::Challenge => "challenge",
        Oracle::MeasureOnly => "measured only",
    }
}

fn needs(needs: Needs) -> Option<&'static str> {
    match needs {
        Needs::Nothing => None,
        Needs::Donor => Some("another patient's case"),
        Needs::Foil => Some("a plausible wrong diagnosis"),
        Needs::LesionBox => Some("a photograph whose lesion's box is known"),
    }
}

fn quantity(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::SquaredError => "mean squared difference from the original",
        Quantity::ColourDifference => "mean colour difference ΔE2000",
        Quantity::DetailLost => "share of fine detail that is gone",
        Quantity::FrameLost => "share of the frame that is gone",
        Quantity::PixelsLost => "share of the pixels that is gone",
        Quantity::Displacement => "mean distance by which the content has moved",
        Quantity::LesionLost => "share of the lesion's box that is gone",
        Quantity::PixelsChanged => "share of pixels that differ",
        Quantity::PhotographsLost => "number of photographs that are gone",
        Quantity::FieldsLost => "number of fields that are gone",
        Quantity::WordsChanged => "number of words that differ",
        Quantity::Vagueness => "steps by which durations are told more vaguely",
    }
}

/// The limits in short: `photo 2 (V–VI: 1), dermoscopy 2 (V–VI: 1); assumed`.
fn gradable(limits: &[Gradable]) -> String {
    let modalities = [(Modality::ClinicalPhoto, "photo"), (Modality::Dermoscopy, "dermoscopy")];
    let parts: Vec<String> =
        modalities.iter().filter_map(|(modality, name)| of_modality(limits, *modality, name)).collect();
    let mut bases: Vec<&str> = limits.iter().map(|limit| basis(limit.basis)).collect();
    bases.dedup();
    if parts.is_empty() { "–".into() } else { format!("{}; {}", parts.join(", "), bases.join(", ")) }
}

fn of_modality(limits: &[Gradable], modality: Modality, name: &str) -> Option<String> {
    let level = |to: Option<Level>| to.map_or_else(|| "none".into(), |level| level.number().to_string());
    let here = || limits.iter().filter(move |limit| limit.modality == modality);
    let tones = |tone| match tone {
        Tone::Light => "I–II",
        Tone::Medium => "III–IV",
        Tone::Dark => "V–VI",
    };
    let apart: Vec<String> =
        here().filter_map(|limit| Some(format!("{}: {}", tones(limit.tone?), level(limit.to)))).collect();
    let all = here().find(|limit| limit.tone.is_none()).map(|limit| level(limit.to));
    let apart = if apart.is_empty() { String::new() } else { format!(" ({})", apart.join(", ")) };
    (all.is_some() || !apart.is_empty()).then(|| format!("{name} {}{apart}", all.unwrap_or_else(|| "–".into())))
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Panel => "a panel",
        Basis::Source => "a source",
        Basis::Assumed => "assumed",
    }
}
