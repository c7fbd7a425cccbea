//! SpineMed: pairing.
