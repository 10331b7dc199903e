//! Cutting out statements, hung phrases, places, and facts in the field's own words.

use std::ops::Range;

use super::clause::{is_governor, items, lists_on, opens_predicate};
use super::impression;
use super::lexicon::{
    AUXILIARIES, BLANK, BODY_PARTS, COORDINATORS, DETERMINERS, FINDINGS, FRAMES, HANGERS, LESIONS, PLACE_PREPOSITIONS,
    PREPOSITIONS, SUBJECT_VERBS, SUBJECTS, is_place_word, on,
};
use super::marked::{Cut, Marked, SIDES, Surgery};
use super::symptoms::is_symptom_noun;
use super::words::Shape;

impl Marked<'_> {
    /// A statement of its own goes with its clause, or the whole sentence goes where it opens it.
    pub(super) fn statement(&self) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let last = clauses.iter().rposition(|clause| clause.start < self.mention.end)?;
        let run = clauses.get(at)?.start..clauses.get(last)?.end;
        let lead = run.start..self.mention.start;
        let blank = lead.clone().all(|at| is_governor(self.low(at)) || on(BLANK, self.low(at)));
        let behind = self.mention.end..run.end;
        if lead.is_empty() && on(COORDINATORS, self.low(behind.start)) {
            return Some(Cut::out(self.mention.start..behind.start + 1));
        }
        if blank && self.is_free(&run) {
            return self.drop_run(&clauses, at, last);
        }
        let closed = behind.is_empty() || on(COORDINATORS, self.low(behind.start));
        let whole = closed && on(COORDINATORS, self.before(self.mention.start));
        whole.then(|| Cut::out(self.mention.start - 1..self.mention.end))
    }

    /// A hung phrase goes alone, and its clause with it where that says nothing else.
    pub(super) fn adjunct(&self, mention: &Range<usize>) -> Option<Surgery> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?;
        let verb = self.verb(clause);
        let zone = verb.filter(|&verb| verb < mention.start).map_or(clause.start, |verb| verb)..clause.end;
        let items = items(&self.tokens, &zone);
        let item = items.iter().position(|item| item.contains(&self.mention.start))?;
        let own = items.get(item)?;
        let rest = own.clone().filter(|at| !mention.contains(at));
        let blank = |at: usize| {
            let lists = [BLANK, AUXILIARIES, DETERMINERS, SUBJECT_VERBS];
            lists.iter().any(|list| on(list, self.low(at))) || self.low(at) == ","
        };
        if rest.into_iter().all(blank) && own.len() > mention.len() || own == mention {
            let subject = clause.start..zone.start;
            let lone = items.len() == 1 && !(own == mention && clauses.len() > 1 && self.verb(clause).is_none());
            if lone && subject.clone().all(|at| blank(at) || on(LESIONS, self.low(at))) && self.is_free(&subject) {
                return self.drop_run(&clauses, at, at);
            }
            if items.len() > 1 {
                return self.drop_item(&zone, &items, item);
            }
            let bare = !subject.is_empty() && own != mention;
            return (!bare).then(|| Cut::out(mention.clone()));
        }
        Some(Cut::out(mention.clone()))
    }

    /// The field's own words go with the sentence or clause that is about nothing else, or as a list item.
    pub(super) fn fact(&self) -> Option<Surgery> {
        if let Some(other) = self.other_history() {
            return Some(other);
        }
        let (clauses, at) = self.clause()?;
        let mention = self.with_object().unwrap_or_else(|| self.mention.clone());
        let framed = |run: &Range<usize>| run.clone().all(|at| mention.contains(&at) || self.is_frame(at));
        if framed(&(0..self.end)) && self.is_free(&(0..self.end)) {
            return Some(Surgery::Sentence);
        }
        if framed(clauses.get(at)?) && self.is_free(clauses.get(at)?) {
            return self.drop_run(&clauses, at, at);
        }
        let measured = self.tokens.get(self.mention.start).is_some_and(|token| token.shape == Shape::Number);
        if measured && self.before(self.mention.start) == "of" && !self.is_word(self.mention.end) {
            return Some(Cut::out(self.mention.start - 1..self.mention.end));
        }
        let noun = self.low(self.mention.end.checked_sub(1)?);
        if self.mention.len() == 1 && on(LESIONS, noun) {
            let plural = noun.ends_with('s');
            return Some(Cut::put(self.mention.clone(), if plural { "skin problems" } else { "skin problem" }));
        }
        self.premodifier().or_else(|| self.in_clause())
    }

    fn is_frame(&self, at: usize) -> bool {
        let lists = [FRAMES, BLANK, PREPOSITIONS, HANGERS, COORDINATORS, SUBJECTS];
        is_governor(self.low(at))
            || lists.iter().any(|list| on(list, self.low(at)))
            || on(&[":", "-", "–"], self.low(at))
    }

    /// A place goes with its preposition; one of several places goes alone; before a noun it goes as an adjective does.
    pub(super) fn place(&self) -> Option<Surgery> {
        let (mut start, end) = (self.mention.start, self.place_end());
        // "Look at the nails of her toes": the toes would hang in the air.
        if self.low(end) == "of" && self.is_word(end + 1) {
            return None;
        }
        if self.is_compound(end) {
            let known = self.names_finding(end) && !on(SIDES, self.before(start));
            // "Rib/chest pain" becomes "rib pain".
            let second =
                on(&["and", "or", "/"], self.before(start)) && on(BODY_PARTS, self.before(start.saturating_sub(1)));
            return known.then(|| Cut::out(if second { start - 1..end } else { start..end }));
        }
        // "Chest and leg pain" becomes "leg pain".
        if on(&["and", "or", "/"], self.low(end)) && on(BODY_PARTS, self.low(end + 1)) && self.names_finding(end + 2) {
            return Some(Cut::out(start..end + 1));
        }
        while is_place_word(self.before(start)) || (on(SIDES, self.before(start)) && self.is_free(&(start - 1..start)))
        {
            start -= 1;
        }
        if on(SIDES, self.before(start)) {
            let sides = self.low(end - 1).ends_with('s') && self.before(start) == "both";
            return Some(Cut::put(start..end, if sides { "sides of the body" } else { "side of the body" }));
        }
        if let Some(whole) = self.side_of(start) {
            return Some(Cut::put(whole..end, "the body"));
        }
        let run = self.with_preposition(start);
        let next = end + 1;
        let listed = on(&["and", "or", "&", "/"], self.low(end))
            || (self.low(end) == "," && lists_on(&self.tokens, next, self.end));
        let noun = self.is_word(next) && !opens_predicate(&self.tokens, next) && !self.is_function(self.low(next));
        if run.start < start && listed && noun {
            return Some(Cut::out(start..next));
        }
        if run.start < start && listed && on(DETERMINERS, self.low(next)) {
            return None;
        }
        if run.start < start {
            return self.adjunct(&run);
        }
        on(COORDINATORS, self.before(start)).then(|| self.in_clause()).flatten()
    }

    /// Where the place begins after "left side of", which must stay: "on the left side of the neck".
    fn side_of(&self, start: usize) -> Option<usize> {
        let place = if on(DETERMINERS, self.before(start)) { start - 1 } else { start };
        let sided = place >= 3 && self.before(place) == "of" && on(&["side", "sides"], self.low(place - 2));
        (sided && on(SIDES, self.low(place - 3)) && !self.is_free(&(place - 3..place - 2))).then_some(place)
    }

    /// Whether the word is something found at a place: "forearm lesion", "arm pain".
    fn names_finding(&self, at: usize) -> bool {
        let word = self.low(at);
        on(LESIONS, word) || on(FINDINGS, word) || is_symptom_noun(word) || impression::is_diagnosis(word)
    }

    /// A place with its preposition and what ties it: "on the back of the hand".
    fn with_preposition(&self, start: usize) -> Range<usize> {
        let mut start = start;
        while on(DETERMINERS, self.before(start)) {
            start -= 1;
        }
        let chained = self.before(start) == "of" && start >= 3 && self.is_word(start - 2);
        if chained && on(DETERMINERS, self.low(start - 3)) {
            start -= 3;
        }
        let hung = on(PLACE_PREPOSITIONS, self.before(start));
        let mut start = if hung { start - 1 } else { self.mention.start };
        // "This happens every summer, only at the leg": the adverb belongs to the place.
        if hung && on(&["only", "mostly", "mainly", "just", "chiefly", "especially"], self.before(start)) {
            start -= 1;
        }
        start..self.place_end()
    }
}
