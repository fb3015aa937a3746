//! `wubu document …`: blanks, their books, and the life of documents.

use std::path::Path;

use clap::{ArgMatches, Command};
use serde_json::Value;
use strum::VariantNames as _;

use super::act::FORM_FILE_BYTES;
use super::order_filter::note_unless_known;
use super::typed::{self, NamedValue};
use super::{
    Arguments as _, CommandContext, CommandStop, Exit, day, json, option, out, positional, stop, switch,
};
use crate::diag::nearest;
use crate::documents::{BlankCounts, BlankState, DocumentFacts, DocumentState, ReplacementHow, ServiceWay};
use crate::lang::visible::html;
use crate::lang::{self, Lang};
use crate::office::{
    self, ActContext, BlankCommand, BlankFilter, BlankIssue, BlankLine, BlankUse, Correction,
    DocumentCommand, DocumentFilter, DocumentLine, MonthBooks, MonthWish, OfficeFault, ServiceWish,
    StationTitles,
};
use crate::store::Access;

/// What only reads, and so asks for nobody's name.
const READING: [&str; 4] = ["list", "render", "missing", "reconcile"];

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let about = |name: &'static str| {
        let person = option("as", "USER", lang).required(!READING.contains(&name));
        Command::new(name).about(lang.word(&format!("cli-document-{name}"))).arg(person)
    };
    let arg = |name: &'static str, value: &'static str| option(name, value, lang);
    let issue = about("issue")
        .arg(positional("document-kind", "KIND", lang))
        .arg(positional("count", "COUNT", lang).value_parser(clap::value_parser!(i64)))
        .arg(arg("to", "STATION").required(true));
    let sign_out = about("sign-out")
        .arg(positional("what", "KIND|SERIAL", lang))
        .args([arg("to", "OFFICER").required(true), arg("order", "ORDER")]);
    let on_serial = |name| about(name).arg(positional("serial", "SERIAL", lang));
    let original = arg("original", "ORIGINAL").value_parser(["kept", "missing"]);
    let void = on_serial("void").args([original, arg("reason", "TEXT"), arg("with", "SECOND")]);
    let using = on_serial("use").args([arg("order", "ORDER").required(true), arg("form", "FILE")]);
    let on_document = |name| {
        let document = positional("document", "ORDER/PLACE", lang);
        about(name).arg(document.help(lang.word("cli-arg-document-id")))
    };
    let serve = on_document("serve")
        .arg(
            arg("how", "HOW")
                .value_parser(NamedValue {
                    names: ServiceWay::VARIANTS,
                    text_of: |way| format!("service-way-{way}"),
                })
                .default_value("direct"),
        )
        .args([arg("to", "WHOM"), arg("on", "DATE"), arg("receipt", "TEXT")]);
    let limit = arg("limit", "N").value_parser(clap::value_parser!(u32));
    let list = about("list")
        .args([arg("order", "ORDER"), arg("kind", "KIND"), arg("station", "ID"), arg("state", "STATE")])
        .args([arg("officer", "ID"), limit, switch("blanks", lang)]);
    let reconcile = about("reconcile")
        .arg(arg("month", "YYYY-MM").required(true))
        .args([arg("station", "ID"), switch("close", lang).requires("as")]);
    command.subcommand_required(true).subcommands([
        issue,
        sign_out,
        using,
        on_serial("return"),
        void,
        on_serial("lost").arg(arg("reason", "TEXT")),
        list,
        reconcile,
        on_document("render").arg(arg("out", "FILE")),
        on_document("submit"),
        on_document("sign").arg(arg("with", "SECOND")),
        on_document("approve"),
        on_document("seal"),
        serve,
        on_document("file"),
        on_document("correct").args([arg("reason", "TEXT"), switch("revoke", lang)]),
        about("missing").arg(positional("id", "ORDER", lang)),
    ])
}

/// One call: what was asked, where, when and by whom.
struct Call<'a> {
    context: &'a CommandContext,
    matches: &'a ArgMatches,
    cx: ActContext<'a>,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let Some((name, rest)) = matches.subcommand() else { return Ok(Exit::Done) };
    let reads = READING.contains(&name) && !(name == "reconcile" && rest.get_flag("close"));
    let opened = context.open_active(if reads { Access::Read } else { Access::Write })?;
    let call = Call { context, matches: rest, cx: context.act(&opened)? };
    match name {
        "issue" => call.issue(),
        "list" => call.list(),
        "reconcile" => call.reconcile(),
        "render" => call.render(),
        "missing" => call.missing(),
        "use" => call.use_blank(),
        "correct" => call.correct(),
        "file" if !call.word("document").contains('/') => call.file_order(),
        "sign-out" | "return" | "void" | "lost" => call.blank(name),
        _ => call.document(name),
    }
}

