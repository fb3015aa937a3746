//! One script or expression that was read: its tree, its functions, and places in its text.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use rhai::{AST, ASTNode, Expr, Position, Stmt};

use crate::diag::Span;

/// A text, and the places in it.
pub(super) struct SourceText {
    pub(super) span: Span,
    pub(super) text: String,
    /// Whether the text stands in its file letter by letter; a quoted scalar with escapes does not.
    exact: bool,
    places: PositionIndex,
}

/// One text that was read.
pub(super) struct SourceUnit {
    source: SourceText,
    pub(super) ast: AST,
    /// Functions by name and number of parameters; lambdas are functions with made-up names.
    pub(super) functions: ScriptFunctions,
    /// Statements outside any function.
    pub(super) outside: Vec<Stmt>,
}

/// A function of a script.
pub(super) struct ScriptFunction {
    pub(super) params: Vec<String>,
    pub(super) body: Vec<Stmt>,
    /// Its opening brace, and its closing one unless it is a lambda without braces.
    span: (Position, Position),
}

impl SourceText {
    pub(super) fn new(span: Span, text: &str, exact: bool) -> Self {
        Self { span, text: text.to_owned(), exact, places: PositionIndex::new(text) }
    }

    /// Returns the byte at which a position stands.
    pub(super) fn offset(&self, at: Position) -> usize {
        self.places.offset(at)
    }

    /// Returns the place of a run of bytes of this text in its file.
    pub(super) fn place(&self, start: usize, end: usize) -> Span {
        if self.exact { self.span.inner(start, end) } else { self.span }
    }

    /// Returns the place of the word at a position.
    pub(super) fn word(&self, at: Position) -> Span {
        let start = self.offset(at);
        self.place(start, token_end(&self.text, start))
    }
}

impl Deref for SourceUnit {
    type Target = SourceText;

    fn deref(&self) -> &SourceText {
        &self.source
    }
}

impl SourceUnit {
    pub(super) fn new(source: SourceText, ast: AST) -> Self {
        let (functions, outside) = functions(&ast);
        Self { source, ast, functions, outside }
    }

    /// Returns a function by its name and number of parameters.
    pub(super) fn function(&self, name: &str, params: usize) -> Option<&Arc<ScriptFunction>> {
        self.functions.get(&(name.to_owned(), params))
    }

    /// Returns the place of a function's body.
    pub(super) fn body(&self, function: &ScriptFunction) -> Span {
        let start = self.offset(function.span.0);
        let end = if function.span.1.is_none() { start } else { self.offset(function.span.1) };
        self.place(start, token_end(&self.text, end))
    }

    /// Returns the bytes of a whole expression, brackets around it included when they close in it.
    pub(super) fn range(&self, expr: &Expr) -> (usize, usize) {
        let (mut start, mut end) = (usize::MAX, 0);
        widen(self, expr, &mut start, &mut end);
        balance(&self.text, start.min(end), end)
    }

    /// Returns the line a position stands on, without the space around it.
    pub(super) fn line(&self, at: Position) -> &str {
        let number = at.line().unwrap_or(1);
        self.text.lines().nth(number - 1).unwrap_or_default().trim()
    }

    pub(super) fn span_of(&self, expr: &Expr) -> Span {
        let (start, end) = self.range(expr);
        self.place(start, end)
    }

    pub(super) fn text_of(&self, expr: &Expr) -> &str {
        let (start, end) = self.range(expr);
        self.text.get(start..end).unwrap_or_default()
    }
}

type ScriptFunctions = BTreeMap<(String, usize), Arc<ScriptFunction>>;

/// Sorts the statements of a tree by the function they stand in.
///
/// The body of a function has no name outside the foreign crate, but a walk visits every
/// statement: one belongs to the lambda that begins exactly there, else to the innermost
/// function around it.
fn functions(ast: &AST) -> (ScriptFunctions, Vec<Stmt>) {
    let mut list: Vec<((String, usize), ScriptFunction)> = ast
        .iter_fn_def()
        .map(|def| {
            let params: Vec<String> = def.params.iter().map(ToString::to_string).collect();
            let span = (def.body.start_position(), def.body.end_position());
            ((def.name.to_string(), params.len()), ScriptFunction { params, body: Vec::new(), span })
        })
        .collect();
    let mut outside: Vec<Stmt> = ast.statements().to_vec();
    let mut skip = outside.len();
    ast.walk(&mut |path| {
        if let [ASTNode::Stmt(stmt)] = path {
            if skip > 0 {
                skip -= 1;
            } else if let Some(at) = owner(&list, stmt.position()) {
                list[at].1.body.push((*stmt).clone());
            }
        }
        true
    });
    outside.retain(|stmt| !stmt.is_noop());
    (list.into_iter().map(|(name, function)| (name, Arc::new(function))).collect(), outside)
}

fn owner(list: &[((String, usize), ScriptFunction)], at: Position) -> Option<usize> {
    let lambda = list.iter().position(|(_, function)| function.span == (at, Position::NONE));
    let around = |nth: &usize| list[*nth].1.span.0 <= at && at <= list[*nth].1.span.1;
    lambda.or_else(|| (0..list.len()).filter(around).max_by_key(|nth| list[*nth].1.span.0))
}

