//! The five kinds of rows in the store's words: what each must know, how it is written, how it is summed.

use std::collections::BTreeMap;

use crate::diag::codes;
use crate::id::OrderId;
use crate::import::{
    CellProblem, FieldChange, GridRow, ImportRow, InspectionRow, OfficerRow, Problem, StationRow, SubjectRow,
};
use crate::lang;
use crate::office::intake::listed_people::{FieldRefusal, ListedPeople};
use crate::office::places::{NamedPlace, PlaceNames};
use crate::office::signal_notes::{self, PeopleNews};
use crate::office::{ActContext, Answer};
use crate::people::{came, changed};
use crate::policy::{FieldFrom, ImportKind};
use crate::store::bureau::{GridRecord, OfficerRecord};
use crate::store::checksums::SummedTable;
use crate::store::subjects::KnownSubject;
use crate::store::{
    ImportCounts, ImportResult, OfficerImport, Reads, Tx, bureau, checksums, inspections, meta, people,
    subjects,
};
use crate::time::Day;

/// By which map rows are read, and by whom.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ImportMapChoice<'a> {
    pub(crate) map: &'a str,
    /// In whose name the file is taken; none for files of the policy.
    pub(crate) by: Option<&'a str>,
}

/// What the register has of the places and people a row may name.
pub(crate) struct RegisterNames {
    places: PlaceNames,
    /// Who there is, where officers or grids are read.
    people: ListedPeople,
    columns: BTreeMap<String, String>,
    /// From which subjects whoever takes the file keeps away, and by what paper.
    recused: BTreeMap<String, String>,
    /// The latest day that has come: the import's; the clock's where an earlier moment was written before time
    /// began here, since then what went before is brought in whole.
    latest: Day,
}

impl RegisterNames {
    pub(crate) async fn read(
        cx: ActContext<'_>,
        at: &mut impl Reads,
        kind: ImportKind,
        from: ImportMapChoice<'_>,
    ) -> Answer<Self> {
        let map = cx.policy().imports.iter().find(|known| known.kind == kind && known.id == from.map);
        let columns = map.into_iter().flat_map(|map| &map.fields).filter_map(|(field, from)| match from {
            FieldFrom::Column(rule) => Some((field.clone(), rule.heading.clone())),
            FieldFrom::Const(_) => None,
        });
        let people = match kind {
            ImportKind::Officers | ImportKind::Grids => ListedPeople::read(cx, at, from.by).await?,
            ImportKind::Subjects | ImportKind::Inspections | ImportKind::Stations => ListedPeople::default(),
        };
        let recused = match (kind, from.by) {
            (ImportKind::Subjects | ImportKind::Inspections, Some(by)) => {
                let roster = people::roster(at).await?;
                let own = roster.recusals(by).map(|known| (known.subject.clone(), known.document.clone()));
                own.collect()
            }
            _ => BTreeMap::new(),
        };
        let has_begun = meta::moment(at, meta::LAST_TICK).await?.is_some();
        let written = cx.written.filter(|_| !has_begun);
        Ok(Self {
            places: PlaceNames::read(at).await?,
            people,
            columns: columns.collect(),
            recused,
            latest: written.map_or(cx.now, |written| cx.now.max(written.clock)).day_in(cx.zone()),
        })
    }

    /// Returns the chains in which rows are recorded, so far as they can be told before the rows are read.
    pub(crate) fn chains(&self) -> impl Iterator<Item = &str> {
        self.places.stations().chain([""])
    }

    /// Lists officers of grids whom nobody knows, in the order of the file.
    pub(crate) fn into_strangers(self) -> Vec<String> {
        self.people.strangers
    }

    fn refusal(&self, field: &str, problem: Problem) -> CellProblem {
        CellProblem {
            column: Some(self.columns.get(field).map_or(field, String::as_str).to_owned()),
            problem,
        }
    }

    /// Puts a station's id in the place of its title, and refuses one nobody knows.
    fn settle_station(&self, kind: &str, station: Option<&mut String>) -> Result<(), CellProblem> {
        let Some(station) = station else { return Ok(()) };
        let whose = if kind == OfficerRow::NAME { "officers" } else { "others" };
        let refusal = |problem: Problem| {
            let problem =
                problem.value(station).near(station, &self.places.stations_shown()).with("whose", whose);
            Err(self.refusal("station", problem))
        };
        match self.places.station(station) {
            NamedPlace::One(id) => *station = id,
            NamedPlace::Several => return refusal(Problem::new(codes::PLACE_AMBIGUOUS)),
            NamedPlace::Unknown => return refusal(Problem::new(codes::STATION_UNKNOWN)),
        }
        Ok(())
    }

