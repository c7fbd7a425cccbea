//! Where things are read and written, and which may not lie in which.

use std::path::{Path, PathBuf};

use super::{DeidError, Options, World};

/// Places, made absolute, links resolved.
pub(super) struct Places {
    pub(super) out: PathBuf,
    pub(super) report: PathBuf,
    pub(super) mapping: Option<PathBuf>,
    pub(super) review: Option<PathBuf>,
}

impl Places {
    /// Checks that no place lies where it must not.
    ///
    /// # Errors
    /// [`DeidError::Usage`] and [`DeidError::Policy`].
    pub(super) fn of(options: &Options, world: &World<'_>) -> Result<Self, DeidError> {
        let out = whole(&options.out);
        for input in &options.inputs {
            let shown = input.display();
            if !input.exists() {
                let message = format!("there is no `{shown}`");
                return Err(DeidError::usage(
                    message,
                    "name folders or files, then the output",
                ));
            }
            let input = whole(input);
            if input.starts_with(&out) || out.starts_with(&input) {
                return Err(DeidError::usage(
                    format!("`{shown}` and the output lie in each other"),
                    "name an output beside the input, not in it",
                ));
            }
        }
        let report = options.report.as_deref().map_or(out.join("report"), whole);
        let places = Self {
            mapping: options.mapping.as_deref().map(whole),
            review: options.review.as_deref().map(whole),
            report,
            out,
        };
        places.private(options, world)?;
        Ok(places)
    }

    /// What tells identifiers goes neither beside the clean objects nor into a workspace.
    fn private(&self, options: &Options, world: &World<'_>) -> Result<(), DeidError> {
        let workspaces: Vec<PathBuf> = world.workspaces.iter().map(|w| whole(w)).collect();
        for (flag, place) in [("mapping", &self.mapping), ("review", &self.review)] {
            let Some(place) = place else {
                continue;
            };
            if place.starts_with(&self.out) || self.out.starts_with(place) {
                return Err(DeidError::policy(
                    format!("`--{flag}` lies in the output or around it"),
                    "name a private folder elsewhere: it tells who is behind the pseudonyms",
                ));
            }
            if workspaces.iter().any(|w| place.starts_with(w)) {
                return Err(DeidError::policy(
                    format!("`--{flag}` lies in a workspace"),
                    "name a private folder elsewhere: a copy of a workspace must not be a copy of it",
                ));
            }
            let inputs = options.inputs.iter().map(|input| whole(input));
            if inputs.into_iter().any(|input| place.starts_with(input)) {
                return Err(DeidError::usage(
                    format!("`--{flag}` lies in the input"),
                    "name a private folder elsewhere: the next run would read it",
                ));
            }
        }
        Ok(())
    }
}

/// The path from the root on, links resolved as far as it exists.
pub(super) fn whole(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    for there in path.ancestors() {
        if let Ok(resolved) = there.canonicalize() {
            let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
            return if rest.as_os_str().is_empty() {
                resolved
            } else {
                resolved.join(rest)
            };
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_is_not_there_yet_is_resolved_as_far_as_it_goes() {
        let folder = tempfile::tempdir().unwrap();
        let real = folder.path().canonicalize().unwrap();
        assert_eq!(whole(&folder.path().join("a/b")), real.join("a/b"));
        assert_eq!(whole(folder.path()), real);
    }
}
