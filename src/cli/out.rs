//! Writing to people and to scripts: tables that line up under Chinese, and JSON.

use std::backtrace::BacktraceStatus;
use std::io::{self, BufWriter, ErrorKind, IsTerminal, StdoutLock, Write};
use std::sync::OnceLock;

use unicode_width::UnicodeWidthStr;

use crate::diag::{Diagnostic, SourceMap, render};
use crate::engine::signals;
use crate::lang::Lang;
use crate::lang::visible::{on_one_line, visible};
use crate::office::StationTitles;
use crate::policy::{Policy, Tier};

/// How the answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// For scripts.
    Json,
}

/// Makes the words of a text of fields of the same names.
macro_rules! words_of {
    ($of:expr => $($field:ident),+ $(,)?) => { [$((stringify!($field), $of.$field.to_string())),+] };
}

pub(super) use words_of;

/// Why stdout takes no more; what is written after that is lost.
static BROKEN: OnceLock<io::Error> = OnceLock::new();
/// Whether the process goes on without anybody who reads: the daemon does.
static STAYS: OnceLock<()> = OnceLock::new();

/// Returns why the answer could not be written, if it could not.
pub(crate) fn broken() -> Option<&'static io::Error> {
    BROKEN.get()
}

/// Lets the process go on when nobody reads any more.
pub(crate) fn stay() {
    let _ = STAYS.set(());
}

/// Writes a line to stdout; a closed pipe ends the process quietly, as `| head` expects.
///
/// Whatever names stand in it, it stays one line, and nothing in it that a terminal would obey.
pub(crate) fn line(text: &str) {
    write(&format!("{}\n", on_one_line(text)));
}

/// Writes several lines to stdout, or one document of JSON.
pub(crate) fn lines(text: &str) {
    write(&format!("{}\n", visible(text)));
}

/// Writes what is wrong in a policy to stdout, with the lines it is about.
pub(crate) fn problem(problem: &Diagnostic, sources: &SourceMap, lang: Lang) {
    write(&format!("{}\n", render::terminal(problem, sources, lang, may_colour(&io::stdout()))));
}

/// Writes a line to stderr, where progress, hints and errors go.
pub(crate) fn note(text: &str) {
    note_lines(&on_one_line(text));
}

/// Writes what is wrong in a policy to stderr.
pub(crate) fn note_problem(problem: &Diagnostic, sources: &SourceMap, lang: Lang) {
    note_lines(&render::terminal(problem, sources, lang, may_colour(&io::stderr())));
}

/// Writes what went wrong in the program itself to stderr, with where it did if `RUST_BACKTRACE` asks for it.
pub(crate) fn note_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let trace = std::backtrace::Backtrace::capture();
    let trace = if trace.status() == BacktraceStatus::Captured { trace.to_string() } else { String::new() };
    note_lines(&visible(&format!("{panic}\n{trace}")));
}

fn note_lines(harmless: &str) {
    // Nothing can be said when stderr itself is gone.
    let _ = writeln!(io::stderr().lock(), "{harmless}");
}

/// Stderr for the log, which writes each event at once.
pub(crate) struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().lock().write_all(visible(&String::from_utf8_lossy(bytes)).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().lock().flush()
    }
}

/// Returns the date and the minute of a moment that is written in full.
pub(crate) fn minute(moment: &str) -> String {
    moment.get(..16).unwrap_or(moment).replace('T', " ")
}

/// Returns a moment from which on something is so: the day alone where it is the day's beginning.
pub(crate) fn beginning(moment: &str) -> String {
    let minute = minute(moment);
    minute.strip_suffix(" 00:00").map(str::to_owned).unwrap_or(minute)
}

/// Says why a rule gave no answer, from its code and place as they are recorded: `S104 rules/risk.rhai:12`.
pub(crate) fn cause(lang: Lang, recorded: &str) -> String {
    let (code, place) = recorded.split_once(' ').unwrap_or((recorded, "none"));
    if code.len() != 4 || !code.starts_with('S') {
        return recorded.to_owned();
    }
    lang.text("rule-cause", &[("code", code), ("place", place)])
}

/// Returns whether what failed is a script of a station's own, so that the bureau's answer stands.
pub(crate) fn is_of_station(cause: &str) -> bool {
    cause.split_once(' ').is_some_and(|(_, place)| place.starts_with("stations/"))
}

