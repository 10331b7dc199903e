//! Moiré: a screen was photographed, and its grid of coloured dots beats with the sensor's.

use image::RgbImage;

use super::large_enough;
use crate::image::light::{LightTables, step};
use crate::image::{Edited, each_image, needed_dose, shorter_side};
use crate::{
    Basis, Card, Change, Context, Gradable, Graded, Grading, Level, Modality, Needs, Operator, Oracle, Perturbation,
    Quantity, Range, Setting, SettingError, Stimulus, Stream, Target, Unfit, Unit,
};

/// The printed facts.
pub static CARD: Card = Card {
    id: "screen_moire",
    family: "image/sensor",
    title: "Photo of a screen",
    imitates: "A colleague photographs the monitor instead of sending the file: dot grid, rainbow fringes, grey blacks.",
    target: Target::Image,
    needs: Needs::Nothing,
    oracle: Oracle::Invariant,
    oracle_reason: "Grid and fringes run over lesion and background alike and belong to the screen. Strong fringes falsify \
                    colour, which is diagnostic: beyond the gradable level the file itself should be asked for.",
    gradable_to: &[
        Gradable { modality: Modality::ClinicalPhoto, tone: None, to: Level::new(2), basis: Basis::Assumed },
        Gradable { modality: Modality::Dermoscopy, tone: None, to: Level::new(1), basis: Basis::Assumed },
    ],
    grading: Grading::Graded {
        dose: "depth",
        unit: Unit::Share,
        levels: [0.04, 0.09, 0.17, 0.29, 0.48],
        range: Range { mildest: 0.01, severest: 0.9 },
        monotone_in: Quantity::SquaredError,
    },
    parameters: &[],
    references: &[
        "Amidror, The Theory of the Moire Phenomenon, 2nd ed., 2009, doi 10.1007/978-1-84882-181-1: superposed gratings \
         beat at the difference of their frequencies",
        "Definition: light of each channel times (1 + depth w) (1 - 0.6 depth g) (1 - 0.4 depth h): w fringes of 6-12 % \
         of the shorter side, bent and shifted between channels; g columns of dots, a third apart between channels; h \
         their rows; and 0.08 depth of stray light; linear light (IEC 61966-2-1)",
    ],
};

/// Fringes that modulate light by that share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScreenMoire {
    depth: f64,
}

impl Perturbation for ScreenMoire {
    fn card(&self) -> &'static Card {
        Self::CARD
    }

    fn apply(&self, stimulus: &mut Stimulus, cx: &mut Context<'_>) -> Result<Change, Unfit> {
        let least = (1.0 - self.depth) * (1.0 - 0.6 * self.depth) * (1.0 - 0.4 * self.depth);
        let stray = 0.08 * self.depth;
        let tables = LightTables::new(least, 1.0 + self.depth, |light, factor| (light + stray) * factor);
        each_image(stimulus, cx, |image, mut rng| {
            large_enough(&image.pixels)?;
            let screen = Screen::draw(&mut rng, &image.pixels);
            let parameters = [
                ("depth", self.depth),
                ("angle_degrees", screen.angle),
                ("fringe_px", screen.fringe),
                ("dot_px", screen.dot),
            ];
            Ok(Edited::in_place(image, screen.photograph(&image.pixels, &tables, self.depth), parameters))
        })
    }
}

impl Operator for ScreenMoire {
    const CARD: &'static Card = &CARD;

    fn make(setting: &Setting) -> Result<Self, SettingError> {
        Ok(Self::at_dose(needed_dose(setting, Self::CARD)?))
    }
}

impl Graded for ScreenMoire {
    fn at_dose(dose: f64) -> Self {
        Self { depth: Self::range().nearest(dose) }
    }
}

/// How the camera stood before the screen.
#[derive(Debug, Clone, Copy)]
struct Screen {
    /// The fringes' direction in degrees.
    angle: f64,
    /// The fringes' period in pixels.
    fringe: f64,
    /// How much the fringes bend, as they do on a screen seen aslant: periods gained over a shorter side along columns;
    /// half as many are lost along rows.
    bend: f64,
    /// How far a channel's fringes lie behind the one's before it, in periods.
    behind: f64,
    /// The period of the screen's dots in pixels.
    dot: f64,
    /// The screen's own turn: rows gained per column.
    slant: f64,
    side: f64,
}

