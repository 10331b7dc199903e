//! What phrases mean: declining, refusing, hedging. Tables of plain English, matched in lower case.

use crate::diagnosis::plain;

/// Names of the sections in which models think aloud.
const THOUGHTS: &[&str] = &["think", "thinking", "thought", "reasoning", "analysis", "scratchpad"];

/// Phrases that decline a diagnosis because of the input. "Cannot" stands for all its forms: see [`folded`].
const DECLINES: &[&str] = &[
    "cannot assess",
    "cannot be assessed",
    "cannot reliably",
    "cannot determine",
    "cannot be determined",
    "cannot diagnose",
    "cannot be diagnosed",
    "cannot make a",
    "cannot make any",
    "cannot give a",
    "cannot give any",
    "cannot provide a",
    "cannot provide any",
    "cannot offer a",
    "cannot evaluate",
    "cannot be evaluated",
    "cannot interpret",
    "cannot be interpreted",
    "cannot identify",
    "cannot be identified",
    "cannot say",
    "cannot tell",
    "cannot see",
    "no diagnosis can be",
    "no reliable diagnosis",
    "insufficient information",
    "insufficient data",
    "insufficient image",
    "insufficient detail",
    "not enough information",
    "not enough detail",
    "inadequate image",
    "inadequate quality",
    "insufficient quality",
    "quality is insufficient",
    "quality is inadequate",
    "quality is too poor",
    "quality is too low",
    "too blurry",
    "too blurred",
    "too dark",
    "too bright",
    "overexposed to",
    "ungradable",
    "not gradable",
    "non-diagnostic",
    "nondiagnostic",
    "uninterpretable",
    "not interpretable",
    "not assessable",
    "no image was",
    "no images were",
    "no image is",
    "no photo was",
    "no photo is",
    "no photograph was",
    "no photograph is",
    "image is missing",
    "photo is missing",
    "i abstain",
    "must abstain",
    "abstain from",
    "i would abstain",
    "have to abstain",
];

/// What turns a phrase of [`DECLINES`] into the usual caution of a text that does give a diagnosis.
const DISCLAIMED: &[&str] = &["definitive", "definite", "formal", "official", "certain", "medical", "final", "exact"];

/// Phrases that decline to answer at all.
const REFUSALS: &[&str] = &[
    "cannot help with",
    "cannot assist",
    "cannot provide medical",
    "cannot give medical",
    "cannot offer medical",
    "cannot provide a medical",
    "cannot offer a medical",
    "cannot give a medical",
    "cannot comply",
    "cannot fulfill",
    "cannot fulfil",
    "cannot process this request",
    "cannot answer this request",
    "cannot analyze medical",
    "cannot analyse medical",
    "cannot interpret medical",
    "cannot diagnose medical",
    "not able to help with",
    "against my guidelines",
    "violates",
    "not a doctor",
    "not a medical professional",
    "not qualified to",
    "as an ai",
    "as a language model",
    "content policy",
];

/// Phrases with which an answer says that its diagnosis cannot be relied on.
const HEDGES: &[&str] = &[
    "low confidence",
    "limited confidence",
    "cannot be relied on",
    "not be relied on",
    "not be relied upon",
    "not reliable",
    "unreliable",
    "very uncertain",
    "highly uncertain",
    "limited by",
    "limits the assessment",
    "limits assessment",
    "poor image quality",
    "poor quality",
    "limited quality",
    "limited image",
    "difficult to assess",
    "hard to assess",
    "difficult to evaluate",
    "hard to tell",
    "difficult to tell",
    "interpret with caution",
    "interpreted with caution",
    "with great caution",
    "only tentative",
    "very tentative",
];

/// Names that stand where a diagnosis is declined.
const UNDETERMINED: &[&str] = &[
    "unknown",
    "uncertain",
    "undetermined",
    "indeterminate",
    "no diagnosis",
    "unclear",
    "not determined",
    "abstain",
    "not assessable",
    "ungradable",
    "undiagnosable",
    "inconclusive",
    "insufficient information",
    "insufficient data",
    "no differential",
];

/// Names that stand where nothing is said, neither a diagnosis nor that there can be none.
const BLANK: &[&str] = &["", "none", "n a", "na", "not applicable", "nil", "null", "nan", "undefined", "ok", "string"];

/// What an answer says once its thinking is taken off: an unclosed thought leaves nothing; a tagged answer is all.
pub(super) fn spoken(text: &str) -> &str {
    let lower = text.to_ascii_lowercase();
    let mut start = 0;
    for tag in THOUGHTS {
        let close = format!("</{tag}>");
        if let Some(at) = lower.rfind(&close) {
            start = start.max(at + close.len());
        }
    }
    for marker in ["<|channel|>final<|message|>", "<|start_of_answer|>", "\u{25c1}/think\u{25b7}"] {
        if let Some(at) = lower.rfind(marker) {
            start = start.max(at + marker.len());
        }
    }
    let open = |tag: &str| lower.get(start..).and_then(|rest| rest.find(&format!("<{tag}>")));
    let end = THOUGHTS.iter().filter_map(|tag| open(tag)).min().map_or(text.len(), |at| start + at);
    let said = text.get(start..end).unwrap_or_default();
    tagged(said).unwrap_or(said)
}

