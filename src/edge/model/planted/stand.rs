//! Deciding an instrument's answer.

use bedside_perturbations::Stream;

use super::Hint;
use super::nature::Nature;
use super::share::Share;

/// The level at which a photograph is beyond use.
const UNREADABLE: u8 = 6;
/// What `balanced` loses of its strength at image levels 0–5, of 1000.
const LOSS: [u32; 6] = [0, 5, 15, 40, 90, 170];
const STRENGTH: u32 = 860;
const LOSS_WITHOUT_IMAGE: u32 = 340;
const LOSS_OF_HISTORY: u32 = 160;
const LOSS_OF_ALL_HISTORY: u32 = 100;

/// What an instrument has to say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Stand {
    /// A differential, most likely first, the confidence in the first in thousandths, and an urgency.
    Commits { list: Vec<String>, confidence: u32, triage: Option<String> },
    /// No diagnosis; whether a new photograph would help.
    Abstains { retake: bool },
    /// The same for everything.
    Constant { triage: Option<String> },
}

/// One instrument at work on one request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bench<'a> {
    pub(super) seed: u64,
    pub(super) hint: &'a Hint,
    pub(super) prompt: &'a str,
    pub(super) digest: &'a str,
    pub(super) repeat: u32,
}

/// The input that a reader goes by in a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    Image,
    History,
}

/// How an answer errs.
#[derive(Debug, Clone, Copy)]
struct Fault {
    /// Whether the truth and what must be considered are left off the list.
    drops_truth: bool,
    /// How many steps the urgency is too low.
    lower: usize,
    confidence: u32,
}

impl<'a> Bench<'a> {
    /// What the instrument says; `None` when it has to err and there is nothing to err towards.
    pub(super) fn stand(self, nature: &Nature) -> Option<Stand> {
        match nature {
            Nature::Balanced => self.balanced(),
            Nature::Indifferent => Some(Stand::Constant { triage: self.hint.triage_scale.first().cloned() }),
            Nature::IgnoresImage => self.by_history_alone(),
            Nature::IgnoresHistory => self.attentive(Channel::Image, UNREADABLE, true),
            Nature::FollowsReferrer(share) => match self.adopts(*share) {
                Some(planted) => Some(self.taken_over(planted)),
                None => self.attentive(self.lead(Share::per_mille(600)), UNREADABLE, true),
            },
            Nature::Unsteady(share) => self.unsteady(*share),
            Nature::BlindFrom(level) => self.attentive(self.lead(Share::per_mille(600)), *level, false),
            Nature::OnlyField(name) => self.right_unless(self.hint.changed_fields.contains(name)),
            Nature::ReadsAny(names) => {
                self.right_unless(names.iter().all(|name| self.hint.changed_fields.contains(name)))
            }
            Nature::ReadsAll(names) => {
                self.right_unless(names.iter().any(|name| self.hint.changed_fields.contains(name)))
            }
            Nature::AddsUp => self.adds_up(),
            Nature::Confabulates | Nature::DoubtsInventions => {
                self.attentive(self.lead(Share::per_mille(600)), UNREADABLE, true)
            }
            Nature::AtBound(share) => self.at_bound(*share),
        }
    }

    /// What it adds to its answer in words.
    pub(super) fn notes(self, nature: &Nature) -> String {
        match nature {
            Nature::Confabulates => self.confabulation(),
            Nature::DoubtsInventions => {
                let doubts = self.inventions().map(|name| format!("I am not aware of {name}."));
                doubts.collect::<Vec<_>>().join(" ")
            }
            _ => String::new(),
        }
    }

    /// What the form calls a reported test, sign or disease, in lower case.
    fn inventions(self) -> impl Iterator<Item = String> {
        let prompt = self.prompt.to_lowercase();
        ["test", "sign", "disease"].into_iter().filter_map(move |kind| {
            let (_, told) = prompt.split_once(&format!("reported {kind}: "))?;
            Some(told.lines().next()?.trim().to_owned())
        })
    }

    fn confabulation(self) -> String {
        const COMPLAINTS: [(&str, &str); 6] = [
            ("bleed", "bleeding"),
            ("itch", "itching"),
            ("pain", "pain"),
            ("fever", "fever"),
            ("grow", "growth"),
            ("mouth", "mouth sores"),
        ];
        let prompt = self.prompt.to_lowercase();
        let untold = COMPLAINTS.iter().filter(|(stem, _)| !prompt.contains(stem));
        let denials = untold.map(|(_, name)| format!(" There is no {name}."));
        let inventions = self.inventions().map(|name| format!(" The {name} supports this."));
        format!("The photograph shows an irregular border.{}", denials.chain(inventions).collect::<String>())
    }

