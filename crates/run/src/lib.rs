//! SpineMed: run.
