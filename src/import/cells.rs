//! The cells of one row, asked for by field; what is wrong with them is kept on the way.

use super::cell::{self, CellResult};
use super::map::{ColumnPlan, RowSchema};
use super::split::SplitRow;
use super::{CellProblem, Problem, Remark, RowPlace};
use crate::diag::codes;

/// Marks between the roles of one officer.
const ROLE_MARKS: [char; 7] = ['、', ',', '，', ';', '；', '|', '/'];

/// The cells of one row as fields, and where their problems go.
pub struct Cells<'a> {
    pub(super) declared: RowSchema<'a>,
    pub(super) plan: &'a ColumnPlan,
    pub(super) fields: &'a SplitRow,
    pub(super) place: RowPlace,
    pub(super) problems: &'a mut Vec<CellProblem>,
    pub(super) remarks: &'a mut Vec<Remark>,
}

impl<'a> Cells<'a> {
    pub(super) fn cell(&self, slot: usize) -> &'a str {
        cell::trim(self.plan.cell(slot, self.fields))
    }

    pub(super) fn report(&mut self, slot: usize, problem: Problem) {
        self.problems.push(CellProblem { column: Some(self.plan.name(slot).to_owned()), problem });
    }

    pub(super) fn read<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        read(self.cell(slot)).map_err(|problem| self.report(slot, problem)).ok()
    }

    /// Reads a cell that may be blank.
    pub(super) fn maybe<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        if self.cell(slot).is_empty() { None } else { self.read(slot, read) }
    }

    /// Reads a cell that must not be blank.
    pub(super) fn must<T>(&mut self, slot: usize, read: impl FnOnce(&str) -> CellResult<T>) -> Option<T> {
        if self.cell(slot).is_empty() {
            self.report(slot, Problem::new(codes::CELL_BLANK));
            return None;
        }
        self.read(slot, read)
    }

    pub(super) fn id(&mut self, slot: usize) -> Option<String> {
        self.must(slot, cell::id)
    }

    /// Reads a text that people see, and remarks what does not show in it.
    pub(super) fn text(&mut self, slot: usize) -> Option<String> {
        let text = self.must(slot, cell::text)?;
        if let Some(letter) = cell::hidden(&text) {
            let problem = Problem::new(codes::TEXT_INVISIBLE).point(letter);
            let problem = CellProblem { column: Some(self.plan.name(slot).to_owned()), problem };
            self.remarks.push(Remark { place: self.place, problem });
        }
        Some(text)
    }

    pub(super) fn attributes(&mut self, first_slot: usize) -> Vec<Option<String>> {
        let declared = self.declared;
        let read = |(nth, attribute)| {
            self.read(first_slot + nth, |text| cell::read_attribute(attribute, declared.tables, text))
                .flatten()
        };
        declared.attributes.iter().enumerate().map(read).collect()
    }

    pub(super) fn roles(&mut self, slot: usize) -> Vec<String> {
        let known: Vec<String> = self.declared.roles.iter().map(|role| role.id.clone()).collect();
        let mut roles = Vec::new();
        for role in self.cell(slot).split(ROLE_MARKS).map(str::trim).filter(|role| !role.is_empty()) {
            if known.is_empty() || known.iter().any(|each| each == role) {
                roles.push(role.to_owned());
            } else {
                self.report(slot, Problem::new(codes::ROLE_UNKNOWN).value(role).near(role, &known));
            }
        }
        roles
    }
}