    /// Puts a grid's id in the place of its title, and refuses one that nobody knows or that is another station's.
    fn settle_grid(&self, grid: &mut FieldChange<String>, known: PlaceBefore<'_>) -> Result<(), CellProblem> {
        let PlaceBefore { station, moves, grid: before } = known;
        if let FieldChange::Set(name) = grid {
            let refusal = |problem: Problem| {
                let problem = problem.value(name).near(name, &self.places.grids_shown(station));
                Err(self.refusal("grid", problem))
            };
            match self.places.grid(name, station) {
                NamedPlace::One(id) => *name = id,
                NamedPlace::Several => return refusal(Problem::new(codes::PLACE_AMBIGUOUS)),
                NamedPlace::Unknown => return refusal(Problem::new(codes::GRID_UNKNOWN)),
            }
        }
        let after = match grid {
            FieldChange::Set(id) => Some(id.as_str()),
            FieldChange::Keep if moves => before,
            FieldChange::Keep | FieldChange::Clear => None,
        };
        let Some((grid, station)) = after.and_then(|id| self.places.grid_of(id)).zip(station) else {
            return Ok(());
        };
        if grid.station == station {
            return Ok(());
        }
        let problem = Problem::new(codes::GRID_ELSEWHERE).value(&format!("{} {}", grid.title, grid.id));
        let problem = problem.with("station", self.places.station_shown(station));
        let problem = problem.with("elsewhere", self.places.station_shown(&grid.station));
        let known = lang::list(self.places.grids_shown(Some(station)));
        Err(self.refusal("grid", problem.with("known", known)))
    }

    /// Refuses an id that is another place's but for the case of its letters.
    fn refuse_alike(&self, id: &str) -> Result<(), CellProblem> {
        let Some(other) = self.places.alike(id) else { return Ok(()) };
        Err(self.refusal("id", Problem::new(codes::PLACE_TWICE).value(id).with("other", other)))
    }

    /// Refuses the id under which an order keeps a visit of its own, `<order>.<version>`.
    fn refuse_visit_of_order(&self, id: &str) -> Result<(), CellProblem> {
        let Some((order, version)) = id.rsplit_once('.') else { return Ok(()) };
        let is_number = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        let home = OrderId::parse(order).ok().map(|order| order.home);
        if !is_number || !home.is_some_and(|home| self.places.stations().any(|station| station == home)) {
            return Ok(());
        }
        Err(self.refusal("id", Problem::new(codes::VISIT_OF_ORDER).value(id).with("order", order)))
    }

    /// Refuses a row about a subject from which whoever takes the file keeps away.
    ///
    /// # Source
    /// Policy language, rule 31: whoever keeps away from a subject has no power over it.
    fn refuse_recused(&self, field: &str, subject: &str) -> Result<(), CellProblem> {
        let Some(document) = self.recused.get(subject) else { return Ok(()) };
        let problem = Problem::new(codes::SUBJECT_RECUSED).value(subject).with("document", document);
        Err(self.refusal(field, problem))
    }

    /// Refuses a visit on a day that has not come.
    fn visit(&self, field: &str, on: Option<Day>) -> Result<(), CellProblem> {
        let Some(on) = on.filter(|on| *on > self.latest) else { return Ok(()) };
        let problem = Problem::new(codes::VISIT_AHEAD).value(&on.to_string());
        Err(self.refusal(field, problem.with("today", self.latest.to_string())))
    }
}

/// Where a subject belongs once a row is taken, before its grid is looked at.
#[derive(Clone, Copy)]
struct PlaceBefore<'a> {
    station: Option<&'a str>,
    /// Whether the row says a station.
    moves: bool,
    /// The grid it has so far.
    grid: Option<&'a str>,
}

/// What writing rows ends with.
pub(crate) type ImportEnd = Answer<ImportResult>;

