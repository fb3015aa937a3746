//! A small bureau, put together by hand: one workflow, three tiers, two tables.

use std::collections::BTreeMap;

use wubu::calendar::{Calendar, Length, Roll, Unit};
use wubu::diag::{FileId, SourceMap, Span};
use wubu::digest::Digest;
use wubu::policy::{
    Action, ActionEffect, Activation, Administrator, Anchor, Attribute, AttributeKind, BlankRoles, Bureau,
    Cell, CellKind, ColumnKind, Every, Expr, ExprIx, ExprPlace, Field, FieldKind, Form, InspectionRule,
    ItemAnswers, MissedMode, MissedPolicy, NumberRule, Overlap, Param, Places, Policy, Powers, Recur,
    Restart, Running, Script, Semantics, Since, Step, StepKind, SubjectKind, Table, TableColumn, TableRow,
    Tier, Tiers, Trigger, Who, WhoBy, Workflow, WorkflowIx,
};
use wubu::register::{History, Subject, Value};
use wubu::schedule::Cron;
use wubu::time::{Day, Tz};

/// Makes a policy from the bureau's script.
pub(crate) fn policy(script: &str) -> Policy {
    with_expressions(script, None, &[], &[])
}

/// Makes a policy with a trigger's condition, facts and branch conditions besides.
pub(crate) fn with_expressions(
    script: &str,
    when: Option<&str>,
    facts: &[(&str, &str)],
    branches: &[&str],
) -> Policy {
    let mut sources = SourceMap::default();
    let risk = sources.add("rules/risk.rhai", script);
    let mut lines = String::new();
    let mut exprs = Vec::new();
    let mut spans = Vec::new();
    let texts = when.into_iter().chain(facts.iter().map(|(_, text)| *text)).chain(branches.iter().copied());
    for text in texts {
        lines.push_str("  when: ");
        spans.push((lines.len(), lines.len() + text.len(), text.to_owned()));
        lines.push_str(text);
        lines.push('\n');
    }
    let flow = sources.add("workflows/five-step.yaml", lines);
    let file = sources.add("bureau.yaml", "");
    let here = Span::new(file, 0, 0);
    for (at, (start, end, text)) in spans.into_iter().enumerate() {
        let place = match at {
            0 if when.is_some() => ExprPlace::Start(WorkflowIx(0)),
            at if at < facts.len() + usize::from(when.is_some()) => ExprPlace::Fact(WorkflowIx(0)),
            _ => ExprPlace::Branch(WorkflowIx(0)),
        };
        exprs.push(Expr { text, span: Span::new(flow, start, end), place });
    }
    let first_fact = u16::from(when.is_some());
    let facts =
        facts.iter().zip(first_fact..).map(|((name, _), at)| ((*name).to_owned(), ExprIx(at))).collect();
    let workflow = workflow(flow, here, when.map(|_| ExprIx(0)), facts);
    Policy {
        powers: Powers::default(),
        administrator: Administrator::Named(String::new()),
        semantics: Semantics::NEWEST,
        bureau: Bureau {
            id: "sample".into(),
            title: "示例分局".into(),
            zone: Tz::Asia__Shanghai,
            language: wubu::lang::Lang::Zh,
            calendar: "plain".into(),
            activation: Activation::Files,
            organ: "示".into(),
            backup: None,
            blanks: BlankRoles::default(),
        },
        calendar: Calendar::plain("plain"),
        levels: vec!["重大".into(), "一般".into()],
        inspection_kinds: vec!["patrol".into()],
        answers: ItemAnswers { good: "符合".into(), bad: "不符合".into(), none: "不适用".into() },
        order_number: number("{station}〔{year}〕{seq}号", Restart::Never),
        document_number: number("{organ}{prefix}〔{year}〕{seq}号", Restart::Yearly),
        attributes: attributes(here),
        imports: Vec::new(),
        roles: Vec::new(),
        places: Places::default(),
        notices: wubu::policy::Notices::default(),
        tiers: tiers(file, here),
        tables: tables(file, here),
        params: vec![
            param("repeat_findings", 2.0, true, here),
            param("quiet_days", 90.0, true, here),
            param("share", 0.3, false, here),
        ],
        clocks: Vec::new(),
        documents: Vec::new(),
        templates: Vec::new(),
        forms: vec![form(here)],
        workflows: vec![workflow],
        scripts: vec![Script { file: risk, station: None }],
        exprs,
        openings: Vec::new(),
        standing: Vec::new(),
        overlays: Vec::new(),
        sources,
        texts: Vec::new(),
        digest: Digest::of(script.as_bytes()),
        whole: Digest::of(script.as_bytes()),
        station: None,
        changed: Vec::new(),
    }
}

