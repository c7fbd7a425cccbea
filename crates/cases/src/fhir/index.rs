//! The resources of all bundles, and what their references lead to.
//!
//! References are resolved as R4's Bundle page says (Resolving references in Bundles): by `fullUrl`, by type and id, or to a
//! contained resource. Nothing outside the bundles is ever asked for.

use std::collections::BTreeMap;

use crate::cursor::Cursor;
use crate::fault::{CaseError, CaseProblem, Reason};
use crate::json::{Json, Node};

/// A resource and its file.
pub(super) struct Resource<'a> {
    pub(super) file: &'a str,
    pub(super) kind: &'a str,
    pub(super) body: Cursor<'a>,
    /// The resource that contains it.
    parent: Option<usize>,
    /// Whether it must not be used.
    void: bool,
}

impl<'a> Resource<'a> {
    fn new(file: &'a str, kind: &'a str, body: Cursor<'a>) -> Self {
        Self {
            file,
            kind,
            body,
            parent: None,
            void: false,
        }
    }

    /// A problem of the whole resource.
    pub(super) fn problem(&self, reason: Reason) -> CaseProblem {
        self.problem_at(&self.body, reason)
    }

    /// A problem of a part.
    pub(super) fn problem_at(&self, part: &Cursor<'a>, reason: Reason) -> CaseProblem {
        part.fault(reason).problem(self.file)
    }

    /// The reason why there is no case.
    pub(super) fn rejection(&self, part: &Cursor<'a>, reason: Reason) -> CaseError {
        part.fault(reason).rejection(self.file)
    }
}

/// Resources in the order of files and entries.
pub(super) struct Index<'a> {
    all: Vec<Resource<'a>>,
    addresses: BTreeMap<String, usize>,
    first: (&'a str, Cursor<'a>),
}

/// Bundle types that carry a record (R4, Bundle).
const TYPES: [&str; 4] = ["collection", "document", "searchset", "transaction"];

/// What permits or identifies is never left out: of two versions the stricter holds, and
/// what cannot be understood rejects the case.
const NEEDED: [&str; 4] = ["Patient", "Consent", "ResearchStudy", "ResearchSubject"];

impl<'a> Index<'a> {
    /// Takes bundles apart.
    pub(super) fn new(
        bundles: &[(&'a str, &'a Node)],
        problems: &mut Vec<CaseProblem>,
    ) -> Result<Self, CaseError> {
        let (name, node) = bundles.first().ok_or(CaseError::NoRecord)?;
        let mut index = Self {
            all: Vec::new(),
            addresses: BTreeMap::new(),
            first: (*name, Cursor::root(node)),
        };
        for (file, node) in bundles {
            let bundle = Cursor::root(node);
            let right = bundle.str_of("resourceType") == Some("Bundle")
                && bundle.str_of("type").is_some_and(|t| TYPES.contains(&t));
            if !right {
                return Err(bundle.fault(Reason::NoBundle).rejection(file));
            }
            for entry in bundle.items("entry") {
                index.add(file, &entry, problems)?;
            }
        }
        Ok(index)
    }

    fn add(
        &mut self,
        file: &'a str,
        entry: &Cursor<'a>,
        problems: &mut Vec<CaseProblem>,
    ) -> Result<(), CaseError> {
        let Some(body) = entry.get("resource") else {
            return Ok(());
        };
        let Some(kind) = body.str_of("resourceType") else {
            return Ok(());
        };
        let address = body.str_of("id").map(|id| format!("{kind}/{id}"));
        let known = address.as_ref().and_then(|own| self.addresses.get(own));
        let known = known.copied();
        let same = known.filter(|at| self.all[*at].body.node == body.node);
        let at = same.unwrap_or(self.all.len());
        if same.is_none() {
            self.push(Resource::new(file, kind, body), known, problems)?;
        }
        let names = address.into_iter();
        for name in names.chain(entry.str_of("fullUrl").map(str::to_owned)) {
            self.addresses.entry(name).or_insert(at);
        }
        Ok(())
    }

