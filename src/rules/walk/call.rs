//! Calls: the script's own functions, the closed list, and those that read time and tables.

use rhai::{FnCallExpr, Position};

use crate::diag::{Diagnostic, Span, codes};
use crate::rules::host::{FORBIDDEN, param_value};
use crate::rules::known::{self, Gives, Known, On};
use crate::rules::slot::Slot;
use crate::rules::tree::{Maths, Node, Tree};
use crate::rules::value::{Comparison, Val};

use super::Walk;
use super::chain::given;
use super::kind::{Abs, Kind};

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Abs {
        let at = self.unit.word(position);
        let name = call.name.as_str();
        if let Some(abs) = self.operator(call, at) {
            return abs;
        }
        let count = call.args.len();
        if let Some((_, wanted)) = known::OWN.iter().find(|(known, _)| *known == name) {
            if count != *wanted {
                self.arity(name, &wanted.to_string(), count, at);
                return Abs::of(Kind::Any, at);
            }
            return self.own(name, call, at);
        }
        if self.unit.functions.contains_key(&(name.to_owned(), count)) {
            let args = call.args.iter().map(|arg| self.expr(arg)).collect::<Vec<_>>();
            for arg in &args {
                self.no_count(arg);
            }
            return self.function(name, args, at);
        }
        let own = self.unit.functions.keys().any(|(known, _)| known == name);
        if !own {
            call.args.iter().for_each(|arg| self.used(arg));
        }
        if FORBIDDEN.contains(&name) {
            self.forbidden(name, position);
            return Abs::of(Kind::Any, at);
        }
        let others = self.unit.functions.keys().filter(|(known, _)| known == name).map(|(_, count)| *count);
        let mut counts: Vec<usize> = others.collect();
        let builtin = known::function(name);
        counts.extend(builtin.iter().flat_map(|known| known.counts.iter().copied()));
        if counts.is_empty() {
            self.unknown_function(name, at);
        } else if !counts.contains(&count) {
            let wanted = counts.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
            self.arity(name, &wanted, count, at);
        } else if let Some(known) = builtin {
            return self.builtin(name, known, call, at);
        }
        Abs::of(Kind::Any, at)
    }

    fn builtin(&mut self, name: &str, known: Known, call: &FnCallExpr, at: Span) -> Abs {
        let gives = known.gives;
        let args: Vec<Abs> = call.args.iter().map(|arg| self.expr(arg)).collect();
        let first = args.first().map_or(Kind::Any, |first| first.kind.clone());
        if let Some(receiver) = args.first() {
            self.called_on(known.on, receiver, receiver.span);
        }
        let Some(function) = Maths::parse(name) else {
            return Abs::of(given(gives, &first, &Kind::Any), at);
        };
        for arg in &args {
            self.operand(arg, false);
        }
        let same = args.iter().all(|arg| arg.kind == first);
        let kind = match gives {
            Gives::Any | Gives::Same if same => first,
            Gives::Any | Gives::Same => Kind::Number,
            _ => Kind::Float,
        };
        let numbers = args.iter().all(|arg| arg.kind.is_number());
        let trees: Option<Vec<Tree>> = args.into_iter().map(|arg| arg.tree).collect();
        Abs::of(kind, at).lowered(trees.filter(|_| numbers).map(|trees| Node::Maths(function, trees)))
    }

    /// Refuses a function called on what it is not for.
    pub(super) fn called_on(&mut self, on: &[On], receiver: &Abs, at: Span) {
        let kinds = on.iter().map(|on| match on {
            On::List => Kind::list(Kind::Any),
            On::Text => Kind::Text,
            On::Map => Kind::Map,
            On::Number => Kind::Number,
            On::Flag => Kind::Flag,
            On::Day => Kind::Day,
        });
        let kinds: Vec<Kind> = kinds.collect();
        let known = !matches!(receiver.kind, Kind::Subject | Kind::Count(_));
        // A record has its fields and nothing else, though it can be written as a map.
        let fits = |kind: &Kind| receiver.kind.meets(kind) && !matches!(receiver.kind, Kind::Record(_));
        if known
            && !kinds.iter().any(fits)
            && let Some(wanted) = kinds.first()
        {
            let problem = Diagnostic::new(codes::SCRIPT_WRONG_TYPE, at).with("wanted", wanted.word());
            self.report(problem.with("kind", receiver.kind.word()));
        }
    }

    pub(super) fn unknown_function(&mut self, name: &str, at: Span) {
        let own = self.unit.functions.keys().map(|(known, _)| known.as_str());
        let names: Vec<&str> = own.filter(|known| !known.contains('$')).chain(known::names()).collect();
        let nearest = crate::diag::nearest(name, names);
        let near = if nearest.is_some() { "yes" } else { "no" };
        let nearest = nearest.unwrap_or_default().to_owned();
        let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FUNCTION, at).with("name", name);
        let listed = known::OWN.iter().map(|(known, _)| *known).collect::<Vec<_>>().join("、");
        self.report(problem.with("near", near).with("nearest", nearest).with("known", listed));
    }

    pub(super) fn arity(&mut self, name: &str, wanted: &str, got: usize, at: Span) {
        let problem = Diagnostic::new(codes::SCRIPT_ARITY, at).with("name", name);
        self.report(problem.with("wanted", wanted).with("got", got.to_string()));
    }

    fn own(&mut self, name: &str, call: &FnCallExpr, at: Span) -> Abs {
        if !self.dated && matches!(name, "within" | "days_since" | "days_until") {
            self.report(Diagnostic::new(codes::SCRIPT_NO_DAY, at).with("name", name));
        }
        match name {
            "has" => self.has(call, at),
            "within" => self.within(call, at),
            "lookup" => self.lookup(call, at),
            "param" => self.param(call, at),
            _ => self.count(name == "days_until", call, at),
        }
    }

    fn has(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let flag = Abs::of(Kind::Flag, at);
        if let Some(field) = self.field_named(&call.args[0]) {
            if !self.records {
                self.expr(&call.args[0]);
                return flag;
            }
            let slot = self.slots.need(Slot::Has(field));
            return flag.lowered(Some(Node::Slot(slot)));
        }
        let asked = self.expr(&call.args[0]);
        self.no_subject(&asked);
        self.no_count(&asked);
        let tree = asked.tree.filter(|_| asked.kind != Kind::Day);
        flag.lowered(tree.map(Node::Has))
    }

    fn date(&mut self, call: &FnCallExpr) -> Abs {
        let date = self.expr(&call.args[0]);
        let direct = !self.records || !date.fields.is_empty();
        if date.kind == Kind::Day && direct {
            self.no_missing(&date);
        } else if date.kind != Kind::Any || self.records {
            let problem = Diagnostic::new(codes::SCRIPT_WRONG_TYPE, date.span).with("wanted", "kind-day");
            self.report(problem.with("kind", date.kind.word()));
        }
        date
    }

    fn within(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let date = self.date(call);
        let length = self.expr(&call.args[1]);
        let period = self.period(&length);
        let flag = Abs::of(Kind::Flag, at);
        let Some(period) = period.filter(|_| self.records && date.kind == Kind::Day) else { return flag };
        let slots: Vec<usize> =
            date.fields.iter().map(|field| self.slots.need(Slot::Within(*field, period))).collect();
        flag.lowered(only(&slots).map(Node::Truth))
    }

    fn count(&mut self, until: bool, call: &FnCallExpr, at: Span) -> Abs {
        let date = self.date(call);
        Abs { fields: date.fields, ..Abs::of(Kind::Count(until), at) }
    }

    /// Walks `days_since(date) > 90`: the truth of the whole comparison is one input.
    pub(super) fn count_compared(&mut self, sign: Comparison, count: &Abs, bound: &Abs, at: Span) -> Abs {
        let flag = Abs::of(Kind::Flag, at);
        let Kind::Count(until) = count.kind else { return flag };
        let bound = match &bound.literal {
            Some(Val::Integer(number)) => crate::rules::value::float(*number),
            Some(Val::Float(number)) => *number,
            _ => {
                self.no_count(count);
                return flag;
            }
        };
        if !self.records {
            return flag;
        }
        let elapsed = |field| crate::rules::slot::Elapsed { field, until };
        let needed = count.fields.iter().map(|field| Slot::Days(elapsed(*field), sign, bound));
        let slots: Vec<usize> = needed.map(|slot| self.slots.need(slot)).collect();
        flag.lowered(only(&slots).map(Node::Truth))
    }

    fn literal_text(&mut self, abs: &Abs) -> Option<String> {
        if let Some(Val::Text(text)) = &abs.literal {
            return Some(text.to_string());
        }
        self.flag(codes::SCRIPT_NOT_LITERAL, abs.span);
        None
    }

    fn lookup(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let name = self.expr(&call.args[0]);
        let key = self.expr(&call.args[1]);
        self.no_subject(&key);
        self.no_count(&key);
        if !key.kind.is_text() && key.kind != Kind::Any {
            let problem = Diagnostic::new(codes::SCRIPT_WRONG_TYPE, key.span).with("wanted", "kind-text");
            self.report(problem.with("kind", key.kind.word()));
        }
        let Some(id) = self.literal_text(&name) else { return Abs::of(Kind::Any, at) };
        let Some(table) = self.policy.tables.iter().position(|table| table.id == id) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_TABLE, name.span).with("table", id.as_str());
            self.report(problem.with_nearest(&id, self.policy.tables.iter().map(|table| table.id.as_str())));
            return Abs::of(Kind::Any, at);
        };
        let missing = key.missing || !self.holds_every(table, &key);
        let node = key.tree.map(|key: Tree| Node::Row(table, key));
        Abs::of(Kind::Row(table), at).may_miss(missing).lowered(node)
    }

    fn param(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let name = self.expr(&call.args[0]);
        let Some(id) = self.literal_text(&name) else { return Abs::of(Kind::Number, at) };
        let Some(param) = self.policy.params.iter().find(|param| param.id == id) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_PARAM, name.span).with("param", id.as_str());
            self.report(problem.with_nearest(&id, self.policy.params.iter().map(|param| param.id.as_str())));
            return Abs::of(Kind::Number, at);
        };
        let kind = if param.whole { Kind::Integer } else { Kind::Float };
        Abs::literal(kind, param_value(param), at)
    }
}

fn only(slots: &[usize]) -> Option<usize> {
    match slots {
        [slot] => Some(*slot),
        _ => None,
    }
}
