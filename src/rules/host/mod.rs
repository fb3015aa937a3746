//! The sandbox: an engine that knows a closed list of functions, counts every operation, and
//! sees of a subject only what the analysis said it would read.
//!
//! Each setting is there because an input without it was seen to abort, hang or lie; the corpus
//! under `tests/rules/bad` holds those inputs.

mod convert;
mod date;
mod functions;
mod inputs;
mod live;
mod maths;
mod operators;
mod record;
mod stop_watch;
mod subject;

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, OnceLock};

use rhai::packages::{
    ArithmeticPackage, BasicArrayPackage, BasicFnPackage, BasicIteratorPackage, BasicMapPackage,
    BasicStringPackage, LanguageCorePackage, LogicPackage, MoreStringPackage, Package,
};
use rhai::{Dynamic, Engine, EvalAltResult, OptimizationLevel, Position, RhaiNativeFunc, Variant};
use strum::IntoEnumIterator as _;

use super::slot::SubjectField;
use super::value::Val;
use crate::diag::{Code, codes};
use crate::lang::Lang;
use crate::limits;
use crate::policy::{AttributeIx, LevelIx, Param, Policy, Table};

pub(super) use convert::{shown, to_dynamic, value};
pub(super) use date::RuleDate;
pub(super) use functions::{
    Analysis, Gives, HistoryQuestion, LanguageFunction, OwnFunction, Takes, function, function_by_kinds,
    function_names,
};
pub(super) use inputs::PreparedInputs;
pub(super) use live::LiveSubject;
pub(super) use record::{FieldRecord, UnfitValue, written};
pub(super) use subject::{View, cell};

/// What a native function refuses, carried through the interpreter.
#[derive(Clone, Debug)]
pub(super) struct NativeRefusal {
    pub(super) code: Code,
    pub(super) args: Vec<(&'static str, String)>,
}

/// What an evaluation ends with that took too long.
#[derive(Clone, Copy, Debug)]
pub(super) struct OutOfTime;

type NativeResult<T> = Result<T, Box<EvalAltResult>>;

fn refuse<T>(code: Code, args: Vec<(&'static str, String)>) -> NativeResult<T> {
    Err(EvalAltResult::ErrorRuntime(Dynamic::from(NativeRefusal { code, args }), Position::NONE).into())
}

/// Refuses because a script asks for what is not there; the analysis lets none do so.
fn failed<T>(what: impl Into<String>) -> NativeResult<T> {
    refuse(codes::RULE_FAILED, vec![("what", what.into())])
}

/// Where a native function is registered.
struct Registration<'a> {
    engine: &'a mut Engine,
    name: &'static str,
    data: &'a Arc<PolicyData>,
}

impl Registration<'_> {
    /// Adds an overload.
    fn add<A: 'static, const N: usize, const X: bool, R: Variant + Clone, const F: bool>(
        &mut self,
        function: impl RhaiNativeFunc<A, N, X, R, F> + Send + Sync + 'static,
    ) -> &mut Self {
        self.engine.register_fn(self.name, function);
        self
    }
}

/// What native functions read of the policy: tables, parameters, and the names a subject is read by.
#[derive(Debug, Default)]
pub(super) struct PolicyData {
    pub(super) tables: Vec<Table>,
    params: Vec<Param>,
    levels: Vec<String>,
    fields: Vec<(String, SubjectField)>,
    /// What inputs are named in.
    pub(super) language: Lang,
}

impl PolicyData {
    pub(super) fn of(policy: &Policy) -> Arc<Self> {
        let built_in = SubjectField::iter().map(|field| (field.into_str().to_owned(), field));
        let declared = (0_u16..).zip(&policy.attributes).flat_map(|(at, attribute)| {
            let field = SubjectField::Attribute(AttributeIx(at));
            [(attribute.id.clone(), field), (attribute.title.clone(), field)]
        });
        let (tables, params) = (policy.tables.clone(), policy.params.clone());
        let (levels, fields) = (policy.levels.clone(), built_in.chain(declared).collect());
        Arc::new(Self { tables, params, levels, fields, language: policy.bureau.language })
    }

    fn param(&self, id: &str) -> Option<Val> {
        self.params.iter().find(|param| param.id == id).map(param_value)
    }

