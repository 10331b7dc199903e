//! Which coalitions of field groups a case is asked, so that what each group brings can be told.
//!
//! A coalition is a set of groups as bits of a number. The players of a case are the groups of which its history tells
//! something. Without drawn orders every coalition of them is asked. Otherwise the same drawn orders serve all cases, each
//! case taking what it knows in that order, and nothing beyond the heads of those orders, each group alone, and all
//! groups but one is asked.

use std::collections::BTreeMap;

use bedside_perturbations::{History, Value};

use super::PlannedCase;
use crate::scenario::{FieldGroup, Scenario, Sweep};
use crate::seed;

/// Orders in which groups join: each a permutation of the groups' numbers.
pub type Orders = Vec<Vec<u32>>;

/// The groups of a scenario that is about them.
#[must_use]
pub fn groups(scenario: &Scenario) -> Option<&[FieldGroup]> {
    match &scenario.sweep {
        Sweep::Groups { groups, .. } => Some(groups),
        _ => None,
    }
}

/// The groups of which a history tells something, a bit each. What is written as unknown is not told.
#[must_use]
pub fn known(groups: &[FieldGroup], history: &History) -> u32 {
    let is_told = |name: &String| {
        history.field(name).is_some_and(|field| !matches!(field.value, Value::Deleted | Value::Unknown))
    };
    let told = groups.iter().enumerate().filter(|(_, group)| group.fields.iter().any(is_told));
    told.fold(0, |bits, (place, _)| bits | 1 << place)
}

/// The orders of every scenario that draws some, by its number.
pub(super) fn draw(scenarios: &[Scenario], root: u64) -> BTreeMap<usize, Orders> {
    let drawn = |(index, scenario): (usize, &Scenario)| {
        let Sweep::Groups { groups, orders: Some(orders) } = &scenario.sweep else { return None };
        let stream = seed::of_plan(root, "orders", &scenario.id);
        let order = |number: u32| {
            let mut order: Vec<u32> = (0..).take(groups.len()).collect();
            stream.fork("order", u64::from(number)).shuffle(&mut order);
            order
        };
        Some((index, (0..*orders).map(order).collect()))
    };
    scenarios.iter().enumerate().filter_map(drawn).collect()
}

/// Whether a case that knows these groups is asked a coalition.
#[must_use]
pub fn is_asked(coalition: u32, known: u32, orders: Option<&Orders>) -> bool {
    if known == 0 || coalition & !known != 0 {
        return false;
    }
    let missing = (known & !coalition).count_ones();
    let Some(orders) = orders else { return true };
    coalition.count_ones() <= 1
        || missing <= 1
        || orders.iter().any(|order| heads(order, known).any(|h| h == coalition))
}

/// The coalitions as groups join in an order, of those that are known: from nobody to all of them.
pub fn heads(order: &[u32], known: u32) -> impl Iterator<Item = u32> {
    let joined = order.iter().filter(move |group| known >> **group & 1 == 1).scan(0_u32, |coalition, group| {
        *coalition |= 1 << group;
        Some(*coalition)
    });
    core::iter::once(0).chain(joined)
}

/// The coalitions of a scenario that some case is asked, in ascending order; those of a case that knows every group
/// where there is no case.
pub(super) fn of_scenario(
    index: usize,
    scenario: &Scenario,
    orders: Option<&Orders>,
    cases: &[PlannedCase],
) -> Vec<u32> {
    let all = groups(scenario).map_or(0, |groups| (1_u32 << groups.len()) - 1);
    let mut sets: Vec<u32> = cases.iter().filter_map(|case| case.groups.get(&index)).copied().collect();
    sets.sort_unstable();
    sets.dedup();
    if sets.is_empty() {
        sets.push(all);
    }
    let mut asked: Vec<u32> = sets.iter().flat_map(|known| asked(*known, orders)).collect();
    asked.sort_unstable();
    asked.dedup();
    asked
}

/// What a case that knows these groups is asked, some coalitions perhaps more than once.
fn asked(known: u32, orders: Option<&Orders>) -> Vec<u32> {
    let Some(orders) = orders else { return (0..=known).filter(|told| is_asked(*told, known, None)).collect() };
    if known == 0 {
        return Vec::new();
    }
    let players = (0..u32::BITS).map(|group| 1_u32 << group).filter(|bit| known & bit != 0);
    let ends = players.flat_map(|bit| [bit, known & !bit]);
    [0, known].into_iter().chain(ends).chain(orders.iter().flat_map(|order| heads(order, known))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use bedside_perturbations::{Field, Kind};
    use proptest::prelude::*;

    fn group(name: &str, fields: &[&str]) -> FieldGroup {
        FieldGroup { name: name.into(), fields: fields.iter().map(|field| (*field).into()).collect() }
    }

    #[test]
    fn a_group_is_known_where_one_of_its_fields_is() {
        let field = |name: &str, value| Field { name: name.into(), kind: Kind::Other, value };
        let told = |text: &str| Value::Stated(text.into());
        let history = History {
            fields: vec![
                field("age", told("64")),
                field("sex", Value::Unknown),
                field("fever", Value::Unknown),
                field("itch", Value::Deleted),
            ],
            note: Some("A 64-year-old.".into()),
        };
        let groups = [group("person", &["sex", "age"]), group("fever", &["fever"]), group("itch", &["itch", "burn"])];
        assert_eq!(known(&groups, &history), 0b001);
    }

    #[test]
    fn every_coalition_of_what_is_known_is_asked_and_no_other() {
        let asked: Vec<u32> = (0..8).filter(|told| is_asked(*told, 0b101, None)).collect();
        assert_eq!(asked, [0b000, 0b001, 0b100, 0b101]);
        assert!(!is_asked(0, 0, None), "who knows nothing is asked nothing");
    }

    #[test]
    fn drawn_orders_ask_their_heads_and_both_ends() {
        let orders = vec![vec![3, 1, 0, 2]];
        let asked: Vec<u32> = (0..16).filter(|told| is_asked(*told, 0b1111, Some(&orders))).collect();
        assert_eq!(asked, [0, 1, 2, 4, 7, 8, 0b1010, 11, 13, 14, 15]);
        assert_eq!(
            heads(&orders[0], 0b0110).collect::<Vec<_>>(),
            [0, 0b0010, 0b0110],
            "who is not known does not join"
        );
    }

    proptest! {
        #[test]
        fn what_is_listed_is_what_is_asked(known in 0_u32..64, seed in any::<u64>()) {
            let order = |number: u64| {
                let mut order: Vec<u32> = (0..6).collect();
                bedside_perturbations::Stream::derive(seed, &["test"]).fork("order", number).shuffle(&mut order);
                order
            };
            let orders: Orders = (0..4).map(order).collect();
            for orders in [None, Some(&orders)] {
                let mut listed = asked(known, orders);
                listed.sort_unstable();
                listed.dedup();
                let each: Vec<u32> = (0..64).filter(|told| is_asked(*told, known, orders)).collect();
                prop_assert_eq!(listed, each);
            }
        }
    }
}
