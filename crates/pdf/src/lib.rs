//! SpineMed: pdf.
