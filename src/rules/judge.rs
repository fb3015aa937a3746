//! Asks the rules for a batch: gather inputs, drop equal ones, evaluate what is new, hand out.

use std::borrow::Borrow;
use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rhai::{CallFnOptions, Dynamic, Scope};
use serde::Deserialize;

use crate::diag::{Code, Span, codes};
use crate::digest::Digest;
use crate::lang;
use crate::policy::{Policy, TierIx};
use crate::register::Subject;
use crate::time::Day;

use super::entry::EntryPoint;
use super::host::{self, PreparedInputs, View};
use super::slot::{Slot, Slots};
use super::tree::TreeRun;
use super::value::{Val, ValKey, float};
use super::{Decision, Evaluation, Judgement, Overruled, RuleFault, Rules, fault};

/// Subjects whose inputs are gathered in one go.
const CHUNK: usize = 4_096;
/// Answers remembered between batches; about 64 MiB with generous inputs.
const MEMO_MAX: usize = 65_536;

/// Hashes without a random seed, so that two runs do the same work.
type SeedlessHasher = BuildHasherDefault<DefaultHasher>;

/// A set of inputs and its answer.
struct MemoEntry {
    inputs: Vec<Val>,
    answer: Arc<Evaluation>,
}

/// Answers already given. It changes how long an answer takes and never what it is.
#[derive(Default)]
pub(super) struct Memo {
    known: Mutex<HashMap<u64, Vec<MemoEntry>, SeedlessHasher>>,
    evaluations: AtomicU64,
}

impl Memo {
    pub(super) fn evaluations(&self) -> u64 {
        self.evaluations.load(Ordering::Relaxed)
    }

    fn find(&self, hash: u64, inputs: &[Val]) -> Option<Arc<Evaluation>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.get(&hash)?.iter().find(|known| same(&known.inputs, inputs))?;
        Some(Arc::clone(&same.answer))
    }

    fn keep(&self, hash: u64, inputs: Vec<Val>, answer: &Arc<Evaluation>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MEMO_MAX {
            known.clear();
        }
        known.entry(hash).or_default().push(MemoEntry { inputs, answer: Arc::clone(answer) });
    }
}

/// Which executor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executor {
    /// The typed tree where there is one and it is sure, the interpreter otherwise.
    Fast,
    /// The interpreter alone.
    Reference,
}

/// One distinct set of inputs.
struct InputSet {
    hash: u64,
    inputs: Vec<Val>,
}

/// What a decision's body says of its inputs.
#[derive(Deserialize)]
struct DecisionInputs {
    inputs: BTreeMap<String, serde_json::Value>,
}

/// The subjects of a chunk: which of its distinct inputs each has, and when it changes.
struct ChunkInputs {
    each: Vec<(usize, Option<Day>)>,
    asked: Vec<InputSet>,
}

impl Rules {
    /// Judges subjects as of a day. Equal inputs are asked once, over both cores.
    ///
    /// When `stop` is raised the rest is answered with a fault that is no verdict.
    pub fn judge(
        &self,
        policy: &Policy,
        subjects: &[impl Borrow<Subject> + Sync],
        day: Day,
        stop: &AtomicBool,
    ) -> Vec<Judgement> {
        host::threads().install(|| {
            let chunks: Vec<ChunkInputs> =
                subjects.par_chunks(CHUNK).map(|chunk| gather(&self.compiled.slots, chunk, day)).collect();
            let (mut distinct, places) = merge(&chunks);
            let answers: Vec<Arc<Evaluation>> = distinct
                .par_iter_mut()
                .map(|asked| {
                    let known = self.memo.find(asked.hash, &asked.inputs);
                    known.unwrap_or_else(|| fresh(self, policy, asked, stop))
                })
                .collect();
            let handed = chunks.into_iter().zip(places).flat_map(|(chunk, places)| {
                let answers = &answers;
                chunk.each.into_iter().map(move |(own, changes_on)| Judgement {
                    answer: Arc::clone(&answers[places[own]]),
                    changes_on,
                })
            });
            handed.collect()
        })
    }

    /// Judges the inputs of a stored decision, given by its body; none where it does not say all that these rules read.
    ///
    /// Whoever asks the rules that decided, and is given another decision than the stored one, has not all that was
    /// read then.
    pub fn judge_decision(&self, policy: &Policy, body: &str) -> Option<Evaluation> {
        let DecisionInputs { inputs } = serde_json::from_str(body).ok()?;
        let value = |slot: Slot| match slot {
            Slot::Tier => Some(Val::Missing),
            _ => Val::of_json(inputs.get(&slot.name(policy))?, slot.is_day(policy)),
        };
        let values: Vec<Val> = self.compiled.slots.iter().map(value).collect::<Option<_>>()?;
        Some(host::threads().install(|| evaluate(self, policy, &values, Executor::Fast)))
    }

