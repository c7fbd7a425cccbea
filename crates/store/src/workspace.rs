//! Where things are in a workspace.

use std::path::{Path, PathBuf};

use spinemed_core::seam::StoreError;

use crate::blobs::make_durable_folder;

/// A folder with `pipelines/` and `sources/`; what is kept lives in its `.spinemed/`.
#[derive(Debug, Clone)]
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// Uses a folder.
    #[must_use]
    pub fn at(root: PathBuf) -> Self {
        Self { root }
    }

    /// Looks for a workspace in a folder and those above it.
    #[must_use]
    pub fn find(from: &Path) -> Option<Self> {
        from.ancestors()
            .find(|dir| dir.join("pipelines").is_dir() && dir.join("sources").is_dir())
            .map(|dir| Self::at(dir.to_owned()))
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where everything kept lives.
    #[must_use]
    pub fn kept(&self) -> PathBuf {
        self.root.join(".spinemed")
    }

    /// Makes the folder for what is kept.
    ///
    /// # Errors
    /// [`StoreError`] when it cannot be made.
    pub fn prepare(&self) -> Result<(), StoreError> {
        make_durable_folder(&self.kept())
    }

    /// A pipeline's file.
    #[must_use]
    pub fn pipeline(&self, name: &str) -> PathBuf {
        self.root.join("pipelines").join(format!("{name}.toml"))
    }

    /// A source's folder.
    #[must_use]
    pub fn source(&self, id: &str) -> PathBuf {
        self.root.join("sources").join(id)
    }

    /// A release's folder.
    #[must_use]
    pub fn release(&self, name: &str, version: &str) -> PathBuf {
        self.root.join("releases").join(format!("{name}-{version}"))
    }
}
