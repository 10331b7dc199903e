//! Canonical diagnoses: one id per concept, many names, a hierarchy.
