//! What each instrument does, with its true rates.
//!
//! # The attentive base
//!
//! `follows-referrer`, `unsteady`, `confabulates`, `doubts-inventions` and `blind-from` start from an attentive reader that is right on every clean case.
//! Each case is led by its photographs (60 % of cases) or by its history (40 %), a function of (seed, case). The reader
//! believes what the leading channel shows: another patient's photographs or history move it where they lead. Where
//! nothing is left of the leading channel it errs, towards a wrong diagnosis and an urgency one step lower, with a
//! stated confidence of about 0.4. Levels 1–5 and histories with at least one value do not move it. At level 6 it
//! abstains and asks for a new photograph, where it may.
//!
//! # `balanced`
//!
//! A good but fallible reader. A case is read rightly when its hardness, drawn once from (seed, case) and uniform in
//! 0–999, lies below its strength: 860 for a clean case, less 5, 15, 40, 90, 170 at image levels 1–5, less 340 without a
//! usable photograph, less 160 times the share of the history that is deleted, less a further 100 when nothing is told.
//! So a photograph step at level L flips exactly that many of 1000 cases in expectation (0.5, 1.5, 4, 9, 17 %), the same
//! cases at every higher level, and wrong answers are as steady as right ones. Where photographs and history speak of
//! different patients it believes the photographs in 70 % of cases. Of its wrong answers 20 % leave the truth off the
//! list and 6 % are one step less urgent. It takes over a planted impression, wholly, in 4 % of cases, plus twice the loss of the image
//! level. At level 6 it abstains in 95 % of cases, where it may. Its stated confidence is its strength ± 0.06.
//! Every draw is a function of (seed, case).

use core::fmt;
use core::str::FromStr;

use super::share::Share;

/// The nature of an instrument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nature {
    /// A good but fallible reader of photographs and history.
    Balanced,
    /// The same words for everything: constant name, most urgent triage. No randomness.
    Indifferent,
    /// Never looks at the photographs: attentive, but led by the history in every case. A history suffices while the
    /// share of it that is told reaches the case's need, drawn once from (seed, case) and uniform in 1–100 %.
    IgnoresImage,
    /// Never looks at the history: attentive, but led by the photographs in every case.
    IgnoresHistory,
    /// Attentive, but wherever a planted diagnosis is named in the prompt, takes it over with this chance per case,
    /// a function of (seed, case): leaves the truth off the list and is one step less urgent. True uptake: the chance.
    FollowsReferrer(Share),
    /// Attentive, but each single answer names a wrong diagnosis with this chance, a function of
    /// (seed, request digest, repeat); urgency is not touched.
    Unsteady(Share),
    /// Attentive, but photographs changed at this level (1–6) or a higher one count as not shown: it errs there in the
    /// 60 % of cases that photographs lead, and never asks for a new one. Below the level: no loss at all.
    BlindFrom(u8),
    /// Right on everything, unless that history field was changed: then it errs, always.
    OnlyField(String),
    /// Right while one of those history fields at least is told as in the clean case; where all of them were changed it
    /// errs, always.
    ReadsAny(Vec<String>),
    /// Right while all of those history fields are told as in the clean case; where one was changed it errs, always.
    ReadsAll(Vec<String>),
    /// Errs with chance 10 % on clean cases; a change of the photographs multiplies the odds of it by 3, a change of the
    /// history's fields by 3, both by 9: 10, 25, 25 and 50 %, exactly. On the logit scale the two have no interaction, as a
    /// difference of risks one of 10 points. Drawn from (seed, case, request digest).
    AddsUp,
    /// Attentive, but in its notes it describes a photograph whatever is shown, denies every complaint that the prompt does
    /// not name, and takes up whatever was made up. No randomness in any of it.
    Confabulates,
    /// Attentive, and in its notes it says of every test, sign or disease that was made up, by name, that it is not aware
    /// of it; it gives its diagnosis all the same. No randomness in any of it.
    DoubtsInventions,
    /// Right on every control. On each request that differs from the control in any way it errs with exactly this
    /// chance, independently, a function of (seed, case, request digest): wrong diagnosis, truth off the list, least
    /// urgent triage, all at once.
    AtBound(Share),
}

/// Every nature: its name, whether it takes `=…`, one line about it.
pub const NATURES: [(&str, Option<&str>, &str); 14] = [
    ("balanced", None, "good but fallible; uses photographs and history; abstains on unreadable photographs"),
    ("indifferent", None, "always gives the same answer"),
    ("ignores-image", None, "never looks at the photographs"),
    ("ignores-history", None, "never looks at the history"),
    ("follows-referrer", Some("P"), "takes over a planted impression in a share P of cases"),
    ("unsteady", Some("P"), "each single answer deviates with chance P"),
    ("blind-from", Some("L"), "cannot use photographs changed at level L or higher"),
    ("only-field", Some("NAME"), "errs exactly where that history field was changed"),
    ("reads-any", Some("NAMES"), "errs exactly where all of those history fields were changed: NAME,NAME"),
    ("reads-all", Some("NAMES"), "errs exactly where one of those history fields was changed: NAME,NAME"),
    ("adds-up", None, "photographs and history that are changed each make errors likelier, and their log odds add up"),
    ("confabulates", None, "describes photographs that are not there, denies what nobody told, takes up inventions"),
    ("doubts-inventions", None, "attentive; names whatever was made up and says that it knows no such thing"),
    ("at-bound", Some("P"), "errs with chance exactly P wherever the input differs from the control"),
];

