//! Cutting a mention out of a list, a predicate or a clause.

use std::ops::Range;

use super::clause::{is_governor, items, lists_on, opens_predicate};
use super::lexicon::{
    AUXILIARIES, BARE_VERBS, BODY_PARTS, DETERMINERS, HANGERS, NEGATIONS, PREPOSITIONS, QUALIFIERS, RELATIVES, REPORTS,
    SUBJECTS, TRAILERS, is_adverb, on,
};
use super::marked::{Cut, Marked, Surgery, is_of_place};
use super::mention::Class;
use super::symptoms::is_symptom_verb;

/// Where a mention stands: its clause, and its item among those of the subject or of the predicate.
pub(super) struct Spot {
    /// The clauses of the sentence.
    pub(super) clauses: Vec<Range<usize>>,
    /// Which of them.
    pub(super) at: usize,
    /// The subject, or the predicate from its verb on.
    pub(super) zone: Range<usize>,
    /// The items of the zone.
    pub(super) items: Vec<Range<usize>>,
    /// Which of them.
    pub(super) item: usize,
    /// Whether the zone is the subject.
    subject: bool,
}

impl Spot {
    fn clause(&self) -> Option<&Range<usize>> {
        self.clauses.get(self.at)
    }

    fn own(&self) -> Option<&Range<usize>> {
        self.items.get(self.item)
    }

    fn next(&self) -> Option<&Range<usize>> {
        self.items.get(self.item + 1)
    }
}

