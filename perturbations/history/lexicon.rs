//! Small closed word lists that the reading of notes rests on.
//!
//! Function words are those of any English grammar (Quirk et al., *A Comprehensive Grammar of the English Language*,
//! 1985); body parts follow the headings of ICD-10-CM's injury chapter (S00–S99) in everyday words.

/// Forms of be, have and do, modal verbs, and their contractions.
pub(super) const AUXILIARIES: &[&str] = &[
    "ain't", "am", "are", "aren't", "be", "been", "being", "can", "can't", "could", "couldn't", "did", "didn't", "do",
    "does", "doesn't", "don't", "had", "hadn't", "has", "hasn't", "have", "haven't", "having", "is", "isn't", "may",
    "might", "was", "wasn't", "were", "weren't", "will", "won't", "would",
];

/// A subject and its verb in one word.
pub(super) const SUBJECT_VERBS: &[&str] = &[
    "he's", "i'm", "i've", "it's", "she's", "that's", "there's", "they're", "they've", "we're", "we've", "who's",
];

/// Verbs by which a complaint is told.
pub(super) const REPORTS: &[&str] = &[
    "became", "become", "becomes", "cause", "caused", "causes", "causing", "complained", "complaining", "complains",
    "denied", "denies", "deny", "denying", "described", "describes", "develop", "developed", "experience",
    "experienced", "experiences", "experiencing", "feel", "feels", "felt", "get", "gets", "getting", "got", "gotten",
    "mention", "mentioned", "mentions", "noted", "notes", "notice", "noticed", "notices", "present", "presented",
    "presenting", "presents", "remained", "remains", "report", "reported", "reporting", "reports", "seems", "show",
    "showed", "shows", "state", "stated", "states", "suffered", "suffering", "suffers", "turned",
];

/// Other verbs that a request often uses.
pub(super) const VERBS: &[&str] = &[
    "affects", "appear", "appeared", "appears", "applied", "applies", "arose", "asked", "asks", "attended", "attends",
    "began", "begins", "called", "came", "cause", "caused", "causes", "changed", "changes", "comes", "consulted",
    "covers", "dates", "drinks", "exists", "extends", "found", "gave", "gives", "goes", "happened", "happens",
    "helped", "helps", "improved", "improves", "itches", "keeps", "lasted", "lasts", "lives", "looked", "looks",
    "measured", "measures", "needs", "occurred", "occurs", "persisted", "persists", "returned", "returns", "runs",
    "said", "saw", "says", "sits", "smokes", "spread", "spreads", "started", "starts", "stayed", "stopped", "takes",
    "tells", "thinks", "took", "travelled", "tried", "tries", "used", "uses", "visited", "wants", "went", "worked",
    "works", "worries", "worry", "worsened", "worsens",
];

/// Words that deny what follows.
pub(super) const NEGATIONS: &[&str] = &[
    "absent", "ain't", "aren't", "can't", "cannot", "couldn't", "denied", "denies", "deny", "denying", "didn't",
    "doesn't", "don't", "hadn't", "hasn't", "haven't", "isn't", "negative", "neither", "never", "no", "non", "nor",
    "not", "wasn't", "weren't", "without", "won't",
];

/// Words that say that something is not known.
pub(super) const DOUBTS: &[&str] = &[
    "unavailable", "uncertain", "unclear", "unknown", "unrecorded", "unsure", "whether",
];

/// Articles, possessives and quantities that open a noun phrase.
pub(super) const DETERMINERS: &[&str] = &[
    "a", "an", "any", "each", "her", "his", "its", "my", "our", "some", "that", "the", "their", "these", "this",
    "those", "your",
];

/// Pronouns that open a clause.
pub(super) const SUBJECTS: &[&str] = &[
    "everything", "he", "i", "it", "nobody", "nothing", "s/he", "she", "there", "they", "we", "you",
];

/// Words that open a relative clause.
pub(super) const RELATIVES: &[&str] = &["that", "where", "which", "who", "whose"];

/// Prepositions and subordinating conjunctions.
pub(super) const PREPOSITIONS: &[&str] = &[
    "about", "above", "across", "after", "along", "although", "among", "around", "as", "at", "because", "before",
    "behind", "below", "beneath", "between", "beyond", "by", "due", "during", "for", "from", "if", "in", "inside",
    "into", "near", "of", "off", "on", "onto", "outside", "over", "past", "since", "than", "though", "through",
    "throughout", "to", "toward", "towards", "under", "unless", "until", "up", "upon", "when", "whenever", "where",
    "while", "within",
];

