//! Expressions: literals, variables, conditions, and what a condition makes certain.

use rhai::{Expr, FnPtr, Position};

use crate::diag::{Diagnostic, Span, codes};
use crate::lang;
use crate::rules::host::{Takes, is_forbidden};
use crate::rules::kind::Kind;
use crate::rules::slot::Slot;
use crate::rules::tree::{Node, Tree};
use crate::rules::value::Val;

use super::abs::Abs;
use super::{Certainty, Walk};

impl Walk<'_> {
    pub(super) fn expr(&mut self, expr: &Expr) -> Abs {
        let at = self.unit.word(expr.position());
        if !self.step() {
            return Abs::of(Kind::Any, at);
        }
        match expr {
            Expr::BoolConstant(flag, _) => Abs::literal(Kind::Flag, Val::Flag(*flag), at),
            Expr::IntegerConstant(number, _) => Abs::literal(Kind::Integer, Val::Integer(*number), at),
            Expr::FloatConstant(number, _) => Abs::literal(Kind::Float, Val::Float(**number), at),
            Expr::StringConstant(text, _) => Abs::literal(Kind::Text, Val::Text(text.as_str().into()), at),
            Expr::Unit(_) => {
                Abs::of(Kind::Nothing, at).may_miss(true).lowered(Some(Node::Const(Val::Missing)))
            }
            Expr::InterpolatedString(parts, _) => {
                parts.iter().for_each(|part| self.used(part));
                Abs::of(Kind::Text, at)
            }
            Expr::Array(items, _) => self.array(items, at),
            Expr::Map(entries, _) => {
                entries.0.iter().for_each(|(_, value)| self.used(value));
                Abs::of(Kind::Map, at)
            }
            Expr::DynamicConstant(value, _) => match value.read_lock::<FnPtr>() {
                Some(lambda) => {
                    let name = lambda.fn_name().to_owned();
                    self.lambda(&name, &Kind::Any, Takes::Any);
                    Abs::of(Kind::Lambda(name), at)
                }
                None => Abs::of(Kind::Any, at),
            },
            Expr::Variable(named, _, position) => {
                let abs = self.variable(named.1.as_str(), *position);
                self.whole(&abs);
                abs
            }
            Expr::ThisPtr(position) => {
                self.forbidden("this", *position);
                Abs::of(Kind::Any, at)
            }
            Expr::Stmt(block) => self.block(block.statements(), at).abs,
            Expr::FnCall(call, position) | Expr::MethodCall(call, position) => {
                let whole = self.unit.span_of(expr);
                let abs = self.call(call, *position);
                spread(abs, whole)
            }
            Expr::Dot(pair, ..) => {
                let whole = self.unit.span_of(expr);
                let abs = self.dot(&pair.lhs, &pair.rhs);
                spread(abs, whole)
            }
            Expr::Index(pair, flags, _) => self.index(&pair.lhs, &pair.rhs, *flags),
            Expr::And(sides, _) => self.joined_conditions(sides, true, expr),
            Expr::Or(sides, _) => self.joined_conditions(sides, false, expr),
            Expr::Coalesce(sides, _) => self.coalesce(sides, expr),
            _ => Abs::of(Kind::Any, at),
        }
    }

    /// Walks what stands before a dot; which of its fields is read, the field says.
    pub(super) fn receiver(&mut self, expr: &Expr) -> Abs {
        match expr {
            Expr::Variable(named, _, position) => self.variable(named.1.as_str(), *position),
            other => self.expr(other),
        }
    }

    /// Notes that a root is read as a whole.
    pub(super) fn whole(&mut self, abs: &Abs) {
        self.read.extend(abs.root.map(|root| (root, None)));
    }

    /// Walks an expression whose value goes somewhere as it is.
    pub(super) fn used(&mut self, expr: &Expr) {
        let abs = self.value(expr);
        self.raw(abs);
    }

    /// Walks what must be a value: neither the subject nor days that are not compared.
    pub(super) fn value(&mut self, expr: &Expr) -> Abs {
        let abs = self.expr(expr);
        self.only_value(&abs);
        abs
    }

    pub(super) fn only_value(&mut self, abs: &Abs) {
        self.no_subject(abs);
        self.no_count(abs);
    }

    fn array(&mut self, items: &[Expr], at: Span) -> Abs {
        let mut of: Option<Kind> = None;
        for item in items {
            let abs = self.value(item);
            let kind = self.raw(abs).kind;
            of = Some(if of.is_none_or(|before| before == kind) { kind } else { Kind::Any });
        }
        Abs::of(Kind::list(of.unwrap_or(Kind::Any)), at)
    }

    pub(super) fn variable(&mut self, name: &str, position: Position) -> Abs {
        let at = self.unit.word(position);
        if let Some(place) = self.env.iter().rposition(|var| var.name == name) {
            if place < self.floor {
                self.report(Diagnostic::new(codes::SCRIPT_LAMBDA_OUTSIDE, at).with("name", name));
            }
            let var = &self.env[place];
            let root = (place < self.scope.names.len()).then_some(place);
            let mut abs = Abs { span: at, root, ..var.abs.clone() };
            if let Some(node) = var.local.map(Node::Local).or(var.slot.map(Node::Slot)) {
                abs = abs.lowered(Some(node));
            }
            abs.missing &= !self.is_certain(&abs, name);
            return abs;
        }
        if is_forbidden(name) {
            self.forbidden(name, position);
        } else {
            let names = self.env.iter().skip(self.floor).map(|var| var.name.clone()).collect::<Vec<_>>();
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_NAME, at).with("name", name);
            // What the register says of a subject is asked of the subject.
            let subject = names.iter().find(|known| *known == "subject").or(names.first());
            let asked = subject.filter(|_| self.policy.attribute(name).is_some());
            self.report(match asked.map(|subject| format!("{subject}.{name}")) {
                Some(meant) => {
                    let problem = problem.with("near", "yes").with("nearest", meant);
                    problem.with("known", lang::list(&names))
                }
                None => problem.with_nearest(name, names.iter().map(String::as_str)),
            });
        }
        Abs::of(Kind::Any, at)
    }

    /// Returns whether a condition already passed says that this is not missing.
    pub(super) fn is_certain(&self, abs: &Abs, text: &str) -> bool {
        let by_field = matches!(abs.fields[..], [field] if self.certain.contains(&Certainty::Has(field)));
        by_field
            || self.certain.iter().any(|known| matches!(known, Certainty::HasText(known) if known == text))
    }

    /// Walks what must be yes or no.
    pub(super) fn condition(&mut self, expr: &Expr) -> Abs {
        let abs = self.expr(expr);
        let span = self.unit.span_of(expr);
        if abs.kind != Kind::Flag && abs.kind != Kind::Any {
            self.report(Diagnostic::new(codes::SCRIPT_NOT_A_CONDITION, span).with("kind", abs.kind.word()));
        } else if abs.missing {
            self.flag(codes::SCRIPT_MAY_BE_MISSING, span);
        }
        spread(abs, span)
    }

    fn joined_conditions(&mut self, sides: &[Expr], all: bool, whole: &Expr) -> Abs {
        let before = self.certain.len();
        let mut trees: Vec<Option<Tree>> = Vec::new();
        for side in sides {
            trees.push(self.condition(side).tree);
            let (yes, no) = self.certain_by(side);
            self.certain.extend(if all { yes } else { no });
        }
        self.certain.truncate(before);
        let trees: Option<Vec<Tree>> = trees.into_iter().collect();
        let node = trees.map(if all { Node::All } else { Node::Any });
        Abs::of(Kind::Flag, self.unit.span_of(whole)).lowered(node)
    }

    fn coalesce(&mut self, sides: &[Expr], whole: &Expr) -> Abs {
        let span = self.unit.span_of(whole);
        let mut found: Option<Abs> = None;
        let mut trees: Vec<Option<Tree>> = Vec::new();
        let mut missing = true;
        for side in sides {
            let abs = self.value(side);
            missing &= abs.missing;
            trees.push(abs.tree.clone().filter(|_| abs.kind != Kind::Day));
            found = found.into_iter().chain([abs]).reduce(Abs::joined);
        }
        let abs = found.unwrap_or_else(|| Abs::of(Kind::Any, span));
        let node = trees.into_iter().collect::<Option<_>>().map(Node::Coalesce);
        Abs { span, literal: None, missing, ways: Vec::new(), ..abs }.lowered(node)
    }

    /// Returns what holds when the condition is true, and what when it is false.
    pub(super) fn certain_by(&self, condition: &Expr) -> (Vec<Certainty>, Vec<Certainty>) {
        match condition {
            Expr::And(sides, _) => {
                (sides.iter().flat_map(|side| self.certain_by(side).0).collect(), Vec::new())
            }
            Expr::Or(sides, _) => {
                (Vec::new(), sides.iter().flat_map(|side| self.certain_by(side).1).collect())
            }
            Expr::FnCall(call, _) if call.name == "!" && call.args.len() == 1 => {
                let (yes, no) = self.certain_by(&call.args[0]);
                (no, yes)
            }
            Expr::FnCall(call, _) if call.name == "has" && call.args.len() == 1 => {
                let text = self.unit.text_of(&call.args[0]).to_owned();
                let by_field = self.field_named(&call.args[0]).map(Certainty::Has);
                (by_field.into_iter().chain([Certainty::HasText(text)]).collect(), Vec::new())
            }
            Expr::FnCall(call, _) if call.args.len() == 2 => (self.filled_by(call), Vec::new()),
            Expr::Dot(pair, ..) if is_call(&pair.rhs, "is_empty") => {
                (Vec::new(), vec![Certainty::Filled(self.unit.text_of(&pair.lhs).to_owned())])
            }
            _ => (Vec::new(), Vec::new()),
        }
    }

    /// Recognises `list.len() > 0` and its like.
    fn filled_by(&self, call: &rhai::FnCallExpr) -> Vec<Certainty> {
        let least = match (call.name.as_str(), &call.args[1]) {
            (">" | "!=", Expr::IntegerConstant(0, _)) | (">=", Expr::IntegerConstant(1, _)) => &call.args[0],
            _ => return Vec::new(),
        };
        let text = self.unit.text_of(least);
        let list = text.strip_suffix("len()").map(str::trim_end).and_then(|list| list.strip_suffix('.'));
        list.map(|list| Certainty::Filled(list.trim().to_owned())).into_iter().collect()
    }

    /// Refuses the subject where only values may stand.
    pub(super) fn no_subject(&mut self, abs: &Abs) {
        if abs.kind == Kind::Subject {
            self.flag(codes::SCRIPT_BARE_SUBJECT, abs.span);
        }
    }

    /// Refuses `days_since(…)` other than in a comparison.
    pub(super) fn no_count(&mut self, abs: &Abs) {
        if let Kind::Count(until) = abs.kind {
            let name = if until { "days_until" } else { "days_since" };
            self.report(Diagnostic::new(codes::SCRIPT_ELAPSED, abs.span).with("name", name));
        }
    }

    /// Turns a date that is a name for a field into the date itself, which is an input of its own.
    pub(super) fn raw(&mut self, abs: Abs) -> Abs {
        if abs.kind != Kind::Day || !self.scope.records {
            return abs;
        }
        let slots: Vec<usize> =
            abs.fields.iter().map(|field| self.found.slots.need(Slot::Raw(*field))).collect();
        let node = if let [only] = slots[..] { Some(Node::Slot(only)) } else { None };
        abs.lowered(node)
    }

    /// Warns when a value that may be missing is used without asking.
    pub(super) fn no_missing(&mut self, abs: &Abs) {
        if abs.missing {
            self.flag(codes::SCRIPT_MAY_BE_MISSING, abs.span);
        }
    }
}

/// Gives a value the place of the whole expression it comes from.
fn spread(abs: Abs, span: Span) -> Abs {
    let tree = abs.tree.map(|tree| Tree { span, ..tree });
    Abs { tree, span, ..abs }
}

fn is_call(expr: &Expr, name: &str) -> bool {
    matches!(expr, Expr::MethodCall(call, _) | Expr::FnCall(call, _) if call.name == name)
}
