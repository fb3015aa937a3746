//! Operators: comparison, arithmetic, membership, and the labels of a `switch`.

use rhai::{Expr, FnCallExpr, Position};

use crate::diag::{Diagnostic, Span, codes};
use crate::rules::host;
use crate::rules::kind::Kind;
use crate::rules::tree::{Node, Tree};
use crate::rules::unit::token_end;
use crate::rules::value::{Arithmetic, Comparison, Val};

use super::Walk;
use super::abs::Abs;

impl Walk<'_> {
    /// Walks an operator; none when the call is not one.
    pub(super) fn operator(&mut self, call: &FnCallExpr, at: Span) -> Option<Abs> {
        let name = call.name.as_str();
        match &call.args[..] {
            [side] if name == "!" => {
                let abs = self.condition(side);
                Some(Abs::of(Kind::Flag, at).lowered(abs.tree.map(Node::Not)))
            }
            [side] if name == "-" || name == "+" => {
                let abs = self.expr(side);
                self.operand(&abs, false);
                let node = abs.tree.map(|tree| if name == "-" { Node::Minus(tree) } else { *tree.node });
                Some(Abs::of(abs.kind, at).lowered(node))
            }
            [left, right] => {
                if let Ok(sign) = name.parse() {
                    return Some(Abs::of(Kind::Flag, at).lowered(self.comparison(sign, left, right)));
                }
                if let Ok(sign) = name.parse() {
                    let (left, right) = (self.expr(left), self.expr(right));
                    return Some(self.arithmetic(sign, [left, right], at));
                }
                (name == "contains").then(|| self.membership(left, right, at))
            }
            _ => None,
        }
    }

    fn comparison(&mut self, sign: Comparison, left: &Expr, right: &Expr) -> Option<Node> {
        let (one, two) = (self.expr(left), self.expr(right));
        if matches!(one.kind, Kind::Count(_)) {
            return self.count_compared(sign, &one, &two);
        }
        if matches!(two.kind, Kind::Count(_)) {
            return self.count_compared(sign.flipped(), &two, &one);
        }
        self.comparable(&one, &two, right);
        self.no_subject(&one);
        let ordered = sign.is_ordering();
        let incomparable = |side: &&Abs| match side.kind {
            Kind::Flag => ordered,
            Kind::List(_) | Kind::Record(_) | Kind::Map | Kind::Row(_) | Kind::Lambda(_) => true,
            Kind::Any
            | Kind::Nothing
            | Kind::Subject
            | Kind::Count(_)
            | Kind::Integer
            | Kind::Float
            | Kind::Number
            | Kind::Text
            | Kind::Word(_)
            | Kind::Day => false,
        };
        if let Some(side) = [&one, &two].into_iter().find(incomparable) {
            self.types_differ(&one.kind, &two.kind, side.span);
        }
        let (one, two) = (self.raw(one), self.raw(two));
        let is_row = |side: &Abs| matches!(side.kind, Kind::Row(_));
        let interpreted = is_row(&one) || is_row(&two);
        one.tree.zip(two.tree).filter(|_| !interpreted).map(|(one, two)| Node::Compare(sign, one, two))
    }

    /// Checks that two values can be compared; `right` is where the second stands.
    pub(super) fn comparable(&mut self, one: &Abs, two: &Abs, right: &Expr) {
        self.no_missing(one);
        self.no_missing(two);
        self.no_subject(two);
        let missing = [one, two].into_iter().any(|side| side.kind == Kind::Nothing);
        if !one.kind.meets(&two.kind) && !missing {
            let span = self.unit.span_of(right);
            self.types_differ(&one.kind, &two.kind, span);
        }
        self.one_of(&one.kind, two);
        self.one_of(&two.kind, one);
    }

    /// Refuses a text written out that is not in the closed list it is compared with.
    fn one_of(&mut self, kind: &Kind, text: &Abs) {
        if let (Kind::Word(words), Some(Val::Text(literal))) = (kind, &text.literal)
            && !words.iter().any(|word| **word == **literal)
        {
            let problem = Diagnostic::new(codes::SCRIPT_NOT_A_CHOICE, text.span);
            let problem = problem.with("text", literal.as_ref());
            self.report(problem.with_nearest(literal, words.iter().map(String::as_str)));
        }
    }

    fn membership(&mut self, list: &Expr, item: &Expr, at: Span) -> Abs {
        let (whole, part) = (self.expr(list), self.expr(item));
        self.no_subject(&whole);
        self.no_count(&part);
        let of = match &whole.kind {
            kind if kind.is_text() => Kind::Text,
            kind => kind.item(),
        };
        self.no_missing(&whole);
        if let Some(contains) = host::function("contains") {
            self.called_on(contains.on, &whole, whole.span);
        }
        let known = Abs::of(of, whole.span);
        self.comparable(&known, &part, item);
        if let (Kind::Word(_), Expr::Array(items, _)) = (&part.kind, list) {
            for item in items {
                let literal = self.expr(item);
                self.comparable(&part, &literal, item);
            }
        }
        let node = self.membership_tree(list, &part);
        self.raw(part);
        Abs::of(Kind::Flag, at).lowered(node)
    }

    /// Lowers `x in [a, b]` to comparisons, one after the other as the interpreter makes them.
    fn membership_tree(&mut self, list: &Expr, part: &Abs) -> Option<Node> {
        let (Expr::Array(items, _), Some(tree)) = (list, part.tree.clone()) else { return None };
        let compared = items.iter().map(|item| {
            let item = self.expr(item);
            let span = item.span;
            let node = Node::Compare(Comparison::Equal, item.tree?, tree.clone());
            Some(Tree { node: Box::new(node), span })
        });
        compared.collect::<Option<Vec<_>>>().map(Node::Any)
    }

    pub(super) fn operand(&mut self, abs: &Abs, text_too: bool) {
        self.only_value(abs);
        let fits = abs.kind.is_number() || abs.kind == Kind::Any || (text_too && abs.kind.is_text());
        if !fits && !matches!(abs.kind, Kind::Nothing | Kind::Subject | Kind::Count(_)) {
            self.wrong_type(&Kind::Number, &abs.kind, abs.span);
        }
        self.no_missing(abs);
    }

    pub(super) fn arithmetic(&mut self, sign: Arithmetic, sides: [Abs; 2], at: Span) -> Abs {
        let [left, right] = sides;
        let joins_text = sign == Arithmetic::Add && (left.kind.is_text() || right.kind.is_text());
        let lists = matches!(
            (&left.kind, &right.kind),
            (Kind::List(_), Kind::List(_) | Kind::Any) | (Kind::Any, Kind::List(_))
        );
        if lists && sign == Arithmetic::Add {
            return Abs::of(left.kind, at);
        }
        self.operand(&left, joins_text);
        self.operand(&right, joins_text);
        if joins_text {
            return Abs::of(Kind::Text, at);
        }
        let divides = sign == Arithmetic::Divide;
        let kind = if divides { Kind::Float } else { joined_number(&left.kind, &right.kind) };
        let numbers = left.kind.is_number() && right.kind.is_number();
        let sides = left.tree.zip(right.tree).filter(|_| numbers);
        Abs::of(kind, at).lowered(sides.map(|(left, right)| Node::Arithmetic(sign, left, right)))
    }

    /// Checks the labels of a `switch`: the syntax tree keeps only their hashes.
    pub(super) fn switch_labels(&mut self, on: &Abs, at: Position) {
        let start = self.unit.offset(at);
        let text = self.unit.text.clone();
        let Some(open) = text[start..].find('{').map(|open| start + open) else { return };
        let (mut depth, mut fresh, mut from) = (0_usize, false, open);
        while from < text.len() {
            let first = text[from..].chars().next().unwrap_or(' ');
            let end = token_end(&text, from);
            match first {
                '{' | '(' | '[' => {
                    fresh = depth == 0;
                    depth += 1;
                }
                '}' | ')' | ']' => {
                    depth -= 1;
                    fresh = depth == 1;
                    if depth == 0 {
                        return;
                    }
                }
                ',' | '|' if depth == 1 => fresh = true,
                '/' if text[from..].starts_with("//") => {
                    from = text[from..].find('\n').map_or(text.len(), |line| from + line);
                    continue;
                }
                c if c.is_whitespace() => {}
                _ if fresh && depth == 1 => {
                    fresh = false;
                    self.label(on, &text[from..end], self.unit.place(from, end));
                }
                _ => {}
            }
            from = end.max(from + first.len_utf8());
        }
    }

    fn label(&mut self, on: &Abs, text: &str, span: Span) {
        let literal = match text.chars().next() {
            Some('"') => Abs::literal(Kind::Text, Val::Text(text.trim_matches('"').into()), span),
            Some(c) if c.is_ascii_digit() || c == '-' => Abs::of(Kind::Number, span),
            _ if text == "true" || text == "false" => Abs::of(Kind::Flag, span),
            _ => return,
        };
        if on.kind.meets(&literal.kind) {
            self.one_of(&on.kind, &literal);
        } else {
            self.types_differ(&on.kind, &literal.kind, span);
        }
    }
}

fn joined_number(left: &Kind, right: &Kind) -> Kind {
    match (left, right) {
        (Kind::Integer, Kind::Integer) => Kind::Integer,
        (Kind::Float, _) | (_, Kind::Float) => Kind::Float,
        _ => Kind::Number,
    }
}
