//! Cutting a mention out of its sentence so that what is left is still English.
//!
//! The mention is looked at as part of a list, a predicate, a clause, a sentence, in that order; the smallest of them
//! whose removal leaves something whole is removed. Where nothing safe is found, nothing is done.

use std::ops::Range;

use super::clause::{clauses, is_governor, is_verb, items, joint_end, lists_on, opens_predicate};
use super::lexicon::{
    AUXILIARIES, BLANK, BODY_PARTS, COORDINATORS, DETERMINERS, HANGERS, NEGATIONS, PERSONS, PREPOSITIONS, QUALIFIERS, RELATIVES,
    REPORTS, SUBJECT_VERBS, TRAILERS, is_adverb, on,
};
use super::mention::{Class, Mention};
use super::seam::splice;
use super::sentence::sentence_at;
use super::words::{Shape, Token, before, bytes, covering, low, overlap, slice, tokens};

/// The note without the mention; `None` where it is too entangled with something else.
///
/// Nothing in `protected` (bytes of the note) is touched.
pub(super) fn cut(note: &str, mention: &Mention, protected: &[Range<usize>]) -> Option<String> {
    let span = sentence_at(note, mention.span.start)?;
    let sentence = Sentence::read(note, span.clone(), mention, protected)?;
    let after = match sentence.surgery()? {
        Surgery::Sentence => return sentence.is_free(&(0..sentence.end)).then(|| without_sentence(note, &span)),
        Surgery::Cut(cut) => sentence.perform(&cut)?,
    };
    let dangles = loose_ends(&after) > loose_ends(sentence.text);
    let head = slice(note, &(0..span.start));
    (!dangles).then(|| format!("{head}{after}{}", slice(note, &(span.end..note.len()))))
}

/// The note without one of its sentences.
pub(super) fn without_sentence(note: &str, sentence: &Range<usize>) -> String {
    let (head, tail) = (slice(note, &(0..sentence.start)), slice(note, &(sentence.end..note.len())));
    let rest = tail.trim_start_matches([' ', '\t']);
    let opens_line = head.is_empty() || head.ends_with('\n');
    match rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')) {
        Some(next) if opens_line => format!("{head}{next}"),
        _ if rest.is_empty() || rest.starts_with(['\n', '\r']) => format!("{}{rest}", head.trim_end_matches([' ', '\t'])),
        _ => format!("{head}{rest}"),
    }
}

/// What to do to a sentence.
enum Surgery {
    /// Remove all of it.
    Sentence,
    /// Remove or replace a run of its tokens.
    Cut(Cut),
}

/// A run of tokens to be replaced, and a joint that must change with it.
struct Cut {
    run: Range<usize>,
    put: &'static str,
    joint: Option<(usize, String)>,
}

impl Cut {
    fn out(run: Range<usize>) -> Surgery {
        Surgery::Cut(Self { run, put: "", joint: None })
    }

    fn put(run: Range<usize>, put: &'static str) -> Surgery {
        Surgery::Cut(Self { run, put, joint: None })
    }
}

/// A sentence with the mention marked in it.
struct Sentence<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The token after the last that is not a closing mark.
    end: usize,
    mention: Range<usize>,
    class: Class,
    /// For each token, whether it must stay.
    kept: Vec<bool>,
}

impl<'a> Sentence<'a> {
    fn read(note: &'a str, span: Range<usize>, mention: &Mention, protected: &[Range<usize>]) -> Option<Self> {
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
        (!run.is_empty()).then_some(Self { text, tokens, end, mention: run, class: mention.class, kept })
    }

    fn low(&self, at: usize) -> &str {
        low(&self.tokens, at)
    }

    fn before(&self, at: usize) -> &str {
        before(&self.tokens, at)
    }

    fn is_word(&self, at: usize) -> bool {
        at < self.end && self.tokens.get(at).is_some_and(|token| token.shape == Shape::Word)
    }

