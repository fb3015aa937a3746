//! Files that come with a form: looked at and named by their digest in it, and kept under that once the
//! act that hands them in is allowed.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::digest::Digest;
use crate::engine::{ActiveStep, Order, Refusal, RefusalCode};
use crate::files::{self, LyingFile};
use crate::forms;
use crate::id::OrderId;
use crate::lang;
use crate::limits::ATTACHMENT_BYTES;
use crate::office::active_release::release_of;
use crate::office::{ActContext, Answer, OfficeFault};
use crate::policy::{Field, FieldKind, Form, Policy, StepKind};
use crate::store::Store;
use crate::store::attachments::{self, Attachment};
use crate::store::progress;
use crate::time::Stamp;

/// What a person hands in.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Papers {
    /// The form as filled; where it asks for a photo or a signature, it may name a file.
    pub form: Option<Value>,
    /// The folder in which such files lie.
    pub beside: PathBuf,
    /// More files, each for a field of the form, or only for the order where there is no such field.
    pub named: Vec<(String, PathBuf)>,
    /// For which step; the first that is open where none is named.
    pub step: Option<String>,
    /// Who hands it in.
    pub by: String,
}

/// A file that is handed in, and where it lies until it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandedFile {
    pub about: Attachment,
    pub path: PathBuf,
}

/// What was handed in, with every file looked at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HandedPapers {
    /// The form, naming files by their digests.
    pub form: Option<Value>,
    /// The new files.
    pub files: Vec<HandedFile>,
    /// The files that the form may name.
    pub attached: Vec<String>,
}

/// Keeps files beside the database, in the transaction of the acts that hand them in: what the record
/// names is then there.
///
/// # Errors
/// When one cannot be read or kept, or is not what it was when it was looked at.
pub(crate) fn keep_files(store: &Store, handed: &[HandedFile]) -> Answer<()> {
    let folder = files::beside(store.path());
    for HandedFile { about, path } in handed {
        let bytes = files::read_file(path, ATTACHMENT_BYTES + 1)?;
        if Digest::of(&bytes).to_string() != about.digest {
            let (file, cause) = (path.display().to_string(), "changed".to_owned());
            return Err(OfficeFault::FileUnreadable { file, cause }.into());
        }
        files::keep(&folder, &about.digest, &bytes)?;
    }
    Ok(())
}

/// Looks at the files of a form and names them in it by their digests; nothing is kept yet.
///
/// # Refusals
/// R042 and the like when a file is too large, of a kind that is not taken, or one too many.
pub async fn look_at_papers(cx: ActContext<'_>, order: &OrderId, papers: Papers) -> Answer<HandedPapers> {
    let Papers { form, beside, named, step, by } = papers;
    if form.is_none() && named.is_empty() {
        return Ok(HandedPapers::default());
    }
    let mut reader = cx.store.read().await?;
    let Some(loaded) = progress::load_many(&mut reader, [order]).await?.pop() else {
        return Ok(HandedPapers { form, ..HandedPapers::default() });
    };
    let known = attachments::of_order(&mut reader, order).await?;
    let pinned = release_of(&mut reader, cx.live, &loaded.policy).await?;
    drop(reader);
    let mut names: Vec<&str> = named.iter().map(|(name, _)| name.as_str()).collect();
    names.extend(form.iter().filter_map(Value::as_object).flat_map(|form| form.keys().map(String::as_str)));
    let asked = form_of(&pinned.policy, &loaded.order, step.as_deref(), &names);
    let mut looking = PaperLook {
        order,
        by: &by,
        now: cx.now,
        beside: &beside,
        named: &named,
        known: known.into_iter().map(|file| file.digest).collect(),
        files: Vec::new(),
        attached: Vec::new(),
    };
    let mut form = form;
    let fields = asked.map(|form| form.fields.as_slice()).unwrap_or_default();
    for field in fields {
        looking.field(field, &mut form)?;
    }
    let is_field =
        |name: &str| fields.iter().any(|field| is_file(field) && (field.id == name || field.title == name));
    for (name, path) in named.iter().filter(|(name, _)| !is_field(name)) {
        if form.is_some() {
            return Err(no_such_field(name, fields).into());
        }
        looking.look(path)?;
    }
    Ok(HandedPapers { form, files: looking.files, attached: looking.attached })
}

