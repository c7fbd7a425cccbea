//! SpineMed: jats.
