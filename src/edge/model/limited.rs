//! A model that is asked only so much at once and so often per minute.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};

use super::{Model, ModelCard, Setback, lock};
use crate::answer::{Answer, Failure, ModelError};
use crate::request::Request;

/// How much a model is asked at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Requests in flight, at least 1; 0 counts as 1.
    pub in_flight: usize,
    /// Requests started per minute, evenly spaced; `None` does not limit, 0 counts as 1.
    pub per_minute: Option<u32>,
}

/// A model within limits. A request waits for its turn; none is refused.
#[derive(Debug)]
pub struct Limited {
    inner: Arc<dyn Model>,
    in_flight: Semaphore,
    pace: Option<Pace>,
}

/// Evenly spaced starts.
#[derive(Debug)]
struct Pace {
    gap: Duration,
    next: Mutex<Option<Instant>>,
}

impl Limited {
    /// That model within these limits.
    #[must_use]
    pub fn new(inner: Arc<dyn Model>, limits: Limits) -> Self {
        let permits = limits.in_flight.clamp(1, Semaphore::MAX_PERMITS);
        Self { inner, in_flight: Semaphore::new(permits), pace: limits.per_minute.map(Pace::new) }
    }
}

impl Pace {
    fn new(per_minute: u32) -> Self {
        Self { gap: Duration::from_secs(60) / per_minute.max(1), next: Mutex::new(None) }
    }

    /// Takes the next start; whoever asks first starts first.
    fn take(&self, now: Instant) -> Instant {
        let mut next = lock(&self.next);
        let start = next.map_or(now, |planned| planned.max(now));
        *next = Some(start + self.gap);
        start
    }
}

#[async_trait]
impl Model for Limited {
    fn card(&self) -> &ModelCard {
        self.inner.card()
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        self.attempt(request).await.map_err(|setback| setback.error)
    }

    async fn attempt(&self, request: &Request) -> Result<Answer, Setback> {
        let turn = self.in_flight.acquire().await;
        let _turn = turn.map_err(|_| Setback::new(Failure::Unreachable, "the model is being shut down"))?;
        if let Some(pace) = &self.pace {
            sleep_until(pace.take(Instant::now())).await;
        }
        self.inner.attempt(request).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn starts_are_evenly_spaced_and_idle_time_is_not_saved_up() {
        let pace = Pace::new(60);
        let begin = Instant::now();
        let second = Duration::from_secs(1);
        assert_eq!(pace.take(begin), begin);
        assert_eq!(pace.take(begin), begin + second);
        let later = begin + second * 10;
        assert_eq!(pace.take(later), later);
        assert_eq!(pace.take(later), later + second);
    }
}
