//! SpineMed: cli.
