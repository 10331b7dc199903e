//! Cases of patients whose truth is known exactly.
//!
//! Each case follows its patient's own draw with probability √ρ and is drawn on its own otherwise, so that two cases of a
//! patient correlate by ρ and every case has the planted distribution.

use bedside_perturbations::Stream;

use crate::{AtDoses, Observation, Paired};

const CORRELATION: f64 = 0.3;

/// How many patients there are, and cases of each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    pub(super) patients: u32,
    pub(super) each: u32,
}

/// How sure an answer is, 0 to 1, and whether it is right.
pub(super) type Said = (f64, bool);

impl Size {
    /// Draws every case: its patient, and what is drawn for it or for the patient.
    fn cases<T: Copy>(self, stream: &mut Stream, draw: impl Fn(&mut Stream) -> T) -> Vec<(u32, T)> {
        let follow = CORRELATION.sqrt();
        let mut list = Vec::new();
        for patient in 0..self.patients {
            let own = draw(stream);
            for _ in 0..self.each {
                let other = draw(stream);
                list.push((patient, if stream.chance(follow) { own } else { other }));
            }
        }
        list
    }

    /// Events of that rate.
    pub(super) fn events(self, rate: f64, stream: &mut Stream) -> Vec<Observation> {
        let share = |event| f64::from(u8::from(event));
        let cases = self.cases(stream, |stream| stream.chance(rate));
        cases.into_iter().map(|(patient, event)| Observation { patient, value: share(event) }).collect()
    }

    /// Pairs that start and change as a flow says.
    pub(super) fn pairs(self, flow: Flow, stream: &mut Stream) -> Vec<Paired> {
        let share = |event| f64::from(u8::from(event));
        let cases = self.cases(stream, |stream| flow.draw(stream));
        let pair = |(patient, (before, after))| Paired { patient, before: share(before), after: share(after) };
        cases.into_iter().map(pair).collect()
    }

    /// Numbers of that kind.
    pub(super) fn numbers(self, kind: Kind, stream: &mut Stream) -> Vec<Observation> {
        let cases = self.cases(stream, |stream| kind.draw(stream));
        cases.into_iter().map(|(patient, value)| Observation { patient, value }).collect()
    }

    /// Events at several doses of these rates: half of the time one draw of the case decides at all doses.
    pub(super) fn doses<const DOSES: usize>(self, rates: [f64; DOSES], stream: &mut Stream) -> Vec<AtDoses> {
        let cases = self.cases(stream, |stream| {
            let shared = stream.uniform();
            rates.map(|rate| {
                let (own, follows) = (stream.uniform(), stream.chance(0.5));
                f64::from(u8::from(if follows { shared } else { own } < rate))
            })
        });
        cases.into_iter().map(|(patient, values)| AtDoses { patient, values: values.to_vec() }).collect()
    }

    /// Answers at control and when treated, each how sure and whether right; treated right less often than they say by `oversure`.
    pub(super) fn stated(self, oversure: f64, stream: &mut Stream) -> Vec<(u32, Said, Said)> {
        let cases = self.cases(stream, |stream| {
            let mut answer = |less: f64| {
                let sure = stream.between(0.5, 1.0);
                (sure, stream.chance(sure - less))
            };
            (answer(0.0), answer(oversure))
        });
        cases.into_iter().map(|(patient, (before, after))| (patient, before, after)).collect()
    }

    /// Places on a scale of four: patient, at control, when treated.
    pub(super) fn places(self, moves: Moves, stream: &mut Stream) -> Vec<(u32, u32, u32)> {
        let cases = self.cases(stream, |stream| moves.draw(stream));
        cases.into_iter().map(|(patient, (one, other))| (patient, one, other)).collect()
    }
}

/// What happens to an event between control and treated.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flow {
    /// The rate at control.
    pub(super) before: f64,
    /// The chance to lose it.
    pub(super) lose: f64,
    /// The chance to gain it.
    pub(super) gain: f64,
}

impl Flow {
    fn draw(self, stream: &mut Stream) -> (bool, bool) {
        let before = stream.chance(self.before);
        (before, if before { !stream.chance(self.lose) } else { stream.chance(self.gain) })
    }

    /// Treated less control.
    pub(super) fn difference(self) -> f64 {
        (1.0 - self.before) * self.gain - self.before * self.lose
    }

    /// (P₁ − P₀)/(1 − P₀).
    pub(super) fn uptake(self) -> f64 {
        self.difference() / (1.0 - self.before)
    }
}

/// How numbers are distributed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Normal.
    Symmetric,
    /// 0.4·u³ for a uniform u.
    Skewed,
    /// Exponential.
    LongTail,
    /// 0 in four of five cases, otherwise 0.8·u.
    MostlyZero,
    /// 1 in a tenth, −1 in a fiftieth, otherwise 0.
    FewEvents,
    /// An interaction of four cells with rates of 5, 15, 20 and 30 %.
    Interaction,
}

