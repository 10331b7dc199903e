//! Whether a ledger names exactly what differs.

use crate::{Change, Edit, Stimulus};

/// What is wrong with the ledger of a change from one stimulus to another.
pub(super) fn faults(change: &Change, before: &Stimulus, after: &Stimulus) -> Vec<String> {
    let mut faults = Vec::new();
    faults.extend(images(change, before, after).err());
    faults.extend(history(change, before, after).err());
    faults.extend(written(change).err());
    faults
}

/// Where a photograph of the outcome comes from.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// Untouched.
    Kept(usize),
    /// Its pixels were edited.
    Edited(usize),
    /// It came with a donor.
    Donor,
}

/// Follows the edits through the list of photographs, then compares.
fn images(change: &Change, before: &Stimulus, after: &Stimulus) -> Result<(), String> {
    let mut origins: Vec<Origin> = (0..before.images.len()).map(Origin::Kept).collect();
    for edit in &change.edits {
        follow(edit, &mut origins)?;
    }
    if origins.len() != after.images.len() {
        return Err(format!("the ledger leaves {} photographs, there are {}", origins.len(), after.images.len()));
    }
    for (place, (origin, image)) in origins.iter().zip(&after.images).enumerate() {
        match *origin {
            Origin::Kept(from) if before.images.get(from) != Some(image) => {
                return Err(format!("photograph {place} differs and is not in the ledger"));
            }
            Origin::Edited(from) if before.images.get(from) == Some(image) => {
                return Err(format!("photograph {place} is in the ledger and does not differ"));
            }
            _ => {}
        }
    }
    Ok(())
}

fn follow(edit: &Edit, origins: &mut Vec<Origin>) -> Result<(), String> {
    match edit {
        Edit::Pixels { image, .. } => {
            let origin = origins.get_mut(*image).ok_or_else(|| format!("there is no photograph {image} to edit"))?;
            if let Origin::Kept(from) = *origin {
                *origin = Origin::Edited(from);
            }
        }
        Edit::ImageRemoved { image } if *image < origins.len() => {
            origins.remove(*image);
        }
        Edit::ImageRemoved { image } => return Err(format!("there is no photograph {image} to remove")),
        Edit::ImagesReordered { order } => *origins = reordered(order, origins)?,
        Edit::ImageRepeated { image, at } if *image < origins.len() && *at <= origins.len() => {
            let copy = origins.get(*image).copied().unwrap_or(Origin::Donor);
            origins.insert(*at, copy);
        }
        Edit::ImageRepeated { image, at } => return Err(format!("photograph {image} cannot be repeated at {at}")),
        Edit::ImageAdded { at, .. } if *at <= origins.len() => origins.insert(*at, Origin::Donor),
        Edit::ImageAdded { at, .. } => return Err(format!("no photograph can be put at {at}")),
        Edit::ImagesReplaced { before, after } if *before == origins.len() => *origins = vec![Origin::Donor; *after],
        Edit::ImagesReplaced { before, .. } => {
            return Err(format!("{before} photographs are replaced, there were {}", origins.len()));
        }
        _ => {}
    }
    Ok(())
}

/// The photographs in that order, if it names each of them once.
fn reordered(order: &[usize], origins: &[Origin]) -> Result<Vec<Origin>, String> {
    let mut sorted = order.to_vec();
    sorted.sort_unstable();
    if !sorted.into_iter().eq(0..origins.len()) {
        return Err(format!("{order:?} is not an order of {} photographs", origins.len()));
    }
    Ok(order.iter().filter_map(|from| origins.get(*from).copied()).collect())
}

fn history(change: &Change, before: &Stimulus, after: &Stimulus) -> Result<(), String> {
    if change.reapply(&before.history)? != after.history {
        return Err("the history re-applied is not the history as changed".into());
    }
    if change.revert(&after.history)? != before.history {
        return Err("the history taken back is not the history as it was".into());
    }
    Ok(())
}

/// A ledger is kept as JSON; numbers that JSON cannot hold would be lost.
fn written(change: &Change) -> Result<(), String> {
    let text = serde_json::to_string(change).map_err(|error| error.to_string())?;
    let read: Change = serde_json::from_str(&text).map_err(|error| format!("does not survive JSON: {error}"))?;
    if read == *change { Ok(()) } else { Err("is another after JSON".into()) }
}
