//! SpineMed: curate.
