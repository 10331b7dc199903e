//! From what a model wrote to a concept.
//!
//! A text maps by *the same words* (in any order; without hedges such as "probable", qualifiers such as "early" and
//! a body site at the end), or by *spelling*: the same number of words, each with the same first letter and at most
//! as many edits as [`edits_allowed`], two in all, and no second concept that would do as well. Words under five
//! letters allow no edit, so that no abbreviation turns into another.

use strsim::osa_distance;

use super::normal::{bag, words, words_with_endings};
use super::{Concept, Lexicon};

/// How a text maps to a concept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// By the same words.
    Exact,
    /// By a close spelling.
    Spelling,
}

/// A concept that a text maps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match<'a> {
    /// The canonical id.
    pub id: &'a str,
    /// How it was found.
    pub how: How,
}

/// A concept that a longer text mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// The canonical id.
    pub id: &'a str,
    /// First byte of the mention.
    pub start: usize,
    /// The byte after the mention.
    pub end: usize,
}

/// The longest text that can be one diagnosis, in bytes.
const LONGEST: usize = 200;
/// The most edits between a text and a name.
const MOST_EDITS: usize = 2;
/// The most words of a name that a longer text is searched for.
const MOST_WORDS: usize = 6;

/// Words and phrases that say how sure someone is, and not of what. In normal form.
const HEDGES: &[&str] = &[
    "cannot be excluded",
    "can not be excluded",
    "cannot exclude",
    "not excluded",
    "cannot rule out",
    "cant rule out",
    "rule out",
    "to rule out",
    "r o",
    "highly suspicious for",
    "suspicious for",
    "suspicion of",
    "suspected",
    "suspicious",
    "suspect",
    "suggestive of",
    "suggesting",
    "concerning for",
    "concern for",
    "consistent with",
    "compatible with",
    "in keeping with",
    "indicative of",
    "favoring",
    "favored",
    "favor",
    "presumed",
    "presumptive",
    "provisional",
    "query",
    "probably",
    "probable",
    "possibly",
    "possible",
    "most likely",
    "more likely",
    "less likely",
    "unlikely",
    "likely",
    "consider",
    "diagnosis of",
    "diagnosis",
    "dx",
    "ddx",
    "clinically",
    "must",
    "most",
    "a",
    "an",
    "the",
];

/// Words that describe a lesion without naming another disease. In normal form.
const QUALIFIERS: &[&str] = &[
    "early",
    "late",
    "advanced",
    "small",
    "large",
    "solitary",
    "single",
    "multiple",
    "localized",
    "generalized",
    "widespread",
    "extensive",
    "chronic",
    "acute",
    "subacute",
    "recurrent",
    "persistent",
    "mild",
    "moderate",
    "severe",
    "classic",
    "classical",
    "typical",
    "inflamed",
    "irritated",
    "pigmented",
    "ulcerated",
    "crusted",
    "bleeding",
    "nodular",
    "superficial",
    "invasive",
    "metastatic",
    "cutaneous",
    "skin",
    "facial",
    "type",
    "variant",
    "lesion",
    "disease",
    "flare",
    "exacerbation",
    "plaque",
];

/// Words that turn a name into its denial.
const DENIALS: &[&str] = &["not", "no", "non", "without", "excluded", "ruled", "excluding", "than", "versus", "vs"];

/// Words that begin a body site after `of`, `on` and the like. In normal form.
const SITES: &[&str] = &[
    "the", "left", "right", "upper", "lower", "skin", "face", "nose", "nasal", "ear", "cheek", "lip", "scalp", "neck",
    "chest", "back", "abdomen", "arm", "forearm", "hand", "leg", "thigh", "foot", "trunk", "shoulder", "eyelid",
    "forehead", "temple", "finger", "toe", "his", "her", "sun",
];

