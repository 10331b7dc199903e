//! The hands in which notes are written: five authors, each with a way to open and a phrase for every fact.
//!
//! In a phrase, `{x}` is the field's wording, `{x-}` a time as in "3-week history", `{a x-}` the same
//! after its article, `{she}` and `{her}` the patient.

/// Somebody who writes consultation requests.
#[derive(Debug)]
pub struct Author {
    /// The line before the text; may be empty.
    pub greeting: &'static str,
    /// The first sentence.
    pub opening: Opening,
    /// One sentence per fact, in the author's order.
    pub phrases: &'static [Phrase],
    /// The line after the text; may be empty.
    pub closing: &'static str,
}

/// How the first sentence is built from a person ("64-year-old woman") and a complaint ("a lesion on the forearm").
#[derive(Debug, Clone, Copy)]
pub enum Opening {
    /// "… this PERSON … COMPLAINT."
    This(&'static str, &'static str),
    /// "… a PERSON … COMPLAINT."
    A(&'static str, &'static str),
    /// "PERSON… COMPLAINT."
    Bare(&'static str),
    /// "… COMPLAINT. The patient is a woman aged 64."
    PhotoFirst(&'static str),
}

/// How a fact is put.
#[derive(Debug)]
pub struct Phrase {
    /// The field.
    pub field: &'static str,
    /// When it is affirmed.
    pub yes: &'static str,
    /// When it is denied.
    pub no: &'static str,
}

const fn say(field: &'static str, yes: &'static str, no: &'static str) -> Phrase {
    Phrase { field, yes, no }
}

/// Every author.
pub static AUTHORS: [Author; 5] = [LETTER, TELEGRAM, WARD, NURSE, TRAINEE];

/// A family doctor who writes letters.
const LETTER: Author = Author {
    greeting: "Dear colleague,",
    opening: Opening::This("Thank you for seeing", "with"),
    phrases: &[
        say("duration", "It has been present for {x}.", "It has just appeared."),
        say("evolution", "It has been {x}.", "It has not changed."),
        say("growth", "It has grown.", "It has not grown."),
        say("diameter", "It measures {x} across.", "It was not measurable."),
        say("itch", "It itches.", "It does not itch."),
        say("pain", "It is painful.", "It is not painful."),
        say("bleeding", "It has bled.", "It has not bled."),
        say("fever", "{she} has a fever.", "{she} has no fever."),
        say("mouth_sores", "{she} has sores in the mouth.", "{she} has no sores in the mouth."),
        say("prior_treatment", "{she} has tried {x}.", "Nothing has been tried so far."),
        say("new_drug", "{she} recently started {x}.", "{she} has not started any new medicine."),
        say("medication", "{she} regularly takes {x}.", "{she} takes no regular medication."),
        say("allergy", "{she} is allergic to {x}.", "{she} has no known allergies."),
        say("past_history", "The past history includes {x}.", "The past history is unremarkable."),
        say("family_history", "Family history of note: {x}.", "The family history is unremarkable."),
        say("sun_exposure", "There has been much sun, with {x}.", "There has been little sun exposure."),
        say("contact", "{she} has had contact with {x}.", "{she} has had no contact with anything catching."),
        say("impression", "My impression is {x}.", "I have no clear impression."),
    ],
    closing: "With kind regards",
};

/// A busy practice: fragments.
const TELEGRAM: Author = Author {
    greeting: "",
    opening: Opening::Bare(" with"),
    phrases: &[
        say("duration", "{x-} history.", "New today."),
        say("evolution", "Course: {x}.", "No change."),
        say("itch", "Itching.", "No itch."),
        say("pain", "Painful.", "No pain."),
        say("bleeding", "Bleeds.", "No bleeding."),
        say("growth", "Growing.", "Not growing."),
        say("fever", "Febrile.", "No fever."),
        say("mouth_sores", "Mouth sores.", "No mouth sores."),
        say("diameter", "Diameter {x}.", "Not measurable."),
        say("past_history", "PMH: {x}.", "PMH: nil."),
        say("family_history", "FH: {x}.", "FH: nil."),
        say("new_drug", "New drug: {x}.", "No new drugs."),
        say("medication", "Takes {x}.", "No regular medication."),
        say("allergy", "Allergic to {x}.", "No known allergies."),
        say("sun_exposure", "Sun: {x}.", "Little sun exposure."),
        say("contact", "Contact: {x}.", "No relevant contacts."),
        say("prior_treatment", "Tried: {x}.", "No treatment yet."),
        say("impression", "Impression: {x}.", "Impression: none."),
    ],
    closing: "",
};

/// A hospital ward asking for advice.
const WARD: Author = Author {
    greeting: "Request for dermatology advice.",
    opening: Opening::A("We saw ", "who has"),
    phrases: &[
        say("duration", "There is {a x-} history.", "It is new."),
        say("past_history", "Relevant past history: {x}.", "There is no relevant past history."),
        say("medication", "Regular medication is {x}.", "There is no regular medication."),
        say("new_drug", "A new drug was started recently: {x}.", "No new drug has been started."),
        say("allergy", "Known allergy: {x}.", "There is no known allergy."),
        say("evolution", "Since it began it has been {x}.", "It has not changed."),
        say("fever", "There is fever.", "There is no fever."),
        say("mouth_sores", "There are sores in the mouth.", "There are no sores in the mouth."),
        say("pain", "There is pain.", "There is no pain."),
        say("itch", "There is itching.", "There is no itching."),
        say("bleeding", "There has been bleeding.", "There has been no bleeding."),
        say("growth", "It is growing.", "It is not growing."),
        say("diameter", "The largest area is {x} wide.", "It was not measured."),
        say("family_history", "Family history: {x}.", "There is no relevant family history."),
        say("sun_exposure", "Sun exposure: {x}.", "There has been little sun exposure."),
        say("contact", "Contact history: {x}.", "There was no contact with anyone ill."),
        say("prior_treatment", "Treatment so far: {x}.", "There has been no treatment so far."),
        say("impression", "Working diagnosis: {x}.", "There is no working diagnosis."),
    ],
    closing: "",
};

/// A nurse who sends photographs.
const NURSE: Author = Author {
    greeting: "",
    opening: Opening::PhotoFirst("Photographs attached of"),
    phrases: &[
        say("duration", "{she} has had it for {x}.", "{she} noticed it today."),
        say("itch", "{she} says it itches.", "{she} says it does not itch."),
        say("pain", "{she} says it is painful.", "{she} says it is not painful."),
        say("bleeding", "{she} says it bleeds.", "{she} says it does not bleed."),
        say("growth", "{she} thinks it has grown.", "{she} does not think it has grown."),
        say("evolution", "{she} describes it as {x}.", "{she} has seen no change."),
        say("fever", "{she} is febrile today.", "{she} is not febrile today."),
        say("mouth_sores", "{she} mentions mouth sores.", "{she} has no mouth sores."),
        say("prior_treatment", "Already tried: {x}.", "{she} has not tried anything."),
        say("medication", "{she} is on {x}.", "{she} is on no regular medication."),
        say("new_drug", "Newly started medicine: {x}.", "No medicine was started recently."),
        say("allergy", "Allergies: {x}.", "Allergies: none known."),
        say("contact", "{she} mentions {x}.", "{she} knows nobody with anything similar."),
        say("sun_exposure", "{she} reports {x}.", "{she} has never been in the sun much."),
        say("family_history", "Runs in the family: {x}.", "Nothing runs in the family."),
        say("past_history", "Medical history: {x}.", "Medical history: nothing of note."),
        say("diameter", "The ruler shows {x}.", "No ruler was at hand."),
        say("impression", "The doctor suspects {x}.", "The doctor suspects nothing in particular."),
    ],
    closing: "Thank you for your advice.",
};

/// A trainee who writes down every answer.
const TRAINEE: Author = Author {
    greeting: "Hello,",
    opening: Opening::This("Could you please advise on", "presenting with"),
    phrases: &[
        say("duration", "This has been going on for {x}.", "This began today."),
        say("evolution", "{she} reports that it has been {x}.", "{she} reports no change."),
        say("growth", "{she} reports that it is growing.", "{she} denies growth."),
        say("itch", "{she} reports itching.", "{she} denies itching."),
        say("pain", "{she} reports pain.", "{she} denies pain."),
        say("bleeding", "{she} reports bleeding.", "{she} denies bleeding."),
        say("fever", "{she} reports fever.", "{she} denies fever."),
        say("mouth_sores", "{she} reports mouth sores.", "{she} denies mouth sores."),
        say("new_drug", "{she} was put on {x} in the last weeks.", "{she} denies new medication."),
        say("contact", "On asking about contacts, {she} names {x}.", "{she} denies contact with anyone ill."),
        say("sun_exposure", "As to sun, {she} mentions {x}.", "{she} denies much sun exposure."),
        say("past_history", "{her} history includes {x}.", "{her} history is otherwise clear."),
        say("family_history", "{her} family history includes {x}.", "{her} family history is clear."),
        say("medication", "{her} usual medication is {x}.", "{she} takes nothing regularly."),
        say("allergy", "{she} reports an allergy to {x}.", "{she} denies allergies."),
        say("prior_treatment", "So far {she} has used {x}.", "{she} has not used any treatment."),
        say("diameter", "I measured {x}.", "I could not measure it."),
        say("impression", "I wonder about {x}.", "I am not sure what this is."),
    ],
    closing: "",
};
