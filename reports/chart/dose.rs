//! A dose-response curve: physical dose against the metric, with the floor, the sham and the bound.

use super::place::{Area, claim, spread};
use super::scale::{Scale, step};
use super::svg::{Anchor, Drawing};
use crate::number;
use crate::record::{Curve, Estimate, Point};
use crate::text::shorten;

const WIDTH: f64 = 388.0;
const HEIGHT: f64 = 236.0;
const PLOT: Area = Area { left: 42.0, top: 22.0, right: 286.0, bottom: 194.0 };
/// Width of a letter and height of a line at the size of the labels.
const LETTER: f64 = 6.0;
const LINE: f64 = 12.0;

/// The two axes of one curve.
#[derive(Debug)]
struct Axes {
    dose: Scale,
    share: Scale,
}

/// The curve as an SVG element.
pub(crate) fn draw(curve: &Curve) -> String {
    let axes = Axes { dose: dose_axis(curve), share: share_axis(curve) };
    let mut d = Drawing::new(WIDTH, HEIGHT);
    ungradable(&mut d, curve, &axes);
    grid(&mut d, curve, &axes);
    for (class, band) in [("floor", &curve.floor), ("sham", &curve.sham)] {
        band.iter().for_each(|b| draw_band(&mut d, class, b, &axes));
    }
    bound(&mut d, curve, &axes);
    points(&mut d, curve, &axes);
    side_labels(&mut d, curve, &axes);
    d.finish("dose", &format!("{}: {} by {}", curve.title, curve.metric, curve.dose), &description(curve))
}

/// From the first to the last level, so that worse is to the right even where the dose falls (kelvin, quality);
/// from zero where zero is near.
fn dose_axis(curve: &Curve) -> Scale {
    let first = curve.points.first().map_or(0.0, |p| p.dose);
    let last = curve.points.last().map_or(1.0, |p| p.dose);
    let from_zero = first * last >= 0.0 && first.abs() <= 0.75 * last.abs() || curve.points.len() == 1;
    let start = if from_zero { 0.0 } else { first };
    let length = if last == start { 1.0 } else { last - start };
    let before = if from_zero { 0.0 } else { 0.06 * length };
    Scale::new((start - before, last + 0.06 * length), (PLOT.left, PLOT.right))
}

fn share_axis(curve: &Curve) -> Scale {
    let estimates = curve.points.iter().map(|p| &p.estimate).chain(&curve.floor).chain(&curve.sham);
    let limits = estimates.flat_map(|e| e.interval.map_or([e.point, e.point], |(low, high)| [low, high]));
    let all: Vec<f64> = limits.chain(curve.bound.map(|(b, _)| b)).collect();
    let low = all.iter().copied().fold(0.0, f64::min);
    let high = all.iter().copied().fold(0.0, f64::max);
    let step = step((high - low).max(0.02), 5);
    Scale::new(((low / step).floor() * step, (high / step - 1e-9).ceil().max(1.0) * step), (PLOT.bottom, PLOT.top))
}

fn grid(d: &mut Drawing, curve: &Curve, axes: &Axes) {
    for share in axes.share.ticks(5) {
        let y = axes.share.at(share);
        d.line(if share == 0.0 { "zero-line" } else { "grid" }, (PLOT.left, y), (PLOT.right, y));
        d.text("tick", Anchor::End, (PLOT.left - 5.0, y + 4.0), &number::bound(share));
    }
    for dose in axes.dose.ticks(5) {
        let x = axes.dose.at(dose);
        d.line("grid", (x, PLOT.bottom), (x, PLOT.bottom + 4.0));
        d.text("tick", Anchor::Middle, (x, PLOT.bottom + 16.0), &number::decimal(dose, 3));
    }
    let middle = (PLOT.left + PLOT.right) / 2.0;
    d.text("label", Anchor::Middle, (middle, HEIGHT - 8.0), &shorten(&curve.dose, 52));
}

fn draw_band(d: &mut Drawing, class: &str, e: &Estimate, axes: &Axes) {
    if let Some((low, high)) = e.interval {
        d.rect(&format!("band {class}"), (PLOT.left, axes.share.at(low)), (PLOT.right, axes.share.at(high)));
    }
    let y = axes.share.at(e.point);
    d.line(&format!("level {class}"), (PLOT.left, y), (PLOT.right, y));
}

