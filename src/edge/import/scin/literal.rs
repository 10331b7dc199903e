//! A Python dict of names and numbers, as the published tables write it: `{'Eczema': 0.41, "Bowen's disease": 0.59}`.

/// The pairs of a dict, in order; an empty cell has none.
///
/// # Errors
/// A sentence that says what was expected where.
pub(super) fn weights(text: &str) -> Result<Vec<(String, f64)>, String> {
    let mut rest = Rest { text, at: 0 };
    rest.blank();
    if rest.is_done() || text.trim() == "{}" {
        return Ok(Vec::new());
    }
    rest.expect('{')?;
    let mut pairs = Vec::new();
    while !rest.takes('}') {
        if !pairs.is_empty() {
            rest.expect(',')?;
            if rest.takes('}') {
                break;
            }
        }
        let name = rest.quoted()?;
        rest.expect(':')?;
        pairs.push((name, rest.number()?));
    }
    if rest.is_done() { Ok(pairs) } else { Err(rest.wanted("the end")) }
}

/// What is left to read.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl Rest<'_> {
    fn left(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn wanted(&self, what: &str) -> String {
        format!("{what} was expected after {} characters", self.text.get(..self.at).unwrap_or_default().chars().count())
    }

    fn blank(&mut self) {
        self.at += self.left().len() - self.left().trim_start().len();
    }

    fn is_done(&self) -> bool {
        self.left().is_empty()
    }

    fn takes(&mut self, mark: char) -> bool {
        let here = self.left().starts_with(mark);
        if here {
            self.at += mark.len_utf8();
            self.blank();
        }
        here
    }

    fn expect(&mut self, mark: char) -> Result<(), String> {
        if self.takes(mark) { Ok(()) } else { Err(self.wanted(&format!("`{mark}`"))) }
    }

    /// A string in single or double quotes, with backslash escapes of quotes and backslashes.
    fn quoted(&mut self) -> Result<String, String> {
        let quote = self.left().chars().next().filter(|c| matches!(c, '\'' | '"'));
        let quote = quote.ok_or_else(|| self.wanted("a name in quotes"))?;
        let (mut name, mut escaped) = (String::new(), false);
        for (at, c) in self.left().char_indices().skip(1) {
            match c {
                '\\' if !escaped => escaped = true,
                c if c == quote && !escaped => {
                    self.at += at + c.len_utf8();
                    self.blank();
                    return Ok(name);
                }
                c => {
                    name.push(c);
                    escaped = false;
                }
            }
        }
        Err(self.wanted("a name that ends in its quote"))
    }

    fn number(&mut self) -> Result<f64, String> {
        let left = self.left();
        let end = left.find([',', '}']).unwrap_or(left.len());
        let number =
            left.get(..end).and_then(|text| text.trim().parse::<f64>().ok()).filter(|number| number.is_finite());
        let number = number.ok_or_else(|| self.wanted("a number"))?;
        self.at += end;
        Ok(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn dicts_are_read() {
        let read = |text: &str| weights(text).unwrap();
        assert_eq!(
            read("{'Eczema': 0.41, \"Bowen's disease\": 0.59}"),
            [("Eczema".to_string(), 0.41), ("Bowen's disease".to_string(), 0.59)]
        );
        assert_eq!(read(r"{'It\'s': 1.0,}"), [("It's".to_string(), 1.0)]);
        assert_eq!(read(" {} "), []);
        assert_eq!(read(""), []);
    }

    #[test]
    fn what_is_broken_is_said_with_its_place() {
        for (text, says) in [
            ("Eczema", "`{` was expected after 0"),
            ("{Eczema: 1}", "a name in quotes was expected after 1"),
            ("{'Eczema' 1}", "`:` was expected after 10"),
            ("{'Eczema': x}", "a number was expected after 11"),
            ("{'Eczema': 1", "`,` was expected after 12"),
            ("{'Eczema': 1} x", "the end was expected after 14"),
            ("{'Eczema", "ends in its quote"),
        ] {
            let why = weights(text).unwrap_err();
            assert!(why.contains(says), "{text}: {why}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text: String) {
            let _ = weights(&text);
        }
    }
}
