//! Columns said once: a struct, its columns in statements, and how they are bound and read.
//!
//! ```text
//! record! {
//!     /// An act that was carried out, under its sender's key.
//!     #[derive(Clone, Debug)]
//!     pub struct Act in "act" by "home, seq, key" {
//!         /// The order.
//!         pub order: OrderId = (OrderId),      // the columns of another record
//!         /// The key its sender gave.
//!         pub key: String,                     // a column of the field's name
//!         /// When.
//!         pub at: Stamp = "answered_at",       // a column of another name
//!     }
//! }
//! ```
//!
//! Statements take its columns by its name (see [`super::sql`]), [`read_all`] and [`read_first`] read it,
//! [`Tx::write_rows`] writes it. A struct of another room is given its columns without being
//! declared again: `columns! { Leave in "leave" { from = "from_day", substitute } }`. `by` names the
//! columns of its key, with which it begins; `replace` and `keep` ask for it. What is only written, or is
//! spread over several values, says so by `written!`.

use crate::id::{OrderId, TriggerId};

use super::args::Bind;
use super::columns::{Columns, Fetch};
use super::connection::FoundRow;
use super::sql::{Bulk, Sql};
use super::tx::{row, rows};
use super::{Reads, Result, Tx};

/// Declares a struct and says its columns.
macro_rules! record {
    (
        $(#[$meta:meta])*
        $vis:vis struct $name:ident in $table:literal $(by $key:literal)? {
            $($(#[$doc:meta])* $field_vis:vis $field:ident: $type:ty $(= $column:tt)?),+ $(,)?
        }
    ) => {
        $(#[$meta])*
        $vis struct $name {
            $($(#[$doc])* $field_vis $field: $type),+
        }

        const _: () = assert!(
            0 $(+ <$type as $crate::store::args::Bind>::WIDTH)+ == <$name as $crate::store::args::Bind>::WIDTH,
            "each field has as many columns as are named for it"
        );

        $crate::store::record::columns! { $name in $table $(by $key)? { $($field $(= $column)?),+ } }
    };
}

/// Says which columns the fields of a struct are, one after the other.
macro_rules! columns {
    (
        $name:ident $(<$text:ident>)? in $table:literal $(by $key:literal)? {
            $($field:ident $(= $column:tt)?),+ $(,)? $(; $($beside:ident),+)?
        }
    ) => {
        impl $(<$text>)? $crate::store::sql::TableRecord for $name $(<$text>)? {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static str = {
                const EACH: &str = $crate::store::sql::join!(
                    $(", ", $crate::store::record::column_of!($field $(= $column)?)),+
                );
                EACH.split_at(2).1
            };
            const KEY: &'static str = concat!("" $(, $key)?);
        }

        impl $(<$text: $crate::store::args::Bind>)? $crate::store::args::Bind for $name $(<$text>)? {
            const WIDTH: usize =
                $crate::store::sql::width(<Self as $crate::store::sql::TableRecord>::COLUMNS);

            fn bind(&self, out: &mut impl $crate::store::args::ValueSink) {
                $(self.$field.bind(out);)+
            }
        }

        impl $(<$text: $crate::store::columns::Fetch>)? $crate::store::columns::Fetch for $name $(<$text>)? {
            const SOURCE: &'static str = $table;

            fn fetch(
                columns: &mut $crate::store::columns::Columns<'_>,
            ) -> $crate::store::Result<Self> {
                Ok(Self { $($field: columns.take()?,)+ $($($beside: Default::default(),)+)? })
            }
        }
    };
}

/// Says in which columns something stands that is only written, and the value of each.
macro_rules! written {
    ($type:ty => $table:literal by $key:expr; $columns:expr, |$self:pat_param| $values:expr) => {
        impl $crate::store::sql::TableRecord for $type {
            const TABLE: &'static str = $table;
            const COLUMNS: &'static str = $columns;
            const KEY: &'static str = $key;
        }

        impl $crate::store::args::Bind for $type {
            const WIDTH: usize =
                $crate::store::sql::width(<Self as $crate::store::sql::TableRecord>::COLUMNS);

            fn bind(&self, out: &mut impl $crate::store::args::ValueSink) {
                let $self = self;
                $crate::store::args::Bind::bind(&$values, out);
            }
        }
    };
}

/// Names the column of a field.
macro_rules! column_of {
    ($field:ident) => {
        stringify!($field)
    };
    ($field:ident = $column:tt) => {
        $crate::store::sql::word!(sqlite $column)
    };
}

/// Says that the words of closed lists stand in one column, each as its name.
macro_rules! words {
    ($($type:ty),+) => { $(
        impl $crate::store::args::Bind for $type {
            fn bind(&self, out: &mut impl $crate::store::args::ValueSink) {
                out.text(self.into_str());
            }
        }

        impl $crate::store::columns::Fetch for $type {
            fn fetch(
                columns: &mut $crate::store::columns::Columns<'_>,
            ) -> $crate::store::Result<Self> {
                columns.parsed()
            }
        }
    )+ };
}

pub(super) use {column_of, columns, record, words, written};

// They stand in many tables.
columns! { OrderId<T> in "" by "home, seq" { home, seq } }
columns! { TriggerId<T> in "" by "workflow, \"trigger\"" { workflow, trigger = "\"trigger\"" } }

/// Reads all rows of a statement.
pub(super) async fn read_all<T: Fetch, C: FromIterator<T>>(
    at: &mut impl Reads,
    sql: Sql,
    values: impl Bind,
) -> Result<C> {
    rows(at, sql, values).await?.iter().map(|row| read(row, sql)).collect()
}

/// Reads the one row of a statement, if there is one.
pub(super) async fn read_first<T: Fetch>(
    at: &mut impl Reads,
    sql: Sql,
    values: impl Bind,
) -> Result<Option<T>> {
    row(at, sql, values).await?.map(|row| read(&row, sql)).transpose()
}

/// Reads the number a statement counts.
pub(super) async fn read_count(at: &mut impl Reads, sql: Sql, values: impl Bind) -> Result<i64> {
    Ok(read_first(at, sql, values).await?.unwrap_or_default())
}

pub(super) fn read<T: Fetch>(row: &FoundRow, sql: Sql) -> Result<T> {
    let table = if T::SOURCE.is_empty() { sql.name } else { T::SOURCE };
    Columns::of(row, table).take()
}

impl Tx {
    /// Writes many rows; returns how many were touched.
    pub(super) async fn write_rows(&mut self, bulk: &'static Bulk, rows: &[impl Bind]) -> Result<u64> {
        self.write_rows_with(bulk, rows, ()).await
    }
}
