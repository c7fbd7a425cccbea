//! What is asked of [`blank`](super::blank), and what it says it did.

/// A box on one frame or on all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FrameBox {
    /// The frame, counted from 1; none stands for all frames.
    pub frame: Option<u32>,
    /// First column, first row, column after the last, row after the last, in pixels of the
    /// frame from its top left. What lies outside of the frame does not count.
    pub region: [u32; 4],
}

impl FrameBox {
    /// Whether the box is meant for this frame.
    pub(super) fn is_on(&self, frame: u32) -> bool {
        self.frame.is_none_or(|own| own == frame)
    }
}

/// What a person or an equipment template asks for. The default asks for nothing: all that is
/// found is blanked, and nothing else.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Boxes that must be blanked, found or not.
    pub regions: Vec<FrameBox>,
    /// Boxes that a person looked at and that hold no text: finds that lie wholly inside one
    /// of them are left as they are.
    pub cleared: Vec<FrameBox>,
    /// Whether everything outside of the regions of an ultrasound image is blanked, as its
    /// Sequence of Ultrasound Regions (0018,6011) states them (PS3.3, C.8.5.5). Objects
    /// without that sequence are treated as if this were false.
    pub outside_regions: bool,
    /// Whether a person looked at every frame and saw no text outside of [`regions`](Self::regions)
    /// and of what the last call blanked. What is found is blanked all the same.
    pub confirmed: bool,
}

/// What was blanked on one frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRegions {
    /// The frame, counted from 1.
    pub frame: u32,
    /// The boxes, from the top left on: first column, first row, column after the last, row
    /// after the last. They may overlap.
    pub regions: Vec<[u32; 4]>,
}

/// What [`blank`](super::blank) did. It holds positions alone, so that it may be logged (I5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Blanked {
    /// The frames with blanked boxes, in order.
    pub frames: Vec<FrameRegions>,
    /// How many frames were searched; frames equal to a searched one are not searched again.
    pub searched: u32,
    /// How many times a reader was asked.
    pub read: u32,
    /// Whether a sample changed. If not, the pixel data is byte for byte what it was.
    pub changed: bool,
    /// Whether the pixel data was compressed and is now native, Explicit VR Little Endian.
    pub decoded: bool,
    /// Whether everything outside of the regions of an ultrasound image was blanked.
    pub outside_regions: bool,
}