impl Lexicon {
    /// The concept that a text names, if it names exactly one.
    ///
    /// A part in brackets is left out unless the name needs it. A denial ("not melanoma") names nothing.
    #[must_use]
    pub fn canonical(&self, text: &str) -> Option<Match<'_>> {
        if text.len() > LONGEST {
            return None;
        }
        let (bare, full) = (words(&without_brackets(text)), words(text));
        let forms = [&full, &bare];
        if let Some(concept) = forms.iter().find_map(|form| self.same_words(form)) {
            return Some(Match { id: &concept.id, how: How::Exact });
        }
        let forms = forms.map(|form| without_phrases(form, HEDGES));
        if forms.iter().any(|form| form.iter().any(|word| DENIALS.contains(&word.as_str()))) {
            return None;
        }
        if let Some(concept) = forms.iter().find_map(|form| self.described(form)) {
            return Some(Match { id: &concept.id, how: How::Exact });
        }
        let bare = without_phrases(&words_with_endings(&without_brackets(text)), HEDGES);
        let spelled = forms.iter().chain([&bare]).find_map(|form| self.spelled(form));
        spelled.map(|concept| Match { id: &concept.id, how: How::Spelling })
    }

    /// The concepts that a text mentions, in order, without overlaps; the longest name wins. Names under four letters
    /// count only where they are written in capitals, and "mole" not at all: prose uses it for any spot.
    #[must_use]
    pub fn mentions(&self, text: &str) -> Vec<Mention<'_>> {
        let spans = word_spans(text);
        let mut found = Vec::new();
        let mut next = 0;
        while next < spans.len() {
            match self.mention_at(text, &spans, next) {
                Some((mention, taken)) => {
                    found.push(mention);
                    next += taken;
                }
                None => next += 1,
            }
        }
        found
    }

    /// The longest name that begins at a word, and how many words it takes.
    fn mention_at(&self, text: &str, spans: &[(usize, usize)], first: usize) -> Option<(Mention<'_>, usize)> {
        (1..=MOST_WORDS.min(spans.len() - first)).rev().find_map(|taken| {
            let (start, end) = (spans.get(first)?.0, spans.get(first + taken - 1)?.1);
            let name = text.get(start..end)?;
            let words = words(name);
            if name.contains(['.', ',', ';', ':', '\n', '(']) || !tellable(name, &words) {
                return None;
            }
            let concept = self.concepts.get(*self.names.get(&words.join(" "))?)?;
            Some((Mention { id: &concept.id, start, end }, taken))
        })
    }

    /// The concept with these words, in any order.
    fn same_words(&self, words: &[String]) -> Option<&Concept> {
        let place = self.names.get(&words.join(" ")).or_else(|| self.bags.get(&bag(words)))?;
        self.concepts.get(*place)
    }

    /// The concept with these words, once a site at the end and qualifiers are taken off.
    fn described(&self, words: &[String]) -> Option<&Concept> {
        let head = without_site(words);
        [words, head].iter().find_map(|form| self.same_words(form).or_else(|| self.same_words(&unqualified(form))))
    }

    /// The only concept within reach of a misspelling.
    fn spelled(&self, words: &[String]) -> Option<&Concept> {
        let head = without_site(words);
        [words.to_vec(), unqualified(head)].iter().find_map(|form| self.only_neighbour(form))
    }

    /// The only concept with a name that differs from these words by no more than spelling.
    fn only_neighbour(&self, words: &[String]) -> Option<&Concept> {
        let close = |name: &str| misspells(words, &name.split(' ').collect::<Vec<_>>());
        let mut places = self.names.iter().filter(|(name, _)| close(name)).map(|(_, place)| *place);
        let first = places.next()?;
        places.all(|place| place == first).then(|| self.concepts.get(first)).flatten()
    }
}

/// How many edits (insertions, deletions, substitutions, swaps of neighbours) a word of that length allows:
/// none below 5 letters, one below 12, else two. "Cellulite", "dermatosis" and "tinea cruris" stay what they are.
fn edits_allowed(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=11 => 1,
        _ => MOST_EDITS,
    }
}

/// Whether words are a misspelling of a name: each word close to its counterpart, or only the gaps differ.
fn misspells(words: &[String], name: &[&str]) -> bool {
    if words.concat() == name.concat() {
        return words.concat().len() > 4;
    }
    if words.len() != name.len() {
        return false;
    }
    let edits: Option<Vec<usize>> = words.iter().zip(name).map(|(word, right)| word_edits(word, right)).collect();
    edits.is_some_and(|edits| edits.iter().sum::<usize>() <= MOST_EDITS)
}

