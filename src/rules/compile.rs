//! From texts to rules that can be asked: every script and every expression read and walked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rhai::{AST, Engine, Scope};

use crate::diag::{Diagnostic, Span, any_error, codes};
use crate::policy::{ExprIx, ExprPlace, Policy, Script, WorkflowIx};

use super::host::{self, Names, Shelf};
use super::slot::{Field, Slots};
use super::tree::Tree;
use super::unit::Unit;
use super::walk::{self, Facts, Walk, Wanted};
use super::{Memo, Rules, read};

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
        let whens = bench.expressions();
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
            slots: Arc::new(bench.slots),
            names: Arc::new(names),
            memo: Memo::default(),
        };
        (Some(rules), bench.found)
    })
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

impl Bench<'_> {
    /// Reads and walks every script; returns the entries of the bureau's own.
    fn scripts(&mut self) -> [Option<Entry>; 2] {
        let mut entries = [None, None];
        let mut first: BTreeMap<&str, Span> = BTreeMap::new();
        let policy = self.policy;
        for script in &policy.scripts {
            let Some(unit) = self.script(script) else { continue };
            let mut visited = BTreeSet::new();
            for (at, (name, wanted)) in ENTRIES.into_iter().enumerate() {
                let Some(place) = self.defined(&unit, name) else { continue };
                if script.station.is_none() {
                    if let Some(other) = first.insert(name, place) {
                        let problem = Diagnostic::new(codes::SCRIPT_TWICE, place).with("name", name);
                        self.found.push(problem.related(other, "label-first"));
                        continue;
                    }
                    let entry = self.entry(&unit, name, wanted, &mut visited);
                    entries[at] = entry;
                } else {
                    self.slot_of_station(&unit, name, wanted, &mut visited);
                }
            }
            self.rest(&unit, &visited);
        }
        let asked = policy.recurring().next().is_some();
        for (name, _) in ENTRIES {
            if asked && !first.contains_key(name) && !any_error(&self.found) {
                let place = Span::new(policy.tiers.file, 0, 0);
                self.found.push(Diagnostic::new(codes::SCRIPT_NO_FUNCTION, place).with("name", name));
            }
        }
        entries
    }

    fn script(&mut self, script: &Script) -> Option<Arc<Unit>> {
        let text = &self.policy.sources.file(script.file).text;
        let whole = Span::new(script.file, 0, text.len());
        let unit = match read::script(&self.reader, whole, text) {
            Ok(unit) => unit,
            Err(problems) => {
                self.found.extend(problems);
                return None;
            }
        };
        for statement in &unit.outside {
            self.found.push(Diagnostic::new(codes::SCRIPT_OUTSIDE, unit.word(statement.position())));
        }
        Some(Arc::new(unit))
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
        visited: &mut BTreeSet<(String, usize)>,
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
    fn slot_of_station(
        &mut self,
        unit: &Unit,
        name: &str,
        wanted: Wanted,
        visited: &mut BTreeSet<(String, usize)>,
    ) {
        let mut unused = Slots::default();
        let mut walk = Walk::new(self.policy, unit, &mut unused, &mut self.found, true);
        walk.entry(name, wanted);
        visited.extend(std::mem::take(&mut walk.visited));
    }

    /// Walks the functions that no entry calls.
    fn rest(&mut self, unit: &Unit, visited: &BTreeSet<(String, usize)>) {
        let called: Vec<_> =
            ENTRIES.iter().filter_map(|(name, _)| unit.functions.get(&((*name).to_owned(), 1))).collect();
        let mut subjects: Vec<String> = called.iter().flat_map(|function| function.params.clone()).collect();
        subjects.push("subject".to_owned());
        let mut unused = Slots::default();
        for ((name, count), function) in &unit.functions {
            let lambda = name.contains('$');
            if lambda || visited.contains(&(name.clone(), *count)) {
                continue;
            }
            let mut walk = Walk::new(self.policy, unit, &mut unused, &mut self.found, true);
            walk.unreached(name, &function.params, &subjects);
        }
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

    /// Reads and walks every expression; returns the conditions of triggers.
    fn expressions(&mut self) -> Vec<(WhenKey, Entry)> {
        let policy = self.policy;
        let mut facts = Facts::default();
        let mut entries: BTreeMap<usize, Entry> = BTreeMap::new();
        let in_order = policy.workflows.iter().flat_map(|workflow| workflow.facts.iter().map(|(_, ix)| *ix));
        let all = (0_u16..).map(ExprIx).take(policy.exprs.len());
        let mut done = BTreeSet::new();
        for ix in in_order.chain(all) {
            if done.insert(ix)
                && let Some(entry) = self.expression(ix, &mut facts)
            {
                entries.insert(ix.ix(), entry);
            }
        }
        let mut whens = Vec::new();
        for (at, workflow) in (0_u16..).map(WorkflowIx).zip(&policy.workflows) {
            for (position, trigger) in workflow.start.iter().enumerate() {
                let entry = trigger.when.and_then(|when| entries.remove(&when.ix()));
                whens.extend(entry.map(|entry| ((at, position), entry)));
            }
        }
        whens
    }

    fn expression(&mut self, ix: ExprIx, facts: &mut Facts) -> Option<Entry> {
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
        if !matches!(expr.place, ExprPlace::Start(_)) || any_error(&self.found) {
            return None;
        }
        let mut scope = Scope::new();
        scope.push("subject", ()).push("tier", ());
        let ast = self.strict(&unit, |engine, text| engine.compile_expression_with_scope(&scope, text))?;
        let (tree, locals) = (walked.tree, walked.locals);
        Some(Entry { unit: Arc::new(unit), ast, function: None, tree, locals })
    }
}
