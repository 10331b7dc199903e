//! What the page must and must not contain.

use crate::fixture::{crowded, estimate, interim, rich};
use crate::markup::{broken_anchors, read, values};
use bedside_reports::record::*;
use bedside_reports::{Error, html};

fn page(record: &Record) -> String {
    html(record).unwrap()
}

/// From one mark of the page to the next.
fn part<'a>(page: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = page.split_once(from).unwrap();
    rest.split_once(to).unwrap().0
}

#[test]
fn the_page_of_a_rich_record() {
    insta::assert_binary_snapshot!("rich.html", page(&rich()).into_bytes());
}

#[test]
fn the_same_record_gives_the_same_bytes() {
    let record = rich();
    let stored: Record = serde_json::from_str(&serde_json::to_string(&record).unwrap()).unwrap();
    assert_eq!(page(&record), page(&stored));
}

#[test]
fn records_without_the_newer_fields_are_still_read() {
    let mut value = serde_json::to_value(rich()).unwrap();
    value["head"].as_object_mut().unwrap().remove("verification");
    for claim in value["claims"].as_array_mut().unwrap() {
        claim.as_object_mut().unwrap().remove("beside");
        for line in claim["lines"].as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("groups");
        }
    }
    let old: Record = serde_json::from_value(value).unwrap();
    assert!(page(&old).contains("phone-defocus"));
}

#[test]
fn the_markup_is_well_formed_and_every_link_leads_somewhere() {
    for record in [rich(), interim(), crowded(), hostile(), empty()] {
        let page = page(&record);
        let elements = read(&page).unwrap();
        assert_eq!(broken_anchors(&elements), Vec::<String>::new());
    }
}

