//! SpineMed: generate.