impl Call<'_> {
    fn text(&self, name: &str) -> Option<String> {
        self.matches.try_get_one::<String>(name).ok().flatten().cloned()
    }

    fn word(&self, name: &str) -> String {
        self.text(name).unwrap_or_default()
    }

    fn person(&self, name: &str) -> Option<String> {
        self.matches.person(name)
    }

    fn actor(&self) -> String {
        self.matches.whose("as")
    }

    fn say(&self, id: &str, args: &[(&str, String)]) {
        out::line(&self.context.lang.text(id, args));
    }

    fn issue(&self) -> Result<Exit, CommandStop> {
        let kind = typed::document_kind(self.cx.policy(), self.word("document-kind"));
        let count = self.matches.get_one::<i64>("count").copied().unwrap_or_default();
        let wish = BlankIssue { kind, count, station: self.word("to") };
        let issued = self.context.block_on(office::issue_blanks(self.cx, &wish, &self.actor()))?;
        self.context.answer(&issued, |issued| {
            self.say("document-issued", &out::words_of!(issued => count, first, last));
        })
    }

    fn blank(&self, name: &str) -> Result<Exit, CommandStop> {
        let command = match name {
            "sign-out" => BlankCommand::SignOut { to: self.matches.whose("to"), order: self.text("order") },
            "return" => BlankCommand::Return,
            "void" => BlankCommand::Void {
                with: self.person("with"),
                has_original: self.word("original") == "kept",
                reason: self.text("reason"),
            },
            _ => BlankCommand::Lose { reason: self.text("reason") },
        };
        let what = match name {
            "sign-out" => typed::document_kind(self.cx.policy(), self.word("what")),
            _ => self.word("serial"),
        };
        let by = self.actor();
        let line = self.context.block_on(office::move_blank(self.cx, &what, &command, &by))?;
        self.context.answer(&line, |line| {
            let state = blank_state(self.context.lang, line);
            self.say("document-blank", &[("blank", line.serial.clone()), ("state", state)]);
        })
    }

    fn document(&self, name: &str) -> Result<Exit, CommandStop> {
        let command = match name {
            "submit" => DocumentCommand::Submit,
            "sign" => DocumentCommand::Sign { with: self.person("with") },
            "approve" => DocumentCommand::Approve,
            "seal" => DocumentCommand::Seal,
            "file" => DocumentCommand::File,
            _ => DocumentCommand::Serve(self.service()?),
        };
        let (id, by) = (self.word("document"), self.actor());
        let acting = office::act_on_document(self.cx, &id, &command, &by);
        self.answer(&self.context.block_on(acting)?)
    }

    fn service(&self) -> Result<ServiceWish, CommandStop> {
        let way = self.word("how").parse().unwrap_or(ServiceWay::Direct);
        let on = self.text("on").map(|on| day(&on, "--on")).transpose()?;
        Ok(ServiceWish { to: self.text("to"), way, on, receipt: self.text("receipt") })
    }

    fn answer(&self, line: &DocumentLine) -> Result<Exit, CommandStop> {
        self.context.answer(line, |line| self.say_document(line))
    }

    fn say_document(&self, line: &DocumentLine) {
        let args = [
            ("document", line.id.clone()),
            ("state", self.context.lang.word(&format!("paper-{}", line.state))),
            ("number", line.number.clone().unwrap_or_default()),
        ];
        out::line(self.context.lang.text("document-document", &args).trim_end());
    }

    fn use_blank(&self) -> Result<Exit, CommandStop> {
        let (serial, order, by) = (self.word("serial"), self.word("order"), self.actor());
        let facts = self.text("form").map(|file| facts(&file)).transpose()?.unwrap_or_default();
        let is_empty = facts.answers.is_empty();
        let wish = BlankUse { serial: &serial, order: &order, facts };
        let line = self.context.block_on(office::use_blank(self.cx, wish, &by))?;
        if is_empty {
            out::note(&self.context.lang.word("document-use-empty"));
        }
        self.answer(&line)
    }

    fn correct(&self) -> Result<Exit, CommandStop> {
        let revokes = self.matches.get_flag("revoke");
        let how = if revokes { ReplacementHow::Revokes } else { ReplacementHow::Corrects };
        let (id, by) = (self.word("document"), self.actor());
        let wish = Correction { how, reason: self.text("reason") };
        let correcting = office::correct_document(self.cx, &id, wish, &by);
        self.answer(&self.context.block_on(correcting)?)
    }

    fn file_order(&self) -> Result<Exit, CommandStop> {
        let (id, by) = (self.word("document"), self.actor());
        let filed = self.context.block_on(office::file_order(self.cx, &id, &by))?;
        self.context.answer(&filed, |filed| {
            self.say("document-filed", &[("count", filed.len().to_string())]);
        })
    }

    fn list(&self) -> Result<Exit, CommandStop> {
        let lang = self.context.lang;
        let limit = self.matches.get_one::<u32>("limit").map(|limit| i64::from(*limit));
        let kind = self.text("kind").map(|kind| typed::document_kind(self.cx.policy(), kind));
        let station = self.text("station");
        let named = |state: &str| {
            if self.matches.get_flag("blanks") {
                typed::meant(|state| format!("blank-{state}"), BlankState::VARIANTS, state)
            } else {
                typed::meant(|state| format!("paper-{state}"), DocumentState::VARIANTS, state)
            }
        };
        let state = self.text("state").map(|state| named(&state).map_or(state.clone(), str::to_owned));
        self.note_unknown(kind.as_deref(), state.as_deref());
        if self.matches.get_flag("blanks") {
            let filter = BlankFilter { kind, station, state, officer: self.person("officer"), limit };
            let mut list = self.context.list(["control", "kind", "station", "state", "holder", "document"]);
            let stations = self.context.block_on(office::station_titles(self.cx))?;
            let each = |line| list.row(&line, |line| blank_cells(lang, line, &stations));
            self.context.block_on(office::blanks(self.cx, &filter, each))?;
            self.context.print(list, "document-count")
        } else {
            let (order, filter) =
                (self.text("order"), DocumentFilter { order: None, kind, station, state, limit });
            let mut list = self.context.list(["document", "kind", "number-of", "control", "state", "made"]);
            let each = |line| list.row(&line, |line| document_cells(lang, line));
            self.context.block_on(office::documents(self.cx, order.as_deref(), &filter, each))?;
            self.context.print(list, "document-count")
        }
    }

    /// Notes a kind that the policy does not have, and a state that nothing is ever in.
    fn note_unknown(&self, kind: Option<&str>, state: Option<&str>) {
        let lang = self.context.lang;
        if let Some(kind) = kind {
            let kinds = self.cx.policy().documents.iter();
            let kinds: Vec<_> = kinds.map(|kind| (kind.id.clone(), kind.title.clone())).collect();
            note_unless_known(lang, "kind", kind, &kinds);
        }
        let (names, prefix) = if self.matches.get_flag("blanks") {
            (BlankState::VARIANTS, "blank")
        } else {
            (DocumentState::VARIANTS, "paper")
        };
        if let Some(state) = state {
            let state_of = |name: &&str| ((*name).to_owned(), lang.word(&format!("{prefix}-{name}")));
            note_unless_known(lang, "state", state, &names.iter().map(state_of).collect::<Vec<_>>());
        }
    }

    fn missing(&self) -> Result<Exit, CommandStop> {
        let id = self.word("id");
        let lacks = self.context.block_on(office::missing_of(self.cx, &id))?;
        self.context.answer(&lacks, |lacks| {
            if lacks.is_empty() {
                self.say("lack-none", &[]);
            }
            for lack in lacks {
                self.say(&format!("lack-{}", lack.lack), &out::words_of!(lack => what, detail));
            }
        })?;
        Ok(if lacks.is_empty() { Exit::Done } else { Exit::Problems })
    }

    fn reconcile(&self) -> Result<Exit, CommandStop> {
        let (month, station, by) = (self.word("month"), self.text("station"), self.actor());
        let closed_by = self.matches.get_flag("close").then_some(by.as_str());
        let wish = MonthWish { month: &month, station: station.as_deref(), closed_by };
        let books = self.context.block_on(office::reconcile_month(self.cx, wish))?;
        let books = books.ok_or_else(|| CommandStop::unreadable("--month", &month, "2026-03"))?;
        let stations = self.context.block_on(office::station_titles(self.cx))?;
        self.context.answer(&books, |books| print_books(self.context.lang, books, &stations))?;
        Ok(if books.balanced { Exit::Done } else { Exit::Problems })
    }

    fn render(&self) -> Result<Exit, CommandStop> {
        let id = self.word("document");
        let printed = self.context.block_on(office::render_document(self.cx, &id))?;
        if printed.changed {
            out::note(&self.context.lang.word("document-changed-since"));
        }
        let file = self.text("out");
        if let Some(file) = &file {
            stop::refuse_other_file(Path::new(file), "<!")?;
            std::fs::write(file, &printed.html).map_err(|error| OfficeFault::unwritable(file, error))?;
        }
        self.context.answer(&printed, |printed| match file {
            Some(file) => self.say("document-printed", &[("file", file)]),
            None => out::lines(&html(printed.html.trim_end())),
        })
    }
}

