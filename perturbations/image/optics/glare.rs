//! Glare: light mirrored off oily or wet skin, white patches broken up by the skin's relief.

use image::RgbImage;

use super::NOT_BLINDED;
use crate::image::grid::{Grid, reduced};
use crate::image::light::{LightTables, smooth_step};
use crate::image::noise_source::{NoiseSource, normal_quantiles};
use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Card, Change, Context, Graded, Grading, Needs, Operator, Oracle, Perturbation, Quantity, Range, Setting,
    SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "glare",
    family: "image/optics",
    title: "Shiny skin",
    imitates: "Flash or a lamp mirrored by oily, moist or gel-covered skin: white patches, broken up by the skin's relief.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "A reflection has the colour of the lamp, sits on the surface and moves with the camera: it is no scale \
                    and no depigmentation. A lesion that it covers cannot be graded.",
    gradable_to: NOT_BLINDED,
    grading: Grading::Graded {
        dose: "area",
        unit: Unit::Share,
        levels: [0.004, 0.02, 0.06, 0.14, 0.3],
        range: Range { mildest: 0.001, severest: 0.6 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Shafer, Color Research and Application 10 (1985) 210, doi 10.1002/col.5080100409: mirrored light has the lamp's \
         colour and adds to the skin's own",
        "Definition: white is added around where a field of two drawn ellipses and of noise is among its highest `area`, \
         with a soft border and a faint halo, more of it on what is lighter than its surroundings and less in furrows; \
         linear light (IEC 61966-2-1), clipped",
    ],
};

/// Reflections over that share of the photograph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Glare {
    area: f64,
}

impl Perturbation for Glare {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let tables = LightTables::adding(1.0);
        each_image(stimulus, cx, |image, rng| {
            let skin = Skin::draw(&image.pixels, &rng);
            let parameters = [("area", self.area), ("x_share", skin.middle.0), ("y_share", skin.middle.1)];
            Ok(Edited::in_place(image, skin.mirror(&image.pixels, &tables, self.area), parameters))
        })
    }
}

impl Operator for Glare {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for Glare {
    fn at_dose(dose: f64) -> Self {
        Self { area: Self::range().nearest(dose) }
    }
}

/// Light in the middle of a reflection and in its halo, where 1 is white.
const PEAK: f32 = 1.4;
const HALO: f32 = 0.05;

/// How far from the brink of a reflection its light starts, and where it is whole.
const BEFORE: f32 = 0.17;
const AFTER: f32 = 0.23;

/// Nodes in a shorter side: of the coarse field, of the relief, and of the local mean.
const COARSE: u32 = 80;
const RELIEF: u32 = 240;
const LOCAL: u32 = 60;

/// Grey levels above the local mean at which skin mirrors half as much again.
const RIDGE: f32 = 8.0;

/// How strongly the skin shines at each place: where the field is highest it mirrors first.
struct Skin {
    middle: (f64, f64),
    shine: Grid<1>,
    relief: Grid<1>,
}

impl Skin {
    fn draw(pixels: &RgbImage, rng: &Stream) -> Self {
        let mut drawn = rng.fork("places", 0);
        let middle = (drawn.between(0.3, 0.7), drawn.between(0.3, 0.7));
        let spots = [Spot::draw(&mut drawn, middle, 0.22), {
            let aside = (drawn.between(0.15, 0.85), drawn.between(0.15, 0.85));
            Spot::draw(&mut drawn, aside, 0.12)
        }];
        let side = shorter_side(pixels);
        let cell = |count: u32| (side / count).max(1) as usize;
        let wide = rough(pixels, cell(COARSE), 5, rng.fork("wide", 0));
        let near = rough(pixels, cell(COARSE), 1, rng.fork("near", 0));
        let mut rest = wide.nodes.iter().zip(&near.nodes);
        let shine = Grid::new(pixels.dimensions(), cell(COARSE), |x, y| {
            let place = (in_sides(x, pixels.width(), side), in_sides(y, pixels.height(), side));
            let spots = spots.iter().map(|spot| spot.shine(place)).fold(0.0, f32::max);
            rest.next().map_or([0.0], |(wide, near)| [spots + 0.06 * wide[0] + 0.03 * near[0]])
        });
        Self { middle, shine, relief: rough(pixels, cell(RELIEF), 1, rng.fork("relief", 0)) }
    }

    /// Adds the mirrored light; what is lighter than its surroundings is a ridge and mirrors more.
    fn mirror(&self, source: &RgbImage, tables: &LightTables, area: f64) -> RgbImage {
        let brink = self.highest(area);
        let local = reduced(source, (shorter_side(source) / LOCAL).max(1) as usize);
        let width = source.width() as usize;
        let (mut room, mut shine, mut relief) = (Vec::new(), vec![[0.0]; width], vec![[0.0]; width]);
        let (mut local_room, mut means) = (Vec::new(), vec![[0.0; 3]; width]);
        let mut out = source.clone();
        for (y, line) in out.chunks_exact_mut((3 * width).max(1)).enumerate() {
            self.shine.spread(y, &mut room, &mut shine);
            self.relief.spread(y, &mut room, &mut relief);
            local.spread(y, &mut local_room, &mut means);
            let skin = shine.iter().zip(&relief).zip(&means);
            for (pixel, (([shine], [relief]), mean)) in line.as_chunks_mut::<3>().0.iter_mut().zip(skin) {
                let faint = HALO * smooth_step(brink - 0.4, brink + 0.05, *shine);
                let share = smooth_step(brink - BEFORE, brink + AFTER, *shine);
                let rough = 1.0 + 0.35 * relief + 0.5 * ridge(*pixel, *mean);
                let table = tables.at((PEAK * share * share * rough.clamp(0.3, 3.0) + faint).min(1.0));
                *pixel = pixel.map(|value| table[usize::from(value)]);
            }
        }
        out
    }

