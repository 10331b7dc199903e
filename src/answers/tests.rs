use bedside_reports::record::{AnswerLine, Claim, Record, State, Verdict};

use super::bridge::Answered;
use super::gather::{Gathered, Gatherer};
use super::report;
use crate::diagnosis::Lexicon;
use crate::mapping::{self, Mapping};

/// A long table with every arm: two questions' worth of words are not needed, one is.
const MAPPING: &str = "\
format: 1
id: synthetic
title: Readers with a known behaviour
data: {name: Synthetic, licence: CC0-1.0, synthetic: true}
case: case
patient: patient
arms:
  - {arm: control, when: {arm: control}, draw: {column: draw}}
  - {arm: retest, when: {arm: retest}, draw: {column: draw}}
  - {arm: sham, when: {arm: sham}}
  - {arm: treated, when: {arm: treated}, scenario: {column: scenario}}
answers:
  - {answer: answer, reader: {column: reader}, question: urgent, truth: truth}
readers: [{id: steady}, {id: swayed}, {id: indifferent}]
questions: [{id: urgent, kind: yes-no}]
scenarios:
  - {id: other-case, claim: Another case is another answer., expect: measure-only, positive-control: true}
  - id: style
    claim: The way of writing changes nothing.
    expect: invariant
    accept: [{flip: {at-most: 10%, because: \"a reason\"}}]
";
const HEADER: &str = "reader,case,patient,arm,scenario,draw,answer,truth";
const CASES: usize = 120;

fn mapping(text: &str) -> Mapping {
    mapping::read("m.yaml", text.as_bytes()).unwrap()
}

fn gathered(mapping: &Mapping, table: &str) -> Gathered {
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let mut gatherer = Gatherer::new(mapping, &reader.headers().unwrap().clone()).unwrap();
    reader.records().for_each(|row| gatherer.add(&row.unwrap()));
    gatherer.finish()
}

fn record(mapping: &Mapping, table: &str) -> Record {
    let gathered = gathered(mapping, table);
    let answered = Answered::new(mapping, "digest", &gathered, Lexicon::embedded());
    report::record(&answered, answered.series())
}

/// What is right of a case: neither constant nor in a pattern that another case shares.
fn right(case: usize) -> bool {
    case * case % 7 < 4
}

/// What a reader answers to a case in an arm. `steady` always knows; `swayed` loses two in five under the change;
/// `indifferent` says the same whatever it reads.
fn answer(reader: &str, case: usize, arm: &str, scenario: &str) -> bool {
    match (reader, arm, scenario) {
        ("indifferent", ..) => true,
        (_, "treated", "other-case") => !right(case),
        ("swayed", "treated", "style") if case % 5 < 2 => !right(case),
        _ => right(case),
    }
}

fn word(yes: bool) -> &'static str {
    if yes { "yes" } else { "no" }
}

/// Rows of all readers, arms and cases.
fn rows() -> Vec<String> {
    let arms =
        [("control", "", 1), ("retest", "", 1), ("sham", "", 1), ("treated", "style", 1), ("treated", "other-case", 1)];
    let mut rows = Vec::new();
    for reader in ["steady", "swayed", "indifferent"] {
        for case in 0..CASES {
            for (arm, scenario, draw) in arms {
                let (answer, truth) = (word(answer(reader, case, arm, scenario)), word(right(case)));
                rows.push(format!("{reader},c{case:03},p{case:03},{arm},{scenario},{draw},{answer},{truth}"));
            }
        }
    }
    rows
}

fn table(rows: &[String]) -> String {
    format!("{HEADER}\n{}\n", rows.join("\n"))
}

fn claim<'a>(record: &'a Record, id: &str) -> &'a Claim {
    record.claims.iter().find(|claim| claim.id == id).unwrap_or_else(|| panic!("no claim {id}"))
}

fn line<'a>(record: &'a Record, reader: &str, scenario: &str) -> &'a AnswerLine {
    let lines = &record.answers.as_ref().unwrap().lines;
    lines.iter().find(|line| line.reader == reader && line.scenario == scenario).unwrap()
}

