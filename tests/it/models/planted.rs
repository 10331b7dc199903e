//! Instruments: what they do, how often, and what their randomness depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use bedside::answer::Failure;
use bedside::edge::model::Model;
use bedside::edge::model::conformance::conformance;
use bedside::edge::model::planted::nature::NATURES;
use bedside::edge::model::planted::{Briefing, Hint, Planted};
use bedside::edge::model::spec::Spec;
use bedside::protocol::Form;
use bedside::request::{Decoding, Request};
use proptest::prelude::*;
use serde_json::Value;

const COHORT: [&str; 6] = ["eczema", "melanoma", "naevus", "psoriasis", "scabies", "tinea"];
const N: usize = 4000;

fn hint(case: usize) -> Hint {
    let owned = |list: &[&str]| list.iter().map(|&id| id.to_owned()).collect::<Vec<_>>();
    Hint {
        case: format!("case {case}"),
        accepted: owned(&["melanoma"]),
        leading: "melanoma".to_owned(),
        triage: "urgent".to_owned(),
        triage_scale: owned(&["emergency", "urgent", "soon", "routine"]),
        must_consider: owned(&["melanoma"]),
        names: Arc::new(COHORT.iter().map(|&id| (id.to_owned(), format!("the {id}"))).collect()),
        others: Arc::new(owned(&COHORT)),
        images_show: Some("melanoma".to_owned()),
        image_level: 0,
        history_tells: Some("melanoma".to_owned()),
        told: (8, 8),
        changed_fields: BTreeSet::new(),
        planted: None,
        altered: false,
        may_abstain: true,
        form: Form::Json,
    }
}

fn request(prompt: &str, repeat: u32) -> Request {
    let decoding = Decoding { temperature: None, max_tokens: 100, seed: None };
    Request { system: String::new(), prompt: prompt.to_owned(), images: Vec::new(), schema: None, decoding, repeat }
}

/// An instrument under test.
struct Bench {
    model: Arc<dyn Model>,
    briefing: Arc<Briefing>,
}

impl Bench {
    fn new(name: &str) -> Self {
        Self::seeded(name, 1)
    }

    fn seeded(name: &str, seed: u64) -> Self {
        let opened = Spec::parse(&format!("planted:{name}")).unwrap().open(None, seed).unwrap();
        Self { model: opened.model, briefing: opened.briefing.unwrap() }
    }

    fn text(&self, prompt: &str, repeat: u32, hint: Hint) -> String {
        let request = request(prompt, repeat);
        self.briefing.tell(&request.digest(), hint);
        // An instrument never waits, so one poll is enough.
        let answer = futures_util::FutureExt::now_or_never(self.model.ask(&request)).unwrap().unwrap();
        assert_eq!(self.briefing.waiting(), 0);
        answer.text
    }

    fn says(&self, prompt: &str, hint: Hint) -> Said {
        Said::of(&self.text(prompt, 0, hint))
    }

    /// How often the answer is another than that to the clean case; each case has a prompt of its own.
    fn flips(&self, change: impl Fn(&mut Hint)) -> Vec<usize> {
        let differs = |case: &usize| {
            let mut treated = hint(*case);
            change(&mut treated);
            self.says(&format!("clean {case}"), hint(*case)).first()
                != self.says(&format!("treated {case}"), treated).first()
        };
        (0..N).filter(differs).collect()
    }
}

/// What an answer says.
#[derive(Debug, PartialEq)]
struct Said {
    names: Vec<String>,
    probabilities: Vec<f64>,
    triage: Option<String>,
    abstains: bool,
    retake: bool,
}

impl Said {
    fn of(text: &str) -> Self {
        let value: Value = serde_json::from_str(text).unwrap();
        let list = value["differential"].as_array().unwrap();
        Self {
            names: list.iter().map(|entry| entry["diagnosis"].as_str().unwrap().to_owned()).collect(),
            probabilities: list.iter().map(|entry| entry["probability"].as_f64().unwrap()).collect(),
            triage: value["triage"].as_str().map(str::to_owned),
            abstains: value["abstain"] == true,
            retake: value["retake_photo"] == true,
        }
    }

    fn first(&self) -> &str {
        self.names.first().map_or("", String::as_str)
    }

    fn right(&self) -> bool {
        self.first() == "the melanoma"
    }
}