    /// The shine that only that share of the nodes exceeds.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a share of a few thousand nodes"
    )]
    fn highest(&self, area: f64) -> f32 {
        let mut shines: Vec<f32> = self.shine.nodes.iter().map(|node| node[0]).collect();
        shines.sort_by(|a, b| b.total_cmp(a));
        shines.get((area * shines.len() as f64) as usize).or(shines.last()).copied().unwrap_or_default()
    }
}

/// How far a pixel rises above the mean around it, in ridges, 2 at most.
fn ridge(pixel: [u8; 3], mean: [f32; 3]) -> f32 {
    let sum = |[red, green, blue]: [f32; 3]| red + green + blue;
    ((sum(pixel.map(f32::from)) - sum(mean)) / (3.0 * RIDGE)).clamp(-2.0, 2.0)
}

/// An ellipse of shine; lengths in shorter sides, the middle counted from that of the photograph.
struct Spot {
    middle: (f64, f64),
    direction: (f64, f64),
    long: f64,
    short: f64,
}

impl Spot {
    fn draw(rng: &mut Stream, middle: (f64, f64), size: f64) -> Self {
        let turn = rng.between(0.0, core::f64::consts::PI);
        let stretch = rng.between(1.3, 2.2);
        Self {
            middle: (middle.0 - 0.5, middle.1 - 0.5),
            direction: (libm::cos(turn), libm::sin(turn)),
            long: size * stretch,
            short: size / stretch,
        }
    }

    /// 1 in the middle, a half on the ellipse.
    #[expect(clippy::cast_possible_truncation, reason = "shine needs no more than an f32")]
    fn shine(&self, (x, y): (f64, f64)) -> f32 {
        let (dx, dy) = (x - self.middle.0, y - self.middle.1);
        let along = (self.direction.0 * dx + self.direction.1 * dy) / self.long;
        let across = (self.direction.0 * dy - self.direction.1 * dx) / self.short;
        (1.0 / (1.0 + along * along + across * across)) as f32
    }
}

/// A coordinate counted from the middle, in shorter sides.
#[expect(clippy::cast_precision_loss, reason = "a coordinate in pixels")]
fn in_sides(at: usize, count: u32, side: u32) -> f64 {
    (at as f64 - f64::from(count) / 2.0) / f64::from(side.max(1))
}

/// Normal noise at the nodes, smoothed over so many nodes, with deviation 1.
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "noise needs no more than an f32")]
fn rough(pixels: &RgbImage, cell: usize, reach: usize, mut rng: Stream) -> Grid<1> {
    let (noise, quantiles) = (NoiseSource::new(&mut rng), normal_quantiles());
    let mut number = 0;
    let mut grid = Grid::new(pixels.dimensions(), cell, |_, _| {
        let [lane, ..] = noise.lanes(number);
        number += 1;
        [quantiles[usize::from(lane >> 3)] as f32]
    });
    grid.smooth(reach, 2);
    let squares: f32 = grid.nodes.iter().map(|[value]| value * value).sum();
    let deviation = (squares / grid.nodes.len().max(1) as f32).sqrt().max(1e-6);
    grid.nodes.iter_mut().for_each(|[value]| *value /= deviation);
    grid
}

#[cfg(test)]
mod tests {
    use super::Glare;
    use crate::image::tests::photo;
    use crate::{Context, Graded, Level, Perturbation, Stimulus, Stream};

    fn after(operator: Glare, draw: &str) -> Vec<u8> {
        let mut stimulus = Stimulus { images: vec![photo(320, 240, |_, _| [120, 90, 80])], ..Stimulus::default() };
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &[draw]))).unwrap();
        stimulus.images.remove(0).pixels.into_raw()
    }

    #[test]
    fn the_area_asked_for_turns_bright() {
        for area in [0.02, 0.1, 0.3] {
            for draw in ["a", "b", "c"] {
                let values = after(Glare::at_dose(area), draw);
                let bright = values.chunks(3).filter(|pixel| pixel[1] > 150).count() as f64 / (320.0 * 240.0);
                assert!(bright > 0.5 * area && bright < 1.5 * area, "{area}: {bright}");
            }
        }
    }

    #[test]
    fn light_is_only_ever_added_and_more_of_it_at_higher_levels() {
        let levels = Level::ALL.map(|level| after(Glare::at(level), "a"));
        assert!(levels[0].chunks(3).all(|pixel| pixel[0] >= 120 && pixel[1] >= 90 && pixel[2] >= 80));
        assert!(levels.windows(2).all(|pair| pair[0].iter().zip(&pair[1]).all(|(low, high)| low <= high)));
    }
}
