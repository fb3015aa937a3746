//! Asks the rules for a batch: gather inputs, drop equal ones, evaluate what is new, hand out.

use std::collections::{BTreeMap, HashMap};
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rhai::{CallFnOptions, Dynamic, Scope};

use crate::diag::{Span, codes};
use crate::digest::Digest;
use crate::policy::{Policy, TierIx};
use crate::register::Subject;
use crate::time::Day;

use super::compile::Entry;
use super::host::{self, Facts, View};
use super::slot::{Slot, Slots};
use super::tree::Run;
use super::value::{Key, Val, float};
use super::{Answer, Decision, Judgement, RuleFault, Rules, fault};

/// Subjects whose inputs are gathered in one go.
const CHUNK: usize = 4_096;
/// Answers remembered between batches; about 64 MiB with generous inputs.
const MEMO_MAX: usize = 65_536;

/// Hashes without a random seed, so that two runs do the same work.
type Fixed = BuildHasherDefault<DefaultHasher>;

/// A set of inputs and its answer.
struct Known {
    inputs: Vec<Val>,
    answer: Arc<Answer>,
}

/// Answers already given. It changes how long an answer takes and never what it is.
#[derive(Default)]
pub(super) struct Memo {
    known: Mutex<HashMap<u64, Vec<Known>, Fixed>>,
    evaluations: AtomicU64,
}

impl Memo {
    pub(super) fn evaluations(&self) -> u64 {
        self.evaluations.load(Ordering::Relaxed)
    }

