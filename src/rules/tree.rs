//! Scripts as typed trees: the common subset, run without the interpreter.
//!
//! The interpreter is the reference. A tree answers only when it is sure: whatever goes wrong
//! here (a missing value, an overflow) gives no answer, and the interpreter is asked, so that a
//! fault always has the interpreter's code and place. A differential test holds both to the
//! same answers.

use crate::diag::Span;
use crate::policy::{Policy, Table};

use super::host::cell;
use super::value::{Comparison, Val, compare, float};

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
    Maths(Maths, Vec<Tree>),
    /// The key when the table has it; missing otherwise.
    Row(usize, Tree),
    /// A column of a row.
    Cell(usize, String, Tree),
    If(Tree, Tree, Option<Tree>),
    Block(Vec<Tree>),
    Return(Option<Tree>),
    /// The body of a function, which is where `Return` ends.
    Call(Tree),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
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
            | Node::Maths(_, all)
            | Node::Block(all) => {
                all.iter().for_each(|one| one.forks_below(places));
            }
            Node::Compare(_, one, other) | Node::Arithmetic(_, one, other) => {
                one.forks_below(places);
                other.forks_below(places);
            }
            Node::If(when, then, otherwise) => {
                places.push(when.span);
                for branch in std::iter::once(then).chain(otherwise) {
                    places.extend(ending(branch));
                    branch.forks_below(places);
                }
            }
            Node::Return(value) => {
                places.push(self.span);
                if let Some(value) = value {
                    value.forks_below(places);
                }
            }
        }
    }
}

/// A function of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Maths {
    Abs,
    Ceiling,
    Floor,
    Max,
    Min,
    Round,
    Sqrt,
    ToFloat,
}

impl Maths {
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "abs" => Self::Abs,
            "ceiling" => Self::Ceiling,
            "floor" => Self::Floor,
            "max" => Self::Max,
            "min" => Self::Min,
            "round" => Self::Round,
            "sqrt" => Self::Sqrt,
            "to_float" => Self::ToFloat,
            _ => return None,
        })
    }

    fn apply(self, args: &[Val]) -> Option<Val> {
        let number = match args {
            [Val::Integer(one)] if self == Self::Abs => return one.checked_abs().map(Val::Integer),
            [Val::Integer(one)] => float(*one),
            [Val::Float(one)] => *one,
            [Val::Integer(one), Val::Integer(two)] => {
                return Some(Val::Integer(if self == Self::Max { *one.max(two) } else { *one.min(two) }));
            }
            // Of floats, and of mixed numbers, the interpreter alone says which one is meant.
            _ => return None,
        };
        Some(Val::Float(match self {
            Self::Abs => libm::fabs(number),
            Self::Ceiling => libm::ceil(number),
            Self::Floor => libm::floor(number),
            Self::Round => libm::round(number),
            Self::Sqrt => libm::sqrt(number),
            Self::ToFloat => number,
            Self::Max | Self::Min => return None,
        }))
    }
}

impl Arithmetic {
    pub(super) fn parse(sign: &str) -> Option<Self> {
        Some(match sign {
            "+" => Self::Add,
            "-" => Self::Subtract,
            "*" => Self::Multiply,
            "/" => Self::Divide,
            "%" => Self::Remainder,
            "**" => Self::Power,
            _ => return None,
        })
    }
}

/// What ended an evaluation early.
pub(super) enum Stop {
    /// A `return`.
    Return(Val),
    /// The tree does not know; ask the interpreter.
    Ask,
}

/// A line that took part in a decision.
#[derive(Clone, Debug, PartialEq)]
pub struct Because {
    /// The condition, or the answer.
    pub span: Span,
    /// Its value.
    pub value: Val,
}

/// One evaluation.
pub(super) struct Run<'a> {
    pub(super) tables: &'a [Table],
    pub(super) values: &'a [Val],
    pub(super) locals: Vec<Val>,
    /// Conditions and answers passed, when somebody wants to know why.
    pub(super) trace: Option<Vec<Because>>,
}

type Answer = Result<Val, Stop>;

impl<'a> Run<'a> {
    pub(super) fn new(policy: &'a Policy, values: &'a [Val], locals: usize) -> Self {
        Self { tables: &policy.tables, values, locals: vec![Val::Missing; locals], trace: None }
    }

    /// Returns the answer, or none when the interpreter has to be asked.
    pub(super) fn answer(&mut self, tree: &Tree) -> Option<Val> {
        match self.eval(tree) {
            Ok(value) | Err(Stop::Return(value)) => Some(value),
            Err(Stop::Ask) => None,
        }
    }

    /// Like [`Run::answer`], and notes where the answer stands when no fork did.
    pub(super) fn answer_traced(&mut self, tree: &Tree) -> Option<Val> {
        let body = if let Node::Call(body) = &*tree.node { body } else { tree };
        match self.eval(body) {
            Ok(value) => {
                if let Some(last) = ending(body) {
                    self.note(last, &value);
                }
                Some(value)
            }
            Err(Stop::Return(value)) => Some(value),
            Err(Stop::Ask) => None,
        }
    }

    fn note(&mut self, span: Span, value: &Val) {
        if let Some(trace) = &mut self.trace {
            trace.push(Because { span, value: value.clone() });
        }
    }

