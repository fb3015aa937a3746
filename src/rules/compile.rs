//! From texts to rules that can be asked: every script and every expression read and walked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError};

use rayon::prelude::*;
use rhai::{AST, Engine, Scope};

use crate::diag::{Diagnostic, Span, any_error, codes};
use crate::policy::{ExprIx, Policy, Script, WorkflowIx};

use super::branch::Expressions;
use super::entry::EntryPoint;
use super::host::{self, PolicyData};
use super::read;
use super::unit::{SourceText, SourceUnit};
use super::walk::{self, AnswerKind, Findings, FunctionNames, NameScope, Walk, WalkReport};
use super::{CompiledRules, Entries, Rules, StationReading};

/// The functions the engine asks of the bureau's scripts.
const ENTRIES: [(&str, AnswerKind); 2] = [("tier", AnswerKind::Tier), ("score", AnswerKind::Number)];

/// A script that was read, with the functions of it that a walk came through.
struct ReadScript<'a> {
    script: &'a Script,
    unit: Arc<SourceUnit>,
    visited: FunctionNames,
}

struct Compiler<'a> {
    policy: &'a Policy,
    reader: Engine,
    engine: Engine,
    found: Findings,
}

impl Rules {
    /// Reads every script and expression of a policy and checks it.
    ///
    /// # Errors
    /// Every problem found; the rules are missing when one of them is an error.
    pub fn compile(policy: &Policy) -> (Option<Self>, Vec<Diagnostic>) {
        host::threads().install(|| {
            let data = PolicyData::of(policy);
            let (reader, engine) = (host::reader(), host::engine(&data));
            let mut compiler = Compiler { policy, reader, engine, found: Findings::default() };
            let [bureau, station] = compiler.scripts();
            let mut expressions = compiler.expressions();
            let (whens, conditions) = conditions(policy, &mut expressions).into_iter().unzip();
            let Findings { slots, mut problems, .. } = compiler.found;
            problems.sort_by_key(|problem| problem.span);
            if any_error(&problems) {
                return (None, problems);
            }
            let compiled = CompiledRules {
                engine: compiler.engine,
                bureau,
                station,
                whens,
                conditions,
                expressions: Expressions::new(policy, expressions),
                slots: Arc::new(slots),
                data,
            };
            (Some(Self::of(Arc::new(compiled))), problems)
        })
    }

    /// Makes the rules of a station's own text; what its overlays leave alone is shared with these, and what stations
    /// read alike is compiled once. Answers name the text they were given under, so they are remembered apart.
    ///
    /// # Errors
    /// Those of [`Rules::compile`].
    pub fn of_edition(&self, edition: &Policy) -> Result<Self, Vec<Diagnostic>> {
        let reads_params = edition.changed.iter().any(|line| line.address.starts_with("params."));
        let has_scripts = edition.scripts.iter().any(|script| script.station == edition.station);
        if !reads_params && !has_scripts {
            return Ok(Self::of(Arc::clone(&self.compiled)));
        }
        let reading = StationReading {
            scripts_of: edition.station.clone().filter(|_| has_scripts),
            numbers: edition.params.iter().map(|param| param.value.to_bits()).collect(),
        };
        let known = || self.of_stations.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(compiled) = known().get(&reading) {
            return Ok(Self::of(Arc::clone(compiled)));
        }
        match Self::compile(edition) {
            (Some(rules), _) => {
                known().insert(reading, Arc::clone(&rules.compiled));
                Ok(rules)
            }
            (None, problems) => Err(problems),
        }
    }
}

/// Takes the conditions of triggers out of the expressions; each with its workflow and the trigger's
/// position there.
fn conditions(
    policy: &Policy,
    entries: &mut BTreeMap<ExprIx, EntryPoint>,
) -> Vec<((WorkflowIx, usize), EntryPoint)> {
    let mut found = Vec::new();
    for (at, workflow) in (0_u16..).map(WorkflowIx).zip(&policy.workflows) {
        for (trigger, start) in workflow.start.iter().enumerate() {
            let entry = start.when.and_then(|when| entries.remove(&when));
            found.extend(entry.map(|entry| ((at, trigger), entry)));
        }
    }
    found
}

