//! The reference model: a small network that was trained on phantoms and comes with the program.
//!
//! A test object. It reads photographs and history, answers in every form, runs offline, and breaks in ways that were
//! measured and not designed. It is no medical device, and what it says of real patients means nothing:
//! `MODEL_CARD.md` has its figures.
//!
//! It sees exactly the request: [`question`] reads its words, [`pixels`] its pictures after decoding.

pub mod features;
pub mod judgement;
pub mod network;
pub mod pixels;
pub mod question;
pub mod weights;
mod wording;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use self::judgement::{Judgement, Logits};
use self::network::{HISTORY, Network, PHOTOGRAPH};
use self::pixels::Small;
use self::question::Question;
use self::weights::{Weights, WeightsError};
use super::{Model, ModelCard, Repeatable, lock};
use crate::answer::{Answer, Failure, Finish, ModelError};
use crate::cohort::Scale;
use crate::diagnosis::Lexicon;
use crate::edge::decode::decode;
use crate::request::{Picture, Request};

/// How it is asked for.
pub const ID: &str = "reference";
/// How many photographs are remembered, so that one that is shown in many arms is looked at once.
const REMEMBERED: usize = 256;

/// The reference model.
#[derive(Debug)]
pub struct Reference {
    card: ModelCard,
    mind: Arc<Mind>,
}

/// The network and what it last saw.
#[derive(Debug)]
struct Mind {
    weights: Weights,
    seen: Mutex<Seen>,
}

/// What photographs showed, by the digest of their bytes; the oldest is forgotten first.
#[derive(Debug, Default)]
struct Seen {
    order: std::collections::VecDeque<String>,
    shown: BTreeMap<String, Vec<f32>>,
}

impl Reference {
    /// Opens the weights in the program.
    ///
    /// # Errors
    /// [`WeightsError`] when they are damaged.
    pub fn open() -> Result<Self, WeightsError> {
        Ok(Self::with(Weights::embedded()?))
    }

    /// The model with these weights.
    #[must_use]
    pub fn with(weights: Weights) -> Self {
        let card = card(&weights.digest);
        Self { card, mind: Arc::new(Mind { weights, seen: Mutex::default() }) }
    }

    /// The logits for one request, as far as its pictures can be decoded.
    ///
    /// # Errors
    /// [`ModelError`] when a picture cannot be decoded.
    pub fn logits(&self, request: &Request) -> Result<Logits, ModelError> {
        self.mind.logits(request, &Question::read(request))
    }
}

fn card(digest: &str) -> ModelCard {
    ModelCard {
        id: ID.to_owned(),
        name: format!("{ID}, weights {}", digest.get(..12).unwrap_or(digest)),
        endpoint: String::new(),
        instrument: false,
        repeatable: Repeatable::Machine,
        takes_real_cases: false,
        price: None,
        tokens_per_image: None,
    }
}

#[async_trait]
impl Model for Reference {
    fn card(&self) -> &ModelCard {
        &self.card
    }

    async fn ask(&self, request: &Request) -> Result<Answer, ModelError> {
        let (mind, request) = (Arc::clone(&self.mind), request.clone());
        let served = self.card.name.clone();
        let text = tokio::task::spawn_blocking(move || mind.answer(&request)).await;
        let text = text.map_err(|_| failed(Failure::Server, "the reference model stopped halfway"))??;
        Ok(Answer { text, finish: Finish::Complete, served: Some(served), usage: None, attempts: 1 })
    }
}

impl Mind {
    fn answer(&self, request: &Request) -> Result<String, ModelError> {
        let question = Question::read(request);
        let logits = self.logits(request, &question)?;
        let scale = Scale::default();
        let words: Vec<&str> = scale.0.iter().map(|step| step.id.as_str()).collect();
        let judgement = Judgement::of(&logits, &self.weights.knowledge, &words);
        Ok(wording::write(&judgement, &question, Lexicon::embedded()))
    }

    fn logits(&self, request: &Request, question: &Question) -> Result<Logits, ModelError> {
        let shown = request.images.iter().map(|picture| self.shown(picture)).collect::<Result<Vec<_>, _>>()?;
        Ok(logits(&self.weights.network, &shown, &features::features(question)))
    }

    /// What a photograph shows.
    fn shown(&self, picture: &Picture) -> Result<Vec<f32>, ModelError> {
        if let Some(shown) = lock(&self.seen).shown.get(&picture.sha256) {
            return Ok(shown.clone());
        }
        let pixels = decode(&picture.bytes)
            .map_err(|error| failed(Failure::Unsuitable, &format!("a photograph cannot be read: {error}")))?;
        let shown = look(&self.weights.network, &Small::of(&pixels));
        lock(&self.seen).remember(&picture.sha256, &shown);
        Ok(shown)
    }
}

impl Seen {
    fn remember(&mut self, digest: &str, shown: &[f32]) {
        if self.shown.insert(digest.to_owned(), shown.to_vec()).is_none() {
            self.order.push_back(digest.to_owned());
        }
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.shown.remove(&oldest);
        }
    }
}

/// What one photograph shows, by itself.
#[must_use]
pub fn look(network: &Network, small: &Small) -> Vec<f32> {
    network.photograph(small.scaled(), small.height, small.width)
}

/// Logits from what each photograph shows and from the history's features.
#[must_use]
pub fn logits(network: &Network, shown: &[Vec<f32>], features: &[u32]) -> Logits {
    let untold = vec![0.0; HISTORY];
    let told = if features.is_empty() { untold.clone() } else { network.history(features) };
    let seen = mean(shown);
    let photographs = (!shown.is_empty()).then(|| network.diagnoses(&seen, &untold));
    Logits { all: network.diagnoses(&seen, &told), photographs }
}

/// The mean over the photographs of a case; zero where there is none.
fn mean(shown: &[Vec<f32>]) -> Vec<f32> {
    let mut sum = vec![0.0; PHOTOGRAPH];
    for one in shown {
        sum.iter_mut().zip(one).for_each(|(sum, value)| *sum += value / shown.len() as f32);
    }
    sum
}

fn failed(kind: Failure, message: &str) -> ModelError {
    ModelError { kind, message: message.to_owned(), attempts: 1 }
}
