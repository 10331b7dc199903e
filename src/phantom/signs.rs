//! The signs that a photograph shows beside the pattern: which, and how likely each is with each disease.
//!
//! Given the disease, signs are independent of one another and of the pattern, except that two patterns bring their
//! own blisters. The drawing shows a sign where it is present and takes it away where it is not, whatever the pattern.

use bedside_perturbations::Stream;

use super::disease::{COUNT, number};
use super::tables::{Row, Tables};

/// Chance that a disease looks like itself and not like one of its mimics.
pub const TYPICAL: f64 = 0.52;

/// A sign and its chances.
#[derive(Debug)]
pub struct Sign {
    /// Its name.
    pub name: &'static str,
    /// P(present | disease), in the order of [`ORDER`].
    pub chances: Row,
}

/// The diseases as the columns below show them; the order of [`super::disease::nth`].
#[cfg(test)]
const ORDER: [&str; COUNT] = [
    "melanoma",
    "squamous_cell_carcinoma",
    "stevens_johnson_syndrome",
    "eczema_herpeticum",
    "meningococcal_purpura",
    "basal_cell_carcinoma",
    "actinic_keratosis",
    "melanocytic_naevus",
    "seborrhoeic_keratosis",
    "psoriasis",
    "atopic_eczema",
    "tinea_corporis",
    "urticaria",
];

/// How many signs there are.
pub const COUNT_OF_SIGNS: usize = 9;

/// Every sign. Chosen as the numbers of [`super::disease`] were: a teaching picture, not epidemiology.
#[rustfmt::skip]
pub static SIGNS: [Sign; COUNT_OF_SIGNS] = [
    //                                  mel   scc   sjs   eh    mp    bcc   ak    nae   sk    pso   ecz   tin   urt
    Sign { name: "asymmetric",   chances: [0.75, 0.45, 0.55, 0.55, 0.55, 0.30, 0.45, 0.12, 0.30, 0.35, 0.55, 0.25, 0.45] },
    Sign { name: "ragged",       chances: [0.70, 0.40, 0.45, 0.45, 0.60, 0.25, 0.55, 0.12, 0.35, 0.20, 0.50, 0.30, 0.30] },
    Sign { name: "many colours", chances: [0.75, 0.20, 0.45, 0.20, 0.40, 0.35, 0.15, 0.15, 0.35, 0.10, 0.10, 0.08, 0.06] },
    Sign { name: "scaly",        chances: [0.12, 0.60, 0.20, 0.30, 0.05, 0.15, 0.75, 0.08, 0.40, 0.90, 0.55, 0.65, 0.04] },
    Sign { name: "crusted",      chances: [0.25, 0.70, 0.35, 0.75, 0.15, 0.45, 0.30, 0.05, 0.12, 0.15, 0.40, 0.12, 0.03] },
    Sign { name: "blisters",     chances: [0.03, 0.03, 0.60, 0.80, 0.15, 0.03, 0.02, 0.02, 0.02, 0.03, 0.15, 0.10, 0.04] },
    Sign { name: "satellites",   chances: [0.25, 0.10, 0.30, 0.50, 0.50, 0.05, 0.30, 0.08, 0.20, 0.45, 0.35, 0.25, 0.35] },
    Sign { name: "red halo",     chances: [0.20, 0.50, 0.60, 0.70, 0.25, 0.30, 0.45, 0.08, 0.12, 0.40, 0.50, 0.45, 0.65] },
    Sign { name: "weathered",    chances: [0.30, 0.65, 0.10, 0.05, 0.05, 0.60, 0.85, 0.20, 0.45, 0.10, 0.08, 0.08, 0.08] },
];

/// Which signs are present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Signs {
    /// Long and lopsided.
    pub asymmetric: bool,
    /// An irregular border.
    pub ragged: bool,
    /// Several colours.
    pub many_colours: bool,
    /// Covered by scale.
    pub scaly: bool,
    /// Bled or broken down: a crust.
    pub crusted: bool,
    /// Vesicles or blisters.
    pub blisters: bool,
    /// Small lesions of the same kind around it.
    pub satellites: bool,
    /// Redness around it.
    pub red_halo: bool,
    /// Freckled, furrowed, sun-damaged skin around it.
    pub weathered: bool,
}

impl Signs {
    /// The signs of a disease that looks like that.
    #[must_use]
    pub fn draw(tables: &Tables, disease: usize, pattern: usize, stream: &mut Stream) -> Self {
        let chance = |row: &Row| row.get(disease).copied().unwrap_or(0.0);
        let mut shown = [false; COUNT_OF_SIGNS];
        for (shown, row) in shown.iter_mut().zip(&tables.signs) {
            *shown = stream.chance(chance(row));
        }
        Self::of(shown, pattern)
    }

    /// The signs from their table's order; a pattern may bring its own blisters.
    #[must_use]
    pub fn of(shown: [bool; COUNT_OF_SIGNS], pattern: usize) -> Self {
        let [asymmetric, ragged, many_colours, scaly, crusted, blisters, satellites, red_halo, weathered] = shown;
        let blisters = blisters || brings_blisters(pattern);
        Self { asymmetric, ragged, many_colours, scaly, crusted, blisters, satellites, red_halo, weathered }
    }

    /// In the order of the table.
    #[must_use]
    pub fn shown(&self) -> [bool; COUNT_OF_SIGNS] {
        let Self { asymmetric, ragged, many_colours, scaly, crusted, blisters, satellites, red_halo, weathered } =
            *self;
        [asymmetric, ragged, many_colours, scaly, crusted, blisters, satellites, red_halo, weathered]
    }

    /// P(these signs | disease), given the pattern.
    #[must_use]
    pub fn chance(&self, tables: &Tables, pattern: usize) -> Row {
        let mut chance = [1.0; COUNT];
        for (k, (shown, row)) in self.shown().iter().zip(&tables.signs).enumerate() {
            if k == BLISTERS && brings_blisters(pattern) {
                continue;
            }
            chance.iter_mut().zip(row).for_each(|(chance, p)| *chance *= if *shown { *p } else { 1.0 - p });
        }
        chance
    }
}

/// The place of the blisters in the table.
const BLISTERS: usize = 5;

/// Whether a pattern has blisters of its own.
fn brings_blisters(pattern: usize) -> bool {
    pattern == number("stevens_johnson_syndrome") || pattern == number("eczema_herpeticum")
}

#[cfg(test)]
mod tests {
    use super::super::disease::nth;
    use super::{BLISTERS, ORDER, SIGNS, Signs};

    #[test]
    fn the_columns_are_the_diseases() {
        for (number, id) in ORDER.iter().enumerate() {
            assert_eq!(nth(number).unwrap().id, *id);
        }
        assert!(SIGNS.iter().flat_map(|sign| sign.chances).all(|chance| (0.0..=1.0).contains(&chance)));
        assert_eq!(SIGNS[BLISTERS].name, "blisters");
    }

    #[test]
    fn signs_go_to_the_table_and_back() {
        let shown = [true, false, true, false, true, false, true, false, true];
        assert_eq!(Signs::of(shown, 0).shown(), shown);
    }
}