/// Walks the functions of one script that no entry calls.
fn unreached(
    policy: &Policy,
    read: &ReadScript<'_>,
    subjects: &[String],
    known: &[Diagnostic],
) -> Vec<Diagnostic> {
    let mut found = Findings::default();
    for (key @ (name, _), function) in &read.unit.functions {
        let is_lambda = name.contains('$');
        if !is_lambda && !read.visited.contains(key) {
            let scope = NameScope::script(AnswerKind::Anything);
            Walk::new(policy, &read.unit, scope, &mut found).unreached(name, &function.params, subjects);
        }
    }
    found.problems.retain(|problem: &Diagnostic| !known.contains(problem));
    found.problems
}

impl<'a> Compiler<'a> {
    /// Reads and walks every script; returns the entries of the bureau's own, and of the station's whose
    /// text this is.
    fn scripts(&mut self) -> [Entries; 2] {
        let policy = self.policy;
        let mut scripts = self.read_scripts();
        let [mut bureau, mut station] = [Entries::default(), Entries::default()];
        let mut first: BTreeMap<(&str, Option<&str>), Span> = BTreeMap::new();
        for read in &mut scripts {
            let owner = read.script.station.as_deref();
            for (name, answer) in ENTRIES {
                let Some(place) = self.defined(&read.unit, name) else { continue };
                if let Some(other) = first.insert((name, owner), place) {
                    let problem = Diagnostic::new(codes::SCRIPT_TWICE, place).with("name", name);
                    self.found.problems.push(problem.related(other, "label-first"));
                    continue;
                }
                if owner.is_some() && !policy.opens_script(name) {
                    let problem = Diagnostic::new(codes::SCRIPT_NOT_OPEN, place).with("name", name);
                    self.found.problems.push(problem);
                }
                if owner.is_some() && owner != policy.station.as_deref() {
                    // It is not asked here, so that its reads are no inputs.
                    let slots = std::mem::take(&mut self.found.slots);
                    self.walk(read, name, answer);
                    self.found.slots = slots;
                    continue;
                }
                let entry = self.entry(read, name, answer);
                let entries = if owner.is_some() { &mut station } else { &mut bureau };
                match answer {
                    AnswerKind::Tier => entries.tier = entry,
                    _ => entries.score = entry,
                }
            }
        }
        self.rest(&scripts);
        let asked = policy.recurring().next().is_some();
        for (name, _) in ENTRIES {
            if asked && !first.contains_key(&(name, None)) && !any_error(&self.found.problems) {
                let place = Span::new(policy.tiers.file, 0, 0);
                self.found
                    .problems
                    .push(Diagnostic::new(codes::SCRIPT_NO_FUNCTION, place).with("name", name));
            }
        }
        [bureau, station]
    }

