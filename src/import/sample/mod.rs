//! The sample bureau: rows made from a seed, for trying things out. Nothing in it is real.
//!
//! Every id begins with `SAMPLE-` or is the place of the shipped `register/` files, every name
//! with 示例 or, of a bureau that writes English, Sample, so that no row can be taken for somebody's.
//! The rows are stored like imported ones.
//!
//! What falls due when does not depend on the hour or the day of trying: each grid gets
//! [`DUE_PER_GRID`] subjects whose order is to be issued on the day of the beginning or in the
//! days before, the others are spread over the cycle after it. Tiers are the rules' business;
//! what is planned here is only the tier that the policy's own table gives an industry, and
//! subjects with anything that could raise it are planned on the shortest cycle, so that no
//! script can make thousands overdue.

mod chance;
mod names;
mod places;
mod subjects;

use crate::calendar::{Calendar, Length};
use crate::lang::Lang;
use crate::policy::{Every, Policy, Role, Since, Tiers};
use crate::time::Day;

use super::{GridRow, InspectionRow, OfficerRow, RowSchema, StationRow, SubjectRow};
use chance::Chance;

/// Subjects of each grid whose orders are to be issued at the beginning: enough to see every
/// station at work, few enough for a month of one officer.
pub const DUE_PER_GRID: usize = 5;

/// Subjects of each grid; 24 grids make 6,000.
pub const SUBJECTS_PER_GRID: usize = 250;

/// A whole bureau, invented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Six stations.
    pub stations: Vec<StationRow>,
    /// Four grids each.
    pub grids: Vec<GridRow>,
    /// Two officers a grid, and those who hold the stations' and the bureau's roles.
    pub officers: Vec<OfficerRow>,
    /// Subjects, grid by grid.
    pub subjects: Vec<SubjectRow>,
    /// Their inspections, subject by subject, oldest first.
    pub inspections: Vec<InspectionRow>,
}

/// What of a policy the sample has to fit.
#[derive(Clone, Copy, Debug)]
pub struct SamplePolicy<'p> {
    /// Attributes, levels and tables.
    pub declared: RowSchema<'p>,
    /// The tiers, strictest first.
    pub tiers: &'p Tiers,
    /// The cycle of every tier, when it is not the tier's own.
    pub every: Option<Length>,
    /// How long before the nominal day an order is issued.
    pub lead: Option<Length>,
    /// The bureau's calendar; inspections happen on its working days.
    pub calendar: &'p Calendar,
    /// What the bureau writes in; names are of it.
    pub language: Lang,
}

impl<'p> From<&'p Policy> for SamplePolicy<'p> {
    fn from(policy: &'p Policy) -> Self {
        let recur =
            policy.recurring().map(|(_, _, recur)| recur).find(|recur| recur.since == Since::LastPatrol);
        Self {
            declared: RowSchema::from(policy),
            tiers: &policy.tiers,
            every: recur.and_then(|recur| match recur.every {
                Every::TierCycle | Every::Attribute(_) => None,
                Every::Length(length) => Some(length),
            }),
            lead: recur.and_then(|recur| recur.lead),
            calendar: &policy.calendar,
            language: policy.bureau.language,
        }
    }
}

/// Makes the sample bureau; the same inputs give the same rows, on any machine.
pub fn bureau(policy: &Policy, begin: Day, seed: u64) -> Sample {
    fill(SamplePolicy::from(policy), begin, seed)
}

/// Makes the sample bureau on what of a policy it has to fit.
pub fn fill(ground: SamplePolicy<'_>, begin: Day, seed: u64) -> Sample {
    let roles: &[Role] = ground.declared.roles;
    let names = names::names(ground.language);
    let (stations, grids) = (places::stations(names), places::grids(names));
    let officers = places::officers(roles, begin, names, &mut Chance::new(seed, "officers"));
    let (subjects, inspections) =
        subjects::subjects(ground, &grids, begin, &mut Chance::new(seed, "subjects"));
    Sample { stations, grids, officers, subjects, inspections }
}
