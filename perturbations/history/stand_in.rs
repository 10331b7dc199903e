//! What is done where a mention cannot be cut out of its sentence: a word that tells nothing takes its place, or the
//! statement that tells it and nothing else goes.

use std::ops::Range;

use super::clause::is_governor;
use super::complaint::Stance;
use super::lexicon::{
    AUXILIARIES, BARE_VERBS, BLANK, BODY_PARTS, COORDINATORS, DETERMINERS, FRAMES, HANGERS, LESIONS,
    PLACE_PREPOSITIONS, PLACE_WORDS, PREPOSITIONS, REPORTS, SUBJECT_VERBS, SUBJECTS, TIMES, TRAILERS, VERBS,
    is_place_word, number_word, on,
};
use super::marked::{Cut, Marked, SIDES, Surgery};
use super::mention::Class;
use super::words::{Shape, bytes, overlap};

/// Complaints whose verb can be replaced by one that names no complaint.
const TROUBLES: &[&str] = &["itch", "bleed", "hurt", "burning"];
/// Complaints that are something to be seen: "blisters" become "lesions".
const SEEN: &[&str] = &["ulcer", "blister"];
/// Complaints that no noun stands for: growth is a thing as well as a change.
const UNNAMED: &[&str] =
    &["grew", "change", "darkening", "discharge", "elevation", "spread", "spreading", "weight_loss"];
/// How many words a statement may hold beside the fact before it tells something else.
const MOST_BESIDE: usize = 2;

/// Owners of a part of the body, with what takes its place in the singular and the plural.
const PARTS: &[(&str, &str, &str)] = &[
    ("my", "a part of my body", "parts of my body"),
    ("our", "a part of our body", "parts of our bodies"),
    ("your", "a part of your body", "parts of your body"),
    ("his", "a part of his body", "parts of his body"),
    ("her", "a part of her body", "parts of her body"),
    ("their", "a part of their body", "parts of their body"),
    ("the", "a part of the body", "parts of the body"),
    ("a", "a part of the body", "parts of the body"),
    ("an", "a part of the body", "parts of the body"),
];