/// A kind of row that can be taken.
pub(crate) trait StoredRow: ImportRow + Send + Sync + 'static {
    /// The word in the ledger.
    const NAME: &'static str;

    /// Returns the id of the subject that has to be looked up before the row can be settled, if it is one.
    fn looked_up(&self, _is_doubtful: bool) -> Option<&str> {
        None
    }

    /// Returns whether the register has what the row's id names.
    fn is_known(&self, _names: &RegisterNames, _known: Option<&KnownSubject>) -> bool {
        false
    }

    /// Returns the value of an attribute that the row says.
    fn attribute(&self, _at: usize) -> Option<&str> {
        None
    }

    /// Puts ids in the place of titles; says what the row names that the register does not have.
    ///
    /// # Errors
    /// What is wrong with the first such cell.
    fn settle(&mut self, _names: &RegisterNames, _known: Option<&KnownSubject>) -> Result<(), CellProblem> {
        Ok(())
    }

    /// Notes what later rows of the file are held against, once the row is to be written.
    fn note(&self, _names: &mut RegisterNames) {}

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
pub(crate) fn unknown_subject(known: &RegisterNames, subject: &str) -> CellProblem {
    known.refusal("subject", Problem::new(codes::SUBJECT_UNKNOWN).value(subject))
}

async fn sum_of(tx: &mut Tx, table: SummedTable, home: &str) -> Answer<(i64, String)> {
    let sum = checksums::one(tx, table, home).await?;
    Ok((sum.rows, sum.digests.to_string()))
}

/// Counts of a table that belongs to the bureau as a whole.
fn of_bureau(counts: ImportCounts) -> ImportResult {
    ImportResult { homes: BTreeMap::from([(String::new(), counts)]), ..ImportResult::default() }
}

/// How many rows such a table has, and the sum of their digests.
async fn list_sum<R: bureau::SmallRegister>(tx: &mut Tx) -> Answer<(i64, String)> {
    let sum = bureau::audit::<R>(tx).await?.sum;
    Ok((sum.rows, sum.digests.to_string()))
}

impl StoredRow for SubjectRow {
    const NAME: &'static str = "subjects";

    fn looked_up(&self, is_doubtful: bool) -> Option<&str> {
        // Whether its grid is one of its station's cannot be told from the row alone.
        let is_half_said = match self.grid {
            FieldChange::Set(_) => self.station.is_none(),
            FieldChange::Keep => self.station.is_some(),
            FieldChange::Clear => false,
        };
        (is_doubtful || is_half_said).then_some(&self.id)
    }

    fn is_known(&self, _: &RegisterNames, known: Option<&KnownSubject>) -> bool {
        known.is_some()
    }

    fn attribute(&self, at: usize) -> Option<&str> {
        match self.attributes.get(at) {
            Some(FieldChange::Set(value)) => Some(value),
            _ => None,
        }
    }

    fn settle(&mut self, names: &RegisterNames, known: Option<&KnownSubject>) -> Result<(), CellProblem> {
        names.refuse_recused("id", &self.id)?;
        names.settle_station(Self::NAME, self.station.as_mut())?;
        let before = PlaceBefore {
            station: self.station.as_deref().or(known.map(KnownSubject::station)),
            moves: self.station.is_some(),
            grid: known.and_then(KnownSubject::grid),
        };
        names.settle_grid(&mut self.grid, before)?;
        match self.last_patrol {
            FieldChange::Set(on) => names.visit("last_patrol", Some(on)),
            FieldChange::Keep | FieldChange::Clear => Ok(()),
        }
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

    fn settle(&mut self, names: &RegisterNames, _: Option<&KnownSubject>) -> Result<(), CellProblem> {
        names.refuse_recused("subject", &self.subject)?;
        names.refuse_visit_of_order(&self.id)?;
        names.visit("on", Some(self.on))
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        Ok(inspections::import_many(tx, rows, &cx.policy().levels).await?)
    }

    async fn sum(tx: &mut Tx, home: &str) -> Answer<(i64, String)> {
        sum_of(tx, SummedTable::Inspection, home).await
    }
}

impl StoredRow for OfficerRow {
    const NAME: &'static str = "officers";

    fn is_known(&self, names: &RegisterNames, _: Option<&KnownSubject>) -> bool {
        names.people.records.contains_key(&self.id)
    }

