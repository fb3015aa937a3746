//! Statements: what they bind, what becomes certain after them, and where they end a function.

use rhai::{
    ASTFlags, BinaryExpr, Expr, FlowControl, OpAssignment, Position, Stmt, StmtBlock, SwitchCasesCollection,
};

use crate::diag::{Diagnostic, Span, codes};
use crate::rules::kind::Kind;
use crate::rules::tree::{Node, Tree};

use super::abs::Abs;
use super::{Certainty, Walk};

/// A statement's value, and whether nothing after it is reached.
pub(super) struct Flow {
    pub(super) abs: Abs,
    pub(super) ended: bool,
}

impl Flow {
    const fn on(abs: Abs) -> Self {
        Self { abs, ended: false }
    }
}

impl Walk<'_> {
    /// Walks statements with a scope of their own.
    pub(super) fn block(&mut self, statements: &[Stmt], span: Span) -> Flow {
        let (names, certain) = (self.env.len(), self.certain.clone());
        let mut trees: Vec<Option<Tree>> = Vec::new();
        let mut last = Abs::of(Kind::Nothing, span).lowered(Some(Node::Block(Vec::new())));
        let mut ended = false;
        for statement in statements {
            let flow = self.statement(statement);
            ended |= flow.ended;
            trees.push(flow.abs.tree.clone());
            last = flow.abs;
        }
        self.env.truncate(names);
        self.certain = certain;
        let node = trees.into_iter().collect::<Option<_>>().map(Node::Block);
        let place = if matches!(last.kind, Kind::Nothing) { span } else { last.span };
        let tree = node.map(|node| Tree { node: Box::new(node), span: place });
        Flow { abs: Abs { tree, span: place, ..last }, ended }
    }

    fn statement(&mut self, statement: &Stmt) -> Flow {
        let at = self.unit.word(statement.position());
        if !self.step() {
            return Flow::on(Abs::of(Kind::Any, at));
        }
        match statement {
            Stmt::Noop(_) => Flow::on(nothing(at)),
            Stmt::Expr(expr) => Flow::on(self.expr(expr)),
            Stmt::FnCall(call, position) => Flow::on(self.call(call, *position)),
            Stmt::If(flow, _) => self.choice(flow, at),
            Stmt::Block(block) => self.block(block.statements(), at),
            Stmt::Var(declared, ..) => self.declare(&declared.0.name, &declared.1, at),
            Stmt::Assignment(assigned) => {
                let (operator, sides) = &**assigned;
                self.assign(operator, sides, at)
            }
            Stmt::Return(value, flags, position) => {
                if flags.contains(ASTFlags::BREAK) {
                    self.forbidden("throw", *position);
                }
                self.give_back(value.as_deref(), at)
            }
            Stmt::Switch(cases, position) => Flow::on(self.switch(&cases.0, &cases.1, *position)),
            Stmt::While(flow, _) | Stmt::Do(flow, ..) => {
                if !matches!(flow.expr, Expr::Unit(_)) {
                    self.condition(&flow.expr);
                }
                self.looped(flow, at);
                Flow::on(Abs::of(Kind::Any, at))
            }
            Stmt::For(each, _) => {
                let (name, counter, flow) = &**each;
                let of = self.expr(&flow.expr);
                self.no_subject(&of);
                let names = self.env.len();
                self.bind(&name.name, Abs::of(of.kind.item(), at));
                if let Some(counter) = counter {
                    self.bind(&counter.name, Abs::of(Kind::Integer, at));
                }
                self.looped(flow, at);
                self.env.truncate(names);
                Flow::on(Abs::of(Kind::Any, at))
            }
            Stmt::TryCatch(flow, position) => {
                self.forbidden("try", *position);
                self.block(flow.body.statements(), at);
                Flow::on(Abs::of(Kind::Any, at))
            }
            Stmt::BreakLoop(value, ..) => {
                if let Some(value) = value {
                    self.expr(value);
                }
                Flow::on(Abs::of(Kind::Any, at))
            }
            _ => Flow::on(Abs::of(Kind::Any, at)),
        }
    }

    /// Walks a loop's body twice, because the second round sees what the first assigned.
    fn looped(&mut self, flow: &FlowControl, at: Span) {
        for _ in 0..2 {
            self.block(flow.body.statements(), at);
        }
    }

    fn choice(&mut self, flow: &FlowControl, at: Span) -> Flow {
        let when = self.condition(&flow.expr);
        let (yes, no) = self.certain_by(&flow.expr);
        let then = self.branch(&flow.body, &yes, at);
        let has_else = !flow.branch.is_empty() || !flow.branch.position().is_none();
        let otherwise = self.branch(&flow.branch, &no, at);
        // What follows is reached only the other way when one way ends the function.
        if then.ended {
            self.certain.extend(no);
        } else if has_else && otherwise.ended {
            self.certain.extend(yes);
        }
        let ways = then.abs.tree.clone().zip(otherwise.abs.tree.clone());
        let node = when.tree.zip(ways).map(|(when, (then, otherwise))| Node::If(when, then, otherwise));
        let ended = then.ended && otherwise.ended;
        let abs = match (then.ended, otherwise.ended) {
            (true, false) => otherwise.abs,
            (false, true) => then.abs,
            _ => then.abs.joined(otherwise.abs),
        };
        let span = abs.span;
        let tree = node.map(|node| Tree { node: Box::new(node), span });
        Flow { abs: Abs { tree, ..abs }, ended }
    }

    fn branch(&mut self, block: &StmtBlock, certain: &[Certainty], or: Span) -> Flow {
        let before = self.certain.len();
        self.certain.extend_from_slice(certain);
        let place = if block.position().is_none() { or } else { self.unit.word(block.position()) };
        let flow = self.block(block.statements(), place);
        self.certain.truncate(before);
        flow
    }

    fn declare(&mut self, name: &str, value: &Expr, at: Span) -> Flow {
        let value =
            if matches!(value, Expr::Unit(_)) { nothing(at).may_miss(true) } else { self.expr(value) };
        self.only_value(&value);
        let tree = self.bind(name, value);
        Flow::on(Abs { tree, ..Abs::of(Kind::Nothing, at) })
    }

    fn assign(&mut self, operator: &OpAssignment, sides: &BinaryExpr, at: Span) -> Flow {
        let target = &sides.lhs;
        let value = self.value(&sides.rhs);
        let Expr::Variable(named, ..) = target else {
            let whole = self.expr(target);
            if whole.kind == Kind::Any || !whole.fields.is_empty() {
                self.forbidden("=", target.position());
            }
            return Flow::on(Abs::of(Kind::Nothing, at));
        };
        let name = named.1.as_str();
        let before = self.variable(name, target.position());
        // `+=` and its like combine it with the variable.
        let value = match operator.get_op_assignment_info().map(|(.., sign)| sign.parse()) {
            None => value,
            Some(Ok(sign)) => self.arithmetic(sign, [before, value], at),
            Some(Err(_)) => Abs::of(Kind::Any, at),
        };
        let Some(var) = self.env.iter_mut().rev().find(|var| var.name == name) else {
            return Flow::on(Abs::of(Kind::Nothing, at));
        };
        let set = value.tree.clone().zip(var.local).map(|(tree, local)| Node::Set(local, tree));
        let kept = Abs { tree: None, literal: None, ways: Vec::new(), ..value };
        // Whether this assignment runs may hang on a condition, so both values stay possible.
        var.abs = if matches!(var.abs.kind, Kind::Nothing) { kept } else { var.abs.clone().joined(kept) };
        var.abs.literal = None;
        var.abs.ways.clear();
        Flow::on(Abs::of(Kind::Nothing, at).lowered(set))
    }

    fn give_back(&mut self, value: Option<&Expr>, at: Span) -> Flow {
        let abs = value.map_or_else(|| nothing(at), |value| self.expr(value));
        self.only_value(&abs);
        let node = abs.tree.clone().map(Node::Return);
        let span = abs.span;
        if let Some(open) = self.returns.last_mut() {
            open.push(abs);
        }
        let tree = node.map(|node| Tree { node: Box::new(node), span });
        Flow { abs: Abs { tree, ..Abs::of(Kind::Nothing, span) }, ended: true }
    }

    fn switch(&mut self, on: &Expr, cases: &SwitchCasesCollection, at: Position) -> Abs {
        let place = self.unit.word(at);
        let on = self.expr(on);
        self.no_subject(&on);
        let certain =
            matches!(on.kind, Kind::Text | Kind::Word(_) | Kind::Integer | Kind::Flag) && !on.missing;
        if !certain {
            self.flag(codes::SCRIPT_SWITCH, on.span);
        }
        let numbers = !cases.ranges.is_empty();
        if numbers && certain && !on.kind.is_number() {
            self.types_differ(&on.kind, &Kind::Integer, on.span);
        }
        self.switch_labels(&on, at);
        let mut answer: Option<Abs> = None;
        for arm in &cases.expressions {
            self.condition(&arm.lhs);
            let value = self.expr(&arm.rhs);
            answer = answer.into_iter().chain([value]).reduce(Abs::joined);
        }
        let may_fall_through = cases.def_case.is_none();
        let answer = answer.unwrap_or_else(|| nothing(place));
        Abs { tree: None, literal: None, missing: answer.missing || may_fall_through, ..answer }
    }

    /// Notes a word that policy scripts may not use.
    pub(super) fn forbidden(&mut self, word: &str, at: Position) {
        let place = self.unit.word(at);
        self.report(Diagnostic::new(codes::SCRIPT_FORBIDDEN, place).with("word", word));
    }
}

fn nothing(at: Span) -> Abs {
    Abs::of(Kind::Nothing, at).lowered(Some(Node::Block(Vec::new())))
}