impl Marked<'_> {
    /// A mention in a list, a predicate or a clause.
    pub(super) fn in_clause(&self) -> Option<Surgery> {
        let spot = self.spot()?;
        let clause = spot.clause()?;
        if spot.subject && spot.items.len() == 1 {
            return self.is_free(clause).then(|| self.drop_run(&spot.clauses, spot.at, spot.at)).flatten();
        }
        if spot.subject && spot.items.len() == 2 && on(&["are", "were", "have"], self.low(spot.zone.end)) {
            return None;
        }
        self.in_item(&spot)
    }

    fn spot(&self) -> Option<Spot> {
        let (clauses, at) = self.clause()?;
        let clause = clauses.get(at)?.clone();
        let verb = self.verb(&clause);
        let subject = verb.is_some_and(|verb| self.mention.end <= verb);
        let zone = match verb {
            Some(verb) if subject => clause.start..verb,
            Some(verb) => verb..clause.end,
            None => clause,
        };
        let items = items(&self.tokens, &zone);
        let item = items.iter().position(|item| item.contains(&self.mention.start))?;
        Some(Spot { clauses, at, zone, items, item, subject })
    }

    fn in_item(&self, spot: &Spot) -> Option<Surgery> {
        let own = spot.own()?;
        let start = self.widened_left(self.mention.start).max(own.start);
        let (left, right) = (own.start..start, self.mention.end..own.end);
        if !right.is_empty() && !self.is_free(&right) {
            return self.hold_right(spot, start, &left);
        }
        if !right.is_empty() && (!self.absorbs(right.start) || self.runs_on(&right, spot.next())) {
            return None;
        }
        if left.is_empty() {
            return self.drop_whole(spot, own);
        }
        // "No pain or anything": what follows is nothing without it.
        if spot.next().is_some_and(|next| on(&["anything", "something", "so", "such"], self.low(next.start))) {
            return None;
        }
        if let Some(next) = spot.next().filter(|next| self.precedes_adjective(start, next)) {
            return Some(Cut::out(start..next.start));
        }
        // "Right-sided chest pain": the chest would hang in the air.
        let placed = self.class == Class::Noun && is_of_place(self.before(start));
        if let Some(next) = spot.next().filter(|next| !placed && self.shares(next, &spot.zone)) {
            return self.drop_first(&left, start, own.end, next.start);
        }
        if left.clone().all(|at| is_governor(self.low(at))) {
            return self.drop_whole(spot, own);
        }
        if let Some(hanger) = left.rev().find(|&at| on(HANGERS, self.low(at))) {
            return Some(Cut::out(hanger..own.end));
        }
        let noun = matches!(self.class, Class::Noun | Class::Ing) && self.before(start) == "of";
        noun.then(|| Cut::put(start..self.mention.end, "symptoms"))
    }

    /// Whether the mention is the first of several adjectives: "an itchy, painful rash", "is 64 years old, female".
    fn precedes_adjective(&self, start: usize, next: &Range<usize>) -> bool {
        let governor = self.before(start);
        let article = on(&["a", "an"], governor) || (on(DETERMINERS, governor) && self.class == Class::Adjective);
        let copula = on(&["is", "are", "was", "were", "i'm", "she's", "he's", "it's"], governor)
            && self.class == Class::Adjective;
        let first = self.low(next.start);
        let hung = opens_predicate(&self.tokens, next.start)
            || on(HANGERS, first)
            || on(PREPOSITIONS, first)
            || on(NEGATIONS, first);
        (article || copula) && !hung && on(&[",", "and"], self.before(next.start))
    }

    /// Whether what follows the mention belongs to it and goes with it.
    fn absorbs(&self, at: usize) -> bool {
        let word = self.low(at);
        let word = if word == "," { self.low(at + 1) } else { word };
        let lists = [PREPOSITIONS, HANGERS, QUALIFIERS, TRAILERS];
        let answer = on(&[":", "-", "yes", "no", "none", "unknown", "absent", "present", "all", "nor", "of"], word);
        lists.iter().any(|list| on(list, word))
            || is_adverb(word)
            || answer
            || on(BODY_PARTS, word)
            || (on(DETERMINERS, word) && !on(RELATIVES, word))
    }

    /// Whether a list runs on inside what follows the mention: "unchanged in size, shape or colour".
    fn runs_on(&self, right: &Range<usize>, next: Option<&Range<usize>>) -> bool {
        let bare =
            next.is_some_and(|next| !opens_predicate(&self.tokens, next.start) && !on(NEGATIONS, self.low(next.start)));
        bare && on(&["by", "from", "in", "of", "on", "over", "to", "with"], self.low(right.start))
    }

    /// Whether the next item stands under the same governor as the mention: "no itching, bleeding or pain".
    fn shares(&self, next: &Range<usize>, zone: &Range<usize>) -> bool {
        let first = self.low(next.start);
        let parallel = self.is_parallel(next);
        if self.class == Class::Verb && !parallel {
            return false;
        }
        let own = (opens_predicate(&self.tokens, next.start) && !parallel)
            || on(HANGERS, first)
            || on(PREPOSITIONS, first)
            || on(RELATIVES, first);
        let joint = self.before(next.start);
        !own && (on(&["and", "or", "nor", "but", "/", "&"], joint) || lists_on(&self.tokens, next.start, zone.end))
    }

    /// Whether the next verb stands under the same helper or subject: "has not itched or bled", "if it itches or bleeds".
    fn is_parallel(&self, next: &Range<usize>) -> bool {
        let (first, governor) = (self.low(next.start), self.before(self.mention.start));
        let helped = on(AUXILIARIES, governor) || on(NEGATIONS, governor);
        let bare = on(BARE_VERBS, first) || (is_symptom_verb(first) && !first.ends_with('s'));
        let verbal = self.class == Class::Verb || on(BARE_VERBS, self.low(self.mention.start));
        verbal && ((helped && bare) || (on(SUBJECTS, governor) && opens_predicate(&self.tokens, next.start)))
    }

    /// The first item under a governor goes with the joint behind it; a denial before "but" goes too.
    fn drop_first(&self, left: &Range<usize>, start: usize, end: usize, next: usize) -> Option<Surgery> {
        let but = self.low(end) == "," && self.low(end + 1) == "but";
        let joint = if but { "but" } else { self.low(end) };
        let denial = left.clone().find(|&at| on(NEGATIONS, self.low(at)));
        match (joint, denial) {
            ("but", Some(denial)) if on(&["no", "not", "without"], self.low(denial)) => Some(Cut::out(denial..next)),
            ("but", Some(_)) => None,
            ("nor", Some(denial)) if self.low(denial) == "neither" => {
                let word = self.plain_denial(denial)?.to_owned();
                Some(Surgery::Cut(Cut { run: start..next, put: "", joint: Some((denial, word)) }))
            }
            _ if on(&["both", "either"], self.before(start)) => None,
            _ => Some(Cut::out(start..next)),
        }
    }

    /// "is neither itchy" becomes "is not itchy", "reports neither" becomes "reports no".
    fn plain_denial(&self, at: usize) -> Option<&'static str> {
        let left = self.before(at);
        if on(&["has", "have", "had"], left) || on(REPORTS, left) {
            return Some("no");
        }
        (on(AUXILIARIES, left) && self.class != Class::Verb).then_some("not")
    }

    /// A whole item goes; with it its clause, where it was the only one.
    fn drop_whole(&self, spot: &Spot, own: &Range<usize>) -> Option<Surgery> {
        if spot.items.len() > 1 {
            return self.drop_item(&spot.zone, &spot.items, spot.item);
        }
        let clause = spot.clause()?;
        // "Recurrent and is itchy": what stands before the joint is a statement of its own and no subject.
        let joint = spot.zone.start.checked_sub(1).filter(|&at| at > clause.start && !spot.subject);
        if let Some(joint) = joint.filter(|&at| on(&["and", "but"], self.low(at))) {
            return Some(Cut::out(joint..own.end));
        }
        if self.is_free(clause) { self.drop_run(&spot.clauses, spot.at, spot.at) } else { self.stand_in(clause, own) }
    }

    /// A list item goes with its joint; the joint before it becomes the last one where it was.
    pub(super) fn drop_item(&self, zone: &Range<usize>, items: &[Range<usize>], item: usize) -> Option<Surgery> {
        let own = items.get(item)?;
        let Some(previous) = item.checked_sub(1).and_then(|at| items.get(at)) else {
            return self.drop_first_item(zone, own, items.get(1)?);
        };
        // "Abdominal or breast tenderness": the noun belongs to both.
        if previous.clone().all(|at| is_governor(self.low(at)) || is_of_place(self.low(at)))
            && previous.clone().any(|at| is_of_place(self.low(at)))
        {
            return None;
        }
        let cut = previous.end..own.end;
        let joint = self.before(own.start);
        if item + 1 < items.len() || !on(&["and", "or", "nor"], joint) {
            return Some(Cut::out(cut));
        }
        if previous.clone().any(|at| on(&["both", "either"], self.low(at))) {
            return None;
        }
        let neither = (zone.start..cut.start).find(|&at| self.low(at) == "neither");
        let joint = match neither {
            Some(at) if items.len() == 2 => Some((at, self.plain_denial(at)?.to_owned())),
            _ => self.last_comma(items, item).map(|at| (at, joint.to_owned())),
        };
        Some(Surgery::Cut(Cut { run: cut, put: "", joint }))
    }

    /// The first item goes with the joint behind it, where the next can stand without it.
    fn drop_first_item(&self, zone: &Range<usize>, own: &Range<usize>, next: &Range<usize>) -> Option<Surgery> {
        let predicate = own.start == zone.start && self.verb(zone) == Some(own.start);
        let fits = !predicate || opens_predicate(&self.tokens, next.start);
        (fits && self.low(own.end) != "nor").then(|| Cut::out(own.start..next.start))
    }

    /// The comma before the last item that stays, where the list stands under one governor.
    fn last_comma(&self, items: &[Range<usize>], item: usize) -> Option<usize> {
        let staying = items.get(item.checked_sub(1)?)?;
        let first = items.first()?;
        let governed = first.clone().any(|at| is_governor(self.low(at))) || self.verb(first).is_some();
        let comma = staying.start.checked_sub(1)?;
        (item >= 2 && governed && self.low(comma) == "," && staying.len() <= 6).then_some(comma)
    }
}