    /// Adds a resource that stands in for itself, or voids it together with the other one of
    /// its type and id.
    fn push(
        &mut self,
        mut resource: Resource<'a>,
        known: Option<usize>,
        problems: &mut Vec<CaseProblem>,
    ) -> Result<(), CaseError> {
        let needed = NEEDED.contains(&resource.kind);
        if is_modified(resource.body.node) {
            if needed {
                return Err(resource.rejection(&resource.body, Reason::Modified));
            }
            problems.push(resource.problem(Reason::Modified));
            resource.void = true;
        }
        if let Some(other) = known.filter(|_| !needed) {
            problems.push(resource.problem(Reason::RepeatedResource));
            resource.void = true;
            self.all[other].void = true;
        }
        let (file, contained) = (resource.file, resource.body.items("contained"));
        let at = self.all.len();
        self.all.push(resource);
        for inner in contained {
            self.contain(at, file, inner);
        }
        Ok(())
    }

    fn contain(&mut self, parent: usize, file: &'a str, body: Cursor<'a>) {
        let (Some(kind), Some(id)) = (body.str_of("resourceType"), body.str_of("id")) else {
            return;
        };
        let address = format!("{parent}#{id}");
        self.addresses.entry(address).or_insert(self.all.len());
        self.all.push(Resource {
            parent: Some(parent),
            void: self.all[parent].void,
            ..Resource::new(file, kind, body)
        });
    }

    /// The resources of a type, contained ones not included, with their numbers.
    pub(super) fn of(&self, kind: &str) -> impl Iterator<Item = (usize, &Resource<'a>)> {
        let usable = move |resource: &Resource<'a>| {
            resource.kind == kind && resource.parent.is_none() && !resource.void
        };
        self.all
            .iter()
            .enumerate()
            .filter(move |(_, resource)| usable(resource))
    }

    /// Every resource, for what must not be missed.
    pub(super) fn every(&self) -> &[Resource<'a>] {
        &self.all
    }

    /// The resource of a number.
    pub(super) fn at(&self, number: usize) -> &Resource<'a> {
        &self.all[number]
    }

    /// What a Reference leads to, if that may be used.
    pub(super) fn resolve(&self, from: usize, reference: &Cursor<'a>) -> Option<usize> {
        let text = reference.str_of("reference")?;
        let found = if let Some(id) = text.strip_prefix('#') {
            let parent = self.all[from].parent.unwrap_or(from);
            self.addresses.get(&format!("{parent}#{id}"))
        } else {
            let address = text.split("/_history/").next().unwrap_or(text);
            self.addresses.get(address)
        };
        found.copied().filter(|at| !self.all[*at].void)
    }

    /// What a member of a resource leads to, if it is of a type.
    pub(super) fn follow(&self, from: usize, key: &'static str, kind: &str) -> Option<usize> {
        let reference = self.all[from].body.get(key)?;
        self.resolve(from, &reference)
            .filter(|at| self.all[*at].kind == kind)
    }

    /// Whether a resource says that it is about this patient.
    pub(super) fn is_about(&self, number: usize, patient: usize) -> bool {
        let contained = self.all[number].parent;
        let body = &self.all[number].body;
        let subject = ["subject", "patient", "individual"]
            .into_iter()
            .find_map(|key| body.get(key));
        match subject {
            Some(subject) if subject.get("reference").is_some() => {
                self.resolve(number, &subject) == Some(patient)
            }
            Some(subject) => self.is_named(&subject, patient),
            // What a resource contains is said of whom the resource is about.
            None => contained.is_some_and(|parent| self.is_about(parent, patient)),
        }
    }

    /// Whether a logical reference carries an identifier of the patient.
    fn is_named(&self, subject: &Cursor<'a>, patient: usize) -> bool {
        let Some(wanted) = subject.get("identifier") else {
            return false;
        };
        let pair = |of: &Cursor<'a>| Some((of.str_of("system"), of.str_of("value")?));
        let known = self.all[patient].body.items("identifier");
        pair(&wanted).is_some_and(|wanted| known.iter().any(|own| pair(own) == Some(wanted)))
    }

    /// A rejection that no resource can be blamed for.
    pub(super) fn lacks(&self, reason: Reason) -> CaseError {
        self.first.1.fault(reason).rejection(self.first.0)
    }
}

/// Whether any part of a resource has an extension that changes what the rest means, or rules
/// of its own. R4 (Extensibility) forbids to use what has a modifier that is not understood.
fn is_modified(node: &Node) -> bool {
    match &node.json {
        Json::Object(members) => members.iter().any(|member| {
            matches!(member.key.as_str(), "modifierExtension" | "implicitRules")
                || is_modified(&member.value)
        }),
        Json::List(items) => items.iter().any(is_modified),
        _ => false,
    }
}