/// Solid where the claim applies, with a stop at its end; dotted where it only guides the eye.
fn bound(d: &mut Drawing, curve: &Curve, axes: &Axes) {
    let Some((bound, up_to)) = curve.bound else { return };
    let (y, end) = (axes.share.at(bound), up_to.map_or(PLOT.right, |dose| axes.dose.at(dose)));
    d.line("bound", (PLOT.left, y), (end, y));
    if end < PLOT.right {
        d.line("bound", (end, y - 5.0), (end, y + 5.0));
        d.line("bound beyond", (end, y), (PLOT.right, y));
    }
}

fn ungradable(d: &mut Drawing, curve: &Curve, axes: &Axes) {
    let Some((dose, basis)) = &curve.gradable else { return };
    if !axes.dose.holds(*dose) {
        return;
    }
    let x = axes.dose.at(*dose);
    d.rect("ungradable", (x, PLOT.top), (PLOT.right, PLOT.bottom));
    d.line("gradable", (x, PLOT.top - 4.0), (x, PLOT.bottom));
    let text = format!("gradable to {} ({})", number::decimal(*dose, 3), shorten(basis, 18));
    let fits_right = x + LETTER * text.chars().count() as f64 <= WIDTH;
    let (anchor, x) = if fits_right { (Anchor::Start, x - 3.0) } else { (Anchor::End, x + 3.0) };
    d.text("label", anchor, (x, PLOT.top - 8.0), &text);
}

fn points(d: &mut Drawing, curve: &Curve, axes: &Axes) {
    let at = |p: &Point| (axes.dose.at(p.dose), axes.share.at(p.estimate.point));
    let line: Vec<_> = curve.points.iter().map(at).collect();
    if line.len() > 1 {
        d.polyline("curve", &line);
    }
    let whiskers: Vec<_> = curve.points.iter().map(|p| whisker(p, axes)).collect();
    whiskers.iter().for_each(|w| draw_whisker(d, w));
    for (point, at) in curve.points.iter().zip(&line) {
        d.circle(if is_judged(curve, point) { "point" } else { "point hollow" }, *at, 4.0);
    }
    level_labels(d, curve, &whiskers);
}

fn whisker(p: &Point, axes: &Axes) -> Area {
    let (low, high) = p.estimate.interval.unwrap_or((p.estimate.point, p.estimate.point));
    let x = axes.dose.at(p.dose);
    Area { left: x - 4.0, right: x + 4.0, top: axes.share.at(high) - 1.0, bottom: axes.share.at(low) + 1.0 }
}

fn draw_whisker(d: &mut Drawing, w: &Area) {
    let x = (w.left + w.right) / 2.0;
    d.line("error", (x, w.top + 1.0), (x, w.bottom - 1.0));
    for y in [w.top + 1.0, w.bottom - 1.0] {
        d.line("error", (w.left + 1.0, y), (w.right - 1.0, y));
    }
}

fn is_judged(curve: &Curve, point: &Point) -> bool {
    let Some((_, up_to)) = curve.bound else { return true };
    let first = curve.points.first().map_or(0.0, |p| p.dose);
    let falls = curve.points.last().is_some_and(|p| p.dose < first);
    up_to.is_none_or(|end| if falls { point.dose >= end } else { point.dose <= end })
}

/// The name of each level above its whisker, or below, or beside; left out where there is no room.
fn level_labels(d: &mut Drawing, curve: &Curve, whiskers: &[Area]) {
    let frame = Area { left: 0.0, top: PLOT.top - 4.0, right: PLOT.right + 8.0, bottom: PLOT.bottom };
    let mut taken = whiskers.to_vec();
    for (point, w) in curve.points.iter().zip(whiskers) {
        let text = shorten(&point.label, 10);
        if let Some(free) = claim(&around(w, LETTER * text.chars().count() as f64), &mut taken, &frame) {
            let middle = (free.left + free.right) / 2.0;
            d.text("name", Anchor::Middle, (middle, free.bottom - 2.5), &text);
        }
    }
}

fn around(w: &Area, width: f64) -> [Area; 4] {
    let x = (w.left + w.right) / 2.0;
    let middle = (w.top + w.bottom) / 2.0;
    let area = |left: f64, top: f64| Area { left, top, right: left + width, bottom: top + LINE };
    [
        area(x - width / 2.0, w.top - LINE - 1.0),
        area(x - width / 2.0, w.bottom + 1.0),
        area(w.right + 2.0, middle - LINE),
        area(w.left - 2.0 - width, middle - LINE),
    ]
}

