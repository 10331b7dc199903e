//! What a record must be before it is printed: a wrong number is worse than none.

use crate::record::{Curve, Estimate, Example, FORMAT, FieldGroup, FieldGroups, Line, Record, Response, Table};

/// Why a report could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The record has another format than this version reads.
    #[error("the record has format {found}, this version of Bedside prints format {FORMAT}")]
    Format {
        /// The format that was found.
        found: u32,
    },
    /// A number cannot be printed.
    #[error("{place}: {what}")]
    Number {
        /// Where the number stands, e.g. `claim phone-defocus, flip`.
        place: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// A picture is not a PNG, JPEG or WebP data URL.
    #[error("example {example}: a picture is not a PNG, JPEG or WebP data URL")]
    Picture {
        /// The example's id.
        example: String,
    },
    /// A template failed, which is a fault of Bedside.
    #[error("the report's template failed: {0}")]
    Template(#[from] minijinja::Error),
}

/// Checks the whole record.
pub(crate) fn check(record: &Record) -> Result<(), Error> {
    if record.format != FORMAT {
        return Err(Error::Format { found: record.format });
    }
    finite("summary", record.summary.expected_false_breaks)?;
    for harm in &record.harms {
        let place = format!("harm {}", harm.scenario);
        estimate(&place, &harm.estimate)?;
        harm.bound.map_or(Ok(()), |b| finite(&place, b))?;
    }
    claims(record)?;
    record.curves.iter().try_for_each(curve)?;
    record.tables.iter().try_for_each(table)?;
    record.examples.iter().try_for_each(pictures)
}

fn claims(record: &Record) -> Result<(), Error> {
    for claim in &record.claims {
        claim.lines.iter().try_for_each(|l| line(&format!("claim {}, {}", claim.id, l.metric), l))?;
        let beside = claim.beside.iter().filter_map(|b| b.estimate.as_ref());
        beside.into_iter().try_for_each(|e| estimate(&format!("claim {}", claim.id), e))?;
    }
    record.leans.iter().filter_map(|b| b.estimate.as_ref()).try_for_each(|e| estimate("what the model leans on", e))?;
    record.fields.iter().try_for_each(fields)
}

fn fields(all: &FieldGroups) -> Result<(), Error> {
    let place = format!("field groups of {}", all.scenario);
    let of = |g: &'_ FieldGroup| [g.leave_one_out.clone(), g.add_one_in.clone(), g.shapley.clone()];
    all.groups.iter().flat_map(of).try_for_each(|e| estimate(&place, &e))?;
    estimate(&place, &all.whole)?;
    let errors = all.groups.iter().filter_map(|g| g.monte_carlo);
    errors.chain([all.none_told, all.all_told]).try_for_each(|x| finite(&place, x))
}

fn line(place: &str, line: &Line) -> Result<(), Error> {
    finite(place, line.bound)?;
    let levels = line.levels.iter().filter_map(|l| l.estimate.as_ref());
    let less = line.groups.iter().filter_map(|g| g.less.as_ref().map(|less| &less.estimate));
    let groups = line.groups.iter().filter_map(|g| g.estimate.as_ref()).chain(less);
    line.estimate.iter().chain(levels).chain(groups).try_for_each(|e| estimate(place, e))
}

fn curve(curve: &Curve) -> Result<(), Error> {
    let place = format!("curve {}", curve.scenario);
    for point in &curve.points {
        finite(&place, point.dose)?;
        estimate(&place, &point.estimate)?;
    }
    curve.floor.iter().chain(&curve.sham).try_for_each(|e| estimate(&place, e))?;
    curve.response.iter().try_for_each(|found| response(&place, found, curve.points.len()))?;
    let bound = curve.bound.iter().flat_map(|(b, up_to)| [Some(*b), *up_to]).flatten();
    bound.chain(curve.gradable.iter().map(|(dose, _)| *dose)).try_for_each(|x| finite(&place, x))
}

fn table(table: &Table) -> Result<(), Error> {
    let place = format!("table {} {}", table.scenario, table.at);
    table.exploratory.iter().flat_map(|found| [found.p, found.q]).try_for_each(|x| finite(&place, x))?;
    let all = [&table.difference, &table.newcombe, &table.tango].into_iter().flatten();
    all.into_iter().try_for_each(|e| estimate(&place, e))
}

fn response(place: &str, found: &Response, points: usize) -> Result<(), Error> {
    if found.isotonic.len() != points {
        return Err(Error::Number { place: place.into(), what: "the isotonic fit has other doses than the curve" });
    }
    let fall = found.fall.iter().flat_map(|fall| [fall.size, fall.p]);
    let half = found.half.iter().flat_map(|half| [half.dose, half.after, half.by, Some(half.clean), Some(half.empty)]);
    let single = [found.slope, found.trend].into_iter().chain(found.tau).chain(fall).chain(half.flatten());
    single.chain(found.isotonic.iter().copied()).try_for_each(|x| finite(place, x))?;
    found.area.iter().chain([&found.rise]).try_for_each(|e| estimate(place, e))
}

fn estimate(place: &str, e: &Estimate) -> Result<(), Error> {
    finite(place, e.point)?;
    finite(place, e.level)?;
    e.events.map_or(Ok(()), |x| finite(place, x))?;
    let Some((low, high)) = e.interval else { return Ok(()) };
    finite(place, low)?;
    finite(place, high)?;
    if low > high {
        return Err(Error::Number { place: place.into(), what: "an interval ends before it begins" });
    }
    Ok(())
}

fn finite(place: &str, x: f64) -> Result<(), Error> {
    if x.is_finite() {
        return Ok(());
    }
    Err(Error::Number { place: place.into(), what: "a number is infinite or not a number" })
}

fn pictures(example: &Example) -> Result<(), Error> {
    let all = example.pictures.iter().flat_map(|(a, b)| [a, b]).flatten();
    if all.into_iter().all(|url| is_picture(url)) {
        return Ok(());
    }
    Err(Error::Picture { example: example.id.clone() })
}

fn is_picture(url: &str) -> bool {
    let data = ["png", "jpeg", "webp"].iter().find_map(|kind| url.strip_prefix(&format!("data:image/{kind};base64,")));
    data.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(&b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(point: f64, interval: (f64, f64)) -> Estimate {
        let interval = Some(interval);
        Estimate { point, interval, level: 0.95, method: String::new(), events: None, n: 1, patients: 1 }
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        assert!(estimate("x", &of(0.1, (0.0, 0.2))).is_ok());
        assert!(estimate("x", &of(f64::NAN, (0.0, 0.2))).is_err());
        assert!(estimate("x", &of(0.1, (0.0, f64::INFINITY))).is_err());
        assert!(estimate("x", &of(0.1, (0.3, 0.2))).is_err());
    }

    #[test]
    fn only_pictures_within_the_page_are_allowed() {
        assert!(is_picture("data:image/png;base64,iVBORw0KGgo="));
        assert!(!is_picture("https://example.org/a.png"));
        assert!(!is_picture("data:image/svg+xml;base64,PHN2Zz4="));
        assert!(!is_picture("data:image/png;base64,\" onerror="));
        assert!(!is_picture("data:image/png;base64,"));
    }
}
