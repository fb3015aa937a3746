//! The two databases side by side: a connection, what it is given and a row it gives back.
//!
//! Everything above writes one text, binds texts and whole numbers, and reads them; which database it is, only this
//! file, [`super::open`] and [`super::tx`] ask.

use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgConnection, PgRow, PgTypeInfo};
use sqlx::sqlite::{SqliteConnection, SqliteRow};
use sqlx::{Arguments as _, Encode, Postgres, Row as _, Type, ValueRef as _};

use super::args::{Args, Bind, ValueSink};
use super::nearby::spin_then_await;
use super::sql::{Bulk, Dialect, Sql};

/// A connection that is asked something.
#[derive(Debug)]
pub enum Link<'c> {
    Sqlite(&'c mut SqliteConnection),
    Postgres(&'c mut PgConnection),
}

impl Link<'_> {
    /// Returns which database it leads to.
    pub(super) const fn dialect(&self) -> Dialect {
        match self {
            Self::Sqlite(_) => Dialect::Sqlite,
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs a statement; returns how many rows it touched.
    pub(super) async fn execute(self, sql: Sql, values: &impl Bind) -> sqlx::Result<u64> {
        match self {
            Self::Sqlite(link) => {
                let query = sqlx::query_with(sql.sqlite, Args::of(values).bound);
                spin_then_await(query.execute(link)).await.map(|done| done.rows_affected())
            }
            // Boxed: what it takes to talk to a server would else lie in every act's future.
            Self::Postgres(link) => {
                let query = sqlx::query_with(sql.postgres, PgParameters::of(values).0);
                Box::pin(query.execute(link)).await.map(|done| done.rows_affected())
            }
        }
    }

    /// Reads all rows of a statement.
    pub(super) async fn rows(self, sql: Sql, values: &impl Bind) -> sqlx::Result<Vec<FoundRow>> {
        match self {
            Self::Sqlite(link) => {
                let query = sqlx::query_with(sql.sqlite, Args::of(values).bound);
                let found = spin_then_await(query.fetch_all(link)).await?;
                Ok(found.into_iter().map(FoundRow::Sqlite).collect())
            }
            Self::Postgres(link) => {
                let query = sqlx::query_with(sql.postgres, PgParameters::of(values).0);
                Ok(Box::pin(query.fetch_all(link)).await?.into_iter().map(FoundRow::Postgres).collect())
            }
        }
    }

    /// Reads the one row of a statement, if there is one.
    pub(super) async fn row(self, sql: Sql, values: &impl Bind) -> sqlx::Result<Option<FoundRow>> {
        match self {
            Self::Sqlite(link) => {
                let query = sqlx::query_with(sql.sqlite, Args::of(values).bound);
                Ok(spin_then_await(query.fetch_optional(link)).await?.map(FoundRow::Sqlite))
            }
            Self::Postgres(link) => {
                let query = sqlx::query_with(sql.postgres, PgParameters::of(values).0);
                Ok(Box::pin(query.fetch_optional(link)).await?.map(FoundRow::Postgres))
            }
        }
    }
}

/// A row that a statement found.
#[derive(Debug)]
pub(super) enum FoundRow {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

impl FoundRow {
    /// Returns whether a column holds nothing; none where there is no such column.
    pub(super) fn is_null(&self, at: usize) -> Option<bool> {
        match self {
            Self::Sqlite(row) => row.try_get_raw(at).ok().map(|value| value.is_null()),
            Self::Postgres(row) => row.try_get_raw(at).ok().map(|value| value.is_null()),
        }
    }
}

/// What stands in one column.
pub(super) trait StoredValue<'r>: Sized {
    /// Reads it; none where something else stands there.
    fn of(row: &'r FoundRow, at: usize) -> Option<Self>;
}

/// Says for types that both drivers read that they stand in columns.
macro_rules! cells {
    ($($type:ty),+) => { $(
        impl<'r> StoredValue<'r> for $type {
            fn of(row: &'r FoundRow, at: usize) -> Option<Self> {
                match row {
                    FoundRow::Sqlite(row) => row.try_get(at).ok(),
                    FoundRow::Postgres(row) => row.try_get(at).ok(),
                }
            }
        }
    )+ };
}

cells! { &'r str, String, Option<&'r str>, Option<String>, Option<i64> }

impl<'r> StoredValue<'r> for i64 {
    fn of(row: &'r FoundRow, at: usize) -> Option<Self> {
        match row {
            FoundRow::Sqlite(row) => row.try_get(at).ok(),
            // A number that is written in a statement is a small one there.
            FoundRow::Postgres(row) => {
                row.try_get(at).ok().or_else(|| row.try_get::<i32, _>(at).ok().map(Self::from))
            }
        }
    }
}

/// The parameters of one statement on PostgreSQL.
#[derive(Debug, Default)]
pub(super) struct PgParameters(pub(super) PgArguments);

impl PgParameters {
    pub(super) fn of(values: &impl Bind) -> Self {
        let mut parameters = Self::default();
        values.bind(&mut parameters);
        parameters
    }

    /// Makes the parameters of a bulk statement: each column of the rows as one array, then what they share.
    pub(super) fn of_rows<T: Bind>(bulk: &Bulk, rows: &[T], common: &impl Bind) -> Self {
        let mut parameters = Self::of_arrays(&bulk.whole[..T::WIDTH], rows);
        common.bind(&mut parameters);
        parameters
    }

    /// Makes each column of some rows one array; `whole` says which columns hold whole numbers.
    pub(super) fn of_arrays<T: Bind>(whole: &[bool], rows: &[T]) -> Self {
        let columns = whole.iter().map(|is_whole| PgArray::new(*is_whole)).collect();
        let mut arrays = PgArrays { columns, column: 0 };
        for row in rows {
            arrays.column = 0;
            row.bind(&mut arrays);
        }
        let mut parameters = Self::default();
        arrays.columns.into_iter().for_each(|column| parameters.push(column));
        parameters
    }

    fn push<'q>(&mut self, value: impl Encode<'q, Postgres> + Type<Postgres>) {
        self.0.add(value).expect("encoding texts and numbers cannot fail");
    }
}

impl ValueSink for PgParameters {
    fn text(&mut self, text: &str) {
        self.push(text);
    }

    fn int(&mut self, number: i64) {
        self.push(number);
    }

    fn nothing(&mut self) {
        self.push(Untyped);
    }

    fn missing(&mut self, is_whole: bool) {
        if is_whole { self.push(None::<i64>) } else { self.push(None::<&str>) }
    }
}

/// What is missing of several columns: of which type, the database sees from where it stands.
struct Untyped;

impl Type<Postgres> for Untyped {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for Untyped {
    fn encode_by_ref(&self, _: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        Ok(IsNull::Yes)
    }
}

/// The columns of the rows of a bulk statement, while they are filled.
struct PgArrays {
    columns: Vec<PgArray>,
    column: usize,
}

impl PgArrays {
    fn next(&mut self) -> &mut PgArray {
        self.column += 1;
        &mut self.columns[self.column - 1]
    }
}

impl ValueSink for PgArrays {
    fn text(&mut self, text: &str) {
        let array = self.next();
        debug_assert!(!array.is_whole, "{text} stands in a column of whole numbers");
        array.push(Some(text.as_bytes()));
    }

    fn int(&mut self, number: i64) {
        let array = self.next();
        debug_assert!(array.is_whole, "{number} stands in a column of texts");
        array.push(Some(&number.to_be_bytes()));
    }

    fn nothing(&mut self) {
        self.next().push(None);
    }
}

/// The values of one column, as they go to the database.
struct PgArray {
    is_whole: bool,
    count: i32,
    has_nothing: bool,
    /// Of each value its length and its bytes.
    values: Vec<u8>,
}

impl PgArray {
    const fn new(is_whole: bool) -> Self {
        Self { is_whole, count: 0, has_nothing: false, values: Vec::new() }
    }

    fn push(&mut self, value: Option<&[u8]>) {
        self.count += 1;
        self.has_nothing |= value.is_none();
        let length = value.map_or(-1, |value| i32::try_from(value.len()).expect("no column is that long"));
        self.values.extend_from_slice(&length.to_be_bytes());
        self.values.extend_from_slice(value.unwrap_or_default());
    }
}

impl Type<Postgres> for PgArray {
    fn type_info() -> PgTypeInfo {
        <Vec<String> as Type<Postgres>>::type_info()
    }
}

impl Encode<'_, Postgres> for PgArray {
    fn produces(&self) -> Option<PgTypeInfo> {
        Some(if self.is_whole {
            <Vec<i64> as Type<Postgres>>::type_info()
        } else {
            <Vec<String> as Type<Postgres>>::type_info()
        })
    }

    fn encode_by_ref(&self, out: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        // The database's numbers of `bigint` and `text`.
        let element = if self.is_whole { 20_i32 } else { 25 };
        // One dimension, from 1.
        for number in [1, i32::from(self.has_nothing), element, self.count, 1] {
            out.extend_from_slice(&number.to_be_bytes());
        }
        out.extend_from_slice(&self.values);
        Ok(IsNull::No)
    }
}
