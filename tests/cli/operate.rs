//! What an administrator has from the first day: backups beside work, the HTTP door, the service manager, the package.

use std::collections::BTreeSet;
use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::demo::Daemon;
use super::{Desk, err, out, program, root};

/// Longer than the door waits for a head.
const LONGER_THAN_A_HEAD: Duration = Duration::from_secs(15);

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address")
}

/// Asks for a page; returns the status and the body.
fn get(address: SocketAddr, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).expect("somebody listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).expect("set");
    write!(stream, "GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").expect("asked");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let status = answer.split(' ').nth(1).and_then(|code| code.parse().ok()).expect("a status");
    let body = answer.split_once("\r\n\r\n").expect("a body").1.to_owned();
    (status, body)
}

/// A desk in English with a bureau and a register of its own.
fn desk() -> Desk {
    let mut desk = Desk::new("examples/english");
    desk.lang = "en";
    desk
}

fn backups_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> =
        entries.map(|entry| entry.path()).filter(|path| path.join("manifest.json").exists()).collect();
    found.sort();
    found
}

fn signal(pid: u32, signal: &str) {
    let sent = Command::new("kill").args([signal, &pid.to_string()]).status();
    assert!(sent.expect("kill runs").success());
}

/// Waits until something is so.
fn wait_for(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(2), "waited for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

#[test]
fn a_backup_made_while_others_write_restores_and_verifies() {
    let desk = desk();
    let mut demo = Daemon::start(&desk, ["--demo", "--listen", "off"]);
    demo.hear("invented");
    demo.hear("order");
    demo.terminate();
    let is_over = AtomicBool::new(false);
    let mut entries = Vec::new();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            let mut written = 0;
            while !is_over.load(Ordering::Relaxed) {
                written += 1;
                let row = format!("LOAD-{written:06},Load {written},dongguan,,5167,2020-01-01");
                let head = "Credit code,Name,Station,Grid,Industry code,Registered on";
                fs::write(desk.path("load.csv"), format!("{head}\n{row}\n")).expect("written");
                assert_eq!(desk.json(["import", "subjects", "load.csv"])["added"], 1);
            }
            written
        });
        for round in 0..3 {
            let made = desk.json(["backup", &format!("backup-{round}"), "--verify"]);
            assert_eq!(made["problems"], 0, "{made}");
            let db = format!("sqlite:restored-{round}.db");
            let restored = desk.json(["restore", &format!("backup-{round}"), "--db", &db]);
            assert_eq!(restored["entries"], made["entries"]);
            let verified = desk.json(["verify", "--db", &db]);
            assert_eq!(verified["problems"], Value::Array(Vec::new()));
            entries.push(made["entries"].as_i64().expect("a number"));
        }
        is_over.store(true, Ordering::Relaxed);
        assert!(writing.join().expect("it writes") > 3);
    });
    assert!(entries[0] < entries[1] && entries[1] < entries[2], "others wrote meanwhile: {entries:?}");
    let verified = desk.json(["verify"]);
    assert_eq!(verified["problems"], Value::Array(Vec::new()));
}

#[test]
fn the_door_tells_how_the_daemon_is_and_no_slow_client_holds_it() {
    let desk = desk();
    let address = free_address();
    let mut daemon =
        Daemon::start(&desk, ["--demo", "--backup", "backups", "--listen", &address.to_string()]);
    daemon.hear("/readyz");
    // A head that never ends, and one that never begins.
    let mut slow = TcpStream::connect(address).expect("somebody listens");
    slow.write_all(b"GET /healthz HTTP/1.1\r\nHost: he").expect("half a head");
    let mut silent = TcpStream::connect(address).expect("somebody listens");
    let began = Instant::now();
    assert_eq!(get(address, "/healthz"), (200, "ok\n".to_owned()));
    assert!(began.elapsed() < Duration::from_secs(8), "others are answered meanwhile");
    for stream in [&mut slow, &mut silent] {
        stream.set_read_timeout(Some(LONGER_THAN_A_HEAD)).expect("set");
        let mut rest = Vec::new();
        let read = stream.read_to_end(&mut rest);
        assert!(read.is_ok(), "closed and not left open: {read:?}");
    }
    assert!(began.elapsed() < LONGER_THAN_A_HEAD * 2);

    wait_for("readiness", || get(address, "/readyz").0 == 200);
    let (_, ready) = get(address, "/readyz");
    let ready: Value = serde_json::from_str(&ready).expect("JSON");
    assert_eq!(
        (&ready["ready"], &ready["database"], &ready["daemon"]),
        (&true.into(), &"ok".into(), &"ok".into())
    );
    daemon.hear("backup made");
    let (_, metrics) = get(address, "/metrics");
    let told: BTreeSet<&str> = metrics
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split(' ').next())
        .collect();
    let page = fs::read_to_string(root().join("docs/operations.md")).expect("the page");
    let rows = page.lines().filter(|line| line.starts_with("| `wubu_")).flat_map(|line| line.split('`'));
    let documented: BTreeSet<&str> = rows.filter(|word| word.starts_with("wubu_")).collect();
    assert_eq!(told, documented, "docs/operations.md lists what is told, no more and no less");
    assert!(metrics.lines().any(|line| line == "wubu_backup_alarm 0"), "{metrics}");
    assert_eq!(get(address, "/console").0, 404);
    daemon.terminate();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn a_port_that_is_taken_keeps_nobody_from_dispatch() {
    let desk = desk();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    // Told on the command line, it must be had.
    let refused = desk.run(["run", "--listen", &address]);
    assert_eq!(refused.status.code(), Some(3), "{}", err(&refused));
    assert!(err(&refused).contains("F007"), "{}", err(&refused));
    assert_eq!(desk.run(["run", "--listen", "here"]).status.code(), Some(2));
    let mut command = desk.command();
    let mut daemon = Daemon::of(command.env("WUBU_LISTEN", &address).args(["run", "--demo"]));
    let said = daemon.hear("invented");
    assert_eq!(said.matches("F007").count(), 1, "{said}");
    daemon.hear("order");
    // Once the port is free, it is taken.
    let address = taken.local_addr().expect("an address");
    drop(taken);
    wait_for("the door", || TcpStream::connect(address).is_ok());
    assert_eq!(get(address, "/healthz").0, 200);
    daemon.terminate();
}

