//! All claims on one axis: how far each stands from its own bound.
//!
//! The axis is `bad / (bad + allowed)`, where `bad` is the share of bad outcomes and `allowed` the share that the
//! bound allows. Nothing bad is 0, the bound is ½ for every claim, ten times the bound is 10/11: the bound is one
//! common line, and nothing falls off the paper. It is a way of drawing, not a statistic.

use super::svg::{Anchor, Drawing};
use crate::number;
use crate::record::{Estimate, Line};

const WIDTH: f64 = 230.0;
const ROW: f64 = 22.0;
const AXIS: f64 = 32.0;
const EDGE: f64 = 9.0;
/// Multiples of what is allowed, with their names.
const TICKS: [(f64, &str); 6] = [(0.0, "0"), (0.5, "½"), (1.0, "bound"), (2.0, "2×"), (4.0, "4×"), (10.0, "10×")];

/// The place of a value on the axis, 0 to 1, its own bound at ½. A floor (`at least 80 %`) is read as its complement
/// (at most 20 % otherwise), a floor at or below zero (a difference) by its negative. `None` where a bound allows
/// less than nothing, so that no common axis exists.
pub(crate) fn position(value: f64, bound: f64, at_most: bool) -> Option<f64> {
    let (bad, allowed) = match (at_most, bound > 0.0) {
        (true, _) => (value, bound),
        (false, true) => (1.0 - value, 1.0 - bound),
        (false, false) => (-value, -bound),
    };
    let bad = bad.max(0.0);
    if allowed < 0.0 {
        return None;
    }
    Some(if bad + allowed == 0.0 { 0.5 } else { bad / (bad + allowed) })
}

/// How near a line comes to its bound, or how far beyond, for sorting: its worse limit on the axis.
pub(crate) fn worst(line: &Line) -> f64 {
    let Some(e) = &line.estimate else { return -1.0 };
    let (low, high) = e.interval.unwrap_or((e.point, e.point));
    position(if line.at_most { high } else { low }, line.bound, line.at_most).unwrap_or(-1.0)
}

fn x(position: f64) -> f64 {
    EDGE + position * (WIDTH - 2.0 * EDGE)
}

/// The axis with its ticks, to stand above the rows.
pub(crate) fn axis() -> String {
    let mut d = Drawing::new(WIDTH, AXIS);
    for (multiple, name) in TICKS {
        let at = x(multiple / (multiple + 1.0));
        d.line(if name == "bound" { "at-bound" } else { "grid" }, (at, AXIS - 5.0), (at, AXIS));
        d.text(if name == "bound" { "tick strong" } else { "tick" }, Anchor::Middle, (at, AXIS - 9.0), name);
    }
    d.text("tick", Anchor::Start, (0.0, 10.0), "← better");
    d.text("tick strong", Anchor::End, (WIDTH, 10.0), "worse →");
    d.finish("forest", "Axis: bad outcomes as a multiple of what the bound allows; worse is to the right", "")
}

/// One line on the axis, in the colour and shape of a class.
pub(crate) fn row(line: &Line, class: &str) -> Option<String> {
    let estimate = line.estimate.as_ref()?;
    let place = |value| position(value, line.bound, line.at_most).map(x);
    let mut d = Drawing::new(WIDTH, ROW);
    d.line("at-bound", (x(0.5), 0.0), (x(0.5), ROW));
    if let Some((low, high)) = estimate.interval {
        whisker(&mut d, class, place(low)?, place(high)?);
    }
    mark(&mut d, class, (place(estimate.point)?, ROW / 2.0));
    Some(d.finish("forest", &title(line, estimate), ""))
}

fn title(line: &Line, estimate: &Estimate) -> String {
    format!("{}, bound {}", number::estimate(estimate), number::directed(line.bound, line.at_most))
}

fn whisker(d: &mut Drawing, class: &str, low: f64, high: f64) {
    let y = ROW / 2.0;
    d.line(&format!("whisker {class}"), (low, y), (high, y));
    for end in [low, high] {
        d.line(&format!("whisker {class}"), (end, y - 3.5), (end, y + 3.5));
    }
}

/// The shape says the same as the colour.
fn mark(d: &mut Drawing, class: &str, at: (f64, f64)) {
    match class {
        "holds" => d.circle("mark holds", at, 4.5),
        "breaks" => d.diamond("mark breaks", at, 6.0),
        "undecided" => d.circle("mark hollow undecided", at, 4.5),
        "vacuous" => d.rect("mark hollow vacuous", (at.0 - 4.0, at.1 - 4.0), (at.0 + 4.0, at.1 + 4.0)),
        other => d.circle(&format!("mark {other}"), at, 3.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_bound_is_in_the_middle_for_every_claim() {
        for (bound, at_most) in [(0.02, true), (0.5, true), (0.8, false), (-0.05, false), (0.0, true), (1.0, false)] {
            assert_eq!(position(bound, bound, at_most), Some(0.5), "{bound}");
        }
    }

    #[test]
    fn multiples_of_the_bound_stand_at_their_ticks() {
        assert!((position(0.10, 0.05, true).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!((position(0.60, 0.80, false).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert!((position(-0.20, -0.05, false).unwrap() - 0.8).abs() < 1e-12);
        assert_eq!(position(0.0, 0.05, true), Some(0.0));
        assert_eq!(position(0.1, -0.05, true), None);
    }

    #[test]
    fn the_style_sheet_continues_the_ticks_where_they_are_drawn() {
        let style = include_str!("../html/style.css");
        for (multiple, name) in TICKS {
            let share = number::decimal(100.0 * x(multiple / (multiple + 1.0)) / WIDTH, 1);
            assert!(style.contains(&format!(" {share}% 0/1")), "{name} at {share} %");
        }
    }

    proptest! {
        #[test]
        fn worse_is_always_to_the_right(bound in 0.001_f64..0.999, a in 0.0_f64..1.0, b in 0.0_f64..1.0) {
            let (low, high) = (a.min(b), a.max(b));
            prop_assert!(position(low, bound, true) <= position(high, bound, true));
            prop_assert!(position(high, bound, false) <= position(low, bound, false));
            let beyond = position(high, bound, true).unwrap() > 0.5;
            prop_assert_eq!(beyond, high > bound);
        }
    }
}
