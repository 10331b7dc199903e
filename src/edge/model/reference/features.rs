//! A history as the network sees it: the places of its features in the embedding.
//!
//! A field gives its label with its whole value, with every word of the value, and with the size of every number in it.
//! All other words give themselves and every two in a row within a sentence. Features are hashed to places (FNV-1a,
//! 32 bits, folded); what was never seen in training stands at a place whose embedding is zero, unless it collides.

use super::network::BUCKETS;
use super::question::Question;

/// The places of all features of a question, in order; the same feature may occur several times.
#[must_use]
pub fn features(question: &Question) -> Vec<u32> {
    let mut places = Vec::new();
    for (label, value) in &question.fields {
        let (label, words) = (words(label).join(" "), words(value));
        places.push(place(&format!("{label}={}", words.join(" "))));
        places.extend(words.iter().map(|word| place(&format!("{label}:{word}"))));
    }
    for line in &question.prose {
        for sentence in line.split(['.', ',', ';', ':', '?', '!', '(', ')']) {
            let words = words(sentence);
            places.extend(words.iter().map(|word| place(word)));
            places.extend(words.windows(2).map(|pair| place(&pair.join(" "))));
        }
    }
    places
}

/// The words of a text in lower case; numbers stand as their size.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| word.parse().map_or_else(|_| word.to_lowercase(), size)).collect()
}

/// A number below 10 as it is, below 100 to the nearest 5, any other by its leading digit.
fn size(number: u32) -> String {
    match number {
        0..10 => format!("#{number}"),
        10..100 => format!("#~{}", (number + 2) / 5 * 5),
        _ => {
            let unit = 10_u32.pow(number.ilog10());
            format!("#~{}", number / unit * unit)
        }
    }
}

/// The place of a feature.
fn place(feature: &str) -> u32 {
    let hash = feature.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash ^ (hash >> 14) ^ (hash >> 28)) & (BUCKETS as u32 - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stand_as_their_size() {
        assert_eq!(
            words("A 61-year-old, 3 weeks; 1250 mm"),
            ["a", "#~60", "year", "old", "#3", "weeks", "#~1000", "mm"]
        );
        assert_eq!([12, 13, 99, 100].map(size), ["#~10", "#~15", "#~100", "#~100"]);
    }

    #[test]
    fn places_are_those_of_the_published_hash() {
        // FNV-1a of the empty text is the offset basis.
        assert_eq!(place(""), (0x811c_9dc5 ^ (0x811c_9dc5_u32 >> 14) ^ (0x811c_9dc5_u32 >> 28)) & 0x3fff);
        assert_eq!(place("a"), (0xe40c_292c ^ (0xe40c_292c_u32 >> 14) ^ (0xe40c_292c_u32 >> 28)) & 0x3fff);
    }
}
