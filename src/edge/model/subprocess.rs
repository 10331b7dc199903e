//! Any program as a model: one JSON line in, one JSON line out. This is how a model in any language joins.
//!
//! # The protocol, version 1
//!
//! Bedside starts the program once (or a few copies), without a shell, and keeps it running. It writes one line per
//! request to the program's standard input:
//!
//! ```json
//! {"v":1,"id":7,"system":"…","prompt":"…","images":[{"mime":"image/png","base64":"…"}],"schema":null,"temperature":0.0,"max_tokens":800,"seed":12,"repeat":0}
//! ```
//!
//! and reads one line per answer from its standard output, flushed, with the same `id`:
//!
//! ```json
//! {"v":1,"id":7,"text":"…","finish":"complete","model":"my-model 3","usage":{"prompt":900,"completion":120}}
//! ```
//!
//! Only `v`, `id` and `text` are needed. `finish` is `complete` (default), `truncated` or `refused`. Instead of `text`
//! an answer can hold `"error"`: one of `rate-limited`, `server`, `rejected`, `unsuitable`, `timed-out`,
//! `unreachable`, `garbled`, or any other text, which counts as `server` and is never repeated, since it may quote a
//! patient; `"retry_after"` (seconds) asks to be left alone for that long. `system` may be empty, `schema`,
//! `temperature` and `seed` may be null. Answers may come in any order.
//!
//! Standard output is for answers only: a line that is none fails the requests in flight. Logs belong on standard
//! error, whose last few kilobytes are kept in memory and shown to nobody but [`Subprocess::last_words`]. A program
//! that ends, or misses the deadline, is ended and started again for the next request. When standard input ends, the
//! program should end.

mod line;
mod worker;

use core::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::{Mutex as Turn, Semaphore};
use tokio::time::timeout;

use self::worker::Worker;
use super::spec::{OpenError, Process};
use super::{Model, ModelCard, Setback, lock};
use crate::answer::{Answer, Failure, ModelError};
use crate::request::Request;

/// A model that is a program.
pub struct Subprocess {
    card: ModelCard,
    process: Process,
    slots: Vec<Slot>,
    /// Each slot stands here once for every request that it may still take.
    free: Mutex<Vec<usize>>,
    turns: Semaphore,
    next_id: AtomicU64,
}

/// The place of one copy of the program.
#[derive(Default)]
struct Slot {
    worker: Turn<Option<Arc<Worker>>>,
}

impl fmt::Debug for Subprocess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subprocess").field("card", &self.card).finish_non_exhaustive()
    }
}

impl Subprocess {
    /// Makes ready to ask; the program is started by the first request.
    ///
    /// # Errors
    /// [`OpenError`] when there is no command.
    pub fn open(id: &str, process: Process) -> Result<Self, OpenError> {
        if process.command.iter().all(|word| word.trim().is_empty()) {
            return Err(OpenError::NoCommand);
        }
        let copies = process.processes.clamp(1, 64);
        let each = process.in_flight.clamp(1, 64);
        let free: Vec<usize> = (0..copies).cycle().take(copies * each).collect();
        Ok(Self {
            card: process.card(id),
            slots: (0..copies).map(|_| Slot::default()).collect(),
            turns: Semaphore::new(free.len()),
            free: Mutex::new(free),
            next_id: AtomicU64::new(1),
            process,
        })
    }

    /// The end of what the running copies wrote to standard error. It may hold text of a case: for a probe with a
    /// made-up case, never for a log.
    pub async fn last_words(&self) -> String {
        let mut words = String::new();
        for slot in &self.slots {
            if let Some(worker) = slot.worker.lock().await.as_ref() {
                words.push_str(&worker.last_words());
            }
        }
        words
    }

    async fn through(&self, slot: &Slot, request: &Request) -> Result<Answer, Setback> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let worker = self.running(slot).await?;
        let deadline = if worker.is_warm() { self.process.deadline_seconds } else { self.process.start_seconds };
        let reply = timeout(Duration::from_secs(deadline), worker.exchange(id, line::write(id, request))).await;
        match reply {
            Ok(reply) => reply,
            Err(_) => {
                worker.end();
                Err(Setback::new(
                    Failure::TimedOut,
                    format!("the program gave no answer within {deadline} s and was ended"),
                ))
            }
        }
    }

    /// The copy in that slot, started if there is none that lives.
    async fn running(&self, slot: &Slot) -> Result<Arc<Worker>, Setback> {
        let mut place = slot.worker.lock().await;
        if let Some(worker) = place.as_ref().filter(|worker| worker.is_alive()) {
            return Ok(Arc::clone(worker));
        }
        let worker = Arc::new(Worker::start(&self.process.command)?);
        *place = Some(Arc::clone(&worker));
        Ok(worker)
    }
}

/// One request's hold on a slot, given back however the request ends.
struct Hold<'a> {
    free: &'a Mutex<Vec<usize>>,
    index: usize,
}

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        lock(self.free).push(self.index);
    }
}

#[async_trait]
impl Model for Subprocess {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        self.attempt(request).await.map_err(|setback| setback.error)
    }

    async fn attempt(&self, request: &Request) -> Result<Answer, Setback> {
        let closed = || Setback::new(Failure::Unreachable, "the program is being ended");
        let _turn = self.turns.acquire().await.map_err(|_| closed())?;
        let index = lock(&self.free).pop().ok_or_else(closed)?;
        let hold = Hold { free: &self.free, index };
        let slot = self.slots.get(hold.index).ok_or_else(closed)?;
        self.through(slot, request).await
    }
}
