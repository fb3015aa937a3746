//! The five kinds of rows in the store's words: what each must know, how it is written, how it is summed.

use std::collections::BTreeMap;

use crate::diag::codes;
use crate::import::{GridRow, ImportRow, InspectionRow, OfficerRow, Problem, StationRow, SubjectRow};
use crate::office::intake::source::{ImportSource, Names};
use crate::office::signal_notes;
use crate::office::{ActContext, Answer};
use crate::people::{changed, without_grid};
use crate::policy::FieldFrom;
use crate::store::bureau::OfficerRecord;
use crate::store::checksums::SummedTable;
use crate::store::{
    ImportCounts, ImportResult, OfficerImport, Tx, bureau, checksums, inspections, people, subjects,
};
use crate::time::Day;

/// What the register has of the places and people a row may name.
pub(crate) struct RegisterNames {
    stations: Names,
    grids: Names,
    columns: BTreeMap<String, String>,
    /// The latest day that has come: the import's, or the clock's where an earlier moment was written.
    latest: Day,
}

impl RegisterNames {
    pub(crate) async fn read(cx: ActContext<'_>, source: &ImportSource) -> Answer<Self> {
        let mut reader = cx.store.read().await?;
        let map = cx.policy().imports.iter().find(|map| map.kind == source.kind && map.id == source.map);
        let columns = map.into_iter().flat_map(|map| &map.fields).filter_map(|(field, from)| match from {
            FieldFrom::Column(heading) => Some((field.clone(), heading.clone())),
            FieldFrom::Const(_) => None,
        });
        Ok(Self {
            stations: bureau::list(&mut reader).await?.into_iter().map(|row: StationRow| row.id).collect(),
            grids: bureau::list(&mut reader).await?.into_iter().map(|row: GridRow| row.id).collect(),
            columns: columns.collect(),
            latest: cx.written.map_or(cx.now, |written| cx.now.max(written.clock)).day_in(cx.zone()),
        })
    }

    /// Returns the chains in which rows are recorded, so far as they can be told before the rows are read.
    pub(crate) fn chains(&self) -> impl Iterator<Item = &str> {
        self.stations.iter().map(String::as_str).chain([""])
    }

    fn column(&self, field: &str) -> String {
        self.columns.get(field).map_or(field, String::as_str).to_owned()
    }

    /// Refuses a station nobody knows; while none is known at all, every name is taken.
    fn station(&self, station: Option<&str>) -> Option<(Option<String>, Problem)> {
        let station =
            station.filter(|station| !self.stations.is_empty() && !self.stations.contains(*station))?;
        let known: Vec<String> = self.stations.iter().cloned().collect();
        let problem = Problem::new(codes::STATION_UNKNOWN).value(station).near(station, &known);
        Some((Some(self.column("station")), problem))
    }

    /// Refuses a visit on a day that has not come.
    fn visit(&self, field: &str, on: Option<Day>) -> Option<(Option<String>, Problem)> {
        let on = on.filter(|on| *on > self.latest)?;
        let problem = Problem::new(codes::VISIT_AHEAD).value(&on.to_string());
        Some((Some(self.column(field)), problem.with("today", self.latest.to_string())))
    }

    fn grid(&self, grid: Option<&str>) -> Option<(Option<String>, Problem)> {
        let grid = grid.filter(|grid| !self.grids.is_empty() && !self.grids.contains(*grid))?;
        let known: Vec<String> = self.grids.iter().cloned().collect();
        Some((Some(self.column("grid")), Problem::new(codes::GRID_UNKNOWN).value(grid).near(grid, &known)))
    }
}

/// What writing rows ends with.
pub(crate) type ImportEnd = Answer<ImportResult>;

/// A kind of row that can be taken.
pub(crate) trait StoredRow: ImportRow + Send + Sync + 'static {
    /// The word in the ledger.
    const NAME: &'static str;

    /// Says what the row names that the register does not have.
    fn refused(&self, _known: &RegisterNames) -> Option<(Option<String>, Problem)> {
        None
    }

    /// Returns the subject the row names, where the store has to know it.
    fn subject(&self) -> Option<&str> {
        None
    }

    /// Writes rows; of `are_new` ones the register holds none.
    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, are_new: bool) -> ImportEnd
    where
        Self: Sized;

    /// Returns how many rows the register holds, where writing is quicker for one that knows none
    /// of them.
    async fn held(_tx: &mut Tx) -> Answer<Option<u64>> {
        Ok(None)
    }

    /// Returns how many rows a home has now, and the sum of their digests.
    async fn sum(tx: &mut Tx, home: &str) -> Answer<(i64, String)>;
}

