//! Scripts as typed trees: the common subset, run without the interpreter.
//!
//! The interpreter is the reference. A tree answers only when it is sure: whatever goes wrong
//! here (a missing value, an overflow) gives no answer, and the interpreter is asked, so that a
//! fault always has the interpreter's code and place. A differential test holds both to the
//! same answers.

use crate::diag::Span;
use crate::policy::{Policy, Table};

use super::host::{LanguageFunction, cell};
use super::value::{Arithmetic, Comparison, Val, calculate, compare};

/// A piece of a script with its place.
#[derive(Clone, Debug)]
pub(super) struct Tree {
    pub(super) node: Box<Node>,
    pub(super) span: Span,
}

#[derive(Clone, Debug)]
pub(super) enum Node {
    Const(Val),
    Slot(usize),
    /// An input that is yes or no; asking it of a missing date is a fault.
    Truth(usize),
    Local(usize),
    Set(usize, Tree),
    Not(Tree),
    Minus(Tree),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Coalesce(Vec<Tree>),
    Has(Tree),
    Compare(Comparison, Tree, Tree),
    Arithmetic(Arithmetic, Tree, Tree),
    Function(&'static LanguageFunction, Vec<Tree>),
    /// The key when the table has it; missing otherwise.
    Row(usize, Tree),
    /// A column of a row.
    Cell(usize, String, Tree),
    If(Tree, Tree, Tree),
    Block(Vec<Tree>),
    Return(Tree),
    /// The body of a function, which is where `Return` ends.
    Call(Tree),
}

impl Tree {
    /// Collects the places of every fork and of every answer, as a trace would name them.
    pub(super) fn forks(&self, places: &mut Vec<Span>) {
        let body = if let Node::Call(body) = &*self.node { body } else { self };
        places.extend(ending(body));
        body.forks_below(places);
    }

    fn forks_below(&self, places: &mut Vec<Span>) {
        match &*self.node {
            Node::Const(_) | Node::Slot(_) | Node::Truth(_) | Node::Local(_) => {}
            Node::Set(_, one)
            | Node::Not(one)
            | Node::Minus(one)
            | Node::Has(one)
            | Node::Row(_, one)
            | Node::Cell(_, _, one)
            | Node::Call(one) => one.forks_below(places),
            Node::All(all)
            | Node::Any(all)
            | Node::Coalesce(all)
            | Node::Function(_, all)
            | Node::Block(all) => {
                for one in all {
                    one.forks_below(places);
                }
            }
            Node::Compare(_, one, other) | Node::Arithmetic(_, one, other) => {
                one.forks_below(places);
                other.forks_below(places);
            }
            Node::If(when, then, otherwise) => {
                places.push(when.span);
                for branch in [then, otherwise] {
                    places.extend(ending(branch));
                    branch.forks_below(places);
                }
            }
            Node::Return(value) => {
                places.push(self.span);
                value.forks_below(places);
            }
        }
    }
}

/// What ended an evaluation early.
pub(super) enum EarlyEnd {
    /// A `return`.
    Return(Val),
    /// The tree does not know; ask the interpreter.
    Ask,
}

/// A line that took part in a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct DecidingLine {
    /// The condition, or the answer.
    pub span: Span,
    pub value: Val,
}

/// One evaluation.
pub(super) struct TreeRun<'a> {
    pub(super) tables: &'a [Table],
    pub(super) values: &'a [Val],
    pub(super) locals: Vec<Val>,
    /// Conditions and answers passed, when somebody wants to know why.
    pub(super) trace: Option<Vec<DecidingLine>>,
}

/// A value, or what ended the evaluation before there was one.
type TreeValue = Result<Val, EarlyEnd>;

impl<'a> TreeRun<'a> {
    pub(super) fn new(policy: &'a Policy, values: &'a [Val], locals: usize) -> Self {
        Self { tables: &policy.tables, values, locals: vec![Val::Missing; locals], trace: None }
    }

    /// Returns the answer, or none when the interpreter has to be asked; a trace notes where it stands
    /// when no fork did.
    pub(super) fn answer(&mut self, tree: &Tree) -> Option<Val> {
        let body = if let Node::Call(body) = &*tree.node { body } else { tree };
        match self.branch(body) {
            Ok(value) | Err(EarlyEnd::Return(value)) => Some(value),
            Err(EarlyEnd::Ask) => None,
        }
    }

    fn note(&mut self, span: Span, value: &Val) {
        if let Some(trace) = &mut self.trace {
            trace.push(DecidingLine { span, value: value.clone() });
        }
    }

