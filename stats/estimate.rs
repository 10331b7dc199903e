//! A number with its uncertainty and where both come from.

use core::fmt;

/// The level of the printed intervals: two-sided 95 %.
pub const LEVEL: f64 = 0.95;

/// The one-sided error of a verdict: how often a true rate just at the bound may be said to hold, or to break.
pub const VERDICT_ERROR: f64 = 0.025;

/// A number with its interval.
#[derive(Debug, Clone, PartialEq)]
pub struct Estimate {
    /// The number itself, in the unit of its metric (a rate is a share in [0, 1]).
    pub point: f64,
    /// Lower and upper limit, lower strictly below upper; `None` when the data cannot carry an interval.
    pub interval: Option<(f64, f64)>,
    /// The two-sided confidence level of the interval, in (0, 1).
    pub level: f64,
    /// How the interval was computed.
    pub method: Method,
    /// The number of events for a rate; a fraction where repeats were averaged.
    pub events: Option<f64>,
    /// The number of pairs (or cases) behind it.
    pub n: u64,
    /// The number of patients behind it.
    pub patients: u64,
}

/// How an interval was computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// Clopper–Pearson on the number of pairs adjusted for patients with several pairs (Korn and Graubard 1998).
    ClopperPearson,
    /// Wilson's score interval (1927).
    Wilson,
    /// Difference of two paired rates by the method of variance estimates recovery (Zou and Donner 2008).
    Mover,
    /// Ratio of two paired rates by the same method (Donner and Zou 2012).
    MoverRatio,
    /// Newcombe's method 10 for the difference of two paired rates (1998).
    Newcombe,
    /// Tango's score interval for the difference of two paired rates (1998).
    Tango,
    /// Student's t on the spread between patients.
    ClusterT,
    /// The hull of that and of t corrected for skewness (Hall 1992).
    ClusterSkewT,
    /// The normal distribution on the spread between patients (Liang and Zeger 1986).
    ClusterNormal,
    /// The patient bootstrap's percentiles (Efron 1979; Field and Welsh 2007).
    Bootstrap,
    /// The same, corrected for bias and acceleration (Efron 1987).
    BootstrapBca,
    /// The same, with tails widened for few patients (Hesterberg 2015).
    BootstrapWidened,
    /// The percentiles with tails widened in the same way, for a median of slopes.
    BootstrapTails,
    /// The jackknife over patients of Fisher's z of an agreement (Miller 1974; Lin 1989).
    Jackknife,
    /// None: a number of a whole arm, whose intervals were not shown to cover.
    NoInterval,
}

impl Method {
    /// The name as printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClopperPearson => "Clopper–Pearson, patient-adjusted",
            Self::Wilson => "Wilson",
            Self::Mover => "MOVER",
            Self::MoverRatio => "MOVER-R",
            Self::Newcombe => "Newcombe 10",
            Self::Tango => "Tango",
            Self::ClusterT => "cluster t",
            Self::ClusterSkewT => "cluster t, widened for skewness",
            Self::ClusterNormal => "cluster-robust normal",
            Self::Bootstrap => "patient bootstrap",
            Self::BootstrapBca => "patient bootstrap, BCa",
            Self::BootstrapWidened => "patient bootstrap, BCa, small-sample tails",
            Self::BootstrapTails => "patient bootstrap, small-sample tails",
            Self::Jackknife => "patient jackknife of Fisher's z",
            Self::NoInterval => "interval not printed: not calibrated",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// The interval, unless it is degenerate or not finite.
pub(crate) fn proper(lower: f64, upper: f64) -> Option<(f64, f64)> {
    (lower.is_finite() && upper.is_finite() && lower < upper).then_some((lower, upper))
}

/// The probability in each tail beyond a two-sided interval; `None` for a level outside (0, 1).
pub(crate) fn tail_of(level: f64) -> Option<f64> {
    (level > 0.0 && level < 1.0).then_some((1.0 - level) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_degenerate_interval_is_no_interval() {
        assert_eq!(proper(0.0, 0.0), None);
        assert_eq!(proper(0.2, 0.1), None);
        assert_eq!(proper(f64::NAN, 0.1), None);
        assert_eq!(proper(0.0, f64::INFINITY), None);
        assert_eq!(proper(0.1, 0.2), Some((0.1, 0.2)));
    }

    #[test]
    fn a_level_lies_strictly_between_none_and_all() {
        assert_eq!((tail_of(0.0), tail_of(1.0), tail_of(f64::NAN)), (None, None, None));
        assert!(tail_of(LEVEL).is_some_and(|tail| (tail - 0.025).abs() < 1e-15));
    }

    #[test]
    fn a_method_prints_its_name() {
        assert_eq!(Method::MoverRatio.to_string(), "MOVER-R");
        let all = [
            Method::ClopperPearson,
            Method::Wilson,
            Method::Mover,
            Method::MoverRatio,
            Method::Newcombe,
            Method::Tango,
            Method::ClusterT,
            Method::ClusterSkewT,
            Method::ClusterNormal,
            Method::Bootstrap,
            Method::BootstrapBca,
            Method::BootstrapWidened,
            Method::BootstrapTails,
            Method::Jackknife,
            Method::NoInterval,
        ];
        let names: std::collections::BTreeSet<String> = all.iter().map(Method::to_string).collect();
        assert_eq!(names.len(), all.len(), "no two methods share a name");
    }
}