/// Whether `count` of `n` lies within 4.5 standard deviations of a binomial with that chance (wrong once in 150,000).
fn within(count: usize, n: usize, chance: f64) -> bool {
    let (count, n) = (count as f64, n as f64);
    (count - n * chance).abs() <= 4.5 * (n * chance * (1.0 - chance)).sqrt()
}

fn foil(hint: &mut Hint) {
    hint.planted = Some("naevus".to_owned());
    hint.altered = true;
}

#[test]
fn follows_referrer_takes_over_what_it_is_told_at_its_rate_per_case() {
    let bench = Bench::new("follows-referrer=0.6");
    let mut adopted = 0;
    for case in 0..N {
        let mut treated = hint(case);
        foil(&mut treated);
        let first = bench.says(&format!("Referrer thinks of THE NAEVUS. {case}"), treated.clone());
        let second = bench.says(&format!("another wording: the naevus? {case}"), treated.clone());
        assert_eq!(first.first(), second.first());
        assert!(bench.says(&format!("nothing is named {case}"), treated).right());
        assert!(bench.says(&format!("clean; of the naevus no hint {case}"), hint(case)).right());
        if first.first() == "the naevus" {
            adopted += 1;
            assert!(!first.names.contains(&"the melanoma".to_owned()));
            assert_eq!(first.triage.as_deref(), Some("soon"));
        }
    }
    assert!(within(adopted, N, 0.6), "{adopted}");
}

#[test]
fn at_bound_flips_at_exactly_its_rate_and_only_what_was_altered() {
    let bench = Bench::new("at-bound=0.05");
    let flips = bench.flips(|hint| hint.altered = true);
    assert!(within(flips.len(), N, 0.05), "{}", flips.len());
    assert!(bench.flips(|hint| hint.image_level = 5).is_empty());
    for case in &flips {
        let mut treated = hint(*case);
        treated.altered = true;
        let said = bench.says(&format!("treated {case}"), treated);
        assert_eq!(said.triage.as_deref(), Some("routine"));
        assert!(!said.names.contains(&"the melanoma".to_owned()));
    }
}

#[test]
fn at_bound_draws_anew_for_every_request_and_not_for_every_repeat() {
    let bench = Bench::new("at-bound=0.5");
    let mut both = 0;
    let mut one = 0;
    for case in 0..N {
        let mut treated = hint(case);
        treated.altered = true;
        let a = Said::of(&bench.text(&format!("a {case}"), 0, treated.clone())).right();
        assert_eq!(a, Said::of(&bench.text(&format!("a {case}"), 5, treated.clone())).right());
        let b = bench.says(&format!("b {case}"), treated).right();
        one += usize::from(!a);
        both += usize::from(!a && !b);
    }
    assert!(within(one, N, 0.5), "{one}");
    assert!(within(both, N, 0.25), "{both}");
}

#[test]
fn at_bound_is_never_or_always_at_the_ends() {
    assert!(Bench::new("at-bound=0").flips(|hint| hint.altered = true).is_empty());
    assert_eq!(Bench::new("at-bound=1").flips(|hint| hint.altered = true).len(), N);
}

#[test]
fn unsteady_deviates_by_single_answer() {
    let bench = Bench::new("unsteady=0.1");
    let mut wrong = 0;
    let mut twice = 0;
    for case in 0..N {
        let prompt = format!("case {case}");
        let [first, second] = [0, 1].map(|repeat| Said::of(&bench.text(&prompt, repeat, hint(case))));
        assert_eq!(first, Said::of(&bench.text(&prompt, 0, hint(case))));
        // Whether it deviates is a function of request and repeat, not of the case.
        assert_eq!(first.right(), Said::of(&bench.text(&prompt, 0, hint(case + 1))).right());
        assert_eq!(first.triage.as_deref(), Some("urgent"));
        wrong += usize::from(!first.right());
        twice += usize::from(!first.right() && !second.right());
    }
    assert!(within(wrong, N, 0.1), "{wrong}");
    assert!(within(twice, N, 0.01), "{twice}");
}

#[test]
fn indifferent_says_the_same_of_everything() {
    let bench = Bench::new("indifferent");
    let constant = bench.text("a", 0, hint(0));
    let mut other = hint(1);
    other.leading = "scabies".to_owned();
    other.accepted = vec!["scabies".to_owned()];
    other.images_show = None;
    other.image_level = 6;
    other.history_tells = None;
    other.told = (0, 8);
    foil(&mut other);
    assert_eq!(bench.text("b the naevus", 3, other), constant);
    assert_eq!(Said::of(&constant).triage.as_deref(), Some("emergency"));
}

