//! The program itself: `wubu run` killed with −9 between delivery and settling, and ended in good order.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rusqlite::Connection;

use crate::cli::{Desk, copy, root};

use super::servers::{Answer, Cover, Server, Speaks};
use super::{SECRET, item_keys, run};

/// A process that does not outlive its test.
struct Daemon(Child);

impl Drop for Daemon {
    fn drop(&mut self) {
        // Ended already, where the test came so far.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A daemon that tells its webhook what the demo opens.
fn daemon(desk: &Desk, demo: bool) -> Daemon {
    let mut command: Command = desk.command();
    command.env("WUBU_WEBHOOK_SECRET", SECRET).arg("run").stdout(Stdio::null());
    if demo {
        command.arg("--demo");
    }
    Daemon(command.spawn().expect("the program starts"))
}

/// Waits, some minutes at most: other tests may want the machine, too.
async fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_mins(5), "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[test]
fn a_daemon_killed_in_between_delivers_again_under_the_same_key() {
    run(async {
        let hook = Server::start(Speaks::Http).await;
        let desk = Desk::with_own_policy();
        let bureau = desk.policy.join("bureau.yaml");
        let text = std::fs::read_to_string(&bureau).expect("text");
        let notices =
            format!("notices: {{webhooks: [{{id: bridge, url: \"http://127.0.0.1:{}/\"}}]}}\n", hook.port);
        std::fs::write(&bureau, format!("{text}\n{notices}")).expect("written");

        // The first message is taken and never answered: the daemon dies between delivery and settling.
        hook.will(Answer::TakeAndHang);
        let mut first = daemon(&desk, true);
        until("the first delivery", || !hook.seen().is_empty()).await;
        first.0.kill().expect("a kill");
        first.0.wait().expect("an end");

        let mut second = daemon(&desk, false);
        let is_idle = || desk.json(["outbox", "list"]).as_array().is_some_and(Vec::is_empty);
        until("everything delivered", || hook.seen().len() > 1 && is_idle()).await;
        let ended = Command::new("kill").args(["-TERM", &second.0.id().to_string()]).status();
        assert!(ended.expect("kill runs").success());
        assert!(second.0.wait().expect("an end").success(), "SIGTERM is a good end");

        let seen = hook.seen();
        assert_eq!(seen[0].header("Idempotency-Key"), seen[1].header("Idempotency-Key"));
        assert_eq!(seen[0].body, seen[1].body);
        let keys: Vec<String> = seen[1..].iter().flat_map(|post| item_keys(&post.body)).collect();
        let orders = desk.json(["order", "list"]).as_array().map_or(0, Vec::len);
        assert!(orders > 0 && keys.len() >= orders, "{} of {orders}", keys.len());
        assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), keys.len(), "each in one message");
    });
}

/// Mail goes out from the program itself: its own start builds the way to the server.
#[test]
fn mail_goes_out_from_the_command_line_and_from_the_daemon() {
    run(async {
        let server = Server::start(Speaks::Smtp).await;
        let desk = Desk::with_own_policy();
        let bureau = desk.policy.join("bureau.yaml");
        let text = std::fs::read_to_string(&bureau).expect("text");
        std::fs::write(&bureau, format!("{text}\nnotices: {{mail: {{from: wubu@bureau.example}}}}\n"))
            .expect("written");
        for (kind, rows) in [
            (
                "officers",
                "工号,姓名,所属工商所,角色,执法证号,执法证有效期至,电子邮箱\n\
                P01,甲,dongguan,监管人员,C1,2030-12-31,\nP02,乙,dongguan,监管人员,C2,2030-12-31,\n\
                CMD,令,dongguan,指挥中心,,,cmd@bureau.example\n",
            ),
            (
                "subjects",
                "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查\n\
                试-1,\"试\r\nBcc: 😀 \"\"一\"\"\",dongguan,,5223,2020-01-01,B,2025-12-20\n",
            ),
        ] {
            std::fs::write(desk.path(kind), rows).expect("written");
            let file = desk.path(kind).display().to_string();
            assert_eq!(desk.json(["import", kind, &file, "--at", "2026-03-02T06:00"])["rejected"], 0);
        }
        assert_eq!(desk.json(["tick", "--at", "2026-03-02T08:00"])["opened"], 1);
        let url = format!("smtp://127.0.0.1:{}", server.port);
        let deliver = ["outbox", "deliver", "--at", "2026-03-02T08:05"];
        let done = desk.command().env("WUBU_SMTP_URL", &url).args(deliver).output().expect("starts");
        assert!(done.status.success(), "{}", crate::cli::err(&done));
        let seen = server.seen();
        assert_eq!(seen.len(), 1, "{}", crate::cli::err(&done));
        assert!(!seen[0].body.contains("\nBcc:"), "{}", seen[0].body);

        let mut command: Command = desk.command();
        command.env("WUBU_SMTP_URL", &url).arg("run").stdout(Stdio::null());
        let mut daemon = Daemon(command.spawn().expect("the program starts"));
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(daemon.0.try_wait().expect("asked").is_none(), "it runs");
        let ended = Command::new("kill").args(["-TERM", &daemon.0.id().to_string()]).status();
        assert!(ended.expect("kill runs").success());
        assert!(daemon.0.wait().expect("an end").success(), "SIGTERM is a good end");
    });
}

