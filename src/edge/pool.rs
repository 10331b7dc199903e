//! Pure work over threads, collected in the order of what was worked on.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What the work makes of each item, in the order of the items, on as many threads as the machine runs at once.
pub fn in_order<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let (next, made) = (AtomicUsize::new(0), Mutex::new(Vec::with_capacity(items.len())));
    let take = || {
        loop {
            let place = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(place) else { break };
            let result = work(item);
            made.lock().unwrap_or_else(PoisonError::into_inner).push((place, result));
        }
    };
    std::thread::scope(|scope| {
        let workers = super::cores().min(items.len());
        (0..workers).for_each(|_| drop(scope.spawn(take)));
    });
    let mut made = made.into_inner().unwrap_or_else(PoisonError::into_inner);
    made.sort_by_key(|(place, _)| *place);
    made.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::in_order;

    #[test]
    fn results_stand_where_their_items_stood() {
        let items: Vec<u64> = (0..200).collect();
        let slow_first = |item: &u64| (0..(200 - item) * 500).fold(*item, |sum, _| std::hint::black_box(sum));
        assert_eq!(in_order(&items, slow_first), items);
        assert!(in_order(&[] as &[u64], slow_first).is_empty());
    }
}
