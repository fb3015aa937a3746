//! `wubu run`: the daemon in the foreground, telling what it does.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use clap::{Arg, ArgMatches, Command, value_parser};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::{fmt, layer::SubscriberExt as _, util::SubscriberInitExt as _};

use super::{
    CommandContext, CommandStop, Exit, OpenDatabase, context, listen, option, out, print_stop, switch, tick,
};
use crate::daemon::{self, Daemon, DaemonEnd, DaemonEvent, DaemonStatus, Jump, Options, Stopper};
use crate::files;
use crate::lang::Lang;
use crate::notify::{Channels, Secrets};
use crate::office::{self, ActContext, ActiveRelease};
use crate::store::Store;
use crate::web::WebContext;

/// How long a daemon waits before it asks again for a database that another one has.
const LOCK_RETRY: Duration = Duration::from_millis(500);

pub(super) fn command(command: Command, lang: Lang) -> Command {
    let log = option("log", "FORM", lang).value_parser(["text", "json"]).default_value("text");
    command
        .args([switch("watch", lang), switch("demo", lang), listen::argument(lang)])
        .args([backup_folder(lang), log.env("WUBU_LOG_FORM").hide_env(true)])
}

/// The folder of scheduled backups, where somebody says it beside the policy.
pub(super) fn backup_folder(lang: Lang) -> Arg {
    let folder = Arg::new("backup").long("backup").value_name("DIR").env("WUBU_BACKUP").hide_env(true);
    folder.value_parser(value_parser!(PathBuf)).help(lang.word("cli-arg-backup-folder"))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let lang = context.lang;
    context.refuse_moment()?;
    log(matches.get_one::<String>("log").is_some_and(|form| form == "json"));
    out::stay();
    let stopper = context.block_on(async { Stopper::listen() });
    let options = Options {
        watch: matches.get_flag("watch").then(|| context.policy_dir.clone()),
        secrets: Secrets::of(std::env::vars()),
        backup_folder: matches.get_one::<PathBuf>("backup").cloned(),
    };
    let status = Arc::new(DaemonStatus::default());
    let clock = Arc::clone(context.clock());
    let pages = WebContext { db: context.db.clone(), status: Arc::clone(&status), clock };
    let door = listen::open(context, matches, pages, &stopper)?;
    let is_demo = matches.get_flag("demo");
    let mut opening = OpeningTry::First;
    while let Some(OpenDatabase { live, store, .. }) = open_when_free(context, is_demo, &stopper, opening)? {
        say_started(lang, &live, &context.database_name(&store));
        if is_demo {
            demo(context, &store, &live, &stopper)?;
        }
        say_idle(lang, &live, &options.secrets);
        let told = |live: &ActiveRelease, notice: DaemonEvent<'_>| say(context, &store, live, &notice);
        let daemon = Daemon {
            store: &store,
            clock: &**context.clock(),
            options: &options,
            stopper: &stopper,
            status: &status,
        };
        if context.block_on(daemon::run(daemon, live, told))? == DaemonEnd::Stopped {
            break;
        }
        context.block_on(store.close());
        opening = OpeningTry::Again;
    }
    if let Some(door) = door {
        // Whatever it met, the daemon has done its work.
        let _ = context.block_on(door);
    }
    Ok(Exit::Done)
}

/// Which opening of the database it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum OpeningTry {
    /// The start: what stands in the way ends the process, but for another daemon.
    First,
    /// After another file took the place of the database: whatever stands in the way is waited for.
    Again,
}