    /// Returns whether both read the same inputs of a subject and ask the same triggers' conditions, so that time
    /// alone changes the inputs of both on the same days.
    pub fn reads_as(&self, other: &Self) -> bool {
        let (slots, others) = (&self.compiled.slots, &other.compiled.slots);
        let is_read = slots.len() == others.len() && slots.iter().all(|slot| others.find(slot).is_some());
        is_read && self.whens() == other.whens()
    }

    /// Judges one subject with a chosen executor and without the memo, for comparing the two.
    pub fn ask(&self, policy: &Policy, subject: &Subject, day: Day, executor: Executor) -> Evaluation {
        let values = self.compiled.slots.values(subject, day);
        host::threads().install(|| evaluate(self, policy, &values, executor))
    }
}

impl Judgement {
    /// Returns the judgement without a tier and a score, as of a rule version in quarantine; what
    /// triggers ask of themselves stays.
    ///
    /// # Source
    /// Policy language, rule 14.
    #[must_use]
    pub fn withheld(&self, policy: &Policy) -> Self {
        let fault = of_tiers(policy, codes::RULE_QUARANTINED, Vec::new());
        let (when, inputs) = (self.when.clone(), Arc::clone(&self.inputs));
        let overruled = Overruled::default();
        let station_fault = None;
        let (tier, score) = (Err(fault.clone()), Err(fault));
        let answer = Evaluation { tier, score, when, overruled, station_fault, inputs };
        Self { answer: Arc::new(answer), changes_on: self.changes_on }
    }
}

fn fresh(rules: &Rules, policy: &Policy, asked: &mut InputSet, stop: &AtomicBool) -> Arc<Evaluation> {
    if stop.load(Ordering::Relaxed) {
        return Arc::new(stopped(rules, policy));
    }
    let inputs = std::mem::take(&mut asked.inputs);
    let ask = || evaluate(rules, policy, &inputs, Executor::Fast);
    let answer = ask();
    // A machine may have stood still; a rule that takes too long does so again.
    let answer = Arc::new(if answer.is_stopped() { ask() } else { answer });
    rules.memo.evaluations.fetch_add(1, Ordering::Relaxed);
    if !answer.is_stopped() {
        rules.memo.keep(asked.hash, inputs, &answer);
    }
    answer
}

/// Sets of inputs, each once.
#[derive(Default)]
struct DistinctInputs {
    list: Vec<InputSet>,
    by_hash: HashMap<u64, Vec<usize>, SeedlessHasher>,
}

impl DistinctInputs {
    /// Returns where the set stands that `is_same`, which `make` makes when it is new.
    fn place(
        &mut self,
        hash: u64,
        is_same: impl Fn(&[Val]) -> bool,
        make: impl FnOnce() -> Vec<Val>,
    ) -> usize {
        let same = self.by_hash.entry(hash).or_default();
        let known = same.iter().copied().find(|at| is_same(&self.list[*at].inputs));
        known.unwrap_or_else(|| {
            self.list.push(InputSet { hash, inputs: make() });
            same.push(self.list.len() - 1);
            self.list.len() - 1
        })
    }
}

fn gather(slots: &Slots, chunk: &[impl Borrow<Subject>], day: Day) -> ChunkInputs {
    let mut distinct = DistinctInputs::default();
    let mut key: Vec<ValKey<'_>> = Vec::with_capacity(slots.len());
    let each = chunk.iter().map(Borrow::borrow).map(|subject| {
        key.clear();
        key.extend(slots.iter().map(|slot| slot.read(subject, day)));
        let hash = distinct.by_hash.hasher().hash_one(&key);
        let is_same = |inputs: &[Val]| inputs.iter().map(Val::key).eq(key.iter().copied());
        let make = || key.iter().map(ValKey::value).collect();
        (distinct.place(hash, is_same, make), slots.changes_on(subject, day))
    });
    ChunkInputs { each: each.collect(), asked: distinct.list }
}

/// Drops inputs that several chunks have; returns where each chunk's own went.
fn merge(chunks: &[ChunkInputs]) -> (Vec<InputSet>, Vec<Vec<usize>>) {
    let mut distinct = DistinctInputs::default();
    let mut place = |asked: &InputSet| {
        distinct.place(asked.hash, |inputs| same(inputs, &asked.inputs), || asked.inputs.clone())
    };
    let places = chunks.iter().map(|chunk| chunk.asked.iter().map(&mut place).collect()).collect();
    (distinct.list, places)
}

