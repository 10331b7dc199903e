//! Corruptions of which inputs are shown at all.

pub mod add_other_site;
pub mod blank_grey;
pub mod drop_images;
pub mod duplicate;
pub mod keep_worst;
pub mod no_history;
pub mod no_image;
pub mod noise_image;
pub mod reorder;
pub mod wrong_history;
pub mod wrong_image;

use crate::{Basis, Edit, Gradable, Modality, Stimulus};

/// Nothing of the scene is left, whatever took the photograph.
pub(crate) const NOTHING_TO_SEE: &[Gradable] = &[
    Gradable { modality: Modality::ClinicalPhoto, tone: None, to: None, basis: Basis::Assumed },
    Gradable { modality: Modality::Dermoscopy, tone: None, to: None, basis: Basis::Assumed },
];

/// Takes these photographs out, from the last on, so that the numbers of those still to go stay right.
pub(crate) fn take_out(stimulus: &mut Stimulus, mut gone: Vec<usize>) -> Vec<Edit> {
    gone.sort_unstable();
    gone.dedup();
    gone.retain(|image| *image < stimulus.images.len());
    gone.into_iter()
        .rev()
        .map(|image| {
            stimulus.images.remove(image);
            Edit::ImageRemoved { image }
        })
        .collect()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::take_out;
    use crate::image::tests::photo;
    use crate::{Edit, Stimulus};

    /// One photograph of a single grey for each number.
    pub(crate) fn greys(greys: &[u8]) -> Stimulus {
        let images = greys.iter().map(|grey| photo(4, 3, |_, _| [*grey; 3])).collect();
        Stimulus { images, ..Stimulus::default() }
    }

    /// The greys of such photographs.
    pub(crate) fn seen(stimulus: &Stimulus) -> Vec<u8> {
        stimulus.images.iter().map(|image| image.pixels.get_pixel(0, 0).0[0]).collect()
    }

    #[test]
    fn the_last_goes_first() {
        let mut stimulus = greys(&[1, 2, 3]);
        let edits = take_out(&mut stimulus, vec![0, 2, 0, 9]);
        assert_eq!(edits, [Edit::ImageRemoved { image: 2 }, Edit::ImageRemoved { image: 0 }]);
        assert_eq!(seen(&stimulus), [2]);
    }
}