/// The edits between two words, if they are few enough for their length and the first letter agrees.
fn word_edits(word: &str, right: &str) -> Option<usize> {
    if word.chars().next() != right.chars().next() {
        return None;
    }
    let letters = word.chars().count().min(right.chars().count());
    let edits = osa_distance(word, right);
    (edits <= edits_allowed(letters)).then_some(edits)
}

/// Whether a name in running text can be told from an ordinary word.
fn tellable(name: &str, words: &[String]) -> bool {
    match words {
        [word] if word == "mole" => false,
        [word] if word.len() < 4 => name.len() > 2 && name.chars().all(|c| c.is_ascii_uppercase()),
        _ => true,
    }
}

/// A text without what stands in round or square brackets.
fn without_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut outside = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 => outside.push(c),
            _ => {}
        }
    }
    outside
}

/// Words without any of these phrases.
fn without_phrases(words: &[String], phrases: &[&str]) -> Vec<String> {
    let mut kept = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, others)) = rest.split_first() {
        match phrases.iter().find_map(|phrase| after_phrase(rest, phrase)) {
            Some(after) => rest = after,
            None => {
                kept.push(first.clone());
                rest = others;
            }
        }
    }
    kept
}

/// What follows a phrase, if the words begin with it.
fn after_phrase<'a>(words: &'a [String], phrase: &str) -> Option<&'a [String]> {
    let length = phrase.split(' ').count();
    let (head, rest) = words.split_at_checked(length)?;
    head.iter().zip(phrase.split(' ')).all(|(word, part)| word == part).then_some(rest)
}

/// Words without qualifiers.
fn unqualified(words: &[String]) -> Vec<String> {
    words.iter().filter(|word| !QUALIFIERS.contains(&word.as_str())).cloned().collect()
}

/// Words up to a body site that ends them, as in "psoriasis of the scalp".
fn without_site(words: &[String]) -> &[String] {
    let joint = |pair: &[String]| {
        matches!(pair, [link, site] if ["of", "on", "at", "over", "in", "involving", "affecting"].contains(&link.as_str())
            && SITES.contains(&site.as_str()))
    };
    let end = words.windows(2).position(joint).unwrap_or(words.len());
    words.get(..end).unwrap_or(words)
}

