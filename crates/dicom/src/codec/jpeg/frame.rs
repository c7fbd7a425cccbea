//! What a frame header says (T.81, B.2.2).

use crate::codec::{Fault, Result};

/// A component of a picture.
pub struct Component {
    /// Its identifier.
    pub id: u8,
    /// Sampling factors: horizontal, vertical.
    pub factors: (usize, usize),
    /// The quantisation table.
    pub table: usize,
    /// Samples in a line of its plane, whole data units.
    pub width: usize,
    /// Lines of its plane, whole data units.
    pub height: usize,
}

/// The frame header.
pub struct Frame {
    /// Bits of a sample.
    pub precision: u8,
    /// Lines.
    pub rows: usize,
    /// Samples in a line.
    pub columns: usize,
    /// Components, in their order.
    pub components: Vec<Component>,
    /// The greatest sampling factors.
    pub most: (usize, usize),
}

/// The side of a data unit of the lossy processes.
pub const UNIT: usize = 8;

impl Frame {
    /// Reads the header. Planes are as large as whole units of 8 by 8 samples need.
    pub fn parse(segment: &[u8]) -> Result<Self> {
        let &[precision, y1, y0, x1, x0, count, ref rest @ ..] = segment else {
            return Err(Fault::Damaged);
        };
        let rows = usize::from(u16::from_be_bytes([y1, y0]));
        let columns = usize::from(u16::from_be_bytes([x1, x0]));
        let (parts, _) = rest.as_chunks::<3>();
        let parts = parts.get(..count.into()).ok_or(Fault::Damaged)?;
        let factors = |part: &[u8; 3]| (usize::from(part[1] >> 4), usize::from(part[1] & 15));
        let all = || parts.iter().map(factors);
        let allowed = |side: usize| (1..=4).contains(&side);
        if count == 0 || !all().all(|(h, v)| allowed(h) && allowed(v)) {
            return Err(Fault::Damaged);
        }
        let most = all().fold((1, 1), |most, (h, v)| (most.0.max(h), most.1.max(v)));
        let (across, down) = (
            columns.div_ceil(UNIT * most.0),
            rows.div_ceil(UNIT * most.1),
        );
        let component = |part: &[u8; 3]| {
            let factors = factors(part);
            Component {
                id: part[0],
                factors,
                table: usize::from(part[2] & 3),
                width: across * factors.0 * UNIT,
                height: down * factors.1 * UNIT,
            }
        };
        Ok(Self {
            precision,
            rows,
            columns,
            components: parts.iter().map(component).collect(),
            most,
        })
    }

    /// Samples of a component's line and lines of it, without those that fill units.
    pub fn size(&self, component: &Component) -> (usize, usize) {
        let part = |whole: usize, factor: usize, most: usize| (whole * factor).div_ceil(most);
        let (h, v) = component.factors;
        (
            part(self.columns, h, self.most.0),
            part(self.rows, v, self.most.1),
        )
    }

    /// Planes to pixels; samples at coarser places are repeated.
    pub fn interleave(&self, planes: &[Vec<u16>]) -> Vec<u16> {
        let all = planes.len();
        let mut out = vec![0; self.rows * self.columns * all];
        for (at, (plane, component)) in planes.iter().zip(&self.components).enumerate() {
            let (h, v) = component.factors;
            let mut places = out.iter_mut().skip(at).step_by(all);
            for row in 0..self.rows {
                let line = &plane[row * v / self.most.1 * component.width..];
                for column in 0..self.columns {
                    if let Some(place) = places.next() {
                        *place = line[column * h / self.most.0];
                    }
                }
            }
        }
        out
    }
}
