//! The prose half of a consultation request, written from the fields alone: what a field does not tell, no note tells.
//!
//! Apart from the opening, every sentence holds one fact, so that a fact can be taken out or turned round.

use bedside_perturbations::{Field, Stream, Value};

use super::authors::{AUTHORS, Author, Opening};

/// Writes a note in the hand of one of several authors, chosen by the stream.
#[must_use]
pub fn write(fields: &[Field], stream: &mut Stream) -> String {
    AUTHORS.get(stream.index(AUTHORS.len())).map_or_else(String::new, |author| author.write(fields))
}

impl Author {
    /// The note of this author.
    #[must_use]
    pub fn write(&self, fields: &[Field]) -> String {
        let told = Told { fields };
        let mut sentences = vec![self.open(&told)];
        sentences.extend(self.phrases.iter().filter_map(|phrase| {
            let template = match told.value(phrase.field)? {
                Value::No => phrase.no,
                Value::Yes | Value::Stated(_) => phrase.yes,
                Value::Unknown | Value::Deleted => return None,
            };
            Some(told.fill(template, phrase.field))
        }));
        let body = sentences.join(" ");
        [self.greeting, &body, self.closing]
            .iter()
            .filter(|part| !part.is_empty())
            .copied()
            .collect::<Vec<_>>()
            .join("\n")
    }

    fn open(&self, told: &Told<'_>) -> String {
        let (person, what) = (told.person(), told.complaint_and_place());
        match self.opening {
            Opening::This(before, between) => format!("{before} this {person} {between} {what}."),
            Opening::A(before, between) => format!("{before}{} {person} {between} {what}.", article(&person)),
            Opening::Bare(between) => format!("{}{between} {what}.", capital(&person)),
            Opening::PhotoFirst(before) => format!("{before} {what}. {}", told.person_apart()),
        }
        .trim_end()
        .to_owned()
    }
}

/// What the fields tell.
struct Told<'a> {
    fields: &'a [Field],
}

impl Told<'_> {
    fn value(&self, name: &str) -> Option<&Value> {
        self.fields.iter().find(|field| field.name == name).map(|field| &field.value)
    }

    fn words(&self, name: &str) -> Option<&str> {
        match self.value(name)? {
            Value::Stated(words) => Some(words),
            _ => None,
        }
    }

    fn noun(&self) -> &'static str {
        let child = self.words("age").and_then(|age| age.parse().ok()).is_some_and(|age: u32| age < 18);
        match (self.words("sex"), child) {
            (Some("female"), false) => "woman",
            (Some("male"), false) => "man",
            (Some("female"), true) => "girl",
            (Some("male"), true) => "boy",
            (_, true) => "child",
            _ => "patient",
        }
    }

    /// "64-year-old woman", or as much of it as is told.
    fn person(&self) -> String {
        self.words("age").map_or_else(|| self.noun().to_owned(), |age| format!("{age}-year-old {}", self.noun()))
    }

    /// "The patient is a woman aged 64.", or nothing.
    fn person_apart(&self) -> String {
        match (self.words("sex"), self.words("age")) {
            (None, None) => String::new(),
            (None, Some(age)) => format!("The patient is aged {age}."),
            (Some(_), None) => format!("The patient is a {}.", self.noun()),
            (Some(_), Some(age)) => format!("The patient is a {} aged {age}.", self.noun()),
        }
    }

    /// "a lesion on the left forearm", or as much of it as is told.
    fn complaint_and_place(&self) -> String {
        let complaint = match self.words("complaint") {
            Some(word) => format!("a {word}"),
            None => "a skin problem".to_owned(),
        };
        let place = match (self.words("site"), self.words("side")) {
            (None, None) => return complaint,
            (None, Some("both")) => "both sides of the body".to_owned(),
            (None, Some(side)) => format!("the {side} side of the body"),
            (Some(site), None) => format!("the {site}"),
            (Some(site), Some(side)) => place(site, side),
        };
        format!("{complaint} on {place}")
    }

    fn fill(&self, template: &str, field: &str) -> String {
        let (she, her) = match self.words("sex") {
            Some("female") => ("she", "her"),
            Some("male") => ("he", "his"),
            _ => ("the patient", "the patient's"),
        };
        let words = self.words(field).unwrap_or_default();
        let one = words.replace("hours", "hour").replace("days", "day").replace("weeks", "week");
        let one = one.replace("months", "month").replace("years", "year").replace(' ', "-");
        let template = template.replace("{a x-}", &format!("{} {one}", article(&one)));
        let filled = template.replace("{x-}", &one).replace("{x}", words).replace("{she}", she).replace("{her}", her);
        capital(&filled)
    }
}

fn place(site: &str, side: &str) -> String {
    let paired = super::site::ALL.iter().any(|known| known.name == site && known.paired);
    match (paired, side) {
        (true, "both") => format!("both {site}s"),
        (true, _) => format!("the {side} {site}"),
        (false, "both") => format!("both sides of the {site}"),
        (false, _) => format!("the {side} side of the {site}"),
    }
}

/// "an" before eight, eleven and eighteen.
fn article(words: &str) -> &'static str {
    if ["8", "18-", "11-"].iter().any(|start| words.starts_with(start)) { "an" } else { "a" }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::super::authors::AUTHORS;
    use super::super::history::ITEMS;
    use super::{Field, Value, article, place};

    fn fields(of: impl Fn(&str) -> Value) -> Vec<Field> {
        ITEMS.iter().map(|item| Field { name: item.name.into(), kind: item.kind, value: of(item.name) }).collect()
    }

    #[test]
    fn an_untold_fact_is_in_no_note() {
        for author in &AUTHORS {
            for nothing in [Value::Deleted, Value::Unknown] {
                let note = author.write(&fields(|_| nothing.clone()));
                assert!(!note.contains('{') && note.contains("a skin problem."), "{note}");
                let sentences = note.matches('.').count();
                assert!(sentences <= 2, "{note}");
            }
        }
    }

    #[test]
    fn every_told_fact_is_in_every_note() {
        for author in &AUTHORS {
            for item in ITEMS.iter().filter(|item| !["age", "sex", "side", "complaint"].contains(&item.name)) {
                let note =
                    author.write(&fields(
                        |name| {
                            if name == item.name { Value::Stated("QQQ".into()) } else { Value::Deleted }
                        },
                    ));
                let bare = author.write(&fields(|_| Value::Deleted));
                assert_ne!(note, bare, "{} after {:?}", item.name, author.opening);
            }
        }
    }

    #[test]
    fn yes_and_no_read_differently() {
        for author in &AUTHORS {
            for phrase in author.phrases {
                assert_ne!(phrase.yes, phrase.no);
            }
        }
    }

    #[test]
    fn articles_agree() {
        assert_eq!(
            ["8-month", "80-year-old", "18-day", "11-hour", "1-day", "81-year-old"].map(article),
            ["an", "an", "an", "an", "a", "an"]
        );
    }

    #[test]
    fn places_read_naturally() {
        assert_eq!(place("forearm", "both"), "both forearms");
        assert_eq!(place("chest", "left"), "the left side of the chest");
    }
}
