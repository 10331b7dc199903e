//! Numbers with a unit of measurement, a dose or a share, and bare numbers of what is named as measured.

use std::ops::Range;

use super::Found;
use super::duration::durations;
use super::number::decimal;
use crate::history::lexicon::on;
use crate::history::words::{Shape, Text, Token, before, bytes, low, overlap, slice};

/// A measured quantity.
#[derive(Debug, Clone, PartialEq)]
pub struct Quantity {
    /// The number; inches for feet and inches.
    pub value: f64,
    /// The second number of a blood pressure, an area or a range.
    pub second: Option<f64>,
    /// The unit in its usual spelling ("mg", "cm", "mm Hg", "/min"); `None` where the text gives none.
    pub unit: Option<String>,
    /// The bytes of the first number.
    pub number: Range<usize>,
}

/// Spellings of a unit and its usual one; those of several tokens are written with spaces.
const UNITS: &[(&[&str], &str)] = &[
    (&["mg", "mgs", "milligram", "milligrams"], "mg"),
    (&["µg", "μg", "ug", "mcg", "microgram", "micrograms"], "µg"),
    (&["ng"], "ng"),
    (&["pg"], "pg"),
    (&["g", "gm", "gms", "gram", "grams"], "g"),
    (&["kg", "kgs", "kilo", "kilos", "kilogram", "kilograms"], "kg"),
    (&["lb", "lbs", "pound", "pounds"], "lb"),
    (&["oz", "ounce", "ounces"], "oz"),
    (&["mm hg", "mmhg"], "mm Hg"),
    (&["mm", "millimeter", "millimeters", "millimetre", "millimetres"], "mm"),
    (&["cm", "cms", "centimeter", "centimeters", "centimetre", "centimetres"], "cm"),
    (&["meter", "meters", "metre", "metres"], "m"),
    (&["inch", "inches", "\""], "in"),
    (&["ft", "feet", "foot"], "ft"),
    (&["ml", "mls", "milliliter", "milliliters", "millilitre", "millilitres", "cc"], "ml"),
    (&["dl"], "dl"),
    (&["l", "liter", "liters", "litre", "litres"], "l"),
    (&["iu", "units", "u"], "IU"),
    (&["meq"], "mEq"),
    (&["mmol"], "mmol"),
    (&["µmol", "umol", "μmol"], "µmol"),
    (&["bpm", "beats per minute", "beats / min", "/ min", "/ minute", "breaths per minute", "breaths / min"], "/min"),
    (&["/ hpf"], "/hpf"),
    (&["° c", "º c", "degrees celsius", "degrees c", "celsius"], "°C"),
    (&["° f", "º f", "degrees fahrenheit", "degrees f", "fahrenheit"], "°F"),
    (&["degrees", "°"], "°"),
    (&["/ mm3", "/ mm", "/ µl", "/ μl", "/ ul"], "/mm³"),
    (&["%", "percent", "per cent"], "%"),
];

/// What is measured and can be given without a unit.
const MEASURED: &[&str] = &[
    "a1c",
    "albumin",
    "alt",
    "ast",
    "b12",
    "basophils",
    "bilirubin",
    "blood pressure",
    "blood sugar",
    "bmi",
    "bp",
    "bun",
    "calcium",
    "chloride",
    "cholesterol",
    "creatinine",
    "crp",
    "d dimer",
    "d - dimer",
    "eosinophils",
    "esr",
    "ferritin",
    "folate",
    "glucose",
    "hba1c",
    "hct",
    "hdl",
    "heart rate",
    "height",
    "hematocrit",
    "haematocrit",
    "hemoglobin",
    "haemoglobin",
    "hgb",
    "hr",
    "inr",
    "ldl",
    "leukocyte count",
    "leukocytes",
    "lymphocytes",
    "mch",
    "mchc",
    "mcv",
    "monocytes",
    "mpv",
    "neutrophils",
    "o2 sat",
    "o2 saturation",
    "oxygen saturation",
    "ph",
    "platelet",
    "platelets",
    "potassium",
    "psa",
    "pulse",
    "pulse ox",
    "rbc",
    "rdw",
    "respirations",
    "respiratory rate",
    "saturation",
    "sodium",
    "spo2",
    "t3",
    "t4",
    "temp",
    "temperature",
    "tibc",
    "triglycerides",
    "troponin",
    "tsh",
    "wbc",
    "weight",
    "white count",
    "cell count",
];

