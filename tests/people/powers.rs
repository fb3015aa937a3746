//! The page of powers: who may do what beside the steps, by role, at their own station and at another.

use std::fmt::Write as _;

use strum::IntoEnumIterator as _;
use wubu::lang::Lang;
use wubu::people::{Officer, Post, PowerRequest, Roster, RosterOnDay, may_use};
use wubu::policy::{HOLDER_WORDS, Policy, Power, PowerHolder, PowerRow, Powers, Scope};
use wubu::time::Day;

use super::policy;

const PAGE: &str = "docs/powers.md";

const HEAD: &str = "# 职权表 · Powers

谁可以办步骤以外的事。由 `tests/people/powers.rs` 按程序和 `bureau.yaml` 生成（`WUBU_BLESS=1`），不要手改。
Who may do what is no step of an order. Written by `tests/people/powers.rs` from the program and the shipped
`bureau.yaml` (`WUBU_BLESS=1`); not edited by hand.

A row of `powers:` in `bureau.yaml` takes the place of the default. Nobody lays down his own post, departure,
delegation or recusal, nor gives or takes away a role that is not below his own, by an import as little as by
`officer post`; his own leave he may. A leave hands on work and no power: the substitute it names does a step that
approves only as one who holds that role or stands above it, or by a written delegation (`officer delegate`), which
somebody else lays down. A head has `post`, `leave`, `departure`, `delegation` and `address` over those
below him, the principal over everybody; leave and departure of whoever has nobody above him are for his equals or the
next below. A post and a delegation count from the day on which they are laid down, and a delegation stays within its
station. A release that changes `administrator:`, `roles:` or `powers:` is proposed, even with `activation: files`,
as soon as somebody besides its author could approve it; going back is such a change, too. A recusal is laid down by whoever decides it, or by the administrator;
one by collective discussion by two heads.
Whoever keeps away from a subject has no power over it. While nobody is registered only `import`, `import-staff`,
`apply`, `accept-clock` and `repair` go, may go without a name, and are recorded as the administrator's. Later `import`,
`tick`, `accept-clock`, `repair` and `outbox retry` still may; an administrator who is an officer has to be in service then.
The administrator, an officer or only a name, stands above every rank in what is laid down about others, and over himself
as little as anybody; so the only one left who could approve it does not make himself administrator. A rehearsal
ahead of the clock (`--rehearsal`) leaves an entry of its own in the record (`clock.rehearsed`).

## 缺省 · Defaults

`head`: heads of any rank, as far as they reach; `deputy` and `principal`: heads of at least that rank; `bureau`:
who holds any role of the whole bureau; `staff`: anybody of the station or of the bureau; `party`: who has or had
a duty of the order, or made the document; `oneself`: the officer it is about; `administrator`: the administrator.

`persons`: how many it takes. `1 (2)`: with `activation: approved`, or with `persons: 2` in its row, one proposes
and another approves; the other rows take no `persons:`. Beside the rows, two sign a record that officers sign, and two
void a blank, each as himself.

| power | 事项 | what it is | who, by default | persons |
|---|---|---|---|---|
";

const TABLE: &str = "
## 随附规则 · The shipped bureau

Each cell: at their own station, then at another (for what belongs to the bureau as a whole, once). `●` may, `–` may not.

";

/// Where an officer of a station works, and where he does not.
const STATIONS: [&str; 2] = ["own", "other"];

fn today() -> Day {
    "2026-03-02".parse().expect("a day")
}

fn word(power: Power, lang: Lang) -> String {
    lang.text("power-word", &[("power", power.into_str())])
}

fn holders(policy: &Policy, holders: &[PowerHolder]) -> String {
    let name = |holder: &PowerHolder| match holder {
        PowerHolder::Role(role) => policy.role(*role).id.clone(),
        other => {
            let found = HOLDER_WORDS.iter().find(|(_, known)| known == other);
            found.map(|(word, _)| (*word).to_owned()).expect("each other holder has a word")
        }
    };
    holders.iter().map(name).collect::<Vec<_>>().join(", ")
}

/// What belongs to the bureau as a whole, and to no station.
fn is_of_bureau(power: Power) -> bool {
    use Power as P;
    matches!(
        power,
        P::Import
            | P::ImportStaff
            | P::Apply
            | P::Approve
            | P::Rollback
            | P::Calendar
            | P::AcceptClock
            | P::Repair
    )
}