impl Screen {
    fn draw(rng: &mut Stream, pixels: &RgbImage) -> Self {
        let side = f64::from(shorter_side(pixels));
        Self {
            angle: rng.between(0.0, 180.0),
            fringe: side * rng.between(0.06, 0.12),
            bend: rng.sign() * rng.between(5.0, 10.0),
            behind: rng.between(0.12, 0.3),
            dot: (side / 240.0).max(2.2),
            slant: rng.between(-0.06, 0.06),
            side,
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "shares of light need no more than an f32")]
    fn photograph(&self, source: &RgbImage, tables: &LightTables, depth: f64) -> RgbImage {
        let turn = self.angle * core::f64::consts::PI / 180.0;
        let bend = self.bend / (self.side * self.side);
        let fringes = Phases::new(
            source,
            |x| libm::cos(turn) * x / self.fringe + bend * x * x,
            |y| libm::sin(turn) * y / self.fringe - 0.5 * bend * y * y,
        );
        let dots = Phases::new(source, |x| x / self.dot, |y| self.slant * y / self.dot);
        let rows = Phases::new(source, |x| -self.slant * x / self.dot, |y| y / self.dot);
        let deep = depth as f32;
        let mut out = source.clone();
        let mut steps = [(); 3].map(|()| vec![0; source.width() as usize]);
        let stride = 3 * source.width() as usize;
        for (y, line) in out.chunks_exact_mut(stride.max(1)).enumerate() {
            let rows = rows.row(y, 0.0);
            for (channel, steps) in (0_u32..).zip(&mut steps) {
                let channel = f64::from(channel);
                let (fringes, dots) = (fringes.row(y, channel * self.behind), dots.row(y, channel / 3.0));
                let phases = fringes.columns().zip(dots.columns()).zip(rows.columns());
                for (slot, ((fringe, dot), row)) in steps.iter_mut().zip(phases) {
                    let grid = (1.0 - 0.3 * deep * (1.0 + wave(dot))) * (1.0 - 0.2 * deep * (1.0 + wave(row)));
                    *slot = step((1.0 + deep * wave(fringe)) * grid);
                }
            }
            expose(line, &steps, tables);
        }
        out
    }
}

/// Looks every value of a row up in the table of its step.
fn expose(line: &mut [u8], steps: &[Vec<usize>; 3], tables: &LightTables) {
    let [red, green, blue] = steps;
    let steps = red.iter().zip(green).zip(blue);
    for ([r, g, b], ((red, green), blue)) in line.as_chunks_mut::<3>().0.iter_mut().zip(steps) {
        *r = tables.numbered(*red)[usize::from(*r)];
        *g = tables.numbered(*green)[usize::from(*g)];
        *b = tables.numbered(*blue)[usize::from(*b)];
    }
}

/// A wave's phase at each pixel as the sum of a column's and a row's, in 2⁻³² periods, wrapping.
struct Phases {
    columns: Vec<u32>,
    rows: Vec<u32>,
}

impl Phases {
    /// Rules for pixels counted from the middle of the photograph give phases in periods.
    fn new(source: &RgbImage, across: impl Fn(f64) -> f64, down: impl Fn(f64) -> f64) -> Self {
        let line = |count: u32, rule: &dyn Fn(f64) -> f64| {
            (0..count).map(|at| turns(rule(f64::from(at) - f64::from(count) / 2.0))).collect()
        };
        Self { columns: line(source.width(), &across), rows: line(source.height(), &down) }
    }

    fn row(&self, y: usize, ahead: f64) -> Row<'_> {
        let start = self.rows.get(y).copied().unwrap_or_default().wrapping_add(turns(ahead));
        Row { columns: &self.columns, start }
    }
}

/// The phases of one row.
#[derive(Clone, Copy)]
struct Row<'a> {
    columns: &'a [u32],
    start: u32,
}

impl Row<'_> {
    fn columns(&self) -> impl Iterator<Item = u32> {
        self.columns.iter().map(|phase| phase.wrapping_add(self.start))
    }
}

/// A phase in periods as parts of one period.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the fraction of a period")]
fn turns(phase: f64) -> u32 {
    ((phase - libm::floor(phase)) * 4_294_967_296.0) as u32
}

/// A wave between −1 and 1 made of two parabolas, within 0.06 of a sine; a phase taken as signed is −1 to 1.
#[expect(clippy::cast_precision_loss, clippy::cast_possible_wrap, reason = "24 bits of a phase are enough")]
fn wave(phase: u32) -> f32 {
    let t = phase as i32 as f32 / 2_147_483_648.0;
    4.0 * t * (1.0 - t.abs())
}

#[cfg(test)]
mod tests {
    use super::{ScreenMoire, turns, wave};
    use crate::image::tests::photo;
    use crate::{Context, Graded, Level, Perturbation, Stimulus, Stream};

    #[test]
    fn the_wave_is_nearly_a_sine() {
        for step in 0..400 {
            let phase = f64::from(step) / 100.0 - 2.0;
            let sine = (core::f64::consts::TAU * phase).sin();
            assert!((f64::from(wave(turns(phase))) - sine).abs() < 0.06, "{phase}");
        }
    }

    fn channels(level: u8) -> Vec<[u8; 3]> {
        let mut stimulus = Stimulus { images: vec![photo(240, 180, |_, _| [150; 3])], ..Stimulus::default() };
        let operator = ScreenMoire::at(Level::new(level).unwrap());
        operator.apply(&mut stimulus, &mut Context::new(Stream::derive(1, &["screen"]))).unwrap();
        stimulus.images[0].pixels.pixels().map(|pixel| pixel.0).collect()
    }

    #[test]
    fn grey_turns_into_fringes_of_colour() {
        let coloured = |level: u8| {
            let apart = |[r, g, b]: [u8; 3]| f64::from(r.abs_diff(g)) + f64::from(g.abs_diff(b));
            channels(level).into_iter().map(apart).sum::<f64>() / (240.0 * 180.0)
        };
        assert!(coloured(1) > 2.0 && coloured(3) > 2.0 * coloured(1), "{} {}", coloured(1), coloured(3));
    }
}
