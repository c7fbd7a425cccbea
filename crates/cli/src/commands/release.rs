//! `spinemed release`: freeze and verify.

use std::path::Path;

use spinemed_core::Digest;
use spinemed_run::settings::ReleaseSection;
use spinemed_store::PlainTree;

use crate::args::{BuildArgs, Format, ReleaseCommand};
use crate::context::{Context, project};
use crate::exit;
use crate::failure::Failure;
use crate::output::{json, say};

/// Freezes a build or verifies a folder.
pub fn run(context: &Context, command: ReleaseCommand) -> Result<u8, Failure> {
    match command {
        ReleaseCommand::Create { pipeline } => create(context, pipeline),
        ReleaseCommand::Verify { dir, root } => verify(context, &dir, root.as_deref()),
    }
}

/// A release is what a complete build writes; building again does only what is missing.
fn create(context: &Context, pipeline: Option<String>) -> Result<u8, Failure> {
    let workspace = context.workspace()?;
    let name = context.pipeline(&workspace, pipeline.as_deref())?;
    let section: Option<ReleaseSection> = project(&workspace, &name)?.pipeline.release;
    if section.is_none() {
        return Err(
            Failure::usage(format!("pipeline `{name}` has no `[release]`"))
                .hint("add `[release]` with `name` and `version` to it"),
        );
    }
    super::build::run(context, &BuildArgs::of(name))
}

fn verify(context: &Context, dir: &Path, root: Option<&str>) -> Result<u8, Failure> {
    let expected: Option<Digest> = root
        .map(str::parse)
        .transpose()
        .map_err(|e: spinemed_core::digest::NotADigest| Failure::usage(e))?;
    if !dir.is_dir() {
        return Err(Failure::usage(format!("`{}` is no folder", dir.display()))
            .hint("name a folder under `releases/`"));
    }
    let tree = PlainTree::open(dir)?;
    let found = spinemed_release::verify(&tree, expected.as_ref());
    if context.format == Format::Json {
        json(&found);
    } else {
        say!(
            "{} files, {} instances, {} rows, {} pictures, {} traces verified",
            found.counts.files,
            found.counts.instances,
            found.counts.rows,
            found.counts.images,
            found.counts.traced
        );
        for damage in &found.damage {
            let kind = serde_json::to_string(&damage.kind).unwrap_or_default();
            say!(
                "damage: {} `{}`: {}",
                kind.trim_matches('"'),
                damage.place,
                damage.detail
            );
        }
        if let Some(root) = &found.root {
            say!("root {root}");
        }
        say!("{}", if found.ok { "intact" } else { "damaged" });
    }
    Ok(if found.ok { exit::DONE } else { exit::DAMAGE })
}