fn same(one: &[Val], two: &[Val]) -> bool {
    one.iter().map(Val::key).eq(two.iter().map(Val::key))
}

/// Answers one set of inputs.
pub(super) fn evaluate(rules: &Rules, policy: &Policy, inputs: &[Val], executor: Executor) -> Evaluation {
    let mut ask = Evaluator { rules, policy, values: inputs.to_vec(), executor };
    let of_tier = ask.stricter(
        "tier",
        StationPair {
            bureau: rules.compiled.bureau.tier.as_ref(),
            station: rules.compiled.station.tier.as_ref(),
        },
        Evaluator::tier,
        |station, bureau| station < bureau,
    );
    let of_score = ask.stricter(
        "score",
        StationPair {
            bureau: rules.compiled.bureau.score.as_ref(),
            station: rules.compiled.station.score.as_ref(),
        },
        Evaluator::score,
        |station, bureau| station > bureau,
    );
    let overruled = Overruled { tier: of_tier.overruled, score: of_score.overruled };
    let station_fault = of_tier.station_fault.or(of_score.station_fault);
    let (tier, score) = (of_tier.answer, of_score.answer);
    if let (Some(at), Ok(tier)) = (rules.compiled.slots.find(Slot::Tier), &tier) {
        ask.values[at] = Val::Text(policy.tiers.order[tier.ix()].id.as_str().into());
    }
    let when = rules.compiled.conditions.iter().map(|entry| ask.condition(entry)).collect();
    let inputs = Arc::new(ask.decision(tier.as_ref().ok(), score.as_ref().ok(), overruled));
    Evaluation { tier, score, when, overruled, station_fault, inputs }
}

/// A function of the bureau's, and a station's own beside it.
#[derive(Clone, Copy)]
struct StationPair<'a> {
    bureau: Option<&'a EntryPoint>,
    station: Option<&'a EntryPoint>,
}

/// What two functions answer together.
struct StricterAnswer<T> {
    answer: Result<T, RuleFault>,
    /// The bureau's, where the station's is another one.
    overruled: Option<T>,
    /// Why the station's has none.
    station_fault: Option<RuleFault>,
}

impl<T> StricterAnswer<T> {
    const fn of_bureau(answer: Result<T, RuleFault>) -> Self {
        Self { answer, overruled: None, station_fault: None }
    }
}

/// Makes a fault that stands in no script, but where the tiers are.
fn of_tiers(policy: &Policy, code: Code, args: Vec<(&'static str, String)>) -> RuleFault {
    RuleFault::new(code, Span::new(policy.tiers.file, 0, 0), args)
}

fn stopped(rules: &Rules, policy: &Policy) -> Evaluation {
    let fault = of_tiers(policy, codes::RULE_STOPPED, Vec::new());
    Evaluation {
        tier: Err(fault.clone()),
        score: Err(fault.clone()),
        when: vec![Err(fault); rules.compiled.conditions.len()],
        overruled: Overruled::default(),
        station_fault: None,
        inputs: Arc::new(Decision { id: String::new(), body: String::new() }),
    }
}

/// One set of inputs being asked about.
struct Evaluator<'a> {
    rules: &'a Rules,
    policy: &'a Policy,
    values: Vec<Val>,
    executor: Executor,
}

