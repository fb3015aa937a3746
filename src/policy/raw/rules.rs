//! `rules/*.yaml`: tiers, tables, parameters, documents, clocks.

use super::leaf::{Id, Loose, Numeral, Word, words};
use super::map::{self, FixedKeys, Pairs, TextMap, shapes};
use super::shape::{Many, Shape};
use super::{At, ItemShape, NodeKind, StationOpening, YamlNode};
use crate::calendar::{Length, Roll};
use crate::diag::Diagnostic;
use crate::diag::codes::{EXPECTED_RULES, UNKNOWN_KEY};
use crate::lang::spellings::{
    AGENCY, ALWAYS, DELIVERED, GUIDANCE, INTERNAL, ON_SPOT, OTHER, PENALTY, SUPERVISION, YEARS_10, YEARS_30,
};
use crate::policy::model::{Category, CellKind, ExtendBefore, Keep, ServiceRule};
use crate::time::Day;

words! {
    CellKind: "text" => Self::Text, "integer" => Self::Integer,
        "decimal" => Self::Decimal, "flag" => Self::Flag;
    Match: "exact" => Self::Exact, "prefix" => Self::Prefix;
    ExtendBefore: "raw_end" => Self::RawEnd, "end" => Self::End;
    Category: PENALTY.zh() => Self::Penalty, GUIDANCE.zh() => Self::Guidance,
        SUPERVISION.zh() => Self::Supervision, OTHER.zh() => Self::Other, PENALTY.plain => Self::Penalty,
        GUIDANCE.plain => Self::Guidance, SUPERVISION.plain => Self::Supervision, OTHER.plain => Self::Other;
    ServiceRule: DELIVERED.zh() => Self::Delivered, ON_SPOT.zh() => Self::OnSpot,
        AGENCY.zh() => Self::Agency, INTERNAL.zh() => Self::Internal, DELIVERED.plain => Self::Delivered,
        ON_SPOT.plain => Self::OnSpot, AGENCY.plain => Self::Agency, INTERNAL.plain => Self::Internal;
    Keep: ALWAYS.zh() => Self::Always, YEARS_30.zh() => Self::Years30, YEARS_10.zh() => Self::Years10,
        ALWAYS.plain => Self::Always, YEARS_30.plain => Self::Years30, YEARS_10.plain => Self::Years10;
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
        station_may: Vec<StationOpening>,
    }
    /// Parameters alone.
    ParamsFile {
        params: Pairs<ParamShape>,
        station_may: Vec<StationOpening>,
    }
    ParamShape {
        value: Numeral,
        unit: Option<String>,
        station: Option<Bounds>,
        says: Option<String>,
    }
    /// Bounds for stations.
    Bounds {
        min: f64,
        max: f64,
    }
    TableFile {
        table: Id,
        title: Option<String>,
        key: String,
        how("match"): Option<Match>,
        columns: Pairs<CellKind>,
        rows: Vec<TextMap<Loose>>,
    }
    DocumentShape {
        title: String,
        category: Option<Category>,
        numbered: Option<bool>,
        prefix: Option<Word>,
        approver: Many<Word>,
        served: Option<ServiceRule>,
        keep: Option<Keep>,
        blank: bool,
        says: Option<String>,
    }
    ClockShape {
        title: String,
        versions: Vec<Version>,
        roll: Option<Roll>,
        alarm: Option<Roll>,
        extend: Option<Extend>,
        pauses: TextMap<Id>,
    }
    /// One version of a clock.
    Version {
        from: At<Day>,
        length: At<Length>,
        basis: String,
    }
    /// How a clock is extended.
    Extend {
        by: At<Length>,
        times: Option<At<i64>>,
        role: Option<Word>,
        before: Option<ExtendBefore>,
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
        title: String,
        title_en: Option<String>,
        colour: Option<String>,
        shape: Option<String>,
        cycle: At<Length>,
        items: Vec<ItemShape>,
        always: bool,
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
        let node = YamlNode { kind: NodeKind::Map(fixed), ..node.clone() };
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