#[test]
fn a_planted_effect_is_found_a_steady_reader_holds_and_an_indifferent_one_is_not_blamed() {
    let record = record(&mapping(MAPPING), &table(&rows()));
    let swayed = claim(&record, "swayed/urgent/style");
    assert_eq!(swayed.verdict, Verdict::Breaks, "{swayed:#?}");
    let flips = line(&record, "swayed", "style").flips.as_ref().unwrap();
    assert_eq!((flips.events, flips.n), (Some(48.0), 120));
    assert_eq!(claim(&record, "steady/urgent/style").verdict, Verdict::Holds);
    let indifferent = claim(&record, "indifferent/urgent/style");
    assert_eq!(indifferent.verdict, Verdict::Vacuous, "{indifferent:#?}");
    assert!(line(&record, "indifferent", "style").flips.is_none(), "all answers alike: the pairing cannot be checked");
    assert_eq!((record.summary.breaks, record.summary.holds, record.summary.exit), (1, 1, 1));
    assert_eq!(record.control.right as usize, CASES * 2 + (0..CASES).filter(|case| right(*case)).count());
}

#[test]
fn without_a_positive_control_what_stays_may_be_unused_and_what_moves_still_breaks() {
    let rows: Vec<String> = rows().into_iter().filter(|row| !row.contains("other-case")).collect();
    let record = record(&mapping(MAPPING), &table(&rows));
    let steady = claim(&record, "steady/urgent/style");
    assert_eq!(steady.verdict, Verdict::Undecided);
    assert!(steady.why.contains("No positive control"), "{}", steady.why);
    assert_eq!(claim(&record, "swayed/urgent/style").verdict, Verdict::Breaks);
}

#[test]
fn without_a_retest_the_floor_is_not_measured_and_nothing_is_better_than_undecided() {
    let rows: Vec<String> = rows().into_iter().filter(|row| !row.contains("retest")).collect();
    let record = record(&mapping(MAPPING), &table(&rows));
    assert!(record.checks.iter().any(|check| check.value == "floor not measured"));
    for id in ["steady/urgent/style", "swayed/urgent/style"] {
        assert_eq!(claim(&record, id).verdict, Verdict::Undecided);
    }
    assert_eq!((record.summary.exit, record.summary.expected_false_breaks), (3, 0.0));
}

#[test]
fn the_order_of_rows_does_not_show_and_a_changed_cell_does() {
    let (mapping, rows) = (mapping(MAPPING), rows());
    let mut shuffled = rows.clone();
    shuffled.sort_by_key(|row| row.bytes().rev().fold(7_u64, |hash, byte| hash.wrapping_mul(31) ^ u64::from(byte)));
    assert_ne!(rows, shuffled);
    let bytes = |rows: &[String]| serde_json::to_vec(&record(&mapping, &table(rows))).unwrap();
    assert_eq!(bytes(&rows), bytes(&shuffled));
    let digest = |rows: &[String]| gathered(&mapping, &table(rows)).digest;
    let mut changed = rows.clone();
    changed[5] = changed[5].replace("yes", "no").replace("no,", "yes,");
    assert_ne!(digest(&rows), digest(&changed));
}

#[test]
fn answers_given_twice_are_all_left_out_and_named() {
    let mut rows = rows();
    let again = rows.iter().find(|row| row.starts_with("swayed,c003,p003,treated,style")).unwrap().clone();
    rows.push(again.replace(",yes,", ",no,"));
    let record = record(&mapping(MAPPING), &table(&rows));
    let [left] = record.flow.excluded.as_slice() else { panic!("{:?}", record.flow.excluded) };
    assert_eq!(
        (left.case.as_str(), left.reason.as_str()),
        ("c003", "style: given more than once, so all 2 answers are left out")
    );
    assert_eq!(line(&record, "swayed", "style").pairs, 119);
    assert_eq!(line(&record, "steady", "style").pairs, 120);
}

