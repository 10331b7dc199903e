//! Quantiles of replicates.

/// The value below which a share p of an ascending list lies, with linear interpolation (Hyndman and Fan 1996, type 7).
///
/// `None` for an empty list or a share outside [0, 1].
#[must_use]
pub fn quantile(ascending: &[f64], p: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1).filter(|_| (0.0..=1.0).contains(&p))?;
    let place = p * last as f64;
    // A place in 0..=last: the whole part fits, and the part behind the point is what lies between two values.
    let below = place as usize;
    let (low, high) = (*ascending.get(below)?, *ascending.get((below + 1).min(last))?);
    Some(low + (high - low) * (place - below as f64))
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn places_between_two_values_are_between_them() {
        let list = [1.0, 2.0, 4.0, 8.0];
        assert_eq!(
            (quantile(&list, 0.0), quantile(&list, 1.0), quantile(&list, 0.5)),
            (Some(1.0), Some(8.0), Some(3.0))
        );
        assert_eq!((quantile(&list, 0.25), quantile(&[7.0], 0.3)), (Some(1.75), Some(7.0)));
        assert_eq!((quantile(&[], 0.5), quantile(&list, 1.5), quantile(&list, f64::NAN)), (None, None, None));
    }
}
