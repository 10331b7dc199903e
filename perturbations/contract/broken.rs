//! Operators that are wrong on purpose: the suite must find each of them out, and only for what it does.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{Contract, Rule};
use crate::catalogue::Entry;
use crate::{
    Basis, Card, Change, Context, Edit, Field, Gradable, Grading, Kind, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Target, Tone, Unfit, Unit, Value,
};

/// What is wrong with it.
const NOTHING: u8 = 0;
const OWN_RANDOMNESS: u8 = 1;
const LESS_WITH_MORE: u8 = 2;
const EDITS_THE_NOTE: u8 = 3;
const HIDES_A_PHOTOGRAPH: u8 = 4;
const HIDES_A_FIELD: u8 = 5;
const PANICS: u8 = 6;
const DOES_NOTHING: u8 = 7;
const UNFIT_BUT_CHANGED: u8 = 8;
const NAMES_TOO_MUCH: u8 = 9;
const IGNORES_SELECTION: u8 = 10;
const ALWAYS_UNFIT: u8 = 11;
const USES_THE_DONOR: u8 = 12;
const BOX_OUTSIDE: u8 = 13;
const DRAWS_PER_LEVEL: u8 = 14;
const NOT_A_NUMBER: u8 = 15;
const LOCKSTEP: u8 = 16;
const EMPTY_CARD: u8 = 17;
const DOSES_OUT_OF_ORDER: u8 = 18;
const UNLISTED: u8 = 19;
const REFUSES_ALL: u8 = 20;
const CHANGES_THE_QUESTION: u8 = 21;
const PER_IMAGE_FALL: u8 = 22;
const MOVES_PER_LEVEL: u8 = 23;
const TURNS_BACK: u8 = 24;
const GRADES_NOTHING: u8 = 25;
const GRADES_ONE_MODALITY: u8 = 26;
const GRADES_ONE_TONE: u8 = 27;
const GRADES_TWICE: u8 = 28;
const GRADES_A_GROUP_LATER: u8 = 29;
const GRADES_BY_AN_UNNAMED_PANEL: u8 = 30;
const GRADES_WHAT_IT_REFUSES: u8 = 31;

/// Brightens every selected photograph by the dose; `FAULT` says what else it does.
#[derive(Debug)]
struct Faulty<const FAULT: u8> {
    dose: f64,
}

const fn limit(modality: Modality, tone: Option<Tone>, level: u8, basis: Basis) -> Gradable {
    Gradable { modality, tone, to: Level::new(level), basis }
}

const PHOTO: Gradable = limit(Modality::ClinicalPhoto, None, 3, Basis::Assumed);
const DARK: Gradable = limit(Modality::ClinicalPhoto, Some(Tone::Dark), 2, Basis::Assumed);
const DERMOSCOPY: Gradable = limit(Modality::Dermoscopy, None, 2, Basis::Assumed);
const LATER: Gradable = limit(Modality::Dermoscopy, Some(Tone::Dark), 4, Basis::Assumed);
const BY_A_PANEL: Gradable = limit(Modality::Dermoscopy, None, 2, Basis::Panel);

const fn limits(fault: u8) -> &'static [Gradable] {
    match fault {
        UNLISTED | GRADES_NOTHING => &[],
        GRADES_ONE_MODALITY => &[PHOTO],
        GRADES_ONE_TONE => &[DARK, DERMOSCOPY],
        GRADES_TWICE => &[PHOTO, PHOTO, DERMOSCOPY],
        GRADES_A_GROUP_LATER => &[PHOTO, DERMOSCOPY, LATER],
        GRADES_BY_AN_UNNAMED_PANEL => &[PHOTO, BY_A_PANEL],
        _ => &[PHOTO, DARK, DERMOSCOPY],
    }
}