#[test]
fn a_row_that_repeats_another_takes_all_its_answers_with_it() {
    let wide = "format: 1\nid: w\ntitle: Wide\ndata: {name: W, licence: x, synthetic: true}\ncase: case\n\
        arms: [{arm: control, when: {v: 1}}, {arm: treated, scenario: s, when: {v: 2}}]\n\
        answers:\n  - {answer: m, reader: m, question: q}\n  - {answer: p, reader: p, question: q, rater: {column: who}}\n\
        readers: [{id: m}, {id: p, kind: panel}]\nquestions: [{id: q, kind: choice}]\n\
        scenarios: [{id: s, claim: C., expect: measure-only}]\n";
    let found = gathered(&mapping(wide), "case,v,m,p,who\na,1,x,x,1\na,2,x,x,2\na,2,y,y,3\nb,1,x,x,1\n");
    assert_eq!((found.rows_repeated, found.said.len()), (2, 4));
    assert_eq!(found.duplicates.values().sum::<u64>(), 4, "also those of two different people");
}

/// The treated answers of every reader dealt to the next case but one.
fn misaligned() -> Vec<String> {
    let move_on = |row: String| {
        let cells: Vec<&str> = row.split(',').collect();
        if cells[4] != "style" {
            return row;
        }
        let case = (cells[1][1..].parse::<usize>().unwrap() * 53 + 11) % CASES;
        let said = word(answer(cells[0], case, "treated", "style"));
        format!("{},{},{},{},{},{},{said},{}", cells[0], cells[1], cells[2], cells[3], cells[4], cells[5], cells[7])
    };
    rows().into_iter().map(move_on).collect()
}

#[test]
fn versions_that_do_not_belong_to_their_case_are_found_and_nothing_is_said_of_them() {
    let record = record(&mapping(MAPPING), &table(&misaligned()));
    let pairings = &record.answers.as_ref().unwrap().pairings;
    let whole = pairings.iter().find(|pairing| pairing.reader.is_none()).unwrap();
    assert_eq!(whole.state, State::Bad, "{whole:?}");
    for reader in ["steady", "swayed"] {
        let claim = claim(&record, &format!("{reader}/urgent/style"));
        assert_eq!(claim.verdict, Verdict::NotTested);
        assert!(claim.why.starts_with("Alignment doubtful"), "{}", claim.why);
        assert!(claim.beside.is_empty() && claim.lines.iter().all(|line| line.estimate.is_none()), "{claim:#?}");
        assert!(line(&record, reader, "style").flips.is_none());
    }
    assert!(record.tables.iter().all(|table| !table.scenario.ends_with("style")));
    assert!(record.checks.iter().any(|check| check.value == "doubtful: style"));
}

#[test]
fn rows_that_fit_nowhere_are_counted_with_their_reasons() {
    let extra = [
        "nobody,c001,p001,control,,1,yes,yes",
        "steady,c001,p001,treated,colour,1,yes,yes",
        "steady,c001,p001,before,,1,yes,yes",
        "steady,,p001,control,,1,yes,yes",
        "steady,c001,p001,control,,first,yes,yes",
        "steady,c007,p999,sham,,1,yes,yes",
        "steady,c500,p500,treated,style,1,yes,yes",
    ];
    let rows: Vec<String> = rows().into_iter().chain(extra.map(String::from)).collect();
    let mapping = mapping(MAPPING);
    let found = gathered(&mapping, &table(&rows));
    let reasons: Vec<&str> = found.rows_out.keys().chain(found.answers_out.keys()).map(String::as_str).collect();
    assert_eq!(
        reasons,
        [
            "no cell names the case",
            "scenario `colour` is not in the mapping",
            "the mapping gives it no arm",
            "`first` is no number of a repeat or draw",
            "reader `nobody` is not in the mapping",
            "the rows of the case contradict each other",
        ]
    );
    assert_eq!(found.contradictions["c007"], "its rows name different patients");
    let record = record(&mapping, &table(&rows));
    assert_eq!(line(&record, "steady", "style").unpaired, 1, "a changed version without control leaves the pairs");
    assert_eq!(line(&record, "steady", "style").pairs, 119);
    assert!(record.flow.excluded.iter().any(|left| left.case == "c007"));
}