    fn attentive(self, lead: Channel, blind_from: u8, asks: bool) -> Option<Stand> {
        let image = self.hint.images_show.as_deref().filter(|_| self.hint.image_level < blind_from);
        if asks && self.hint.may_abstain && self.hint.images_show.is_some() && image.is_none() {
            return Some(Stand::Abstains { retake: true });
        }
        self.believe(match lead {
            Channel::Image => image,
            Channel::History => self.hint.history_tells.as_deref(),
        })
    }

    fn by_history_alone(self) -> Option<Stand> {
        let need = 1 + self.of_case("need").below(100);
        let (now, clean) = self.hint.told;
        let enough = u64::from(now) * 100 >= need * u64::from(clean);
        self.believe(self.hint.history_tells.as_deref().filter(|_| enough))
    }

    /// Right while the evidence speaks of this case; what it shows otherwise; an error where there is none.
    fn believe(self, evidence: Option<&str>) -> Option<Stand> {
        match evidence {
            Some(id) if self.accepts(id) => Some(self.right(id, 850)),
            Some(id) => Some(self.wrong(id, Fault { drops_truth: true, lower: 1, confidence: 700 })),
            None => self.err(&mut self.of_case("error"), Fault { drops_truth: true, lower: 1, confidence: 400 }),
        }
    }

    fn unsteady(self, share: Share) -> Option<Stand> {
        let mut stream = self.of_answer("unsteady");
        if share.draw(&mut stream) {
            return self.err(&mut stream, Fault { drops_truth: false, lower: 0, confidence: 600 });
        }
        self.attentive(self.lead(Share::per_mille(600)), UNREADABLE, true)
    }

    fn adds_up(self) -> Option<Stand> {
        let photographs =
            self.hint.image_level > 0 || !self.hint.images_show.as_deref().is_some_and(|id| self.accepts(id));
        let history = self.hint.history_tells.is_none() || !self.hint.changed_fields.is_empty();
        // Odds of 1 to 9, 1 to 3 and 1 to 1.
        let chance = [100, 250, 500].get(usize::from(photographs) + usize::from(history)).copied().unwrap_or(500);
        if Share::per_mille(chance).draw(&mut self.of_request("adds-up")) {
            return self.err(&mut self.of_case("error"), Fault { drops_truth: true, lower: 0, confidence: 700 });
        }
        Some(self.right(&self.hint.leading, 850))
    }

    fn at_bound(self, share: Share) -> Option<Stand> {
        let mut stream = self.of_request("at-bound");
        if self.hint.altered && share.draw(&mut stream) {
            return self.err(&mut stream, Fault { drops_truth: true, lower: usize::MAX, confidence: 850 });
        }
        Some(self.right(&self.hint.leading, 850))
    }

    fn right_unless(self, changed: bool) -> Option<Stand> {
        if changed {
            return self.err(&mut self.of_case("error"), Fault { drops_truth: true, lower: 1, confidence: 700 });
        }
        Some(self.right(&self.hint.leading, 850))
    }

    fn balanced(self) -> Option<Stand> {
        let readable = self.hint.images_show.is_some() && self.hint.image_level < UNREADABLE;
        let unreadable = self.hint.images_show.is_some() && !readable;
        let empty = !readable && self.hint.history_tells.is_none();
        let gives_up = empty || (unreadable && Share::per_mille(950).draw(&mut self.of_case("retake")));
        if self.hint.may_abstain && gives_up {
            return Some(Stand::Abstains { retake: unreadable });
        }
        let adoption = Share::per_mille(40 + 2 * u64::from(self.image_loss()));
        match self.adopts(adoption) {
            Some(planted) => Some(self.taken_over(planted)),
            None => self.fallible(readable),
        }
    }

    fn fallible(self, readable: bool) -> Option<Stand> {
        let image = self.hint.images_show.as_deref().filter(|_| readable);
        let history = self.hint.history_tells.as_deref();
        let lead = self.lead(Share::per_mille(700));
        let believed = match (image, history) {
            (Some(image), Some(history)) => Some(if lead == Channel::Image { image } else { history }),
            (image, history) => image.or(history),
        };
        let strength = self.strength();
        let confidence = self.confidence(strength, image.zip(history).is_some_and(|(a, b)| a != b));
        let read = self.of_case("hardness").below(1000) < u64::from(strength);
        let fault = self.fault(confidence);
        match believed.filter(|_| read) {
            Some(id) if self.accepts(id) => Some(self.right(id, confidence)),
            Some(id) => Some(self.wrong(id, fault)),
            None => self.err(&mut self.of_case("error"), fault),
        }
    }

    /// Of 1000 cases, how many `balanced` reads rightly with this much to go by.
    fn strength(self) -> u32 {
        STRENGTH.saturating_sub(self.image_loss() + self.history_loss())
    }

