//! Word diffs as plain text, for a terminal: `[-taken away-]` and `{+added+}`, told apart without colour.

use bedside_reports::record::Piece;

/// A word diff by lines: those with a change in them, and a dot-dot-dot for those without.
///
/// Control characters, which could steer a terminal, are replaced.
#[must_use]
pub fn marked(pieces: &[Piece]) -> String {
    let mut lines = vec![Line::default()];
    for piece in pieces {
        let (open, close, text) = match piece {
            Piece::Same(text) => ("", "", text),
            Piece::Deleted(text) => ("[-", "-]", text),
            Piece::Inserted(text) => ("{+", "+}", text),
        };
        for (place, part) in text.split('\n').enumerate() {
            if place > 0 {
                lines.push(Line::default());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty()) {
                line.text.push_str(&format!("{open}{}{close}", printable(part)));
                line.changed |= !open.is_empty();
            }
        }
    }
    shown(&lines)
}

/// Words without control characters, which could steer a terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[derive(Default)]
struct Line {
    text: String,
    changed: bool,
}

fn shown(lines: &[Line]) -> String {
    let mut shown: Vec<&str> = Vec::new();
    for line in lines {
        if line.changed {
            shown.push(&line.text);
        } else if !line.text.is_empty() && shown.last() != Some(&"…") {
            shown.push("…");
        }
    }
    shown.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(text: &str) -> Piece {
        match text.split_at(1) {
            ("-", text) => Piece::Deleted(text.into()),
            ("+", text) => Piece::Inserted(text.into()),
            (_, text) => Piece::Same(text.into()),
        }
    }

    fn of(pieces: &[&str]) -> String {
        marked(&pieces.iter().map(|text| piece(text)).collect::<Vec<_>>())
    }

    #[test]
    fn what_is_gone_and_what_is_new_have_marks_of_their_own() {
        assert_eq!(of(&["=for ", "-three", "+two", "= weeks"]), "for [-three-]{+two+} weeks");
    }

    #[test]
    fn lines_without_a_change_are_passed_over_and_marks_never_span_lines() {
        let text =
            of(&["=age: 30\nsex: male\n", "-itch: yes\nfever: no\n", "=site: arm\nduration: ", "+two ", "=weeks"]);
        assert_eq!(text, "…\n[-itch: yes-]\n[-fever: no-]\n…\nduration: {+two +}weeks");
        assert_eq!(of(&["=all\nthe same"]), "…");
        assert_eq!(of(&[]), "");
    }

    #[test]
    fn nothing_steers_the_terminal() {
        assert_eq!(of(&["-\u{1b}[31mred"]), "[-\u{fffd}[31mred-]");
    }
}