#[test]
fn several_cases_of_a_patient_widen_the_interval() {
    let apart = record(&mapping(MAPPING), &table(&rows()));
    let together: Vec<String> = rows()
        .into_iter()
        .map(|row| {
            let case: usize = row.split(',').nth(1).unwrap()[1..].parse().unwrap();
            row.replace(&format!(",p{case:03},"), &format!(",p{:03},", case % 5 + 5 * (case / 20)))
        })
        .collect();
    let clustered = record(&mapping(MAPPING), &table(&together));
    let width = |record: &Record| {
        let (low, high) = line(record, "swayed", "style").flips.as_ref().unwrap().interval.unwrap();
        high - low
    };
    assert_eq!(line(&clustered, "swayed", "style").flips.as_ref().unwrap().patients, 30);
    assert!(width(&clustered) > 1.3 * width(&apart), "{} {}", width(&clustered), width(&apart));
}

/// A panel of two people per version and a question of one kind.
fn kinds(kind: &str, cells: &[(&str, &str)]) -> Record {
    let text = format!(
        "format: 1\nid: k\ntitle: Kinds\ndata: {{name: K, licence: x, synthetic: true}}\ncase: case\n\
         arms: [{{arm: control, when: {{v: 1}}}}, {{arm: treated, scenario: s, when: {{v: 2}}}}]\n\
         answers: [{{answer: a, reader: r, question: q, status: status}}]\nreaders: [{{id: r}}]\n\
         questions: [{{id: q, {kind}}}]\nscenarios: [{{id: s, claim: C., expect: measure-only}}]\n"
    );
    let row = |(case, (before, after)): (usize, &(&str, &str))| {
        let cell =
            |text: &str| text.strip_prefix('!').map_or_else(|| format!("{text},"), |status| format!(",{status}"));
        format!("c{case:02},1,{}\nc{case:02},2,{}\n", cell(before), cell(after))
    };
    let rows: String = cells.iter().enumerate().map(row).collect();
    record(&mapping(&text), &format!("case,v,a,status\n{rows}"))
}

#[test]
fn every_kind_of_answer_is_compared_by_what_it_means() {
    let events = |kind: &str, cells: &[(&str, &str)]| {
        let record = kinds(kind, cells);
        let answers = record.answers.unwrap();
        (answers.lines[0].flips.as_ref().and_then(|flips| flips.events), answers.lines[0].failed)
    };
    assert_eq!(
        events("kind: yes-no, yes: [\"1\", y], no: [\"0\"]", &[("1", "Y"), ("1", "0"), ("0", "0")]),
        (Some(1.0), 0)
    );
    assert_eq!(events("kind: choice", &[("See  a doctor", "see a doctor"), ("a|b", "b|a")]), (Some(1.0), 0));
    assert_eq!(events("kind: choice, words: [a, b]", &[("a", "A"), ("a", "c"), ("c", "d")]), (Some(1.0), 0));
    assert_eq!(events("kind: number, nearest: 0.5", &[("1.1", "0.9"), ("1.1", "1.4"), ("-0.1", "0")]), (Some(1.0), 0));
    assert_eq!(
        events("kind: diagnosis", &[("Malignant melanoma", "melanoma"), ("melanoma", "psoriasis|melanoma")]),
        (Some(1.0), 0)
    );
    assert_eq!(
        events(
            "kind: text",
            &[("Most likely melanoma.", "I think this is malignant melanoma."), ("Psoriasis.", "Scabies.")]
        ),
        (Some(1.0), 0)
    );
    // Nothing came, refused, unreadable: missing, an answer of its own, an answer of its own.
    assert_eq!(
        events("kind: yes-no", &[("yes", ""), ("yes", "!refused"), ("!refused", "!truncated"), ("maybe", "maybe")]),
        (Some(1.0), 1)
    );
}

#[test]
fn numbers_have_a_mean_that_moves_and_its_interval() {
    let cells: Vec<(String, String)> =
        (0..50).map(|case| ((case % 7).to_string(), (case % 7 + case % 2).to_string())).collect();
    let cells: Vec<(&str, &str)> = cells.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let moved = kinds("kind: number", &cells).answers.unwrap().lines[0].moved.clone().unwrap();
    let difference = moved.difference.unwrap();
    assert_eq!((difference.point, moved.up, moved.down), (0.5, 25, 0));
    let (low, high) = difference.interval.unwrap();
    assert!((0.34..0.40).contains(&low) && (0.60..0.66).contains(&high), "{low} {high}");
}