/// Reads what a document says from a file of JSON: `answers`, `reason`.
fn facts(file: &str) -> Result<DocumentFacts, CommandStop> {
    let said: Value = json::read(Path::new(file), FORM_FILE_BYTES)?;
    let wrong = || CommandStop::Usage("U012", vec![("path", file.to_owned())]);
    if !said.is_object() {
        return Err(wrong());
    }
    if let Some(StrangeKey { key, known }) = strange_key(&said, PaperPart::Whole) {
        let nearest = nearest(key, known.iter().copied());
        let args = vec![
            ("path", file.to_owned()),
            ("key", key.to_owned()),
            ("near", if nearest.is_some() { "yes" } else { "no" }.to_owned()),
            ("nearest", nearest.unwrap_or_default().to_owned()),
            ("known", lang::list(known)),
        ];
        return Err(CommandStop::Usage("U020", args));
    }
    serde_json::from_value(said).map_err(|_| wrong())
}

/// A part of what somebody writes for a paper.
#[derive(Clone, Copy)]
enum PaperPart {
    Whole,
    Answer,
    Item,
    Field,
}

/// A key that a part of a paper does not have.
struct StrangeKey<'a> {
    key: &'a str,
    /// Those that it has.
    known: &'static [&'static str],
}

impl PaperPart {
    /// The keys a part has; which of them hold further parts, and of what kind.
    const fn keys(self) -> (&'static [&'static str], &'static [(&'static str, Self)]) {
        match self {
            Self::Whole => (&["answers", "reason"], &[("answers", Self::Answer)]),
            Self::Answer => (
                &["step", "title", "visit", "on", "items", "fields"],
                &[("items", Self::Item), ("fields", Self::Field)],
            ),
            Self::Item => (&["title", "result", "note"], &[]),
            Self::Field => (&["id", "title", "value", "columns", "rows"], &[]),
        }
    }
}

