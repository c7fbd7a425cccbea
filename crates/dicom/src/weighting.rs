//! The contrast of MR pictures, from numbers and codes.

use dicom_object::{InMemDicomObject, Tag};

use crate::attribute::OfFrame;

/// What an MR picture's contrast shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weighting {
    /// Fluid bright, fat bright.
    T2,
    /// Fluid bright, fat nulled by a short inversion time.
    Stir,
    /// Fluid dark, fat bright.
    T1,
    /// Proton density.
    Pd,
    /// A gradient echo of long echo time and small flip angle.
    T2Star,
    /// Not MR, or none that numbers tell for sure.
    Unknown,
}

impl Weighting {
    /// `T2`, `STIR`, `T1`, `PD` or `T2*`; none where it is not known.
    #[must_use]
    pub fn as_str(self) -> Option<&'static str> {
        match self {
            Self::T2 => Some("T2"),
            Self::Stir => Some("STIR"),
            Self::T1 => Some("T1"),
            Self::Pd => Some("PD"),
            Self::T2Star => Some("T2*"),
            Self::Unknown => None,
        }
    }
}

const FRAME_TYPE: Tag = Tag(0x0018, 0x9226);
const CONTRAST: Tag = Tag(0x0008, 0x9209);
const SEQUENCE: Tag = Tag(0x0018, 0x0020);
const ECHO_PULSE: Tag = Tag(0x0018, 0x9008);
const ECHO_PLANAR: Tag = Tag(0x0018, 0x9018);
const TIMING: Tag = Tag(0x0018, 0x9112);
const REPETITION: Tag = Tag(0x0018, 0x0080);
const FLIP: Tag = Tag(0x0018, 0x1314);
const ECHO: Tag = Tag(0x0018, 0x9114);
const ECHO_TIME: Tag = Tag(0x0018, 0x0081);
const EFFECTIVE_ECHO_TIME: Tag = Tag(0x0018, 0x9082);
const MODIFIER: Tag = Tag(0x0018, 0x9115);
const INVERSION: Tag = Tag(0x0018, 0x0082);
const INVERSIONS: Tag = Tag(0x0018, 0x9079);

/// How a frame was measured. Times in ms, the flip angle in degrees.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
struct Pulse {
    spin: bool,
    gradient: bool,
    inversion: bool,
    planar: bool,
    repetition: Option<f64>,
    echo: Option<f64>,
    inversion_time: Option<f64>,
    flip: Option<f64>,
}

/// The weighting of an MR frame, counted from 1.
///
/// Acquisition Contrast (0008,9209) says it in enhanced objects (PS3.3 C.8.13.3);
/// elsewhere Scanning Sequence, Repetition, Echo and Inversion Time do. The thresholds leave
/// room around the textbook's ranges (Westbrook and Talbot, MRI in Practice: spin echo T1 TR
/// 300–700 and TE 10–30 ms, T2 TR over 2000 and TE over 60 ms, PD TR over 2000 and TE 10–30
/// ms; gradient echo T2* TE 15–25 ms and flip angle 5–20°), since T1 at 3 T takes a TR of up
/// to 1000 ms and turbo spin echoes of proton density a TE of up to 40 ms; what falls
/// between two ranges is unknown. A short inversion time nulls fat at its T1 × ln 2, which
/// is below 300 ms at 1.5 and 3 T. Echo planar pictures (diffusion) are unknown.
pub fn weighting(object: &InMemDicomObject, frame: u32) -> Weighting {
    let frame = OfFrame::new(object, frame);
    let contrast = frame.codes(FRAME_TYPE, CONTRAST);
    match contrast.first().map(String::as_str) {
        Some("T1") => Weighting::T1,
        Some("T2") => Weighting::T2,
        Some("T2_STAR") => Weighting::T2Star,
        Some("STIR") => Weighting::Stir,
        Some("PROTON_DENSITY") => Weighting::Pd,
        None | Some("" | "UNKNOWN" | "MIXED") => of_pulse(&pulse(&frame)),
        Some(_) => Weighting::Unknown,
    }
}

/// The echo time in ms; PS3.3 C.8.3.1, in enhanced objects C.8.13.5.4.
pub fn echo_time(frame: &OfFrame<'_>) -> Option<f64> {
    frame
        .number(ECHO, EFFECTIVE_ECHO_TIME)
        .or_else(|| frame.number(ECHO, ECHO_TIME))
}

/// The inversion time in ms; the value 0 stands for none.
pub fn inversion_time(frame: &OfFrame<'_>) -> Option<f64> {
    frame
        .number(MODIFIER, INVERSIONS)
        .or_else(|| frame.number(MODIFIER, INVERSION))
        .filter(|time| *time > 0.0)
}