    /// Whether nothing in the run must stay.
    fn is_free(&self, run: &Range<usize>) -> bool {
        run.clone().all(|at| !self.kept.get(at).copied().unwrap_or_default())
    }

    fn perform(&self, cut: &Cut) -> Option<String> {
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

    fn surgery(&self) -> Option<Surgery> {
        match self.class {
            Class::Statement => self.statement(),
            Class::Adjunct => self.adjunct(),
            _ => self.premodifier().or_else(|| self.in_clause()),
        }
    }

    /// The clause that holds the mention, with all clauses.
    fn clause(&self) -> Option<(Vec<Range<usize>>, usize)> {
        let clauses = clauses(&self.tokens, self.end);
        let at = clauses.iter().position(|clause| clause.contains(&self.mention.start))?;
        Some((clauses, at))
    }

    fn verb(&self, clause: &Range<usize>) -> Option<usize> {
        clause.clone().find(|&at| is_verb(self.low(at)) && !self.is_nominal(at))
    }

    /// A form that looks like a verb behind an article: "a change", "the spread".
    fn is_nominal(&self, at: usize) -> bool {
        on(DETERMINERS, self.before(at)) && !on(AUXILIARIES, self.low(at)) && !on(&["that", "this"], self.before(at))
    }

    /// An adjective before its noun goes alone: "an itchy rash".
    fn premodifier(&self) -> Option<Surgery> {
        let (start, end) = (self.widened_left(self.mention.start), self.mention.end);
        let next = self.low(end);
        let adjectival = matches!(self.class, Class::Adjective | Class::Ing);
        let function = is_verb(next) || is_adverb(next) || [PREPOSITIONS, COORDINATORS, DETERMINERS, QUALIFIERS, RELATIVES, NEGATIONS].iter().any(|list| on(list, next));
        if !adjectival || !self.is_word(end) || function {
            return self.nominal();
        }
        let held = on(BODY_PARTS, next) && (self.class == Class::Ing || !on(DETERMINERS, self.before(start)));
        if held || (self.class == Class::Ing && on(SUBJECT_VERBS, self.before(start))) {
            return None;
        }
        let joined = on(&[",", "and"], self.before(start)) && self.joins_adjectives(start - 1);
        Some(Cut::out(if joined { start - 1..end } else { start..end }))
    }

    /// "A 64-year-old presents" keeps a noun: "A patient presents".
    fn nominal(&self) -> Option<Surgery> {
        let old = self.class == Class::Adjective && on(&["old", "yo", "o"], self.low(self.mention.end.checked_sub(1)?));
        let determined = on(&["a", "an", "the", "this"], self.before(self.mention.start));
        let owner = self.mention.start.checked_sub(2).map_or("", |at| self.low(at));
        let predicate = is_verb(owner) || on(SUBJECT_VERBS, owner);
        let opens = self.mention.start == 0 || self.before(self.mention.start) == ":";
        let follows = on(&["with", "who", "referred", "presents", "presented", "presenting", "has", "is", "had", "known"], self.low(self.mention.end));
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

    /// A statement of its own goes with its clause, or the whole sentence goes where it opens it.
    fn statement(&self) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let last = clauses.iter().rposition(|clause| clause.start < self.mention.end)?;
        let run = clauses.get(at)?.start..clauses.get(last)?.end;
        let lead = run.start..self.mention.start;
        let blank = lead.clone().all(|at| is_governor(self.low(at)) || on(BLANK, self.low(at)));
        let behind = self.mention.end..run.end;
        if blank && self.is_free(&run) {
            return self.drop_run(&clauses, at, last);
        }
        let whole = behind.is_empty() && on(COORDINATORS, self.before(self.mention.start));
        whole.then(|| Cut::out(self.mention.start - 1..self.mention.end))
    }

    /// A hung phrase goes alone, and its clause with it where that says nothing else.
    fn adjunct(&self) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?;
        let mention = self.with_preposition();
        let verb = self.verb(clause);
        let zone = verb.filter(|&verb| verb < mention.start).map_or(clause.start, |verb| verb)..clause.end;
        let items = items(&self.tokens, &zone);
        let item = items.iter().position(|item| item.contains(&self.mention.start))?;
        let own = items.get(item)?;
        let rest = own.clone().filter(|at| !mention.contains(at));
        let blank = |at: usize| on(BLANK, self.low(at)) || on(AUXILIARIES, self.low(at)) || on(DETERMINERS, self.low(at)) || on(SUBJECT_VERBS, self.low(at)) || self.low(at) == ",";
        if rest.into_iter().all(blank) && own.len() > mention.len() || *own == mention {
            let subject = clause.start..zone.start;
            let lone = items.len() == 1 && !(*own == mention && clauses.len() > 1 && self.verb(clause).is_none());
            if lone && subject.clone().all(|at| blank(at)) && self.is_free(&subject) {
                return self.drop_run(&clauses, at, at);
            }
            if items.len() > 1 {
                return self.drop_item(&zone, &items, item, own.clone());
            }
            let bare = !subject.is_empty() && *own != mention;
            return if bare { None } else { Some(Cut::out(mention)) };
        }
        Some(Cut::out(mention))
    }

