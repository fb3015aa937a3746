//! What a daemon lives in: files that move, links, media that cannot be written, a reader that leaves.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::demo::Daemon;
use super::{Desk, copy, err, out};

/// Longer than a daemon takes to look again.
const A_LOOK: Duration = Duration::from_millis(1_500);

/// A desk with its own policy folder and a database that is made.
fn desk() -> Desk {
    let desk = Desk::with_own_policy();
    desk.json(["tick"]);
    desk
}

fn move_database(desk: &Desk, from: &str, to: &str) {
    for end in ["", "-wal", "-shm"] {
        let _ = fs::rename(desk.path(&format!("{from}{end}")), desk.path(&format!("{to}{end}")));
    }
}

#[test]
fn a_database_that_is_taken_away_is_waited_for_and_another_is_opened() {
    let desk = desk();
    copy(&desk.path("wubu.db"), &desk.path("other.db"));
    let mut daemon = Daemon::start(&desk, []);
    daemon.hear("开始运行");
    sleep(A_LOOK);
    move_database(&desk, "wubu.db", "away.db");
    daemon.hear("不在原处了");
    move_database(&desk, "away.db", "wubu.db");
    daemon.hear("恢复正常");
    fs::write(desk.path("foreign.db"), "no database").expect("written");
    move_database(&desk, "foreign.db", "wubu.db");
    daemon.hear("换成了另一个文件");
    daemon.hear("错误 [fault-foreign]");
    for end in ["-wal", "-shm"] {
        let _ = fs::remove_file(desk.path(&format!("wubu.db{end}")));
    }
    move_database(&desk, "other.db", "wubu.db");
    daemon.hear("开始运行");
    sleep(A_LOOK);
    daemon.terminate();
    assert!(desk.run(["verify"]).status.success());
}

#[test]
fn a_second_daemon_is_kept_away_whatever_it_calls_the_file() {
    let desk = desk();
    symlink(desk.path("wubu.db"), desk.path("link.db")).expect("a link");
    fs::hard_link(desk.path("wubu.db"), desk.path("hard.db")).expect("a second name");
    let mut daemon = Daemon::start(&desk, []);
    daemon.hear("开始运行");
    for name in ["link.db", "hard.db"] {
        let db = crate::database::url(&desk.path(name));
        let mut second = Daemon::of(desk.command().args(["--db", &db, "run"]));
        second.hear("fault-held");
        second.terminate();
    }
    daemon.terminate();
}

/// What an editor leaves in the folder while a file is open in it.
#[test]
fn an_editors_lock_in_the_policy_folder_is_no_policy() {
    let desk = desk();
    symlink("somebody@somewhere.1:2", desk.policy.join("workflows/.#five-step.yaml")).expect("a link");
    fs::write(desk.policy.join("rules/.risk.rhai"), "half").expect("written");
    let checked = desk.run(["check"]);
    assert!(checked.status.success(), "{}{}", out(&checked), err(&checked));
    let mut daemon = Daemon::start(&desk, ["--watch"]);
    daemon.hear("开始运行");
    sleep(A_LOOK);
    let bureau = fs::read_to_string(desk.policy.join("bureau.yaml")).expect("the file");
    fs::write(desk.policy.join("bureau.yaml"), bureau.replace("示例分局", "另一分局")).expect("an edit");
    daemon.hear("已启用");
    daemon.terminate();
}

#[test]
fn a_policy_folder_that_is_taken_away_is_said_once_and_taken_up_again() {
    let desk = desk();
    let mut daemon = Daemon::start(&desk, ["--watch"]);
    daemon.hear("开始运行");
    sleep(A_LOOK);
    fs::rename(&desk.policy, desk.path("away")).expect("moved");
    daemon.hear("错误 [F001]");
    fs::rename(desk.path("away"), &desk.policy).expect("moved");
    let said = daemon.hear("恢复正常");
    assert!(!said.contains("F001"), "said again: {said}");
    daemon.terminate();
}

/// A disk that is full, as a file system of its own says it; only who may mount one can try.
#[test]
fn a_full_disk_is_said_once_and_recovered_from() {
    let desk = desk();
    let disk = desk.path("disk");
    fs::create_dir(&disk).expect("a folder");
    let mounted = std::process::Command::new("mount")
        .args(["-t", "tmpfs", "-o", "size=4m", "tmpfs"])
        .arg(&disk)
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        eprintln!("left out: this user may not mount a file system");
        return;
    }
    copy(&desk.path("wubu.db"), &disk.join("wubu.db"));
    let db = crate::database::url(&disk.join("wubu.db"));
    let mut daemon = Daemon::of(desk.command().args(["--db", &db, "run", "--watch"]));
    daemon.hear("开始运行");
    sleep(A_LOOK);
    // Writes until there is no room.
    let _ = std::io::copy(&mut std::io::repeat(0), &mut fs::File::create(disk.join("fill")).expect("a file"));
    let bureau = fs::read_to_string(desk.policy.join("bureau.yaml")).expect("the file");
    fs::write(desk.policy.join("bureau.yaml"), bureau.replace("示例分局", "另一分局")).expect("an edit");
    daemon.hear("错误 [fault-full]");
    fs::remove_file(disk.join("fill")).expect("room");
    let said = daemon.hear("恢复正常");
    assert!(said.contains("已启用") && !said.contains("fault-full"), "{said}");
    daemon.terminate();
    let verified = desk.command().args(["--db", &db, "verify"]).output().expect("the program starts");
    assert!(verified.status.success(), "{}", err(&verified));
    // Where nothing can be written, what is there can be read, and nothing else is done.
    let remounted = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(&disk).status();
    assert!(remounted.expect("mount runs").success());
    for command in [&["order", "list"][..], &["verify"]] {
        let read = desk.command().args(["--db", &db]).args(command).output().expect("the program starts");
        assert!(read.status.success(), "{command:?}: {}", err(&read));
    }
    let written = desk.command().args(["--db", &db, "tick"]).output().expect("the program starts");
    assert_eq!(written.status.code(), Some(3));
    assert!(err(&written).contains("fault-read-only"), "{}", err(&written));
    let freed = std::process::Command::new("umount").arg(&disk).status();
    assert!(freed.expect("umount runs").success());
}

#[test]
fn a_daemon_whose_reader_leaves_goes_on() {
    let desk = Desk::new(".");
    let mut command = desk.command();
    command.args(["run", "--demo"]).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().expect("the program starts");
    drop(child.stdout.take());
    let began = Instant::now();
    while !out(&desk.run(["order", "list"])).contains("SAMPLE-") {
        assert!(began.elapsed() < Duration::from_mins(1), "it opens no order");
        sleep(A_LOOK);
    }
    assert_eq!(child.try_wait().expect("asked"), None, "it runs on");
    child.kill().expect("a kill");
    child.wait().expect("an end");
}