const fn card(fault: u8) -> Card {
    let levels = if fault == DOSES_OUT_OF_ORDER { [1.0, 3.0, 2.0, 4.0, 5.0] } else { [1.0, 2.0, 3.0, 4.0, 5.0] };
    Card {
        id: "faulty",
        family: "test",
        title: if fault == EMPTY_CARD { "" } else { "Faulty" },
        imitates: "A mistake.",
        target: Target::Image,
        needs: Needs::Nothing,
        oracle: Oracle::Invariant,
        oracle_reason: "It is a test.",
        gradable_to: limits(fault),
        grading: if fault == UNLISTED {
            Grading::Binary
        } else {
            Grading::Graded {
                dose: "amount",
                unit: Unit::Number,
                levels,
                range: Range { mildest: 0.5, severest: 9.0 },
                monotone_in: Quantity::SquaredError,
            }
        },
        parameters: &[],
        references: &["none"],
    }
}

impl<const FAULT: u8> Operator for Faulty<FAULT> {
    const CARD: &'static Card = &card(FAULT);

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        if FAULT == REFUSES_ALL {
            return Err(SettingError::at("amount", "no"));
        }
        Ok(Self { dose: setting.dose.unwrap_or(1.0) })
    }
}

static CALLS: AtomicU8 = AtomicU8::new(0);

impl<const FAULT: u8> Perturbation for Faulty<FAULT> {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        if FAULT == IGNORES_SELECTION {
            cx.on = crate::On::All;
        }
        let chosen = crate::image::selected(stimulus.images.len(), cx);
        if chosen.is_empty() || FAULT == ALWAYS_UNFIT {
            return Err(Unfit::nothing("no photograph"));
        }
        let dermoscopy = stimulus.images.iter().any(|image| image.modality == Modality::Dermoscopy);
        if FAULT == GRADES_WHAT_IT_REFUSES && dermoscopy {
            return Err(Unfit::WrongModality);
        }
        if FAULT == DOES_NOTHING {
            return Ok(Change::default());
        }
        let mut change = Change::default();
        for index in chosen {
            let image = &mut stimulus.images[index];
            let small = image.pixels.width() < 35;
            assert!(FAULT != PANICS || !small, "too small");
            let amount = amount(FAULT, self.dose, small, cx);
            if FAULT == BOX_OUTSIDE {
                image.lesion = Some(crate::Region { x: 0, y: 0, w: 9999, h: 1 });
            }
            image.pixels.iter_mut().for_each(|value| *value = value.saturating_add(amount));
            let shown = if FAULT == NOT_A_NUMBER { f64::NAN } else { f64::from(amount) };
            let angle = if FAULT == DRAWS_PER_LEVEL { self.dose } else { 1.0 };
            let centre = if FAULT == MOVES_PER_LEVEL { self.dose } else { 1.0 };
            let turn = if FAULT == TURNS_BACK && self.dose > 3.0 { -self.dose } else { self.dose };
            let parameters =
                [("amount", shown), ("angle_degrees", angle), ("centre_x", centre), ("clockwise_degrees", turn)];
            let parameters = crate::image::named(parameters);
            if !(FAULT == HIDES_A_PHOTOGRAPH && index == 1) {
                change.edits.push(Edit::Pixels { image: index, parameters });
            }
        }
        meddle(FAULT, stimulus, &mut change)
    }
}

fn amount(fault: u8, dose: f64, small: bool, cx: &Context<'_>) -> u8 {
    let dose = dose as u8;
    match fault {
        OWN_RANDOMNESS => 1 + CALLS.fetch_add(1, Ordering::Relaxed) % 100,
        LESS_WITH_MORE => 20 - dose,
        PER_IMAGE_FALL if small => 10 - dose,
        LOCKSTEP => 7,
        USES_THE_DONOR => dose + u8::from(cx.donor.is_some()),
        _ => 2 * dose,
    }
}

fn meddle(fault: u8, stimulus: &mut Stimulus, change: &mut Change) -> Result<Change, Unfit> {
    match fault {
        EDITS_THE_NOTE => {
            let before = stimulus.history.clone();
            stimulus.history.note = Some("Well.".into());
            change.edits.push(Edit::HistoryReplaced { before, after: stimulus.history.clone() });
        }
        HIDES_A_FIELD => {
            stimulus.history.fields.push(Field { name: "x".into(), kind: Kind::Other, value: Value::Yes });
        }
        UNFIT_BUT_CHANGED => return Err(Unfit::NoLesion),
        NAMES_TOO_MUCH => change.edits.push(Edit::Pixels { image: 99, parameters: std::collections::BTreeMap::new() }),
        CHANGES_THE_QUESTION => stimulus.question.push('!'),
        _ => {}
    }
    Ok(core::mem::take(change))
}