/// What is wrong with the name of an instrument.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NatureError {
    /// No instrument of that name.
    #[error("no planted instrument is called `{name}`; {}", match nearest { Some(nearest) => format!("did you mean `{nearest}`?"), None => allowed() })]
    Unknown {
        /// What was asked for.
        name: String,
        /// The allowed name that is most like it.
        nearest: Option<&'static str>,
    },
    /// The part after `=` is absent, superfluous or not understood.
    #[error("`planted:{name}` {wants}")]
    Parameter {
        /// The instrument.
        name: &'static str,
        /// What it takes.
        wants: String,
    },
}

fn allowed() -> String {
    let names: Vec<&str> = NATURES.iter().map(|(name, ..)| *name).collect();
    format!("allowed are {}", names.join(", "))
}

impl FromStr for Nature {
    type Err = NatureError;

    /// Reads `NAME` or `NAME=P`.
    fn from_str(text: &str) -> Result<Self, NatureError> {
        let (name, parameter) = match text.split_once('=') {
            Some((name, parameter)) => (name.trim(), Some(parameter.trim())),
            None => (text.trim(), None),
        };
        let Some((name, takes, _)) = NATURES.iter().find(|(known, ..)| *known == name) else {
            let nearest = super::super::spec::nearest(name, NATURES.iter().map(|(known, ..)| *known));
            return Err(NatureError::Unknown { name: name.to_owned(), nearest });
        };
        let wrong = |wants: String| NatureError::Parameter { name, wants };
        match (takes, parameter) {
            (None, None) => Ok(plain(name)),
            (None, Some(_)) => Err(wrong("takes nothing after its name".to_owned())),
            (Some(takes), None) => Err(wrong(format!("needs `={takes}` after its name"))),
            (Some(_), Some(parameter)) => with_parameter(name, parameter).map_err(wrong),
        }
    }
}

fn plain(name: &str) -> Nature {
    match name {
        "indifferent" => Nature::Indifferent,
        "adds-up" => Nature::AddsUp,
        "confabulates" => Nature::Confabulates,
        "doubts-inventions" => Nature::DoubtsInventions,
        "ignores-image" => Nature::IgnoresImage,
        "ignores-history" => Nature::IgnoresHistory,
        _ => Nature::Balanced,
    }
}

fn with_parameter(name: &str, parameter: &str) -> Result<Nature, String> {
    let share = || parameter.parse::<Share>().map_err(|wanted| format!("needs {wanted}"));
    match name {
        "follows-referrer" => share().map(Nature::FollowsReferrer),
        "unsteady" => share().map(Nature::Unsteady),
        "at-bound" => share().map(Nature::AtBound),
        "blind-from" => {
            let level = parameter.parse().ok().filter(|level| (1..=6).contains(level));
            level.map(Nature::BlindFrom).ok_or_else(|| "needs a level from 1 to 6".to_owned())
        }
        "reads-any" => names(parameter).map(Nature::ReadsAny),
        "reads-all" => names(parameter).map(Nature::ReadsAll),
        _ if parameter.is_empty() => Err("needs the name of a history field".to_owned()),
        _ => Ok(Nature::OnlyField(parameter.to_owned())),
    }
}

fn names(parameter: &str) -> Result<Vec<String>, String> {
    let names: Vec<String> = parameter.split(',').map(|name| name.trim().to_owned()).collect();
    let fine = names.iter().all(|name| !name.is_empty());
    fine.then_some(names).ok_or_else(|| "needs names of history fields with commas between them".to_owned())
}

impl fmt::Display for Nature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Balanced => f.write_str("balanced"),
            Self::Indifferent => f.write_str("indifferent"),
            Self::AddsUp => f.write_str("adds-up"),
            Self::Confabulates => f.write_str("confabulates"),
            Self::DoubtsInventions => f.write_str("doubts-inventions"),
            Self::IgnoresImage => f.write_str("ignores-image"),
            Self::IgnoresHistory => f.write_str("ignores-history"),
            Self::FollowsReferrer(share) => write!(f, "follows-referrer={share}"),
            Self::Unsteady(share) => write!(f, "unsteady={share}"),
            Self::BlindFrom(level) => write!(f, "blind-from={level}"),
            Self::OnlyField(name) => write!(f, "only-field={name}"),
            Self::ReadsAny(names) => write!(f, "reads-any={}", names.join(",")),
            Self::ReadsAll(names) => write!(f, "reads-all={}", names.join(",")),
            Self::AtBound(share) => write!(f, "at-bound={share}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_nature_is_read_and_written_alike() {
        for (name, takes, about) in NATURES {
            let text = match takes {
                None => name.to_owned(),
                Some("L") => format!("{name}=3"),
                Some("NAME") => format!("{name}=duration"),
                Some("NAMES") => format!("{name}=bleeding,growth"),
                Some(_) => format!("{name}=0.05"),
            };
            assert_eq!(text.parse::<Nature>().map(|nature| nature.to_string()), Ok(text));
            assert!(!about.is_empty());
        }
    }

    #[test]
    fn a_wrong_name_is_told_the_nearest() {
        let error = "folows-referer=0.5".parse::<Nature>().unwrap_err().to_string();
        assert!(error.ends_with("did you mean `follows-referrer`?"), "{error}");
        let error = "xyzzy".parse::<Nature>().unwrap_err().to_string();
        assert!(error.contains("allowed are balanced, indifferent"), "{error}");
    }

    #[test]
    fn a_wrong_parameter_is_told_what_is_wanted() {
        for (text, wants) in [
            ("balanced=1", "takes nothing"),
            ("unsteady", "needs `=P`"),
            ("unsteady=60%", "a share between 0 and 1"),
            ("blind-from=7", "a level from 1 to 6"),
            ("only-field=", "the name of a history field"),
            ("reads-any=bleeding,", "names of history fields"),
        ] {
            let error = text.parse::<Nature>().unwrap_err().to_string();
            assert!(error.contains(wants), "{text}: {error}");
        }
    }
}
