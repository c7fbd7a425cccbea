//! SpineMed: dicom.