fn attributes(here: Span) -> Vec<Attribute> {
    let make = |id: &str, title: &str, kind, required, default: Option<&str>| Attribute {
        id: id.into(),
        title: title.into(),
        title_en: id.into(),
        kind,
        required,
        default: default.map(Into::into),
        is_cycle: false,
        span: here,
    };
    let credit = AttributeKind::Choice { of: ["A", "B", "C", "D"].map(Into::into).into() };
    vec![
        make("industry", "行业", AttributeKind::Code { table: "industries".into() }, true, None),
        make("credit", "信用等级", credit, false, Some("B")),
        make("warned", "警示标志", AttributeKind::Flag, false, Some("false")),
        make("key_area", "重点区域", AttributeKind::Flag, false, Some("false")),
        make("registered", "成立日期", AttributeKind::Date, true, None),
        make("area", "经营面积", AttributeKind::Decimal { unit: Some("平方米".into()) }, false, None),
        make("staff", "从业人数", AttributeKind::Integer { unit: None }, false, None),
    ]
}

fn tiers(file: FileId, here: Span) -> Tiers {
    let order = [("甲", 2), ("乙", 3), ("丙", 6)].map(|(id, months)| Tier {
        id: id.into(),
        title: id.into(),
        title_en: id.into(),
        colour: None,
        shape: None,
        cycle: Length::new(months, Unit::Months),
        items: Vec::new(),
        added: Vec::new(),
        lengths: BTreeMap::new(),
        span: here,
        cycle_span: here,
    });
    Tiers { order: order.into(), file }
}

fn tables(file: FileId, here: Span) -> Vec<Table> {
    let row = |cells| TableRow { cells, span: here };
    let industry = |tier: &str, points| row(vec![Cell::Text(tier.into()), Cell::Integer(points)]);
    let credit = |points, raises| row(vec![Cell::Integer(points), Cell::Flag(raises)]);
    let industries = [("52", industry("丙", 5)), ("5223", industry("甲", 40)), ("62", industry("乙", 20))];
    let credits =
        [("A", credit(0, false)), ("B", credit(5, false)), ("C", credit(12, false)), ("D", credit(20, true))];
    let rows =
        |list: Vec<(&str, TableRow)>| list.into_iter().map(|(key, row)| (key.to_owned(), row)).collect();
    vec![
        Table {
            id: "industries".into(),
            title: "行业".into(),
            key: "code".into(),
            prefix: true,
            columns: vec![("tier".into(), CellKind::Text), ("points".into(), CellKind::Integer)],
            rows: rows(industries.into()),
            file,
        },
        Table {
            id: "credit".into(),
            title: "信用".into(),
            key: "class".into(),
            prefix: false,
            columns: vec![("points".into(), CellKind::Integer), ("raises".into(), CellKind::Flag)],
            rows: rows(credits.into()),
            file,
        },
    ]
}

fn param(id: &str, value: f64, whole: bool, here: Span) -> Param {
    Param { id: id.into(), value, whole, unit: None, station: None, says: None, span: here }
}