#[test]
fn nothing_outside_of_the_page_is_loaded() {
    for record in [rich(), interim(), crowded(), hostile()] {
        let page = page(&record);
        let elements = read(&page).unwrap();
        assert!(values(&elements, "href").iter().all(|h| h.starts_with('#')));
        assert!(values(&elements, "src").iter().all(|s| s.starts_with("data:image/png;base64,")));
        for key in ["srcset", "data", "action", "poster", "xlink:href", "style", "onload", "onerror", "onclick"] {
            assert!(values(&elements, key).is_empty(), "{key}");
        }
        for name in ["script", "link", "iframe", "object", "embed", "form", "base"] {
            assert!(!elements.iter().any(|e| e.name == name), "{name}");
        }
        assert!(!page.contains("url(") && !page.contains("@import") && !page.contains("<script"));
        assert!(page.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
    }
}

#[test]
fn every_claim_appears_on_page_one_and_in_detail() {
    for record in [rich(), crowded()] {
        let page = page(&record);
        let front = part(&page, "<table class=\"claims\"", "</table>");
        let detail = part(&page, "id=\"claims\"", "id=\"curves\"");
        for claim in &record.claims {
            assert!(front.contains(&format!(">{}<", claim.id)), "{}", claim.id);
            assert!(detail.contains(&format!(">{}<", claim.id)), "{}", claim.id);
        }
    }
}

#[test]
fn page_one_keeps_its_order() {
    let page = page(&rich());
    let places: Vec<_> = (1..=7).map(|i| page.find(&format!("id=\"h{i}\"")).unwrap()).collect();
    assert!(places.is_sorted());
}

#[test]
fn a_verdict_is_a_word_with_its_symbol() {
    let page = page(&rich());
    let rows = part(&page, "<table class=\"claims\"", "</table>");
    for (symbol, word) in
        [("✓", "holds"), ("✗", "breaks"), ("?", "undecided"), ("∅", "vacuous"), ("–", "not tested"), ("·", "measured")]
    {
        assert!(rows.contains(&format!(">{symbol}</b> {word}</span>")), "{word}");
    }
}

#[test]
fn the_row_shows_the_line_that_decides() {
    let page = page(&rich());
    let row = part(&page, "<code>wrong-impression</code></a><span class=\"about\">", "</tr>");
    assert!(row.contains("19/120") && row.contains("15.8\u{a0}%\u{a0}(9.8–23.6)"), "{row}");
    assert!(row.contains("the worst of 2 lines") && row.contains("≤\u{a0}5\u{a0}%"));
    let row = part(&page, "<code>phone-defocus</code></a><span class=\"about\">", "</tr>");
    assert!(row.contains("9/240"), "both lines hold; 7.0 of 10 % is nearer to its bound than 3.0 of 5 %: {row}");
}

#[test]
fn an_unfinished_run_has_no_verdict() {
    let page = page(&interim());
    assert!(page.contains("<b>INTERIM</b> 1,234 of 6,720 trials are settled."));
    let body = part(&page, "<body>", "id=\"curves\"");
    for word in ["breaks</span>", "holds</span>", "BREAKS", "also holds in family", "Exit code", "≤ L2 (radius 1 %)"]
    {
        assert!(!body.contains(word), "{word}");
    }
    assert!(body.contains("no verdict yet"));
}

#[test]
fn words_and_pictures_of_patients_need_leave() {
    let mut record = rich();
    record.head.synthetic = false;
    let closed = page(&record);
    assert!(!closed.contains("data:image") && !closed.contains("has always been there"));
    assert!(closed.contains("are withheld") && !closed.contains("see the pair"));
    assert!(!closed.contains("Synthetic phantoms: shows behaviour of the model"));
    record.head.includes_inputs = true;
    let open = page(&record);
    assert!(open.contains("data:image") && open.contains("has always been there"));
    let marks = part(&open, "<footer class=\"marks\">", "</footer>");
    assert!(marks.contains("handle as patient data") && marks.contains("not a medical device"));
}

#[test]
fn a_difference_is_told_apart_without_colour() {
    let page = page(&rich());
    assert!(page.contains("<del>has grown for 3 weeks</del><ins>has always been there</ins>"));
    let style = part(&page, "<style>", "</style>");
    assert!(style.contains("del::before{content:\"[−\"}") && style.contains("ins::before{content:\"[+\"}"));
}

fn set_all(value: &mut serde_json::Value, text: &str, skip: &[&str]) {
    match value {
        serde_json::Value::String(s) => *s = text.into(),
        serde_json::Value::Array(items) => items.iter_mut().for_each(|i| set_all(i, text, skip)),
        serde_json::Value::Object(fields) => {
            let fields = fields.iter_mut().filter(|(key, _)| !skip.contains(&key.as_str()));
            fields.for_each(|(_, v)| set_all(v, text, skip));
        }
        _ => {}
    }
}

const HOSTILE: &str =
    "</script></title></style><script>alert(1)</script>\" onerror=\"x' {{ 7*7 }} \u{202e}gnp.exe\0 https://e.org";

/// Every string of the record is hostile.
fn hostile() -> Record {
    let mut value = serde_json::to_value(rich()).unwrap();
    set_all(&mut value, HOSTILE, &["verdict", "state", "pictures"]);
    let mut record: Record = serde_json::from_value(value).unwrap();
    for (i, claim) in record.claims.iter_mut().enumerate() {
        claim.id = format!("{HOSTILE}{i}");
    }
    for (i, example) in record.examples.iter_mut().enumerate() {
        example.id = format!("{HOSTILE}{i}");
    }
    record
}

#[test]
fn hostile_text_stays_text() {
    let page = page(&hostile());
    let elements = read(&page).unwrap();
    assert!(!elements.iter().any(|e| e.name == "script"));
    assert!(!page.contains('\u{202e}') && !page.contains('\0') && page.contains("⟨U+202E⟩gnp.exe⟨U+0000⟩"));
    assert!(page.contains("{{ 7*7 }}"));
}

/// A record of which nothing came.
fn empty() -> Record {
    let mut record = rich();
    (record.harms, record.checks, record.claims, record.strata) = (vec![], vec![], vec![], vec![]);
    (record.curves, record.tables, record.examples, record.methods) = (vec![], vec![], vec![], vec![]);
    (record.limits, record.head.served, record.control) = (vec![], vec![], Outcomes::default());
    record.flow.excluded.clear();
    record
}

#[test]
fn an_empty_record_says_so() {
    let page = page(&empty());
    for sentence in ["No claim was made.", "No harmful finding", "No pair was complete.", "the model did not say"] {
        assert!(page.contains(sentence), "{sentence}");
    }
}

#[test]
fn a_record_of_nothing_but_groups_of_fields_does_not_say_that_pairs_are_missing() {
    let mut record = empty();
    record.fields.push(FieldGroups {
        scenario: "what-it-leans-on".into(),
        orders: None,
        groups: vec![],
        whole: estimate(10.0, 20, 0.3, 0.7),
        none_told: 0.2,
        all_told: 0.7,
        incomplete: 0,
        untold: 0,
    });
    let page = page(&record);
    assert!(page.contains("what was asked with groups of fields") && !page.contains("No pair was complete."));
}

#[test]
fn a_record_that_cannot_be_true_is_refused() {
    let mut record = rich();
    record.claims[0].lines[0].estimate = Some(estimate(1.0, 0, 0.0, 0.5));
    assert!(matches!(html(&record), Err(Error::Number { place, .. }) if place == "claim control-resave, flip"));
    let mut record = rich();
    record.format = 99;
    assert!(matches!(html(&record), Err(Error::Format { found: 99 })));
    let mut record = rich();
    record.examples[0].pictures[0].0 = Some("https://example.org/a.png".into());
    assert!(matches!(html(&record), Err(Error::Picture { example }) if example == "wrong-impression-p017"));
}

#[test]
fn the_page_stays_small() {
    let pictures: usize = rich().examples.iter().flat_map(|e| &e.pictures).map(|(a, b)| size(a) + size(b)).sum();
    assert!(page(&rich()).len() - pictures < 120_000);
    assert!(page(&crowded()).len() < 500_000);
}

fn size(picture: &Option<String>) -> usize {
    picture.as_ref().map_or(0, String::len)
}