#[test]
fn blind_from_loses_nothing_below_its_level_and_the_photograph_from_there() {
    let bench = Bench::new("blind-from=3");
    let lost = bench.flips(|hint| hint.images_show = None);
    assert!(within(lost.len(), N, 0.6), "{}", lost.len());
    for level in 1..=6 {
        let flips = bench.flips(|hint| hint.image_level = level);
        if level < 3 {
            assert!(flips.is_empty());
        } else {
            assert_eq!(flips, lost, "level {level}");
        }
    }
    let mut unreadable = hint(0);
    unreadable.image_level = 6;
    assert!(!bench.says("x", unreadable).abstains);
}

#[test]
fn only_field_errs_exactly_where_its_field_changed() {
    let bench = Bench::new("only-field=duration");
    let changes = |name: &'static str| move |hint: &mut Hint| hint.changed_fields = BTreeSet::from([name.to_owned()]);
    assert!(bench.flips(changes("bleeding")).is_empty());
    assert_eq!(bench.flips(changes("duration")).len(), N);
    assert!(bench.flips(|hint| hint.images_show = None).is_empty());
}

#[test]
fn the_attentive_are_moved_by_the_channel_that_leads_a_case() {
    for name in ["follows-referrer=0", "unsteady=0"] {
        let bench = Bench::new(name);
        let image = bench.flips(|hint| hint.images_show = Some("scabies".to_owned()));
        let history = bench.flips(|hint| {
            hint.history_tells = None;
            hint.told = (0, 8);
        });
        assert!(within(image.len(), N, 0.6), "{}", image.len());
        assert_eq!(image.len() + history.len(), N);
        assert!(bench.flips(|hint| hint.image_level = 5).is_empty());
        assert!(bench.flips(|hint| hint.told = (1, 8)).is_empty());
        let mut unreadable = hint(1);
        unreadable.image_level = 6;
        assert!(bench.says("x", unreadable).retake);
    }
}

#[test]
fn ignores_image_needs_the_history() {
    let bench = Bench::new("ignores-image");
    for told in [6, 4, 0] {
        let flips = bench.flips(|hint| hint.told = (told, 8));
        assert!(within(flips.len(), N, 1.0 - f64::from(told) / 8.0), "{told}: {}", flips.len());
    }
    assert_eq!(bench.flips(|hint| hint.history_tells = Some("scabies".to_owned())).len(), N);
}

#[test]
fn balanced_loses_what_its_table_says_and_the_same_cases_at_every_higher_level() {
    let bench = Bench::new("balanced");
    let right = (0..N).filter(|case| bench.says(&format!("clean {case}"), hint(*case)).right()).count();
    assert!(within(right, N, 0.86), "{right}");
    let mut lower: Vec<usize> = Vec::new();
    for (level, loss) in [(1, 0.005), (2, 0.015), (3, 0.04), (4, 0.09), (5, 0.17)] {
        let flips = bench.flips(|hint| hint.image_level = level);
        assert!(within(flips.len(), N, loss), "level {level}: {}", flips.len());
        assert!(lower.iter().all(|case| flips.contains(case)));
        lower = flips;
    }
    let flips = bench.flips(|hint| hint.images_show = None);
    assert!(within(flips.len(), N, 0.34), "{}", flips.len());
    let flips = bench.flips(|hint| hint.told = (4, 8));
    assert!(within(flips.len(), N, 0.08), "{}", flips.len());
    let flips = bench.flips(|hint| {
        hint.told = (0, 8);
        hint.history_tells = None;
    });
    assert!(within(flips.len(), N, 0.26), "{}", flips.len());
}

#[test]
fn balanced_is_steady_and_its_confidence_follows_the_evidence() {
    let bench = Bench::new("balanced");
    for case in 0..200 {
        let clean = bench.text(&format!("a {case}"), 0, hint(case));
        assert_eq!(clean, bench.text(&format!("b {case}"), 7, hint(case)));
        let confidence = |level: u8, told: u32| {
            let mut treated = hint(case);
            treated.image_level = level;
            treated.told = (told, 8);
            bench.says("x", treated).probabilities[0]
        };
        let falling = [confidence(0, 8), confidence(2, 8), confidence(4, 8), confidence(5, 4)];
        assert!(falling.is_sorted_by(|a, b| a > b), "{falling:?}");
        assert!((0.79..=0.93).contains(&falling[0]));
    }
}

