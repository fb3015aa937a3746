//! Calls: the script's own functions, the closed list, and those that read time and tables.

use rhai::{FnCallExpr, Position};

use crate::diag::{Diagnostic, Span, codes};
use crate::lang;
use crate::rules::host::{
    self, Analysis, Gives, LanguageFunction, OwnFunction, Takes, is_forbidden, param_value,
};
use crate::rules::kind::Kind;
use crate::rules::slot::{DaySpan, Slot, SubjectField};
use crate::rules::tree::Node;
use crate::rules::value::{Comparison, Val, float};

use super::Walk;
use super::abs::Abs;

impl Walk<'_> {
    pub(super) fn call(&mut self, call: &FnCallExpr, position: Position) -> Abs {
        let at = self.unit.word(position);
        let name = call.name.as_str();
        if let Some(abs) = self.operator(call, at) {
            return abs;
        }
        let count = call.args.len();
        if let Some(LanguageFunction { arity, analysis: Analysis::Own(own), .. }) = host::function(name) {
            if !arity.contains(&count) {
                self.arity(call, arity, at);
                return Abs::of(Kind::Any, at);
            }
            return self.own(*own, call, at);
        }
        if self.unit.functions.contains_key(&(name.to_owned(), count)) {
            let args = call.args.iter().map(|arg| self.expr(arg)).collect::<Vec<_>>();
            for arg in &args {
                self.no_count(arg);
            }
            return self.function(name, args, at);
        }
        let own = self.unit.functions.keys().filter(|(known, _)| known == name);
        let mut counts: Vec<usize> = own.map(|(_, count)| *count).collect();
        if counts.is_empty() {
            call.args.iter().for_each(|arg| self.used(arg));
        }
        if is_forbidden(name) {
            self.forbidden(name, position);
            return Abs::of(Kind::Any, at);
        }
        let builtin = host::function_by_kinds(name);
        counts.extend(builtin.iter().flat_map(|known| known.arity));
        if counts.is_empty() {
            self.unknown_function(name, at);
        } else if !counts.contains(&count) {
            self.arity(call, &counts, at);
        } else if let Some(known) = builtin {
            return self.builtin(known, call, at);
        }
        Abs::of(Kind::Any, at)
    }

    fn builtin(&mut self, known: &'static LanguageFunction, call: &FnCallExpr, at: Span) -> Abs {
        if let (Takes::Cell, Some((list, cell))) = (known.takes, call.args.split_first()) {
            let list = self.value(list);
            self.no_missing(&list);
            self.called_on(known.on, &list, list.span);
            self.cell(&list.kind.item(), cell);
            return Abs::of(known.gives.kind(&list.kind, &Kind::Any), at);
        }
        let args: Vec<Abs> = call.args.iter().map(|arg| self.expr(arg)).collect();
        let first = args.first().map_or(Kind::Any, |first| first.kind.clone());
        if let Some(receiver) = args.first() {
            self.called_on(known.on, receiver, receiver.span);
        }
        if !known.is_lowered() {
            return Abs::of(known.gives.kind(&first, &Kind::Any), at);
        }
        for arg in &args {
            self.operand(arg, false);
        }
        let same = args.iter().all(|arg| arg.kind == first);
        let kind = match known.gives {
            Gives::Kind(Kind::Any) | Gives::Same if same => first,
            Gives::Kind(Kind::Any) | Gives::Same => Kind::Number,
            Gives::Kind(_) | Gives::Item => Kind::Float,
        };
        let numbers = args.iter().all(|arg| arg.kind.is_number());
        let trees: Option<Vec<_>> = args.into_iter().map(|arg| arg.tree).collect();
        Abs::of(kind, at).lowered(trees.filter(|_| numbers).map(|trees| Node::Function(known, trees)))
    }

    /// Refuses a function called on what it is not for.
    pub(super) fn called_on(&mut self, on: &[Kind], receiver: &Abs, at: Span) {
        let known = !matches!(receiver.kind, Kind::Subject | Kind::Count(_));
        // A record has its fields and nothing else, though it can be written as a map.
        let fits = |kind: &Kind| receiver.kind.meets(kind) && !matches!(receiver.kind, Kind::Record(_));
        if known
            && !on.iter().any(fits)
            && let Some(wanted) = on.first()
        {
            self.wrong_type(wanted, &receiver.kind, at);
        }
    }

    pub(super) fn unknown_function(&mut self, name: &str, at: Span) {
        let own = self.unit.functions.keys().map(|(known, _)| known.as_str());
        let callable = host::function_names(|analysis| !matches!(analysis, Analysis::History(_)));
        let names: Vec<&str> = own.filter(|known| !known.contains('$')).chain(callable).collect();
        let nearest = crate::diag::nearest(name, names);
        let near = if nearest.is_some() { "yes" } else { "no" };
        let nearest = nearest.unwrap_or_default().to_owned();
        let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FUNCTION, at).with("name", name);
        let own = host::function_names(|analysis| matches!(analysis, Analysis::Own(_)));
        let listed = lang::list(own);
        self.report(problem.with("near", near).with("nearest", nearest).with("known", listed));
    }

    /// Refuses a call with another number of arguments than the `wanted` ones.
    pub(super) fn arity(&mut self, call: &FnCallExpr, wanted: &[usize], at: Span) {
        let wanted = wanted.iter().map(ToString::to_string).collect::<Vec<_>>().join("/");
        let problem = Diagnostic::new(codes::SCRIPT_ARITY, at).with("name", call.name.as_str());
        self.report(problem.with("wanted", wanted).with("got", call.args.len().to_string()));
    }

    /// Refuses the same of a call on a receiver, which `arity` counts; returns whether it fits.
    pub(super) fn fits_arity(&mut self, call: &FnCallExpr, arity: &[usize], at: Span) -> bool {
        let wanted: Vec<usize> = arity.iter().map(|count| count - 1).collect();
        let fits = wanted.contains(&call.args.len());
        if !fits {
            self.arity(call, &wanted, at);
        }
        fits
    }

    fn own(&mut self, own: OwnFunction, call: &FnCallExpr, at: Span) -> Abs {
        let needs_day = matches!(own, OwnFunction::DaysSince | OwnFunction::DaysUntil | OwnFunction::Within);
        if needs_day && !self.scope.dated {
            self.report(Diagnostic::new(codes::SCRIPT_NO_DAY, at).with("name", call.name.as_str()));
        }
        match own {
            OwnFunction::DaysSince => self.count(false, call, at),
            OwnFunction::DaysUntil => self.count(true, call, at),
            OwnFunction::Has => self.has(call, at),
            OwnFunction::Lookup => self.lookup(call, at),
            OwnFunction::Param => self.param(call, at),
            OwnFunction::Within => self.within(call, at),
        }
    }

    fn has(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let flag = Abs::of(Kind::Flag, at);
        if let Some(field) = self.field_named(&call.args[0]) {
            if !self.scope.records {
                self.expr(&call.args[0]);
                return flag;
            }
            let slot = self.found.slots.need(Slot::Has(field));
            return flag.lowered(Some(Node::Slot(slot)));
        }
        let asked = self.value(&call.args[0]);
        let tree = asked.tree.filter(|_| asked.kind != Kind::Day);
        flag.lowered(tree.map(Node::Has))
    }

    fn date(&mut self, call: &FnCallExpr) -> Abs {
        let date = self.expr(&call.args[0]);
        let direct = !self.scope.records || !date.fields.is_empty();
        if date.kind == Kind::Day && direct {
            self.no_missing(&date);
        } else if date.kind != Kind::Any || self.scope.records {
            self.wrong_type(&Kind::Day, &date.kind, date.span);
        }
        date
    }

    fn within(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let date = self.date(call);
        let length = self.expr(&call.args[1]);
        let period = self.period(&length);
        let period = period.filter(|_| date.kind == Kind::Day);
        let node = period.and_then(|period| self.truth(&date, |field| Slot::Within(field, period)));
        Abs::of(Kind::Flag, at).lowered(node)
    }

    fn count(&mut self, until: bool, call: &FnCallExpr, at: Span) -> Abs {
        let date = self.date(call);
        Abs { fields: date.fields, ..Abs::of(Kind::Count(until), at) }
    }

    /// Walks `days_since(date) > 90`: the truth of the whole comparison is one input.
    pub(super) fn count_compared(&mut self, sign: Comparison, count: &Abs, bound: &Abs) -> Option<Node> {
        let Kind::Count(until) = count.kind else { return None };
        let bound = match &bound.literal {
            Some(Val::Integer(number)) => float(*number),
            Some(Val::Float(number)) => *number,
            _ => {
                self.no_count(count);
                return None;
            }
        };
        let span = |field| DaySpan { field, until };
        self.truth(count, |field| Slot::Days(span(field), sign, bound))
    }

    /// Makes the inputs that a time function reads of a date; the tree has it of one field.
    fn truth(&mut self, date: &Abs, slot: impl Fn(SubjectField) -> Slot) -> Option<Node> {
        if !self.scope.records {
            return None;
        }
        let slots: Vec<usize> = date.fields.iter().map(|field| self.found.slots.need(slot(*field))).collect();
        if let [only] = slots[..] { Some(Node::Truth(only)) } else { None }
    }

    /// Returns a text that must be written out.
    pub(super) fn literal_text(&mut self, abs: &Abs) -> Option<String> {
        if let Some(Val::Text(text)) = &abs.literal {
            return Some(text.to_string());
        }
        self.flag(codes::SCRIPT_NOT_LITERAL, abs.span);
        None
    }

    fn lookup(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let name = self.expr(&call.args[0]);
        let key = self.value(&call.args[1]);
        if !key.kind.is_text() && key.kind != Kind::Any {
            self.wrong_type(&Kind::Text, &key.kind, key.span);
        }
        let Some(id) = self.literal_text(&name) else { return Abs::of(Kind::Any, at) };
        let Some(table) = self.policy.tables.iter().position(|table| table.id == id) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_TABLE, name.span).with("table", id.as_str());
            self.report(problem.with_nearest(&id, self.policy.tables.iter().map(|table| table.id.as_str())));
            return Abs::of(Kind::Any, at);
        };
        let missing = key.missing || !self.holds_every(table, &key);
        let node = key.tree.map(|key| Node::Row(table, key));
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