    /// Reads every script, over both cores.
    fn read_scripts(&mut self) -> Vec<ReadScript<'a>> {
        let (policy, reader) = (self.policy, &self.reader);
        let read: Vec<_> = policy
            .scripts
            .par_iter()
            .map(|script| {
                let text = &policy.sources.file(script.file).text;
                let text = SourceText::new(Span::new(script.file, 0, text.len()), text, true);
                (script, read::script(reader, text))
            })
            .collect();
        let mut scripts = Vec::with_capacity(read.len());
        for (script, unit) in read {
            match unit {
                Ok(unit) => {
                    let outside = unit.outside.iter().map(|statement| unit.word(statement.position()));
                    let problems = outside.map(|place| Diagnostic::new(codes::SCRIPT_OUTSIDE, place));
                    self.found.problems.extend(problems);
                    scripts.push(ReadScript { script, unit: Arc::new(unit), visited: FunctionNames::new() });
                }
                Err(problems) => self.found.problems.extend(problems),
            }
        }
        scripts
    }

    /// Returns where a function is defined; says so when it does not take exactly one parameter.
    fn defined(&mut self, unit: &SourceUnit, name: &str) -> Option<Span> {
        let found = unit.functions.iter().find(|((known, _), _)| known == name);
        let ((_, params), function) = found?;
        let place = unit.body(function);
        if *params != 1 {
            let problem = Diagnostic::new(codes::SCRIPT_PARAMETERS, place).with("name", name);
            self.found.problems.push(problem);
            return None;
        }
        Some(place)
    }

    fn entry(
        &mut self,
        read: &mut ReadScript<'_>,
        name: &'static str,
        answer: AnswerKind,
    ) -> Option<EntryPoint> {
        let unit = Arc::clone(&read.unit);
        let walked = self.walk(read, name, answer);
        if any_error(&self.found.problems) {
            return None;
        }
        if walked.tree.is_none() {
            let place = unit.function(name, 1).map(|function| unit.body(function))?;
            let brace = Span { end: place.start + 1, ..place };
            self.found.problems.push(Diagnostic::new(codes::SCRIPT_SLOW, brace).with("name", name));
        }
        let ast = self.strict(&unit, |engine, text| engine.compile(text))?;
        let WalkReport { tree, locals, reads, .. } = walked;
        Some(EntryPoint { unit, ast, function: Some(name), tree, locals, reads })
    }

    /// Walks a function that is asked for, with all that it calls.
    fn walk(&mut self, read: &mut ReadScript<'_>, name: &str, answer: AnswerKind) -> WalkReport {
        let scope = NameScope::script(answer);
        let mut walked = Walk::new(self.policy, &read.unit, scope, &mut self.found).entry(name);
        read.visited.append(&mut walked.visited);
        walked
    }

    /// Walks the functions that no entry calls, over both cores.
    fn rest(&mut self, scripts: &[ReadScript<'_>]) {
        let (policy, known) = (self.policy, &self.found.problems);
        let entries = scripts.iter().flat_map(|read| ENTRIES.map(|(name, _)| read.unit.function(name, 1)));
        let params = entries.flatten().flat_map(|function| function.params.iter().cloned());
        let mut subjects: Vec<String> = params.chain(["subject".to_owned()]).collect();
        subjects.sort_unstable();
        subjects.dedup();
        let found: Vec<Vec<Diagnostic>> =
            scripts.par_iter().map(|read| unreached(policy, read, &subjects, known)).collect();
        self.found.problems.extend(found.into_iter().flatten());
    }

    /// Compiles again with every name known, as it will be run.
    fn strict(
        &mut self,
        unit: &SourceUnit,
        compile: impl FnOnce(&Engine, &str) -> Result<AST, rhai::ParseError>,
    ) -> Option<AST> {
        match host::quietly(|| compile(&self.engine, &unit.text)) {
            Ok(Ok(ast)) => Some(ast),
            Ok(Err(error)) => {
                let place = unit.word(error.position());
                let found = self.policy.sources.text(place).to_owned();
                let problem = Diagnostic::new(codes::SCRIPT_SYNTAX, place).with("found", found);
                self.found.problems.push(problem.with("expects", "no"));
                None
            }
            Err(_) => {
                self.found.problems.push(Diagnostic::new(codes::SCRIPT_CRASHED, unit.place(0, 0)));
                None
            }
        }
    }

    /// Reads and walks every expression.
    fn expressions(&mut self) -> BTreeMap<ExprIx, EntryPoint> {
        let policy = self.policy;
        let mut entries = BTreeMap::new();
        let in_order = policy.workflows.iter().flat_map(|workflow| workflow.facts.iter().map(|(_, ix)| *ix));
        let all = (0_u16..).map(ExprIx).take(policy.exprs.len());
        let mut done = BTreeSet::new();
        for ix in in_order.chain(all) {
            if done.insert(ix)
                && let Some(entry) = self.expression(ix)
            {
                entries.insert(ix, entry);
            }
        }
        entries
    }

    fn expression(&mut self, ix: ExprIx) -> Option<EntryPoint> {
        let policy = self.policy;
        let expr = &policy.exprs[ix.ix()];
        let exact = policy.sources.text(expr.span) == expr.text;
        let unit = match read::expression(&self.reader, SourceText::new(expr.span, &expr.text, exact)) {
            Ok(unit) => unit,
            Err(problems) => {
                self.found.problems.extend(problems);
                return None;
            }
        };
        let walked = walk::expression(policy, &unit, ix, &mut self.found);
        if any_error(&self.found.problems) {
            return None;
        }
        let mut scope = Scope::new();
        for name in &walked.names {
            scope.push(name.as_str(), ());
        }
        let ast = self.strict(&unit, |engine, text| engine.compile_expression_with_scope(&scope, text))?;
        let WalkReport { tree, locals, reads, .. } = walked;
        Some(EntryPoint { unit: Arc::new(unit), ast, function: None, tree, locals, reads })
    }
}