    fn eval(&mut self, tree: &Tree) -> TreeValue {
        match &*tree.node {
            Node::Const(value) => Ok(value.clone()),
            Node::Slot(at) => self.values.get(*at).cloned().ok_or(EarlyEnd::Ask),
            Node::Truth(at) => match self.values.get(*at) {
                Some(Val::Flag(flag)) => Ok(Val::Flag(*flag)),
                _ => Err(EarlyEnd::Ask),
            },
            Node::Local(at) => self.locals.get(*at).cloned().ok_or(EarlyEnd::Ask),
            Node::Set(at, value) => {
                let value = self.eval(value)?;
                *self.locals.get_mut(*at).ok_or(EarlyEnd::Ask)? = value;
                Ok(Val::Missing)
            }
            Node::Not(side) => Ok(Val::Flag(!self.flag(side)?)),
            Node::Minus(side) => match self.eval(side)? {
                Val::Integer(number) => number.checked_neg().map(Val::Integer).ok_or(EarlyEnd::Ask),
                Val::Float(number) => Ok(Val::Float(-number)),
                _ => Err(EarlyEnd::Ask),
            },
            Node::All(sides) => self.until(sides, false),
            Node::Any(sides) => self.until(sides, true),
            Node::Coalesce(sides) => self.coalesce(sides),
            Node::Has(side) => Ok(Val::Flag(self.eval(side)? != Val::Missing)),
            Node::Compare(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                compare(*sign, &left, &right).map(Val::Flag).map_err(|_| EarlyEnd::Ask)
            }
            Node::Arithmetic(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                calculate(*sign, &left, &right).ok_or(EarlyEnd::Ask)
            }
            Node::Function(function, args) => {
                let args = args.iter().map(|arg| self.eval(arg)).collect::<Result<Vec<_>, _>>()?;
                function.apply(&args).ok_or(EarlyEnd::Ask)
            }
            Node::Row(table, key) => self.row(*table, key),
            Node::Cell(table, column, row) => match self.eval(row)? {
                Val::Missing => Ok(Val::Missing),
                Val::Text(key) => {
                    let value = cell(&self.tables[*table], &key, column).ok_or(EarlyEnd::Ask)?;
                    // A table row decides as much as a line of the script does.
                    if let Some(row) = self.tables[*table].find(&key) {
                        self.note(row.span, &value);
                    }
                    Ok(value)
                }
                _ => Err(EarlyEnd::Ask),
            },
            Node::If(when, then, otherwise) => {
                let holds = self.flag(when)?;
                self.note(when.span, &Val::Flag(holds));
                self.branch(if holds { then } else { otherwise })
            }
            Node::Block(list) => list.iter().try_fold(Val::Missing, |_, next| self.eval(next)),
            Node::Return(value) => {
                let value = self.eval(value)?;
                self.note(tree.span, &value);
                Err(EarlyEnd::Return(value))
            }
            Node::Call(body) => match self.eval(body) {
                Err(EarlyEnd::Return(value)) => Ok(value),
                other => other,
            },
        }
    }

    fn flag(&mut self, tree: &Tree) -> Result<bool, EarlyEnd> {
        match self.eval(tree)? {
            Val::Flag(flag) => Ok(flag),
            _ => Err(EarlyEnd::Ask),
        }
    }

    fn until(&mut self, sides: &[Tree], ends: bool) -> TreeValue {
        for side in sides {
            if self.flag(side)? == ends {
                return Ok(Val::Flag(ends));
            }
        }
        Ok(Val::Flag(!ends))
    }

    fn coalesce(&mut self, sides: &[Tree]) -> TreeValue {
        for side in sides {
            let value = self.eval(side)?;
            if value != Val::Missing {
                return Ok(value);
            }
        }
        Ok(Val::Missing)
    }

    fn row(&mut self, table: usize, key: &Tree) -> TreeValue {
        match self.eval(key)? {
            Val::Text(key) if self.tables[table].find(&key).is_some() => Ok(Val::Text(key)),
            Val::Text(_) | Val::Missing => Ok(Val::Missing),
            _ => Err(EarlyEnd::Ask),
        }
    }

    fn branch(&mut self, branch: &Tree) -> TreeValue {
        let value = self.eval(branch)?;
        if let Some(last) = ending(branch) {
            self.note(last, &value);
        }
        Ok(value)
    }
}

/// Returns the place of the plain expression that a branch ends in; an `if` notes its own end.
pub(super) fn ending(tree: &Tree) -> Option<Span> {
    match &*tree.node {
        Node::Block(list) => list.last().and_then(ending),
        Node::If(..) | Node::Return(_) | Node::Set(..) => None,
        Node::Const(_)
        | Node::Slot(_)
        | Node::Truth(_)
        | Node::Local(_)
        | Node::Not(_)
        | Node::Minus(_)
        | Node::All(_)
        | Node::Any(_)
        | Node::Coalesce(_)
        | Node::Has(_)
        | Node::Compare(..)
        | Node::Arithmetic(..)
        | Node::Function(..)
        | Node::Row(..)
        | Node::Cell(..)
        | Node::Call(_) => Some(tree.span),
    }
}
