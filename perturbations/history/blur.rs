//! Telling a length of time less exactly, and how inexactly a value tells one.

use super::duration;
use super::lexicon::on;
use super::words::{low, tokens};
use crate::{Field, History, Kind, Value};

/// Words that make a time approximate.
const HEDGES: &[&str] =
    &["about", "approximately", "around", "circa", "nearly", "almost", "roughly", "approx", "+", "than", "least"];

/// Units from the shortest to the longest, with their hours.
const UNITS: [(&str, f64); 6] =
    [("minute", 1.0 / 60.0), ("hour", 1.0), ("day", 24.0), ("week", 168.0), ("month", 730.5), ("year", 8766.0)];

/// How inexactly a value tells a time: 0 exact, 1 hedged ("about 3 weeks"), 2 a range, 3 an indefinite count ("a few
/// weeks"), 4 the unit alone ("weeks"), 5 neither ("some time", unknown, deleted).
#[must_use]
pub(crate) fn rank(value: &Value) -> f64 {
    let Value::Stated(text) = value else { return 5.0 };
    let Some(time) = duration::time(value) else { return if is_unit_alone(text) { 4.0 } else { 5.0 } };
    let tokens = tokens(text);
    let any = |list: &[&str]| (0..tokens.len()).any(|at| on(list, low(&tokens, at)));
    if any(&["few", "several", "many"]) {
        3.0
    } else if time.is_range() {
        2.0
    } else {
        f64::from(any(HEDGES))
    }
}

/// The ranks of a history's durations, summed.
#[must_use]
pub(crate) fn vagueness(history: &History) -> f64 {
    let durations = history.fields.iter().filter(|field: &&Field| field.kind == Kind::Duration);
    durations.map(|field| rank(&field.value)).sum()
}

fn is_unit_alone(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    UNITS.iter().any(|(unit, _)| text.strip_suffix('s') == Some(*unit))
}

/// A value told that many steps less exactly; `None` where it states no time.
pub(crate) fn blurred(value: &Value, steps: f64) -> Option<String> {
    let Value::Stated(text) = value else { return None };
    let hours = duration::time(value).map(duration::Time::hours);
    match steps {
        s if s >= 5.0 => Some("some time".into()),
        s if s <= 1.0 => Some(format!("about {}", text.trim())),
        s => hours.map(|hours| wording(hours, s).plain),
    }
}

/// A vague time as it stands alone and before a noun.
pub(super) struct Wording {
    /// "2 to 5 weeks".
    pub(super) plain: String,
    /// "2-to-5-week"; "" where nothing stands before a noun.
    pub(super) compound: String,
}

/// A time of so many hours, two to five steps less exact.
pub(super) fn wording(hours: f64, steps: f64) -> Wording {
    let of = |plain: String, compound: String| Wording { plain, compound };
    let (unit, count) = counted(hours, 1.0);
    if steps <= 2.0 {
        // One month becomes weeks: "1 to 2 months" would leave out what is a little less.
        let (unit, count) = if count < 1.5 { counted(hours, 2.0) } else { (unit, count) };
        let (low, high) = (libm::floor(count * 2.0 / 3.0).max(1.0), libm::ceil(count * 1.5));
        return of(format!("{low:.0} to {high:.0} {unit}s"), format!("{low:.0}-to-{high:.0}-{unit}"));
    }
    let (unit, count) = counted(hours, 2.0);
    let few = match count {
        c if c < 5.5 => "a few",
        c if c < 9.5 => "several",
        _ => "many",
    };
    match steps {
        s if s <= 3.0 => {
            of(format!("{few} {unit}s"), format!("{}-{unit}", if few == "many" { few } else { "several" }))
        }
        s if s <= 4.0 => of(format!("{unit}s"), format!("{unit}s-long")),
        _ => of("some time".into(), String::new()),
    }
}

/// The longest unit of which there are at least `least`, and how many.
fn counted(hours: f64, least: f64) -> (&'static str, f64) {
    let fits = UNITS.iter().rev().find(|(_, size)| hours / size >= least - 1e-9);
    let (unit, size) = fits.unwrap_or(&UNITS[0]);
    (unit, hours / size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_rise_with_every_step() {
        for value in ["3 weeks", "1 year", "10 days", "an hour"] {
            let exact = Value::Stated(value.into());
            assert!(rank(&exact).abs() < 1e-9, "{value}");
            for steps in 1_u8..=5 {
                let vague = blurred(&exact, f64::from(steps)).unwrap();
                assert!((rank(&Value::Stated(vague.clone())) - f64::from(steps)).abs() < 1e-9, "{vague}");
            }
        }
    }

    #[test]
    fn a_range_holds_the_time() {
        for hours in [1.0, 25.0, 168.0, 504.0, 8766.0] {
            let time = duration::time(&Value::Stated(wording(hours, 2.0).plain)).unwrap();
            assert!(time.is_range() && (time.hours() / hours) < 2.0 && (time.hours() / hours) > 0.9);
        }
        assert_eq!(wording(730.5, 2.0).plain, "2 to 7 weeks");
        assert_eq!(wording(8766.0, 2.0).plain, "8 to 18 months");
    }
}
