//! `a.b.c(d)`: fields of the subject, its history, columns, records and lists.

use std::sync::Arc;

use rhai::{ASTFlags, Expr, FnCallExpr, Position};
use strum::IntoEnumIterator as _;

use crate::calendar::{Length, Unit};
use crate::diag::{Diagnostic, Span, codes};
use crate::policy::{AttributeKind, Cell, LevelIx, TableRow};
use crate::rules::host::{self, Analysis, HistoryQuestion, LanguageFunction, Takes};
use crate::rules::kind::Kind;
use crate::rules::slot::{Slot, SubjectField};
use crate::rules::tree::Node;

use super::abs::Abs;
use super::{Certainty, Walk};

/// What stands before a dot or a bracket, with its text.
struct ChainReceiver {
    abs: Abs,
    text: String,
}

impl Walk<'_> {
    /// Walks `receiver.rest`.
    pub(super) fn dot(&mut self, receiver: &Expr, rest: &Expr) -> Abs {
        let abs = self.receiver(receiver);
        let text = self.unit.text_of(receiver).to_owned();
        self.chain(ChainReceiver { abs, text }, rest)
    }

    /// Walks what stands after a dot.
    fn chain(&mut self, receiver: ChainReceiver, rest: &Expr) -> Abs {
        match rest {
            Expr::Property(named, position) => self.property(&receiver.abs, named.2.as_str(), *position),
            Expr::MethodCall(call, position) | Expr::FnCall(call, position) => {
                self.method(receiver, call, *position)
            }
            Expr::Dot(pair, ..) => {
                let first = self.link(receiver, &pair.lhs);
                self.chain(first, &pair.rhs)
            }
            Expr::Index(pair, flags, _) => {
                let first = self.link(receiver, &pair.lhs);
                self.indexed(&first, &pair.rhs, *flags)
            }
            other => self.expr(other),
        }
    }

    /// Walks one link of a chain, which receives what follows it.
    fn link(&mut self, receiver: ChainReceiver, next: &Expr) -> ChainReceiver {
        let before = receiver.text.clone();
        let abs = self.chain(receiver, next);
        ChainReceiver { abs, text: format!("{before}.{}", self.unit.text_of(next)) }
    }

    /// Walks `list[at]` and `record["name"]`.
    pub(super) fn index(&mut self, list: &Expr, at: &Expr, flags: ASTFlags) -> Abs {
        let abs = self.receiver(list);
        let text = self.unit.text_of(list).to_owned();
        self.indexed(&ChainReceiver { abs, text }, at, flags)
    }

    /// Walks what stands in brackets, and what follows them: the tree hangs both on one branch.
    fn indexed(&mut self, receiver: &ChainReceiver, at: &Expr, flags: ASTFlags) -> Abs {
        let (Expr::Dot(pair, ..) | Expr::Index(pair, ..)) = at else { return self.item(&receiver.abs, at) };
        if flags.contains(ASTFlags::BREAK) {
            return self.item(&receiver.abs, at);
        }
        let abs = self.item(&receiver.abs, &pair.lhs);
        let item =
            ChainReceiver { abs, text: format!("{}[{}]", receiver.text, self.unit.text_of(&pair.lhs)) };
        match at {
            Expr::Index(_, next, _) => self.indexed(&item, &pair.rhs, *next),
            _ => self.chain(item, &pair.rhs),
        }
    }

    fn item(&mut self, receiver: &Abs, at: &Expr) -> Abs {
        if let Expr::StringConstant(name, position) = at {
            return self.property(receiver, name.as_str(), *position);
        }
        self.whole(receiver);
        self.no_subject(receiver);
        self.used(at);
        Abs::of(receiver.kind.item(), receiver.span)
    }

    fn property(&mut self, receiver: &Abs, name: &str, position: Position) -> Abs {
        let at = self.unit.word(position);
        let field = matches!(receiver.kind, Kind::Record(_)).then(|| name.to_owned());
        self.read.extend(receiver.root.map(|root| (root, field)));
        match &receiver.kind {
            Kind::Subject => self.field(name, at),
            Kind::Row(table) => {
                let Some(column) = self.column(*table, name, at) else { return Abs::of(Kind::Any, at) };
                let node = receiver.tree.clone().map(|row| Node::Cell(*table, name.to_owned(), row));
                let missing = column.missing || receiver.missing;
                column.may_miss(missing).lowered(node)
            }
            Kind::Record(fields) => {
                if let Some((_, kind)) = fields.iter().find(|(known, _)| known == name) {
                    return Abs::of(kind.clone(), at);
                }
                let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FIELD, at).with("field", name);
                self.report(problem.with_nearest(name, fields.iter().map(|(known, _)| known.as_str())));
                Abs::of(Kind::Any, at)
            }
            Kind::Any | Kind::Map => Abs::of(Kind::Any, at),
            other => {
                let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FIELD, at).with("field", name);
                self.report(problem.with("near", "no").with("known", "").with("kind", other.word()));
                Abs::of(Kind::Any, at)
            }
        }
    }

    fn field(&mut self, name: &str, at: Span) -> Abs {
        let Some(field) = SubjectField::find(self.policy, name) else {
            let known = SubjectField::iter().map(|known| known.into_str());
            let declared = self.policy.attributes.iter().flat_map(|a| [a.id.as_str(), a.title.as_str()]);
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_ATTRIBUTE, at).with("attribute", name);
            let names = declared.chain(known).chain(history_names()).collect::<Vec<_>>();
            self.report(problem.with_nearest(name, names));
            return Abs::of(Kind::Any, at);
        };
        let mut abs = Abs::of(field.kind(self.policy), at).may_miss(field.may_be_missing(self.policy));
        abs.fields = vec![field];
        abs.missing &= !self.is_certain(&abs, "");
        if !self.scope.records {
            return abs;
        }
        if abs.kind == Kind::Day {
            self.found.slots.need(Slot::Has(field));
            return abs;
        }
        let slot = self.found.slots.need(Slot::Raw(field));
        abs.lowered(Some(Node::Slot(slot)))
    }

    /// Returns the field an expression reads, without walking it.
    pub(super) fn field_named(&self, expr: &Expr) -> Option<SubjectField> {
        match expr {
            Expr::Dot(pair, ..) => match (&pair.lhs, &pair.rhs) {
                (Expr::Variable(named, ..), Expr::Property(property, _)) => {
                    let var = self.env.iter().rfind(|var| var.name == named.1.as_str())?;
                    let of_subject = var.abs.kind == Kind::Subject;
                    of_subject.then(|| SubjectField::find(self.policy, property.2.as_str())).flatten()
                }
                _ => None,
            },
            Expr::Variable(named, ..) => {
                let var = self.env.iter().rfind(|var| var.name == named.1.as_str())?;
                match var.abs.fields[..] {
                    [field] if var.abs.kind == Kind::Day => Some(field),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// Walks a column of a row; none when the table has no such column.
    fn column(&mut self, table: usize, name: &str, at: Span) -> Option<Abs> {
        let known = &self.policy.tables[table];
        if name == known.key {
            return Some(Abs::of(Kind::Text, at));
        }
        let Some(column) = known.columns.iter().position(|(column, _)| column == name) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_COLUMN, at).with("column", name);
            let names = known.columns.iter().map(|(column, _)| column.as_str()).chain([known.key.as_str()]);
            let names = names.collect::<Vec<_>>();
            self.report(problem.with("table", known.id.clone()).with_nearest(name, names));
            return None;
        };
        let is_empty = |row: &TableRow| matches!(row.cells.get(column), None | Some(Cell::Missing));
        let empty = known.rows.values().any(is_empty);
        Some(Abs::of(Kind::of_cell(known.columns[column].1), at).may_miss(empty))
    }

    /// Returns whether a table surely holds every value of a key.
    pub(super) fn holds_every(&self, table: usize, key: &Abs) -> bool {
        let [SubjectField::Attribute(at)] = key.fields[..] else { return false };
        let table = &self.policy.tables[table];
        match &self.policy.attributes[at.ix()].kind {
            AttributeKind::Code { table: id } => *id == table.id,
            AttributeKind::Choice { of } => of.iter().all(|word| table.find(word).is_some()),
            AttributeKind::Text
            | AttributeKind::Flag
            | AttributeKind::Integer { .. }
            | AttributeKind::Length
            | AttributeKind::Decimal { .. }
            | AttributeKind::Date => false,
        }
    }

    fn method(&mut self, receiver: ChainReceiver, call: &FnCallExpr, position: Position) -> Abs {
        let at = self.unit.word(position);
        let ChainReceiver { abs: receiver, text } = receiver;
        self.whole(&receiver);
        let name = call.name.as_str();
        let asks_history = history_names().any(|known| known == name);
        if receiver.kind == Kind::Subject || (receiver.kind == Kind::Any && asks_history) {
            return self.history(call, at);
        }
        self.no_count(&receiver);
        let receiver = self.raw(receiver);
        let Some(known) = host::function_by_kinds(name) else {
            call.args.iter().for_each(|arg| self.used(arg));
            self.unknown_function(name, at);
            return Abs::of(Kind::Any, at);
        };
        self.fits_arity(call, known.arity, at);
        self.no_missing(&receiver);
        self.called_on(known.on, &receiver, at);
        if name == "all" && !self.certain.contains(&Certainty::Filled(text.clone())) {
            self.report(Diagnostic::new(codes::SCRIPT_ALL_OF_NONE, at).with("list", text));
        }
        if known.takes == Takes::Cell {
            self.cell(&receiver.kind.item(), &call.args);
        } else {
            for arg in &call.args {
                self.argument(known.takes, &receiver, arg);
            }
        }
        Abs::of(known.gives.kind(&receiver.kind, &receiver.kind.item()), at)
    }

    /// Walks the column of the rows of a list, which is written out, and what is to stand there.
    pub(super) fn cell(&mut self, row: &Kind, args: &[Expr]) {
        let [column, wanted] = args else { return };
        let (column, value) = (self.value(column), self.value(wanted));
        let (Some(name), Kind::Record(fields)) = (self.literal_text(&column), row) else { return };
        if let Some((_, kind)) = fields.iter().find(|(known, _)| *known == name) {
            self.comparable(&Abs::of(kind.clone(), column.span), &value, wanted);
        } else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FIELD, column.span).with("field", &name);
            self.report(problem.with_nearest(&name, fields.iter().map(|(known, _)| known.as_str())));
        }
        self.raw(value);
    }

    /// Walks an argument after the receiver.
    fn argument(&mut self, takes: Takes, receiver: &Abs, arg: &Expr) {
        let abs = self.value(arg);
        if let Kind::Lambda(lambda) = &abs.kind {
            self.lambda(&lambda.clone(), &receiver.kind, takes);
        } else {
            match takes {
                Takes::Part | Takes::PartOrItem if receiver.kind.is_text() => {
                    self.called_on(&[Kind::Text], &abs, abs.span);
                }
                Takes::PartOrItem => self.comparable(&Abs::of(receiver.kind.item(), abs.span), &abs, arg),
                Takes::Any | Takes::Part | Takes::Cell | Takes::Condition | Takes::Fold | Takes::Order => {}
            }
        }
        self.raw(abs);
    }

    /// Walks a lambda, which sees its own parameters and nothing else.
    pub(super) fn lambda(&mut self, name: &str, over: &Kind, takes: Takes) {
        let found = self.unit.functions.iter().find(|((known, _), _)| known == name);
        let Some(function) = found.map(|(_, function)| Arc::clone(function)) else { return };
        let (names, floor) = (self.env.len(), self.floor);
        self.floor = names;
        for (at, param) in function.params.iter().enumerate() {
            let is_item = match takes {
                Takes::Fold => at == 1,
                Takes::Order => at <= 1,
                Takes::Any | Takes::Part | Takes::PartOrItem | Takes::Cell | Takes::Condition => at == 0,
            };
            let kind = if is_item { over.item() } else { Kind::Any };
            self.bind(param, Abs::of(kind, self.unit.span));
        }
        let span = self.unit.body(&function);
        let flow = self.block(&function.body, span);
        if takes == Takes::Condition && flow.abs.kind != Kind::Flag && flow.abs.kind != Kind::Any {
            let problem = Diagnostic::new(codes::SCRIPT_NOT_A_CONDITION, flow.abs.span);
            self.report(problem.with("kind", flow.abs.kind.word()));
        }
        self.env.truncate(names);
        self.floor = floor;
    }

    /// Walks `subject.problems(…)` and its like.
    fn history(&mut self, call: &FnCallExpr, at: Span) -> Abs {
        let name = call.name.as_str();
        let args: Vec<Abs> = call.args.iter().map(|arg| self.expr(arg)).collect();
        let Some(LanguageFunction { arity, analysis: Analysis::History(question), .. }) =
            host::function(name)
        else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FUNCTION, at).with("name", name);
            self.report(problem.with_nearest(name, history_names()));
            return Abs::of(Kind::Any, at);
        };
        if !self.fits_arity(call, arity, at) {
            return Abs::of(Kind::Integer, at);
        }
        let period = self.period(&args[0]);
        let slot = match question {
            HistoryQuestion::OverdueCount => period.map(Slot::OverdueCount),
            HistoryQuestion::Problems => {
                let level = self.level(&args[1]);
                period.zip(level).map(|(period, level)| Slot::Problems(period, level))
            }
        };
        let node = slot.filter(|_| self.scope.records).map(|slot| Node::Slot(self.found.slots.need(slot)));
        Abs::of(Kind::Integer, at).lowered(node)
    }

    /// Reads a period that is written out.
    pub(super) fn period(&mut self, abs: &Abs) -> Option<Length> {
        let text = self.literal_text(abs)?;
        match text.parse::<Length>() {
            Ok(period) if period.count > 0 && !matches!(period.unit, Unit::WorkDays | Unit::Hours) => {
                Some(period)
            }
            _ => {
                let problem = Diagnostic::new(codes::SCRIPT_NOT_A_PERIOD, abs.span);
                self.report(problem.with("text", text));
                None
            }
        }
    }

    fn level(&mut self, abs: &Abs) -> Option<LevelIx> {
        let text = self.literal_text(abs)?;
        let found = self.policy.levels.iter().position(|level| *level == text);
        if found.is_none() {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_LEVEL, abs.span).with("level", text.as_str());
            self.report(problem.with_nearest(&text, self.policy.levels.iter().map(String::as_str)));
        }
        found.and_then(|at| u16::try_from(at).ok()).map(LevelIx)
    }
}

fn history_names<'a>() -> impl Iterator<Item = &'a str> {
    host::function_names(|analysis| matches!(analysis, Analysis::History(_)))
}