/// A panel: case, version, person, answer.
fn panel(rows: &[(usize, u8, &str, &str)]) -> Record {
    let text = "format: 1\nid: p\ntitle: People\ndata: {name: P, licence: x, synthetic: true}\ncase: case\n\
        arms: [{arm: control, when: {v: 1}}, {arm: treated, scenario: s, when: {v: 2}}]\n\
        answers: [{answer: a, reader: p, question: q, rater: {column: who}}]\nreaders: [{id: p, kind: panel}]\n\
        questions: [{id: q, kind: yes-no}]\n\
        scenarios: [{id: s, claim: C., expect: invariant, accept: [{flip: {at-most: 10%, because: r}}]}]\n";
    let rows: Vec<String> = rows.iter().map(|(case, v, who, a)| format!("c{case:02},{v},{who},{a}")).collect();
    record(&mapping(text), &format!("case,v,who,a\n{}\n", rows.join("\n")))
}

#[test]
fn of_people_only_disagreement_between_versions_less_that_within_one_is_reported() {
    // Within the control 1 of 1 pairs differs, within the changed version none of 1; between 2 of 4.
    let record = panel(&[(0, 1, "a", "yes"), (0, 1, "b", "no"), (0, 2, "c", "yes"), (0, 2, "d", "yes")]);
    let answers = record.answers.as_ref().unwrap();
    let [line] = answers.panels.as_slice() else { panic!("{:?}", answers.panels) };
    let point = |estimate: &Option<bedside_reports::record::Estimate>| estimate.as_ref().unwrap().point;
    assert_eq!((point(&line.between), point(&line.within), point(&line.excess)), (0.5, 0.5, 0.0));
    assert_eq!((line.same_person.events, line.same_person.of), (0, 2));
    assert!(record.claims.is_empty() && answers.lines.is_empty(), "nothing is claimed of people");
}

#[test]
fn somebody_who_read_both_versions_is_counted_and_not_compared_with_themselves() {
    let rows = [(0, 1, "a", "yes"), (0, 1, "b", "yes"), (0, 2, "a", "no"), (0, 2, "c", "yes"), (1, 2, "c", "yes")];
    let answers = panel(&rows).answers.unwrap();
    let line = &answers.panels[0];
    // Pairs of different people: a–c alike, b–a differ, b–c alike.
    assert!((line.between.as_ref().unwrap().point - 1.0 / 3.0).abs() < 1e-12);
    assert_eq!((line.same_person.events, line.same_person.of, line.unpaired), (1, 2, 1));
}

#[test]
fn levels_are_cells_of_one_claim_with_a_curve() {
    let levels = MAPPING
        .replace("scenario: {column: scenario}}", "scenario: {column: scenario}, level: {column: draw}}")
        .replace("    expect: invariant\n", "    expect: invariant\n    levels: [1, 3]\n");
    let more: Vec<String> = rows()
        .into_iter()
        .filter(|row| row.contains(",style,"))
        .map(|row| row.replace(",style,1,", ",style,3,"))
        .collect();
    let odd = "steady,c001,p001,treated,style,2,yes,yes".to_owned();
    let all: Vec<String> = rows().into_iter().chain(more).chain([odd]).collect();
    let mapping = mapping(&levels);
    let record = record(&mapping, &table(&all));
    let claim = claim(&record, "steady/urgent/style");
    assert_eq!((claim.lines[0].levels.len(), claim.envelope.as_deref()), (2, Some("≤ level 3")));
    let curve = record.curves.iter().find(|curve| curve.scenario == "steady/urgent/style").unwrap();
    assert_eq!((curve.dose.as_str(), curve.points[1].dose), ("level", 3.0));
    assert!(gathered(&mapping, &table(&all)).rows_out.contains_key("level `2` is not in the mapping"));
}
