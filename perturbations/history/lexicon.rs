//! Small closed word lists that the reading of notes rests on.
//!
//! Function words are those of any English grammar (Quirk et al., *A Comprehensive Grammar of the English Language*,
//! 1985); body parts follow the headings of ICD-10-CM's injury chapter (S00–S99) in everyday words.

/// Forms of be, have and do, modal verbs, and their contractions.
pub(super) const AUXILIARIES: &[&str] = &[
    "am", "are", "be", "been", "being", "can", "could", "did", "do", "does", "had", "has", "have", "having", "is", "may", "might",
    "was", "were", "will", "would", "ain't", "aren't", "can't", "couldn't", "didn't", "doesn't", "don't", "hadn't",
    "hasn't", "haven't", "isn't", "wasn't", "weren't", "won't",
];

/// A subject and its verb in one word.
pub(super) const SUBJECT_VERBS: &[&str] = &[
    "he's", "i'm", "i've", "it's", "she's", "that's", "there's", "they're", "they've", "we're", "we've", "who's",
];

/// Verbs by which a complaint is told.
pub(super) const REPORTS: &[&str] = &[
    "became", "become", "becomes", "complained", "complaining", "complains", "denied", "denies", "deny", "denying",
    "describes", "described", "develop", "developed", "experience", "experienced", "experiences", "experiencing", "feel",
    "feels", "felt", "get", "gets", "getting", "got", "mention", "mentioned", "mentions", "noted", "notes", "notice",
    "noticed", "notices", "present", "presented", "presents", "presenting", "remains", "remained", "report", "reported",
    "reporting", "reports", "seems", "show", "showed", "shows", "state", "stated", "states", "suffered", "suffering",
    "suffers", "turned",
];

/// Other verbs that a request often uses.
pub(super) const VERBS: &[&str] = &[
    "affects", "appeared", "appears", "applied", "applies", "arose", "asked", "asks", "attended", "attends", "began",
    "begins", "called", "came", "causes", "caused", "changed", "changes", "comes", "consulted", "covers", "dates", "drinks",
    "exists", "extends", "found", "gave", "gives", "goes", "happened", "happens", "helped", "helps", "improved", "improves",
    "itches", "keeps", "lasted", "lasts", "lives", "looks", "looked", "measures", "measured", "needs", "occurred", "occurs",
    "persisted", "persists", "returned", "returns", "said", "saw", "says", "sits", "smokes", "spread", "spreads", "started",
    "starts", "stayed", "stopped", "takes", "takes", "tells", "thinks", "took", "travelled", "tried", "tries", "used",
    "uses", "visited", "wants", "went", "works", "worked", "worries", "worsened", "worsens", "worry",
];

/// Words that deny what follows.
pub(super) const NEGATIONS: &[&str] = &[
    "no", "not", "never", "neither", "nor", "without", "denies", "denied", "deny", "denying", "absent", "non", "cannot",
    "ain't", "aren't", "didn't", "doesn't", "don't", "hadn't", "hasn't", "haven't", "isn't", "wasn't", "weren't", "won't",
    "can't", "couldn't", "negative",
];

/// Words that say that something is not known.
pub(super) const DOUBTS: &[&str] =
    &["unknown", "unclear", "unsure", "uncertain", "whether", "unrecorded", "unavailable"];

/// Articles, possessives and quantities that open a noun phrase.
pub(super) const DETERMINERS: &[&str] = &[
    "a", "an", "any", "each", "her", "his", "its", "my", "our", "some", "that", "the", "their", "these", "this", "those",
    "your",
];

/// Pronouns that open a clause.
pub(super) const SUBJECTS: &[&str] =
    &["he", "i", "it", "she", "there", "they", "we", "you", "s/he", "nobody", "everything", "nothing"];

/// Words that open a relative clause.
pub(super) const RELATIVES: &[&str] = &["which", "who", "that", "whose", "where"];

/// Prepositions and subordinating conjunctions.
pub(super) const PREPOSITIONS: &[&str] = &[
    "about", "above", "across", "after", "although", "along", "among", "around", "as", "at", "because", "before", "behind",
    "below", "beneath", "between", "beyond", "by", "during", "due", "for", "from", "if", "in", "inside", "into", "near", "of", "off",
    "on", "onto", "outside", "over", "past", "since", "than", "though", "through", "throughout", "to", "toward", "towards",
    "under", "until", "unless", "up", "upon", "when", "whenever", "where", "while", "within",
];