/// Words that hang a complaint onto something else; cutting from here on leaves the rest whole.
pub(super) const HANGERS: &[&str] = &[
    "although", "because", "causing", "despite", "due", "from", "including", "plus", "when", "with", "without",
];

/// Adverbs and quantities that qualify a complaint and go with it.
pub(super) const QUALIFIERS: &[&str] = &[
    "accompanying", "actually", "additional", "again", "agonising", "agonizing", "all", "almost", "already", "also",
    "always", "any", "associated", "at", "bit", "both", "bouts", "considerable", "constant", "current", "daily",
    "episode", "episodes", "even", "ever", "excruciating", "extreme", "fairly", "frequent", "general", "gradual",
    "here", "increased", "increasing", "intense", "intermittent", "just", "kind", "kinda", "known", "lately",
    "little", "local", "localised", "lot", "lots", "marked", "mild", "minor", "moderate", "more", "most", "much",
    "nocturnal", "notable", "noticeable", "now", "obvious", "occasional", "often", "once", "ongoing", "only", "other",
    "otherwise", "overall", "overnight", "particular", "persistent", "pretty", "previous", "progressive", "quite",
    "rapid", "rather", "really", "recent", "recurrent", "repeated", "severe", "significant", "similar", "slight",
    "slow", "so", "some", "sometimes", "soon", "sort", "spontaneous", "stabbing", "still", "such", "that", "then",
    "throbbing", "today", "tonight", "too", "twice", "unbearable", "usual", "very", "worsening", "yesterday", "yet",
];

/// Words that open an afterthought about what stands before them.
pub(super) const TRAILERS: &[&str] = &[
    "chiefly", "especially", "less", "mainly", "more", "mostly", "notably", "particularly", "primarily", "worse",
];

/// Words by which clauses and list items are joined.
pub(super) const COORDINATORS: &[&str] = &["&", "+", ",", "/", "and", "but", "nor", "or"];

/// Marks that part clauses.
pub(super) const PARTING: &[&str] = &["(", ")", "*", ":", ";", "[", "]", "|", "–", "—", "•"];

/// Words for a person of unstated sex and for the complaint itself: a clause of nothing else tells nothing.
pub(super) const BLANK: &[&str] = &[
    "about", "ago", "already", "appeared", "around", "been", "began", "begun", "came", "case", "client", "complaint",
    "complaints", "condition", "course", "disease", "disorder", "doctor", "duration", "existed", "first", "for",
    "from", "going", "got", "gp", "happened", "happening", "have", "having", "he", "history", "i", "issue", "it",
    "lasted", "lasting", "like", "medical", "noted", "noticed", "now", "occurred", "occurring", "of", "on", "ongoing",
    "onset", "out", "patient", "patient's", "patients", "persisted", "present", "presented", "presents", "problem", "problems",
    "pt", "referrer", "same", "seen", "she", "since", "skin", "so", "started", "suffered", "suffering", "suffers",
    "symptom", "symptoms", "that", "there", "they", "this", "total", "up", "we", "with",
];

/// Words that frame a fact without telling one: a sentence of nothing else beside the fact is about that fact.
pub(super) const FRAMES: &[&str] = &[
    "across", "additionally", "alcohol", "allergic", "allergies", "allergy", "already", "also", "anyone", "anything",
    "area", "as", "asking", "available", "aware", "began", "catching", "chemist", "clear", "contact", "contacts",
    "course", "days", "describes", "diagnosis", "diameter", "doctor", "drink", "drinks", "drug", "drugs", "effect",
    "ever", "exposed", "exposure", "exposures", "family", "far", "fh", "furthermore", "given", "gp", "he", "her",
    "his", "history", "hobbies", "hx", "impression", "include", "includes", "information", "intolerance", "job",
    "known", "knows", "largest", "last", "list", "little", "located", "location", "look", "looks", "measured",
    "measures", "medication", "medications", "medicine", "medicines", "mention", "mentioned", "mentions", "months",
    "moreover", "mother", "much", "names", "new", "newly", "nil", "nobody", "none", "note", "noted", "nothing",
    "noticed", "now", "occupation", "occupied", "otherwise", "past", "personal", "pmh", "previous", "previously",
    "prior", "provided", "put", "reaction", "recall", "recently", "referrer", "regarding", "regular", "regularly",
    "relevant", "reported", "ruler", "run", "runs", "says", "seems", "she", "similar", "site", "sited", "situated",
    "size", "so", "start", "started", "starting", "sun", "suspected", "suspects", "symptom", "their", "they",
    "thinks", "times", "today", "travel", "treated", "treatment", "treatments", "tried", "turned", "unremarkable",
    "usual", "was", "weeks", "wide", "width", "wonder", "wonders", "work", "working",
];

