//! Pixel noise: a fast counter-based generator, and distributions that are read off tables.
//!
//! Not an operator. Word n of a source is `SplitMix64`'s word n for a seed that the photograph's [`Stream`] gives
//! (Steele, Lea and Flood, OOPSLA 2014, doi 10.1145/2660193.2660195), worked out from n alone: rows can be drawn in any
//! order, on any number of threads, and give the same noise. Each word holds four lanes of 16 random bits, lowest first.
//! Tables are made with `libm` once per application, so no pixel costs more than a look-up.

use std::sync::OnceLock;

use multiversion::multiversion;

use crate::Stream;

/// Random words by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NoiseSource {
    key: u64,
}

/// Lanes of 16 bits in a word.
pub(crate) const LANES: usize = 4;

impl NoiseSource {
    /// A source keyed by the stream's next 64 bits.
    pub(crate) fn new(rng: &mut Stream) -> Self {
        Self { key: rng.bits() }
    }

    /// Word number n.
    #[inline]
    pub(crate) fn word(self, n: u64) -> u64 {
        const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut word = self.key.wrapping_add(n.wrapping_add(1).wrapping_mul(GAMMA));
        word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        word ^ (word >> 31)
    }

    /// The words from number `from` on.
    pub(crate) fn words(self, from: u64, words: &mut [u64]) {
        fill(self, from, words);
    }

    /// Word number n as lanes.
    pub(crate) fn lanes(self, n: u64) -> [u16; LANES] {
        let word = self.word(n);
        #[expect(clippy::cast_possible_truncation, reason = "the lanes are the four parts of the word")]
        [word as u16, (word >> 16) as u16, (word >> 32) as u16, (word >> 48) as u16]
    }

    /// Fills a row with entries of a table of [`STRATA`] equally likely values, one lane each, from word `from` on.
    pub(crate) fn fill<T: Copy>(self, from: u64, table: &[T; STRATA], row: &mut [T]) {
        let (fours, rest) = row.as_chunks_mut::<LANES>();
        let after = from.wrapping_add(fours.len() as u64);
        for (n, four) in (from..).zip(fours) {
            *four = self.lanes(n).map(|lane| pick(table, lane));
        }
        rest.iter_mut().zip(self.lanes(after)).for_each(|(slot, lane)| *slot = pick(table, lane));
    }

    /// The positions below `len` that are hit, each alone with the probability of `skips`, from word `from` on.
    pub(crate) fn hits(self, from: u64, skips: &Skips, len: usize, mut hit: impl FnMut(usize)) {
        let mut at = 0;
        for n in from.. {
            for lane in self.lanes(n) {
                let gap = skips.gap(lane);
                at += usize::from(gap);
                if at >= len {
                    return;
                }
                if gap < skips.horizon {
                    hit(at);
                    at += 1;
                }
            }
        }
    }
}

/// Many words at once.
#[multiversion(targets("x86_64+avx512f+avx512bw+avx512vl+avx512dq", "x86_64+avx2"))]
fn fill(source: NoiseSource, from: u64, words: &mut [u64]) {
    for (n, word) in (from..).zip(words) {
        *word = source.word(n);
    }
}

/// How many words a row of that many lanes takes.
pub(crate) fn words_for(lanes: usize) -> u64 {
    lanes.div_ceil(LANES) as u64
}

/// Equally likely values of a table: 13 of a lane's 16 bits choose one.
pub(crate) const STRATA: usize = 1 << 13;

fn pick<T: Copy>(table: &[T; STRATA], lane: u16) -> T {
    table[usize::from(lane >> 3)]
}

/// The standard normal distribution as [`STRATA`] equally likely values in rising order: the mean of each stratum,
/// scaled so that the variance is exactly 1. Mean 0 by symmetry, kurtosis 2.996, no value beyond 3.93.
pub(crate) fn normal_quantiles() -> &'static [f64; STRATA] {
    static TABLE: OnceLock<Box<[f64; STRATA]>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let half = upper_strata();
        let squares: f64 = half.iter().map(|value| value * value).sum();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand")]
        let scale = libm::sqrt(half.len() as f64 / squares);
        let mut table = Box::new([0.0; STRATA]);
        let (low, high) = table.split_at_mut(STRATA / 2);
        for ((below, above), value) in low.iter_mut().rev().zip(high).zip(half) {
            *above = scale * value;
            *below = -*above;
        }
        table
    })
}

