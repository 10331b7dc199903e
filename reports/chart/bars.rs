//! What each group of fields brings: one bar a row, all rows on one axis.

use super::scale::Scale;
use super::svg::{Anchor, Drawing};
use crate::number;
use crate::record::{FieldGroup, FieldGroups};

const WIDTH: f64 = 260.0;
const ROW: f64 = 24.0;
const AXIS: f64 = 20.0;
const EDGE: f64 = 16.0;
/// The shortest axis, so that noise does not look like an effect.
const LEAST: f64 = 0.1;

/// The axis of all groups: from the least to the greatest number that is drawn, with 0 on it.
fn scale(all: &FieldGroups) -> Scale {
    let shown = |group: &FieldGroup| {
        let (low, high) = group.shapley.interval.unwrap_or((group.shapley.point, group.shapley.point));
        [low, high, group.leave_one_out.point, group.add_one_in.point]
    };
    let numbers: Vec<f64> = all.groups.iter().flat_map(shown).collect();
    let (low, high) = numbers.iter().fold((0.0_f64, LEAST), |(low, high), x| (low.min(*x), high.max(*x)));
    Scale::new((low, high), (EDGE, WIDTH - EDGE))
}

/// The axis with its ticks, to stand above the rows.
pub(crate) fn axis(all: &FieldGroups) -> String {
    let scale = scale(all);
    let mut d = Drawing::new(WIDTH, AXIS);
    for tick in scale.ticks(4) {
        let at = scale.at(tick);
        d.line(if tick == 0.0 { "at-bound" } else { "grid" }, (at, AXIS - 5.0), (at, AXIS));
        d.text("tick", Anchor::Middle, (at, AXIS - 8.0), &number::share(tick));
    }
    d.finish("forest", "Axis: percentage points of right answers that a group brings", "")
}

/// One group: the bar is its Shapley value with the interval, the circle leave-one-out, the diamond add-one-in.
pub(crate) fn row(group: &FieldGroup, all: &FieldGroups) -> String {
    let scale = scale(all);
    let (zero, middle) = (scale.at(0.0), ROW / 2.0);
    let mut d = Drawing::new(WIDTH, ROW);
    d.rect("bar", (zero, middle - 5.0), (scale.at(group.shapley.point), middle + 5.0));
    d.line("at-bound", (zero, 0.0), (zero, ROW));
    if let Some((low, high)) = group.shapley.interval {
        d.line("whisker", (scale.at(low), middle), (scale.at(high), middle));
        for end in [low, high] {
            d.line("whisker", (scale.at(end), middle - 3.5), (scale.at(end), middle + 3.5));
        }
    }
    d.circle("mark hollow", (scale.at(group.leave_one_out.point), middle), 4.0);
    d.diamond("mark hollow", (scale.at(group.add_one_in.point), middle), 5.0);
    d.finish("forest", &title(group), "")
}

fn title(group: &FieldGroup) -> String {
    format!(
        "{}: Shapley {}, leave-one-out {}, add-one-in {}",
        group.name,
        number::estimate(&group.shapley),
        number::share(group.leave_one_out.point),
        number::share(group.add_one_in.point)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Estimate;

    fn estimate(point: f64, interval: Option<(f64, f64)>) -> Estimate {
        Estimate { point, interval, level: 0.95, method: "m".into(), events: None, n: 50, patients: 50 }
    }

    fn group(shapley: f64, interval: Option<(f64, f64)>, ends: (f64, f64)) -> FieldGroup {
        FieldGroup {
            name: "course".into(),
            fields: vec![],
            cases: 50,
            leave_one_out: estimate(ends.0, None),
            add_one_in: estimate(ends.1, None),
            shapley: estimate(shapley, interval),
            monte_carlo: None,
        }
    }

    fn all(groups: Vec<FieldGroup>) -> FieldGroups {
        let whole = estimate(0.4, None);
        let (scenario, orders) = ("s".into(), None);
        FieldGroups { scenario, orders, groups, whole, none_told: 0.4, all_told: 0.8, incomplete: 0, untold: 0 }
    }

    #[test]
    fn everything_that_is_drawn_lies_on_the_axis_and_so_does_nothing() {
        let found = all(vec![group(0.2, Some((0.1, 0.3)), (-0.05, 0.6)), group(-0.1, None, (0.0, 0.0))]);
        let axis = scale(&found);
        for x in [0.1, 0.3, -0.05, 0.6, -0.1, 0.0] {
            assert!(axis.holds(x), "{x}");
        }
        assert!(scale(&all(vec![])).holds(LEAST));
    }

    #[test]
    fn a_bar_without_an_interval_has_no_whisker() {
        let found = all(vec![group(0.2, Some((0.1, 0.3)), (0.0, 0.4)), group(0.2, None, (0.0, 0.4))]);
        let drawn: Vec<String> = found.groups.iter().map(|group| row(group, &found)).collect();
        assert!(drawn[0].contains("whisker") && !drawn[1].contains("whisker"));
        assert!(
            drawn[0].contains("course: Shapley 20.0 %") || drawn[0].contains("course: Shapley 20.0"),
            "{}",
            drawn[0]
        );
    }
}
