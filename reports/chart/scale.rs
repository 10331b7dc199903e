//! From numbers to places on paper.

/// A linear map of one range onto another; either may run backwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Scale {
    from: (f64, f64),
    to: (f64, f64),
}

impl Scale {
    /// Maps `from` onto `to`. A range without length maps to the middle.
    pub(crate) fn new(from: (f64, f64), to: (f64, f64)) -> Self {
        Self { from, to }
    }

    /// The place of a number, held within the range.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let length = self.from.1 - self.from.0;
        let part = if length == 0.0 { 0.5 } else { ((value - self.from.0) / length).clamp(0.0, 1.0) };
        self.to.0 + part * (self.to.1 - self.to.0)
    }

    /// Whether a number lies within the range.
    pub(crate) fn holds(&self, value: f64) -> bool {
        let (low, high) = (self.from.0.min(self.from.1), self.from.0.max(self.from.1));
        (low..=high).contains(&value)
    }

    /// Round numbers within the range, at most `most` steps apart.
    pub(crate) fn ticks(&self, most: u32) -> Vec<f64> {
        let (low, high) = (self.from.0.min(self.from.1), self.from.0.max(self.from.1));
        let step = step(high - low, most);
        if step <= 0.0 {
            return vec![low];
        }
        let (first, last) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
        (first..=last).map(|i| i as f64 * step).collect()
    }
}

/// The smallest of 1, 2, 5 × 10ⁿ that divides a length into at most `most` steps; 0 for no length.
pub(crate) fn step(length: f64, most: u32) -> f64 {
    const DECADES: [f64; 16] = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1.0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
    if length <= 0.0 {
        return 0.0;
    }
    let steps = DECADES.iter().flat_map(|d| [*d, 2.0 * d, 5.0 * d]);
    let fits = |s: &f64| length / s <= f64::from(most) + 1e-9;
    steps.into_iter().find(fits).unwrap_or(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_maps_its_ends_and_holds_what_is_beyond() {
        let s = Scale::new((0.0, -2.0), (10.0, 110.0));
        assert_eq!([s.at(0.0), s.at(-1.0), s.at(-2.0), s.at(-9.0), s.at(1.0)], [10.0, 60.0, 110.0, 110.0, 10.0]);
        assert!(s.holds(-1.0) && !s.holds(-3.0));
    }

    #[test]
    fn a_range_without_length_maps_to_the_middle() {
        assert_eq!(Scale::new((3.0, 3.0), (0.0, 10.0)).at(3.0), 5.0);
    }

    #[test]
    fn ticks_are_round_and_inside() {
        assert_eq!(Scale::new((0.0, 0.43), (0.0, 1.0)).ticks(5), [0.0, 0.1, 0.2, 0.30000000000000004, 0.4]);
        assert_eq!(Scale::new((6500.0, 2700.0), (0.0, 1.0)).ticks(5), [3000.0, 4000.0, 5000.0, 6000.0]);
        assert_eq!(Scale::new((0.0, -2.0), (0.0, 1.0)).ticks(5), [-2.0, -1.5, -1.0, -0.5, -0.0]);
    }

    #[test]
    fn steps_divide_as_asked() {
        assert_eq!([step(1.0, 5), step(0.9, 5), step(7.0, 4), step(0.0, 4)], [0.2, 0.2, 2.0, 0.0]);
    }
}