/// Finds a key that no paper would show.
fn strange_key(said: &Value, part: PaperPart) -> Option<StrangeKey<'_>> {
    let (known, within) = part.keys();
    let said = said.as_object()?;
    if let Some(key) = said.keys().find(|key| !known.contains(&key.as_str())) {
        return Some(StrangeKey { key, known });
    }
    let parts = within.iter().filter_map(|(key, part)| Some((said.get(*key)?.as_array()?, *part)));
    parts
        .flat_map(|(all, part)| all.iter().map(move |one| (one, part)))
        .find_map(|(one, part)| strange_key(one, part))
}

fn blank_state(lang: Lang, line: &BlankLine) -> String {
    let state = lang.word(&format!("blank-{}", line.state));
    match &line.voiding_with {
        Some(second) => lang.text("blank-voiding", &[("state", state), ("second", second.clone())]),
        None => state,
    }
}

fn blank_cells(lang: Lang, line: &BlankLine, stations: &StationTitles) -> Vec<String> {
    vec![
        line.serial.clone(),
        line.title.clone(),
        out::titled(stations, &line.station),
        blank_state(lang, line),
        line.officer.clone().unwrap_or_default(),
        line.document.clone().or_else(|| line.order.clone()).unwrap_or_default(),
    ]
}

fn document_cells(lang: Lang, line: &DocumentLine) -> Vec<String> {
    vec![
        line.id.clone(),
        line.title.clone(),
        line.number.clone().unwrap_or_default(),
        line.control.clone().unwrap_or_default(),
        lang.word(&format!("paper-{}", line.state)),
        out::minute(&line.made_at),
    ]
}

fn print_books(lang: Lang, books: &MonthBooks, stations: &StationTitles) {
    let states = ["in_stock", "signed_out", "in_use", "filed", "voided", "lost"];
    let heads = ["station", "kind", "issued-count"].map(|name| lang.word(&format!("head-{name}")));
    let headings = heads.into_iter().chain(states.map(|name| lang.word(&format!("blank-{name}"))));
    let mut rows: Vec<Vec<String>> = vec![headings.chain([lang.word("head-found")]).collect()];
    for station in &books.stations {
        for line in &station.kinds {
            let BlankCounts { issued, in_stock, signed_out, in_use, filed, voided, lost } = line.counts;
            let names = [out::titled(stations, &station.station), line.title.clone(), issued.to_string()];
            let places = [in_stock, signed_out, in_use, filed, voided, lost, line.counts.found()];
            rows.push(names.into_iter().chain(places.map(|count| count.to_string())).collect());
        }
    }
    out::table_of(&rows);
    for station in &books.stations {
        for blank in station.kinds.iter().flat_map(|line| &line.originals_missing) {
            out::line(&lang.text("document-original-missing", &[("blank", blank.clone())]));
        }
        let total = &station.total.counts;
        let args = [("issued", total.issued.to_string()), ("found", total.found().to_string())];
        let id = if station.balanced { "document-even" } else { "document-uneven" };
        out::line(&format!("{}: {}", out::titled(stations, &station.station), lang.text(id, &args)));
        if station.closed {
            out::line(&lang.text("document-closed", &[("month", books.month.clone())]));
        }
    }
}