/// What the horizontal lines are, in the right margin.
fn side_labels(d: &mut Drawing, curve: &Curve, axes: &Axes) {
    let mut labels: Vec<(&str, f64, String)> = Vec::new();
    if let Some((bound, _)) = curve.bound {
        labels.push(("bound-name", bound, format!("bound {}", number::directed(bound, curve.at_most))));
    }
    for (class, name, band) in [("sham-name", "sham", &curve.sham), ("floor-name", "floor", &curve.floor)] {
        labels.extend(band.iter().map(|e| (class, e.point, format!("{name} {}", number::share(e.point)))));
    }
    let wanted: Vec<f64> = labels.iter().map(|(_, share, _)| axes.share.at(*share)).collect();
    let placed = spread(&wanted, LINE + 1.0, PLOT.top + 2.0, PLOT.bottom + 2.0);
    for ((class, _, text), (from, to)) in labels.iter().zip(wanted.iter().zip(placed)) {
        d.line("leader", (PLOT.right + 1.0, *from), (PLOT.right + 8.0, to));
        d.text(&format!("label {class}"), Anchor::Start, (PLOT.right + 11.0, to + 4.0), text);
    }
}

fn description(curve: &Curve) -> String {
    let points = curve.points.iter();
    let said =
        points.map(|p| format!("{} ({}): {}", p.label, number::decimal(p.dose, 3), number::estimate(&p.estimate)));
    said.collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(point: f64, low: f64, high: f64) -> Estimate {
        let interval = Some((low, high));
        Estimate { point, interval, level: 0.95, method: String::new(), events: None, n: 240, patients: 240 }
    }

    fn curve(doses: &[f64]) -> Curve {
        let point = |(i, dose): (usize, &f64)| Point {
            label: format!("L{}", i + 1),
            dose: *dose,
            estimate: estimate(0.1, 0.05, 0.15),
        };
        Curve {
            scenario: "s".into(),
            title: "t".into(),
            metric: "flip".into(),
            dose: "stops".into(),
            points: doses.iter().enumerate().map(point).collect(),
            floor: Some(estimate(0.01, 0.0, 0.03)),
            sham: None,
            bound: Some((0.1, doses.get(1).copied())),
            at_most: true,
            gradable: None,
            response: None,
        }
    }

    #[test]
    fn worse_is_to_the_right_whichever_way_the_dose_runs() {
        for doses in [[0.5, 1.0, 2.0], [-0.5, -1.0, -2.0], [80.0, 40.0, 10.0], [6500.0, 4000.0, 2700.0]] {
            let axis = dose_axis(&curve(&doses));
            assert!(axis.at(doses[0]) < axis.at(doses[1]) && axis.at(doses[1]) < axis.at(doses[2]), "{doses:?}");
            assert!(doses.iter().all(|d| axis.holds(*d)), "{doses:?}");
        }
    }

    #[test]
    fn a_point_is_judged_up_to_the_end_of_the_bound() {
        for doses in [[0.5, 1.0, 2.0], [-0.5, -1.0, -2.0], [80.0, 40.0, 10.0]] {
            let curve = curve(&doses);
            let judged: Vec<_> = curve.points.iter().map(|p| is_judged(&curve, p)).collect();
            assert_eq!(judged, [true, true, false], "{doses:?}");
        }
    }

    #[test]
    fn levels_far_too_close_together_lose_labels_rather_than_cover_them() {
        let svg = draw(&curve(&[1.0, 1.001, 1.002, 1.003, 1.004, 1.005, 1.006, 1.007, 50.0]));
        let named = svg.matches(r#"class="name""#).count();
        assert!((2..9).contains(&named), "{named}");
    }

    #[test]
    fn nothing_to_draw_is_still_a_drawing() {
        assert!(draw(&curve(&[])).ends_with("</svg>"));
        assert!(draw(&curve(&[0.0])).contains("L1"));
    }

    #[test]
    fn the_share_axis_ends_on_round_numbers_that_hold_everything() {
        let axis = share_axis(&curve(&[1.0, 2.0]));
        assert!(axis.holds(0.15) && axis.holds(0.0) && !axis.holds(0.5));
    }
}
