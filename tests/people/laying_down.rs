use std::collections::BTreeSet;

use serde::Deserialize;
use wubu::people::{
    ChangeApproval, PeopleRefusal, PowerRequest, Roster, RosterOnDay, ServiceEnd, may_address,
    may_approve_change, may_delegate, may_end_service, may_give_role, may_go, may_leave, may_post,
    may_record_recusal, may_recuse, may_use_named, operator,
};
use wubu::policy::{Administrator, Policy, Power};
use wubu::time::{Day, Stamp};

use super::{
    Changes, ConflictText, DelegationText, LeaveText, PostText, cases, conflict, delegation, leave, policy,
    post, said,
};

#[derive(Deserialize)]
struct LayDownCase {
    case: String,
    recuse: Option<ConflictText>,
    /// Who writes the recusal down; its decider where nobody is named.
    by: Option<String>,
    /// Where notices are to go.
    address: Option<String>,
    delegate: Option<DelegationText>,
    take_leave: Option<(WhoText, LeaveText)>,
    post: Option<(WhoText, PostText)>,
    end: Option<EndText>,
    go: Option<GoText>,
    approve: Option<ApproveText>,
    r#use: Option<UseText>,
    refused: Option<String>,
}

#[derive(Deserialize)]
struct WhoText {
    officer: String,
}

#[derive(Deserialize)]
struct GoText {
    officer: String,
    blanks: usize,
}

#[derive(Deserialize)]
struct ApproveText {
    author: String,
    approver: String,
}

/// Something beside the steps: by whom, where, about whom; whose duty it is or was.
#[derive(Deserialize)]
struct UseText {
    power: String,
    by: Option<String>,
    station: Option<String>,
    #[serde(default)]
    about: Vec<String>,
    #[serde(default)]
    parties: Vec<String>,
    /// The role that is given.
    role: Option<String>,
    /// Who administers, where it may go without a name.
    administrator: Option<String>,
    /// The subject it is about.
    subject: Option<String>,
    #[serde(default)]
    nobody: bool,
}

impl UseText {
    fn ask(&self, roster: &Roster, today: Day) -> Result<(), PeopleRefusal> {
        let nobody = Roster::default();
        let roster = if self.nobody { &nobody } else { roster };
        let administrator = self.administrator.clone().map(Administrator::Officer);
        let policy = match administrator {
            Some(administrator) => &Policy { administrator, ..policy().clone() },
            None => policy(),
        };
        let on = RosterOnDay { policy, roster, today };
        let about: Vec<&str> = self.about.iter().map(String::as_str).collect();
        let power: Power = self.power.parse().expect("a power");
        let station = self.station.as_deref();
        let subject = self.subject.as_deref();
        let wanted = PowerRequest { power, station, parties: &self.parties, about: &about, subject };
        if self.administrator.is_some() {
            return operator(on, self.by.as_deref(), &wanted).map(|_| ());
        }
        may_use_named(on, self.by.as_deref(), &wanted)?;
        let by = self.by.as_deref().unwrap_or_default();
        self.role.as_deref().map_or(Ok(()), |role| may_give_role(on, by, role))
    }
}

/// Service that ends, of somebody who did something last on a day.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EndText {
    officer: String,
    last_day: Option<Day>,
    away_from: Option<Day>,
    acted: Option<Day>,
}

impl EndText {
    fn ask(&self, on: RosterOnDay<'_>) -> Result<(), PeopleRefusal> {
        let end = match (self.last_day, self.away_from) {
            (Some(last), _) => ServiceEnd::LastDay(last),
            (None, from) => ServiceEnd::AwayFrom(from.expect("a day")),
        };
        let last = self.acted.map(|day| Stamp::day_end(day, on.policy.bureau.zone));
        may_end_service(on, &self.officer, end, last)
    }
}

#[test]
fn what_is_laid_down_is_checked_as_the_cases_say() {
    let changes: Vec<Changes> = cases("laying-down.yaml");
    for (case, changes) in cases::<LayDownCase>("laying-down.yaml").into_iter().zip(changes) {
        let (roster, today) = (changes.roster(), changes.today());
        let decided = if let Some(text) = &case.recuse {
            let conflict = conflict(text);
            let decider = conflict.decided_by.text();
            let by = case.by.as_deref().unwrap_or(&decider);
            let on = RosterOnDay { policy: policy(), roster: &roster, today };
            may_recuse(policy(), &roster, &conflict, today)
                .and_then(|()| may_record_recusal(on, by, &conflict).map(drop))
        } else if let Some(address) = &case.address {
            may_address(address)
        } else if let Some(text) = &case.delegate {
            may_delegate(&roster, &delegation(text), Some(today))
        } else if let Some((who, text)) = &case.take_leave {
            may_leave(&roster, &who.officer, &leave(text))
        } else if let Some((who, text)) = &case.post {
            let on = RosterOnDay { policy: policy(), roster: &roster, today };
            may_post(on, &who.officer, &post(text), Some(today))
        } else if let Some(end) = &case.end {
            end.ask(RosterOnDay { policy: policy(), roster: &roster, today })
        } else if let Some(GoText { officer, blanks }) = &case.go {
            may_go(&roster, officer, *blanks)
        } else if let Some(text) = &case.r#use {
            text.ask(&roster, today)
        } else {
            let ApproveText { author, approver } = case.approve.as_ref().expect("an act");
            let on = RosterOnDay { policy: policy(), roster: &roster, today };
            may_approve_change(on, ChangeApproval { author, approver })
        };
        assert_eq!(decided.err().as_ref().map(said), case.refused, "{}", case.case);
    }
}

pub(super) fn refused() -> BTreeSet<String> {
    cases::<LayDownCase>("laying-down.yaml").into_iter().filter_map(|case| case.refused).collect()
}
