//! Messages leave the building: a real mail server and a real receiver of webhooks, on loopback.
//!
//! A [`Desk`] is a bureau whose policy names both, with messages put into the outbox as the engine puts them
//! and a directory of three people. Its clock stands where a test puts it.

mod backoff;
mod batching;
mod breaking_down;
mod delivering;
mod giving_up;
mod process;
mod servers;
mod wording;

use std::sync::atomic::AtomicBool;

use serde_json::{Value, json};
use tempfile::TempDir;
use wubu::engine::OutboxMessage;
use wubu::files::SHIPPED;
use wubu::id::OrderId;
use wubu::ledger::Body;
use wubu::notify::{Channels, Secrets};
use wubu::office::{self, ActContext, ActiveRelease, Delivery, DeliveryReport, Directory, DirectoryOfficer};
use wubu::people::Grid;
use wubu::policy::is_policy_path;
use wubu::store::{Access, Store, ledger, outbox};
use wubu::time::{FixedClock, Stamp};

use servers::{Server, Speaks};

const SECRET: &str = "一把只有收发双方知道的钥匙";

fn stamp(text: &str) -> Stamp {
    text.parse().expect("a moment")
}

fn start() -> Stamp {
    stamp("2026-03-13T01:30:00Z")
}

/// Runs a test on two threads: the channels' and the servers'.
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(test);
}

/// A release of the shipped policy with some text added to `bureau.yaml`.
async fn release(store: &Store, more: &str) -> ActiveRelease {
    let all = SHIPPED.iter().map(|(path, text)| {
        let more = if *path == "bureau.yaml" { more } else { "" };
        ((*path).to_owned(), format!("{text}\n{more}").into_bytes())
    });
    let (texts, places) = all.partition(|(path, _): &(String, Vec<u8>)| is_policy_path(path));
    let examined = office::examine_texts(texts, places);
    let proposed = examined.live.unwrap_or_else(|| panic!("{:?}", examined.diagnostics));
    office::activate(store, proposed, "test", start()).await.expect("a release")
}

struct Desk {
    folder: TempDir,
    store: Store,
    live: ActiveRelease,
    directory: Directory,
    secrets: Secrets,
    now: Stamp,
    mail: Server,
    hook: Server,
}

async fn open(folder: &TempDir) -> Store {
    let url = crate::database::url(&folder.path().join("wubu.db"));
    Store::open(&url, Access::Write).await.expect("opens")
}

impl Desk {
    async fn new() -> Self {
        let (mail, hook) = (Server::start(Speaks::Smtp).await, Server::start(Speaks::Http).await);
        let notices = format!(
            "notices:\n  mail: {{from: wubu@bureau.example}}\n  webhooks:\n    - {{id: bridge, url: \"http://127.0.0.1:{}/in\"}}\n",
            hook.port
        );
        let secrets = [
            ("WUBU_SMTP_URL".to_owned(), format!("smtp://127.0.0.1:{}", mail.port)),
            ("WUBU_WEBHOOK_SECRET_BRIDGE".to_owned(), SECRET.to_owned()),
        ];
        Self::with(&notices, Secrets::of(secrets), mail, hook).await
    }