/// One officer of each role, the station's ones all of one station.
fn roster(policy: &Policy) -> Roster {
    let officer = |role: &wubu::policy::Role| Officer {
        id: role.id.clone(),
        name: role.id.clone(),
        station: (role.scope != Scope::Bureau).then(|| STATIONS[0].to_owned()),
        posts: vec![Post { role: role.id.clone(), from: None, until: None }],
        ..Officer::default()
    };
    let officers = policy.roles.iter().map(|role| (role.id.clone(), officer(role)));
    Roster { officers: officers.collect(), ..Roster::default() }
}

fn cell(on: RosterOnDay<'_>, role: &str, power: Power) -> String {
    let mark = |station: Option<&str>| match may_use(on, role, &PowerRequest::over(power, station)) {
        Ok(()) => "●",
        Err(_) => "–",
    };
    if is_of_bureau(power) {
        mark(None).to_owned()
    } else {
        STATIONS.map(|station| mark(Some(station))).join(" ")
    }
}

fn page() -> String {
    let (policy, defaults) = (policy(), Powers::default());
    let mut page = HEAD.to_owned();
    for power in Power::iter() {
        let [zh, en] = [Lang::Zh, Lang::En].map(|lang| word(power, lang));
        let who = holders(policy, defaults.holders(power));
        let persons = if power.can_take_two() { "1 (2)" } else { "1" };
        let _ = writeln!(page, "| `{}` | {zh} | {en} | {who} | {persons} |", power.into_str());
    }
    page += TABLE;
    let roles: Vec<&str> = policy.roles.iter().map(|role| role.id.as_str()).collect();
    let titles: Vec<String> =
        policy.roles.iter().map(|role| format!("{} {}", role.id, role.title_en)).collect();
    let _ = writeln!(page, "| power | {} | by other right |", titles.join(" | "));
    let _ = writeln!(page, "|---|{}---|", "---|".repeat(roles.len()));
    let roster = roster(policy);
    let on = RosterOnDay { policy, roster: &roster, today: today() };
    for power in Power::iter() {
        let cells: Vec<String> = roles.iter().map(|role| cell(on, role, power)).collect();
        let personal = policy.powers.holders(power).iter().filter(|holder| {
            matches!(holder, PowerHolder::Party | PowerHolder::Oneself | PowerHolder::Administrator)
        });
        let personal: Vec<PowerHolder> = personal.copied().collect();
        let other = holders(policy, &personal);
        let _ = writeln!(page, "| `{}` | {} | {other} |", power.into_str(), cells.join(" | "));
    }
    page
}

#[test]
fn the_page_of_powers_is_what_the_program_answers() {
    let (path, page) = (crate::cli::root().join(PAGE), page());
    if std::env::var_os("WUBU_BLESS").is_some() {
        std::fs::write(&path, page).expect("writes the page");
        return;
    }
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let rows = |text: &str| text.lines().map(str::to_owned).collect::<Vec<_>>();
    for (row, kept) in rows(&page).iter().zip(rows(&kept)) {
        assert_eq!(*row, kept, "{PAGE} is not up to date: WUBU_BLESS=1 cargo test people::powers");
    }
    assert_eq!(rows(&page).len(), rows(&kept).len(), "{PAGE}: a power has no row");
}

#[test]
fn every_power_has_its_word_in_both_languages() {
    for power in Power::iter() {
        for lang in [Lang::Zh, Lang::En] {
            assert_ne!(word(power, lang), power.into_str(), "{}", lang.into_str());
        }
    }
}

/// A table that says another thing than the default is heeded, and the default holds where it is silent.
#[test]
fn a_row_of_the_table_takes_the_place_of_the_default() {
    let mut changed = policy().clone();
    changed.powers =
        Powers::with([(Power::Seal, PowerRow { holders: vec![PowerHolder::Bureau], takes_two: false })]);
    let roster = roster(&changed);
    let on = RosterOnDay { policy: &changed, roster: &roster, today: today() };
    let may = |by: &str, power| may_use(on, by, &PowerRequest::over(power, Some(STATIONS[0]))).is_ok();
    assert!(!may("所长", Power::Seal) && may("法制科", Power::Seal) && may("所长", Power::SignOff));
}