/// Begins the operators' log on stderr: stable event names with typed fields, no personal data.
///
/// `WUBU_LOG` sets what is logged, such as `info`; without it only warnings are, and on a screen nothing, because
/// what the daemon does is told there in the reader's language. As JSON, one object a line, it is for a program that
/// gathers logs, and says from the start what goes well, too.
fn log(is_json: bool) {
    let asked = std::env::var("WUBU_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let level = if is_json {
        LevelFilter::INFO
    } else if io::stderr().is_terminal() {
        LevelFilter::OFF
    } else {
        LevelFilter::WARN
    };
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(level));
    let lines = fmt::layer().with_writer(|| out::Log).with_ansi(false);
    // Another subscriber is only there when a test has set one.
    let _ = if is_json {
        tracing_subscriber::registry().with(lines.json().flatten_event(true)).with(filter).try_init()
    } else {
        tracing_subscriber::registry().with(lines).with(filter).try_init()
    };
}

/// Opens the database once no other daemon has it; none when the process is stopped before.
///
/// Whoever starts a second one, or starts again while the first still ends, is told which has it.
fn open_when_free(
    context: &CommandContext,
    is_demo: bool,
    stopper: &Stopper,
    opening: OpeningTry,
) -> Result<Option<OpenDatabase>, CommandStop> {
    let mut is_said = false;
    while !stopper.flag().load(Ordering::Relaxed) {
        match open(context, is_demo) {
            Err(stop) if stop.is_held() || opening == OpeningTry::Again || is_said && stop.is_lost() => {
                if !is_said {
                    stop.print(context.lang);
                    out::note(&context.lang.word(if stop.is_held() {
                        "run-waits"
                    } else {
                        "run-waits-for-it"
                    }));
                    is_said = true;
                }
                context.block_on(async { tokio::time::sleep(LOCK_RETRY).await });
            }
            opened => return opened.map(Some),
        }
    }
    Ok(None)
}

/// Opens the database; a demo in a folder without a policy runs the shipped one.
fn open(context: &CommandContext, is_demo: bool) -> Result<OpenDatabase, CommandStop> {
    let access = context::daemon_access();
    if is_demo && !context.policy_dir.join(files::ENTRY).exists() {
        return context.open_or_activate_shipped(access);
    }
    context.open_or_activate(access)
}

/// Makes the sample register on an empty database and dispatches its first day.
fn demo(
    context: &CommandContext,
    store: &Store,
    live: &ActiveRelease,
    stopper: &Stopper,
) -> Result<(), CommandStop> {
    let lang = context.lang;
    let cx = ActContext::new(store, live, context.now(live.policy.bureau.zone)?);
    let Some(made) = context.block_on(office::make_sample(cx, stopper.flag()))? else {
        out::line(&lang.word("demo-goes-on"));
        return Ok(());
    };
    let args = [
        ("subjects", made.subjects.to_string()),
        ("stations", made.stations.to_string()),
        ("grids", made.grids.to_string()),
        ("inspections", made.inspections.to_string()),
    ];
    out::line(&lang.text("demo-made", &args));
    say(context, store, live, &DaemonEvent::Ticked(&made.first));
    Ok(())
}

/// Says on stderr which ways out cannot work, and what they lack.
pub(super) fn say_idle(lang: Lang, live: &ActiveRelease, secrets: &Secrets) {
    let channels = Channels::new(&live.policy.notices, &live.policy.bureau.title, secrets);
    for (name, idle) in channels.idle() {
        out::note(&lang.text(&format!("channel-{}", idle.into_str()), &[("channel", name)]));
    }
}

fn say_started(lang: Lang, live: &ActiveRelease, db: &str) {
    let args = [
        ("bureau", live.policy.bureau.title.clone()),
        ("db", db.to_owned()),
        ("policy", live.policy.whole.short()),
    ];
    out::line(&lang.text("run-started", &args));
}