/// The bytes of each word of a text; a hyphen, slash or apostrophe inside a word ends it.
fn word_spans(text: &str) -> Vec<(usize, usize)> {
    let mut spans = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices() {
        match (c.is_alphanumeric() || c == '\'' || c == '\u{2019}', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                spans.push((from, at));
                start = None;
            }
            _ => {}
        }
    }
    spans.extend(start.map(|from| (from, text.len())));
    spans
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> Option<&'static str> {
        Lexicon::embedded().canonical(text).map(|found| found.id)
    }

    #[test]
    fn names_as_models_write_them_map() {
        for (text, expected) in [
            ("Melanoma", "melanoma"),
            ("MELANOMA.", "melanoma"),
            ("melanomas", "melanoma"),
            ("Malignant Melanoma", "melanoma"),
            ("malignant melanoma (superficial spreading type)", "melanoma"),
            ("melanoma in-situ", "melanoma"),
            ("Lentigo maligna", "melanoma"),
            ("r/o melanoma", "melanoma"),
            ("rule out melanoma", "melanoma"),
            ("suspicious for melanoma", "melanoma"),
            ("Melanoma (unlikely)", "melanoma"),
            ("melanoma cannot be excluded", "melanoma"),
            ("Early melanoma of the back", "melanoma"),
            ("BCC", "basal cell carcinoma"),
            ("Basal Cell Carcinoma (BCC)", "basal cell carcinoma"),
            ("BCC (basal cell carcinoma)", "basal cell carcinoma"),
            ("basal-cell carcinomas", "basal cell carcinoma"),
            ("Carcinoma, basal cell", "basal cell carcinoma"),
            ("probable nodular BCC", "basal cell carcinoma"),
            ("ulcerated basal cell carcinoma on the nose", "basal cell carcinoma"),
            ("Rodent ulcer", "basal cell carcinoma"),
            ("cutaneous squamous cell carcinoma", "squamous cell carcinoma"),
            ("cSCC", "squamous cell carcinoma"),
            ("Squamous cell carcinoma, invasive", "squamous cell carcinoma"),
            ("Squamous cell carcinoma in situ (Bowen's disease)", "bowens disease"),
            ("Bowen’s disease", "bowens disease"),
            ("Bowen disease", "bowens disease"),
            ("Actinic keratoses", "actinic keratosis"),
            ("solar keratosis", "actinic keratosis"),
            ("Naevus", "melanocytic naevus"),
            ("nevus", "melanocytic naevus"),
            ("Benign melanocytic nevi", "melanocytic naevus"),
            ("dysplastic nevus", "melanocytic naevus"),
            ("mole", "melanocytic naevus"),
            ("intradermal naevus of the face", "melanocytic naevus"),
            ("Seborrheic keratosis", "seborrhoeic keratosis"),
            ("seborrhoeic keratoses", "seborrhoeic keratosis"),
            ("SEK", "seborrhoeic keratosis"),
            ("Irritated seborrheic keratosis", "seborrhoeic keratosis"),
            ("Psoriasis (plaque)", "psoriasis"),
            ("severe chronic plaque psoriasis", "psoriasis"),
            ("atopic dermatitis", "atopic eczema"),
            ("Atopic eczema flare", "atopic eczema"),
            ("eczema", "dermatitis"),
            ("Ringworm", "tinea corporis"),
            ("tinea corporis (ringworm)", "tinea corporis"),
            ("hives", "urticaria"),
            ("Acute urticaria", "urticaria"),
            ("SJS", "stevens johnson syndrome"),
            ("SJS/TEN", "stevens johnson syndrome"),
            ("Stevens–Johnson syndrome", "stevens johnson syndrome"),
            ("toxic epidermal necrolysis (TEN)", "stevens johnson syndrome"),
            ("Eczema herpeticum", "eczema herpeticum"),
            ("Kaposi’s varicelliform eruption", "eczema herpeticum"),
            ("meningococcal septicaemia", "meningococcal purpura"),
            ("Meningococcemia", "meningococcal purpura"),
            ("shingles", "herpes zoster"),
            ("Hemangioma", "haemangioma"),
            ("cherry angiomas", "haemangioma"),
            ("verruca vulgaris", "wart"),
            ("Henoch-Schönlein purpura (HSP)", "iga vasculitis"),
            ("non-melanoma skin cancer", "keratinocyte carcinoma"),
            ("basal_cell_carcinoma", "basal cell carcinoma"),
            ("solar lentigines", "lentigo"),
        ] {
            let expected = expected.replace(' ', "_");
            assert_eq!(id(text), Some(expected.as_str()), "{text}");
            assert_eq!(Lexicon::embedded().canonical(text).map(|found| found.how), Some(How::Exact), "{text}");
        }
    }

    #[test]
    fn misspellings_map_and_say_so() {
        for (text, expected) in [
            ("melanomma", "melanoma"),
            ("melnoma", "melanoma"),
            ("basal cell carcinom", "basal_cell_carcinoma"),
            ("basel cell carcinoma", "basal_cell_carcinoma"),
            ("basalcell carcinoma", "basal_cell_carcinoma"),
            ("squamos cell carcinoma", "squamous_cell_carcinoma"),
            ("sebborrheic keratosis", "seborrhoeic_keratosis"),
            ("seborrhic keratosis", "seborrhoeic_keratosis"),
            ("acitnic keratosis", "actinic_keratosis"),
            ("psoriassis", "psoriasis"),
            ("exzema", "dermatitis"),
            ("melanocitic nevus", "melanocytic_naevus"),
            ("dermato fibroma", "dermatofibroma"),
            ("urticarria", "urticaria"),
        ] {
            let found = Lexicon::embedded().canonical(text);
            assert_eq!(found, Some(Match { id: expected, how: How::Spelling }), "{text}");
        }
    }

    #[test]
    fn what_is_near_and_something_else_maps_to_nothing() {
        for text in [
            "",
            " ",
            "?",
            "melasma",
            "melanosis",
            "melanonychia",
            "melanocytic melanoma naevus",
            "myeloma",
            "lymphoma",
            "lipoma",
            "tinea cruris",
            "tinea capitis",
            "tinea pedis",
            "tinea versicolor",
            "pityriasis alba",
            "pityriasis versicolor",
            "cellulite",
            "dermatosis",
            "keratosis",
            "keratosis pilaris",
            "actinic cheilitis",
            "parapsoriasis",
            "Merkel cell carcinoma",
            "sebaceous carcinoma",
            "squamous cell papilloma",
            "lymphangioma",
            "pyogenic granuloma",
            "granuloma annulare",
            "urticaria pigmentosa",
            "urticarial vasculitis",
            "naevus of Ota",
            "epidermal naevus syndrome",
            "dermatofibrosarcoma protuberans",
            "not melanoma",
            "melanoma ruled out",
            "melanoma excluded",
            "no evidence of melanoma",
            "history of melanoma",
            "melanoma vs naevus",
            "benign lesion",
            "rash",
            "skin lesion",
            "unknown",
            "cancer",
            "carcinoma",
            "eczema or psoriasis",
            "herpes simplex",
            "eczema vaccinatum",
            "BCG",
            "TB",
            "SLE",
            "AKI",
            "stasis dermatitis",
            "melanoma-like lesion",
            "fever",
        ] {
            assert_eq!(id(text), None, "{text}");
        }
    }

    #[test]
    fn every_name_maps_to_its_own_concept() {
        for concept in Lexicon::embedded().concepts() {
            for name in concept.all_names() {
                assert_eq!(id(&name), Some(concept.id.as_str()), "{name}");
            }
        }
    }

    /// Every single deletion, swap and substitution of every name (abbreviations apart): its own concept or nothing.
    #[test]
    fn no_single_typing_error_leads_to_another_concept() {
        let lexicon = Lexicon::embedded();
        for (name, place) in &lexicon.names {
            let own = lexicon.concepts[*place].id.as_str();
            for typed in one_error(name) {
                let found = id(&typed);
                assert!(found.is_none_or(|found| found == own), "{name} typed as {typed} became {found:?}");
            }
        }
    }

    fn one_error(name: &str) -> Vec<String> {
        let letters: Vec<char> = name.chars().collect();
        let edit = |at: usize, change: &dyn Fn(&mut Vec<char>)| {
            let mut letters = letters.clone();
            if letters[at] != ' ' && name.split(' ').all(|word| word.len() > 3) && name.len() > 5 {
                change(&mut letters);
            }
            letters.into_iter().collect::<String>()
        };
        (0..letters.len())
            .flat_map(|at| {
                [
                    edit(at, &|letters| {
                        letters.remove(at);
                    }),
                    edit(at, &|letters| letters[at] = 'x'),
                    edit(at, &|letters| letters.swap(at, (at + 1).min(name.chars().count() - 1))),
                ]
            })
            .collect()
    }

    #[test]
    fn mentions_are_found_in_order_and_the_longest_wins() {
        let lexicon = Lexicon::embedded();
        let found = |text: &str| lexicon.mentions(text).iter().map(|mention| mention.id).collect::<Vec<_>>();
        assert_eq!(
            found("Likely squamous cell carcinoma in situ; actinic keratosis is possible, or eczema herpeticum."),
            ["bowens_disease", "actinic_keratosis", "eczema_herpeticum"]
        );
        assert_eq!(found("a mole of ten mm, TEN days old"), ["stevens_johnson_syndrome"]);
        assert_eq!(found("BCC, then SCC"), ["basal_cell_carcinoma", "squamous_cell_carcinoma"]);
        assert!(found("nothing of the kind").is_empty());
    }
}
