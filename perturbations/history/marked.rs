//! A sentence with a mention marked in it, and what may be done to it.

use std::ops::Range;

use super::clause::{clauses, is_governor, is_verb};
use super::complaint::{self, Stance, Statement};
use super::cut::except;
use super::lexicon::{
    AUXILIARIES, BODY_PARTS, COORDINATORS, DETERMINERS, HANGERS, NEGATIONS, PERSONS, PREPOSITIONS, QUALIFIERS,
    RELATIVES, SUBJECT_VERBS, SUBJECTS, is_adverb, is_place_word, on,
};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::words::{Shape, Token, before, bytes, covering, low, overlap, slice, tokens};

/// Words that say which of two, or both.
pub(super) const SIDES: &[&str] = &["left", "right", "both", "l", "r"];

/// Whether a word names a part of the body or belongs to one.
pub(super) fn is_of_place(word: &str) -> bool {
    on(BODY_PARTS, word) || on(&["abdominal", "muscular", "nasal", "oral", "pelvic"], word)
}

/// What to do to a sentence.
pub(super) enum Surgery {
    /// Remove all of it.
    Sentence,
    /// Remove or replace a run of its tokens.
    Cut(Cut),
}

/// A run of tokens to be replaced, and a joint that must change with it.
pub(super) struct Cut {
    pub(super) run: Range<usize>,
    pub(super) put: &'static str,
    pub(super) joint: Option<(usize, String)>,
}

impl Cut {
    pub(super) fn out(run: Range<usize>) -> Surgery {
        Surgery::Cut(Self { run, put: "", joint: None })
    }

    pub(super) fn put(run: Range<usize>, put: &'static str) -> Surgery {
        Surgery::Cut(Self { run, put, joint: None })
    }
}

/// A sentence with the mention marked in it.
pub(super) struct Marked<'a> {
    text: &'a str,
    pub(super) tokens: Vec<Token<'a>>,
    /// The token after the last that is not a closing mark.
    pub(super) end: usize,
    pub(super) mention: Range<usize>,
    pub(super) class: Class,
    /// For each token, whether it must stay.
    kept: Vec<bool>,
    /// What the sentence says of complaints.
    statements: Vec<Statement>,
}

impl<'a> Marked<'a> {
    pub(super) fn read(
        note: &'a str,
        span: Range<usize>,
        mention: &Mention,
        protected: &[Range<usize>],
    ) -> Option<Self> {
        let text = slice(note, &span);
        let tokens = tokens(text);
        let inner = mention.span.start.checked_sub(span.start)?..mention.span.end.min(span.end) - span.start;
        let run = covering(&tokens, &inner);
        let kept = |token: &Token| {
            let place = token.span.start + span.start..token.span.end + span.start;
            protected.iter().any(|other| overlap(other, &place))
        };
        let kept = tokens.iter().map(kept).collect();
        let end = tokens.iter().rposition(|t| !on(&[".", "!", "?", "…"], &t.low)).map_or(0, |at| at + 1);
        let statements = complaint::statements(text);
        (!run.is_empty()).then_some(Self { text, tokens, end, mention: run, class: mention.class, kept, statements })
    }

    /// The sentence.
    pub(super) fn text(&self) -> &str {
        self.text
    }

    /// What the sentence says of complaints.
    pub(super) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    pub(super) fn low(&self, at: usize) -> &str {
        low(&self.tokens, at)
    }

    pub(super) fn before(&self, at: usize) -> &str {
        before(&self.tokens, at)
    }

    pub(super) fn is_word(&self, at: usize) -> bool {
        at < self.end && self.tokens.get(at).is_some_and(|token| token.shape == Shape::Word)
    }