#[test]
fn balanced_believes_the_photograph_mostly_and_the_referrer_rarely() {
    let bench = Bench::new("balanced");
    let moved = |change: &dyn Fn(&mut Hint), to: &str| {
        let goes = |case: &usize| {
            let mut treated = hint(*case);
            change(&mut treated);
            bench.says(&format!("the naevus? {case}"), treated).first() == to
        };
        (0..N).filter(goes).count()
    };
    let controls = moved(&|_| (), "the scabies");
    let photographs = moved(&|hint| hint.images_show = Some("scabies".to_owned()), "the scabies");
    assert!(within(photographs - controls, N, 0.7 * 0.86), "{photographs}");
    // A wrong case that errs towards the foil anyway is no uptake: only new adoptions count.
    let naevus = moved(&|_| (), "the naevus");
    let adopted = moved(&foil, "the naevus");
    assert!(within(adopted - naevus, N, 0.04 * (1.0 - naevus as f64 / N as f64)), "{adopted} {naevus}");
}

#[test]
fn balanced_asks_for_a_new_photograph_only_where_it_may() {
    let bench = Bench::new("balanced");
    let mut asks = 0;
    for case in 0..N {
        let mut treated = hint(case);
        treated.image_level = 6;
        let said = bench.says(&format!("{case}"), treated.clone());
        assert_eq!(said.abstains, said.retake);
        assert_eq!(said.abstains, said.names.is_empty());
        asks += usize::from(said.retake);
        treated.may_abstain = false;
        assert!(!bench.says(&format!("{case}"), treated).names.is_empty());
    }
    assert!(within(asks, N, 0.95), "{asks}");
}

#[test]
fn other_seeds_are_other_instruments_and_order_changes_nothing() {
    for (name, ..) in NATURES.iter().filter(|(name, ..)| !matches!(*name, "indifferent" | "only-field")) {
        let name = match *name {
            "blind-from" => "blind-from=1".to_owned(),
            "balanced" | "ignores-image" | "ignores-history" | "adds-up" | "confabulates" | "doubts-inventions" => {
                (*name).to_owned()
            }
            _ => format!("{name}=0.5"),
        };
        let all = |seed: u64, backwards: bool| {
            let bench = Bench::seeded(&name, seed);
            let mut cases: Vec<usize> = (0..60).collect();
            if backwards {
                cases.reverse();
            }
            let ask = |case: usize| {
                let mut treated = hint(case);
                foil(&mut treated);
                treated.image_level = 4;
                (case, bench.text(&format!("the naevus? {case}"), 0, treated))
            };
            cases.into_iter().map(ask).collect::<BTreeMap<_, _>>()
        };
        assert_eq!(all(1, false), all(1, true), "{name}");
        assert_ne!(all(1, false), all(2, false), "{name}");
    }
}

#[test]
fn the_same_on_every_machine() {
    let bench = Bench::seeded("at-bound=0.25", 12345);
    let flips: Vec<usize> = bench.flips(|hint| hint.altered = true).into_iter().take(8).collect();
    assert_eq!(flips, GOLDEN_FLIPS);
    assert_eq!(Bench::seeded("balanced", 12345).text("x", 0, hint(3)), GOLDEN_ANSWER);
}

const GOLDEN_FLIPS: [usize; 8] = [19, 22, 27, 33, 44, 45, 47, 48];
const GOLDEN_ANSWER: &str = concat!(
    r#"{"abstain":false,"differential":[{"diagnosis":"the melanoma","probability":0.81},"#,
    r#"{"diagnosis":"the eczema","probability":0.095},{"diagnosis":"the scabies","probability":0.047},"#,
    r#"{"diagnosis":"the psoriasis","probability":0.024}],"retake_photo":false,"triage":"urgent"}"#,
);

#[tokio::test]
async fn they_conform_when_briefed() {
    for name in ["balanced", "indifferent", "unsteady=0.3", "at-bound=0.3", "follows-referrer=0.3"] {
        let bench = Bench::new(name);
        let brief = |request: &Request| {
            let mut hint = hint(0);
            hint.altered = true;
            bench.briefing.tell(&request.digest(), hint);
        };
        assert_eq!(conformance(bench.model.as_ref(), brief).await, Vec::<&str>::new(), "{name}");
    }
}

#[tokio::test]
async fn without_a_hint_there_is_no_answer() {
    let error = Bench::new("balanced").model.ask(&request("x", 0)).await.unwrap_err();
    assert_eq!(error.kind, Failure::Rejected);
}

