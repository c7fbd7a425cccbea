//! SpineMed: store.