    fn find(&self, hash: u64, inputs: &[Val]) -> Option<Arc<Answer>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let same = known.get(&hash)?.iter().find(|known| same(&known.inputs, inputs))?;
        Some(Arc::clone(&same.answer))
    }

    fn keep(&self, hash: u64, inputs: Vec<Val>, answer: &Arc<Answer>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MEMO_MAX {
            known.clear();
        }
        known.entry(hash).or_default().push(Known { inputs, answer: Arc::clone(answer) });
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
struct Asked {
    hash: u64,
    inputs: Vec<Val>,
}

/// The subjects of a chunk: which of its distinct inputs each has, and when it changes.
struct Gathered {
    each: Vec<(usize, Option<Day>)>,
    asked: Vec<Asked>,
}

pub(super) fn judge(
    rules: &Rules,
    policy: &Policy,
    subjects: &[Subject],
    day: Day,
    stop: &AtomicBool,
) -> Vec<Judgement> {
    host::threads().install(|| {
        let chunks: Vec<Gathered> =
            subjects.par_chunks(CHUNK).map(|chunk| gather(&rules.slots, chunk, day)).collect();
        let (mut distinct, places) = merge(&chunks);
        let answers: Vec<Arc<Answer>> = distinct
            .par_iter_mut()
            .map(|asked| {
                rules
                    .memo
                    .find(asked.hash, &asked.inputs)
                    .unwrap_or_else(|| fresh(rules, policy, asked, stop))
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

fn fresh(rules: &Rules, policy: &Policy, asked: &mut Asked, stop: &AtomicBool) -> Arc<Answer> {
    if stop.load(Ordering::Relaxed) {
        return Arc::new(stopped(rules, policy));
    }
    let inputs = std::mem::take(&mut asked.inputs);
    let answer = Arc::new(evaluate(rules, policy, &inputs, Executor::Fast));
    rules.memo.evaluations.fetch_add(1, Ordering::Relaxed);
    rules.memo.keep(asked.hash, inputs, &answer);
    answer
}

fn gather(slots: &Slots, chunk: &[Subject], day: Day) -> Gathered {
    let mut asked: Vec<Asked> = Vec::new();
    let mut seen: HashMap<u64, Vec<usize>, Fixed> = HashMap::default();
    let mut key: Vec<Key<'_>> = Vec::with_capacity(slots.len());
    let each = chunk
        .iter()
        .map(|subject| {
            key.clear();
            key.extend(slots.iter().map(|slot| slot.read(subject, day)));
            let hash = seen.hasher().hash_one(&key);
            let own = seen.entry(hash).or_default();
            let equal = |at: &usize| asked[*at].inputs.iter().map(Val::key).eq(key.iter().copied());
            let at = own.iter().copied().find(equal).unwrap_or_else(|| {
                asked.push(Asked { hash, inputs: key.iter().map(|part| part.to_val()).collect() });
                own.push(asked.len() - 1);
                asked.len() - 1
            });
            (at, slots.changes_on(subject, day))
        })
        .collect();
    Gathered { each, asked }
}

/// Drops inputs that several chunks have; returns where each chunk's own went.
fn merge(chunks: &[Gathered]) -> (Vec<Asked>, Vec<Vec<usize>>) {
    let mut distinct: Vec<Asked> = Vec::new();
    let mut seen: HashMap<u64, Vec<usize>, Fixed> = HashMap::default();
    let mut places = Vec::with_capacity(chunks.len());
    for chunk in chunks {
        let own = chunk.asked.iter().map(|asked| {
            let list = seen.entry(asked.hash).or_default();
            let known = list.iter().copied().find(|at| same(&distinct[*at].inputs, &asked.inputs));
            known.unwrap_or_else(|| {
                distinct.push(Asked { hash: asked.hash, inputs: asked.inputs.clone() });
                list.push(distinct.len() - 1);
                distinct.len() - 1
            })
        });
        places.push(own.collect());
    }
    (distinct, places)
}

fn same(one: &[Val], two: &[Val]) -> bool {
    one.iter().map(Val::key).eq(two.iter().map(Val::key))
}

/// Answers one set of inputs.
pub(super) fn evaluate(rules: &Rules, policy: &Policy, inputs: &[Val], executor: Executor) -> Answer {
    let mut ask = Ask { rules, policy, values: inputs.to_vec(), executor };
    let tier = rules.tier.as_ref().map_or_else(|| Err(unknown(policy, "tier")), |entry| ask.tier(entry));
    let score = rules.score.as_ref().map_or_else(|| Err(unknown(policy, "score")), |entry| ask.score(entry));
    if let (Some(at), Ok(tier)) = (rules.slots.find(Slot::Tier), &tier) {
        ask.values[at] = Val::Text(policy.tiers.order[tier.ix()].id.as_str().into());
    }
    let when = rules.conditions.iter().map(|entry| ask.condition(entry)).collect();
    let inputs = Arc::new(decision(rules, policy, inputs, tier.as_ref().ok(), score.as_ref().ok()));
    Answer { tier, score, when, inputs }
}

fn unknown(policy: &Policy, name: &str) -> RuleFault {
    let place = Span::new(policy.tiers.file, 0, 0);
    RuleFault::new(codes::SCRIPT_NO_FUNCTION, place, vec![("name", name.to_owned())])
}

/// Takes tier and score out of a judgement; what triggers ask of themselves stays.
pub(super) fn withhold(judged: &Judgement, policy: &Policy) -> Judgement {
    let place = Span::new(policy.tiers.file, 0, 0);
    let fault = RuleFault::new(codes::RULE_QUARANTINED, place, Vec::new());
    let (when, inputs) = (judged.when.clone(), Arc::clone(&judged.inputs));
    let answer = Answer { tier: Err(fault.clone()), score: Err(fault), when, inputs };
    Judgement { answer: Arc::new(answer), changes_on: judged.changes_on }
}

fn stopped(rules: &Rules, policy: &Policy) -> Answer {
    let fault = RuleFault::new(codes::RULE_STOPPED, Span::new(policy.tiers.file, 0, 0), Vec::new());
    Answer {
        tier: Err(fault.clone()),
        score: Err(fault.clone()),
        when: vec![Err(fault); rules.conditions.len()],
        inputs: Arc::new(Decision { id: String::new(), body: String::new() }),
    }
}

/// Writes down what decided, the same for equal inputs on any machine.
fn decision(
    rules: &Rules,
    policy: &Policy,
    inputs: &[Val],
    tier: Option<&TierIx>,
    score: Option<&f64>,
) -> Decision {
    let read = rules.slots.iter().zip(inputs).filter(|(slot, _)| *slot != Slot::Tier);
    let named: BTreeMap<String, serde_json::Value> =
        read.map(|(slot, value)| (slot.name(policy), value.json())).collect();
    let body = serde_json::json!({
        "policy": policy.digest,
        "tier": tier.map(|tier| policy.tiers.order[tier.ix()].id.as_str()),
        "score": score,
        "inputs": named,
    })
    .to_string();
    let id = Digest::of(body.as_bytes()).to_string()[..16].to_owned();
    Decision { id, body }
}

/// One set of inputs being asked about.
pub(super) struct Ask<'a> {
    pub(super) rules: &'a Rules,
    pub(super) policy: &'a Policy,
    pub(super) values: Vec<Val>,
    pub(super) executor: Executor,
}

impl Ask<'_> {
    fn tier(&self, entry: &Entry) -> Result<TierIx, RuleFault> {
        let whole = entry.place();
        match self.value(entry)? {
            Val::Text(id) => self.policy.tier(&id).map(|(tier, _)| tier).ok_or_else(|| {
                let known = self.policy.tiers.order.iter().map(|tier| tier.id.as_str());
                let known = known.collect::<Vec<_>>().join("、");
                let args = vec![("tier", id.to_string()), ("known", known)];
                RuleFault::new(codes::RULE_UNKNOWN_TIER, whole, args)
            }),
            other => Err(wrong(entry, &other, "tier")),
        }
    }

    fn score(&self, entry: &Entry) -> Result<f64, RuleFault> {
        match self.value(entry)? {
            Val::Integer(number) => Ok(float(number)),
            Val::Float(number) if number.is_finite() => Ok(number),
            Val::Float(_) => Err(RuleFault::new(codes::RULE_NOT_FINITE, entry.place(), Vec::new())),
            other => Err(wrong(entry, &other, "number")),
        }
    }

    fn condition(&self, entry: &Entry) -> Result<bool, RuleFault> {
        match self.value(entry)? {
            Val::Flag(flag) => Ok(flag),
            other => Err(wrong(entry, &other, "flag")),
        }
    }

    fn value(&self, entry: &Entry) -> Result<Val, RuleFault> {
        if let (Executor::Fast, Some(tree)) = (self.executor, &entry.tree)
            && let Some(value) = Run::new(self.policy, &self.values, entry.locals).answer(tree)
        {
            return Ok(value);
        }
        self.interpret(entry)
    }

    fn interpret(&self, entry: &Entry) -> Result<Val, RuleFault> {
        let facts = Arc::new(Facts {
            slots: Arc::clone(&self.rules.slots),
            names: Arc::clone(&self.rules.names),
            values: self.values.clone(),
        });
        let engine = &self.rules.engine;
        let mut scope = Scope::new();
        let result = host::guarded(|| {
            if let Some(name) = entry.function {
                let options = CallFnOptions::new().eval_ast(false);
                return engine.call_fn_with_options::<Dynamic>(
                    options,
                    &mut scope,
                    &entry.ast,
                    name,
                    (View::Prepared(facts),),
                );
            }
            let tier = self.rules.slots.find(Slot::Tier).map_or(&Val::Missing, |at| &self.values[at]);
            scope.push("subject", View::Prepared(facts)).push_dynamic("tier", host::to_dynamic(tier));
            engine.eval_ast_with_scope::<Dynamic>(&mut scope, &entry.ast)
        });
        let value = result.map_err(|error| fault::of(&entry.unit, entry.place(), error))?;
        host::value(&value).ok_or_else(|| {
            RuleFault::new(codes::RULE_ANSWER_TYPE, entry.place(), vec![("found", host::shown(&value))])
        })
    }
}

fn wrong(entry: &Entry, value: &Val, wanted: &str) -> RuleFault {
    let args = vec![("found", value.json().to_string()), ("wanted", wanted.to_owned())];
    RuleFault::new(codes::RULE_ANSWER_TYPE, entry.place(), args)
}
