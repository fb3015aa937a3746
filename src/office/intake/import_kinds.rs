//! The five kinds of rows in the store's words: what each must know, how it is written, how it is summed.

use std::collections::BTreeMap;

use crate::diag::codes;
use crate::import::{GridRow, InspectionRow, OfficerRow, Problem, Row, StationRow, SubjectRow};
use crate::office::intake::source::{Names, Source};
use crate::office::{Live, Stop};
use crate::policy::{FieldFrom, Policy};
use crate::store::bureau::{GridRecord, OfficerRecord, StationRecord};
use crate::store::sums::Table;
use crate::store::{Counts, Laid, Store, Tx, Upserted, bureau, inspections, people, subjects, sums};
use crate::time::Day;

/// What the register has of the places and people a row may name.
pub(crate) struct Known {
    stations: Names,
    grids: Names,
    columns: BTreeMap<String, String>,
}

impl Known {
    pub(crate) async fn read(store: &Store, live: &Live, source: &Source) -> Result<Self, Stop> {
        let mut reader = store.read().await?;
        let map = live.policy.imports.iter().find(|map| map.kind == source.kind && map.id == source.map);
        let columns = map.into_iter().flat_map(|map| &map.fields).filter_map(|(field, from)| match from {
            FieldFrom::Column(heading) => Some((field.clone(), heading.clone())),
            FieldFrom::Const(_) => None,
        });
        Ok(Self {
            stations: bureau::list(&mut reader).await?.into_iter().map(|row: StationRecord| row.id).collect(),
            grids: bureau::list(&mut reader).await?.into_iter().map(|row: GridRecord| row.id).collect(),
            columns: columns.collect(),
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

    fn grid(&self, grid: Option<&str>) -> Option<(Option<String>, Problem)> {
        let grid = grid.filter(|grid| !self.grids.is_empty() && !self.grids.contains(*grid))?;
        let known: Vec<String> = self.grids.iter().cloned().collect();
        Some((Some(self.column("grid")), Problem::new(codes::GRID_UNKNOWN).value(grid).near(grid, &known)))
    }
}

/// A kind of row that can be taken.
pub(crate) trait Taken: Row + Send + Sync + 'static {
    /// The word in the ledger.
    const NAME: &'static str;

    /// Says what the row names that the register does not have.
    fn refused(&self, _known: &Known) -> Option<(Option<String>, Problem)> {
        None
    }

    /// Returns the subject the row names, where the store has to know it.
    fn subject(&self) -> Option<&str> {
        None
    }

    /// Writes rows.
    async fn write(tx: &mut Tx, policy: &Policy, rows: Vec<Self>, today: Day) -> Result<Upserted, Stop>
    where
        Self: Sized;

    /// Writes rows of which the register holds none.
    async fn write_new(tx: &mut Tx, policy: &Policy, rows: Vec<Self>, today: Day) -> Result<Upserted, Stop>
    where
        Self: Sized,
    {
        Self::write(tx, policy, rows, today).await
    }

    /// Returns how many rows the register holds, where writing is quicker for one that knows none
    /// of them.
    async fn held(_tx: &mut Tx) -> Result<Option<u64>, Stop> {
        Ok(None)
    }

    /// Returns how many rows a home has now, and the sum of their digests.
    async fn sum(tx: &mut Tx, home: &str) -> Result<(i64, String), Stop>;
}

/// Says that the store does not know the subject a row names.
pub(crate) fn unknown_subject(known: &Known, subject: &str) -> (Option<String>, Problem) {
    (Some(known.column("subject")), Problem::new(codes::SUBJECT_UNKNOWN).value(subject))
}

async fn sum_of(tx: &mut Tx, table: Table, home: &str) -> Result<(i64, String), Stop> {
    let sum = sums::one(tx, table, home).await?;
    Ok((sum.rows, sum.digests.to_string()))
}

/// Counts of a table that belongs to the bureau as a whole.
fn of_bureau(counts: Counts) -> Upserted {
    Upserted { homes: BTreeMap::from([(String::new(), counts)]), ..Upserted::default() }
}

/// How many rows such a table has; each carries its own digest, and no sum is kept.
fn count_of<T>(rows: &[T]) -> (i64, String) {
    (i64::try_from(rows.len()).unwrap_or(i64::MAX), String::new())
}

impl Taken for SubjectRow {
    const NAME: &'static str = "subjects";

    fn refused(&self, known: &Known) -> Option<(Option<String>, Problem)> {
        known.station(Some(&self.station)).or_else(|| known.grid(self.grid.as_deref()))
    }

    async fn write(tx: &mut Tx, policy: &Policy, rows: Vec<Self>, today: Day) -> Result<Upserted, Stop> {
        let rows = subjects::Row::of_file(rows, &policy.attributes, today);
        Ok(subjects::upsert_many(tx, &rows).await?)
    }

    async fn write_new(tx: &mut Tx, policy: &Policy, rows: Vec<Self>, today: Day) -> Result<Upserted, Stop> {
        let rows = subjects::Row::of_file(rows, &policy.attributes, today);
        Ok(subjects::add_many(tx, &rows).await?)
    }

    async fn held(tx: &mut Tx) -> Result<Option<u64>, Stop> {
        let sums = sums::list(tx, Table::Subject).await?;
        Ok(Some(sums.values().map(|sum| u64::try_from(sum.rows).unwrap_or(0)).sum()))
    }

    async fn sum(tx: &mut Tx, home: &str) -> Result<(i64, String), Stop> {
        sum_of(tx, Table::Subject, home).await
    }
}

impl Taken for InspectionRow {
    const NAME: &'static str = "inspections";

    fn subject(&self) -> Option<&str> {
        Some(&self.subject)
    }

    async fn write(tx: &mut Tx, policy: &Policy, rows: Vec<Self>, _today: Day) -> Result<Upserted, Stop> {
        Ok(inspections::upsert_many(tx, &inspections::Row::of_file(rows, &policy.levels)).await?)
    }

    async fn sum(tx: &mut Tx, home: &str) -> Result<(i64, String), Stop> {
        sum_of(tx, Table::Inspection, home).await
    }
}

impl Taken for OfficerRow {
    const NAME: &'static str = "officers";

    fn refused(&self, known: &Known) -> Option<(Option<String>, Problem)> {
        known.station(self.station.as_deref())
    }

    async fn write(tx: &mut Tx, _policy: &Policy, rows: Vec<Self>, _today: Day) -> Result<Upserted, Stop> {
        let (rows, wanted): (Vec<OfficerRecord>, Vec<Laid>) =
            rows.into_iter().map(OfficerRecord::of_file).unzip();
        let laid = people::lay_many(tx, wanted).await?;
        let counts = bureau::upsert_officers(tx, &rows, &laid).await?;
        Ok(Upserted { laid, ..of_bureau(counts) })
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Result<(i64, String), Stop> {
        Ok(count_of(&bureau::list::<OfficerRecord>(tx).await?))
    }
}

impl Taken for StationRow {
    const NAME: &'static str = "stations";

    async fn write(tx: &mut Tx, _policy: &Policy, rows: Vec<Self>, _today: Day) -> Result<Upserted, Stop> {
        let rows: Vec<StationRecord> = rows.into_iter().map(Into::into).collect();
        Ok(of_bureau(bureau::upsert_many(tx, &rows).await?))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Result<(i64, String), Stop> {
        Ok(count_of(&bureau::list::<StationRecord>(tx).await?))
    }
}

impl Taken for GridRow {
    const NAME: &'static str = "grids";

    fn refused(&self, known: &Known) -> Option<(Option<String>, Problem)> {
        known.station(Some(&self.station))
    }

    async fn write(tx: &mut Tx, _policy: &Policy, rows: Vec<Self>, _today: Day) -> Result<Upserted, Stop> {
        let rows: Vec<GridRecord> = rows.into_iter().map(Into::into).collect();
        Ok(of_bureau(bureau::upsert_many(tx, &rows).await?))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Result<(i64, String), Stop> {
        Ok(count_of(&bureau::list::<GridRecord>(tx).await?))
    }
}
