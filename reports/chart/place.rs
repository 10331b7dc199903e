//! Where labels go so that none covers another.

/// A rectangle on paper: left, top, right, bottom.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Area {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) right: f64,
    pub(crate) bottom: f64,
}

impl Area {
    fn covers(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn is_within(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// The first candidate that lies within the frame and covers nothing that is taken; it is then taken too.
pub(crate) fn claim(candidates: &[Area], taken: &mut Vec<Area>, frame: &Area) -> Option<Area> {
    let free = |a: &&Area| a.is_within(frame) && !taken.iter().any(|t| t.covers(a));
    let found = candidates.iter().find(free).copied()?;
    taken.push(found);
    Some(found)
}

/// Heights for labels that want to stand at `wanted`, at least `gap` apart and within `low..=high`, in the order
/// given. When they do not fit, they stand evenly and may leave the range at its end.
pub(crate) fn spread(wanted: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    let want = |i: usize| wanted.get(i).copied().unwrap_or(low);
    order.sort_by(|a, b| want(*a).total_cmp(&want(*b)));
    let mut sorted: Vec<f64> = Vec::with_capacity(order.len());
    for i in &order {
        let least = sorted.last().map_or(low, |last| last + gap);
        sorted.push(want(*i).max(least));
    }
    pull_back(&mut sorted, gap, low, high);
    let mut placed: Vec<(usize, f64)> = order.into_iter().zip(sorted).collect();
    placed.sort_by_key(|(i, _)| *i);
    placed.into_iter().map(|(_, y)| y).collect()
}

fn pull_back(sorted: &mut [f64], gap: f64, low: f64, high: f64) {
    let mut most = high;
    for (i, y) in sorted.iter_mut().enumerate().rev() {
        *y = y.min(most).max(low + i as f64 * gap);
        most = *y - gap;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn labels_with_room_stay_where_they_are() {
        assert_eq!(spread(&[50.0, 10.0], 12.0, 0.0, 100.0), [50.0, 10.0]);
    }

    #[test]
    fn the_first_free_place_is_taken_once() {
        let area = |left| Area { left, top: 0.0, right: left + 10.0, bottom: 10.0 };
        let frame = Area { left: 0.0, top: 0.0, right: 30.0, bottom: 10.0 };
        let mut taken = vec![area(0.0)];
        assert_eq!(claim(&[area(5.0), area(25.0), area(10.0)], &mut taken, &frame), Some(area(10.0)));
        assert_eq!(claim(&[area(10.0)], &mut taken, &frame), None);
    }

    proptest! {
        #[test]
        fn labels_never_touch(wanted in proptest::collection::vec(0.0_f64..200.0, 0..8)) {
            let mut placed = spread(&wanted, 12.0, 0.0, 200.0);
            prop_assert!(placed.iter().all(|y| (-1e-9..=200.0 + 1e-9).contains(y)));
            placed.sort_by(f64::total_cmp);
            prop_assert!(placed.windows(2).all(|w| w[1] - w[0] >= 12.0 - 1e-9));
        }
    }
}