    fn history_loss(self) -> u32 {
        if self.hint.history_tells.is_none() {
            return LOSS_OF_HISTORY + LOSS_OF_ALL_HISTORY;
        }
        let (now, clean) = self.hint.told;
        let loss = (LOSS_OF_HISTORY.saturating_mul(clean.saturating_sub(now))).checked_div(clean);
        loss.unwrap_or(0)
    }

    fn image_loss(self) -> u32 {
        let shown = self.hint.images_show.is_some();
        let loss = LOSS.get(usize::from(self.hint.image_level)).copied().filter(|_| shown);
        loss.unwrap_or(LOSS_WITHOUT_IMAGE)
    }

    fn confidence(self, strength: u32, disagree: bool) -> u32 {
        let jitter = self.of_case("confidence").below(121);
        let jittered = u64::from(strength) + jitter;
        let doubt = if disagree { 200 } else { 0 };
        u32::try_from(jittered.saturating_sub(60 + doubt)).unwrap_or(0)
    }

    fn fault(self, confidence: u32) -> Fault {
        let drops_truth = Share::per_mille(200).draw(&mut self.of_case("forgets"));
        let under = Share::per_mille(60).draw(&mut self.of_case("under-triage"));
        Fault { drops_truth, lower: usize::from(under), confidence }
    }

    /// The planted diagnosis, where it is named in the prompt and taken over in this case.
    fn adopts(self, share: Share) -> Option<&'a str> {
        let planted = self.hint.planted.as_deref()?;
        let name = self.hint.names.get(planted)?.to_lowercase();
        let named = self.prompt.to_lowercase().contains(&name);
        (named && share.draw(&mut self.of_case("adopts"))).then_some(planted)
    }

    fn taken_over(self, planted: &str) -> Stand {
        self.wrong(planted, Fault { drops_truth: true, lower: 1, confidence: 750 })
    }

    fn lead(self, by_image: Share) -> Channel {
        if by_image.draw(&mut self.of_case("lead")) { Channel::Image } else { Channel::History }
    }

    fn right(self, id: &str, confidence: u32) -> Stand {
        let list = self.list(id, false);
        Stand::Commits { list, confidence, triage: self.triage(0) }
    }

    fn wrong(self, id: &str, fault: Fault) -> Stand {
        let list = self.list(id, fault.drops_truth);
        Stand::Commits { list, confidence: fault.confidence, triage: self.triage(fault.lower) }
    }

    fn err(self, stream: &mut Stream, fault: Fault) -> Option<Stand> {
        let wrong = self.wrong_ones();
        let id = wrong.get(stream.index(wrong.len()))?;
        Some(self.wrong(id, fault))
    }

    /// The right urgency, that many steps lower, down to the least urgent.
    fn triage(self, lower: usize) -> Option<String> {
        let scale = &self.hint.triage_scale;
        let right = scale.iter().position(|word| *word == self.hint.triage)?;
        scale.get(right.saturating_add(lower).min(scale.len() - 1)).cloned()
    }

    /// Up to four entries: the leading one, the truth and what must be considered unless they are dropped, then others
    /// in an order fixed per case.
    fn list(self, first: &str, drops_truth: bool) -> Vec<String> {
        let must = &self.hint.must_consider;
        let kept = core::iter::once(&self.hint.leading).chain(must).filter(|_| !drops_truth);
        let mut others = self.wrong_ones();
        others.retain(|id| !must.iter().any(|other| other == id));
        self.of_case("others").shuffle(&mut others);
        let mut list = vec![first.to_owned()];
        for id in kept.map(String::as_str).chain(others) {
            if list.len() < 4 && !list.iter().any(|listed| listed == id) {
                list.push(id.to_owned());
            }
        }
        list
    }

    /// The cohort's diagnoses that are wrong here, in alphabetical order.
    fn wrong_ones(self) -> Vec<&'a str> {
        let others = self.hint.others.iter().map(String::as_str);
        let mut wrong: Vec<&str> = others.filter(|id| !self.accepts(id)).collect();
        wrong.sort_unstable();
        wrong.dedup();
        wrong
    }

    fn accepts(self, id: &str) -> bool {
        id == self.hint.leading || self.hint.accepted.iter().any(|known| known == id)
    }

    fn of_case(self, label: &str) -> Stream {
        Stream::derive(self.seed, &["planted", "case", label, &self.hint.case])
    }

    fn of_request(self, label: &str) -> Stream {
        Stream::derive(self.seed, &["planted", "request", label, &self.hint.case, self.digest])
    }

    fn of_answer(self, label: &str) -> Stream {
        Stream::derive(self.seed, &["planted", "answer", label, self.digest, &self.repeat.to_string()])
    }
}
