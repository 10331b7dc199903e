//! Rank-biased distance of two lists: how far the order of the differential moved, the first ranks most of all.

use super::{Of, Value};
use crate::metrics::{Seen, Worse};
use crate::stats::{PERSISTENCE, rank_biased_overlap};

/// 1 − rank-biased overlap (Webber, Moffat and Zobel, ACM TOIS 2010; 28(4): 20).
pub(super) static METRIC: Value = Value {
    id: "rbo-distance",
    title: "rank-biased distance of the lists",
    of: Of::Pair(distance),
    range: (0.0, 1.0),
    worse: Worse::More,
    definition: "1 less the rank-biased overlap of two lists, extrapolated, p = 0.7 (84 % of the weight on the first three \
                 ranks). Words that match nothing are entries of their own. Undefined where either answer lists nothing.",
};

fn distance(before: &Seen<'_>, after: &Seen<'_>) -> Option<f64> {
    let overlap = rank_biased_overlap(&super::listed(before)?, &super::listed(after)?, PERSISTENCE)?;
    Some(1.0 - overlap)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{is, pair};
    use crate::metrics::tests::reading;

    #[test]
    fn the_first_rank_weighs_most() {
        let list = |names: [&str; 3]| reading(&names.map(|name| (name, 0.3)), "urgent");
        let known = list(["melanoma", "lentigo", "psoriasis"]);
        let (first, last) = (list(["lentigo", "melanoma", "psoriasis"]), list(["melanoma", "psoriasis", "lentigo"]));
        // By hand at p = 0.7: a first pair turned loses A₁ = 1, hence (1 − p)·1 = 0.3; a last pair ½ of (1 − p)p = 0.105.
        assert!(is(pair("rbo-distance", &known, &first), 0.3));
        assert!(is(pair("rbo-distance", &known, &last), 0.105));
        assert!(is(pair("rbo-distance", &known, &reading(&[("scabies", 0.5)], "soon")), 1.0));
    }
}