    /// A place with its preposition and what ties it: "on the back of the left hand".
    fn with_preposition(&self) -> Range<usize> {
        let mut start = self.mention.start;
        if on(PREPOSITIONS, self.low(start)) {
            return self.mention.clone();
        }
        while on(DETERMINERS, self.before(start)) || on(&["left", "right", "both", "upper", "lower"], self.before(start)) {
            start -= 1;
        }
        let chained = self.before(start) == "of" && start >= 2 && self.is_word(start - 2);
        if chained && on(DETERMINERS, start.checked_sub(3).map_or("", |at| self.low(at))) {
            start -= 3;
        }
        let hung = on(PREPOSITIONS, self.before(start));
        let start = if hung { start - 1 } else { self.mention.start };
        start..self.mention.end
    }

    /// The mention with the qualifiers before it: "very itchy", "occasional bleeding".
    fn widened_left(&self, start: usize) -> usize {
        let mut start = start;
        let qualifies = |word: &str| (on(QUALIFIERS, word) || is_adverb(word)) && !on(NEGATIONS, word);
        while start > 0 && (qualifies(self.before(start)) || (self.before(start) == "a" && on(&["bit", "little", "lot"], self.low(start)))) {
            start -= 1;
        }
        start
    }

    /// A mention in a list, a predicate or a clause.
    fn in_clause(&self) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?.clone();
        let verb = self.verb(&clause);
        let subject = verb.is_some_and(|verb| self.mention.end <= verb);
        let zone = match verb {
            Some(verb) if subject => clause.start..verb,
            Some(verb) => verb..clause.end,
            None => clause.clone(),
        };
        let items = items(&self.tokens, &zone);
        if subject && items.len() == 1 {
            return self.is_free(&clause).then(|| self.drop_run(&clauses, at, at)).flatten();
        }
        let item = items.iter().position(|item| item.contains(&self.mention.start))?;
        if subject && items.len() == 2 && on(&["are", "were", "have"], self.low(zone.end)) {
            return None;
        }
        self.in_item(&clauses, at, &zone, &items, item)
    }

    fn in_item(&self, clauses: &[Range<usize>], clause: usize, zone: &Range<usize>, items: &[Range<usize>], item: usize) -> Option<Surgery> {
        let own = items.get(item)?.clone();
        let start = self.widened_left(self.mention.start).max(own.start);
        let (left, right) = (own.start..start, self.mention.end..own.end);
        let next = items.get(item + 1);
        if !right.is_empty() && !self.is_free(&right) {
            return self.hold_right(zone, items, item, start, &left);
        }
        if !right.is_empty() && !self.absorbs(right.start) {
            return None;
        }
        if left.is_empty() {
            return self.drop_whole(clauses, clause, zone, items, item, own);
        }
        if let Some(next) = next.filter(|next| self.shares(next, zone)) {
            return self.drop_first(&left, start, own.end, next.start);
        }
        if left.clone().all(|at| is_governor(self.low(at))) {
            return self.drop_whole(clauses, clause, zone, items, item, own);
        }
        let hanger = left.clone().rev().find(|&at| on(HANGERS, self.low(at)))?;
        Some(Cut::out(hanger..own.end))
    }

    /// Whether what follows the mention belongs to it and goes with it.
    fn absorbs(&self, at: usize) -> bool {
        let word = self.low(at);
        let word = if word == "," { self.low(at + 1) } else { word };
        let lists = [PREPOSITIONS, QUALIFIERS, TRAILERS];
        let answer = on(&[":", "-", "yes", "no", "none", "unknown", "absent", "present", "all", "nor", "of"], word);
        lists.iter().any(|list| on(list, word)) || is_adverb(word) || answer || on(BODY_PARTS, word) || on(DETERMINERS, word)
    }

    /// Whether the next item stands under the same governor as the mention: "no itching, bleeding or pain".
    fn shares(&self, next: &Range<usize>, zone: &Range<usize>) -> bool {
        let first = self.low(next.start);
        let own = opens_predicate(&self.tokens, next.start) || on(HANGERS, first) || on(PREPOSITIONS, first) || on(RELATIVES, first);
        let joint = self.before(next.start);
        !own && (on(&["and", "or", "nor", "but", "/", "&"], joint) || lists_on(&self.tokens, next.start, zone.end))
    }

    /// The first item under a governor goes with the joint behind it; a denial before "but" goes too.
    fn drop_first(&self, left: &Range<usize>, start: usize, end: usize, next: usize) -> Option<Surgery> {
        let joint = self.low(end);
        let denial = left.clone().find(|&at| on(NEGATIONS, self.low(at)));
        match (joint, denial) {
            ("but", Some(denial)) if on(&["no", "not", "without"], self.low(denial)) => Some(Cut::out(denial..next)),
            ("but", Some(_)) => None,
            ("nor", Some(denial)) if self.low(denial) == "neither" => {
                let word = self.plain_denial(denial).to_owned();
                Some(Surgery::Cut(Cut { run: start..next, put: "", joint: Some((denial, word)) }))
            }
            _ if on(&["both", "either"], self.before(start)) => None,
            _ => Some(Cut::out(start..next)),
        }
    }

    /// "is neither itchy" becomes "is not itchy", "reports neither" becomes "reports no".
    fn plain_denial(&self, at: usize) -> &'static str {
        if on(AUXILIARIES, self.before(at)) { "not" } else { "no" }
    }

    /// A whole item goes; with it its clause, where it was the only one.
    fn drop_whole(
        &self, clauses: &[Range<usize>], clause: usize, zone: &Range<usize>, items: &[Range<usize>], item: usize, own: Range<usize>,
    ) -> Option<Surgery> {
        if items.len() > 1 {
            return self.drop_item(zone, items, item, own);
        }
        let whole = clauses.get(clause)?;
        if self.is_free(whole) {
            return self.drop_run(clauses, clause, clause);
        }
        self.stand_in(whole, &own)
    }

    /// A list item goes with its joint; the joint before it becomes the last one where it was.
    fn drop_item(&self, zone: &Range<usize>, items: &[Range<usize>], item: usize, own: Range<usize>) -> Option<Surgery> {
        if item == 0 {
            let next = items.get(1)?;
            let predicate = own.start == zone.start && self.verb(zone) == Some(own.start);
            let fits = !predicate || opens_predicate(&self.tokens, next.start);
            let denied = self.low(own.end) == "nor";
            return (fits && !denied).then(|| Cut::out(own.start..next.start));
        }
        let previous = items.get(item - 1)?;
        let cut = previous.end..own.end;
        let last = item + 1 == items.len();
        let joint = self.low(own.start - 1).to_owned();
        if !last || !on(&["and", "or", "nor"], &joint) {
            return Some(Cut::out(cut));
        }
        let neither = (zone.start..cut.start).find(|&at| self.low(at) == "neither");
        let joint = match neither {
            Some(at) if items.len() == 2 => Some((at, self.plain_denial(at).to_owned())),
            _ => self.last_comma(items, item).map(|at| (at, joint)),
        };
        if on(&["both", "either"], self.low(previous.start)) || previous.clone().any(|at| self.low(at) == "both") {
            return None;
        }
        Some(Surgery::Cut(Cut { run: cut, put: "", joint }))
    }

    /// The comma before the last item that stays, where the list stands under one governor.
    fn last_comma(&self, items: &[Range<usize>], item: usize) -> Option<usize> {
        let staying = items.get(item.checked_sub(1)?)?;
        let first = items.first()?;
        let governed = first.clone().any(|at| is_governor(self.low(at))) || self.verb(first).is_some();
        let comma = staying.start.checked_sub(1)?;
        (item >= 2 && governed && self.low(comma) == "," && staying.len() <= 6).then_some(comma)
    }

    /// Clauses go with what joins them; the sentence goes where they were all of it.
    fn drop_run(&self, clauses: &[Range<usize>], first: usize, last: usize) -> Option<Surgery> {
        let label = first.checked_sub(1).filter(|&at| self.is_label(clauses, at, first));
        let first = label.filter(|_| last + 1 == clauses.len() || label == Some(0)).unwrap_or(first);
        let (start, end) = (clauses.get(first)?.start, clauses.get(last)?.end);
        if start == 0 && last + 1 == clauses.len() {
            return Some(Surgery::Sentence);
        }
        let bracketed = self.before(start) == "(" && self.low(end) == ")";
        if bracketed {
            return Some(Cut::out(start - 1..end + 1));
        }
        let previous = first.checked_sub(1).and_then(|at| clauses.get(at));
        match (previous, clauses.get(last + 1)) {
            (Some(previous), Some(next)) if on(RELATIVES, self.low(start)) => {
                let comma = self.low(next.start - 1) == ",";
                Some(Cut::out(previous.end..if comma { next.start } else { end }))
            }
            (Some(previous), _) if self.low(previous.end) != ":" => Some(Cut::out(previous.end..end)),
            (_, Some(next)) if !on(RELATIVES, self.low(next.start)) && joint_end(&self.tokens, end, self.end) == next.start => {
                Some(Cut::out(start..next.start))
            }
            _ => None,
        }
    }

    /// Whether the clause is a heading of the next: "Symptoms:".
    fn is_label(&self, clauses: &[Range<usize>], at: usize, next: usize) -> bool {
        let (Some(label), Some(next)) = (clauses.get(at), clauses.get(next)) else { return false };
        label.len() <= 4 && self.low(label.end) == ":" && next.start == label.end + 1 && self.is_free(label)
    }

    /// What follows the mention must stay: it gets something neutral to hang on.
    fn hold_right(&self, zone: &Range<usize>, items: &[Range<usize>], item: usize, start: usize, left: &Range<usize>) -> Option<Surgery> {
        let next = self.low(self.mention.end);
        if !on(PREPOSITIONS, next) && next != "," && next != "ago" {
            return None;
        }
        if next == "," || (left.is_empty() && item > 0) {
            let from = if left.is_empty() && item > 0 { items.get(item - 1)?.end } else { start };
            let lone = left.is_empty() || !left.clone().all(|at| is_governor(self.low(at)));
            return lone.then(|| Cut::out(from..self.mention.end));
        }
        self.neutral(zone, start, left)
    }

    /// "itchy for 3 weeks" becomes "present for 3 weeks", "itching of the arm" becomes "symptoms of the arm".
    fn neutral(&self, zone: &Range<usize>, start: usize, left: &Range<usize>) -> Option<Surgery> {
        let governor = left.clone().next_back().map_or("", |at| self.low(at));
        let copula = on(&["is", "are", "was", "were", "been", "it's", "be"], governor);
        if left.clone().any(|at| on(NEGATIONS, self.low(at))) {
            return None;
        }
        let run = start..self.mention.end;
        let fragment = left.is_empty() && zone.start == start;
        match self.class {
            Class::Adjective if copula || fragment => Some(Cut::put(run, "present")),
            Class::Ing if copula => Some(Cut::put(run, "present")),
            Class::Verb if on(&["has", "have"], governor) => Some(Cut::put(run, "been present")),
            Class::Noun | Class::Ing if fragment || on(&["of", "with", "any"], governor) || on(REPORTS, governor) || on(&["has", "had"], governor) => {
                Some(Cut::put(run, "symptoms"))
            }
            _ => None,
        }
    }

    /// The subject must stay: the predicate becomes one that tells nothing.
    fn stand_in(&self, clause: &Range<usize>, own: &Range<usize>) -> Option<Surgery> {
        if !self.is_free(own) || own.start == clause.start {
            return None;
        }
        let verb = self.low(own.start);
        let hanger = own.clone().find(|&at| on(HANGERS, self.low(at)));
        if let Some(hanger) = hanger.filter(|_| on(&["presents", "presented", "attends", "attended", "seen"], verb)) {
            return Some(Cut::out(hanger..own.end));
        }
        if on(REPORTS, verb) && !on(NEGATIONS, verb) && matches!(self.class, Class::Noun | Class::Ing) {
            return Some(Cut::put(self.widened_left(self.mention.start)..own.end, "symptoms"));
        }
        let put = match verb {
            "are" | "were" | "have" | "itch" | "bleed" | "hurt" | "grow" => "are present",
            _ => "is present",
        };
        let noun = self.before(own.start);
        let lesion = on(&["lesion", "rash", "mole", "spot", "nodule", "patch", "lump", "plaque", "papule", "blister", "area", "growth"], noun.trim_end_matches('s'));
        lesion.then(|| Cut::put(own.clone(), put))
    }
}

