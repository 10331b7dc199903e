//! Text from elsewhere (models, cohorts, scenario files) made safe to show.

/// Whether a character would work unseen: controls, direction overrides, invisible and tag characters. They are
/// shown by their code, because a reader who signs must see what is there. Joiners stay: scripts need them.
fn is_unseen(c: char) -> bool {
    match c {
        '\t' | '\n' => false,
        '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2060}' | '\u{feff}' => true,
        '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{e0000}'..='\u{e007f}' => true,
        _ => c.is_control(),
    }
}

fn push_escaped(out: &mut String, c: char) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        c if is_unseen(c) => out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c))),
        c => out.push(c),
    }
}

/// The text for HTML or SVG, in content or in a quoted attribute.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|c| push_escaped(&mut out, c));
    out
}

/// At most `most` characters, the last one an ellipsis when something was cut.
pub(crate) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    let kept: String = text.chars().take(most.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

/// A part of an anchor: ASCII letters, digits, `-` and `_`; everything else becomes `-`.
pub(crate) fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_loses_its_force() {
        assert_eq!(
            escape("</script><b a=\"x\" c='y'>&"),
            "&lt;/script&gt;&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;"
        );
    }

    #[test]
    fn unseen_characters_are_shown() {
        assert_eq!(escape("a\u{202e}b\0c\u{e0041}"), "a⟨U+202E⟩b⟨U+0000⟩c⟨U+E0041⟩");
        assert_eq!(escape("line\nשלום\u{200d}"), "line\nשלום\u{200d}");
    }

    #[test]
    fn long_text_ends_in_an_ellipsis() {
        assert_eq!(shorten("défocus blur", 8), "défocus…");
        assert_eq!(shorten("short", 8), "short");
    }

    #[test]
    fn a_slug_has_nothing_to_escape() {
        assert_eq!(slug("a b\"><é_1"), "a-b----_1");
    }
}