/// Where every line and every character of a text begins, so that a position is found at once:
/// 32 KiB on one line hold more positions than can each be counted to.
pub(super) struct PositionIndex {
    /// Number of the first character of each line.
    lines: Vec<usize>,
    /// First byte of each character, and the end.
    bytes: Vec<usize>,
}

impl PositionIndex {
    pub(super) fn new(text: &str) -> Self {
        let bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let breaks = text.chars().enumerate().filter(|(_, c)| *c == '\n');
        let lines = [0].into_iter().chain(breaks.map(|(at, _)| at + 1)).collect();
        Self { lines, bytes }
    }

    /// Returns the byte of a position; the first when there is none, the end when it is past it.
    pub(super) fn offset(&self, at: Position) -> usize {
        let (Some(line), end) = (at.line(), self.bytes.len() - 1) else { return 0 };
        let start = self.lines.get(line - 1).copied().unwrap_or(end);
        let column = at.position().unwrap_or(1).saturating_sub(1);
        self.bytes[(start + column).min(end)]
    }
}

fn widen(unit: &SourceUnit, expr: &Expr, start: &mut usize, end: &mut usize) {
    let at = expr.position();
    if !at.is_none() {
        let from = unit.offset(at);
        *start = (*start).min(from);
        *end = (*end).max(token_end(&unit.text, from));
    }
    if let Expr::FnCall(call, at) | Expr::MethodCall(call, at) = expr
        && call.op_token.is_none()
        && !at.is_none()
    {
        let name = token_end(&unit.text, unit.offset(*at));
        let rest = unit.text.get(name..).unwrap_or_default();
        if rest.trim_start().starts_with('(') {
            let open = name + rest.len() - rest.trim_start().len() + 1;
            *end = (*end).max(extend(&unit.text, open, 1));
        }
    }
    match expr {
        Expr::FnCall(call, _) | Expr::MethodCall(call, _) => {
            call.args.iter().for_each(|arg| widen(unit, arg, start, end));
        }
        Expr::Dot(pair, ..) | Expr::Index(pair, ..) => {
            widen(unit, &pair.lhs, start, end);
            widen(unit, &pair.rhs, start, end);
        }
        Expr::And(list, _) | Expr::Or(list, _) | Expr::Coalesce(list, _) => {
            list.iter().for_each(|side| widen(unit, side, start, end));
        }
        Expr::Array(list, _) | Expr::InterpolatedString(list, _) => {
            list.iter().for_each(|item| widen(unit, item, start, end));
        }
        Expr::Stmt(block) => {
            let last = unit.offset(block.end_position());
            *end = (*end).max(token_end(&unit.text, last));
        }
        _ => {}
    }
}

/// Returns the brackets from a byte on, outside quotation marks, and whether each opens.
fn brackets(text: &str, from: usize) -> impl Iterator<Item = (usize, bool)> {
    let mut quoted = false;
    text.bytes().enumerate().skip(from).filter_map(move |(at, byte)| {
        quoted ^= byte == b'"';
        let opens = matches!(byte, b'(' | b'[' | b'{');
        (!quoted && (opens || matches!(byte, b')' | b']' | b'}'))).then_some((at, opens))
    })
}

/// Widens a run of bytes so that every bracket in it has its partner.
fn balance(text: &str, start: usize, end: usize) -> (usize, usize) {
    let (mut open, mut unopened) = (0_usize, 0_usize);
    for (_, opens) in brackets(text, start).take_while(|(at, _)| *at < end) {
        match (opens, open) {
            (true, _) => open += 1,
            (false, 0) => unopened += 1,
            (false, _) => open -= 1,
        }
    }
    let outer = |from: usize, _| text[..from].rfind(['(', '[', '{']).unwrap_or(from);
    ((0..unopened).fold(start, outer), extend(text, end, open))
}

/// Returns where the last of so many open brackets closes; the end of the text when it does not.
fn extend(text: &str, end: usize, mut open: usize) -> usize {
    if open == 0 {
        return end;
    }
    for (at, opens) in brackets(text, end) {
        open = if opens { open + 1 } else { open - 1 };
        if open == 0 {
            return at + 1;
        }
    }
    text.len()
}

/// Returns where the word, number, text or sign that starts at `start` ends.
pub(super) fn token_end(text: &str, start: usize) -> usize {
    let rest = text.get(start..).unwrap_or_default();
    let Some(first) = rest.chars().next() else { return start };
    let length = if first.is_alphanumeric() || first == '_' {
        rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.' && first.is_ascii_digit()))
    } else if first == '"' || first == '\'' || first == '`' {
        closing(rest, first)
    } else {
        let sign = ["==", "!=", "<=", ">=", "&&", "||", "??", "**", "+=", "-=", "*=", "/=", "?.", "#{"];
        let known = sign.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len());
        Some(known.unwrap_or(first.len_utf8()))
    };
    start + length.unwrap_or(rest.len())
}

fn closing(rest: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            '\\' if !escaped => escaped = true,
            c if c == quote && !escaped => return Some(at + c.len_utf8()),
            _ => escaped = false,
        }
    }
    None
}