    fn settle(&mut self, names: &RegisterNames, _: Option<&KnownSubject>) -> Result<(), CellProblem> {
        if let FieldChange::Set(station) = &mut self.station {
            names.settle_station(Self::NAME, Some(station))?;
        }
        let refusal = |refused: FieldRefusal| names.refusal(refused.field, refused.problem);
        names.people.refuse_false_id(self).map_err(refusal)?;
        names.people.refuse_double(self).map_err(refusal)?;
        names.people.refuse_lift(self).map_err(refusal)?;
        names.people.refuse_not_below(self).map_err(refusal)?;
        names.people.refuse_backdated(self).map_err(refusal)?;
        self.since = names.people.posts_since();
        Ok(())
    }

    fn note(&self, names: &mut RegisterNames) {
        names.people.note(self);
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        let known: BTreeMap<String, OfficerRecord> =
            bureau::list(tx).await?.into_iter().map(|row: OfficerRecord| (row.id.clone(), row)).collect();
        let before = people::roster(tx).await?;
        let read = |row: OfficerRow| {
            let held = before.officers.get(&row.id).map_or(&[][..], |officer| officer.posts.as_slice());
            let known = known.get(&row.id);
            OfficerRecord::of_file(row, known, held, cx.today)
        };
        let (rows, wanted): (Vec<OfficerRecord>, Vec<OfficerImport>) = rows.into_iter().map(read).unzip();
        let laid = people::lay_many(tx, wanted).await?;
        let counts = bureau::upsert_officers(tx, &rows, &laid).await?;
        let after = people::roster(tx).await?;
        let news = PeopleNews {
            changed: changed(&before, &after, cx.today),
            came: came(&before, &after, cx.today),
            is_back: false,
        };
        signal_notes::people_changed(cx, tx, &after, news).await?;
        Ok(ImportResult { laid, ..of_bureau(counts) })
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        list_sum::<OfficerRecord>(tx).await
    }
}

impl StoredRow for StationRow {
    const NAME: &'static str = "stations";

    fn settle(&mut self, names: &RegisterNames, _: Option<&KnownSubject>) -> Result<(), CellProblem> {
        names.refuse_alike(&self.id)?;
        let Some(other) = names.places.titled(&self.title, &self.id) else { return Ok(()) };
        Err(names.refusal("title", Problem::new(codes::TITLE_TAKEN).value(&self.title).with("other", other)))
    }

    fn note(&self, names: &mut RegisterNames) {
        names.places.note_station(self);
    }

    async fn write(_: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        Ok(of_bureau(bureau::upsert_many(tx, &rows).await?))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        list_sum::<StationRow>(tx).await
    }
}

impl StoredRow for GridRow {
    const NAME: &'static str = "grids";

    fn is_known(&self, names: &RegisterNames, _: Option<&KnownSubject>) -> bool {
        names.places.grid_of(&self.id).is_some()
    }

    fn settle(&mut self, names: &RegisterNames, _: Option<&KnownSubject>) -> Result<(), CellProblem> {
        names.refuse_alike(&self.id)?;
        names.settle_station(Self::NAME, self.station.as_mut())?;
        let refused = names.people.refuse_unlike_id(self);
        let refused =
            refused.and_then(|()| names.people.refuse_own_grid(self, names.places.grid_of(&self.id)));
        refused.map_err(|refused| names.refusal(refused.field, refused.problem))
    }

    fn note(&self, names: &mut RegisterNames) {
        names.people.note_strangers(self);
    }

    async fn write(cx: ActContext<'_>, tx: &mut Tx, rows: Vec<Self>, _: bool) -> ImportEnd {
        let before = people::roster(tx).await?;
        let known: BTreeMap<String, GridRecord> =
            bureau::list(tx).await?.into_iter().map(|row: GridRecord| (row.id.clone(), row)).collect();
        let read = |row: Self| {
            let before = known.get(&row.id);
            GridRecord::of_file(row, before)
        };
        let rows: Vec<GridRecord> = rows.into_iter().map(read).collect();
        let counts = bureau::upsert_many(tx, &rows).await?;
        let after = people::roster(tx).await?;
        signal_notes::grids_changed(cx, tx, &before, &after).await?;
        Ok(of_bureau(counts))
    }

    async fn sum(tx: &mut Tx, _home: &str) -> Answer<(i64, String)> {
        list_sum::<GridRecord>(tx).await
    }
}