/// Nouns for what is found at a place: "forearm lesion", "calf cramps".
pub(super) const FINDINGS: &[&str] = &[
    "aches", "biopsy", "bone", "bruise", "bruises", "bruising", "condition", "conditions", "cramp", "cramps",
    "discomfort", "disease", "diseases", "eruption", "fracture", "infection", "infections", "injuries", "injury",
    "involvement", "issue", "issues", "lymphadenopathy", "mass", "masses", "movements", "nail", "nails", "numbness",
    "pad", "pressure", "problem", "problems", "redness", "skin", "sores", "spasm", "spasms", "sprain", "stiffness",
    "strain", "surgeries", "surgery", "symptoms", "tightness", "tingling", "tip", "trauma", "tumor", "tumour", "weakness", "wound",
];

/// Words for a time.
pub(super) const TIMES: &[&str] = &[
    "afternoon", "day", "days", "evening", "hour", "hours", "minutes", "moment", "month", "months", "morning",
    "mornings", "night", "nights", "seconds", "summer", "time", "times", "week", "weeks", "winter", "year", "years",
];

/// Infinitives of complaints.
pub(super) const BARE_VERBS: &[&str] = &[
    "ache", "bleed", "blister", "burn", "cause", "change", "crust", "flake", "grow", "hurt", "itch", "ooze", "spread",
    "swell", "weep",
];

/// Prepositions of place.
pub(super) const PLACE_PREPOSITIONS: &[&str] = &[
    "above", "across", "along", "around", "at", "behind", "below", "beneath", "between", "from", "in", "inside",
    "into", "near", "of", "on", "onto", "over", "through", "throughout", "to", "under", "underneath", "upon",
    "within",
];

/// Nouns for what is seen on the skin; as the subject of a clause they tell nothing new.
pub(super) const LESIONS: &[&str] = &[
    "area", "areas", "blister", "blisters", "bump", "bumps", "lesion", "lesions", "lump", "lumps", "mark", "mole",
    "moles", "nodule", "nodules", "papule", "papules", "patch", "patches", "plaque", "plaques", "rash", "rashes",
    "spot", "spots",
];

/// Nouns for a person, with the sex they tell: `true` for female.
pub(super) const PERSONS: &[(&str, bool)] = &[
    ("woman", true), ("women", true), ("female", true), ("females", true), ("lady", true), ("ladies", true),
    ("girl", true), ("girls", true), ("man", false), ("men", false), ("male", false), ("males", false),
    ("gentleman", false), ("gentlemen", false), ("boy", false), ("boys", false), ("guy", false),
];

/// Relatives and others of whom a pronoun may speak instead of the patient.
pub(super) const KIN: &[&str] = &[
    "aunt", "bf", "boss", "boyfriend", "brother", "colleague", "cousin", "dad", "daughter", "dermatologist", "doctor",
    "driver", "father", "fiance", "fiancé", "fiancée", "friend", "gf", "girlfriend", "grandfather", "grandma",
    "grandmother", "grandpa", "husband", "mom", "mother", "mum", "nephew", "niece", "nurse", "parent", "parents",
    "partner", "physician", "sister", "son", "surgeon", "uncle", "wife",
];

/// Relatives who are women.
pub(super) const KINSWOMEN: &[&str] = &[
    "aunt", "daughter", "fiancée", "gf", "girlfriend", "grandma", "grandmother", "mom", "mother", "mum", "niece",
    "sister", "wife",
];

/// Relatives who are men.
pub(super) const KINSMEN: &[&str] = &[
    "bf", "boyfriend", "brother", "dad", "father", "fiancé", "grandfather", "grandpa", "husband", "nephew", "son",
    "uncle",
];

/// Beginnings of words that only fit one sex.
pub(super) const SEX_BOUND: &[&str] = &[
    "abortion", "birth", "breastfe", "caesarean", "cesarean", "circumcis", "contracept", "delivery", "ejaculat",
    "endometri", "erectile", "erection", "gestation", "gravid", "gynae", "gyneco", "hysterectom", "iud", "labia",
    "lactat", "mastectom", "menarche", "menopaus", "menstru", "miscarr", "obgyn", "obstetric", "ovar", "pcos",
    "penile", "penis", "perimenopaus", "period", "placenta", "postmenopaus", "postnatal", "postpartum", "pregnan",
    "prostat", "psa", "scrot", "semen", "sperm", "testes", "testic", "testos", "trans", "transgender", "trimester",
    "uter", "vagin", "vasectom", "vulv",
];