/// Returns what a signal of the program itself is called; one that the policy names is called so.
pub(crate) fn signal(lang: Lang, name: &str) -> String {
    let id = format!("signal-{}", name.replace('.', "-"));
    if signals::ALL.contains(&name) { lang.word(&id) } else { name.to_owned() }
}

/// Returns what a trigger is called, by the names of its workflow and itself.
pub(crate) fn trigger(policy: &Policy, id: &str) -> String {
    let found = id.split_once('/').and_then(|(workflow, trigger)| {
        let workflow = policy.workflow(workflow)?;
        let trigger = workflow.start.iter().find(|known| known.id == trigger)?;
        Some(format!("{} {}", workflow.title, trigger.title))
    });
    found.unwrap_or_else(|| id.to_owned())
}

/// Returns what a station is called; its id where nobody said.
pub(crate) fn titled(stations: &StationTitles, id: &str) -> String {
    stations.get(id).map_or(id, String::as_str).to_owned()
}

/// Says why somebody was passed over. Only the name of the reason is recorded; its particulars are those of the day.
pub(super) fn exclusion(lang: Lang, why: &str) -> String {
    let recorded = format!("excluded-{}", why.trim_start_matches("exclusion-"));
    if lang.has(&recorded).0 { lang.word(&recorded) } else { why.to_owned() }
}

/// Returns a tier as people are shown it: its id and its title.
pub(crate) fn tier_shown(lang: Lang, tier: &Tier) -> String {
    let title = match lang {
        Lang::Zh => &tier.title,
        Lang::En => &tier.title_en,
    };
    if *title == tier.id { tier.id.clone() } else { format!("{} {title}", tier.id) }
}

/// Writes a value after the word `head-<name>`.
pub(crate) fn field(lang: Lang, name: &str, value: &str) {
    line(&format!("{}: {value}", lang.word(&format!("head-{name}"))));
}

fn write(text: &str) {
    let mut stdout = io::stdout().lock();
    heed(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()));
}

/// Ends the process quietly when nobody reads any more; keeps any other failure for its end.
fn heed(written: io::Result<()>) {
    let Err(error) = written else { return };
    if STAYS.get().is_none() {
        if error.kind() == ErrorKind::BrokenPipe {
            std::process::exit(0);
        }
        let _ = BROKEN.set(error);
    }
}

/// Stdout for much at once.
pub(crate) struct Stdout(BufWriter<StdoutLock<'static>>);

impl Stdout {
    pub(crate) fn new() -> Self {
        Self(BufWriter::with_capacity(64 * 1_024, io::stdout().lock()))
    }

    pub(crate) fn write(&mut self, text: &str) {
        self.write_bytes(text.as_bytes());
    }

    pub(crate) fn write_bytes(&mut self, bytes: &[u8]) {
        heed(self.0.write_all(bytes));
    }

    /// Writes what still waits.
    pub(crate) fn end(mut self) {
        heed(self.0.flush());
    }
}

/// For what writes by itself: what is not taken is kept for the end.
impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        heed(self.0.flush());
        Ok(())
    }
}

/// Returns whether what goes there may be coloured.
pub(crate) fn may_colour(to: &impl IsTerminal) -> bool {
    to.is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Writes a table under the words `head-<name>`.
pub(crate) fn table<const N: usize>(
    lang: Lang,
    names: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) {
    let headings = names.map(|name| lang.word(&format!("head-{name}")));
    table_of(&std::iter::once(headings).chain(rows).collect::<Vec<_>>());
}

/// Writes rows, the headings first, so that their columns line up in display cells.
pub(crate) fn table_of<R: AsRef<[String]>>(rows: &[R]) {
    let rows: Vec<Vec<String>> = rows.iter().map(|row| harmless(row.as_ref())).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|c| c.width()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    for row in rows {
        write(&aligned(&row, &widths));
    }
}

/// Returns cells as they can be shown: each on one line, and harmless for a terminal.
pub(crate) fn harmless(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| on_one_line(cell).into_owned()).collect()
}

/// Puts the cells of a row, as they can be shown, into a line, each as wide as its column.
pub(crate) fn aligned(cells: &[String], widths: &[usize]) -> String {
    let mut line = String::new();
    for (cell, width) in cells.iter().zip(widths) {
        line.push_str(cell);
        line.extend(std::iter::repeat_n(' ', (width + 2).saturating_sub(cell.width())));
    }
    line.truncate(line.trim_end().len());
    line.push('\n');
    line
}
