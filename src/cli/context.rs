//! What every command knows: where the policy and the database are, who reads, and what time it is.

use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono::Datelike as _;
use clap::ArgMatches;
use serde::Serialize;

use super::list_writer::ListWriter;
use super::out::Format;
use super::{CommandStop, Exit, out};
use crate::engine::{Refusal, RefusalCode};
use crate::lang::{Lang, dates};
use crate::office::{self, ActContext, ActiveRelease, OfficeFault, WrittenMoment};
use crate::store::{Access, Holder, Store};
use crate::time::{AdjustedClock, Clock as _, Day, Stamp, SystemClock, Tz};

/// What every command knows.
pub(crate) struct CommandContext {
    pub(crate) lang: Lang,
    /// What the policy that comes with the program is written in: what `--lang` says. The locale of a shell says how
    /// somebody reads, not what a bureau's policy is.
    pub(super) policy_lang: Lang,
    pub(crate) format: Format,
    pub(crate) policy_dir: PathBuf,
    pub(crate) db: String,
    at: Option<String>,
    is_rehearsal: bool,
    /// The machine's clock, put right by the server's where the database that was opened is on one.
    clock: Arc<AdjustedClock>,
    runtime: tokio::runtime::Runtime,
}

/// Returns the reader's language: `--lang`, then the locale.
///
/// It is needed before the arguments are parsed, because their errors are read too.
pub(crate) fn language(args: &[OsString]) -> Lang {
    let texts: Vec<&str> = args.iter().filter_map(|arg| arg.to_str()).collect();
    let given = texts.iter().enumerate().find_map(|(at, arg)| match arg.strip_prefix("--lang") {
        Some("") => texts.get(at + 1).copied(),
        Some(rest) => rest.strip_prefix('='),
        None => None,
    });
    let locale = sys_locale::get_locale();
    // What no language is called is refused in the reader's own.
    let chosen = [given, locale.as_deref()].into_iter().flatten().find_map(|name| name.parse().ok());
    chosen.unwrap_or(Lang::En)
}

/// The active release if there is one, and the store it came from.
pub(crate) struct OpenDatabase {
    pub(crate) store: Store,
    pub(crate) live: Arc<ActiveRelease>,
    /// The folder of a database that is gone with the command.
    pub(super) passing: Option<tempfile::TempDir>,
}