/// Means of the strata above 0, in rising order.
#[expect(clippy::cast_precision_loss, reason = "a few thousand strata")]
fn upper_strata() -> Vec<f64> {
    let strata = STRATA as f64;
    let density = |z: f64| libm::exp(-0.5 * z * z) / libm::sqrt(2.0 * core::f64::consts::PI);
    let above = |z: f64| 0.5 * libm::erfc(z / core::f64::consts::SQRT_2);
    let (mut z, mut means) = (0.0, Vec::with_capacity(STRATA / 2));
    for below in (0..STRATA / 2).rev() {
        let before = density(z);
        let share = below as f64 / strata;
        if below > 0 {
            for _ in 0..4 {
                z += (above(z) - share) / density(z);
            }
        }
        let after = if below > 0 { density(z) } else { 0.0 };
        means.push((before - after) * strata);
    }
    means
}

/// Normal noise of that standard deviation, in whole numbers: the table for [`NoiseSource::fill`].
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates; callers stay far below")]
pub(crate) fn normal_table(deviation: f64) -> Box<[i16; STRATA]> {
    let mut table = Box::new([0; STRATA]);
    for (slot, quantile) in table.iter_mut().zip(normal_quantiles()) {
        *slot = libm::round(deviation * quantile) as i16;
    }
    table
}

/// Equally likely values of a table of counts: 11 of a lane's 16 bits choose one.
pub(crate) const COUNT_STRATA: usize = 1 << 11;

/// What `value` makes of a Poisson count with that mean (at least 0), as [`COUNT_STRATA`] equally likely values: the count
/// at the middle of each stratum. Counts come from ratios of probabilities, so large means lose nothing.
pub(crate) fn poisson_table(mean: f64, value: impl Fn(u32) -> u8) -> Box<[u8; COUNT_STRATA]> {
    let (first, chances) = poisson_chances(mean);
    let total: f64 = chances.iter().sum();
    let mut table = Box::new([value(first); COUNT_STRATA]);
    let (mut done, mut sum) = (0, 0.0);
    for (count, chance) in (first..).zip(&chances) {
        sum += chance;
        let end = middles_below(sum / total);
        let grey = value(count);
        table.get_mut(done..end).unwrap_or_default().fill(grey);
        done = end.max(done);
    }
    table
}

/// How many of the strata have their middle below that cumulative probability.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "0 to 2048")]
fn middles_below(cumulative: f64) -> usize {
    libm::round(cumulative * COUNT_STRATA as f64).clamp(0.0, COUNT_STRATA as f64) as usize
}

/// Chances of successive Poisson counts up to a common factor, and the first of these counts; what is left out on
/// either side is less than a millionth.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a mean of a few thousand photons")]
fn poisson_chances(mean: f64) -> (u32, Vec<f64>) {
    const NEGLIGIBLE: f64 = 1e-9;
    let mode = libm::floor(mean.max(0.0)) as u32;
    let (mut down, mut chance) = (Vec::new(), 1.0);
    for count in (0..mode).rev() {
        chance *= f64::from(count + 1) / mean;
        if chance < NEGLIGIBLE {
            break;
        }
        down.push(chance);
    }
    let first = mode - u32::try_from(down.len()).unwrap_or(mode);
    let mut chances: Vec<f64> = down.into_iter().rev().chain([1.0]).collect();
    chance = 1.0;
    for count in mode + 1.. {
        chance *= mean / f64::from(count);
        if chance < NEGLIGIBLE {
            break;
        }
        chances.push(chance);
    }
    (first, chances)
}

/// Gaps between hits of a given probability, so that only what is hit costs anything.
#[derive(Debug, Clone)]
pub(crate) struct Skips {
    /// The gap for each lane; the largest one says that nothing is hit within that many positions.
    gaps: Vec<u16>,
    horizon: u16,
}

impl Skips {
    /// Hits with that probability, 0.0001 to 1. The chance of a gap is off by less than 2⁻¹⁶; beyond the horizon, where
    /// a sixteenth of the gaps end, it is drawn anew, which a geometric distribution does not notice.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 65536")]
    pub(crate) fn new(probability: f64) -> Self {
        let miss = 1.0 - probability.clamp(1e-4, 1.0);
        let mut gaps = vec![0; 1 << 16];
        let (mut horizon, mut survival, mut left) = (0, 1.0, gaps.len());
        while survival > 1.0 / 16.0 && horizon < u16::MAX {
            survival *= miss;
            let longer = libm::round(65_536.0 * survival) as usize;
            gaps.get_mut(longer..left).unwrap_or_default().fill(horizon);
            horizon += 1;
            left = longer;
        }
        gaps.get_mut(..left).unwrap_or_default().fill(horizon);
        Self { gaps, horizon }
    }