/// A line's end with a header after it, quotes, a tag, an address, a mark that turns the direction of writing, and
/// length: as text is typed, and as YAML writes it.
const HOSTILE: &str = "甲\r\nBcc: spy@evil.example\r\n\r\n\"<b>\" <spy@evil.example> 😀\u{202e}乙";

fn hostile() -> String {
    format!("{HOSTILE}{}", "长".repeat(120))
}

/// A bureau with such names, one order open in it, and a message to the head of the station.
fn hostile_desk(notices: &str, title: &str) -> Desk {
    let desk = Desk::with_own_policy();
    let bureau = desk.policy.join("bureau.yaml");
    let text = std::fs::read_to_string(&bureau).expect("text");
    let title =
        format!("title: {}", serde_json::to_string(title).expect("a text").replace('\u{202e}', "\\u202e"));
    let text = text.replacen("title: 示例分局", &title, 1);
    std::fs::write(&bureau, format!("{text}\nnotices: {notices}\n")).expect("written");
    let name = hostile().replace('"', "\"\"");
    let officers = "工号,姓名,所属工商所,角色,执法证号,执法证有效期至,电子邮箱";
    let subjects = "统一社会信用代码,名称,管辖所,片区,行业代码,成立日期,信用等级,上次巡查,地址";
    for (kind, rows) in [
        ("stations", format!("编号,名称\ndongguan,\"{name}\"\n")),
        (
            "officers",
            format!(
                "{officers}\nP01,\"{name}\",dongguan,监管人员,C1,2099-12-31,\nP02,乙,dongguan,监管人员,C2,2099-12-31,\n\
                 CMD,\"{name}\",dongguan,指挥中心,,,cmd@bureau.example\nHEAD,所,dongguan,所长,,,head@bureau.example\n"
            ),
        ),
        (
            "subjects",
            format!("{subjects}\n试-1,\"{name}\",dongguan,,5223,2020-01-01,B,2025-12-20,\"{name}\"\n"),
        ),
    ] {
        std::fs::write(desk.path(kind), rows).expect("written");
        let file = desk.path(kind).display().to_string();
        assert_eq!(desk.json(["import", kind, &file, "--at", "2026-03-02T06:00"])["rejected"], 0, "{kind}");
    }
    assert_eq!(desk.json(["tick", "--at", "2026-03-02T08:00"])["opened"], 1);
    desk
}

#[test]
fn hostile_names_and_reasons_arrive_harmlessly_by_the_daemon() {
    run(async {
        let (mail, hook) = (Server::start(Speaks::Smtp).await, Server::start(Speaks::Http).await);
        let notices = format!(
            "{{mail: {{from: wubu@bureau.example}}, webhooks: [{{id: bridge, url: \"http://127.0.0.1:{}/\"}}]}}",
            hook.port
        );
        let desk = hostile_desk(&notices, &hostile());
        let reason = hostile();
        let act = ["order", "act", "dongguan-1", "cancel", "--as", "HEAD", "--at", "2026-03-02T09:00"];
        let done = desk.command().args(act).args(["--reason", &reason]).output().expect("starts");
        assert!(done.status.success(), "{}", crate::cli::err(&done));
        let mut command: Command = desk.command();
        let url = format!("smtp://127.0.0.1:{}", mail.port);
        command.env("WUBU_WEBHOOK_SECRET", SECRET).env("WUBU_SMTP_URL", url).arg("run").stdout(Stdio::null());
        let _daemon = Daemon(command.spawn().expect("the program starts"));
        until("mail and post", || !mail.seen().is_empty() && !hook.seen().is_empty()).await;

        let known = [
            "From",
            "To",
            "Subject",
            "Date",
            "Message-ID",
            "Idempotency-Key",
            "Auto-Submitted",
            "Content-Type",
            "Content-Transfer-Encoding",
            "MIME-Version",
        ];
        for seen in mail.seen() {
            let names: Vec<&str> =
                seen.head.iter().map(|line| line.split_once(':').expect("a header").0).collect();
            let once: BTreeSet<&str> = names.iter().copied().collect();
            assert!(once.len() == names.len() && names.iter().all(|name| known.contains(name)), "{names:?}");
            assert!(seen.head.iter().all(|line| line.is_ascii()), "{:?}", seen.head);
            assert!(seen.header("From").ends_with(" <wubu@bureau.example>"), "{}", seen.header("From"));
            assert!(!seen.body.lines().any(|line| line.starts_with("Bcc")), "{}", seen.body);
        }
        let posts = hook.seen();
        assert!(posts.iter().any(|post| post.body.contains("spy@evil")), "the name itself arrives");
        for post in posts {
            let body: serde_json::Value = serde_json::from_str(&post.body).expect("JSON");
            assert_eq!(body["bureau"], hostile(), "as it is written");
            for text in [&body["subject"], &body["text"]] {
                let text = text.as_str().expect("a text");
                assert!(!text.contains(['\r', '\u{202e}']) && !text.contains("\nBcc"), "{text}");
            }
        }
    });
}

