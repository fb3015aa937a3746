//! The cells of one row, asked for by field; what is wrong with them is kept on the way.

use super::attribute_cell::{self, CodeTable};
use super::cell::{self, CellResult};
use super::map::{CellText, ColumnPlan, RowSchema};
use super::split::SplitRow;
use super::{Assurance, CellProblem, Doubt, FieldChange, Problem, Remark, RowPlace, id_cell};
use crate::diag::codes;
use crate::policy::Role;

/// Marks between the roles of one officer.
const ROLE_MARKS: [char; 7] = ['、', ',', '，', ';', '；', '|', '/'];

/// The cells of one row as fields, and where their problems go.
pub struct Cells<'a> {
    pub(super) declared: RowSchema<'a>,
    /// The table of each attribute that is a code.
    pub(super) codes: &'a [Option<CodeTable<'a>>],
    pub(super) plan: &'a ColumnPlan,
    pub(super) fields: &'a SplitRow,
    pub(super) place: RowPlace,
    /// Place of the row among those kept, if it is.
    pub(super) row: usize,
    pub(super) problems: &'a mut Vec<CellProblem>,
    pub(super) remarks: &'a mut Vec<Remark>,
    pub(super) doubts: &'a mut Vec<Doubt>,
}

impl Cells<'_> {
    /// Returns whether a row says nothing of a field, or nothing more.
    pub(super) fn is_blank(&self, slot: usize) -> bool {
        matches!(self.plan.said(slot, self.fields), CellText::Nothing | CellText::Cleared)
    }

    pub(super) fn report(&mut self, slot: usize, problem: Problem) {
        self.problems.push(self.at(slot, problem));
    }

    /// Keeps what makes a row one that only somebody who knows more can take.
    fn ask(&mut self, slot: usize, problem: Problem, assurance: Assurance) {
        let confirms = self.plan.confirming.map(|column| (column, cell::trim(self.fields.get(column))));
        let is_confirmed = match confirms.filter(|(_, cell)| !cell.is_empty()) {
            None => false,
            Some((column, cell)) => match cell::flag(cell) {
                Ok(is_confirmed) => is_confirmed,
                Err(problem) => {
                    let column = self.plan.headings.get(column).cloned();
                    let told = CellProblem { column, problem };
                    if !self.problems.contains(&told) {
                        self.problems.push(told);
                    }
                    false
                }
            },
        };
        let doubt = Doubt { row: self.row, problem: self.at(slot, problem), assurance, is_confirmed };
        self.doubts.push(doubt);
    }

    fn at(&self, slot: usize, problem: Problem) -> CellProblem {
        CellProblem { column: Some(self.plan.name(slot).to_owned()), problem }
    }

    /// Reads what a row says of a field.
    pub(super) fn field<T>(
        &mut self,
        slot: usize,
        read: impl FnOnce(&str) -> CellResult<T>,
    ) -> FieldChange<T> {
        let text = match self.plan.said(slot, self.fields) {
            CellText::Nothing => return FieldChange::Keep,
            CellText::Cleared => return FieldChange::Clear,
            CellText::Plain(text) | CellText::Sure(text) => text,
            CellText::Unlisted(text, known) => {
                self.report(slot, Problem::new(codes::CHOICE_UNKNOWN).value(text).near(text, known));
                return FieldChange::Keep;
            }
        };
        match read(text) {
            Ok(value) => FieldChange::Set(value),
            Err(problem) => {
                self.report(slot, problem);
                FieldChange::Keep
            }
        }
    }

    /// Reads a field that can only be said, not cleared.
    pub(super) fn maybe<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        match self.field(slot, read) {
            FieldChange::Set(value) => Some(value),
            FieldChange::Keep | FieldChange::Clear => None,
        }
    }

    /// Reads a field that every row needs.
    pub(super) fn must<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        if self.is_blank(slot) {
            self.report(slot, Problem::new(codes::CELL_BLANK));
            return None;
        }
        self.maybe(slot, read)
    }

    /// Reads a field that a row of something new needs.
    pub(super) fn of_new<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        if self.is_blank(slot) {
            self.ask(slot, Problem::new(codes::NEW_LACKS), Assurance::Known);
        }
        self.maybe(slot, read)
    }

    pub(super) fn id(&mut self, slot: usize) -> Option<String> {
        self.must(slot, id_cell::id)
    }

    /// Reads the id by which a subject is kept.
    pub(super) fn subject_id(&mut self, slot: usize) -> Option<String> {
        let read = self.must(slot, id_cell::subject_id)?;
        if let Some((problem, assurance)) = read.doubt {
            self.ask(slot, problem, assurance);
        }
        Some(read.id)
    }

    /// Reads a text that people see, which a row of something new needs, and remarks what does not show in it.
    pub(super) fn text(&mut self, slot: usize) -> Option<String> {
        let text = self.of_new(slot, cell::text)?;
        if let Some(letter) = cell::hidden(&text) {
            let problem = self.at(slot, Problem::new(codes::TEXT_INVISIBLE).point(letter));
            self.remarks.push(Remark { place: self.place, problem });
        }
        Some(text)
    }

    pub(super) fn attributes(&mut self, first_slot: usize) -> Vec<FieldChange<String>> {
        let attributes = self.declared.attributes;
        let mut values = Vec::with_capacity(attributes.len());
        for (nth, attribute) in attributes.iter().enumerate() {
            let (slot, mut doubt) = (first_slot + nth, None);
            let table = self.codes[nth].as_ref();
            let value =
                self.field(slot, |text| attribute_cell::attribute(attribute, table, text, &mut doubt));
            let is_sure = matches!(self.plan.said(slot, self.fields), CellText::Sure(_));
            if let Some(problem) = doubt.filter(|_| !is_sure) {
                self.ask(slot, problem, Assurance::SameOrConfirmed(nth));
            }
            if attribute.required && attribute.default.is_none() {
                match value {
                    FieldChange::Keep if self.is_blank(slot) => {
                        self.ask(slot, Problem::new(codes::NEW_LACKS), Assurance::Known);
                    }
                    FieldChange::Clear => self.report(slot, Problem::new(codes::CELL_BLANK)),
                    FieldChange::Keep | FieldChange::Set(_) => {}
                }
            }
            values.push(value);
        }
        values
    }

    pub(super) fn roles(&mut self, slot: usize) -> FieldChange<Vec<String>> {
        let roles_known = self.declared.roles;
        let known: Vec<String> = roles_known.iter().map(|role| role.id.clone()).collect();
        // By its name, or by what it is called in English.
        let meant = |typed: &str| {
            let titled = |role: &&Role| role.title_en.eq_ignore_ascii_case(typed);
            let named = roles_known.iter().find(|role| role.id == typed);
            named.or_else(|| roles_known.iter().find(titled)).map(|role| role.id.clone())
        };
        let mut roles = Vec::new();
        let mut wrong = Vec::new();
        let said = self.field(slot, |text| {
            for role in text.split(ROLE_MARKS).map(str::trim).filter(|role| !role.is_empty()) {
                match meant(role) {
                    Some(id) => roles.push(id),
                    None if known.is_empty() => roles.push(role.to_owned()),
                    None => wrong.push(Problem::new(codes::ROLE_UNKNOWN).value(role).near(role, &known)),
                }
            }
            Ok(())
        });
        for problem in wrong {
            self.report(slot, problem);
        }
        said.map(|()| roles)
    }
}