fn form(here: Span) -> Form {
    let levels = vec!["重大".to_owned(), "一般".to_owned()];
    let columns = vec![
        TableColumn { id: "item".into(), title: "项目".into(), kind: ColumnKind::Any },
        TableColumn { id: "level".into(), title: "程度".into(), kind: ColumnKind::Choice(levels) },
    ];
    let field = |id: &str, kind| Field {
        id: id.into(),
        title: id.into(),
        kind,
        required: false,
        required_when: None,
        min: None,
        for_each: None,
    };
    Form {
        id: "patrol".into(),
        title: "巡查记录".into(),
        items_from_tier: true,
        items: Vec::new(),
        fields: vec![
            field("items", FieldKind::Items),
            field("arrived", FieldKind::DateTime),
            field("problems", FieldKind::Table(columns)),
        ],
        workflow: Some("five-step".into()),
        span: here,
    }
}

fn inspection() -> InspectionRule {
    let [arrived, problems, level] = ["arrived", "problems", "level"].map(str::to_owned);
    InspectionRule { kind: Some("patrol".to_owned()), arrived, problems, level }
}

fn number(text: &str, restart: Restart) -> NumberRule {
    NumberRule { text: text.to_owned(), restart }
}

fn action(id: &str, span: Span) -> Action {
    Action { id: id.to_owned(), title: None, effect: ActionEffect::None, is_short: true, span }
}

fn workflow(file: FileId, here: Span, when: Option<ExprIx>, facts: Vec<(String, ExprIx)>) -> Workflow {
    let who = Who { by: WhoBy::GridDuty, officers: 2, certified: true, avoid: Vec::new() };
    let step = |id: &str, form: Option<&str>, actions: &[&str]| Step {
        id: id.into(),
        title: id.into(),
        kind: StepKind::Duty {
            who: who.clone(),
            form: form.map(Into::into),
            actions: actions.iter().map(|action| self::action(action, here)).collect(),
        },
        visits: None,
        due: Vec::new(),
        roll: Roll::None,
        wait: Vec::new(),
        overdue: Vec::new(),
        documents: Vec::new(),
        inspection: form.map(|_| inspection()),
        clock: None,
        tell: Vec::new(),
        next: Vec::new(),
        ends: form.is_none(),
        span: here,
    };
    Workflow {
        id: "five-step".into(),
        title: "五步监管法".into(),
        noun: "监管指令".into(),
        subject_kind: SubjectKind::Subject,
        effective: "2020-01-01".parse().expect("a day"),
        running: Running::Keep,
        window: None,
        start: vec![trigger(here, when)],
        facts,
        steps: vec![step("patrol", Some("patrol"), &[]), step("review", None, &["同意", "退回"])],
        signals: Vec::new(),
        openings: Vec::new(),
        file,
    }
}

fn trigger(here: Span, when: Option<ExprIx>) -> Trigger {
    Trigger {
        id: "cycle".into(),
        title: "周期巡查".into(),
        cron: Cron::parse("0 7 * * *").expect("a schedule"),
        workdays_only: true,
        recur: Some(Recur {
            since: Since::LastPatrol,
            every: Every::TierCycle,
            anchor: Anchor::Rolling,
            first: Some(Length::new(30, Unit::Days)),
            raised: Length::new(10, Unit::WorkDays),
            roll: Roll::Backward,
            lead: Some(Length::new(15, Unit::Days)),
            span: here,
            every_span: here,
        }),
        when,
        missed: MissedPolicy { mode: MissedMode::Once, within: None },
        overlap: Overlap::Skip,
        pick: Vec::new(),
        at_most: None,
        span: here,
    }
}

/// Makes a subject of an industry that nothing else is known of.
pub(crate) fn subject(industry: &str) -> Subject {
    Subject {
        id: "91440101MA59ABCD1X".into(),
        name: "示例店".into(),
        home: "dongguan".into(),
        station: "dongguan".into(),
        grid: None,
        lat: None,
        lon: None,
        attributes: vec![
            Value::Text(industry.into()),
            Value::Text("B".into()),
            Value::Flag(false),
            Value::Flag(false),
            Value::Day(day("2020-05-01")),
            Value::Missing,
            Value::Missing,
        ],
        history: History::default(),
    }
}

pub(crate) fn day(text: &str) -> Day {
    text.parse().expect("a day")
}
