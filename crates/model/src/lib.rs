//! SpineMed: model.