#[test]
fn the_service_manager_hears_readiness_life_and_the_end() {
    let desk = desk();
    let socket = desk.path("notify.sock");
    let heard = UnixDatagram::bind(&socket).expect("a socket");
    heard.set_read_timeout(Some(Duration::from_mins(1))).expect("set");
    let mut command = desk.command();
    command.env("NOTIFY_SOCKET", &socket).env("WATCHDOG_USEC", "1000000").args(["run", "--listen", "off"]);
    let mut daemon = Daemon::of(&mut command);
    let next = || {
        let mut bytes = [0; 256];
        let length = heard.recv(&mut bytes).expect("a word");
        String::from_utf8_lossy(&bytes[..length]).trim().to_owned()
    };
    assert_eq!(next(), "READY=1");
    assert_eq!(next(), "WATCHDOG=1");
    daemon.hear("running");
    // To be asked to reload ends nothing.
    signal(daemon.pid(), "-HUP");
    assert_eq!(next(), "WATCHDOG=1");
    assert_eq!(next(), "WATCHDOG=1");
    daemon.terminate();
    let mut last = next();
    while last == "WATCHDOG=1" {
        last = next();
    }
    assert_eq!(last, "STOPPING=1");
}

#[test]
fn the_log_is_one_object_a_line_and_never_coloured() {
    let desk = desk();
    let mut command = desk.command();
    command.env("WUBU_LISTEN", "off").env("FORCE_COLOR", "1").args(["run", "--demo", "--log", "json"]);
    let mut child = command
        .stdout(std::process::Stdio::null())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the program starts");
    std::thread::sleep(Duration::from_secs(8));
    signal(child.id(), "-TERM");
    let mut said = String::new();
    child.stderr.take().expect("piped").read_to_string(&mut said).expect("read");
    assert!(child.wait().expect("an end").success());
    let lines: Vec<Value> = said
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("no object: {line}")))
        .collect();
    assert!(lines.iter().any(|line| line["message"] == "daemon.stopping"), "{said}");
    assert!(lines.iter().all(|line| line["timestamp"].is_string() && line["level"].is_string()), "{said}");
    assert!(!said.contains('\u{1b}'));
}