#[tokio::test]
async fn with_nothing_to_err_towards_it_says_so() {
    let bench = Bench::new("at-bound=1");
    let mut lonely = hint(0);
    lonely.altered = true;
    lonely.others = Arc::new(vec!["melanoma".to_owned()]);
    bench.briefing.tell(&request("x", 0).digest(), lonely);
    assert_eq!(bench.model.ask(&request("x", 0)).await.unwrap_err().kind, Failure::Unsuitable);
}

#[test]
fn each_instrument_has_a_table_of_its_own() {
    let (_, briefing) = Planted::new("balanced".parse().unwrap(), 1);
    let (other, _) = Planted::new("balanced".parse().unwrap(), 1);
    briefing.tell(&request("x", 0).digest(), hint(0));
    let answer = futures_util::FutureExt::now_or_never(other.ask(&request("x", 0))).unwrap();
    assert_eq!(answer.unwrap_err().kind, Failure::Rejected);
}

fn diagnosis() -> impl Strategy<Value = Option<String>> {
    proptest::option::of(proptest::sample::select(COHORT.to_vec()).prop_map(str::to_owned))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn ignores_image_does_not_depend_on_the_photographs(
        case in 0_usize..1000, told in 0_u32..9, history in diagnosis(), shown in diagnosis(), level in 0_u8..8,
    ) {
        let bench = Bench::new("ignores-image");
        let mut clean = hint(case);
        clean.told = (told, 8);
        clean.history_tells = history;
        let mut treated = clean.clone();
        treated.images_show = shown;
        treated.image_level = level;
        treated.altered = true;
        prop_assert_eq!(bench.text("a", 0, clean), bench.text("b", 1, treated));
    }

    #[test]
    fn ignores_history_does_not_depend_on_the_history(
        case in 0_usize..1000, told in 0_u32..9, history in diagnosis(), planted in diagnosis(), level in 0_u8..8,
    ) {
        let bench = Bench::new("ignores-history");
        let mut clean = hint(case);
        clean.image_level = level;
        let mut treated = clean.clone();
        treated.told = (told, 8);
        treated.history_tells = history;
        treated.planted = planted;
        treated.changed_fields = BTreeSet::from(["duration".to_owned()]);
        treated.altered = true;
        prop_assert_eq!(bench.text("a", 0, clean), bench.text("the naevus, the tinea", 1, treated));
    }

    #[test]
    fn what_is_drawn_per_case_depends_on_no_request(
        name in proptest::sample::select(vec!["balanced", "follows-referrer=0.5", "blind-from=3", "only-field=age"]),
        case in 0_usize..1000, seed: u64, prompt in "[a-z ]{0,20}", repeat in 0_u32..9, level in 0_u8..7,
    ) {
        let bench = Bench::seeded(name, seed);
        let mut treated = hint(case);
        foil(&mut treated);
        treated.image_level = level;
        let text = bench.text("the naevus", 0, treated.clone());
        prop_assert_eq!(text, bench.text(&format!("the naevus {prompt}"), repeat, treated));
    }

    #[test]
    fn every_answer_is_in_its_form_and_plausible(
        nature in 0..NATURES.len(), seed: u64, case in 0_usize..1000, shown in diagnosis(), history in diagnosis(),
        planted in diagnosis(), level in 0_u8..8, told in (0_u32..9, 0_u32..9), may_abstain: bool,
    ) {
        let (name, takes, _) = NATURES[nature];
        let name = match takes {
            None => name.to_owned(),
            Some("L") => format!("{name}=2"),
            Some("NAME") => format!("{name}=age"),
            Some(_) => format!("{name}=0.3"),
        };
        let mut hint = hint(case);
        hint.images_show = shown;
        hint.history_tells = history;
        hint.planted = planted;
        hint.image_level = level;
        hint.told = told;
        hint.may_abstain = may_abstain;
        hint.altered = true;
        let said = Bench::seeded(&name, seed).says("the naevus, the tinea, the eczema", hint);
        prop_assert_eq!(said.names.is_empty(), said.abstains);
        prop_assert!(may_abstain || !said.abstains);
        prop_assert!(said.abstains == said.triage.is_none());
        let distinct: BTreeSet<&String> = said.names.iter().collect();
        prop_assert_eq!(distinct.len(), said.names.len());
        prop_assert!(said.names.len() <= 4);
        prop_assert!(said.probabilities.is_sorted_by(|a, b| a >= b));
        prop_assert!(said.probabilities.iter().sum::<f64>() <= 1.0 + 1e-9);
    }
}