    async fn with(notices: &str, secrets: Secrets, mail: Server, hook: Server) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = open(&folder).await;
        let live = release(&store, notices).await;
        let officer = |id: &str, role: &str, email: Option<&str>| DirectoryOfficer {
            id: id.to_owned(),
            name: format!("{id}某"),
            email: email.map(str::to_owned),
            station: Some("dongguan".to_owned()),
            roles: vec![role.to_owned()],
            stand_in: None,
        };
        let officers = vec![
            officer("P001", "监管人员", Some("p001@bureau.example")),
            officer("P002", "监管人员", None),
            officer("P009", "所长", Some("p009@bureau.example")),
        ];
        let person = |id: &str| Some(id.to_owned());
        let station = "dongguan".to_owned();
        let grids =
            vec![Grid { id: "G01".to_owned(), station, officer: person("P001"), backup: person("P002") }];
        let directory = Directory { officers, grids };
        Self { folder, store, live, directory, secrets, now: start(), mail, hook }
    }

    /// Puts messages into the outbox as acts do, one an addressee, each of an order of its own from `first` on.
    async fn tell(&self, first: i64, kind: &str, addressees: &[&str]) {
        let new = |addressee: &&str| OutboxMessage {
            kind: kind.to_owned(),
            addressee: (*addressee).to_owned(),
            body: json!({"order": "东关所〔2026〕12号", "subject": "老街小吃店", "step": "patrol",
                "step_title": "第二步 实地巡查", "level": 1, "since": "2026-03-02", "due": "2026-03-12"})
            .to_string(),
        };
        let new: Vec<OutboxMessage> = addressees.iter().map(new).collect();
        let order = |seq| OrderId { home: "东关", seq };
        let rows: Vec<_> = new.iter().zip(first..).map(|(new, seq)| (order(seq), 0, new)).collect();
        let mut tx = self.store.begin().await.expect("begins");
        outbox::add_many(&mut tx, 1, &rows, self.now).await.expect("writes");
        tx.commit().await.expect("commits");
    }

    /// Reads who had what tried again from the bureau's record.
    async fn retries(&self) -> Vec<(String, Body)> {
        let mut reader = self.store.read().await.expect("reads");
        let entries = ledger::read(&mut reader, "", 0, 1_000).await.expect("the record");
        let retried = entries.into_iter().filter(|entry| entry.kind == "errands.retried");
        retried.map(|entry| (entry.actor.clone(), entry.read().expect("a body"))).collect()
    }

    fn channels(&self) -> Channels {
        let policy = &self.live.policy;
        Channels::new(&policy.notices, &policy.bureau.title, &self.secrets)
    }

    fn cx(&self) -> ActContext<'_> {
        ActContext::new(&self.store, &self.live, self.now)
    }

    async fn deliver(&self) -> DeliveryReport {
        self.deliver_by(&self.channels()).await
    }

    async fn deliver_by(&self, channels: &Channels) -> DeliveryReport {
        let (clock, stop) = (FixedClock(self.now), AtomicBool::new(false));
        let delivery =
            Delivery { store: &self.store, directory: &self.directory, channels, clock: &clock, stop: &stop };
        office::deliver(&self.live, delivery).await.expect("delivers")
    }

    /// Lets time pass, then delivers.
    async fn later(&mut self, seconds: i64) -> DeliveryReport {
        self.now = self.now.plus(chrono::TimeDelta::seconds(seconds));
        self.deliver().await
    }

    /// Closes the database and opens it again, as a new process does.
    async fn reopen(self) -> Self {
        let Self { folder, store, live, directory, secrets, now, mail, hook } = self;
        store.close().await;
        let store = open(&folder).await;
        Self { folder, store, live, directory, secrets, now, mail, hook }
    }

    /// What is listed in a state: cause or receiver, and how many.
    async fn listed(&self, state: &str) -> Vec<(String, i64)> {
        let lines = office::list_outbox(ActContext::new(&self.store, &self.live, self.now), Some(state))
            .await
            .expect("reads");
        let name = |line: office::OutboxLine| (line.cause.or(line.receiver).unwrap_or_default(), line.count);
        lines.into_iter().map(name).collect()
    }

    /// The keys of what stands in each message of an inbox, newest message first.
    async fn inbox(&self, officer: &str) -> Vec<Vec<String>> {
        let mut all = Vec::new();
        let keys = |found: office::InboxMessage| {
            all.push(found.message.items.into_iter().map(|item| item.key).collect());
            Ok(())
        };
        let filter = office::InboxFilter { officer, limit: None };
        office::inbox(self.cx(), &self.directory, filter, keys).await.expect("reads");
        all
    }
}

/// The keys of what stands inside what a webhook received.
fn item_keys(body: &str) -> Vec<String> {
    let body: Value = serde_json::from_str(body).expect("JSON");
    let items = body["errands"].as_array().expect("a list");
    items.iter().map(|item| item["key"].as_str().expect("a key").to_owned()).collect()
}
