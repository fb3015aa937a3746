//! The sandbox: an engine that knows a closed list of functions, counts every operation, and
//! sees of a subject only what the analysis said it would read.
//!
//! Each setting is there because an input without it was seen to abort, hang or lie; the corpus
//! under `tests/rules/bad` holds those inputs.

mod maths;
mod operators;
mod subject;

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, EvalAltResult, OptimizationLevel, Position};

use super::value::Val;
use crate::diag::{Code, codes};
use crate::limits;
use crate::policy::{Param, Policy, Table};

pub(super) use operators::value;
pub(super) use subject::{Facts, Names, View, cell};

/// What a native function refuses, carried through the interpreter.
#[derive(Clone, Debug)]
pub(super) struct Refused {
    pub(super) code: Code,
    pub(super) args: Vec<(&'static str, String)>,
}

type Native<T> = Result<T, Box<EvalAltResult>>;

fn refuse<T>(code: Code, args: Vec<(&'static str, String)>) -> Native<T> {
    Err(EvalAltResult::ErrorRuntime(Dynamic::from(Refused { code, args }), Position::NONE).into())
}

/// Tables and parameters, shared with the native functions that read them.
#[derive(Debug)]
pub(super) struct Shelf {
    pub(super) tables: Vec<Table>,
    pub(super) params: Vec<Param>,
}

impl Shelf {
    pub(super) fn of(policy: &Policy) -> Arc<Self> {
        Arc::new(Self { tables: policy.tables.clone(), params: policy.params.clone() })
    }

    pub(super) fn param(&self, id: &str) -> Option<Val> {
        self.params.iter().find(|param| param.id == id).map(param_value)
    }
}

pub(super) fn param_value(param: &Param) -> Val {
    if param.whole {
        #[expect(clippy::cast_possible_truncation, reason = "written as a whole number")]
        return Val::Integer(param.value as i64);
    }
    Val::Float(param.value)
}

/// Words that no policy script may use; most are functions or keywords of the full language.
pub(super) const FORBIDDEN: [&str; 17] = [
    "eval", "import", "export", "curry", "sleep", "timestamp", "print", "debug", "Fn", "call", "exit", "this",
    "global", "is_def_fn", "is_def_var", "type_of", "is_shared",
];

/// Variables and functions one script may hold.
const VARIABLES_MAX: usize = 64;
pub(super) const FUNCTIONS_MAX: usize = 64;

thread_local! {
    /// Operations used by the evaluation running on this thread. The engine's own counter starts
    /// anew in every native callback, so `filter` in a loop would run for ever.
    static USED: Cell<u64> = const { Cell::new(0) };
}

/// Makes the engine that runs scripts.
pub(super) fn engine(shelf: Arc<Shelf>) -> Engine {
    let mut engine = reader();
    engine.set_strict_variables(true);
    LanguageCorePackage::new().register_into_engine(&mut engine);
    ArithmeticPackage::new().register_into_engine(&mut engine);
    LogicPackage::new().register_into_engine(&mut engine);
    BasicStringPackage::new().register_into_engine(&mut engine);
    MoreStringPackage::new().register_into_engine(&mut engine);
    BasicIteratorPackage::new().register_into_engine(&mut engine);
    BasicArrayPackage::new().register_into_engine(&mut engine);
    BasicMapPackage::new().register_into_engine(&mut engine);
    BasicFnPackage::new().register_into_engine(&mut engine);
    operators::register(&mut engine);
    maths::register(&mut engine);
    subject::register(&mut engine, shelf);
    forbid(&mut engine);
    engine.on_progress(|_| {
        let used = USED.get() + 1;
        USED.set(used);
        (used > limits::SCRIPT_OPERATIONS).then_some(Dynamic::UNIT)
    });
    engine
}

/// Makes the engine that only reads scripts: same limits, and names are left to the analysis,
/// which finds all unknown ones and says what was probably meant.
pub(super) fn reader() -> Engine {
    let mut engine = Engine::new_raw();
    engine.set_optimization_level(OptimizationLevel::None);
    engine.set_fail_on_invalid_map_property(true);
    engine.set_fast_operators(false);
    engine.set_max_operations(limits::SCRIPT_OPERATIONS);
    engine.set_max_call_levels(limits::SCRIPT_CALL_DEPTH);
    engine.set_max_expr_depths(limits::SCRIPT_EXPRESSION_DEPTH, limits::SCRIPT_EXPRESSION_DEPTH);
    engine.set_max_string_size(limits::SCRIPT_STRING_BYTES);
    engine.set_max_array_size(limits::SCRIPT_ARRAY_ITEMS);
    engine.set_max_map_size(limits::SCRIPT_MAP_ITEMS);
    engine.set_max_variables(VARIABLES_MAX);
    engine.set_max_functions(FUNCTIONS_MAX);
    for word in ["eval", "import", "export", "curry", "sleep", "timestamp", "print", "debug", "Fn", "call"] {
        engine.disable_symbol(word);
    }
    engine
}

/// Disabling a symbol leaves the function behind it callable; these stand in front of them.
fn forbid(engine: &mut Engine) {
    fn no(name: &'static str) -> Native<()> {
        refuse(codes::RULE_NOT_ALLOWED, vec![("word", name.to_owned())])
    }
    engine.register_fn("sleep", |_: i64| no("sleep"));
    engine.register_fn("sleep", |_: f64| no("sleep"));
    engine.register_fn("exit", || no("exit"));
    engine.register_fn("exit", |_: Dynamic| no("exit"));
    engine.register_fn("timestamp", || no("timestamp"));
    engine.register_fn("print", |_: Dynamic| no("print"));
    engine.register_fn("debug", |_: Dynamic| no("debug"));
}

/// Returns the threads that read and run scripts; their stacks hold the deepest lawful script.
///
/// # Panics
/// When the system gives no thread at all.
pub(super) fn threads() -> &'static rayon::ThreadPool {
    static POOL: OnceLock<rayon::ThreadPool> = OnceLock::new();
    POOL.get_or_init(|| {
        rayon::ThreadPoolBuilder::new()
            .stack_size(limits::SCRIPT_STACK_BYTES)
            .thread_name(|at| format!("rules-{at}"))
            .build()
            .expect("a process that can run can start a thread")
    })
}

/// Runs one evaluation with a fresh count of operations; a panic becomes `Err(None)`.
pub(super) fn guarded<T>(run: impl FnOnce() -> Native<T>) -> Result<T, Option<Box<EvalAltResult>>> {
    USED.set(0);
    match quietly(run) {
        Ok(answer) => answer.map_err(Some),
        Err(_) => Err(None),
    }
}

/// Runs what may panic inside the foreign crate.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(run))
}

pub(super) fn to_dynamic(value: &Val) -> Dynamic {
    match value {
        Val::Missing => Dynamic::UNIT,
        Val::Flag(flag) => (*flag).into(),
        Val::Integer(number) => (*number).into(),
        Val::Float(number) => (*number).into(),
        Val::Text(text) => text.as_ref().into(),
        Val::Day(day) => Dynamic::from(subject::Dated::loose(*day)),
    }
}
