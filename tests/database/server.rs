//! A PostgreSQL server for one process.

use std::io::Read as _;
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

/// The user without rights, as whom the server runs where the tests are run by root.
const NOBODY: u32 = 65_534;
/// How long it may take to start.
const STARTING: Duration = Duration::from_mins(1);
/// How often another port is tried: between looking and taking somebody else may take it.
const PORTS: u32 = 5;

/// A server that runs.
pub(crate) struct Server {
    port: u16,
    /// While it is open the server runs.
    _input: ChildStdin,
    _watch: Child,
}

/// Returns the server of this process; none where none is installed.
pub(crate) fn server() -> Option<&'static Server> {
    static SERVER: LazyLock<Option<Server>> = LazyLock::new(|| Some(Server::start(&programs()?)));
    SERVER.as_ref()
}

/// Returns the folder with the server's programs, the newest there is.
pub(crate) fn programs() -> Option<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for version in std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let number = version.file_name().to_str().and_then(|name| name.parse().ok());
        found.extend(number.map(|number| (number, version.path().join("bin"))));
    }
    found.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path);
    let mut all = found.into_iter().rev().map(|(_, folder)| folder).chain(on_path);
    all.find(|folder| ["initdb", "postgres"].iter().all(|name| folder.join(name).is_file()))
}

impl Server {
    fn start(programs: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("wubu-postgres-").tempdir().expect("a folder").keep();
        if is_root() {
            std::os::unix::fs::chown(&folder, Some(NOBODY), Some(NOBODY)).expect("given away");
        }
        let data = folder.join("data");
        // Whoever forgets to say how a column sorts learns it here.
        let chinese = ["--locale-provider=icu", "--icu-locale=zh"].as_slice();
        if !initialised(programs, &data, chinese) {
            let _ = std::fs::remove_dir_all(&data);
            assert!(initialised(programs, &data, &[]), "initdb fails");
        }
        for _ in 0..PORTS {
            if let Some(server) = Self::run(programs, &folder) {
                return server;
            }
        }
        panic!("the server does not start; see {}", folder.join("log").display());
    }

    /// Starts it on a free port; none where it ends at once.
    fn run(programs: &Path, folder: &Path) -> Option<Self> {
        let free = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = free.local_addr().expect("its number").port();
        drop(free);
        let watch = "\"$1/postgres\" -D \"$2/data\" -k \"$2\" -h 127.0.0.1 -p \"$3\" -c fsync=off \
            -c full_page_writes=off -c max_connections=200 -c log_min_messages=fatal >\"$2/log\" 2>&1 & \
            server=$!; trap '' INT TERM; cat >/dev/null; kill -INT $server; wait $server; rm -rf \"$2\"";
        let mut command = Command::new("sh");
        command.args(["-c", watch, "sh"]).arg(programs).arg(folder).arg(port.to_string());
        command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        // What ends the tests does not end the one who tidies up after them.
        command.process_group(0);
        let mut watch = as_nobody(&mut command).spawn().expect("a shell");
        let input = watch.stdin.take().expect("its input");
        let begun = Instant::now();
        while begun.elapsed() < STARTING {
            if folder.join("data/postmaster.pid").exists() && is_ready(folder) {
                return Some(Self { port, _input: input, _watch: watch });
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(input);
        let _ = watch.wait();
        None
    }

    /// Returns the address of a database.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://wubu@127.0.0.1:{}/{database}", self.port)
    }
}

/// Returns whether the server says that it takes connections: the last line of its note.
fn is_ready(folder: &Path) -> bool {
    let mut note = String::new();
    let read = std::fs::File::open(folder.join("data/postmaster.pid"))
        .and_then(|mut file| file.read_to_string(&mut note));
    read.is_ok() && note.lines().last().is_some_and(|line| line.trim() == "ready")
}

fn initialised(programs: &Path, data: &Path, more: &[&str]) -> bool {
    let mut command = Command::new(programs.join("initdb"));
    command.args(["-U", "wubu", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]).args(more);
    command.arg("-D").arg(data).stdout(Stdio::null()).stderr(Stdio::null());
    as_nobody(&mut command).status().is_ok_and(|status| status.success())
}

/// The server refuses to run as root.
fn as_nobody(command: &mut Command) -> &mut Command {
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.current_dir("/")
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt as _;
    std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0)
}
