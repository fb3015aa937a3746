//! `a.b.c(d)`: fields of the subject, its history, columns, records and lists.

use rhai::{ASTFlags, Expr, FnCallExpr, Position};

use crate::calendar::{Length, Unit};
use crate::diag::{Diagnostic, Span, codes};
use crate::policy::{AttributeKind, Cell, LevelIx};
use crate::rules::known::{self, Gives, On};
use crate::rules::slot::{Field, Slot};
use crate::rules::tree::Node;
use crate::rules::value::Val;

use super::kind::{self, Abs, Kind};
use super::{Certain, Walk};

impl Walk<'_> {
    /// Walks what stands after a dot; `text` is the receiver's own text.
    pub(super) fn chain(&mut self, receiver: Abs, text: &str, rest: &Expr) -> Abs {
        match rest {
            Expr::Property(named, position) => self.property(&receiver, named.2.as_str(), *position),
            Expr::MethodCall(call, position) | Expr::FnCall(call, position) => {
                self.method(receiver, text, call, *position)
            }
            Expr::Dot(pair, ..) => {
                let first = self.chain(receiver, text, &pair.lhs);
                let so_far = self.text_up_to(text, &pair.lhs);
                self.chain(first, &so_far, &pair.rhs)
            }
            Expr::Index(pair, flags, _) => {
                let first = self.chain(receiver, text, &pair.lhs);
                let so_far = self.text_up_to(text, &pair.lhs);
                self.indexed(&first, &so_far, &pair.rhs, *flags)
            }
            other => self.expr(other),
        }
    }

    fn text_up_to(&self, text: &str, next: &Expr) -> String {
        format!("{text}.{}", self.unit.text_of(next))
    }

    /// Walks `list[at]` and `record["name"]`.
    pub(super) fn index(&mut self, list: &Expr, at: &Expr, flags: ASTFlags) -> Abs {
        let receiver = self.receiver(list);
        let text = self.unit.text_of(list).to_owned();
        self.indexed(&receiver, &text, at, flags)
    }

    /// Walks what stands in brackets, and what follows them: the tree hangs both on one branch.
    fn indexed(&mut self, receiver: &Abs, text: &str, at: &Expr, flags: ASTFlags) -> Abs {
        match at {
            Expr::Dot(pair, ..) if !flags.contains(ASTFlags::BREAK) => {
                let item = self.item(receiver, &pair.lhs);
                let so_far = format!("{text}[{}]", self.unit.text_of(&pair.lhs));
                self.chain(item, &so_far, &pair.rhs)
            }
            Expr::Index(pair, next, _) if !flags.contains(ASTFlags::BREAK) => {
                let item = self.item(receiver, &pair.lhs);
                let so_far = format!("{text}[{}]", self.unit.text_of(&pair.lhs));
                self.indexed(&item, &so_far, &pair.rhs, *next)
            }
            at => self.item(receiver, at),
        }
    }

    fn item(&mut self, receiver: &Abs, at: &Expr) -> Abs {
        if let Expr::StringConstant(name, position) = at {
            return self.property(receiver, name.as_str(), *position);
        }
        self.whole(receiver);
        self.no_subject(receiver);
        self.used(at);
        item_of(receiver)
    }

    fn property(&mut self, receiver: &Abs, name: &str, position: Position) -> Abs {
        let at = self.unit.word(position);
        let field = matches!(receiver.kind, Kind::Record(_)).then(|| name.to_owned());
        self.read.extend(receiver.root.map(|root| (root, field)));
        match &receiver.kind {
            Kind::Subject => self.field(name, at),
            Kind::Row(table) => self.column(*table, receiver, name, at),
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
        let Some(field) = Field::find(self.policy, name) else {
            let known = Field::BUILT_IN.iter().map(|(_, known)| *known);
            let declared = self.policy.attributes.iter().flat_map(|a| [a.id.as_str(), a.title.as_str()]);
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_ATTRIBUTE, at).with("attribute", name);
            let history = known::HISTORY.iter().map(|(known, _)| *known);
            let names = declared.chain(known).chain(history).collect::<Vec<_>>();
            self.report(problem.with_nearest(name, names));
            return Abs::of(Kind::Any, at);
        };
        let kind = kind::of_field(self.policy, field);
        let mut abs = Abs::of(kind, at).may_miss(field.may_be_missing(self.policy));
        abs.fields = vec![field];
        abs.missing &= !self.is_certain(&abs, "");
        if !self.records {
            return abs;
        }
        if abs.kind == Kind::Day {
            self.slots.need(Slot::Has(field));
            return abs;
        }
        let slot = self.slots.need(Slot::Raw(field));
        abs.lowered(Some(Node::Slot(slot)))
    }

    /// Returns the field an expression reads, without walking it.
    pub(super) fn field_named(&self, expr: &Expr) -> Option<Field> {
        match expr {
            Expr::Dot(pair, ..) => match (&pair.lhs, &pair.rhs) {
                (Expr::Variable(named, ..), Expr::Property(property, _)) => {
                    let var = self.env.iter().rfind(|var| var.name == named.1.as_str())?;
                    let of_subject = var.abs.kind == Kind::Subject;
                    of_subject.then(|| Field::find(self.policy, property.2.as_str())).flatten()
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

    fn column(&mut self, table: usize, row: &Abs, name: &str, at: Span) -> Abs {
        let known = &self.policy.tables[table];
        if name == known.key {
            let node = row.tree.clone().map(|row| Node::Cell(table, name.to_owned(), row));
            return Abs::of(Kind::Text, at).may_miss(row.missing).lowered(node);
        }
        let Some(column) = known.columns.iter().position(|(column, _)| column == name) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_COLUMN, at).with("column", name);
            let names = known.columns.iter().map(|(column, _)| column.as_str()).chain([known.key.as_str()]);
            let names = names.collect::<Vec<_>>();
            self.report(problem.with("table", known.id.clone()).with_nearest(name, names));
            return Abs::of(Kind::Any, at);
        };
        let empty =
            known.rows.values().any(|row| matches!(row.cells.get(column), None | Some(Cell::Missing)));
        let node = row.tree.clone().map(|row| Node::Cell(table, name.to_owned(), row));
        Abs::of(kind::of_cell(known.columns[column].1), at).may_miss(row.missing || empty).lowered(node)
    }

    /// Returns whether a table surely holds every value of a key.
    pub(super) fn holds_every(&self, table: usize, key: &Abs) -> bool {
        let [Field::Attribute(at)] = key.fields[..] else { return false };
        let table = &self.policy.tables[table];
        match &self.policy.attributes[at.ix()].kind {
            AttributeKind::Code { table: id } => *id == table.id,
            AttributeKind::Choice { of } => of.iter().all(|word| table.find(word).is_some()),
            _ => false,
        }
    }

    fn method(&mut self, receiver: Abs, text: &str, call: &FnCallExpr, position: Position) -> Abs {
        let at = self.unit.word(position);
        self.whole(&receiver);
        let asks_history = known::HISTORY.iter().any(|(known, _)| *known == call.name.as_str());
        if receiver.kind == Kind::Subject || (receiver.kind == Kind::Any && asks_history) {
            return self.history(call, at);
        }
        self.no_count(&receiver);
        let receiver = self.raw(receiver);
        let name = call.name.as_str();
        let Some(known) = known::function(name) else {
            call.args.iter().for_each(|arg| self.used(arg));
            self.unknown_function(name, at);
            return Abs::of(Kind::Any, at);
        };
        if !known.counts.contains(&(call.args.len() + 1)) {
            let wanted =
                known.counts.iter().map(|count| (count - 1).to_string()).collect::<Vec<_>>().join("/");
            self.arity(name, &wanted, call.args.len(), at);
        }
        self.no_missing(&receiver);
        self.called_on(known.on, &receiver, at);
        let sure = Certain::Filled(text.to_owned());
        if name == "all" && !self.certain.contains(&sure) {
            self.report(Diagnostic::new(codes::SCRIPT_ALL_OF_NONE, at).with("list", text));
        }
        let item = if let Kind::List(item) = &receiver.kind { (**item).clone() } else { Kind::Any };
        for arg in &call.args {
            let abs = self.expr(arg);
            self.no_subject(&abs);
            self.no_count(&abs);
            match &abs.kind {
                Kind::Lambda(lambda) => self.lambda(&lambda.clone(), &item, &receiver.kind, name),
                _ if receiver.kind.is_text() && known::PART_OF_TEXT.contains(&name) => {
                    self.called_on(&[On::Text], &abs, abs.span);
                }
                _ if matches!(name, "contains" | "index_of") => {
                    self.comparable(&Abs::of(item.clone(), at), &abs, arg);
                }
                _ => {}
            }
            self.raw(abs);
        }
        Abs::of(given(known.gives, &receiver.kind, &item), at)
    }

    /// Walks a lambda, which sees its own parameters and nothing else.
    pub(super) fn lambda(&mut self, name: &str, item: &Kind, list: &Kind, method: &str) {
        let found = self.unit.functions.iter().find(|((known, _), _)| known == name);
        let Some(function) = found.map(|(_, function)| std::sync::Arc::clone(function)) else { return };
        let (names, floor) = (self.env.len(), self.floor);
        self.floor = names;
        for (at, param) in function.params.iter().enumerate() {
            let is_item = match method {
                "reduce" => at == 1,
                "sort" => at <= 1,
                _ => at == 0,
            };
            let kind = if is_item && matches!(list, Kind::List(_)) { item.clone() } else { Kind::Any };
            let abs = Abs::of(kind, self.unit.span);
            self.bind(param, abs);
        }
        let span = self.unit.body(&function);
        let flow = self.block(&function.body, span);
        if matches!(method, "filter" | "all" | "some" | "find" | "retain" | "drain")
            && flow.abs.kind != Kind::Flag
            && flow.abs.kind != Kind::Any
        {
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
        let Some((_, count)) = known::HISTORY.iter().find(|(known, _)| *known == name) else {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_FUNCTION, at).with("name", name);
            self.report(problem.with_nearest(name, known::HISTORY.iter().map(|(known, _)| *known)));
            return Abs::of(Kind::Any, at);
        };
        if args.len() != *count {
            self.arity(name, &count.to_string(), args.len(), at);
            return Abs::of(Kind::Integer, at);
        }
        let period = self.period(&args[0]);
        let slot = match args.get(1) {
            None => period.map(Slot::OverdueCount),
            Some(level) => {
                let level = self.level(level);
                period.zip(level).map(|(period, level)| Slot::Problems(period, level))
            }
        };
        let node = slot.filter(|_| self.records).map(|slot| Node::Slot(self.slots.need(slot)));
        Abs::of(Kind::Integer, at).lowered(node)
    }

    /// Reads a period that is written out.
    pub(super) fn period(&mut self, abs: &Abs) -> Option<Length> {
        let Some(Val::Text(text)) = &abs.literal else {
            self.flag(codes::SCRIPT_NOT_LITERAL, abs.span);
            return None;
        };
        match text.parse::<Length>() {
            Ok(period) if period.count > 0 && !matches!(period.unit, Unit::WorkDays | Unit::Hours) => {
                Some(period)
            }
            _ => {
                let problem = Diagnostic::new(codes::SCRIPT_NOT_A_PERIOD, abs.span);
                self.report(problem.with("text", text.as_ref()));
                None
            }
        }
    }

    fn level(&mut self, abs: &Abs) -> Option<LevelIx> {
        let Some(Val::Text(text)) = &abs.literal else {
            self.flag(codes::SCRIPT_NOT_LITERAL, abs.span);
            return None;
        };
        let found = self.policy.levels.iter().position(|level| **level == **text);
        if found.is_none() {
            let problem = Diagnostic::new(codes::SCRIPT_UNKNOWN_LEVEL, abs.span).with("level", text.as_ref());
            self.report(problem.with_nearest(text, self.policy.levels.iter().map(String::as_str)));
        }
        found.and_then(|at| u16::try_from(at).ok()).map(LevelIx)
    }
}

fn item_of(list: &Abs) -> Abs {
    let kind = if let Kind::List(item) = &list.kind { (**item).clone() } else { Kind::Any };
    Abs::of(kind, list.span)
}

pub(super) fn given(gives: Gives, first: &Kind, item: &Kind) -> Kind {
    match gives {
        Gives::Flag => Kind::Flag,
        Gives::Integer => Kind::Integer,
        Gives::Float => Kind::Float,
        Gives::Text => Kind::Text,
        Gives::Same => first.clone(),
        Gives::Item => item.clone(),
        Gives::List => Kind::list(Kind::Any),
        Gives::Nothing => Kind::Nothing,
        Gives::Any => Kind::Any,
    }
}
