//! Elastic: the skin is pulled and pressed, so that shapes are bent.

use super::warp::{Place, UNIT, moved_box, warp};
use crate::image::{Edited, each_image, length_px, named, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Image, Level, Modality, Needs, Operator, Oracle,
    Perturbation, Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "elastic",
    family: "image/framing",
    title: "Bent",
    imitates: "Skin that is stretched, pressed or folded while the picture is taken, or a picture warped by \
               stabilisation, a filter or a curled print.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Slight bends are within what posture does to skin. Above level 2 borders get notches and bulges that \
                    are not there: confidence may fall, urgency may not.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(2), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "displacement",
        unit: Unit::ShorterSide,
        levels: [0.004, 0.009, 0.018, 0.03, 0.045],
        range: Range { mildest: 0.001, severest: 0.06 },
        monotone_in: Quantity::Displacement,
    },
    parameters: &[],
    references: &[
        "Definition: a smooth random field (cubic B-splines on a grid of a sixth of the shorter side, even random numbers \
         at its nodes) moves every point by that root mean square length; bilinear, mirrored at the border",
        "Simard, Steinkraus and Platt, ICDAR 2003 (elastic distortion); Hendrycks and Dietterich, ICLR 2019 \
         (ImageNet-C): elastic transform, whose levels are not in order of harm",
    ],
};

/// Nodes of the field per shorter side.
const NODES: u32 = 6;

/// Root mean square length of the field when its nodes are even in −1..1 each way: √(2 · ⅓ · (151/315)²).
const MEAN_LENGTH: f64 = 0.391_399;

/// A shorter displacement would hardly move a pixel by a grey level.
const SMALLEST_LENGTH_PX: f64 = 0.05;

/// A bend with a root mean square displacement in shares of the shorter side.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Elastic {
    displacement: f64,
}

impl Elastic {
    fn bent(self, image: &Image, rng: Stream) -> Result<Edited, Unfit> {
        let length = length_px(&image.pixels, self.displacement, SMALLEST_LENGTH_PX)?;
        let size = image.pixels.dimensions();
        let field = Field::new(size, shorter_side(&image.pixels), length / MEAN_LENGTH, rng);
        let mut row = Vec::new();
        Ok(Edited {
            pixels: warp(&image.pixels, |y, places| field.row(y, &mut row, places)),
            lesion: image.lesion.and_then(|lesion| moved_box(lesion, size, |x, y| field.forward(x, y))),
            parameters: named([("displacement_px", length)]),
        })
    }
}

impl Perturbation for Elastic {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        each_image(stimulus, cx, |image, rng| self.bent(image, rng))
    }
}

impl Operator for Elastic {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Elastic {
    fn at_dose(dose: f64) -> Self {
        Self { displacement: Self::range().nearest(dose) }
    }
}

/// Displacements at the nodes of a grid, in 2⁻²⁰ of a pixel; between them they follow cubic B-splines.
struct Field {
    /// Pixels between nodes.
    spacing: usize,
    /// Nodes in a row, and rows.
    size: (usize, usize),
    nodes: Vec<Node>,
    /// The weights of the four nodes around each pixel between two nodes.
    weights: Vec<[i64; 4]>,
}

/// A displacement to the right and down.
type Node = [i64; 2];

/// Binary digits of a displacement behind the point.
const NODE_BITS: u32 = 20;

/// Binary digits of a weight behind the point.
const WEIGHT_BITS: u32 = 14;

impl Field {
    /// A field whose nodes are even in −amplitude..amplitude pixels each way.
    #[expect(clippy::cast_possible_truncation, reason = "far below 2⁶³")]
    fn new((width, height): (u32, u32), side: u32, amplitude: f64, mut rng: Stream) -> Self {
        let spacing = (side / NODES).max(1) as usize;
        let along = |length: u32| (length as usize).div_ceil(spacing) + 3;
        let scale = amplitude * f64::from(1_u32 << NODE_BITS);
        let mut drawn = || libm::round(rng.between(-1.0, 1.0) * scale) as i64;
        let size = (along(width), along(height));
        let nodes = (0..size.0 * size.1).map(|_| [drawn(), drawn()]).collect();
        Self { spacing, size, nodes, weights: (0..spacing).map(|at| spline(at, spacing)).collect() }
    }

    /// Writes down what each pixel of a row of the new picture shows. `mixed` is room for the nodes above each other,
    /// which are mixed once per row.
    fn row(&self, y: u32, mixed: &mut Vec<Node>, places: &mut [Place]) {
        self.mix_columns(y as usize, mixed);
        let top = i32::try_from(y).unwrap_or(i32::MAX).saturating_mul(UNIT);
        let mut left = 0;
        for (places, nodes) in places.chunks_mut(self.spacing).zip(mixed.array_windows()) {
            for (place, weights) in places.iter_mut().zip(&self.weights) {
                let [right, down] = mean(nodes, weights).map(to_place);
                *place = Place { x: left + right, y: top + down };
                left += UNIT;
            }
        }
    }

    fn mix_columns(&self, y: usize, mixed: &mut Vec<Node>) {
        let weights = self.weights.get(y % self.spacing).copied().unwrap_or_default();
        let row = |below: usize| {
            let first = (y / self.spacing + below) * self.size.0;
            self.nodes.get(first..first + self.size.0).unwrap_or_default()
        };
        let columns = row(0).iter().zip(row(1)).zip(row(2)).zip(row(3));
        mixed.clear();
        mixed.extend(columns.map(|(((a, b), c), d)| mean(&[*a, *b, *c, *d], &weights)));
    }