/// Words that tell a stage of life and so bound the age.
pub(super) const LIFE_STAGES: &[&str] = &[
    "adolescent", "college", "elderly", "grandchildren", "granddaughter", "grandson", "juvenile", "menopausal",
    "menopause", "pensioner", "postmenopausal", "pregnancy", "pregnant", "retired", "retirement", "senior", "student",
    "teen", "teenage", "teenager", "toddler", "university", "young", "younger",
    "menses", "menstrual", "menstruation", "contraception", "contraceptive", "contraceptives", "breastfeeding",
    "breastfed", "trimester", "gestation", "prenatal", "newborn", "neonate", "infant",
];

/// Body parts that have a left and a right, or follow one.
pub(super) const BODY_PARTS: &[&str] = &[
    "abdomen", "ankle", "arm", "armpit", "arms", "axilla", "axillae", "back", "big", "breast", "buttock", "buttocks",
    "calf", "canine", "cheek", "cheeks", "chest", "chin", "clavicle", "collarbone", "cornea", "ear", "earlobe",
    "eardrum", "ears", "elbow", "elbows", "extremities", "extremity", "eye", "eyebrow", "eyelid", "eyelids", "eyes", "face", "feet", "finger", "fingernail",
    "fingers", "fingertip", "flank", "foot", "forearm", "forearms", "forehead", "great", "groin", "gum", "gums",
    "hallux", "hand", "hands", "head", "heel", "heels", "hip", "hips", "index", "inguinal", "jaw", "joint", "joints",
    "kidney", "knee", "kneecap", "knees", "leg", "legs", "limb", "limbs", "lip", "little", "lobe", "loin", "lung", "malleolus",
    "middle", "mouth", "muscle", "muscles", "nail", "nasal", "neck", "nipple", "nose", "nostril", "palm", "palms",
    "pinky", "popliteal", "rib", "ribs", "ring", "scalp", "scapula", "shin", "shoulder", "shoulderblade", "shoulders",
    "skin", "sole", "soles", "stomach", "temple", "testicle", "thigh", "thighs", "throat", "thumb", "thumbs", "toe",
    "toenail", "toes", "tongue", "tonsil", "torso", "trunk", "wrist", "wrists",
];

/// Parts of which everyone has a left and a right one, in the plural.
pub(super) const PAIRED: &[&str] = &[
    "ankles", "armpits", "arms", "breasts", "buttocks", "calves", "cheeks", "ears", "elbows", "eyelids", "eyes",
    "feet", "forearms", "hands", "heels", "hips", "knees", "legs", "limbs", "palms", "shins", "shoulders", "soles",
    "temples", "thighs", "wrists",
];

/// Words that may stand between a side and its body part.
pub(super) const PLACE_WORDS: &[&str] = &[
    "anterior", "auricular", "base", "border", "corner", "costal", "deltoid", "distal", "dorsal", "edge", "external",
    "frontal", "half", "hemithorax", "inner", "internal", "lateral", "lower", "mandibular", "maxillary", "medial",
    "mid", "occipital", "outer", "paraspinal", "parietal", "periorbital", "plantar", "posterior", "pre",
    "preauricular", "proximal", "quadrant", "side", "sided", "supraclavicular", "temporal", "upper", "ventral",
    "volar",
];

/// Other words that only govern what follows and tell nothing by themselves.
pub(super) const GOVERNING: &[&str] = &[
    "about", "allergic", "anything", "as", "believes", "by", "certain", "clear", "complaint", "complaints",
    "currently", "degree", "describes", "for", "free", "from", "history", "if", "in", "information", "it", "known",
    "lives", "nobody", "nothing", "of", "on", "one", "past", "patient", "returned", "runs", "saw", "say", "says",
    "seen", "sign", "signs", "started", "sure", "suspects", "symptom", "symptoms", "take", "takes", "taking",
    "think", "thinks", "to", "took", "travelled", "tried", "used", "uses", "which", "who", "with", "wonder",
    "wonders", "worked", "works",
];

/// Words beside which a time is that of a treatment, a habit or a visit.
pub(super) const TREATMENTS: &[&str] = &[
    "age", "aged", "ages", "amoxicillin", "antibiotic", "antibiotics", "applied", "applying", "course", "cream",
    "daily", "dose", "doses", "every", "excised", "follow-up", "mg", "ointment", "prescribed", "quit", "removed",
    "review", "sleep", "smoked", "smoker", "steroid", "steroids", "stopped", "stopping", "surgery", "tablets",
    "take", "taking", "therapy", "took", "treated", "treatment", "tried", "use", "used", "using", "worked",
    "chemotherapy", "completed", "immunotherapy", "radiation", "radiotherapy", "regimen", "treatments",
];

