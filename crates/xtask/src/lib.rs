//! SpineMed: xtask.
