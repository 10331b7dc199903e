//! A drawing under construction. All text is escaped here and nowhere else.

use crate::text::escape;

/// A drawing of a given size in its own units.
#[derive(Debug)]
pub(crate) struct Drawing {
    width: f64,
    height: f64,
    body: String,
}

/// Where a text hangs on its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Anchor {
    /// The point is its left end.
    Start,
    /// The point is its middle.
    Middle,
    /// The point is its right end.
    End,
}

/// A coordinate with one decimal.
fn at(x: f64) -> String {
    let text = format!("{x:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".into() } else { text.into() }
}

impl Drawing {
    /// An empty drawing.
    pub(crate) fn new(width: f64, height: f64) -> Self {
        Self { width, height, body: String::new() }
    }

    /// A straight line.
    pub(crate) fn line(&mut self, class: &str, from: (f64, f64), to: (f64, f64)) {
        let (x1, y1, x2, y2) = (at(from.0), at(from.1), at(to.0), at(to.1));
        self.body.push_str(&format!(r#"<path class="{class}" d="M{x1} {y1}L{x2} {y2}"/>"#));
    }

    /// A line through points.
    pub(crate) fn polyline(&mut self, class: &str, points: &[(f64, f64)]) {
        let points: Vec<_> = points.iter().map(|(x, y)| format!("{} {}", at(*x), at(*y))).collect();
        self.body.push_str(&format!(r#"<path class="{class}" d="M{}"/>"#, points.join("L")));
    }

    /// A rectangle between two corners.
    pub(crate) fn rect(&mut self, class: &str, a: (f64, f64), b: (f64, f64)) {
        let (x, y) = (at(a.0.min(b.0)), at(a.1.min(b.1)));
        let (w, h) = (at((a.0 - b.0).abs()), at((a.1 - b.1).abs()));
        self.body.push_str(&format!(r#"<rect class="{class}" x="{x}" y="{y}" width="{w}" height="{h}"/>"#));
    }

    /// A circle.
    pub(crate) fn circle(&mut self, class: &str, centre: (f64, f64), radius: f64) {
        let (x, y, r) = (at(centre.0), at(centre.1), at(radius));
        self.body.push_str(&format!(r#"<circle class="{class}" cx="{x}" cy="{y}" r="{r}"/>"#));
    }

    /// A square standing on its corner.
    pub(crate) fn diamond(&mut self, class: &str, centre: (f64, f64), radius: f64) {
        let (x, y, r) = (at(centre.0), at(centre.1 - radius), at(radius));
        self.body.push_str(&format!(r#"<path class="{class}" d="M{x} {y}l{r} {r}l-{r} {r}l-{r} -{r}z"/>"#));
    }

    /// A line of text.
    pub(crate) fn text(&mut self, class: &str, anchor: Anchor, point: (f64, f64), text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let (x, y, text) = (at(point.0), at(point.1), escape(text));
        self.body.push_str(&format!(r#"<text class="{class}"{anchor} x="{x}" y="{y}">{text}</text>"#));
    }

    /// The finished element, with a title and a description for those who do not see it.
    pub(crate) fn finish(self, class: &str, title: &str, description: &str) -> String {
        let (w, h, title, body) = (at(self.width), at(self.height), escape(title), self.body);
        let description =
            if description.is_empty() { String::new() } else { format!("<desc>{}</desc>", escape(description)) };
        format!(
            r#"<svg class="{class}" viewBox="0 0 {w} {h}" role="img"><title>{title}</title>{description}{body}</svg>"#
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short_and_never_minus_zero() {
        assert_eq!([at(1.0), at(-0.01), at(2.25), at(-3.5)], ["1", "0", "2.2", "-3.5"]);
    }

    #[test]
    fn text_cannot_leave_its_element() {
        let mut d = Drawing::new(10.0, 10.0);
        d.text("t", Anchor::End, (1.0, 2.0), "</text><script>");
        let svg = d.finish("c", "</title>", "");
        assert!(!svg.contains("<script"));
        assert!(svg.contains("<title>&lt;/title&gt;</title>"));
    }
}