    fn eval(&mut self, tree: &Tree) -> Answer {
        match &*tree.node {
            Node::Const(value) => Ok(value.clone()),
            Node::Slot(at) => self.values.get(*at).cloned().ok_or(Stop::Ask),
            Node::Truth(at) => match self.values.get(*at) {
                Some(Val::Flag(flag)) => Ok(Val::Flag(*flag)),
                _ => Err(Stop::Ask),
            },
            Node::Local(at) => self.locals.get(*at).cloned().ok_or(Stop::Ask),
            Node::Set(at, value) => {
                let value = self.eval(value)?;
                *self.locals.get_mut(*at).ok_or(Stop::Ask)? = value;
                Ok(Val::Missing)
            }
            Node::Not(side) => Ok(Val::Flag(!self.flag(side)?)),
            Node::Minus(side) => match self.eval(side)? {
                Val::Integer(number) => number.checked_neg().map(Val::Integer).ok_or(Stop::Ask),
                Val::Float(number) => Ok(Val::Float(-number)),
                _ => Err(Stop::Ask),
            },
            Node::All(sides) => self.until(sides, false),
            Node::Any(sides) => self.until(sides, true),
            Node::Coalesce(sides) => self.coalesce(sides),
            Node::Has(side) => Ok(Val::Flag(self.eval(side)? != Val::Missing)),
            Node::Compare(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                compare(*sign, &left, &right).map(Val::Flag).map_err(|_| Stop::Ask)
            }
            Node::Arithmetic(sign, left, right) => {
                let (left, right) = (self.eval(left)?, self.eval(right)?);
                calculate(*sign, &left, &right).ok_or(Stop::Ask)
            }
            Node::Maths(function, args) => {
                let args = args.iter().map(|arg| self.eval(arg)).collect::<Result<Vec<Val>, Stop>>()?;
                function.apply(&args).ok_or(Stop::Ask)
            }
            Node::Row(table, key) => self.row(*table, key),
            Node::Cell(table, column, row) => match self.eval(row)? {
                Val::Missing => Ok(Val::Missing),
                Val::Text(key) => {
                    let value = cell(&self.tables[*table], &key, column).ok_or(Stop::Ask)?;
                    // A table row decides as much as a line of the script does.
                    if let Some(row) = self.tables[*table].find(&key) {
                        self.note(row.span, &value);
                    }
                    Ok(value)
                }
                _ => Err(Stop::Ask),
            },
            Node::If(when, then, otherwise) => self.choose(when, then, otherwise.as_ref()),
            Node::Block(list) => list.iter().try_fold(Val::Missing, |_, next| self.eval(next)),
            Node::Return(value) => self.give_back(tree.span, value.as_ref()),
            Node::Call(body) => match self.eval(body) {
                Err(Stop::Return(value)) => Ok(value),
                other => other,
            },
        }
    }

    fn flag(&mut self, tree: &Tree) -> Result<bool, Stop> {
        match self.eval(tree)? {
            Val::Flag(flag) => Ok(flag),
            _ => Err(Stop::Ask),
        }
    }

    fn until(&mut self, sides: &[Tree], ends: bool) -> Answer {
        for side in sides {
            if self.flag(side)? == ends {
                return Ok(Val::Flag(ends));
            }
        }
        Ok(Val::Flag(!ends))
    }

    fn coalesce(&mut self, sides: &[Tree]) -> Answer {
        for side in sides {
            let value = self.eval(side)?;
            if value != Val::Missing {
                return Ok(value);
            }
        }
        Ok(Val::Missing)
    }

    fn row(&mut self, table: usize, key: &Tree) -> Answer {
        match self.eval(key)? {
            Val::Text(key) if self.tables[table].find(&key).is_some() => Ok(Val::Text(key)),
            Val::Text(_) | Val::Missing => Ok(Val::Missing),
            _ => Err(Stop::Ask),
        }
    }

    fn choose(&mut self, when: &Tree, then: &Tree, otherwise: Option<&Tree>) -> Answer {
        let holds = self.flag(when)?;
        self.note(when.span, &Val::Flag(holds));
        let branch = if holds { Some(then) } else { otherwise };
        let Some(branch) = branch else { return Ok(Val::Missing) };
        let value = self.eval(branch)?;
        if let Some(last) = ending(branch) {
            self.note(last, &value);
        }
        Ok(value)
    }

    fn give_back(&mut self, span: Span, value: Option<&Tree>) -> Answer {
        let value = value.map_or(Ok(Val::Missing), |value| self.eval(value))?;
        self.note(span, &value);
        Err(Stop::Return(value))
    }
}

/// Returns the place of the plain expression that a branch ends in; an `if` notes its own end.
pub(super) fn ending(tree: &Tree) -> Option<Span> {
    match &*tree.node {
        Node::Block(list) => list.last().and_then(ending),
        Node::If(..) | Node::Return(_) | Node::Set(..) => None,
        _ => Some(tree.span),
    }
}

fn calculate(sign: Arithmetic, left: &Val, right: &Val) -> Option<Val> {
    if let (Val::Integer(l), Val::Integer(r)) = (left, right)
        && sign != Arithmetic::Divide
    {
        let sum = match sign {
            Arithmetic::Add => l.checked_add(*r),
            Arithmetic::Subtract => l.checked_sub(*r),
            Arithmetic::Remainder => l.checked_rem(*r),
            Arithmetic::Power => u32::try_from(*r).ok().and_then(|r| l.checked_pow(r)),
            Arithmetic::Multiply | Arithmetic::Divide => l.checked_mul(*r),
        };
        return sum.map(Val::Integer);
    }
    let number = |value: &Val| match value {
        Val::Integer(number) => Some(float(*number)),
        Val::Float(number) => Some(*number),
        _ => None,
    };
    let (l, r) = (number(left)?, number(right)?);
    let value = match sign {
        Arithmetic::Add => l + r,
        Arithmetic::Subtract => l - r,
        Arithmetic::Multiply => l * r,
        Arithmetic::Divide if r == 0.0 => return None,
        Arithmetic::Divide => l / r,
        Arithmetic::Remainder => libm::fmod(l, r),
        Arithmetic::Power => libm::pow(l, r),
    };
    Some(Val::Float(value))
}
