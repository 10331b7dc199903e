//! A model that is asked again when asking again can help.
//!
//! Only transient failures are repeated ([`Failure::transient`]): a chat request changes nothing on the server, so
//! repeating one is safe. Waits double from the first to the longest, with a jitter that is a function of request and
//! attempt; a wait that the server asked for is kept to; everything ends at one deadline.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bedside_perturbations::Stream;
use tokio::time::{Instant, sleep, timeout_at};

use super::{Model, ModelCard, Setback};
use crate::answer::{Answer, Failure, ModelError};
use crate::request::Request;

/// How long and how often a model is asked again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// The wait after the first failure.
    pub first: Duration,
    /// The longest wait that is chosen here; a server may ask for more.
    pub longest: Duration,
    /// The most attempts, at least 1.
    pub attempts: u8,
    /// The time from the first attempt after which none is begun or waited for.
    pub deadline: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            first: Duration::from_secs(1),
            longest: Duration::from_secs(60),
            attempts: 6,
            deadline: Duration::from_secs(600),
        }
    }
}

/// A model with patience.
#[derive(Debug)]
pub struct Retrying {
    inner: Arc<dyn Model>,
    patience: Patience,
}

impl Retrying {
    /// That model with that patience.
    #[must_use]
    pub fn new(inner: Arc<dyn Model>, patience: Patience) -> Self {
        Self { inner, patience }
    }

    async fn attempt_until(&self, request: &Request, end: Instant) -> Result<Answer, Setback> {
        let overdue = || Setback::new(Failure::TimedOut, "no answer within the time for all attempts");
        timeout_at(end, self.inner.attempt(request)).await.unwrap_or_else(|_| Err(overdue()))
    }

    /// How long to wait after that many failed attempts; `None` when it is time to give up.
    fn pause(&self, request: &Request, setback: &Setback, attempts: u8, end: Instant) -> Option<Duration> {
        if !setback.error.kind.transient() || attempts >= self.patience.attempts {
            return None;
        }
        let jitter = jitter(request, attempts);
        let pause = match setback.retry_after {
            Some(asked) => asked.saturating_add(self.patience.first.mul_f64(jitter)),
            None => backoff(self.patience, attempts).mul_f64(0.5 + jitter / 2.0),
        };
        Instant::now().checked_add(pause).filter(|start| *start < end).map(|_| pause)
    }
}

/// That much later than now; a year for waits that no clock can hold.
fn after(wait: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(wait).unwrap_or_else(|| now + Duration::from_secs(365 * 86_400))
}

/// The doubled wait before jitter.
fn backoff(patience: Patience, attempts: u8) -> Duration {
    let doublings = u32::from(attempts.saturating_sub(1)).min(20);
    patience.first.saturating_mul(1 << doublings).min(patience.longest)
}

/// A number in [0, 1) that is a function of the request, its repeat and the attempt.
fn jitter(request: &Request, attempts: u8) -> f64 {
    let parts = ["retry", &request.digest(), &request.repeat.to_string(), &attempts.to_string()];
    Stream::derive(0, &parts).uniform()
}

#[async_trait]
impl Model for Retrying {
    fn card(&self) -> &ModelCard {
        self.inner.card()
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        let end = after(self.patience.deadline);
        let mut attempts = 0_u8;
        loop {
            attempts = attempts.saturating_add(1);
            let setback = match self.attempt_until(request, end).await {
                Ok(answer) => return Ok(Answer { attempts, ..answer }),
                Err(setback) => setback,
            };
            match self.pause(request, &setback, attempts, end) {
                Some(pause) => sleep(pause).await,
                None => return Err(ModelError { attempts, ..setback.error }),
            }
        }
    }

    /// Once, without patience.
    async fn attempt(&self, request: &Request) -> Result<Answer, Setback> {
        self.attempt_until(request, after(self.patience.deadline)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let patience = Patience::default();
        let waits: Vec<u64> = (1..=8).map(|attempts| backoff(patience, attempts).as_secs()).collect();
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(backoff(patience, u8::MAX), patience.longest);
    }

    #[test]
    fn jitter_depends_on_request_repeat_and_attempt_only() {
        let request = |prompt: &str, repeat| Request {
            system: String::new(),
            prompt: prompt.to_owned(),
            images: Vec::new(),
            schema: None,
            decoding: crate::request::Decoding { temperature: None, max_tokens: 10, seed: None },
            repeat,
        };
        let base = jitter(&request("a", 0), 1);
        assert!((0.0..1.0).contains(&base));
        assert_eq!(base.to_bits(), jitter(&request("a", 0), 1).to_bits());
        for other in [jitter(&request("b", 0), 1), jitter(&request("a", 1), 1), jitter(&request("a", 0), 2)] {
            assert_ne!(base.to_bits(), other.to_bits());
        }
    }
}
