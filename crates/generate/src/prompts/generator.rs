//! The generator that asks a model.

use std::collections::BTreeMap;

use minijinja::Environment;
use serde_json::Value;
use spinemed_core::Digest;
use spinemed_core::digest::KeyHasher;
use spinemed_core::instance::{Draft, Revision, Role, Task};
use spinemed_core::model::{
    ModelIdentity, PromptMessage, PromptPart, Request, Response, ResponseSchema, Sampling,
};
use spinemed_core::outcome::Outcome;
use spinemed_core::pack::{EvidencePack, PackKind};
use spinemed_core::seam::{Ask, Generator};
use spinemed_core::vocabulary::Kind;

use super::render::{PICTURES, PromptError, environment};
use super::{parse, render, schema, templates};

/// The version of rendering and parsing, templates and schemas apart.
const VERSION: u32 = 1;

/// Prompts over a model, one for drafts and one for revisions; they may be the same.
pub struct Prompted {
    environment: Environment<'static>,
    draft: Pass,
    revision: Pass,
}

struct Pass {
    identity: ModelIdentity,
    sampling: Sampling,
    templates: Digest,
}

impl Prompted {
    /// Compiles the templates in force: the built-in ones and what replaces them.
    ///
    /// # Errors
    /// [`PromptError`] when a template does not compile or replaces nothing.
    pub fn new(
        draft: ModelIdentity,
        revision: ModelIdentity,
        overrides: &BTreeMap<String, String>,
    ) -> Result<Self, PromptError> {
        let pass = |identity, name| Pass {
            identity,
            sampling: Sampling::default(),
            templates: templates::digest(overrides, name),
        };
        Ok(Self {
            environment: environment(overrides)?,
            draft: pass(draft, "draft"),
            revision: pass(revision, "revise"),
        })
    }

    /// The same with other sampling settings for both passes.
    #[must_use]
    pub fn with_sampling(mut self, sampling: Sampling) -> Self {
        self.draft.sampling = sampling.clone();
        self.revision.sampling = sampling;
        self
    }
}

impl Pass {
    fn digest(&self, schemas: fn(Kind) -> Value) -> Digest {
        let schemas: Vec<Value> = Kind::ALL.iter().map(|kind| schemas(*kind)).collect();
        KeyHasher::new("spinemed/generator/prompted")
            .field("version", VERSION.to_be_bytes())
            .digest("templates", &self.templates)
            .digest("identity", &Digest::of_json(&self.identity))
            .digest("sampling", &Digest::of_json(&self.sampling))
            .digest("schemas", &Digest::of_json(&schemas))
            .finish()
    }

    fn request(&self, pack: &EvidencePack, text: String, name: &str, schema: Value) -> Request {
        let mut parts = vec![PromptPart::Text { text }];
        parts.extend(
            pack.images
                .iter()
                .take(PICTURES)
                .map(|image| PromptPart::Image {
                    sha256: image.media.sha256,
                    media_type: image.media.media_type.clone(),
                }),
        );
        Request {
            identity: self.identity.clone(),
            messages: vec![PromptMessage {
                role: Role::User,
                parts,
            }],
            schema: Some(ResponseSchema {
                name: name.to_owned(),
                schema,
            }),
            sampling: self.sampling.clone(),
            extra: BTreeMap::new(),
            attempt: 0,
        }
    }
}

/// A request, or the fault of a template that compiled but needs what there is not.
fn ask<T>(made: Result<Request, PromptError>) -> Ask<T> {
    match made {
        Ok(request) => Ask::Request(Box::new(request)),
        Err(error) => Ask::Answer(Outcome::Failed(error.to_string())),
    }
}

impl Generator for Prompted {
    fn draft_identity(&self) -> Digest {
        self.draft.digest(schema::draft_schema)
    }

    fn revision_identity(&self) -> Digest {
        self.revision.digest(schema::revision_schema)
    }

    fn name(&self) -> String {
        let model = &self.draft.identity;
        format!("{}@{}", model.model, model.endpoint)
    }

    fn models(&self) -> Vec<ModelIdentity> {
        let mut models = vec![self.draft.identity.clone()];
        if self.revision.identity != self.draft.identity {
            models.push(self.revision.identity.clone());
        }
        models
    }

    fn tasks(&self, pack: &EvidencePack, wanted: &[Task]) -> Vec<Task> {
        let pictured =
            !pack.images.is_empty() || matches!(pack.kind, PackKind::Study | PackKind::Case);
        wanted
            .iter()
            .filter(|task| task.kind != Kind::Report || pictured)
            .cloned()
            .collect()
    }

    fn draft(&self, pack: &EvidencePack, task: &Task) -> Ask<Draft> {
        ask(render::draft(&self.environment, pack, task).map(|text| {
            let schema = schema::draft_schema(task.kind);
            self.draft
                .request(pack, text, &format!("draft_{}", name(task.kind)), schema)
        }))
    }

    fn read_draft(
        &self,
        pack: &EvidencePack,
        task: &Task,
        response: &Response,
    ) -> Result<Outcome<Draft>, String> {
        whole(response)?;
        parse::draft(pack, task, &response.text)
    }

    fn revise(&self, pack: &EvidencePack, draft: &Draft) -> Ask<Revision> {
        ask(
            render::revision(&self.environment, pack, draft).map(|text| {
                let kind = draft.task.kind;
                let schema = schema::revision_schema(kind);
                self.revision
                    .request(pack, text, &format!("revision_{}", name(kind)), schema)
            }),
        )
    }

    fn read_revision(
        &self,
        pack: &EvidencePack,
        draft: &Draft,
        response: &Response,
    ) -> Result<Outcome<Revision>, String> {
        whole(response)?;
        parse::revision(pack, draft, &response.text)
    }
}

/// Names of schemas hold no hyphens, which some endpoints refuse.
fn name(kind: Kind) -> String {
    kind.as_str().replace('-', "_")
}

fn whole(response: &Response) -> Result<(), String> {
    if response.finish_reason.as_deref() == Some("length") {
        return Err(
            "the answer was cut off at the most tokens allowed; answer more briefly".to_owned(),
        );
    }
    Ok(())
}