/// Every quantity that a text gives, in order.
#[must_use]
pub fn quantities(text: &str) -> Vec<Found<Quantity>> {
    let text = Text::read(text);
    let times: Vec<Range<usize>> = durations(text.whole).into_iter().map(|time| time.span).collect();
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.tokens.len() {
        let told = height(&text.tokens, at).or_else(|| united(&text, at));
        let Some((end, value)) = told else {
            at += 1;
            continue;
        };
        let span = bytes(&text.tokens, &(at..end));
        at = end;
        if !times.iter().any(|time| overlap(time, &span)) {
            found.push(Found { span, value });
        }
    }
    let named: Vec<_> = named(&text).into_iter().filter(|new| free(&new.span, &found, &times)).collect();
    found.extend(named);
    found.sort_by_key(|found| found.span.start);
    found
}

fn free(span: &Range<usize>, found: &[Found<Quantity>], times: &[Range<usize>]) -> bool {
    !found.iter().any(|other| overlap(&other.span, span)) && !times.iter().any(|time| overlap(time, span))
}

/// Feet and inches: 5'10", 6 ft 1 in.
fn height(tokens: &[Token], at: usize) -> Option<(usize, Quantity)> {
    let (feet, end) = decimal(tokens, at)?;
    let foot = on(&["'", "’", "′", "ft", "feet", "foot"], low(tokens, end)).then_some(end + 1)?;
    let mark = !on(&["ft", "feet", "foot"], low(tokens, end));
    let (inches, end) = decimal(tokens, foot).filter(|(inches, _)| *inches < 12.0)?;
    let closed = on(&["\"", "”", "″", "in", "inch", "inches"], low(tokens, end));
    let doubled = on(&["'", "’"], low(tokens, end)) && on(&["'", "’"], low(tokens, end + 1));
    let end = end + usize::from(closed) + 2 * usize::from(doubled);
    let number = bytes(tokens, &(at..at + 1));
    let tall = (2.0..9.0).contains(&feet);
    ((mark || closed) && tall)
        .then(|| (end, Quantity { value: feet * 12.0 + inches, second: None, unit: Some("in".into()), number }))
}

/// One number, or two of a range, an area or a blood pressure, with their unit.
fn united(text: &Text, at: usize) -> Option<(usize, Quantity)> {
    let tokens = &text.tokens;
    let (value, end) = decimal(tokens, at)?;
    let number = bytes(tokens, &(at..end));
    let quantity = |second, unit| Quantity { value, second, unit: Some(unit), number: number.clone() };
    if let Some((unit, end)) = unit(text, end, value) {
        return Some((end, quantity(None, unit)));
    }
    let joint = low(tokens, end);
    let joined = on(&["/", "x", "×", "by", "-", "–", "to", "*"], joint);
    let (second, end) = decimal(tokens, end + 1).or_else(|| glued(tokens, end + 1)).filter(|_| joined)?;
    let (unit, end) = unit(text, end, second)?;
    (joint != "/" || unit == "mm Hg").then(|| (end, quantity(Some(second), unit)))
}

/// The number of "3x2", which touches the letter before it.
fn glued(tokens: &[Token], at: usize) -> Option<(f64, usize)> {
    let token = tokens.get(at).filter(|token| token.shape == Shape::Number)?;
    token.low.parse().ok().map(|number| (number, at + 1))
}

/// A unit at `at` and where it ends; "F" and "C" alone where the number can be a body temperature.
fn unit(text: &Text, at: usize, value: f64) -> Option<(String, usize)> {
    let tokens = &text.tokens;
    let at = at + usize::from(low(tokens, at) == "-" && low(tokens, at + 1) != "-");
    let fits = |words: &str| words.split(' ').enumerate().all(|(step, word)| low(tokens, at + step) == word);
    let spelt = UNITS.iter().flat_map(|(spellings, unit)| spellings.iter().map(move |words| (*words, *unit)));
    let longest = spelt.filter(|(words, _)| fits(words)).max_by_key(|(words, _)| words.split(' ').count());
    if let Some((words, unit)) = longest {
        return Some(per(tokens, at + words.split(' ').count(), unit));
    }
    let letter = tokens.get(at).map_or("", |token| slice(text.whole, &token.span));
    let warm = match letter {
        "F" if (90.0..=110.0).contains(&value) => "°F",
        "C" if (33.0..=43.0).contains(&value) => "°C",
        _ => return None,
    };
    Some((warm.into(), at + 1))
}