/// Words that hang a complaint onto something else; cutting from here on leaves the rest whole.
pub(super) const HANGERS: &[&str] =
    &["with", "without", "including", "causing", "because", "when", "despite", "although", "plus", "from", "due"];

/// Adverbs and quantities that qualify a complaint and go with it.
pub(super) const QUALIFIERS: &[&str] = &[
    "actually", "again", "all", "almost", "already", "also", "always", "any", "associated", "at", "bit", "considerable", "constant",
    "current", "daily", "even", "ever", "extreme", "fairly", "frequent", "increased", "increasing", "intense",
    "intermittent", "just", "known", "little", "local", "localised", "lot", "lots", "marked", "mild", "minor", "moderate",
    "more", "most", "much", "nocturnal", "notable", "now", "occasional", "often", "ongoing", "particular", "persistent", "pretty", "previous",
    "quite", "rather", "really", "recent", "recurrent", "repeated", "severe", "significant", "similar", "slight", "so", "some",
    "sometimes", "soon", "spontaneous", "still", "such", "that", "then", "too", "unbearable", "usual", "very",
    "episodes", "episode", "bouts", "kind", "sort", "once", "twice", "yet", "otherwise", "overall", "obvious", "additional", "accompanying", "other", "only", "both", "worsening", "progressive", "rapid", "slow", "gradual",
];

/// Words that open an afterthought about what stands before them.
pub(super) const TRAILERS: &[&str] =
    &["chiefly", "especially", "less", "mainly", "more", "mostly", "notably", "particularly", "worse", "primarily"];

/// Words by which clauses and list items are joined.
pub(super) const COORDINATORS: &[&str] = &[",", "and", "or", "but", "nor", "/", "&", "+", "yet", "then", "so"];

/// Marks that part clauses.
pub(super) const PARTING: &[&str] = &[";", ":", "(", ")", "[", "]", "—", "–", "•", "*", "|"];

/// Words for a person of unstated sex and for the complaint itself: a clause of nothing else tells nothing.
pub(super) const BLANK: &[&str] = &[
    "patient", "patients", "case", "client", "pt", "problem", "problems", "condition", "complaint", "complaints", "symptom",
    "symptoms", "disease", "disorder", "issue", "lesion", "lesions", "mole", "spot", "rash", "rashes", "area", "patch", "history", "medical",
    "duration", "onset", "present", "there", "like", "this", "that", "so", "going", "on", "first", "ago", "course",
    "ongoing", "started", "began", "begun", "appeared", "noticed", "noted", "seen", "lasted", "lasting", "persisted",
    "existed", "happening", "happened", "occurred", "occurring", "came", "up", "out", "have", "having", "got", "suffering", "suffered",
    "suffers", "it", "they", "he", "she", "i", "we", "skin", "of", "from", "since", "for", "with", "now", "already", "about", "presents", "presented", "total", "been", "around", "same",
];

/// Nouns for a person, with the sex they tell: `true` for female.
pub(super) const PERSONS: &[(&str, bool)] = &[
    ("woman", true), ("women", true), ("female", true), ("females", true), ("lady", true), ("ladies", true), ("girl", true),
    ("girls", true), ("man", false), ("men", false), ("male", false), ("males", false), ("gentleman", false),
    ("gentlemen", false), ("boy", false), ("boys", false), ("guy", false),
];

/// Relatives and others of whom a pronoun may speak instead of the patient.
pub(super) const KIN: &[&str] = &[
    "aunt", "boyfriend", "brother", "colleague", "cousin", "dad", "daughter", "doctor", "father", "friend", "gf", "bf", "girlfriend",
    "grandfather", "grandma", "grandmother", "grandpa", "husband", "mom", "mother", "mum", "nephew", "niece", "parent",
    "parents", "partner", "sister", "son", "uncle", "wife", "surgeon", "nurse", "boss", "driver", "physician", "dermatologist", "fiance", "fiancé", "fiancée",
];

/// Beginnings of words that only fit one sex.
pub(super) const SEX_BOUND: &[&str] = &[
    "abortion", "birth", "breastfe", "caesarean", "cesarean", "circumcis", "contracept", "delivery", "ejaculat", "endometri", "erectile",
    "erection", "gestation", "gravid", "gynae", "gyneco", "hysterectom", "iud", "labia", "lactat", "mastectom", "menarche", "menopaus", "menstru", "miscarr", "obgyn", "obstetric",
    "ovar", "pcos", "penile", "penis", "perimenopaus", "period", "placenta", "postmenopaus", "postnatal", "postpartum", "pregnan", "prostat", "psa", "scrot", "semen",
    "sperm", "testic", "testes", "testos", "trimester", "uter", "vagin", "vasectom", "vulv", "transgender", "trans",
];