    fn field(&self, name: &str) -> Option<SubjectField> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, field)| *field)
    }

    fn level(&self, name: &str) -> Option<LevelIx> {
        let at = self.levels.iter().position(|known| known == name)?;
        u16::try_from(at).ok().map(LevelIx)
    }
}

pub(super) fn param_value(param: &Param) -> Val {
    if param.whole {
        #[expect(clippy::cast_possible_truncation, reason = "written as a whole number")]
        return Val::Integer(param.value as i64);
    }
    Val::Float(param.value)
}

/// Words that no policy script may use and the reader refuses by itself; most are functions or
/// keywords of the full language.
const DISABLED: [&str; 10] =
    ["eval", "import", "export", "curry", "sleep", "timestamp", "print", "debug", "Fn", "call"];

/// Further such words, which the reader would take for names.
const REFUSED: [&str; 7] = ["exit", "this", "global", "is_def_fn", "is_def_var", "type_of", "is_shared"];

/// Returns whether no policy script may use a word.
pub(super) fn is_forbidden(word: &str) -> bool {
    DISABLED.contains(&word) || REFUSED.contains(&word)
}

/// Variables and functions one script may hold.
pub(super) const VARIABLES_MAX: usize = 64;
pub(super) const FUNCTIONS_MAX: usize = 64;

thread_local! {
    /// Operations used by the evaluation running on this thread. The engine's own counter starts
    /// anew in every native callback, so `filter` in a loop would run for ever.
    static USED: Cell<u64> = const { Cell::new(0) };
}

/// Makes the engine that runs scripts.
pub(super) fn engine(data: &Arc<PolicyData>) -> Engine {
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
    record::register(&mut engine);
    subject::register(&mut engine);
    for function in functions::FUNCTIONS {
        function.register(&mut engine, data);
    }
    forbid(&mut engine);
    engine.on_progress(|_| {
        let used = USED.get() + 1;
        USED.set(used);
        if used > limits::SCRIPT_OPERATIONS {
            return Some(Dynamic::UNIT);
        }
        stop_watch::is_over(used).then(|| Dynamic::from(OutOfTime))
    });
    engine
}

/// Counts operations that the engine does not see, inside functions of our own.
fn charge(operations: u64) {
    USED.set(USED.get().saturating_add(operations));
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
    for word in DISABLED {
        engine.disable_symbol(word);
    }
    engine
}