/// What stands between the last `<answer>` tags.
fn tagged(text: &str) -> Option<&str> {
    let lower = text.to_ascii_lowercase();
    ["answer", "final", "output"].iter().find_map(|tag| {
        let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
        let start = lower.rfind(&open)? + open.len();
        let end = lower.get(start..)?.find(&close).map_or(text.len(), |at| start + at);
        text.get(start..end)
    })
}

/// A text without the lines that open or close a block of code.
pub(super) fn unfenced(text: &str) -> String {
    let is_fence = |line: &&str| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~");
    text.lines().filter(|line| !is_fence(line)).collect::<Vec<_>>().join("\n")
}

/// Lower case, plain quotes, single spaces, and "cannot" for all that means it.
pub(super) fn folded(text: &str) -> String {
    let text = text.to_lowercase().replace('\u{2019}', "'").split_whitespace().collect::<Vec<_>>().join(" ");
    let forms = [
        "can't",
        "can not",
        "could not",
        "couldn't",
        "unable to",
        "not able to",
        "not possible to",
        "impossible to",
        "will not be able to",
    ];
    forms
        .iter()
        .fold(text, |text, form| text.replace(form, "cannot"))
        .replace("i'm cannot", "i cannot")
        .replace("i am cannot", "i cannot")
}

/// Whether a text declines a diagnosis because of what it was shown.
pub(super) fn declines(text: &str) -> bool {
    declines_folded(&folded(text))
}

fn declines_folded(text: &str) -> bool {
    DECLINES.iter().any(|phrase| {
        text.match_indices(phrase).any(|(at, _)| {
            let next = text.get(at + phrase.len()..).unwrap_or_default();
            let next: Vec<&str> = next.split_whitespace().take(2).collect();
            !next.iter().any(|word| DISCLAIMED.contains(&word.trim_matches(|c: char| !c.is_alphanumeric())))
        })
    })
}

/// Whether a text declines to answer for a reason other than its input.
pub(super) fn refuses(text: &str) -> bool {
    let text = folded(text);
    let input = ["blur", "quality", "dark", "image provided", "photo", "information", "focus", "resolution"];
    REFUSALS.iter().any(|phrase| text.contains(phrase)) && !input.iter().any(|word| text.contains(word))
}

/// Whether a text that gives a diagnosis says that it cannot be relied on.
pub(super) fn hedges(text: &str) -> bool {
    let text = folded(text);
    HEDGES.iter().any(|phrase| text.contains(phrase)) || declines_folded(&text)
}

/// Whether a name stands where nothing is said.
pub(super) fn blank(name: &str) -> bool {
    BLANK.contains(&plain(name).as_str())
}

/// Whether a name stands where a diagnosis is declined.
pub(super) fn undetermined(name: &str) -> bool {
    let words = plain(name);
    UNDETERMINED.contains(&words.as_str()) || declines(name)
}

/// The sentences of a text.
pub(super) fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let ends = |pair: &(usize, char)| matches!(pair.1, '.' | '!' | '?' | ';' | '\n');
    let mut cuts: Vec<usize> = text
        .char_indices()
        .filter(ends)
        .map(|(at, c)| at + c.len_utf8())
        .filter(|at| {
            text.get(*at..).is_some_and(|rest| {
                rest.is_empty()
                    || rest.starts_with(char::is_whitespace)
                    || text.get(..*at).is_some_and(|head| head.ends_with('\n'))
            })
        })
        .collect();
    cuts.push(text.len());
    let starts = core::iter::once(0).chain(cuts.clone());
    starts.zip(cuts).filter_map(|(start, end)| text.get(start..end)).map(str::trim).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinking_is_set_aside() {
        for (text, said) in [
            ("plain", "plain"),
            ("<think>melanoma?</think>naevus", "naevus"),
            ("<THINK>a</THINK> b <think>c</think> d", " d"),
            ("melanoma? no.</think>naevus", "naevus"),
            ("before <think>never closed", "before "),
            ("<think>never closed", ""),
            ("<think>x</think><answer>y</answer>z", "y"),
            ("<|channel|>analysis<|message|>x<|end|><|channel|>final<|message|>y", "y"),
        ] {
            assert_eq!(spoken(text), said, "{text}");
        }
    }

    #[test]
    fn declining_is_told_from_caution() {
        for text in [
            "I can’t assess this image.",
            "The lesion cannot be assessed.",
            "I am unable to make a diagnosis because the photo is too blurry.",
            "There is insufficient information.",
            "No image was provided.",
        ] {
            assert!(declines(text), "{text}");
        }
        for text in [
            "I cannot provide a definitive diagnosis, but it looks like psoriasis.",
            "Melanoma cannot be excluded.",
            "I can't give a formal diagnosis.",
            "This is melanoma.",
        ] {
            assert!(!declines(text), "{text}");
        }
    }

    #[test]
    fn refusals_are_told_from_declining() {
        assert!(refuses("I'm sorry, but I can't help with that."));
        assert!(refuses("As an AI, I cannot provide medical advice."));
        assert!(!refuses("I can't assist: the image quality is too poor."));
        assert!(!refuses("This is melanoma."));
    }

    #[test]
    fn sentences_end_where_they_should() {
        let found: Vec<_> = sentences("It is 3.5 mm. Is it red? Yes;\nno\n\n").collect();
        assert_eq!(found, ["It is 3.5 mm.", "Is it red?", "Yes;", "no"]);
    }
}