impl Evaluator<'_> {
    /// Asks the bureau's function and the station's; the stricter answer holds. Where the station's fails the bureau's
    /// holds alone, so that nobody is watched less than without the station; where the bureau's fails there is none.
    fn stricter<T: Copy>(
        &self,
        name: &str,
        pair: StationPair<'_>,
        ask: fn(&Self, &EntryPoint) -> Result<T, RuleFault>,
        is_stricter: fn(&T, &T) -> bool,
    ) -> StricterAnswer<T> {
        let args = || vec![("name", name.to_owned())];
        let unknown = || of_tiers(self.policy, codes::SCRIPT_NO_FUNCTION, args());
        let bureau = match pair.bureau.map_or_else(|| Err(unknown()), |entry| ask(self, entry)) {
            Ok(bureau) => bureau,
            Err(fault) => return StricterAnswer::of_bureau(Err(fault)),
        };
        match pair.station.map(|entry| ask(self, entry)) {
            Some(Ok(station)) if is_stricter(&station, &bureau) => {
                StricterAnswer { answer: Ok(station), overruled: Some(bureau), station_fault: None }
            }
            Some(Err(fault)) => {
                StricterAnswer { station_fault: Some(fault), ..StricterAnswer::of_bureau(Ok(bureau)) }
            }
            Some(Ok(_)) | None => StricterAnswer::of_bureau(Ok(bureau)),
        }
    }

    fn tier(&self, entry: &EntryPoint) -> Result<TierIx, RuleFault> {
        let whole = entry.place();
        match self.value(entry)? {
            Val::Text(id) => self.policy.tier(&id).map(|(tier, _)| tier).ok_or_else(|| {
                let known = self.policy.tiers.order.iter().map(|tier| tier.id.as_str());
                let known = lang::list(known);
                let args = vec![("tier", id.to_string()), ("known", known)];
                RuleFault::new(codes::RULE_UNKNOWN_TIER, whole, args)
            }),
            other => Err(wrong(entry, &other, "tier")),
        }
    }

    fn score(&self, entry: &EntryPoint) -> Result<f64, RuleFault> {
        match self.value(entry)? {
            Val::Integer(number) => Ok(float(number)),
            Val::Float(number) if number.is_finite() => Ok(number),
            Val::Float(_) => Err(RuleFault::new(codes::RULE_NOT_FINITE, entry.place(), Vec::new())),
            other => Err(wrong(entry, &other, "number")),
        }
    }

    fn condition(&self, entry: &EntryPoint) -> Result<bool, RuleFault> {
        match self.value(entry)? {
            Val::Flag(flag) => Ok(flag),
            other => Err(wrong(entry, &other, "flag")),
        }
    }

    /// Writes down what decided, the same for equal inputs on any machine.
    fn decision(&self, tier: Option<&TierIx>, score: Option<&f64>, overruled: Overruled) -> Decision {
        let policy = self.policy;
        let read = self.rules.compiled.slots.iter().zip(&self.values).filter(|(slot, _)| *slot != Slot::Tier);
        let named: BTreeMap<String, serde_json::Value> =
            read.map(|(slot, value)| (slot.name(policy), value.json())).collect();
        let id_of = |tier: &TierIx| policy.tiers.order[tier.ix()].id.as_str();
        let mut body = serde_json::json!({
            "policy": policy.digest,
            "tier": tier.map(id_of),
            "score": score,
            "inputs": named,
        });
        if overruled != Overruled::default() {
            let Overruled { tier, score } = overruled;
            body["bureau"] = serde_json::json!({"tier": tier.as_ref().map(id_of), "score": score});
        }
        let body = body.to_string();
        let id = Digest::of(body.as_bytes()).to_string()[..16].to_owned();
        Decision { id, body }
    }

    fn value(&self, entry: &EntryPoint) -> Result<Val, RuleFault> {
        if let (Executor::Fast, Some(tree)) = (self.executor, &entry.tree)
            && let Some(value) = TreeRun::new(self.policy, &self.values, entry.locals).answer(tree)
        {
            return Ok(value);
        }
        self.interpret(entry)
    }

    fn interpret(&self, entry: &EntryPoint) -> Result<Val, RuleFault> {
        let inputs = Arc::new(PreparedInputs {
            slots: Arc::clone(&self.rules.compiled.slots),
            data: Arc::clone(&self.rules.compiled.data),
            values: self.values.clone(),
        });
        let engine = &self.rules.compiled.engine;
        let mut scope = Scope::new();
        let result = host::guarded(|| {
            if let Some(name) = entry.function {
                let options = CallFnOptions::new().eval_ast(false);
                return engine.call_fn_with_options::<Dynamic>(
                    options,
                    &mut scope,
                    &entry.ast,
                    name,
                    (View::Prepared(inputs),),
                );
            }
            let tier =
                self.rules.compiled.slots.find(Slot::Tier).map_or(&Val::Missing, |at| &self.values[at]);
            scope.push("subject", View::Prepared(inputs)).push_dynamic("tier", host::to_dynamic(tier));
            engine.eval_ast_with_scope::<Dynamic>(&mut scope, &entry.ast)
        });
        let value = result.map_err(|error| fault::of(&entry.unit, entry.place(), error))?;
        host::value(&value).ok_or_else(|| {
            RuleFault::new(codes::RULE_ANSWER_TYPE, entry.place(), vec![("found", host::shown(&value))])
        })
    }
}

fn wrong(entry: &EntryPoint, value: &Val, wanted: &str) -> RuleFault {
    let args = vec![("found", value.json().to_string()), ("wanted", wanted.to_owned())];
    RuleFault::new(codes::RULE_ANSWER_TYPE, entry.place(), args)
}
