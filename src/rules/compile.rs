//! From texts to rules that can be asked: every script and every expression read and walked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use rhai::{AST, Engine, Scope};

use crate::diag::{Diagnostic, Span, any_error, codes};
use crate::policy::{ExprIx, Policy, Script, WorkflowIx};

use super::branch::{Expression, Expressions};
use super::host::{self, Names, Shelf};
use super::slot::{Field, Slots};
use super::tree::Tree;
use super::unit::Unit;
use super::walk::{self, Facts, Read, Walk, Wanted};
use super::{Memo, Rules, read};

/// Functions already walked, by name and number of parameters.
type Visited = BTreeSet<(String, usize)>;

/// Something the engine asks.
pub(super) struct Entry {
    pub(super) unit: Arc<Unit>,
    /// Compiled under strict names, to be run.
    pub(super) ast: AST,
    /// The function to call; none for an expression.
    pub(super) function: Option<&'static str>,
    pub(super) tree: Option<Tree>,
    pub(super) locals: usize,
}

impl Entry {
    /// Returns where it stands: the body of the function, or the expression.
    pub(super) fn place(&self) -> Span {
        let function = self.function.and_then(|name| self.unit.functions.get(&(name.to_owned(), 1)));
        function.map_or(self.unit.span, |function| self.unit.body(function))
    }
}

/// The functions the engine asks of the bureau's scripts.
const ENTRIES: [(&str, Wanted); 2] = [("tier", Wanted::Tier), ("score", Wanted::Number)];

/// The place of a condition: its workflow and the position of its trigger.
pub(super) type WhenKey = (WorkflowIx, usize);

struct Bench<'a> {
    policy: &'a Policy,
    reader: Engine,
    engine: Engine,
    slots: Slots,
    found: Vec<Diagnostic>,
}

/// Compiles; the rules are there unless an error was found.
pub(super) fn compile(policy: &Policy) -> (Option<Rules>, Vec<Diagnostic>) {
    host::threads().install(|| {
        let mut bench = Bench {
            policy,
            reader: host::reader(),
            engine: host::engine(Shelf::of(policy)),
            slots: Slots::default(),
            found: Vec::new(),
        };
        let [tier, score] = bench.scripts();
        let (whens, expressions) = bench.expressions();
        bench.found.sort_by_key(|problem| problem.span);
        if any_error(&bench.found) {
            return (None, bench.found);
        }
        let names = names(policy);
        let rules = Rules {
            engine: bench.engine,
            tier,
            score,
            whens: whens.iter().map(|(key, _)| *key).collect(),
            conditions: whens.into_iter().map(|(_, entry)| entry).collect(),
            expressions: Expressions::new(policy, expressions),
            slots: Arc::new(bench.slots),
            names: Arc::new(names),
            memo: Memo::default(),
        };
        (Some(rules), bench.found)
    })
}

/// Walks the functions of one script that no entry calls.
fn unreached(
    policy: &Policy,
    unit: &Unit,
    visited: &Visited,
    subjects: &[String],
    known: &[Diagnostic],
) -> Vec<Diagnostic> {
    let mut slots = Slots::default();
    let mut found = Vec::new();
    for ((name, count), function) in &unit.functions {
        let is_lambda = name.contains('$');
        if !is_lambda && !visited.contains(&(name.clone(), *count)) {
            let mut walk = Walk::new(policy, unit, &mut slots, &mut found, true);
            walk.unreached(name, &function.params, subjects);
        }
    }
    found.retain(|problem: &Diagnostic| !known.contains(problem));
    found
}

fn names(policy: &Policy) -> Names {
    let built_in = Field::BUILT_IN.iter().map(|(field, name)| ((*name).to_owned(), *field));
    let declared = (0_u16..).zip(&policy.attributes).flat_map(|(at, attribute)| {
        let field = Field::Attribute(crate::policy::AttributeIx(at));
        [(attribute.id.clone(), field), (attribute.title.clone(), field)]
    });
    let fields = built_in.chain(declared).map(|(name, field)| (name, field, field.kind(policy))).collect();
    Names { fields, levels: policy.levels.clone() }
}