#[test]
fn a_schedule_makes_backups_keeps_what_it_says_and_is_told_of() {
    let mut desk = Desk::with_own_policy();
    desk.lang = "en";
    desk.edit(
        "bureau.yaml",
        "grids: {file",
        "backup: {folder: nightly, at: \"00:00\", keep: {daily: 1}, verify: heads}\ngrids: {file",
    );
    desk.edit("bureau.yaml", "administrator: {name: 系统管理员}", "administrator: ADM");
    desk.json(["tick"]);
    fs::write(
        desk.path("people.csv"),
        "工号,姓名,所属工商所,角色,执法证号,执法证有效期至\nADM,Administrator,,机关负责人,,\n",
    )
    .expect("written");
    desk.json(["import", "officers", "people.csv"]);
    let said = desk.run(["doctor"]);
    assert_eq!(said.status.code(), Some(1), "{}", out(&said));
    assert!(out(&said).contains("there is none"), "{}", out(&said));
    // What is older than the last midnight, and what is nobody's.
    desk.json(["backup", "nightly/wubu-2026-01-01T000000", "--at", "2026-01-01T00:00"]);
    desk.json(["backup", "nightly/mine", "--at", "2026-01-01T00:00"]);
    fs::create_dir_all(desk.path("nightly/.wubu-2026-01-02T000000.partial-1")).expect("left by a kill");
    assert!(out(&desk.run(["doctor"])).contains("too old"));
    let mut daemon = Daemon::start(&desk, ["--listen", "off"]);
    daemon.hear("1 no longer kept");
    daemon.terminate();
    let names: Vec<String> = backups_in(&desk.path("nightly"))
        .iter()
        .map(|path| path.file_name().expect("a name").to_string_lossy().into_owned())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        names[0] == "mine" && names[1].starts_with("wubu-2") && !names[1].contains("2026-01-01"),
        "{names:?}"
    );
    assert!(!desk.path("nightly/.wubu-2026-01-02T000000.partial-1").exists());
    assert!(desk.path("nightly/numbers.json").exists());
    let health = desk.json(["doctor"]);
    assert_eq!(
        (&health["backup"], &health["backup_try"], &health["daemon"]),
        (&"ok".into(), &"ok".into(), &"-".into())
    );

    // A folder that cannot be: said once, told by doctor.
    desk.edit("bureau.yaml", "folder: nightly", "folder: bureau.yaml/nowhere");
    fs::write(desk.path("bureau.yaml"), "a file in the way").expect("written");
    desk.json(["apply", "--as", "ADM"]);
    let mut daemon = Daemon::start(&desk, ["--listen", "off"]);
    daemon.hear("the backup failed");
    daemon.terminate();
    desk.json(["tick"]);
    let told = out(&desk.run(["inbox", "--as", "ADM"]));
    let days = told.lines().filter(|line| line.starts_with('─')).count();
    assert!(days == 1 && told.contains("no complete backup that is new enough"), "{told}");
    assert_eq!(desk.run(["doctor"]).status.code(), Some(1));
}

#[test]
fn a_running_daemons_place_is_not_taken() {
    let desk = desk();
    let mut daemon = Daemon::start(&desk, ["--listen", "off"]);
    daemon.hear("running");
    desk.json(["backup", "kept"]);
    let refused = desk.run(["restore", "kept", "--replace"]);
    assert_eq!(refused.status.code(), Some(3), "{}", err(&refused));
    assert!(err(&refused).contains("fault-held"), "{}", err(&refused));
    daemon.terminate();
    assert!(desk.run(["restore", "kept", "--replace"]).status.success());
}

#[test]
fn the_package_holds_the_program_its_unit_and_its_pages() {
    let dpkg = Command::new("dpkg-deb").arg("--version").output();
    if dpkg.is_err() {
        println!("left out: dpkg-deb is not there");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let built = Command::new(root().join("packaging/build-deb"))
        .arg("--binary")
        .arg(program())
        .arg("--out")
        .arg(folder.path())
        .arg("--quick")
        .output()
        .expect("it runs");
    assert!(built.status.success(), "{}", err(&built));
    let package = out(&built).trim().to_owned();
    let listed = Command::new("dpkg-deb").args(["--contents", &package]).output().expect("listed");
    let listed = out(&listed);
    for (mode, path) in [
        ("-rwxr-xr-x root/root", "./usr/bin/wubu"),
        ("-rw-r--r-- root/root", "./usr/lib/systemd/system/wubu.service"),
        ("-rw------- root/root", "./etc/default/wubu"),
        ("-rw-r--r-- root/root", "./usr/share/man/man1/wubu.1.gz"),
        ("-rw-r--r-- root/root", "./usr/share/bash-completion/completions/wubu"),
        ("-rw-r--r-- root/root", "./usr/share/doc/wubu/operations.md"),
        ("-rw-r--r-- root/root", "./usr/share/doc/wubu/copyright"),
    ] {
        let line = listed.lines().find(|line| line.ends_with(path));
        assert!(line.is_some_and(|line| line.starts_with(mode)), "{mode} {path}: {line:?}");
    }
    let field = |name: &str| {
        out(&Command::new("dpkg-deb").args(["--field", &package, name]).output().expect("a field"))
    };
    assert_eq!(field("Package").trim(), "wubu");
    assert!(field("Depends").contains("libc6 (>= 2."), "{}", field("Depends"));
    for script in ["postinst", "prerm", "postrm"] {
        let path = root().join("packaging/debian").join(script);
        assert!(Command::new("sh").arg("-n").arg(&path).status().expect("sh").success(), "{script}");
    }
}
