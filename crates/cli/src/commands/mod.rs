//! One module per command.

pub mod audit;
pub mod build;
pub mod completions;
pub mod deid;
pub mod doctor;
pub mod gc;
pub mod init;
pub mod inspect;
pub mod key;
pub mod prompt;
pub mod read;
pub mod release;
pub mod retract;
pub mod schema;
pub mod source;
pub mod status;
pub mod worker;
