//! The bound of a claim: what rate is still acceptable, and on which side.

/// The bound that a claim sets to a rate or another number.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bound {
    /// The truth is to be no more than this.
    AtMost(f64),
    /// The truth is to be no less than this.
    AtLeast(f64),
}

impl Bound {
    /// The bound as a number.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::AtMost(value) | Self::AtLeast(value) => value,
        }
    }

    /// How far a number lies on the wrong side of the bound; 0 or less means inside.
    #[must_use]
    pub fn excess(self, number: f64) -> f64 {
        match self {
            Self::AtMost(value) => number - value,
            Self::AtLeast(value) => value - number,
        }
    }

    /// How far the worse end of an interval lies on the wrong side.
    #[must_use]
    pub fn excess_of_worse(self, (lower, upper): (f64, f64)) -> f64 {
        self.excess(lower).max(self.excess(upper))
    }

    /// How far even the better end of an interval lies on the wrong side.
    #[must_use]
    pub fn excess_of_better(self, (lower, upper): (f64, f64)) -> f64 {
        self.excess(lower).min(self.excess(upper))
    }

    /// True when the whole interval is inside the bound, which itself counts as inside: the claim holds.
    #[must_use]
    pub fn contains(self, interval: (f64, f64)) -> bool {
        self.excess_of_worse(interval) <= 0.0
    }

    /// True when the whole interval is beyond the bound: the claim breaks.
    #[must_use]
    pub fn excludes(self, interval: (f64, f64)) -> bool {
        self.excess_of_better(interval) > 0.0
    }

    /// The rate halfway between the bound and the perfect rate (0, or 1 for an `AtLeast`).
    #[must_use]
    pub fn halfway(self) -> f64 {
        match self {
            Self::AtMost(value) => value / 2.0,
            Self::AtLeast(value) => value / 2.0 + 0.5,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Bound;

    #[test]
    fn a_limit_on_the_bound_is_inside() {
        assert!(Bound::AtMost(0.1).contains((0.02, 0.1)));
        assert!(Bound::AtLeast(0.8).contains((0.8, 0.9)));
        assert!(!Bound::AtMost(0.1).excludes((0.1, 0.2)));
        assert!(!Bound::AtLeast(0.8).excludes((0.7, 0.8)));
    }

    #[test]
    fn an_interval_across_the_bound_is_neither_inside_nor_beyond() {
        for bound in [Bound::AtMost(0.5), Bound::AtLeast(0.5)] {
            assert!(!bound.contains((0.4, 0.6)) && !bound.excludes((0.4, 0.6)));
        }
    }

    #[test]
    fn an_interval_beyond_the_bound_breaks_it() {
        assert!(Bound::AtMost(0.1).excludes((0.11, 0.2)));
        assert!(Bound::AtLeast(0.8).excludes((0.6, 0.79)));
    }

    #[test]
    fn halfway_is_measured_from_the_perfect_rate() {
        assert!((Bound::AtMost(0.1).halfway() - 0.05).abs() < 1e-15);
        assert!((Bound::AtLeast(0.8).halfway() - 0.9).abs() < 1e-15);
    }
}