    /// The displacement of the nearest pixel of the frame, in pixels.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the cast saturates at 0")]
    fn at(&self, x: f64, y: f64) -> (f64, f64) {
        let pixel = |place: f64, nodes: usize| ((place + 0.5) as usize).min((nodes - 3) * self.spacing - 1);
        let (column, row) = (pixel(x, self.size.0), pixel(y, self.size.1));
        let mut mixed = Vec::new();
        self.mix_columns(row, &mut mixed);
        let nodes = mixed.get(column / self.spacing..).and_then(<[Node]>::first_chunk);
        let weights = self.weights.get(column % self.spacing);
        let [right, down] = nodes.zip(weights).map_or([0; 2], |(nodes, weights)| mean(nodes, weights));
        let pixels = |length: i64| length as f64 / f64::from(1_u32 << NODE_BITS);
        (pixels(right), pixels(down))
    }

    /// Where a point of the old picture is in the new one: the place whose displacement leads to it.
    fn forward(&self, x: f64, y: f64) -> (f64, f64) {
        (0..ROUNDS).fold((x, y), |place, _| {
            let (right, down) = self.at(place.0, place.1);
            (x - right, y - down)
        })
    }
}

/// Steps of the search for a displaced point; the field is nowhere steeper than 1, so that each brings it nearer.
const ROUNDS: usize = 32;

/// The weights of the four nodes around a pixel so far between the second and the third; they sum to 1.
#[expect(clippy::cast_possible_truncation, reason = "between 0 and 2¹⁴")]
fn spline(at: usize, spacing: usize) -> [i64; 4] {
    let t = at as f64 / spacing as f64;
    let whole = f64::from(1_u32 << WEIGHT_BITS);
    let weight = |share: f64| libm::round(share / 6.0 * whole) as i64;
    let (first, third, fourth) =
        (weight((1.0 - t) * (1.0 - t) * (1.0 - t)), weight(1.0 + 3.0 * t * (1.0 + t * (1.0 - t))), weight(t * t * t));
    [first, (1 << WEIGHT_BITS) - first - third - fourth, third, fourth]
}

#[inline]
fn mean([a, b, c, d]: &[Node; 4], [wa, wb, wc, wd]: &[i64; 4]) -> Node {
    core::array::from_fn(|axis| (a[axis] * wa + b[axis] * wb + c[axis] * wc + d[axis] * wd) >> WEIGHT_BITS)
}

/// A displacement in units of places, to the nearest.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "displacements are below 2²³ pixels")]
fn to_place(length: i64) -> i32 {
    const MORE: u32 = NODE_BITS - UNIT.trailing_zeros();
    ((length + (1 << (MORE - 1))) >> MORE) as i32
}

#[cfg(test)]
mod tests {
    use super::{Elastic, Field, MEAN_LENGTH, spline};
    use crate::image::framing::warp::Place;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Image, Perturbation, Region, Stimulus, Stream};

    fn field(amplitude: f64) -> Field {
        Field::new((400, 300), 300, amplitude, Stream::derive(3, &["field"]))
    }

    #[test]
    fn the_weights_are_those_of_a_cubic_b_spline() {
        for at in 0..50 {
            let weights = spline(at, 50);
            assert_eq!(weights.iter().sum::<i64>(), 1 << 14);
            assert!(weights.iter().all(|weight| *weight >= 0));
        }
        assert_eq!(spline(0, 7), [2731, 10922, 2731, 0]);
    }

    #[test]
    fn the_mean_length_is_the_dose() {
        let lengths = (0..40).map(|seed| {
            let field = Field::new((400, 300), 300, 10.0 / MEAN_LENGTH, Stream::derive(seed, &[]));
            let places = (0..40).flat_map(|x| (0..30).map(move |y| (f64::from(x) * 10.0, f64::from(y) * 10.0)));
            let squares = places.map(|(x, y)| field.at(x, y)).map(|(x, y)| x * x + y * y);
            squares.sum::<f64>() / 1200.0
        });
        let mean = (lengths.sum::<f64>() / 40.0).sqrt();
        assert!((mean - 10.0).abs() < 0.5, "{mean}");
    }

    #[test]
    fn a_larger_dose_only_scales_the_field() {
        let (one, two) = (field(4.0), field(8.0));
        for (x, y) in [(3.0, 7.0), (200.0, 150.0), (399.0, 299.0)] {
            assert!((2.0 * one.at(x, y).0 - two.at(x, y).0).abs() < 1e-3);
        }
    }

    #[test]
    fn there_and_back_is_the_same_place_and_nothing_folds() {
        let field = field(0.06 * 300.0 / MEAN_LENGTH);
        let (mut places, mut mixed) = ([Place::default(); 400], Vec::new());
        field.row(120, &mut mixed, &mut places);
        assert!(places.windows(2).all(|pair| pair[1].x > pair[0].x));
        let field = self::field(0.045 * 300.0 / MEAN_LENGTH);
        field.row(120, &mut mixed, &mut places);
        for (x, place) in (0_u32..).zip(places).skip(60).take(280) {
            let (column, row) = field.forward(f64::from(place.x) / 256.0, f64::from(place.y) / 256.0);
            assert!((column - f64::from(x)).abs() < 1.5 && (row - 120.0).abs() < 1.5);
        }
    }

    #[test]
    fn the_box_stays_about_where_it_was() {
        let lesion = Region { x: 150, y: 100, w: 80, h: 70 };
        let image = Image { lesion: Some(lesion), ..photo(400, 300, |x, y| [x as u8, y as u8, 9]) };
        let mut stimulus = Stimulus { images: vec![image], ..Stimulus::default() };
        Elastic::at_dose(0.01).apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[]))).unwrap();
        let moved = stimulus.images[0].lesion.unwrap();
        assert_ne!(moved, lesion);
        assert!(moved.x.abs_diff(150) < 12 && moved.w.abs_diff(80) < 12 && moved.h.abs_diff(70) < 12);
    }
}
