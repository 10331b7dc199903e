use super::*;

/// A mapping of a long table, to be changed by each test.
const LONG: &str = "\
format: 1
id: mine
title: Two readers on sixty cases.
data: {name: Mine, licence: CC0-1.0, synthetic: true}
case: case
patient: patient
arms:
  - {arm: control, when: {arm: control}, draw: {column: draw}}
  - {arm: treated, when: {arm: treated}, scenario: {column: scenario}, draw: {column: draw}}
answers:
  - {answer: answer, reader: {column: reader}, question: triage}
readers:
  - {id: a}
  - {id: b}
questions:
  - {id: triage, kind: choice, words: [urgent, routine]}
scenarios:
  - id: style
    claim: The way of writing changes nothing.
    expect: invariant
    accept:
      - flip: {at-most: 10%, because: \"a reason\"}
";

fn problems(text: &str) -> Vec<Diagnostic> {
    read("m.yaml", text.as_bytes()).unwrap_err()
}

#[test]
fn a_mapping_names_columns_readers_questions_arms_and_bounds() {
    let mapping = read("m.yaml", LONG.as_bytes()).unwrap();
    let columns: Vec<&str> = mapping.columns().map(|column| column.name.as_str()).collect();
    assert_eq!(columns, ["case", "patient", "arm", "draw", "arm", "scenario", "draw", "answer", "reader"]);
    assert_eq!(mapping.missing, [""]);
    assert_eq!(mapping.questions[0].kind, Kind::Choice(vec!["urgent".into(), "routine".into()]));
    assert_eq!((mapping.scenarios[0].accept[0].bound, mapping.scenarios[0].shown), (0.1, Shown::History));
    assert_eq!((mapping.reader("b"), mapping.reader("c")), (Some(1), None));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_the_nearest_name() {
    let found = |from: &str, to: &str| -> Vec<(usize, String, String)> {
        let problems = problems(&LONG.replace(from, to)).into_iter();
        problems.map(|problem| (problem.line, problem.what, problem.help)).collect()
    };
    let wrong = [
        ("case: case", "cass: case", 5, "unknown key `cass`", "did you mean `case`?"),
        ("question: triage", "question: triag", 11, "unknown id `triag`", "did you mean `triage`?"),
        ("{arm: control,", "{arm: controll,", 8, "unknown word `controll`", "did you mean `control`?"),
        ("{id: b}", "{id: a}", 14, "duplicate id `a`", ""),
        ("- flip:", "- flipp:", 22, "unknown metric `flipp`", "did you mean `flip`?"),
        (
            "kind: choice, words: [urgent, routine]",
            "kind: number, words: [a]",
            16,
            "`words` without use",
            "leave it out",
        ),
        ("{column: reader}", "{colum: reader}", 11, "unknown key `colum`", "did you mean `column`?"),
    ];
    for (from, to, line, what, help) in wrong {
        let (found, wanted) = (found(from, to), (line, what.to_owned(), help.to_owned()));
        assert!(found.contains(&wanted), "{to}: {found:?}");
    }
}

#[test]
fn a_treated_arm_needs_its_scenario_and_a_bound_its_reason() {
    let first = |from: &str, to: &str| problems(&LONG.replace(from, to)).remove(0).what;
    assert_eq!(first(" scenario: {column: scenario},", ""), "missing `scenario`");
    assert_eq!(first(", because: \"a reason\"", ""), "missing `because`");
    assert_eq!(
        first("draw: {column: draw}}\n  - {arm: treated", "scenario: style}\n  - {arm: treated"),
        "`scenario` without use"
    );
}

#[test]
fn a_bound_speaks_of_levels_that_the_mapping_lists() {
    let swept = LONG.replace("    expect: invariant\n", "    expect: invariant\n    levels: [1, 2, 4]\n");
    let bounded = |up_to: &str| swept.replace("{at-most: 10%,", &format!("{{at-most: 10%, up-to: {up_to},"));
    let mapping = read("m.yaml", bounded("2").as_bytes()).unwrap();
    assert_eq!(
        (mapping.scenarios[0].levels.as_slice(), mapping.scenarios[0].accept[0].up_to),
        ([1.0, 2.0, 4.0].as_slice(), Some(2.0))
    );
    assert_eq!(problems(&bounded("3")).remove(0).help, "tested: level 1, level 2, level 4");
    assert_eq!(
        problems(&LONG.replace("{at-most: 10%,", "{at-most: 10%, up-to: 2,")).remove(0).what,
        "`up-to` without use"
    );
}

#[test]
fn people_of_a_panel_are_told_apart_and_nobody_else_is() {
    let panel = LONG.replace("{column: reader}", "a").replace("{id: a}", "{id: a, kind: panel}");
    assert_eq!(problems(&panel).remove(0).what, "missing `rater`");
    let alone = LONG.replace("reader: {column: reader},", "reader: a, rater: {column: who},");
    assert_eq!(problems(&alone).remove(0).what, "`rater` without use");
    let both = panel.replace("reader: a,", "reader: a, rater: {column: who},");
    assert!(read("m.yaml", both.as_bytes()).unwrap().readers[0].panel);
}

#[test]
fn every_column_that_a_table_lacks_or_has_twice_is_named_where_the_mapping_names_it() {
    let mapping = read("m.yaml", LONG.as_bytes()).unwrap();
    let header = ["case", "patient", "arm", "scenario", "draw", "anwser", "reader"];
    let problems = mapping.check_columns(&header).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert_eq!((problems[0].line, problems[0].what.as_str()), (11, "no column `answer`"));
    assert_eq!(problems[0].help, "did you mean `anwser`?");
    let twice = ["case", "case", "patient", "arm", "scenario", "draw", "answer", "reader"];
    assert_eq!(mapping.check_columns(&twice).unwrap_err()[0].what, "2 columns `case`");
    assert!(mapping.check_columns(&twice[1..]).is_ok());
}