    fn gap(&self, lane: u16) -> u16 {
        self.gaps.get(usize::from(lane)).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::{
        COUNT_STRATA, LANES, NoiseSource, STRATA, Skips, normal_quantiles, normal_table, poisson_table, words_for,
    };
    use crate::Stream;

    fn source() -> NoiseSource {
        NoiseSource::new(&mut Stream::derive(1, &["noise"]))
    }

    #[test]
    fn words_are_those_of_splitmix64() {
        // The reference implementation's first five for the seed 1234567.
        let source = NoiseSource { key: 1_234_567 };
        let wanted = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        assert_eq!([0, 1, 2, 3, 4].map(|n| source.word(n)), wanted);
        let mut many = [0; 37];
        source.words(3, &mut many);
        assert!(many.iter().zip(3..).all(|(word, n)| *word == source.word(n)));
    }

    #[test]
    fn the_key_is_the_streams() {
        assert_eq!(source().key, Stream::derive(1, &["noise"]).bits());
    }

    #[test]
    fn a_row_can_be_drawn_from_its_middle() {
        let table = normal_table(100.0);
        let (mut whole, mut part) = ([0; 23], [0; 15]);
        source().fill(7, &table, &mut whole);
        source().fill(9, &table, &mut part);
        assert_eq!(whole[2 * LANES..], part);
        assert_eq!(words_for(23), 6);
    }

    #[test]
    fn normal_quantiles_have_the_moments_of_a_normal_distribution() {
        let table = normal_quantiles();
        let moment = |power: i32| table.iter().map(|z| z.powi(power)).sum::<f64>() / STRATA as f64;
        assert!(moment(1).abs() < 1e-12 && (moment(2) - 1.0).abs() < 1e-12 && moment(3).abs() < 1e-12);
        assert!((moment(4) - 3.0).abs() < 0.01, "{}", moment(4));
        assert!(table.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(table[STRATA - 1] > 3.9 && table[STRATA - 1] < 3.95, "{}", table[STRATA - 1]);
        // The share of a normal distribution below one deviation is 0.841345.
        let below = table.iter().filter(|z| **z < 1.0).count() as f64 / STRATA as f64;
        assert!((below - 0.841_345).abs() < 2.0 / STRATA as f64);
    }

    #[test]
    fn drawn_noise_has_its_deviation_and_neighbours_are_unrelated() {
        let mut row = vec![0; 200_000];
        source().fill(0, &normal_table(160.0), &mut row);
        let mean = |of: &dyn Fn(usize) -> f64| (0..row.len() - 12).map(of).sum::<f64>() / (row.len() - 12) as f64;
        let at = |index: usize| f64::from(row[index]);
        assert!(mean(&at).abs() < 1.5);
        assert!((mean(&|i| at(i) * at(i)).sqrt() - 160.0).abs() < 1.0);
        for apart in 1..12 {
            assert!(mean(&|i| at(i) * at(i + apart)).abs() < 160.0 * 160.0 * 0.01, "{apart}");
        }
    }

    #[test]
    fn poisson_counts_have_their_mean_as_mean_and_variance() {
        for mean in [0.3, 3.0, 12.0, 60.0, 180.0] {
            let table = poisson_table(mean, |count| count as u8);
            let average = table.iter().map(|n| f64::from(*n)).sum::<f64>() / COUNT_STRATA as f64;
            let variance = table.iter().map(|n| (f64::from(*n) - average).powi(2)).sum::<f64>() / COUNT_STRATA as f64;
            assert!((average - mean).abs() < 0.01 * mean.max(1.0), "{mean}: {average}");
            assert!((variance - mean).abs() < 0.02 * mean.max(1.0), "{mean}: {variance}");
        }
    }

    #[test]
    fn no_light_gives_no_photon_and_very_much_light_is_no_trouble() {
        assert!(poisson_table(0.0, |count| u8::from(count > 0)).iter().all(|hit| *hit == 0));
        let bright = poisson_table(20_000.0, |count| u8::from(count > 20_000));
        let above = bright.iter().filter(|hit| **hit == 1).count() as f64 / COUNT_STRATA as f64;
        assert!((above - 0.5).abs() < 0.005, "{above}");
    }

    #[test]
    fn hits_come_with_their_probability_and_at_independent_gaps() {
        for probability in [0.0005, 0.01, 0.09, 0.27, 0.9, 1.0] {
            let len = 1_000_000;
            let mut hits = Vec::new();
            source().hits(3, &Skips::new(probability), len, |at| hits.push(at));
            let share = hits.len() as f64 / len as f64;
            assert!((share - probability).abs() < 4.0 * (probability / len as f64).sqrt(), "{probability}: {share}");
            assert!(hits.windows(2).all(|pair| pair[0] < pair[1]) && hits.iter().all(|at| *at < len));
            let adjacent = hits.windows(2).filter(|pair| pair[1] == pair[0] + 1).count() as f64 / hits.len() as f64;
            assert!((adjacent - probability).abs() < 0.02, "{probability}: {adjacent}");
        }
    }
}