/// Says that the store does not know the subject a row names.
pub(crate) fn unknown_subject(known: &RegisterNames, subject: &str) -> (Option<String>, Problem) {
    (Some(known.column("subject")), Problem::new(codes::SUBJECT_UNKNOWN).value(subject))
}

async fn sum_of(tx: &mut Tx, table: SummedTable, home: &str) -> Answer<(i64, String)> {
    let sum = checksums::one(tx, table, home).await?;
    Ok((sum.rows, sum.digests.to_string()))
}

/// Counts of a table that belongs to the bureau as a whole.
fn of_bureau(counts: ImportCounts) -> ImportResult {
    ImportResult { homes: BTreeMap::from([(String::new(), counts)]), ..ImportResult::default() }
}

/// How many rows such a table has; each carries its own digest, and no sum is kept.
fn count_of<T>(rows: &[T]) -> (i64, String) {
    (i64::try_from(rows.len()).unwrap_or(i64::MAX), String::new())
}

impl StoredRow for SubjectRow {
    const NAME: &'static str = "subjects";

    fn refused(&self, known: &RegisterNames) -> Option<(Option<String>, Problem)> {
        let place = known.station(Some(&self.station)).or_else(|| known.grid(self.grid.as_deref()));
        place.or_else(|| known.visit("last_patrol", self.last_patrol))
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, are_new: bool) -> ImportEnd {
        let rows = subjects::SubjectRecord::of_file(rows, &cx.policy().attributes, cx.today);
        let written = if are_new {
            subjects::add_many(tx, &rows).await
        } else {
            subjects::upsert_many(tx, &rows).await
        };
        Ok(written?)
    }

    async fn held(tx: &mut Tx) -> Answer<Option<u64>> {
        let sums = checksums::list(tx, SummedTable::Subject).await?;
        Ok(Some(sums.values().map(|sum| u64::try_from(sum.rows).unwrap_or(0)).sum()))
    }

    async fn sum(tx: &mut Tx, home: &str) -> Answer<(i64, String)> {
        sum_of(tx, SummedTable::Subject, home).await
    }
}

impl StoredRow for InspectionRow {
    const NAME: &'static str = "inspections";

    fn subject(&self) -> Option<&str> {
        Some(&self.subject)
    }

    fn refused(&self, known: &RegisterNames) -> Option<(Option<String>, Problem)> {
        known.visit("on", Some(self.on))
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        let rows = inspections::InspectionRecord::of_file(rows, &cx.policy().levels);
        Ok(inspections::upsert_many(tx, &rows).await?)
    }

    async fn sum(tx: &mut Tx, home: &str) -> Answer<(i64, String)> {
        sum_of(tx, SummedTable::Inspection, home).await
    }
}

impl StoredRow for OfficerRow {
    const NAME: &'static str = "officers";

    fn refused(&self, known: &RegisterNames) -> Option<(Option<String>, Problem)> {
        known.station(self.station.as_deref())
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        let (rows, wanted): (Vec<OfficerRecord>, Vec<OfficerImport>) =
            rows.into_iter().map(OfficerRecord::of_file).unzip();
        let before = people::roster(tx).await?;
        let laid = people::lay_many(tx, wanted).await?;
        let counts = bureau::upsert_officers(tx, &rows, &laid).await?;
        let after = people::roster(tx).await?;
        let changed = changed(&before, &after, cx.today);
        signal_notes::people_changed(cx, tx, &after, changed).await?;
        Ok(ImportResult { laid, ..of_bureau(counts) })
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        Ok(count_of(&bureau::list::<OfficerRecord>(tx).await?))
    }
}

impl StoredRow for StationRow {
    const NAME: &'static str = "stations";

    async fn write(_: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        Ok(of_bureau(bureau::upsert_many(tx, &rows).await?))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        Ok(count_of(&bureau::list::<StationRow>(tx).await?))
    }
}

impl StoredRow for GridRow {
    const NAME: &'static str = "grids";

    fn refused(&self, known: &RegisterNames) -> Option<(Option<String>, Problem)> {
        known.station(Some(&self.station))
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        let before = people::roster(tx).await?;
        let counts = bureau::upsert_many(tx, &rows).await?;
        let lost = without_grid(&before, &people::roster(tx).await?);
        signal_notes::grids_changed(cx, tx, lost).await?;
        Ok(of_bureau(counts))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        Ok(count_of(&bureau::list::<GridRow>(tx).await?))
    }
}