fn say(context: &CommandContext, store: &Store, live: &ActiveRelease, notice: &DaemonEvent<'_>) {
    let lang = context.lang;
    match notice {
        DaemonEvent::Ticked(report) => {
            tick::print(lang, &live.policy, report);
            if report.opened > 0 {
                say_opened(context, store, live, report);
            }
        }
        DaemonEvent::PolicyBroken(sources, diagnostics) => {
            out::line(&lang.word("watch-broken"));
            for diagnostic in *diagnostics {
                out::problem(diagnostic, sources, lang);
            }
        }
        DaemonEvent::PolicyActivated(live) => {
            let args = [("release", live.release.to_string()), ("policy", live.policy.whole.short())];
            out::line(&lang.text("apply-active", &args));
        }
        DaemonEvent::PolicyProposed(proposed) => {
            let dropped = office::dropped(live, proposed);
            if !dropped.is_empty() {
                out::line(&lang.text("watch-dropped", &[("items", lang.list(dropped))]));
            }
            let powers = live.policy.powers_moved_by(&proposed.policy);
            if !powers.is_empty() {
                out::line(&lang.text("apply-powers", &[("keys", powers.join(", "))]));
            }
            let live = proposed;
            out::line(&lang.text("watch-proposed", &[("policy", live.policy.whole.short())]));
        }
        DaemonEvent::ClockHeld(jump) => say_jump(lang, live, *jump),
        DaemonEvent::ClockAccepted => out::line(&lang.word("clock-accepted")),
        DaemonEvent::Failed(stop) => {
            out::note(&lang.word("run-failed"));
            print_stop(stop, lang);
        }
        DaemonEvent::DatabaseGone => {
            out::note(&lang.text("run-database-gone", &[("db", context.database_name(store))]));
        }
        DaemonEvent::DatabaseReplaced => {
            out::note(&lang.text("run-database-replaced", &[("db", context.database_name(store))]));
        }
        DaemonEvent::BackedUp(made) => {
            let count = made.removed.len();
            let args = [("path", made.report.path.clone()), ("count", count.to_string())];
            let text = if count > 0 { "backup-scheduled-removed" } else { "backup-scheduled" };
            out::line(&lang.text(text, &args));
        }
        DaemonEvent::BackupFailed(stop) => {
            out::note(&lang.word("backup-scheduled-failed"));
            print_stop(stop, lang);
        }
        DaemonEvent::Recovered => out::line(&lang.word("run-recovered")),
        DaemonEvent::Stopping => out::line(&lang.word("run-stopped")),
    }
}

fn say_jump(lang: Lang, live: &ActiveRelease, jump: Jump) {
    let zone = live.policy.bureau.zone;
    match jump {
        Jump::Behind { now, last } => {
            let args = [("now", now.rfc3339_in(zone)), ("last", last.rfc3339_in(zone))];
            out::line(&lang.text("R009", &args));
            out::line(&lang.help("R009", &args));
        }
        Jump::Ahead { now, expected } => {
            let args = [("now", now.rfc3339_in(zone)), ("expected", expected.rfc3339_in(zone))];
            out::line(&lang.text("clock-ahead", &args));
        }
    }
}

/// Tells what was opened, and the line of the policy that decided each.
fn say_opened(context: &CommandContext, store: &Store, live: &ActiveRelease, report: &office::TickReport) {
    let lang = context.lang;
    let told = tokio::task::block_in_place(|| {
        tokio::runtime::Handle::try_current().map_or_else(
            |_| context.block_on(office::first_opened(store, live, report)),
            |handle| handle.block_on(office::first_opened(store, live, report)),
        )
    });
    let Ok(told) = told else { return };
    let row = |order: &office::OpenedSummary| {
        [
            order.line.id.clone(),
            order.line.station_title.clone(),
            order.line.name.clone(),
            order.line.tier.clone().unwrap_or_default(),
            order.line.due.to_string(),
            order.because.clone(),
        ]
    };
    out::table(lang, ["order", "station", "name", "tier", "due", "why"], told.iter().map(row));
    let shown = u64::try_from(told.len()).unwrap_or(u64::MAX);
    if report.opened > shown {
        out::line(&lang.text("run-more", &[("count", (report.opened - shown).to_string())]));
    }
}
