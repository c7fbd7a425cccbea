//! What a build tells while it runs.

/// Listens to a build. Calls come from the build's own thread.
pub trait Progress: Sync {
    /// A stage begins with this many units to do, out of so many.
    fn stage(&self, name: &str, to_do: usize, of: usize);

    /// So many units of the stage were done.
    fn advance(&self, units: usize);

    /// The stage ended.
    fn end(&self);

    /// A line worth reading.
    fn note(&self, line: &str);
}

/// Says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &str, _: usize, _: usize) {}
    fn advance(&self, _: usize) {}
    fn end(&self) {}
    fn note(&self, _: &str) {}
}
