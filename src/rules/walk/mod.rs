//! Walks a script before it runs: names, arities, types, what it reads, and its typed tree.
//!
//! One walk does all of it, because all of it needs to know the same things of each value. A
//! function of the script is walked where it is called, with what is known of its arguments, so
//! that `fn recent(d) { within(d, "1 年") }` is an exact read of the field it is called with.
//! Nothing here runs anything.

mod abs;
mod call;
mod chain;
mod expr;
mod operate;
mod scope;
mod stmt;

pub(super) use scope::{AnswerKind, CANCELLED, DONE, ENDED, NameScope, Root, form_of};

use std::collections::{BTreeMap, BTreeSet};

use rhai::Stmt;

use crate::diag::{Code, Diagnostic, Span, codes};
use crate::limits;
use crate::policy::{ExprIx, Policy};

use super::host::VARIABLES_MAX;
use super::kind::Kind;
use super::slot::{Slot, Slots, SubjectField};
use super::tree::{Node, Tree};
use super::unit::SourceUnit;
use super::value::Val;
use abs::{Abs, Alternative};
use scope::{FactAt, FactTable, StartName};
use stmt::Flow;

/// Pieces of script one entry may reach, functions counted at every call.
///
/// Few enough that no script walked to its end can use up the operations of one evaluation,
/// loops apart.
const STEPS_MAX: usize = 10_000;

/// Problems reported of one file; beyond that they help nobody.
const PROBLEMS_MAX: usize = 200;

/// Calls open at once; the interpreter's own limit counts the entry and lambdas too.
const CALLS_MAX: usize = limits::SCRIPT_CALL_DEPTH - 2;

/// What walks find out, one after the other.
#[derive(Default)]
pub(super) struct Findings {
    /// Every input that is read.
    pub(super) slots: Slots,
    pub(super) problems: Vec<Diagnostic>,
    facts: FactTable,
}

/// A name an expression reads.
#[derive(Clone, Debug)]
pub(super) struct NameUse {
    pub(super) name: String,
    pub(super) root: Root,
    /// The fields read of a step or of the order; none when it is read as a whole.
    pub(super) fields: Option<BTreeSet<String>>,
}

/// A variable.
#[derive(Clone, Debug)]
struct Variable {
    name: String,
    abs: Abs,
    /// Where a lowered script keeps it.
    local: Option<usize>,
    /// The input it stands for, when it is one.
    slot: Option<usize>,
}

/// What a condition already passed has made certain.
#[derive(Clone, Debug, PartialEq)]
enum Certainty {
    /// The field is known.
    Has(SubjectField),
    /// The variable, or the expression with this text, is not missing.
    HasText(String),
    /// The list with this text has items.
    Filled(String),
}

/// A walk through one entry.
pub(super) struct Walk<'a> {
    policy: &'a Policy,
    unit: &'a SourceUnit,
    /// Its names are the variables at the bottom of `env`.
    scope: NameScope,
    found: &'a mut Findings,
    env: Vec<Variable>,
    /// Variables below this position cannot be seen from the lambda being walked.
    floor: usize,
    certain: Vec<Certainty>,
    returns: Vec<Vec<Abs>>,
    /// Functions being walked, outermost first.
    calls: Vec<String>,
    visited: FunctionNames,
    locals: usize,
    steps: usize,
    /// What was read of the names of the scope: a field, or the whole.
    read: BTreeSet<(usize, Option<String>)>,
}

/// Functions by name and number of parameters.
pub(super) type FunctionNames = BTreeSet<(String, usize)>;

/// What a walk found out.
pub(super) struct WalkReport {
    /// How to compute the answer without the interpreter.
    pub(super) tree: Option<Tree>,
    /// How many locals that takes.
    pub(super) locals: usize,
    /// The functions it came through.
    pub(super) visited: FunctionNames,
    /// What an expression reads of the names it starts from.
    pub(super) reads: Vec<NameUse>,
    /// Every name it may start from.
    pub(super) names: Vec<String>,
}