impl CommandContext {
    pub(crate) fn new(lang: Lang, matches: &ArgMatches) -> Result<Self, CommandStop> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(OfficeFault::impossible)?;
        Ok(Self {
            lang,
            policy_lang: text("lang").and_then(|name| name.parse().ok()).unwrap_or(Lang::Zh),
            format: if text("format").as_deref() == Some("json") { Format::Json } else { Format::Text },
            policy_dir: text("policy").unwrap_or_else(|| ".".to_owned()).into(),
            db: text("db").unwrap_or_else(|| "sqlite:wubu.db".to_owned()),
            at: text("at"),
            is_rehearsal: matches.get_flag("rehearsal"),
            clock: Arc::default(),
            runtime,
        })
    }

    /// Runs something asynchronous to its end.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        self.runtime.block_on(future)
    }

    /// Runs something asynchronous beside what this command does.
    pub(super) fn spawn(
        &self,
        future: impl Future<Output = ()> + Send + 'static,
    ) -> tokio::task::JoinHandle<()> {
        self.runtime.spawn(future)
    }

    /// Returns the moment to act at: `--at`, or now.
    pub(crate) fn now(&self, zone: Tz) -> Result<Stamp, CommandStop> {
        match &self.at {
            None => Ok(self.clock.now()),
            Some(text) => moment(text, zone).ok_or_else(|| {
                CommandStop::Usage("U001", vec![("text", text.clone()), ("argument", "--at".to_owned())])
            }),
        }
    }

    /// Refuses `--at` where time itself is lived through.
    pub(super) fn refuse_moment(&self) -> Result<(), CommandStop> {
        match self.at {
            Some(_) => Err(CommandStop::Usage("U040", Vec::new())),
            None => Ok(()),
        }
    }

    /// Returns what a command on an opened database stands on; one that writes at a moment that cannot be
    /// is refused, and a rehearsal is put on the record.
    pub(crate) fn act<'a>(&self, opened: &'a OpenDatabase) -> Result<ActContext<'a>, CommandStop> {
        let cx = self.at_desk(opened)?;
        if opened.store.is_writable() {
            self.block_on(office::refuse_false_moment(cx))?;
            self.block_on(office::note_rehearsal(cx))?;
        }
        Ok(cx)
    }

    /// The same for acts on orders, whose moment is looked at once their key is known to be new.
    pub(crate) fn at_desk<'a>(&self, opened: &'a OpenDatabase) -> Result<ActContext<'a>, CommandStop> {
        let OpenDatabase { store, live, passing: _ } = opened;
        self.acting(store, live, live.policy.bureau.zone)
    }

    /// Returns what an act on a database stands on, its moment read in a zone.
    pub(crate) fn acting<'a>(
        &self,
        store: &'a Store,
        live: &'a ActiveRelease,
        zone: Tz,
    ) -> Result<ActContext<'a>, CommandStop> {
        let written = WrittenMoment { clock: self.clock.now(), is_rehearsal: self.is_rehearsal };
        let now = self.now(zone)?;
        Ok(ActContext::new(store, live, now).written(self.at.is_some().then_some(written)))
    }

    /// Loads the folder's policy; its errors end the command.
    pub(crate) fn folder(&self) -> Result<ActiveRelease, CommandStop> {
        Ok(office::load_folder(&self.policy_dir, self.reading_day()?)?)
    }

    /// Loads the folder's policy without the overlays in force that do not hold with it.
    pub(crate) fn holding_folder(&self, live: &ActiveRelease) -> Result<office::HoldingFolder, CommandStop> {
        Ok(office::load_holding(&self.policy_dir, self.reading_day()?, live)?)
    }

    /// Loads the folder's policy whatever is wrong with it, for `check`.
    pub(crate) fn examine(&self) -> Result<office::FolderReport, CommandStop> {
        Ok(office::examine(&self.policy_dir, self.reading_day()?)?)
    }

    /// Returns the day on which a folder is read. Its zone is not known before it is read.
    fn reading_day(&self) -> Result<Day, CommandStop> {
        Ok(self.now(Tz::UTC)?.day_in(Tz::UTC))
    }

    /// Opens the database.
    pub(crate) fn store(&self, access: Access) -> Result<Store, CommandStop> {
        let store = self.block_on(Store::open(&self.db, access))?;
        if let Some(said) = self.block_on(store.server_time())? {
            self.clock.follow(said);
        }
        Ok(store)
    }

    /// Returns the clock that commands go by.
    pub(super) const fn clock(&self) -> &Arc<AdjustedClock> {
        &self.clock
    }

    /// Returns whether there is a file to be opened; what a server has shows when it is asked.
    pub(crate) fn has_database(&self) -> bool {
        let is_served = self.db.starts_with("postgres");
        is_served || Path::new(self.db.strip_prefix("sqlite:").unwrap_or(&self.db)).exists()
    }

    /// Returns how the database is called: as it was written, without what is secret of it.
    pub(crate) fn database_name(&self, store: &Store) -> String {
        if self.db.starts_with("postgres") { store.address().display().to_string() } else { self.db.clone() }
    }

    /// Writes the answer: JSON as the contract says, or what `text` writes.
    pub(crate) fn answer<T: Serialize>(&self, value: &T, text: impl FnOnce(&T)) -> Result<Exit, CommandStop> {
        match self.format {
            Format::Text => text(value),
            Format::Json => {
                let json = serde_json::to_string_pretty(value).map_err(OfficeFault::impossible)?;
                out::lines(&json);
            }
        }
        Ok(Exit::Done)
    }

    /// Begins a list, as a table with these headings or as JSON.
    pub(crate) fn list<const N: usize>(&self, headings: [&str; N]) -> ListWriter {
        let headings = headings.iter().map(|name| self.lang.word(&format!("head-{name}")));
        ListWriter::new(self.format, headings.collect())
    }

    /// Writes a list out and, beside a table, how many rows it has.
    pub(crate) fn print(&self, list: ListWriter, count: &'static str) -> Result<Exit, CommandStop> {
        let rows = list.print()?;
        if self.format == Format::Text {
            out::note(&self.lang.text(count, &[("count", rows.to_string())]));
        }
        Ok(Exit::Done)
    }

    /// Says on stderr what is not an error in a policy.
    pub(crate) fn warn(&self, live: &ActiveRelease) {
        for warning in &live.warnings {
            out::note_problem(warning, &live.policy.sources, self.lang);
        }
    }

    /// Opens the database with its active release; with none yet, the folder's policy is activated.
    pub(crate) fn open_or_activate(&self, access: Access) -> Result<OpenDatabase, CommandStop> {
        self.open_or(access, || self.folder())
    }

    /// The same with the policy that comes with the program, in the language of `--lang`.
    pub(crate) fn open_or_activate_shipped(&self, access: Access) -> Result<OpenDatabase, CommandStop> {
        self.open_or(access, || Ok(office::load_shipped(self.policy_lang)?))
    }

    fn open_or(
        &self,
        access: Access,
        propose: impl FnOnce() -> Result<ActiveRelease, CommandStop>,
    ) -> Result<OpenDatabase, CommandStop> {
        let store = self.store(access)?;
        if let Some(live) = self.block_on(office::live(&store))? {
            return Ok(OpenDatabase { store, live: Arc::new(live), passing: None });
        }
        let proposed = propose()?;
        let now = self.now(proposed.policy.bureau.zone)?;
        self.warn(&proposed);
        let actor = proposed.policy.administrator.recorded().to_owned();
        let live = self.block_on(office::activate(&store, proposed, &actor, now))?;
        Ok(OpenDatabase { store, live: Arc::new(live), passing: None })
    }

    /// Opens the database to try something that is undone; where nothing is active yet, an empty one that is gone
    /// with the command, with the folder's policy.
    pub(crate) fn open_to_try(&self) -> Result<OpenDatabase, CommandStop> {
        if self.has_database() {
            let store = self.store(Access::Write)?;
            if let Some(live) = self.block_on(office::live(&store))? {
                return Ok(OpenDatabase { store, live: Arc::new(live), passing: None });
            }
        }
        let folder = tempfile::tempdir().map_err(|error| OfficeFault::unwritable(&self.db, error))?;
        let url = format!("sqlite:{}", folder.path().join("wubu.db").display());
        let store = self.block_on(Store::open(&url, Access::Write))?;
        let proposed = self.folder()?;
        let (now, actor) =
            (self.now(proposed.policy.bureau.zone)?, proposed.policy.administrator.recorded().to_owned());
        let live = self.block_on(office::activate(&store, proposed, &actor, now))?;
        Ok(OpenDatabase { store, live: Arc::new(live), passing: Some(folder) })
    }

    /// Opens the database for reading with its active release.
    pub(crate) fn open_active(&self, access: Access) -> Result<OpenDatabase, CommandStop> {
        let store = self.store(access)?;
        let live = self.block_on(office::live(&store))?;
        let live = live.ok_or_else(|| Refusal::new(RefusalCode::NoRelease))?;
        Ok(OpenDatabase { store, live: Arc::new(live), passing: None })
    }
}