impl Kind {
    pub(super) const ALL: [Self; 6] =
        [Self::Symmetric, Self::Skewed, Self::LongTail, Self::MostlyZero, Self::FewEvents, Self::Interaction];

    fn draw(self, stream: &mut Stream) -> f64 {
        match self {
            Self::Symmetric => stream.normal(),
            Self::Skewed => {
                let u = stream.uniform();
                0.4 * u * u * u
            }
            Self::LongTail => -libm::log1p(-stream.uniform()),
            Self::MostlyZero => {
                let (some, u) = (stream.chance(0.2), stream.uniform());
                if some { 0.8 * u } else { 0.0 }
            }
            Self::FewEvents => {
                let u = stream.uniform();
                f64::from(u8::from(u < 0.1)) - f64::from(u8::from(u > 0.98))
            }
            Self::Interaction => {
                let mut event = |rate| f64::from(u8::from(stream.chance(rate)));
                (event(0.3) - event(0.2)) - (event(0.15) - event(0.05))
            }
        }
    }

    /// The mean.
    pub(super) fn truth(self) -> f64 {
        match self {
            Self::Symmetric | Self::Interaction => 0.0,
            Self::Skewed => 0.1,
            Self::LongTail => 1.0,
            Self::MostlyZero | Self::FewEvents => 0.08,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Symmetric => "mean, symmetric",
            Self::Skewed => "mean, skewed (0.4·u³)",
            Self::LongTail => "mean, long tail (exponential)",
            Self::MostlyZero => "mean, four of five are 0",
            Self::FewEvents => "mean of −1, 0, 1, most are 0",
            Self::Interaction => "interaction of four rates",
        }
    }
}

/// How often a place moves: to the next below, the next above or the second above, where the scale has it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Moves(pub(super) f64);

/// How often a control has each place, and a move each length.
const PLACES: [f64; 4] = [0.15, 0.4, 0.3, 0.15];
const LENGTHS: [(i32, f64); 3] = [(-1, 0.3), (1, 0.5), (2, 0.2)];

impl Moves {
    fn draw(self, stream: &mut Stream) -> (u32, u32) {
        let one = pick(&PLACES, stream);
        let length = LENGTHS[pick(&LENGTHS.map(|length| length.1), stream) as usize].0;
        (one, if stream.chance(self.0) { moved(one, length) } else { one })
    }

    /// Kappa of the whole population, from the chance of every pair of places.
    pub(super) fn kappa(self) -> f64 {
        let mut chances = [[0.0; 4]; 4];
        for (one, place) in (0..).zip(PLACES) {
            chances[one as usize][one as usize] += place * (1.0 - self.0);
            for (length, share) in LENGTHS {
                chances[one as usize][moved(one, length) as usize] += place * self.0 * share;
            }
        }
        let apart = |i: usize, j: usize| (i as f64 - j as f64) * (i as f64 - j as f64);
        let over = |term: &dyn Fn(usize, usize) -> f64| -> f64 {
            (0..4).flat_map(|i| (0..4).map(move |j| (i, j))).map(|(i, j)| term(i, j)).sum()
        };
        let treated = |j: usize| -> f64 { chances.iter().map(|row| row[j]).sum() };
        let observed = over(&|i, j| chances[i][j] * apart(i, j));
        1.0 - observed / over(&|i, j| PLACES[i] * treated(j) * apart(i, j))
    }
}

fn moved(place: u32, length: i32) -> u32 {
    place.saturating_add_signed(length).min(3)
}

/// An index drawn with those chances.
fn pick(chances: &[f64], stream: &mut Stream) -> u32 {
    let (u, mut below, mut index) = (stream.uniform(), 0.0, 0);
    for chance in &chances[..chances.len() - 1] {
        below += chance;
        index += u32::from(u >= below);
    }
    index
}

#[test]
fn what_is_planted_is_what_is_true() {
    let (size, mut stream) = (Size { patients: 60_000, each: 2 }, Stream::derive(1, &["planted"]));
    let mean = |list: Vec<f64>| list.iter().sum::<f64>() / list.len() as f64;
    for kind in Kind::ALL {
        let found = mean(size.numbers(kind, &mut stream).iter().map(|o| o.value).collect());
        assert!((found - kind.truth()).abs() < 0.02, "{kind:?}: {found}");
    }
    let flow = Flow { before: 0.3, lose: 0.1, gain: 0.2 };
    let pairs = size.pairs(flow, &mut stream);
    let (before, after) = pairs.iter().map(|pair| (pair.before, pair.after)).unzip();
    let (before, after): (f64, f64) = (mean(before), mean(after));
    assert!((after - before - flow.difference()).abs() < 0.01);
    assert!(((after - before) / (1.0 - before) - flow.uptake()).abs() < 0.01);
    let places: Vec<(u32, u32)> =
        size.places(Moves(0.4), &mut stream).into_iter().map(|(_, one, other)| (one, other)).collect();
    assert!((crate::weighted_kappa(&places).unwrap() - Moves(0.4).kappa()).abs() < 0.01);
}
