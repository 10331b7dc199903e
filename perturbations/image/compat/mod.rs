//! Corruptions of the literature, in their own scales and pixel units, so that results can be compared with published ones.
//!
//! They are as their references define them, oddities included; what differs is named on the card. Noise follows the
//! reference's distribution, not its random numbers.

pub mod imagenet_c;
pub mod medmnist_c;