/// What a server shows, and whether STARTTLS is asked for. Each bad certificate differs from the good one in one thing.
#[test]
fn certificates_that_prove_nothing_are_refused_by_the_daemon() {
    run(async {
        let (mail, hook) = (Server::start(Speaks::Smtp).await, Server::start(Speaks::Http).await);
        let notices = format!(
            "{{mail: {{from: wubu@bureau.example}}, webhooks: [{{id: bridge, url: \"https://127.0.0.1:{}/\"}}]}}",
            hook.port
        );
        let mut street = Street { desk: hostile_desk(&notices, "示例分局"), mail, hook };
        for (cover, is_asked) in [
            (Cover::Tls("untrusted"), false),
            (Cover::Tls("expired"), false),
            (Cover::Tls("misnamed"), false),
            (Cover::StartTls("untrusted"), true),
            (Cover::Clear, true),
            (Cover::Tls("good"), false),
            (Cover::StartTls("good"), true),
        ] {
            street.tls_case(cover, is_asked).await;
        }
    });
}

/// A bureau that has somebody to tell, and the servers it knows.
struct Street {
    desk: Desk,
    mail: Server,
    hook: Server,
}

impl Street {
    /// Lets a daemon begin with a copy of the bureau, the servers covered so.
    async fn tls_case(&mut self, cover: Cover, is_asked: bool) {
        let Self { desk, mail, hook } = self;
        mail.begin_anew(cover).await;
        hook.begin_anew(match cover {
            Cover::StartTls(name) | Cover::Tls(name) => Cover::Tls(name),
            Cover::Clear => Cover::Tls("untrusted"),
        })
        .await;
        let copied = Desk::new(&desk.policy);
        copy(desk.dir.path(), copied.dir.path());
        let mut command: Command = copied.command();
        let (scheme, asks) = if is_asked { ("smtp", "?tls=required") } else { ("smtps", "") };
        command
            .env("SSL_CERT_FILE", root().join("tests/data/tls/authority.pem"))
            .env_remove("SSL_CERT_DIR")
            .env("WUBU_WEBHOOK_SECRET", SECRET)
            .env("WUBU_SMTP_URL", format!("{scheme}://user:password@127.0.0.1:{}{asks}", mail.port))
            .arg("run")
            .stdout(Stdio::null());
        let _daemon = Daemon(command.spawn().expect("the program starts"));
        if matches!(cover, Cover::Tls("good") | Cover::StartTls("good")) {
            until("delivered", || !mail.seen().is_empty() && !hook.seen().is_empty()).await;
        } else {
            let file = copied.path("wubu.db");
            until("refused", || causes(&file).len() > 1).await;
            assert_eq!(causes(&file), ["mail/tls", "webhook/bridge/tls"], "{cover:?}");
            assert!(mail.seen().is_empty() && hook.seen().is_empty(), "{cover:?}");
            assert!(!mail.heard().is_empty() && !hook.heard().is_empty(), "{cover:?}: both were called");
        }
        // Neither a password nor a message before the connection is covered.
        let verbs = ["AUTH", "MAIL", "RCPT", "DATA"];
        let heard = mail.heard();
        assert!(!heard.iter().any(|line| verbs.iter().any(|verb| line.starts_with(verb))), "{heard:?}");
    }
}

/// Why messages wait, each cause once; read from the file, as asking the program takes longer than delivering.
fn causes(file: &Path) -> Vec<String> {
    let file = Connection::open(file).expect("the database");
    file.busy_timeout(Duration::from_secs(10)).expect("set");
    let mut causes = file
        .prepare("SELECT DISTINCT cause FROM notice WHERE cause IS NOT NULL ORDER BY cause")
        .expect("the notices");
    let causes = causes.query_map([], |row| row.get(0)).expect("rows");
    causes.map(|cause| cause.expect("a text")).collect()
}