fn pulse(frame: &OfFrame<'_>) -> Pulse {
    let scanning = frame.codes(TIMING, SEQUENCE);
    let echo = frame.codes(TIMING, ECHO_PULSE);
    let has = |code: &str| scanning.iter().any(|value| value == code);
    let echo = echo.first().map(String::as_str);
    let planar = frame.codes(TIMING, ECHO_PLANAR);
    let inversion_time = inversion_time(frame);
    Pulse {
        spin: has("SE") || echo == Some("SPIN"),
        gradient: has("GR") || echo == Some("GRADIENT"),
        inversion: has("IR") || inversion_time.is_some(),
        planar: has("EP") || planar.first().is_some_and(|value| value == "YES"),
        repetition: frame.number(TIMING, REPETITION),
        echo: echo_time(frame),
        inversion_time,
        flip: frame.number(TIMING, FLIP),
    }
}

fn of_pulse(pulse: &Pulse) -> Weighting {
    let (Some(echo), false) = (pulse.echo, pulse.planar) else {
        return Weighting::Unknown;
    };
    if pulse.inversion {
        return match pulse.inversion_time {
            Some(time) if (50.0..=300.0).contains(&time) && !pulse.gradient => Weighting::Stir,
            // T1 FLAIR of the spine, and magnetisation-prepared gradient echoes.
            Some(time) if (500.0..=1200.0).contains(&time) && echo <= 40.0 => Weighting::T1,
            _ => Weighting::Unknown,
        };
    }
    match (pulse.spin, pulse.gradient, pulse.repetition, pulse.flip) {
        (true, false, Some(repetition), _) => of_spin_echo(repetition, echo),
        (false, true, _, Some(flip)) if flip <= 30.0 && (15.0..=40.0).contains(&echo) => {
            Weighting::T2Star
        }
        (false, true, _, Some(flip)) if flip >= 60.0 && echo <= 10.0 => Weighting::T1,
        _ => Weighting::Unknown,
    }
}

fn of_spin_echo(repetition: f64, echo: f64) -> Weighting {
    if repetition <= 1000.0 && echo <= 30.0 {
        Weighting::T1
    } else if repetition >= 1500.0 && echo >= 60.0 {
        Weighting::T2
    } else if repetition >= 1500.0 && echo <= 40.0 {
        Weighting::Pd
    } else {
        Weighting::Unknown
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::{Slice, set};
    use Weighting::*;

    #[test]
    fn weightings_of_classic_objects() {
        let check = |sequence: &str, tr: &str, te: &str, ti: &str, flip: &str, expect| {
            let mut object = Slice::default().object();
            set(&mut object, SEQUENCE, "CS", sequence);
            set(&mut object, REPETITION, "DS", tr);
            set(&mut object, ECHO_TIME, "DS", te);
            set(&mut object, INVERSION, "DS", ti);
            set(&mut object, FLIP, "DS", flip);
            let found = weighting(&object, 1);
            assert_eq!(found, expect, "{sequence} {tr} {te} {ti} {flip}");
        };
        check("SE", "550", "11", "", "90", T1);
        check("SE", "950", "9.4", "0", "150", T1);
        check("SE", "3500", "102", "", "150", T2);
        check("SE", "2800", "30", "", "150", Pd);
        check("SE\\IR", "4000", "42", "150", "150", Stir);
        check("IR", "4500", "70", "220", "150", Stir);
        check("SE", "4500", "70", "220", "150", Stir);
        check("SE\\IR", "2200", "10", "860", "150", T1);
        check("IR", "9000", "100", "2500", "150", Unknown);
        check("GR", "500", "17", "", "20", T2Star);
        check("GR", "120", "4.5", "", "70", T1);
        check("GR\\IR", "2300", "3", "900", "9", T1);
        // Between the ranges, diffusion, and too little said.
        check("SE", "1200", "20", "", "90", Unknown);
        check("SE", "3000", "50", "", "90", Unknown);
        check("EP\\SE", "5000", "90", "", "90", Unknown);
        check("", "3500", "102", "", "90", Unknown);
        check("SE", "", "102", "", "90", Unknown);
        check("SE", "3500", "", "", "90", Unknown);
        check("SE", "many", "nan", "inf", "90", Unknown);
    }

    #[test]
    fn a_stated_contrast_wins() {
        let check = |code: &str, expect| {
            let mut object = Slice::default().object();
            set(&mut object, SEQUENCE, "CS", "SE");
            set(&mut object, REPETITION, "DS", "550");
            set(&mut object, ECHO_TIME, "DS", "11");
            set(&mut object, CONTRAST, "CS", code);
            assert_eq!(weighting(&object, 1), expect, "{code}");
        };
        check("T2", T2);
        check("STIR", Stir);
        check("PROTON_DENSITY", Pd);
        check("T2_STAR", T2Star);
        check("DIFFUSION", Unknown);
        check("UNKNOWN", T1);
    }
}
