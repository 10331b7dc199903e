//! Words that anchor the reader on a wrong diagnosis.

pub mod foil_impression;
