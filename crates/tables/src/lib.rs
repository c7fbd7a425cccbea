//! SpineMed: tables.