/// The form that is meant: that of the step named, else the first one that has all these fields, of the steps
/// where the order is and then of those it has passed, newest first. What is handed in again after the order has
/// moved on is so read as it was the first time.
fn form_of<'p>(policy: &'p Policy, order: &Order, step: Option<&str>, names: &[&str]) -> Option<&'p Form> {
    let workflow = policy.workflow(&order.cover.workflow)?;
    let of_step = |step: &str| {
        let StepKind::Duty { form: Some(id), .. } = &workflow.step(step)?.kind else { return None };
        policy.form(&workflow.id, id)
    };
    if let Some(step) = step {
        return of_step(step);
    }
    let open = order.first_place().into_iter().chain(order.state.places());
    let mut passed: Vec<(&String, Stamp)> =
        order.record.steps.iter().filter_map(|(id, step)| Some((id, step.last.as_ref()?.at))).collect();
    passed.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    let steps = open.map(|ActiveStep { step, .. }| step).chain(passed.into_iter().map(|(step, _)| step));
    let known = |form: &Form, name: &&str| {
        form.fields.iter().any(|field| field.id == **name || field.title == **name)
    };
    let mut forms = steps.filter_map(|step| of_step(step)).peekable();
    let first = forms.peek().copied();
    forms.find(|form| names.iter().all(|name| known(form, name))).or(first)
}

fn no_such_field(name: &str, fields: &[Field]) -> Refusal {
    let known = lang::list(fields.iter().filter(|field| is_file(field)).map(|field| &field.title));
    let some = if known.is_empty() { "no" } else { "yes" };
    Refusal::new(RefusalCode::NoSuchFileField).with("name", name).with("some", some).with("known", known)
}

fn is_file(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Photo | FieldKind::Signature)
}

struct PaperLook<'a> {
    order: &'a OrderId,
    by: &'a str,
    now: Stamp,
    beside: &'a Path,
    named: &'a [(String, PathBuf)],
    known: Vec<String>,
    files: Vec<HandedFile>,
    attached: Vec<String>,
}

impl PaperLook<'_> {
    /// Looks at the files of one field and puts their digests in their place.
    fn field(&mut self, field: &Field, form: &mut Option<Value>) -> Answer<()> {
        if !is_file(field) {
            return Ok(());
        }
        let more = self.named.iter().filter(|(name, _)| *name == field.id || *name == field.title);
        let more: Vec<&PathBuf> = more.map(|(_, path)| path).collect();
        let form = form.get_or_insert_with(|| Value::Object(serde_json::Map::new()));
        let Value::Object(form) = form else { return Ok(()) };
        let name = if form.contains_key(&field.title) { &field.title } else { &field.id };
        let given = form.remove(name);
        let is_list = field.kind == FieldKind::Photo;
        if given.is_none() && more.is_empty() {
            return Ok(());
        }
        let mut listed = match given {
            Some(Value::Array(listed)) => listed,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        for value in &mut listed {
            if let Some(text) = value.as_str().map(str::to_owned) {
                *value = Value::from(self.reference(field, &text)?);
            }
        }
        for path in more {
            listed.push(Value::from(self.look(path)?));
        }
        let value = if is_list { Value::Array(listed) } else { listed.pop().unwrap_or(Value::Null) };
        form.insert(name.clone(), value);
        Ok(())
    }

    /// Returns the digest for what the form says: a digest already, or a file that lies beside the form.
    ///
    /// # Refusals
    /// R170 where there is no such file; R171 where it lies elsewhere, also through a link.
    fn reference(&mut self, field: &Field, text: &str) -> Answer<String> {
        if self.known.iter().any(|known| known == text) {
            self.attached.push(text.to_owned());
            return Ok(text.to_owned());
        }
        if Digest::parse(text).is_some() || text.trim().is_empty() {
            return Ok(text.to_owned());
        }
        let folder = if self.beside.as_os_str().is_empty() { Path::new(".") } else { self.beside };
        let refusal = |code| {
            let refusal = Refusal::new(code).with("field", &field.title).with("file", text);
            refusal.with("folder", folder.display().to_string())
        };
        match files::lying_in(folder, Path::new(text)) {
            Some(LyingFile::Inside(path)) => self.look(&path),
            Some(LyingFile::Outside) => Err(refusal(RefusalCode::FileOutside).into()),
            None => Err(refusal(RefusalCode::FileMissing).into()),
        }
    }

    fn look(&mut self, path: &Path) -> Answer<String> {
        let bytes = files::read_file(path, ATTACHMENT_BYTES + 1)?;
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let digest = Digest::of(&bytes).to_string();
        self.attached.push(digest.clone());
        if self.known.contains(&digest) {
            return Ok(digest);
        }
        let seen = forms::look(&name, &bytes, self.known.len()).map_err(Refusal::from)?;
        self.known.push(digest.clone());
        let about = Attachment {
            order: self.order.clone(),
            digest: digest.clone(),
            name,
            kind: seen.kind.media_type().to_owned(),
            bytes: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
            actor: self.by.to_owned(),
            at: self.now,
            place: seen.place.map(|(lat, lon)| (lat.to_string(), lon.to_string())),
            taken_at: seen.taken_at.map(|at| at.to_string()),
        };
        self.files.push(HandedFile { about, path: path.to_owned() });
        Ok(digest)
    }
}
