//! The pipeline: what is stale, what runs, what it came to.
//!
//! [`pipeline::build`] is one typed function over the stages. `engine` brings one step's
//! units up to date by action key and works the rest in shards, on threads here and through
//! [`plan`] on clusters; both enter results in one way. [`audit`] reads the ledger back.

mod account;
pub mod audit;
mod cases;
mod curation;
pub mod custody;
pub mod deid;
mod engine;
pub mod freeze;
pub mod gc;
pub mod opened;
mod options;
pub mod pipeline;
pub mod plan;
mod privacy;
pub mod progress;
pub mod project;
pub mod report;
mod scan;
pub mod settings;
mod shard;
mod stages;
mod unit;
mod work;

pub use engine::{Models, StaleUnit};
pub use scan::{Scanned, scan_all};
pub use work::Price;
pub use work::ingest::{Here, MostPages};