fn broken<const FAULT: u8>() -> Vec<Rule> {
    let mut rules: Vec<Rule> = Contract::new().check(&Entry::of::<Faulty<FAULT>>()).iter().map(|v| v.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn an_operator_without_fault_passes() {
    assert_eq!(broken::<NOTHING>(), []);
}

#[test]
fn randomness_of_its_own_is_found() {
    assert!(broken::<OWN_RANDOMNESS>().contains(&Rule::SameSeedSameBytes));
}

#[test]
fn less_harm_with_more_dose_is_found() {
    assert_eq!(broken::<LESS_WITH_MORE>(), [Rule::Monotone]);
    assert_eq!(broken::<LOCKSTEP>(), [Rule::Monotone]);
    assert_eq!(broken::<PER_IMAGE_FALL>(), [Rule::Monotone]);
}

#[test]
fn an_edit_beside_the_target_is_found() {
    assert_eq!(broken::<EDITS_THE_NOTE>(), [Rule::LeavesTheRestAlone]);
    assert_eq!(broken::<CHANGES_THE_QUESTION>(), [Rule::LeavesTheRestAlone]);
}

#[test]
fn a_ledger_that_tells_too_little_or_too_much_is_found() {
    assert_eq!(broken::<HIDES_A_PHOTOGRAPH>(), [Rule::LedgerMatches]);
    assert_eq!(broken::<HIDES_A_FIELD>(), [Rule::LeavesTheRestAlone, Rule::LedgerMatches]);
    assert!(broken::<NAMES_TOO_MUCH>().contains(&Rule::LedgerMatches));
    assert!(broken::<NOT_A_NUMBER>().contains(&Rule::LedgerMatches));
}

#[test]
fn a_panic_is_found() {
    assert!(broken::<PANICS>().contains(&Rule::NeverPanics));
}

#[test]
fn doing_nothing_and_undoing_nothing_are_found() {
    assert!(broken::<DOES_NOTHING>().contains(&Rule::ChangesOrIsUnfit));
    assert!(broken::<UNFIT_BUT_CHANGED>().contains(&Rule::ChangesOrIsUnfit));
    assert!(broken::<ALWAYS_UNFIT>().contains(&Rule::FitsSomething));
}

#[test]
fn ignoring_the_selection_is_found() {
    assert_eq!(broken::<IGNORES_SELECTION>(), [Rule::RespectsSelection]);
}

#[test]
fn a_hidden_need_is_found() {
    assert_eq!(broken::<USES_THE_DONOR>(), [Rule::SaysWhatItNeeds]);
}

#[test]
fn a_box_outside_the_photograph_is_found() {
    assert_eq!(broken::<BOX_OUTSIDE>(), [Rule::BoxInside]);
}

#[test]
fn a_draw_that_differs_from_level_to_level_is_found() {
    assert_eq!(broken::<DRAWS_PER_LEVEL>(), [Rule::SharesDraws]);
    assert_eq!(broken::<MOVES_PER_LEVEL>(), [Rule::SharesDraws]);
    assert_eq!(broken::<TURNS_BACK>(), [Rule::SharesDraws]);
}

#[test]
fn a_poor_card_is_found() {
    assert_eq!(broken::<EMPTY_CARD>(), [Rule::CompleteCard]);
    assert!(broken::<DOSES_OUT_OF_ORDER>().contains(&Rule::CompleteCard));
    assert_eq!(broken::<UNLISTED>(), [Rule::ClosedList]);
}

#[test]
fn limits_that_are_missing_doubled_or_against_sense_are_found() {
    assert_eq!(broken::<GRADES_NOTHING>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_ONE_MODALITY>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_ONE_TONE>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_TWICE>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_A_GROUP_LATER>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_BY_AN_UNNAMED_PANEL>(), [Rule::CompleteCard]);
    assert_eq!(broken::<GRADES_WHAT_IT_REFUSES>(), [Rule::CompleteCard]);
}

#[test]
fn refusing_what_the_card_allows_is_found() {
    assert!(broken::<REFUSES_ALL>().contains(&Rule::ChecksSettings));
}