/// Disabling a symbol leaves the function behind it callable; these stand in front of them.
fn forbid(engine: &mut Engine) {
    fn no(name: &'static str) -> NativeResult<()> {
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
pub(super) fn guarded<T>(run: impl FnOnce() -> NativeResult<T>) -> Result<T, Option<Box<EvalAltResult>>> {
    count_anew();
    guarded_on(run)
}

/// Begins a new count of operations, which all that is asked by [`guarded_on`] shares, and their time.
pub(super) fn count_anew() {
    USED.set(0);
    stop_watch::start();
}

/// Runs something on this thread whose evaluations take as long as they take.
pub(super) fn unhurried<T>(run: impl FnOnce() -> T) -> T {
    stop_watch::within(None, run)
}

/// Runs a part of an evaluation under the count already begun; a panic becomes `Err(None)`.
pub(super) fn guarded_on<T>(run: impl FnOnce() -> NativeResult<T>) -> Result<T, Option<Box<EvalAltResult>>> {
    match quietly(run) {
        Ok(answer) => answer.map_err(Some),
        Err(_) => Err(None),
    }
}

/// Runs what may panic inside the foreign crate.
pub(super) fn quietly<T>(run: impl FnOnce() -> T) -> Result<T, Box<dyn Any + Send>> {
    catch_unwind(AssertUnwindSafe(run))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::codes;

    fn bare() -> Engine {
        engine(&Arc::default())
    }

    fn run(script: &str) -> EvalAltResult {
        let engine = bare();
        let answer = threads().install(|| guarded(|| engine.eval::<Dynamic>(script)));
        *answer.expect_err(script).unwrap_or_else(|| panic!("{script} broke the engine"))
    }

    fn refused(script: &str) -> Option<Code> {
        match run(script) {
            EvalAltResult::ErrorRuntime(value, _) => {
                value.read_lock::<NativeRefusal>().map(|refused| refused.code)
            }
            _ => None,
        }
    }

    #[test]
    fn what_waits_or_leaves_is_refused_behind_the_check_too() {
        for script in ["exit()", "exit(42)", "exit(\"甲\")"] {
            assert_eq!(refused(script), Some(codes::RULE_NOT_ALLOWED), "{script}");
        }
        for script in ["sleep(1)", "sleep(1.5)", "timestamp()", "print(1)", "debug(1)", "eval(\"1\")"] {
            let parsed = !matches!(run(script), EvalAltResult::ErrorParsing(..));
            assert!(!parsed || refused(script) == Some(codes::RULE_NOT_ALLOWED), "{script}");
        }
    }

    #[test]
    fn every_comparison_with_a_missing_or_another_type_is_refused() {
        for sign in ["<", "<=", ">", ">=", "==", "!="] {
            for side in ["1", "1.5", "\"a\"", "true", "()", "[1]", "#{}"] {
                assert_eq!(
                    refused(&format!("() {sign} {side}")),
                    Some(codes::RULE_MISSING),
                    "() {sign} {side}"
                );
                assert_eq!(
                    refused(&format!("{side} {sign} ()")),
                    Some(codes::RULE_MISSING),
                    "{side} {sign} ()"
                );
            }
            for (left, right) in
                [("\"85\"", "80"), ("1", "true"), ("1.5", "\"a\""), ("[1]", "1"), ("#{}", "1")]
            {
                assert_eq!(
                    refused(&format!("{left} {sign} {right}")),
                    Some(codes::RULE_TYPES),
                    "{left} {sign} {right}"
                );
            }
        }
        assert_eq!(refused("1 in [\"a\"]"), Some(codes::RULE_TYPES));
        assert_eq!(refused("() in [1]"), Some(codes::RULE_MISSING));
        assert_eq!(refused("[1].contains(\"a\")"), Some(codes::RULE_TYPES));
    }

    #[test]
    fn a_panic_behind_a_script_is_a_fault_and_not_the_end() {
        let mut engine = bare();
        engine.register_fn("broken", || -> i64 { panic!("a planted panic") });
        let answer = guarded(|| engine.eval::<Dynamic>("broken()"));
        assert!(matches!(answer, Err(None)));
    }

    #[test]
    fn calls_end_at_their_depth_and_operations_at_their_count() {
        let deep = run("fn f(n) { f(n + 1) } f(0)");
        assert!(matches!(deep.unwrap_inner(), EvalAltResult::ErrorStackOverflow(_)), "{deep:?}");
        let endless = run("loop {}");
        let ended =
            matches!(endless, EvalAltResult::ErrorTerminated(..) | EvalAltResult::ErrorTooManyOperations(_));
        assert!(ended, "{endless:?}");
    }

    #[test]
    fn time_ends_what_operations_do_not_and_is_told_apart() {
        let engine = bare();
        // Each of its few operations copies a long text.
        let script =
            "let text = \"\"; text.pad(16384, 'x'); let n = 0; while n < 3000 { text.to_upper(); n += 1; } n";
        let ask = || guarded(|| engine.eval::<i64>(script));
        let stopped = stop_watch::within(Some(std::time::Duration::from_millis(1)), ask);
        let stopped = stopped.expect_err("too long").expect("no panic");
        let EvalAltResult::ErrorTerminated(token, _) = stopped.unwrap_inner() else { panic!("{stopped:?}") };
        assert!(token.is::<OutOfTime>());
        assert_eq!(unhurried(ask).expect("as long as it takes"), 3_000);
    }

    #[test]
    fn division_and_powers_mean_what_the_policy_language_says() {
        let engine = bare();
        let number = |script: &str| engine.eval::<f64>(script).expect(script);
        assert!((number("1 / 3 * 100") - 100.0 / 3.0).abs() < 1e-12);
        assert!((number("let x = 7; x /= 2; x") - 3.5).abs() < 1e-12);
        assert!((number("2.0 ** 0.5") - libm::sqrt(2.0)).abs() < 1e-15);
        assert_eq!(engine.eval::<i64>("div(7, 2)").expect("whole"), 3);
    }
}