    /// The complaints that the mention tells.
    pub(super) fn told(&self) -> Vec<&'static str> {
        let mention = bytes(&self.tokens, &self.mention);
        let own = self.statements.iter().filter(|other| overlap(&other.span, &mention));
        own.map(|other| other.name).collect()
    }

    /// What the sentence says of other complaints; a cut must not change it.
    pub(super) fn others(&self) -> Vec<(&'static str, Stance)> {
        except(&self.statements, &self.told())
    }

    /// Whether nothing in the run must stay.
    pub(super) fn is_free(&self, run: &Range<usize>) -> bool {
        run.clone().all(|at| !self.kept.get(at).copied().unwrap_or_default())
    }

    pub(super) fn perform(&self, cut: &Cut) -> Option<String> {
        let mut text = self.text.to_owned();
        if !self.is_free(&cut.run) {
            return None;
        }
        let run = bytes(&self.tokens, &cut.run);
        text = splice(&text, &run, cut.put);
        if let Some((at, word)) = &cut.joint {
            let joint = self.tokens.get(*at)?.span.clone();
            let gap = if word == "," || self.low(*at) != "," { "" } else { " " };
            text.replace_range(joint, &format!("{gap}{word}"));
        }
        Some(text)
    }

    pub(super) fn surgery(&self) -> Option<Surgery> {
        match self.class {
            Class::Statement => self.statement(),
            Class::Adjunct => self.adjunct(&self.mention),
            Class::Place => self.place(),
            Class::Fact => self.fact(),
            _ => self.premodifier().or_else(|| self.in_clause()),
        }
    }

    /// The clause that holds the mention, with all clauses.
    pub(super) fn clause(&self) -> Option<(Vec<Range<usize>>, usize)> {
        let clauses = clauses(&self.tokens, self.end);
        let at = clauses.iter().position(|clause| clause.contains(&self.mention.start))?;
        Some((clauses, at))
    }

    pub(super) fn verb(&self, clause: &Range<usize>) -> Option<usize> {
        clause.clone().find(|&at| is_verb(self.low(at)) && !self.is_nominal(at))
    }

    /// A form that looks like a verb behind an article: "a change", "the spread".
    fn is_nominal(&self, at: usize) -> bool {
        on(DETERMINERS, self.before(at)) && !on(AUXILIARIES, self.low(at)) && !on(&["that", "this"], self.before(at))
    }

    /// Whether a word cannot be the noun that an adjective stands before.
    pub(super) fn is_function(&self, word: &str) -> bool {
        let lists = [PREPOSITIONS, HANGERS, SUBJECTS, COORDINATORS, DETERMINERS, QUALIFIERS, RELATIVES, NEGATIONS];
        is_verb(word) || is_adverb(word) || lists.iter().any(|list| on(list, word))
    }

    /// The mention with the qualifiers before it: "very itchy", "occasional bleeding".
    pub(super) fn widened_left(&self, start: usize) -> usize {
        let mut start = start;
        let qualifies = |word: &str| (on(QUALIFIERS, word) || is_adverb(word)) && !on(NEGATIONS, word);
        // "Abdominal pain", "muscle aches": the place of a complaint goes with it where no field tells it.
        while self.class == Class::Noun
            && start > 0
            && self.is_free(&(start - 1..start))
            && is_of_place(self.before(start))
        {
            start -= 1;
        }
        // "Right-sided chest pain" without "chest" would be no pain of anything.
        if start < self.mention.start && (is_place_word(self.before(start)) || on(SIDES, self.before(start))) {
            return self.mention.start;
        }
        while start > 0
            && (qualifies(self.before(start))
                || (self.before(start) == "a" && on(&["bit", "little", "lot"], self.low(start))))
        {
            start -= 1;
        }
        start
    }

    /// An adjective before its noun goes alone: "an itchy rash".
    pub(super) fn premodifier(&self) -> Option<Surgery> {
        let (start, end) = (self.widened_left(self.mention.start), self.mention.end);
        let next = self.low(end);
        let adjectival = matches!(self.class, Class::Adjective | Class::Ing);
        if !adjectival || !self.is_word(end) || self.is_function(next) {
            return self.nominal();
        }
        if on(&["history", "hx"], next) && !self.is_word(end + 1) {
            return self.history(start..end + 1);
        }
        let held = on(BODY_PARTS, next) && (self.class == Class::Ing || !on(DETERMINERS, self.before(start)));
        if held || (self.class == Class::Ing && on(SUBJECT_VERBS, self.before(start))) {
            return None;
        }
        let joined = on(&[",", "and"], self.before(start)) && self.joins_adjectives(start - 1);
        Some(Cut::out(if joined { start - 1..end } else { start..end }))
    }

    /// "There is a 3-week history." says nothing else and goes.
    fn history(&self, run: Range<usize>) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?;
        let blank = clause.clone().all(|at| run.contains(&at) || is_governor(self.low(at)));
        if blank && self.is_free(clause) {
            self.drop_run(&clauses, at, at)
        } else {
            Some(Cut::out(run.start..run.end - 1))
        }
    }

    /// "A 64-year-old presents" keeps a noun: "A patient presents".
    fn nominal(&self) -> Option<Surgery> {
        let old = self.class == Class::Adjective && on(&["old", "yo", "o"], self.low(self.mention.end.checked_sub(1)?));
        let determined = on(&["a", "an", "the", "this"], self.before(self.mention.start));
        let owner = self.mention.start.checked_sub(2).map_or("", |at| self.low(at));
        let predicate = is_verb(owner) || on(SUBJECT_VERBS, owner);
        let opens = self.mention.start == 0 || self.before(self.mention.start) == ":";
        let follows = on(
            &["with", "who", "referred", "presents", "presented", "presenting", "has", "is", "had", "known"],
            self.low(self.mention.end),
        );
        (old && ((determined && !predicate) || (opens && follows))).then(|| Cut::put(self.mention.clone(), "patient"))
    }

    /// Whether the comma or "and" at `at` joins adjectives that stand behind one article.
    fn joins_adjectives(&self, at: usize) -> bool {
        let mut left = at;
        while left > 0 {
            left -= 1;
            let word = self.low(left);
            if on(DETERMINERS, word) {
                return true;
            }
            let person = PERSONS.iter().any(|(person, _)| *person == word) || on(&["old", "patient", ":", ";"], word);
            if is_verb(word) || person || on(PREPOSITIONS, word) || on(HANGERS, word) {
                return on(HANGERS, word) && at - left <= 2;
            }
        }
        at <= 2 && !PERSONS.iter().any(|(person, _)| *person == self.low(0)) && self.is_word(0)
    }
}
