//! Keep worst: of several photographs only the poorest is shown.

use super::take_out;
use crate::distance::luma;
use crate::image::selected;
use crate::{
    Card, Change, Context, Grading, Image, Needs, Operator, Oracle, Perturbation, Setting, SettingError, Stimulus,
    Target, Unfit, View,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "keep_worst",
    family: "modality",
    title: "Only the poorest photograph",
    imitates: "A patient sends one photograph, and it is the blurred or badly framed one of the series.",
    target: Target::ImageSet,
    needs: Needs::Nothing,
    oracle: Oracle::Directional,
    oracle_reason: "The poorest view shows less than all views together: confidence may fall and another photograph \
                    be asked for, but nothing has made the lesion less urgent.",
    gradable_to: &[],
    grading: Grading::Binary,
    parameters: &[],
    references: &[
        "Definition: the selected photographs are ranked by view (poor, then regional, oblique, close) and within a \
         view by sharpness, the variance of the Laplacian of luma over its mean squared (Pertuz et al. 2013, LAP4) \
         on means of squares of pixels with at most 256 to a side; all but the lowest are taken out",
    ],
};

/// All photographs but the worst taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeepWorst;

impl Perturbation for KeepWorst {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let candidates = selected(stimulus.images.len(), cx);
        let graded = candidates.iter().filter_map(|index| Some((*index, quality(stimulus.images.get(*index)?))));
        let worst = graded.min_by(|(_, a), (_, b)| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(index, _)| index);
        let gone: Vec<usize> = candidates.into_iter().filter(|index| Some(*index) != worst).collect();
        if gone.is_empty() {
            return Err(Unfit::nothing("a second photograph"));
        }
        Ok(Change { edits: take_out(stimulus, gone), ..Change::default() })
    }
}

impl Operator for KeepWorst {
    const CARD: &'static Card = &CARD;

    fn make(_: &Setting) -> Result<Self, SettingError> {
        Ok(Self)
    }
}

/// Rank of the view, then sharpness; more is better.
fn quality(image: &Image) -> (u8, f64) {
    let view = match image.view {
        View::Poor => 0,
        View::Regional => 1,
        View::Oblique => 2,
        View::Close => 3,
    };
    (view, sharpness(image))
}

/// The longest side of the copy on which sharpness is measured, in squares.
const LONGEST: usize = 256;

/// Variance of the Laplacian over the squared mean of luma; 0 for pictures too small to have one.
fn sharpness(image: &Image) -> f64 {
    let rows = small(image);
    let mut laplacian = Vec::new();
    for three in rows.windows(3) {
        let [above, row, below] = three else { continue };
        let middle = row.windows(3).zip(above.iter().zip(below).skip(1));
        laplacian.extend(middle.map(|(side, (up, down))| match side {
            [left, here, right] => 4.0 * here - left - right - up - down,
            _ => 0.0,
        }));
    }
    let light = mean(&rows.concat());
    let middle = mean(&laplacian);
    let variance = mean(&laplacian.iter().map(|value| (value - middle) * (value - middle)).collect::<Vec<_>>());
    if light > 0.0 { variance / (light * light) } else { 0.0 }
}

#[expect(clippy::cast_precision_loss, reason = "small counts")]
fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// Mean luma of squares of pixels, at most [`LONGEST`] to a side, row by row.
fn small(image: &Image) -> Vec<Vec<f64>> {
    let square = image.pixels.width().max(image.pixels.height()).div_ceil(LONGEST as u32).max(1) as usize;
    let luma_rows: Vec<Vec<f64>> =
        image.pixels.rows().map(|row| row.map(|pixel| f64::from(luma(pixel.0))).collect()).collect();
    let bands = luma_rows.chunks(square);
    bands
        .map(|band| {
            let columns = band.first().map_or(0, Vec::len).div_ceil(square);
            let inside = |column: usize| {
                let cells = band.iter().flat_map(|row| row.iter().skip(column * square).take(square).copied());
                mean(&cells.collect::<Vec<_>>())
            };
            (0..columns).map(inside).collect()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{KeepWorst, sharpness, small};
    use crate::contract::photograph;
    use crate::image::optics::gaussian_blur::GaussianBlur;
    use crate::{Context, Edit, Graded, Image, Level, On, Perturbation, Stimulus, Stream, Unfit, View};

    fn keep(images: &[Image], on: On) -> Result<(Vec<Image>, Vec<Edit>), Unfit> {
        let mut stimulus = Stimulus { images: images.to_vec(), ..Stimulus::default() };
        let mut cx = Context { on, ..Context::new(Stream::derive(1, &[])) };
        KeepWorst.apply(&mut stimulus, &mut cx).map(|change| (stimulus.images, change.edits))
    }

    fn blurred(image: &Image) -> Image {
        let mut stimulus = Stimulus { images: vec![image.clone()], ..Stimulus::default() };
        let blur = GaussianBlur::at(Level::new(3).unwrap());
        blur.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        stimulus.images.remove(0)
    }

    #[test]
    fn the_blurred_one_is_kept() {
        let sharp = photograph(90, 70, 1);
        let soft = blurred(&sharp);
        assert!(sharpness(&soft) < 0.5 * sharpness(&sharp));
        let (kept, edits) = keep(&[sharp.clone(), soft.clone(), sharp], On::All).unwrap();
        assert_eq!(kept, [soft]);
        assert_eq!(edits, [Edit::ImageRemoved { image: 2 }, Edit::ImageRemoved { image: 0 }]);
    }

    #[test]
    fn a_poor_view_is_worse_than_a_blurred_one() {
        let soft = blurred(&photograph(90, 70, 1));
        let poor = Image { view: View::Poor, ..photograph(90, 70, 1) };
        assert_eq!(keep(&[soft, poor.clone()], On::All).unwrap().0, [poor]);
    }

    #[test]
    fn one_photograph_is_not_enough() {
        assert_eq!(keep(&[photograph(20, 20, 1)], On::All), Err(Unfit::nothing("a second photograph")));
        assert!(keep(&[photograph(20, 20, 1), photograph(20, 20, 2)], On::These(vec![1])).is_err());
    }

    #[test]
    fn a_large_photograph_is_measured_on_a_small_copy() {
        let rows = small(&photograph(600, 301, 1));
        assert_eq!((rows.len(), rows[0].len()), (101, 200));
    }
}
