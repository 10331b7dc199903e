//! A clause that goes whole, or that gets something neutral in place of what it said.

use std::ops::Range;

use super::clause::{is_governor, joint_end};
use super::lexicon::{HANGERS, LESIONS, NEGATIONS, PREPOSITIONS, RELATIVES, REPORTS, on};
use super::list::Spot;
use super::marked::{Cut, Marked, Surgery};
use super::mention::Class;

impl Marked<'_> {
    /// Clauses go with what joins them; the sentence goes where they were all of it.
    pub(super) fn drop_run(&self, clauses: &[Range<usize>], first: usize, last: usize) -> Option<Surgery> {
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
            (_, Some(next))
                if !on(RELATIVES, self.low(next.start)) && joint_end(&self.tokens, end, self.end) == next.start =>
            {
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
    pub(super) fn hold_right(&self, spot: &Spot, start: usize, left: &Range<usize>) -> Option<Surgery> {
        let next = self.low(self.mention.end);
        if !on(PREPOSITIONS, next) && next != "," && next != "ago" {
            return None;
        }
        let previous = spot.item.checked_sub(1).and_then(|at| spot.items.get(at)).filter(|_| left.is_empty());
        if let Some(previous) = previous {
            return Some(Cut::out(previous.end..self.mention.end));
        }
        if next == "," {
            let whole = left.is_empty() || !left.clone().all(|at| is_governor(self.low(at)));
            return whole.then(|| Cut::out(start..self.mention.end));
        }
        self.neutral(&spot.zone, start, left)
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
            Class::Noun | Class::Ing
                if fragment
                    || on(&["of", "with", "any"], governor)
                    || on(REPORTS, governor)
                    || on(&["has", "had"], governor) =>
            {
                Some(Cut::put(run, "symptoms"))
            }
            _ => None,
        }
    }

    /// The subject must stay: the predicate becomes one that tells nothing.
    pub(super) fn stand_in(&self, clause: &Range<usize>, own: &Range<usize>) -> Option<Surgery> {
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
        on(LESIONS, noun).then(|| Cut::put(own.clone(), put))
    }
}
