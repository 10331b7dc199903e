//! Facts that are left out.

pub mod absent_as_no;
pub mod blank_value;
pub mod drop_all;
pub mod drop_all_but;
pub mod drop_field;
pub mod drop_section;
pub mod drop_sentence;
pub mod leave_k_out;
pub mod truncate;
pub mod vague;