impl Marked<'_> {
    /// What may be done where the mention cannot be cut out, the smallest first.
    pub(super) fn in_its_place(&self) -> Vec<Surgery> {
        let word = match self.class {
            Class::Place => self.part_of_the_body(),
            Class::Noun => self.some_symptom(),
            Class::Verb => self.some_trouble(),
            Class::Adjective => self.affected(),
            Class::Ing => self.some_trouble().or_else(|| self.some_symptom()),
            _ => None,
        };
        let statement = if self.told().is_empty() { None } else { self.lone_statement() };
        word.into_iter().chain(statement).collect()
    }

    /// "My toe hurts" becomes "a part of my body hurts".
    fn part_of_the_body(&self) -> Option<Surgery> {
        let (mut start, end) = (self.mention.start, self.place_end());
        // "The nails of her toes": the toes would hang in the air.
        let whole = self.low(end) == "of" && (end..end + 5).any(|at| on(BODY_PARTS, self.low(at)));
        if self.is_compound(end) || whole || self.low(end) == "-" {
            return None;
        }
        while is_place_word(self.before(start)) || (on(SIDES, self.before(start)) && self.is_free(&(start - 1..start)))
        {
            start -= 1;
        }
        let many = self.is_plural(end - 1);
        let owner = self.before(start);
        if let Some((_, one, several)) = PARTS.iter().find(|(own, _, _)| *own == owner) {
            return Some(Cut::put(start - 1..end, if many { several } else { one }));
        }
        let noun = if many { "parts of the body" } else { "part of the body" };
        if owner.ends_with("'s") {
            return Some(Cut::put(start..end, "body"));
        }
        if on(DETERMINERS, owner) || owner == "one" || (self.is_word(start.checked_sub(1)?) && self.is_described(start))
        {
            return Some(Cut::put(start..end, noun));
        }
        let bare =
            on(PLACE_PREPOSITIONS, owner) || on(COORDINATORS, owner) || on(VERBS, owner) || on(AUXILIARIES, owner);
        bare.then(|| Cut::put(start..end, if many { noun } else { "a part of the body" }))
    }

    /// Whether an adjective with its article stands before: "this infected toe".
    fn is_described(&self, start: usize) -> bool {
        let adjective = self.before(start);
        let plain = !self.is_function(adjective) && !on(BODY_PARTS, adjective) && !on(SIDES, adjective);
        let headed = start.checked_sub(1).is_some_and(|at| at == 0 || on(DETERMINERS, self.before(at)));
        (plain || on(&["other", "whole"], adjective)) && headed
    }

    /// Where a place ends: "chest area" and "ankle joint" tell the chest and the ankle.
    pub(super) fn place_end(&self) -> usize {
        let end = self.mention.end;
        end + usize::from(on(&["area", "areas", "region", "joint"], self.low(end)) && self.is_free(&(end..end + 1)))
    }

    /// Whether a noun follows that the word before it belongs to: "ear drum", "pain medication".
    pub(super) fn is_compound(&self, end: usize) -> bool {
        let word = self.low(end);
        // "My arms itch": a verb.
        let verb = on(BARE_VERBS, word) && self.is_plural(end - 1);
        self.is_word(end) && !verb && !self.is_function(word) && !on(BEHIND, word) && number_word(word).is_none()
    }

    fn is_plural(&self, at: usize) -> bool {
        let word = self.low(at);
        on(&["feet", "teeth", "axillae"], word) || (word.ends_with('s') && !on(&["pubis", "axis"], word))
    }

    /// Whether every complaint that the mention tells is said to be there, and is one of these.
    fn affirms(&self, of: impl Fn(&str) -> bool) -> bool {
        let mention = bytes(&self.tokens, &self.mention);
        let mut own = self.statements().iter().filter(|told| overlap(&told.span, &mention)).peekable();
        own.peek().is_some() && own.all(|told| told.stance == Stance::Affirmed && of(told.name))
    }

    /// "The pain is not always there" becomes "the symptom is not always there"; never where it is denied, for no pain
    /// is not no symptom.
    fn some_symptom(&self) -> Option<Surgery> {
        let (start, end) = (self.widened_left(self.mention.start), self.mention.end);
        let verbal =
            self.class == Class::Ing && (on(AUXILIARIES, self.before(start)) || on(SUBJECT_VERBS, self.before(start)));
        if self.is_compound(end) || verbal || !self.affirms(|name| !on(UNNAMED, name)) || self.before(start) == "-" {
            return None;
        }
        let many = self.is_plural(end - 1);
        let relative = on(&["that", "which"], self.low(end)) && self.low(end + 1).ends_with('s');
        let single = relative || on(&["is", "was", "has", "isn't", "wasn't", "hasn't"], self.low(end));
        let governed = self.is_governed(start);
        let noun = match (self.affirms(|name| on(SEEN, name)), many || !(governed || single), governed) {
            (false, true, _) => "symptoms",
            (false, false, true) => "symptom",
            (false, false, false) => "a symptom",
            (true, true, _) => "lesions",
            (true, false, true) => "lesion",
            (true, false, false) => "a lesion",
        };
        Some(Cut::put(start..end, noun))
    }

    /// Whether an article, with or without adjectives, stands before: "this huge headache".
    fn is_governed(&self, start: usize) -> bool {
        let adjective = |at: &usize| self.is_word(*at) && !self.is_function(self.low(*at));
        let left = (0..start).rev().take(3).find(|at| !adjective(at));
        left.is_some_and(|at| on(DETERMINERS, self.low(at)))
    }

    /// "My neck is quite sore now" becomes "my neck is affected now".
    fn affected(&self) -> Option<Surgery> {
        let (start, end) = (self.widened_left(self.mention.start), self.mention.end);
        let (clauses, at) = self.clause()?;
        let placed = (clauses.get(at)?.start..start).any(|at| on(BODY_PARTS, self.low(at)));
        let said = on(AUXILIARIES, self.before(start)) || on(REPORTS, self.before(start));
        let ends = on(&["now", "and", "for", "since", "too", ",", ".", ";", ""], self.low(end));
        (placed && said && ends && self.affirms(|name| on(TROUBLES, name))).then(|| Cut::put(start..end, "affected"))
    }

    /// "My chest hurts" becomes "my chest causes trouble".
    fn some_trouble(&self) -> Option<Surgery> {
        if !self.affirms(|name| on(TROUBLES, name)) {
            return None;
        }
        let start = self.widened_left(self.mention.start);
        let (word, previous) = (self.low(self.mention.end - 1), self.before(start));
        let helped = on(AUXILIARIES, previous) || previous == "to";
        let next = self.low(self.mention.end);
        // "It hurts me", "it bleeds a lot": what follows belongs to the verb.
        if on(&["me", "him", "us", "them"], next) || on(DETERMINERS, next) {
            return None;
        }
        let put = match self.class {
            Class::Ing if on(AUXILIARIES, previous) || on(STARTS, previous) => "causing trouble",
            Class::Ing => return None,
            _ if on(&["has", "have", "had"], previous) => "caused trouble",
            _ if helped => "cause trouble",
            _ if word.ends_with('s') => "causes trouble",
            _ if word.ends_with("ed") || word == "bled" => "caused trouble",
            _ if start.checked_sub(1).is_some_and(|at| self.is_plural(at)) || on(MANY, previous) => "cause trouble",
            _ => return None,
        };
        Some(Cut::put(self.mention.clone(), put))
    }

    /// A clause that makes one statement, the fact, and holds hardly a word beside it.
    fn lone_statement(&self) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?;
        let inside = self.mention.end <= clause.end;
        let single = clause.clone().all(|at| self.mention.contains(&at) || !on(COORDINATORS, self.low(at)));
        let beside = clause.clone().filter(|&at| !self.mention.contains(&at) && self.tells(at)).count();
        let numbers = clause.clone().any(|at| self.tokens.get(at).is_some_and(|token| token.shape == Shape::Number));
        (inside && single && !numbers && beside <= MOST_BESIDE && self.is_free(clause))
            .then(|| self.drop_run(&clauses, at, at))
            .flatten()
    }

    /// Whether a word tells something by itself.
    fn tells(&self, at: usize) -> bool {
        let lists = [
            AUXILIARIES,
            BLANK,
            BODY_PARTS,
            COORDINATORS,
            FRAMES,
            HANGERS,
            LESIONS,
            PLACE_WORDS,
            PREPOSITIONS,
            REPORTS,
            SIDES,
            SUBJECTS,
            TIMES,
            TRAILERS,
        ];
        let word = self.low(at);
        self.is_word(at) && !is_governor(word) && !lists.iter().any(|list| on(list, word))
    }

    /// The words of a history with what it is of: "family history of melanoma or other cancers".
    pub(super) fn with_object(&self) -> Option<Range<usize>> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?;
        let named = self.low(self.mention.end.checked_sub(1)?) == "history";
        let whole = self.mention.start..clause.end;
        (named && self.low(self.mention.end) == "of" && self.is_free(&whole)).then_some(whole)
    }

    /// "No personal or family history of it" becomes "no personal history of it".
    pub(super) fn other_history(&self) -> Option<Surgery> {
        let (start, last) = (self.mention.start, self.mention.end.checked_sub(1)?);
        let paired = on(&["or", "and"], self.before(start))
            && on(&["personal", "past", "medical"], start.checked_sub(2).map_or("", |at| self.low(at)));
        (paired && self.low(last) == "history" && last > start).then(|| Cut::out(start - 1..last))
    }
}

/// Words behind a noun that are no second part of it: "my hand hit", "cut my finger open", "the pain shoots".
const BEHIND: &[&str] = &[
    "accompanying",
    "anymore",
    "contain",
    "contains",
    "down",
    "heal",
    "heals",
    "hit",
    "involving",
    "leading",
    "lost",
    "open",
    "radiating",
    "revealed",
    "reveals",
    "shoots",
    "subsides",
    "suddenly",
];
/// Verbs behind which a form in -ing is a verb.
const STARTS: &[&str] = &["began", "begins", "keeps", "kept", "start", "started", "starts", "stop", "stopped", "stops"];
/// Subjects of a verb in the plural.
const MANY: &[&str] = &["both", "they", "these", "those"];
