//! Kinds of documents, and the templates they are printed by.

use strum::IntoStaticStr;

use crate::diag::{FileId, Span};

#[derive(Clone, Debug)]
pub struct DocumentKind {
    /// Id, such as `reg.order`.
    pub id: String,
    pub title: String,
    /// Whether it carries an official number.
    pub numbered: bool,
    /// 字: what stands between the organ and the year of its number; none when it carries none.
    pub prefix: Option<String>,
    pub category: Category,
    pub approver: Approver,
    pub served: ServiceRule,
    pub keep: Keep,
    /// Whether it is written on a numbered blank drawn from stock.
    pub blank: bool,
    /// Model sentences for its body, one paragraph a line.
    pub says: Option<String>,
    pub span: Span,
}

/// A template that stands in place of the built-in one: `rules/templates/<kind>.html`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Id of the kind of document.
    pub kind: String,
    pub file: FileId,
}

/// Which of the three categories a kind of document belongs to.
/// Its names stand in JSON and in templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Category {
    /// 行政处罚
    Penalty,
    /// 行政指导
    Guidance,
    /// 区域监管
    Supervision,
    /// Registered beside the 47.
    Other,
}

/// Who signs a document off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Approver {
    /// Nobody: it is complete when it is made.
    Nobody,
    /// The officers who made it, two of them.
    Officers,
    /// Somebody who holds one of these roles.
    Roles(Vec<String>),
}

/// How a document reaches whom it concerns. Its names stand in templates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum ServiceRule {
    /// 送达: sealed, and served with proof of service.
    Delivered,
    /// 当场: signed or handed over on the spot.
    OnSpot,
    /// 移送: sealed, and sent to another agency.
    Agency,
    /// 内部: stays in the bureau.
    Internal,
}

/// How long the archive keeps a document.
///
/// # Source
/// 机关文件材料归档范围和文书档案保管期限规定 (国家档案局令8).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, IntoStaticStr)]
#[strum(serialize_all = "snake_case", const_into_str)]
pub enum Keep {
    /// 永久
    Always,
    /// 30 年
    Years30,
    /// 10 年
    Years10,
}