/// Words that make a number approximate.
pub(super) const APPROXIMATIONS: &[&str] = &[
    "about", "almost", "approx", "approximately", "around", "just", "least", "maybe", "nearly", "only", "roughly",
    "some", "than", "thatn", "to",
];

/// Headings and phrases that announce an impression; what follows is one.
pub(super) const ANNOUNCED: &[&str] = &[
    "?", "clinical diagnosis", "clinical impression", "considering", "consistent with", "diagnosis", "gp impression",
    "i believe this is", "i suspect", "i think it is", "i think this is", "i wonder about", "impression",
    "in keeping with", "looks like", "my impression", "our impression", "provisional diagnosis", "query",
    "referral diagnosis", "referrer 's impression", "referring diagnosis", "suggestive of", "suspects",
    "suspicious for", "suspicious of", "the impression", "thought to be", "we suspect", "wonders about",
    "working diagnosis",
];

/// Words that make an impression of the diagnosis after them, and of nothing else.
pub(super) const HEDGES: &[&str] = &[
    "concern for", "concerned about", "could it be", "could this be", "favor", "favour", "favours", "is it",
    "is this", "likely", "possible", "possibly", "presumed", "probable", "probably", "suspected", "worried about",
];

/// Diagnoses of the skin in everyday and medical words; words in -oma, -itis, -osis and -iasis count as well.
pub(super) const DIAGNOSES: &[&str] = &[
    "acne", "allergy", "alopecia", "boil", "cancer", "candida", "carcinoma", "cellulitis", "cyst", "dermatofibroma",
    "drug", "eczema", "eruption", "erythema", "folliculitis", "herpes", "hives", "impetigo", "infection",
    "intertrigo", "keloid", "keratosis", "lentigo", "lichen", "lupus", "malignancy", "melasma", "molluscum", "naevi",
    "naevus", "nevus", "pemphigoid", "pemphigus", "pityriasis", "psoriasis", "purpura", "ringworm", "rosacea",
    "scabies", "shingles", "syphilis", "tinea", "urticaria", "vasculitis", "vitiligo", "wart", "warts", "zoster",
];

/// Words and marks that end the name of a diagnosis.
pub(super) const PHRASE_ENDS: &[&str] = &[
    "!", "(", ")", ",", ".", ":", ";", "?", "after", "and", "as", "at", "because", "but", "due", "for", "from",
    "given", "however", "in", "on", "since", "than", "that", "which", "with",
];

/// Words beside which a diagnosis is past or another person's.
pub(super) const EARLIER: &[&str] = &[
    "brother", "earlier", "excised", "family", "father", "history", "mother", "past", "previous", "prior", "removed",
    "sister",
];

/// Words of field names that do not say what in particular the field is about.
pub(super) const GENERAL_NAMES: &[&str] = &[
    "allergies", "allergy", "any", "contact", "contacts", "drug", "drugs", "exposure", "family", "has", "history",
    "known", "medical", "medication", "medicine", "new", "occupation", "of", "past", "previous", "prior", "regular",
    "status", "sun", "travel", "treatment", "use",
];

/// Whether a word, in lower case, is on a list.
pub(super) fn on(list: &[&str], word: &str) -> bool {
    list.contains(&word)
}

/// Whether a word says which part of a place: "upper", "index".
pub(super) fn is_place_word(word: &str) -> bool {
    on(PLACE_WORDS, word) || on(&["big", "great", "index", "little", "middle", "ring"], word)
}

/// Whether the word is an adverb, by its ending or by a list.
pub(super) fn is_adverb(word: &str) -> bool {
    let adjectives = ["belly", "early", "elderly", "family", "likely", "only", "scaly"];
    let others = [
        "already", "also", "always", "ever", "just", "never", "not", "now", "often", "only", "sometimes", "soon", "still",
        "then",
    ];
    (word.len() > 4 && word.ends_with("ly") && !on(&adjectives, word)) || on(&others, word)
}

/// The number that an English number word stands for, 0–90.
pub(super) fn number_word(word: &str) -> Option<u32> {
    const ONES: [&str; 20] = [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
        "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
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
        let lists = [
            AUXILIARIES, REPORTS, VERBS, NEGATIONS, QUALIFIERS, PREPOSITIONS, KIN, SEX_BOUND, LIFE_STAGES, BODY_PARTS,
            DIAGNOSES, FRAMES, BLANK, LESIONS, TREATMENTS, GOVERNING, ANNOUNCED, HEDGES, FINDINGS, TIMES,
        ];
        for list in lists {
            for word in list {
                assert_eq!(word.to_lowercase(), *word);
            }
        }
    }
}
