//! SpineMed: deidentify.
