//! Whether words are a misspelling of a name.
//!
//! The threshold: the same number of words, each with the same first letter and at most as many edits (insertions,
//! deletions, substitutions, swaps of neighbours: optimal string alignment) as [`edits_allowed`] for its length, and two
//! edits in all. Words under five letters allow none, so that no abbreviation turns into another.

use strsim::osa_distance;

/// The most edits between a text and a name.
const MOST_EDITS: usize = 2;

/// How many edits a word of that length allows: none below 5 letters, one below 12, else two. "Cellulite",
/// "dermatosis" and "tinea cruris" stay what they are.
fn edits_allowed(letters: usize) -> usize {
    match letters {
        0..=4 => 0,
        5..=11 => 1,
        _ => MOST_EDITS,
    }
}

/// Whether words are a misspelling of a name with as many words. Both in normal form.
pub(super) fn misspells(words: &[String], name: &str) -> bool {
    if words.len() != name.split(' ').count() {
        return false;
    }
    let mut left = MOST_EDITS;
    words.iter().zip(name.split(' ')).all(|(word, right)| {
        let edits = word_edits(word, right).filter(|edits| *edits <= left);
        left -= edits.unwrap_or(0);
        edits.is_some()
    })
}

/// The edits between two words, if they are few enough for their length and the first letter agrees.
fn word_edits(word: &str, right: &str) -> Option<usize> {
    if word == right {
        return Some(0);
    }
    let letters = [word, right].map(|word| word.chars().count());
    let allowed = edits_allowed(letters[0].min(letters[1]));
    // No fewer edits than letters that one has more; counting these first spares most of the distances.
    if word.chars().next() != right.chars().next() || letters[0].abs_diff(letters[1]) > allowed {
        return None;
    }
    Some(osa_distance(word, right)).filter(|edits| *edits <= allowed)
}

#[cfg(test)]
mod tests {
    use super::super::normal::words;
    use super::*;

    #[test]
    fn the_threshold_is_one_edit_from_five_letters_two_from_twelve_and_two_in_all() {
        let near = |text: &str, name: &str| misspells(&words(text), name);
        assert!(near("acnee", "acne") == near("scab", "scabs"), "four letters allow nothing");
        assert!(near("leprosi", "leprosy") && !near("lepprosi", "leprosy"));
        assert!(near("dermatofibrroam", "dermatofibroma") && !near("dermatoxibrroam", "dermatofibroma"));
        assert!(near("basel cel carcinoma", "basal cell carcinoma") == near("cel", "cell"));
        assert!(
            near("basel cell carcinma", "basal cell carcinoma")
                && !near("basel cell carcinmaa", "basal cell carcinoma")
        );
        assert!(!near("psoriasis", "xsoriasis"), "the first letter is kept");
        assert!(!near("lichen planus actinicus", "lichen planus"));
    }
}