/// Words that tell a stage of life and so bound the age.
pub(super) const LIFE_STAGES: &[&str] = &[
    "adolescent", "baby", "boy", "child", "childhood", "children", "college", "elderly", "girl", "infant", "juvenile", "kid", "middle",
    "newborn", "old-age", "paediatric", "pediatric", "pensioner", "pregnant", "pregnancy", "retired", "retirement",
    "school", "senior", "student", "teen", "teenage", "teenager", "toddler", "university", "young", "younger", "menopause", "postmenopausal", "menopausal",
    "grandchildren", "grandson", "granddaughter",
];

/// Body parts that have a left and a right, or follow one.
pub(super) const BODY_PARTS: &[&str] = &[
    "abdomen", "ankle", "arm", "arms", "armpit", "axilla", "axillae", "back", "breast", "buttock", "buttocks", "calf", "canine", "cheek", "cheeks",
    "chest", "chin", "clavicle", "collarbone", "cornea", "ear", "earlobe", "ears", "elbow", "elbows", "eye", "eyebrow", "eyelid", "eyelids", "eyes",
    "face", "finger", "fingers", "fingernail", "fingertip", "flank", "foot", "feet", "forearm", "forearms", "forehead", "great", "groin", "gum", "gums", "hallux", "hand",
    "hands", "head", "heel", "heels", "hip", "hips", "index", "jaw", "kidney", "knee", "knees", "kneecap", "leg", "legs", "lip", "lobe", "loin", "lung",
    "malleolus", "middle", "nail", "nasal", "neck", "nipple", "nostril", "nose", "palm", "palms", "pinky", "ring", "rib", "ribs", "scalp", "scapula", "shin",
    "shoulder", "shoulders", "shoulderblade", "sole", "soles", "temple", "testicle", "thigh", "thighs", "throat", "thumb", "thumbs", "toe", "toenail",
    "toes", "torso", "trunk", "wrist", "wrists", "tonsil", "big", "little", "popliteal", "inguinal", "mouth", "tongue", "skin", "joint", "joints", "muscle", "muscles", "stomach",
];

/// Words that may stand between a side and its body part.
pub(super) const PLACE_WORDS: &[&str] = &[
    "anterior", "base", "border", "corner", "deltoid", "distal", "dorsal", "edge", "external", "frontal", "half", "inner", "internal",
    "lateral", "lower", "medial", "outer", "parietal", "posterior", "proximal", "quadrant", "side", "sided", "temporal", "upper", "ventral", "mid", "occipital", "plantar",
    "volar", "auricular", "periorbital", "pre", "preauricular", "mandibular", "maxillary", "supraclavicular", "costal", "hemithorax", "paraspinal",
];

/// Whether a word, in lower case, is on a list.
pub(super) fn on(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// Whether a word is an adverb by its ending.
pub(super) fn is_adverb(word: &str) -> bool {
    (word.len() > 4 && word.ends_with("ly") && !on(&["family", "only", "elderly", "scaly", "early", "belly", "likely"], word))
        || on(&["sometimes", "often", "now", "also", "never", "still", "then", "always", "ever", "just", "not", "already", "only", "soon"], word)
}

/// The number that an English number word stands for, 0–90.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const ONES: [&str; 20] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];
    const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    let at = |list: &[&str]| list.iter().position(|entry| *entry == word).and_then(|at| u32::try_from(at).ok());
    at(&ONES).or_else(|| at(&TENS).map(|tens| tens * 10 + 20))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_words_are_read() {
        assert_eq!(number_word("nineteen"), Some(19));
        assert_eq!(number_word("ninety"), Some(90));
        assert_eq!(number_word("nine"), Some(9));
        assert_eq!(number_word("none"), None);
    }

    #[test]
    fn every_entry_is_in_lower_case() {
        for list in [AUXILIARIES, REPORTS, VERBS, NEGATIONS, QUALIFIERS, PREPOSITIONS, KIN, SEX_BOUND, LIFE_STAGES, BODY_PARTS] {
            for word in list {
                assert_eq!(word.to_lowercase(), *word);
            }
        }
    }
}
