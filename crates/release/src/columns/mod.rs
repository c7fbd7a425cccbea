//! Parquet: instances as rows, rows as files.

pub(crate) mod batch;
pub(crate) mod file;
pub(crate) mod schema;