/// Walks an expression; where the rules will be asked, its reads become inputs.
pub(super) fn expression(policy: &Policy, unit: &SourceUnit, ix: ExprIx, found: &mut Findings) -> WalkReport {
    let scope = NameScope::expression(policy, ix, &found.facts);
    let mut walk = Walk::new(policy, unit, scope, found);
    walk.calls.push(String::new());
    let fact = scope::fact(policy, ix);
    let abs = match unit.ast.statements() {
        [Stmt::Expr(expr)] if fact.is_none() => walk.condition(expr),
        [Stmt::Expr(expr)] => walk.expr(expr),
        statements => walk.block(statements, unit.span).abs,
    };
    walk.only_value(&abs);
    if let Some(fact) = fact {
        walk.remember(fact, &abs);
    }
    walk.report_on(abs.tree)
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        policy: &'a Policy,
        unit: &'a SourceUnit,
        scope: NameScope,
        found: &'a mut Findings,
    ) -> Self {
        let env = scope.names.iter().map(|start| {
            let abs = Abs::of(start.kind.clone(), unit.span).may_miss(start.missing);
            let is_input = scope.records && start.root == Root::Tier;
            let slot = is_input.then(|| found.slots.need(Slot::Tier));
            Variable { name: start.name.clone(), abs, local: None, slot }
        });
        Self {
            env: env.collect(),
            policy,
            unit,
            scope,
            found,
            floor: 0,
            certain: Vec::new(),
            returns: Vec::new(),
            calls: Vec::new(),
            visited: FunctionNames::new(),
            locals: 0,
            steps: 0,
            read: BTreeSet::new(),
        }
    }

    /// Walks a function with the subject as its argument.
    pub(super) fn entry(mut self, name: &str) -> WalkReport {
        let subject = Abs::of(Kind::Subject, self.unit.span);
        let abs = self.function(name, vec![subject], self.unit.span);
        self.report_on(abs.tree)
    }

    /// Walks a function that no entry calls: the subject is recognised by the name it has elsewhere.
    pub(super) fn unreached(mut self, name: &str, params: &[String], subjects: &[String]) {
        let known = |param: &String| if subjects.contains(param) { Kind::Subject } else { Kind::Any };
        let args = params.iter().map(|param| Abs::of(known(param), self.unit.span)).collect();
        self.function(name, args, self.unit.span);
    }

    /// Keeps what is known of a fact, for the expressions after it.
    fn remember(&mut self, fact: FactAt, abs: &Abs) {
        let name = self.policy.workflows[fact.workflow].facts[fact.at].0.clone();
        let start =
            StartName { name, root: Root::Fact(fact.at), kind: abs.kind.clone(), missing: abs.missing };
        self.found.facts.entry(fact.workflow).or_default().push(start);
    }

    /// Puts together what was found, with what was read of each name of the scope.
    fn report_on(self, tree: Option<Tree>) -> WalkReport {
        let mut reads: BTreeMap<usize, Option<BTreeSet<String>>> = BTreeMap::new();
        for (at, field) in self.read {
            let known = reads.entry(at).or_insert_with(|| Some(BTreeSet::new()));
            *known = known.take().zip(field).map(|(known, field)| &known | &BTreeSet::from([field]));
        }
        let names = self.scope.names;
        let named = |(at, fields): (usize, _)| {
            let StartName { name, root, .. } = &names[at];
            NameUse { name: name.clone(), root: *root, fields }
        };
        let reads = reads.into_iter().map(named).collect();
        let names = names.into_iter().map(|start| start.name).collect();
        WalkReport { tree, locals: self.locals, visited: self.visited, reads, names }
    }

    fn function(&mut self, name: &str, args: Vec<Abs>, at: Span) -> Abs {
        let key = (name.to_owned(), args.len());
        let Some(function) = self.unit.functions.get(&key).cloned() else {
            return Abs::of(Kind::Any, at);
        };
        if self.calls.iter().any(|open| open == name) {
            self.report(Diagnostic::new(codes::SCRIPT_CALLS_ITSELF, at).with("name", name));
            return Abs::of(Kind::Any, at);
        }
        if self.calls.len() >= CALLS_MAX {
            let limit = CALLS_MAX.to_string();
            self.report(Diagnostic::new(codes::SCRIPT_TOO_DEEP, at).with("limit", limit));
            return Abs::of(Kind::Any, at);
        }
        self.visited.insert(key);
        let outer = (std::mem::take(&mut self.env), std::mem::replace(&mut self.floor, 0));
        let outer_certain = std::mem::take(&mut self.certain);
        self.calls.push(name.to_owned());
        self.returns.push(Vec::new());
        let lets: Vec<Option<Tree>> =
            function.params.iter().zip(args).map(|(param, arg)| self.bind(param, arg)).collect();
        let last = self.block(&function.body, self.unit.body(&function));
        let returned = self.returns.pop().unwrap_or_default();
        self.calls.pop();
        (self.env, self.floor) = outer;
        self.certain = outer_certain;
        self.close(lets, last, returned)
    }

    /// Puts a function together from its parameters, its last value and its returns.
    fn close(&mut self, lets: Vec<Option<Tree>>, last: Flow, returned: Vec<Abs>) -> Abs {
        let wanted = if self.calls.is_empty() { self.scope.answer } else { AnswerKind::Anything };
        let span = last.abs.span;
        for answer in returned.iter().chain((!last.ended).then_some(&last.abs)) {
            answer.each().iter().for_each(|way| self.check_answer(wanted, way));
        }
        let steps: Option<Vec<Tree>> = lets.into_iter().chain([last.abs.tree.clone()]).collect();
        let mut answers = returned.into_iter();
        let first = if last.ended { answers.next().unwrap_or(last.abs) } else { last.abs };
        let mut abs = Abs { span, ..answers.fold(first, Abs::joined) };
        abs.tree = steps.map(|steps| {
            let block = Tree { node: Box::new(Node::Block(steps)), span };
            Tree { node: Box::new(Node::Call(block)), span }
        });
        abs
    }

    /// Checks one answer of an entry against what is wanted.
    fn check_answer(&mut self, wanted: AnswerKind, answer: &Alternative) {
        let (fits, word) = match wanted {
            AnswerKind::Anything => return,
            AnswerKind::Tier => (answer.kind.is_text(), "tier"),
            AnswerKind::Number => (answer.kind.is_number(), "number"),
        };
        if answer.kind == Kind::Nothing {
            self.report(Diagnostic::new(codes::SCRIPT_NO_ANSWER, answer.span).with("wanted", word));
        } else if !fits && answer.kind != Kind::Any {
            let problem = Diagnostic::new(codes::SCRIPT_ANSWER_TYPE, answer.span);
            self.report(problem.with("wanted", word).with("kind", answer.kind.word()));
        } else if answer.missing {
            self.flag(codes::SCRIPT_MAY_BE_MISSING, answer.span);
        }
        if wanted == AnswerKind::Tier
            && let Some(Val::Text(tier)) = &answer.literal
            && self.policy.tier(tier).is_none()
        {
            let tiers = self.policy.tiers.order.iter().map(|tier| tier.id.as_str());
            let problem =
                Diagnostic::new(codes::SCRIPT_UNKNOWN_TIER, answer.span).with("tier", tier.as_ref());
            self.report(problem.with_nearest(tier, tiers));
        }
    }

    /// Gives a parameter or variable its value; returns how a lowered script keeps it.
    fn bind(&mut self, name: &str, abs: Abs) -> Option<Tree> {
        let span = abs.span;
        if self.env.len().saturating_sub(self.scope.names.len()) == VARIABLES_MAX {
            let limit = VARIABLES_MAX.to_string();
            self.report(Diagnostic::new(codes::SCRIPT_TOO_MANY, span).with("limit", limit));
        }
        // A subject and a date of one known field are names for inputs, not values to keep.
        let named = abs.kind == Kind::Subject || (abs.kind == Kind::Day && abs.fields.len() == 1);
        if named {
            self.env.push(Variable { name: name.to_owned(), abs, local: None, slot: None });
            return Some(Tree { node: Box::new(Node::Block(Vec::new())), span });
        }
        let local = self.locals;
        self.locals += 1;
        let set = abs.tree.clone().map(|tree| Tree { node: Box::new(Node::Set(local, tree)), span });
        let kept = Abs { tree: None, literal: None, ways: Vec::new(), ..abs };
        self.env.push(Variable { name: name.to_owned(), abs: kept, local: Some(local), slot: None });
        set
    }

    /// Counts one piece of script; returns false when there are too many to go on.
    fn step(&mut self) -> bool {
        self.steps += 1;
        if self.steps == STEPS_MAX {
            let whole = self.unit.place(0, 0);
            self.report(Diagnostic::new(codes::SCRIPT_TOO_MANY, whole).with("limit", STEPS_MAX.to_string()));
        }
        self.steps < STEPS_MAX
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        let found = &mut self.found.problems;
        let here = found.iter().rev().take_while(|known| known.span.file == diagnostic.span.file);
        let mut same = here.clone().filter(|known| known.code == diagnostic.code);
        if same.all(|known| known.span != diagnostic.span) && here.count() < PROBLEMS_MAX {
            found.push(diagnostic);
        }
    }

    fn wrong_type(&mut self, wanted: &Kind, kind: &Kind, at: Span) {
        let problem = Diagnostic::new(codes::SCRIPT_WRONG_TYPE, at).with("wanted", wanted.word());
        self.report(problem.with("kind", kind.word()));
    }

    fn types_differ(&mut self, left: &Kind, right: &Kind, at: Span) {
        let problem = Diagnostic::new(codes::SCRIPT_TYPES_DIFFER, at).with("left", left.word());
        self.report(problem.with("right", right.word()));
    }

    fn flag(&mut self, code: Code, span: Span) {
        self.report(Diagnostic::new(code, span));
    }
}