impl<'a> Bench<'a> {
    /// Reads and walks every script; returns the entries of the bureau's own.
    fn scripts(&mut self) -> [Option<Entry>; 2] {
        let policy = self.policy;
        let units = self.units();
        let mut entries = [None, None];
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        let mut visited = vec![Visited::new(); units.len()];
        for ((script, unit), visited) in units.iter().zip(&mut visited) {
            for (at, (name, wanted)) in ENTRIES.into_iter().enumerate() {
                let Some(place) = self.defined(unit, name) else { continue };
                if script.station.is_some() {
                    self.slot_of_station(unit, name, wanted, visited);
                } else if let Some(other) = first.get(name) {
                    let problem = Diagnostic::new(codes::SCRIPT_TWICE, place).with("name", name);
                    self.found.push(problem.related(*other, "label-first"));
                } else {
                    first.insert(name, place);
                    entries[at] = self.entry(unit, name, wanted, visited);
                }
            }
        }
        self.rest(&units, &visited);
        let asked = policy.recurring().next().is_some();
        for (name, _) in ENTRIES {
            if asked && !first.contains_key(name) && !any_error(&self.found) {
                let place = Span::new(policy.tiers.file, 0, 0);
                self.found.push(Diagnostic::new(codes::SCRIPT_NO_FUNCTION, place).with("name", name));
            }
        }
        entries
    }

    /// Reads every script, over both cores.
    fn units(&mut self) -> Vec<(&'a Script, Arc<Unit>)> {
        let (policy, reader) = (self.policy, &self.reader);
        let read: Vec<_> = policy
            .scripts
            .par_iter()
            .map(|script| {
                let text = &policy.sources.file(script.file).text;
                (script, read::script(reader, Span::new(script.file, 0, text.len()), text))
            })
            .collect();
        let mut units = Vec::with_capacity(read.len());
        for (script, unit) in read {
            match unit {
                Ok(unit) => {
                    let outside = unit.outside.iter().map(|statement| unit.word(statement.position()));
                    self.found.extend(outside.map(|place| Diagnostic::new(codes::SCRIPT_OUTSIDE, place)));
                    units.push((script, Arc::new(unit)));
                }
                Err(problems) => self.found.extend(problems),
            }
        }
        units
    }

    /// Returns where a function is defined; says so when it does not take exactly one parameter.
    fn defined(&mut self, unit: &Unit, name: &str) -> Option<Span> {
        let found = unit.functions.iter().find(|((known, _), _)| known == name);
        let ((_, params), function) = found?;
        let place = unit.body(function);
        if *params != 1 {
            let problem = Diagnostic::new(codes::SCRIPT_PARAMETERS, place).with("name", name);
            self.found.push(problem);
            return None;
        }
        Some(place)
    }

    fn entry(
        &mut self,
        unit: &Arc<Unit>,
        name: &'static str,
        wanted: Wanted,
        visited: &mut Visited,
    ) -> Option<Entry> {
        let mut walk = Walk::new(self.policy, unit, &mut self.slots, &mut self.found, true);
        let walked = walk.entry(name, wanted);
        visited.extend(std::mem::take(&mut walk.visited));
        if any_error(&self.found) {
            return None;
        }
        if walked.tree.is_none() {
            let place = unit.functions.get(&(name.to_owned(), 1)).map(|function| unit.body(function))?;
            let brace = Span { end: place.start + 1, ..place };
            self.found.push(Diagnostic::new(codes::SCRIPT_SLOW, brace).with("name", name));
        }
        let ast = self.strict(unit, |engine, text| engine.compile(text))?;
        let unit = Arc::clone(unit);
        Some(Entry { unit, ast, function: Some(name), tree: walked.tree, locals: walked.locals })
    }

    /// Checks what a station's script answers; it is not asked yet, so its reads are no inputs.
    fn slot_of_station(&mut self, unit: &Unit, name: &str, wanted: Wanted, visited: &mut Visited) {
        let mut unused = Slots::default();
        let mut walk = Walk::new(self.policy, unit, &mut unused, &mut self.found, true);
        walk.entry(name, wanted);
        visited.extend(std::mem::take(&mut walk.visited));
    }

