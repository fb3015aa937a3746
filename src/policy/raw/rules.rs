//! `rules/*.yaml`: tiers, tables, parameters, documents, clocks.

use super::leaf::{Id, Loose, Numeral, Word, words};
use super::map::{self, FixedKeys, Pairs, TextMap, shapes};
use super::shape::{Many, Shape};
use super::{At, NodeKind, OpeningShape, YamlNode};
use crate::calendar::{Length, Roll};
use crate::diag::Diagnostic;
use crate::diag::codes::{EXPECTED_RULES, UNKNOWN_KEY};
use crate::policy::model::{Category, CellKind, ExtendBefore, Keep, ServiceRule};
use crate::time::Day;

words! {
    CellKind: "text" => CellKind::Text, "integer" => CellKind::Integer,
        "decimal" => CellKind::Decimal, "flag" => CellKind::Flag;
    Match: "exact" => Match::Exact, "prefix" => Match::Prefix;
    ExtendBefore: "raw_end" => ExtendBefore::RawEnd, "end" => ExtendBefore::End;
    Category: "处罚" => Category::Penalty, "指导" => Category::Guidance, "监管" => Category::Supervision,
        "其他" => Category::Other, "penalty" => Category::Penalty, "guidance" => Category::Guidance,
        "supervision" => Category::Supervision, "other" => Category::Other;
    ServiceRule: "送达" => ServiceRule::Delivered, "当场" => ServiceRule::OnSpot, "移送" => ServiceRule::Agency,
        "内部" => ServiceRule::Internal, "delivered" => ServiceRule::Delivered, "on_spot" => ServiceRule::OnSpot,
        "agency" => ServiceRule::Agency, "internal" => ServiceRule::Internal;
    Keep: "永久" => Keep::Always, "30 年" => Keep::Years30, "10 年" => Keep::Years10,
        "always" => Keep::Always, "30 years" => Keep::Years30, "10 years" => Keep::Years10;
}

/// `match:` of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::policy) enum Match {
    Exact,
    Prefix,
}

shapes! {
    /// The tier table.
    TiersFile [span] {
        order: Vec<Id>,
        tiers: Pairs<TierShape>,
        params: Pairs<ParamShape>,
        station_may: Vec<OpeningShape>,
    }
    /// Parameters alone.
    ParamsFile {
        params: Pairs<ParamShape>,
        station_may: Vec<OpeningShape>,
    }
    /// One parameter.
    ParamShape {
        value: Numeral,
        unit: Option<Word>,
        station: Option<Bounds>,
        says: Option<Word>,
    }
    /// Bounds for stations.
    Bounds {
        min: Numeral,
        max: Numeral,
    }
    /// One table.
    TableFile {
        table: Id,
        title: Option<Word>,
        key: Word,
        how("match"): Option<At<Match>>,
        columns: Pairs<At<CellKind>>,
        rows: Vec<TextMap<Loose>>,
    }
    /// One kind of document.
    DocumentShape {
        title: Word,
        category: Option<At<Category>>,
        numbered: Option<At<bool>>,
        prefix: Option<Word>,
        approver: Many<Word>,
        served: Option<At<ServiceRule>>,
        keep: Option<At<Keep>>,
        blank: Option<At<bool>>,
        says: Option<Word>,
    }
    /// One clock.
    ClockShape {
        title: Word,
        versions: Vec<Version>,
        roll: Option<At<Roll>>,
        alarm: Option<At<Roll>>,
        extend: Option<Extend>,
        pauses: TextMap<Id>,
    }
    /// One version of a clock.
    Version {
        from: At<Day>,
        length: At<Length>,
        basis: Word,
    }
    /// How a clock is extended.
    Extend {
        by: At<Length>,
        times: Option<At<i64>>,
        role: Option<Word>,
        before: Option<At<ExtendBefore>>,
    }
}

/// One tier: fixed columns, and lengths under any other name.
#[derive(Clone, Debug)]
pub(in crate::policy) struct TierShape {
    pub(in crate::policy) fixed: TierColumns,
    pub(in crate::policy) lengths: Vec<(Id, At<Length>)>,
}

shapes! {
    /// The columns every tier knows.
    TierColumns {
        title: Word,
        title_en: Option<Word>,
        colour: Option<Word>,
        shape: Option<Word>,
        cycle: At<Length>,
        items: Vec<Word>,
    }
}

impl Shape for TierShape {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let pairs = map::map(node, out)?;
        let (fixed, free): (Vec<_>, Vec<_>) =
            pairs.iter().cloned().partition(|(key, _)| TierColumns::KEYS.contains(&key.text.as_str()));
        let mut lengths = Vec::new();
        for (key, value) in free {
            // A typo in a fixed column's name would pass as a new column, so near names are refused.
            if let Some(nearest) = crate::diag::nearest(&key.text, TierColumns::KEYS.iter().copied()) {
                let unknown = Diagnostic::new(UNKNOWN_KEY, key.span).with("key", &key.text);
                out.push(unknown.with_nearest(&key.text, [nearest]));
                continue;
            }
            let id = super::leaf::id(&key.text, key.plain, key.span, out);
            let length = At::<Length>::read(&value, out);
            lengths.extend(id.zip(length));
        }
        let node = YamlNode { span: node.span, kind: NodeKind::Map(fixed) };
        Some(Self { fixed: TierColumns::read(&node, out)?, lengths })
    }
}

/// A file under `rules/`, told by its keys.
#[derive(Clone, Debug)]
pub(in crate::policy) enum RulesFile {
    Tiers(TiersFile),
    Params(ParamsFile),
    Table(TableFile),
}

/// The key that says what a file under `rules/` is.
const RULES_KEYS: [&str; 3] = ["tiers", "table", "params"];

impl Shape for RulesFile {
    fn read(node: &YamlNode, out: &mut Vec<Diagnostic>) -> Option<Self> {
        let pairs = map::map(node, out)?;
        let has = |name: &str| pairs.iter().any(|(key, _)| key.text == name);
        match RULES_KEYS.into_iter().find(|key| has(key)) {
            Some("tiers") => TiersFile::read(node, out).map(Self::Tiers),
            Some("table") => TableFile::read(node, out).map(Self::Table),
            Some(_) => ParamsFile::read(node, out).map(Self::Params),
            None => {
                let key = pairs.first().map_or("", |(key, _)| key.text.as_str());
                out.push(
                    Diagnostic::new(EXPECTED_RULES, node.span).with("key", key).with_nearest(key, RULES_KEYS),
                );
                None
            }
        }
    }
}