/// Years at which one may act: what follows from an act ends within a few of them, and a moment after
/// the year 9999 is not written with the same width as others.
const YEARS: RangeInclusive<i32> = 1970..=9900;

/// Reads `--at`: RFC 3339, local date and time in the bureau's zone, or a bare date, which means
/// its last second there.
pub(crate) fn moment(text: &str, zone: Tz) -> Option<Stamp> {
    written_moment(text, zone).filter(|at| YEARS.contains(&at.utc().year()))
}

fn written_moment(text: &str, zone: Tz) -> Option<Stamp> {
    if let Ok(stamp) = text.parse::<Stamp>() {
        return Some(stamp);
    }
    dates::moment(text, zone).or_else(|| dates::day(text).map(|day| Stamp::day_end(day, zone)))
}

/// Reads a date argument.
pub(crate) fn day(text: &str, argument: &'static str) -> Result<Day, CommandStop> {
    dates::day(text).ok_or_else(|| {
        CommandStop::Usage("U002", vec![("text", text.to_owned()), ("argument", argument.to_owned())])
    })
}

/// Returns the access of the one who dispatches, with the note that a second one reads.
pub(crate) fn daemon_access() -> Access {
    Access::Daemon { holder: holder() }
}

/// Returns who this process is, for one that finds a database held.
pub(super) fn holder() -> Holder {
    let host = std::env::var("HOSTNAME").or_else(|_| std::fs::read_to_string("/etc/hostname"));
    let host = host.map_or_else(|_| "-".to_owned(), |host| host.trim().to_owned());
    Holder { pid: std::process::id(), host, since: SystemClock.now() }
}
