//! A small bureau, declared by hand, that the files of this folder are imported into.

use std::collections::BTreeMap;

use wubu::diag::{SourceMap, Span};
use wubu::import::RowSchema;
use wubu::policy::{
    Attribute, AttributeKind, Cell, CellKind, ColumnRule, FieldFrom, ImportKind, ImportMap, Role, Scope,
    Table, TableRow,
};

pub(super) struct Bureau {
    levels: Vec<String>,
    attributes: Vec<Attribute>,
    imports: Vec<ImportMap>,
    roles: Vec<Role>,
    tables: Vec<Table>,
}

impl Bureau {
    pub(super) fn declared(&self) -> RowSchema<'_> {
        RowSchema {
            levels: &self.levels,
            kinds: &[],
            attributes: &self.attributes,
            imports: &self.imports,
            roles: &self.roles,
            tables: &self.tables,
        }
    }
}

pub(super) fn bureau() -> Bureau {
    let span = Span::new(SourceMap::default().add("bureau.yaml", ""), 0, 0);
    Bureau {
        levels: vec!["重大".into(), "一般".into()],
        attributes: attributes(span),
        imports: imports(span),
        roles: vec![role("所长", Scope::Station), role("监管人员", Scope::Grid)],
        tables: vec![industries(span)],
    }
}

pub(super) fn toronto() -> Bureau {
    let span = Span::new(SourceMap::default().add("bureau.yaml", ""), 0, 0);
    let required = |id: &str, kind| attribute(id, id, kind, true, None, span);
    Bureau {
        levels: vec!["critical".into(), "serious".into(), "minor".into()],
        attributes: vec![
            required("kind", AttributeKind::Text),
            required("yearly", AttributeKind::Choice { of: vec!["1".into(), "2".into(), "3".into()] }),
        ],
        imports: vec![
            map(
                ImportKind::Subjects,
                "default",
                span,
                &[
                    ("id", "business_id"),
                    ("name", "name"),
                    ("station", "=toronto"),
                    ("grid", "grid_id"),
                    ("lat", "lat"),
                    ("lon", "lon"),
                    ("kind", "industry"),
                    ("yearly", "min_inspections_per_year"),
                ],
            ),
            map(
                ImportKind::Inspections,
                "default",
                span,
                &[
                    ("id", "inspection_id"),
                    ("subject", "business_id"),
                    ("on", "date"),
                    ("result", "result"),
                    ("problems.critical", "critical"),
                    ("problems.serious", "serious"),
                    ("problems.minor", "minor"),
                ],
            ),
        ],
        roles: Vec::new(),
        tables: Vec::new(),
    }
}

fn attributes(span: Span) -> Vec<Attribute> {
    let choice = AttributeKind::Choice { of: ["A", "B", "C", "D"].map(str::to_owned).to_vec() };
    let code = AttributeKind::Code { table: "industries".into() };
    let area = AttributeKind::Decimal { unit: Some("平方米".into()) };
    vec![
        attribute("industry", "行业", code, true, None, span),
        attribute("credit", "信用等级", choice, false, Some("B"), span),
        attribute("warned", "警示标志", AttributeKind::Flag, false, Some("false"), span),
        attribute("registered", "成立日期", AttributeKind::Date, true, None, span),
        attribute("area", "经营面积", area, false, None, span),
        attribute("staff", "从业人数", AttributeKind::Integer { unit: None }, false, None, span),
        attribute("note", "备注", AttributeKind::Text, false, None, span),
        attribute("cycle", "周期", AttributeKind::Length, false, None, span),
        attribute(
            "months",
            "几个月一次",
            AttributeKind::Integer { unit: Some("个月".into()) },
            false,
            None,
            span,
        ),
    ]
}

fn imports(span: Span) -> Vec<ImportMap> {
    let short = [
        ("id", "统一社会信用代码"),
        ("name", "名称"),
        ("station", "管辖所"),
        ("grid", "片区"),
        ("industry", "行业代码"),
        ("registered", "成立日期"),
    ];
    let long = [
        ("cycle", "周期"),
        ("lat", "纬度"),
        ("lon", "经度"),
        ("status", "登记状态"),
        ("status_on", "状态日期"),
        ("last_patrol", "上次巡查"),
        ("信用等级", "信用等级"),
        ("warned", "警示标志"),
        ("area", "经营面积"),
        ("staff", "从业人数"),
        ("note", "备注"),
    ];
    let inspections = [
        ("id", "编号"),
        ("subject", "统一社会信用代码"),
        ("on", "日期"),
        ("result", "结果"),
        ("problems.重大", "重大问题数"),
        ("problems.一般", "一般问题数"),
    ];
    vec![
        map(ImportKind::Subjects, "default", span, &short),
        map(ImportKind::Subjects, "full", span, &[&short[..], &long[..]].concat()),
        map(ImportKind::Subjects, "cycles", span, &[&short[..], &[("months", "几个月一次")]].concat()),
        map(ImportKind::Subjects, "lacking", span, &[("id", "编号"), ("name", "名称")]),
        map(ImportKind::Subjects, "odd", span, &[&short[..], &[("regstered", "成立日期")]].concat()),
        map(ImportKind::Inspections, "default", span, &inspections),
    ]
}

fn map(kind: ImportKind, id: &str, span: Span, fields: &[(&str, &str)]) -> ImportMap {
    let from = |text: &str| match text.strip_prefix('=') {
        Some(value) => FieldFrom::Const(value.to_owned()),
        None => FieldFrom::Column(ColumnRule::plain(text.to_owned())),
    };
    let fields = fields.iter().map(|(name, text)| ((*name).to_owned(), from(text))).collect();
    ImportMap { kind, id: id.to_owned(), fields, span }
}

fn attribute(
    id: &str,
    title: &str,
    kind: AttributeKind,
    required: bool,
    default: Option<&str>,
    span: Span,
) -> Attribute {
    let (id, title, default) = (id.to_owned(), title.to_owned(), default.map(str::to_owned));
    // The one that subjects are visited by.
    let is_cycle = id == "months";
    Attribute { title_en: id.clone(), id, title, kind, required, default, is_cycle, span }
}

fn role(id: &str, scope: Scope) -> Role {
    Role { id: id.to_owned(), title_en: id.to_owned(), scope, head: None }
}

fn industries(span: Span) -> Table {
    let rows: BTreeMap<String, TableRow> = [("0111", "丙"), ("52", "甲"), ("6431", "丙")]
        .into_iter()
        .map(|(key, tier)| (key.to_owned(), TableRow { cells: vec![Cell::Text(tier.to_owned())], span }))
        .collect();
    Table {
        id: "industries".into(),
        title: "行业表".into(),
        key: "code".into(),
        prefix: true,
        columns: vec![("tier".into(), CellKind::Text)],
        rows,
        file: span.file,
    }
}