/// How many words of a sentence have lost what they belong to: "with and", "the.", "no or".
fn loose_ends(sentence: &str) -> usize {
    let tokens = tokens(sentence);
    let open = |word: &str| {
        on(&["and", "or", "nor", "but", "with", "without", "no", "not", "the", "a", "an", "of", "very", "denies", "reports", "neither", "has", "including", "which"], word)
    };
    let shut = |word: &str| on(&["", ".", ",", ";", "and", "or", "but", "nor", ")", "!", ":"], word);
    let pairs = (0..tokens.len()).filter(|&at| open(low(&tokens, at)) && shut(low(&tokens, at + 1))).count();
    let first = on(&["and", "or", "nor", "of", "is", "are", "was", "has", ",", "which"], low(&tokens, 0));
    pairs + usize::from(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_goes_with_one_gap() {
        let without = |note: &str, sentence: &str| {
            let start = note.find(sentence).unwrap();
            without_sentence(note, &(start..start + sentence.len()))
        };
        assert_eq!(without("One. Two. Three.", "Two."), "One. Three.");
        assert_eq!(without("One.  Two.", "Two."), "One.");
        assert_eq!(without("One.\nTwo.\nThree.", "Two."), "One.\nThree.");
        assert_eq!(without("One. Two.\nThree.", "Two."), "One.\nThree.");
        assert_eq!(without("Only.", "Only."), "");
    }

    #[test]
    fn loose_ends_are_counted() {
        for (sentence, count) in [("A rash with and pain.", 2), ("And itches.", 1), ("A rash with pain.", 0), ("No.", 1)] {
            assert_eq!(loose_ends(sentence), count, "{sentence}");
        }
    }

    #[test]
    fn what_must_stay_is_never_touched() {
        let note = "The left forearm hurts me.";
        let mention = Mention { span: 17..22, class: Class::Verb };
        assert_eq!(cut(note, &mention, &[4..8]), None);
    }
}