/// The unit with what it is counted by: "mg/dL", "mg per day" without the day.
fn per(tokens: &[Token], end: usize, unit: &str) -> (String, usize) {
    let word = tokens.get(end + 1).filter(|next| next.shape == Shape::Word);
    match word {
        Some(word) if low(tokens, end) == "/" && word.low.len() <= 3 && !on(&["day", "and", "or"], &word.low) => {
            (format!("{unit}/{}", word.low), end + 2)
        }
        _ => (unit.into(), end),
    }
}

/// Numbers without a unit behind the name of what is measured: "ferritin 14", "Weight: 70".
fn named(text: &Text) -> Vec<Found<Quantity>> {
    let tokens = &text.tokens;
    let mut found: Vec<Found<Quantity>> = Vec::new();
    for run in MEASURED.iter().flat_map(|name| text.phrase(name)) {
        let links =
            [":", "=", "is", "was", "of", "at", "count", "level", "levels", "around", "about", "-", "reading", "were"];
        let mut at = run.end;
        while at < run.end + 3 && on(&links, low(tokens, at)) {
            at += 1;
        }
        let Some((value, end)) = decimal(tokens, at).filter(|_| !on(&["a", "an"], low(tokens, at))) else { continue };
        let pressure = on(&["bp", "blood pressure"], &slice(text.whole, &bytes(tokens, &run)).to_lowercase());
        let second = decimal(tokens, end + 1).filter(|_| pressure && low(tokens, end) == "/");
        let end = second.map_or(end, |(_, end)| end);
        let list = low(tokens, end) == "." && before(tokens, run.start).is_empty() && at == run.end;
        let span = bytes(tokens, &(at..end));
        if !list && !found.iter().any(|other| overlap(&other.span, &span)) {
            let number = bytes(tokens, &(at..at + 1));
            let second = second.map(|(second, _)| second);
            found.push(Found { span, value: Quantity { value, second, unit: None, number } });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantities_are_found_with_their_units() {
        for (text, span, value, second, unit) in [
            ("took 12 mg of it", "12 mg", 12.0, None, Some("mg")),
            ("a 3 x 2 cm plaque", "3 x 2 cm", 3.0, Some(2.0), Some("cm")),
            ("a 3x2cm plaque", "3x2cm", 3.0, Some(2.0), Some("cm")),
            ("120/70 mm Hg", "120/70 mm Hg", 120.0, Some(70.0), Some("mm Hg")),
            ("BP was 120/70 today", "120/70", 120.0, Some(70.0), None),
            ("urea 0.5%", "0.5%", 0.5, None, Some("%")),
            ("I am 5'10\" tall", "5'10\"", 70.0, None, Some("in")),
            ("pulse is 64/min", "64/min", 64.0, None, Some("/min")),
            ("ferritin 14", "14", 14.0, None, None),
            ("fever of 101 F", "101 F", 101.0, None, Some("°F")),
            ("38 °C", "38 °C", 38.0, None, Some("°C")),
            ("glucose 5 mmol/L", "5 mmol/L", 5.0, None, Some("mmol/l")),
            ("weighs 1,200 g", "1,200 g", 1200.0, None, Some("g")),
        ] {
            let found = quantities(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!(slice(text, &found[0].span), span);
            assert!(
                (found[0].value.value - value).abs() < 1e-9 && found[0].value.second == second,
                "{text}: {found:?}"
            );
            assert_eq!(found[0].value.unit.as_deref(), unit, "{text}");
        }
    }

    #[test]
    fn counts_times_and_list_numbers_are_no_quantities() {
        for text in ["3 moles", "for 3 weeks", "a 2/6 murmur", "type 2", "a 25 F", "stage 3", "12 pills", "3. Weight"] {
            assert!(quantities(text).is_empty(), "{text}: {:?}", quantities(text));
        }
    }
}
