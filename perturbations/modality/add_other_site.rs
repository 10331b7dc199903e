//! Add other site: among the photographs is one of another body site.

use crate::{
    Card, Change, Context, Edit, Grading, History, Kind, Needs, Operator, Oracle, Perturbation, Setting, SettingError,
    Stimulus, Target, Unfit, Value,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "add_other_site",
    family: "modality",
    title: "A photograph of another site",
    imitates: "A photograph of another patient's other body site slips into the request, as from a shared camera roll.",
    target: Target::ImageSet,
    needs: Needs::Donor,
    oracle: Oracle::Challenge,
    oracle_reason: "The request tells of one site and one photograph shows another; a careful reader says which \
                    photograph does not belong instead of describing both as one lesion.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &[
        "Definition: one of the donor's photographs, drawn, is put at a drawn place among the case's own. Both \
         histories have to name a site in a field, and neither name may contain the other",
    ],
};

/// A donor's photograph of another site put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AddOtherSite;

impl Perturbation for AddOtherSite {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let donor = cx.donor.ok_or(Unfit::NeedsDonor)?;
        if stimulus.images.is_empty() {
            return Err(Unfit::nothing("no photograph"));
        }
        if !differ(&stimulus.history, &donor.history) {
            return Err(Unfit::nothing("two body sites that are known to differ"));
        }
        let mut rng = cx.rng.fork("place", 0);
        let donor_image = rng.index(donor.images.len());
        let added = donor.images.get(donor_image).ok_or_else(|| Unfit::nothing("the donor has no photograph"))?;
        let at = rng.index(stimulus.images.len() + 1);
        stimulus.images.insert(at, added.clone());
        Ok(Change { edits: vec![Edit::ImageAdded { donor_image, at }], ..Change::default() })
    }
}

impl Operator for AddOtherSite {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

/// Whether both histories name a site, and not the same or a part of the other's name ("arm", "left arm").
fn differ(one: &History, other: &History) -> bool {
    let (one, other) = (site(one), site(other));
    let within = |a: &[String], b: &[String]| a.iter().all(|word| b.contains(word));
    !one.is_empty() && !other.is_empty() && !within(&one, &other) && !within(&other, &one)
}

/// The words of the body site, in lower case; none when it is not told.
fn site(history: &History) -> Vec<String> {
    let told = history.fields.iter().filter(|field| field.kind == Kind::Site).find_map(|field| match &field.value {
        Value::Stated(text) => Some(text.to_lowercase()),
        _ => None,
    });
    let text = told.unwrap_or_default();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(String::from).collect()
}

#[cfg(test)]
mod tests {
    use super::AddOtherSite;
    use crate::modality::tests::{greys, seen};
    use crate::{Context, Edit, Field, History, Kind, Perturbation, Stimulus, Stream, Unfit, Value};

    fn at_site(stimulus: Stimulus, site: &str) -> Stimulus {
        let field = Field { name: "site".into(), kind: Kind::Site, value: Value::Stated(site.into()) };
        Stimulus { history: History { fields: vec![field], note: None }, ..stimulus }
    }

    fn add(mut stimulus: Stimulus, donor: &Stimulus) -> Result<(Vec<u8>, Vec<Edit>), Unfit> {
        let mut cx = Context::new(Stream::derive(2, &[])).with_donor(donor);
        AddOtherSite.apply(&mut stimulus, &mut cx).map(|change| (seen(&stimulus), change.edits))
    }

    #[test]
    fn the_donors_photograph_stands_where_the_ledger_says() {
        let donor = at_site(greys(&[8, 9]), "Scalp");
        let (now, edits) = add(at_site(greys(&[1, 2]), "left forearm"), &donor).unwrap();
        let [Edit::ImageAdded { donor_image, at }] = edits.as_slice() else { panic!("{edits:?}") };
        assert_eq!((now.len(), now[*at]), (3, [8, 9][*donor_image]));
    }

    #[test]
    fn sites_have_to_be_known_and_to_differ() {
        let own = || at_site(greys(&[1]), "forearm");
        for same in ["forearm", "Left Forearm", ""] {
            assert!(add(own(), &at_site(greys(&[8]), same)).is_err(), "{same}");
        }
        assert!(add(greys(&[1]), &at_site(greys(&[8]), "scalp")).is_err());
        assert!(add(own(), &at_site(greys(&[]), "scalp")).is_err());
        assert!(add(own(), &at_site(greys(&[8]), "scalp")).is_ok());
    }
}