    /// Walks the functions that no entry calls, over both cores.
    fn rest(&mut self, units: &[(&Script, Arc<Unit>)], visited: &[Visited]) {
        let policy = self.policy;
        let entries = |unit: &Unit| {
            let found = ENTRIES.iter().filter_map(|(name, _)| unit.functions.get(&((*name).to_owned(), 1)));
            found.flat_map(|function| function.params.clone()).collect::<Vec<_>>()
        };
        let mut subjects: Vec<String> = units.iter().flat_map(|(_, unit)| entries(unit)).collect();
        subjects.push("subject".to_owned());
        subjects.sort_unstable();
        subjects.dedup();
        let found: Vec<Vec<Diagnostic>> = units
            .par_iter()
            .zip(visited)
            .map(|((_, unit), visited)| unreached(policy, unit, visited, &subjects, &self.found))
            .collect();
        self.found.extend(found.into_iter().flatten());
    }

    /// Compiles again with every name known, as it will be run.
    fn strict(
        &mut self,
        unit: &Unit,
        compile: impl FnOnce(&Engine, &str) -> Result<AST, rhai::ParseError>,
    ) -> Option<AST> {
        match host::quietly(|| compile(&self.engine, &unit.text)) {
            Ok(Ok(ast)) => Some(ast),
            Ok(Err(error)) => {
                let place = unit.word(error.position());
                let found = self.policy.sources.text(place).to_owned();
                let problem = Diagnostic::new(codes::SCRIPT_SYNTAX, place).with("found", found);
                self.found.push(problem.with("expects", "no"));
                None
            }
            Err(_) => {
                self.found.push(Diagnostic::new(codes::SCRIPT_CRASHED, unit.place(0, 0)));
                None
            }
        }
    }

    /// Reads and walks every expression; returns the conditions of triggers, and all others.
    fn expressions(&mut self) -> (Vec<(WhenKey, Entry)>, BTreeMap<ExprIx, Expression>) {
        let policy = self.policy;
        let mut facts = Facts::default();
        let mut entries: BTreeMap<ExprIx, (Entry, Vec<Read>)> = BTreeMap::new();
        let in_order = policy.workflows.iter().flat_map(|workflow| workflow.facts.iter().map(|(_, ix)| *ix));
        let all = (0_u16..).map(ExprIx).take(policy.exprs.len());
        let mut done = BTreeSet::new();
        for ix in in_order.chain(all) {
            if done.insert(ix)
                && let Some(entry) = self.expression(ix, &mut facts)
            {
                entries.insert(ix, entry);
            }
        }
        let mut whens = Vec::new();
        for (at, workflow) in (0_u16..).map(WorkflowIx).zip(&policy.workflows) {
            for (position, trigger) in workflow.start.iter().enumerate() {
                let entry = trigger.when.and_then(|when| entries.remove(&when));
                whens.extend(entry.map(|(entry, _)| ((at, position), entry)));
            }
        }
        let others = entries.into_iter().map(|(ix, (entry, reads))| {
            let Entry { unit, ast, .. } = entry;
            (ix, Expression { unit, ast, reads })
        });
        (whens, others.collect())
    }

    fn expression(&mut self, ix: ExprIx, facts: &mut Facts) -> Option<(Entry, Vec<Read>)> {
        let policy = self.policy;
        let expr = &policy.exprs[ix.ix()];
        let exact = policy.sources.text(expr.span) == expr.text;
        let unit = match read::expression(&self.reader, expr.span, &expr.text, exact) {
            Ok(unit) => unit,
            Err(problems) => {
                self.found.extend(problems);
                return None;
            }
        };
        let walked = walk::expression(policy, &unit, ix, facts, &mut self.slots, &mut self.found);
        if any_error(&self.found) {
            return None;
        }
        let mut scope = Scope::new();
        for name in &walked.names {
            scope.push(name.as_str(), ());
        }
        let ast = self.strict(&unit, |engine, text| engine.compile_expression_with_scope(&scope, text))?;
        let (tree, locals) = (walked.tree, walked.locals);
        let entry = Entry { unit: Arc::new(unit), ast, function: None, tree, locals };
        Some((entry, walked.reads))
    }
}
