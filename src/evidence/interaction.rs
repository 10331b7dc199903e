//! The interaction of photographs and history, as a row in words and as numbers for programs.

use bedside_reports::record::{self, Beside};

use super::estimate;
use crate::reliance::interaction::{Finding, Interaction};
use crate::scenario::Sign;
use crate::words::{percent, settled, trim};

/// The row of a cross of photographs and history.
pub(super) fn row(found: Option<&Interaction>) -> Beside {
    Beside {
        title: "interaction of image and history".into(),
        at: "both".into(),
        estimate: found.map(|found| estimate(&found.risk)),
        note: found.map_or_else(|| "Not measured: no case with a reference answered in all four cells.".into(), note),
    }
}

/// The same as numbers.
pub(super) fn of(found: &Interaction) -> record::Interaction {
    record::Interaction {
        declared: found.declared.map(|sign| sign.word().into()),
        finding: word(found.finding).into(),
        risk: estimate(&found.risk),
        logit: found.logit,
        not_right: found.rates,
        chance: found.chance,
    }
}

const fn word(finding: Finding) -> &'static str {
    match finding {
        Finding::AsDeclared => "as-declared",
        Finding::Against => "against",
        Finding::NotShown => "not-shown",
        Finding::NotDeclared => "not-declared",
        Finding::AtTheFloor => "at-the-floor",
        Finding::TooFew => "too-few",
    }
}

fn note(found: &Interaction) -> String {
    let [neither, image, history, both] = found.rates.map(share);
    let logit = found.logit.map_or_else(
        || "On the logit scale there is none: a rate is 0 or 1.".into(),
        |logit| format!("On the logit scale: {}.", trim(settled(logit), 3)),
    );
    format!(
        "{} Not right: {both} with both, less {history} with the history side only, less {image} with the image side only, \
         plus {neither} with neither. {logit}",
        conclusion(found)
    )
}

/// What may be said, in a sentence.
fn conclusion(found: &Interaction) -> String {
    let declared = match found.declared {
        Some(Sign::More) => "that together they do more harm than their sum",
        Some(Sign::Less) => "that together they do less harm than their sum",
        None => "nothing",
    };
    match found.finding {
        Finding::AsDeclared => format!("As declared beforehand, {declared}."),
        Finding::Against => format!("Against what was declared beforehand, {declared}."),
        Finding::NotShown => format!("Not shown: neither {declared}, as was declared beforehand, nor the opposite."),
        Finding::NotDeclared => "Exploratory: no sign was declared beforehand.".into(),
        Finding::TooFew => "Too few patients to say.".into(),
        Finding::AtTheFloor => format!(
            "At the floor, not interpretable: a cell lies below 5 %, above 95 %{}.",
            found.chance.map_or_else(String::new, |chance| format!(
                ", or within 5 points of the {} that naming the commonest diagnosis gives",
                share(chance)
            ))
        ),
    }
}

fn share(share: f64) -> String {
    percent((settled(share) * 1000.0).round() / 1000.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sensitivity::tests::{POSITIVE, Run, SHAM, cross};

    /// A reader of forty patients whose log odds of being wrong add up: one in ten, a quarter with either side, a half with
    /// both. Its risks do not add up.
    fn logit_additive(sign: Option<Sign>) -> bedside_reports::record::Claim {
        let wrong = |case: usize, of: usize| if case < of { "l" } else { "m" };
        let run = (0..40).fold(cross(40, sign), |run, case| {
            let run = run.one(case, 0, &wrong(case, 4).repeat(2)).one(case, SHAM, wrong(case, 4));
            run.one(case, 3, wrong(case, 10)).one(case, 4, wrong(case, 10)).one(case, POSITIVE, wrong(case, 20))
        });
        claim(&run)
    }

    fn claim(run: &Run) -> bedside_reports::record::Claim {
        crate::evidence::record(&run.plan, &run.slots, &run.measure(), crate::evidence::Extras::default())
            .claims
            .swap_remove(0)
    }

    #[test]
    fn a_logit_additive_reader_shows_no_logit_interaction_in_the_record() {
        let claim = logit_additive(Some(Sign::Less));
        let found = claim.interaction.unwrap();
        assert!(found.logit.unwrap().abs() < 1e-12, "{found:?}");
        assert!((found.risk.point - 0.1).abs() < 1e-12, "{found:?}");
        assert_eq!(found.not_right, [0.1, 0.25, 0.25, 0.5]);
        let note = &claim.beside.last().unwrap().note;
        assert!(note.contains("50 % with both, less 25 % with") && note.ends_with("On the logit scale: 0."), "{note}");
    }

    #[test]
    fn a_row_says_what_was_declared_and_a_floor_what_it_is() {
        let run = cross(20, Some(Sign::More)).all(0, "mm").all(3, "m").all(4, "l").all(POSITIVE, "l");
        let found = claim(&run).interaction.unwrap();
        assert_eq!(
            (found.finding.as_str(), found.declared.as_deref(), found.logit),
            ("at-the-floor", Some("more"), None)
        );
        let note = claim(&run).beside.last().unwrap().note.clone();
        assert!(note.starts_with("At the floor, not interpretable:") && note.ends_with("a rate is 0 or 1."), "{note}");
        let against = logit_additive(Some(Sign::Less)).interaction.unwrap();
        let declared = logit_additive(Some(Sign::More)).interaction.unwrap();
        let (low, high) = declared.risk.interval.unwrap();
        let expected = if low > 0.0 { ["against", "as-declared"] } else { ["not-shown"; 2] };
        assert!(high > 0.1 && [against.finding.as_str(), declared.finding.as_str()] == expected, "{low} {high}");
        let silent = cross(20, None).all(0, "mm").all(3, "m").all(4, "l");
        let claim = claim(&silent);
        assert!(claim.interaction.is_none() && claim.beside.last().unwrap().note.starts_with("Not measured"));
    }
}
