//! Which file uses which: every path in `use`, in code and in macros, followed through modules and
//! re-exports to the file that defines the name.

use std::collections::{BTreeMap, BTreeSet};

use super::source::{Source, line_at};
use super::tokens::{Token, declared_by_call, declaring_macros, text, tokens};

/// How many re-exports lead from a path to what it names; more are a loop.
const HOPS_MAX: u8 = 8;

/// Words before the name of an item.
const ITEMS: [&str; 8] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static"];

/// An arrow from one file to another, by their positions among the sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Arrow {
    pub(crate) from: usize,
    pub(crate) to: usize,
}

/// A module's path from the crate's root.
type ModulePath = Vec<String>;

/// The files with their modules.
struct House {
    declaring: BTreeSet<String>,
    modules: BTreeMap<ModulePath, Module>,
}

/// What a module defines and what it names from elsewhere.
struct Module {
    file: usize,
    items: BTreeSet<String>,
    aliases: BTreeMap<String, Vec<String>>,
    globs: Vec<Vec<String>>,
}

/// A path as written.
struct Mention {
    module: ModulePath,
    names: Vec<String>,
    is_glob: bool,
    at: usize,
}

/// What a path leads to.
enum Target {
    Module(ModulePath),
    Item(usize),
    /// A file that does not show the name: a macro makes it there.
    Unseen(usize),
    /// Another crate.
    Foreign,
}

/// A brace that is open.
#[derive(PartialEq)]
enum Brace {
    Module,
    Call,
    Other,
}

/// Returns every arrow with the line of its first reason.
///
/// A `use` of a module is none, the paths that begin with it are. Arrows between a `mod.rs` and the
/// files of its own children are left out, both ways.
pub(crate) fn arrows(sources: &[Source]) -> BTreeMap<Arrow, usize> {
    let mut house = House { declaring: declaring_macros(sources), modules: BTreeMap::new() };
    let paths: Vec<ModulePath> = sources.iter().map(|source| module_path(&source.path)).collect();
    let mentions: Vec<Vec<Mention>> =
        sources.iter().enumerate().map(|(file, source)| house.read(file, source)).collect();
    let mut arrows = BTreeMap::new();
    for (from, mention) in
        mentions.iter().enumerate().flat_map(|(file, all)| all.iter().map(move |m| (file, m)))
    {
        if let Some(to) = house.file_of(mention)
            && to != from
            && !are_parent_and_child(&paths[from], &paths[to])
        {
            arrows.entry(Arrow { from, to }).or_insert_with(|| line_at(&sources[from].code, mention.at));
        }
    }
    arrows
}

fn module_path(path: &str) -> ModulePath {
    let below = path.trim_start_matches("src/").trim_end_matches(".rs");
    let mut names: ModulePath = below.split('/').map(str::to_owned).collect();
    match names.last().map(String::as_str) {
        Some("mod" | "lib") => drop(names.pop()),
        // The program is a crate of its own.
        Some("main") if names.len() == 1 => "(main)".clone_into(&mut names[0]),
        _ => {}
    }
    names
}

fn are_parent_and_child(one: &[String], other: &[String]) -> bool {
    let is_parent =
        |above: &[String], below: &[String]| below.split_last().is_some_and(|(_, rest)| rest == above);
    is_parent(one, other) || is_parent(other, one)
}

impl House {
    /// Takes up what a file defines; returns the paths in it.
    fn read(&mut self, file: usize, source: &Source) -> Vec<Mention> {
        let tokens = tokens(&source.code);
        let (mut mentions, mut braces) = (Vec::new(), Vec::new());
        let mut module = module_path(&source.path);
        self.enter(&module, file);
        let mut ix = 0;
        while ix < tokens.len() {
            let (word, before) = (tokens[ix].text, if ix == 0 { "" } else { tokens[ix - 1].text });
            match word {
                "{" => braces.push(self.open(&tokens, ix, &mut module, file)),
                "}" if braces.pop() == Some(Brace::Module) => drop(module.pop()),
                "use" if text(&tokens, ix + 1) != "<" => {
                    let first = mentions.len();
                    ix = tree(&tokens, ix + 1, &Mention::in_module(&module), &mut |mention, alias| {
                        self.import(&mention, alias);
                        mentions.push(mention);
                    });
                    mentions[first..].iter_mut().for_each(Mention::drop_self);
                }
                "pub" if text(&tokens, ix + 1) == "(" && text(&tokens, ix + 2) == "in" => {
                    ix = super::tokens::closing(&tokens, ix + 1);
                }
                _ if tokens[ix].is_word() => {
                    if !braces.contains(&Brace::Other) {
                        self.define(&tokens, ix, &module);
                    }
                    let begins = !matches!(before, "::" | ".") && (before != "$" || word == "crate");
                    let names = if begins { names_at(&tokens, ix) } else { Vec::new() };
                    if names.len() > 1 && word != "Self" {
                        let at = tokens[ix].at;
                        mentions.push(Mention { module: module.clone(), names, is_glob: false, at });
                    }
                }
                _ => {}
            }
            ix += 1;
        }
        mentions
    }

    fn enter(&mut self, module: &ModulePath, file: usize) {
        let empty = || Module { file, items: BTreeSet::new(), aliases: BTreeMap::new(), globs: Vec::new() };
        self.modules.entry(module.clone()).or_insert_with(empty);
    }

    /// Says what the brace at `ix` opens, and enters a module.
    fn open(&mut self, tokens: &[Token<'_>], ix: usize, module: &mut ModulePath, file: usize) -> Brace {
        let back = |by: usize| ix.checked_sub(by).map_or("", |ix| tokens[ix].text);
        if back(2) == "mod" {
            module.push(back(1).to_owned());
            self.enter(module, file);
            return Brace::Module;
        }
        if back(1) == "!" { Brace::Call } else { Brace::Other }
    }

    /// Notes the item whose declaring word, or whose declaring macro, stands at `ix`.
    fn define(&mut self, tokens: &[Token<'_>], ix: usize, module: &ModulePath) {
        let mut names = Vec::new();
        if ITEMS.contains(&tokens[ix].text) {
            names.push(text(tokens, ix + 1).to_owned());
        } else if tokens[ix].text == "macro_rules" {
            names.push(text(tokens, ix + 2).to_owned());
        }
        names.extend(declared_by_call(tokens, ix, &self.declaring).iter().map(|token| token.text.to_owned()));
        self.modules.get_mut(module).expect("it was entered").items.extend(names);
    }

    fn import(&mut self, mention: &Mention, alias: Option<&str>) {
        let module = self.modules.get_mut(&mention.module).expect("it was entered");
        let mut names = mention.names.clone();
        if mention.is_glob {
            module.globs.push(names);
            return;
        }
        names.pop_if(|last| last == "self");
        let Some(last) = names.last().cloned() else { return };
        module.aliases.insert(alias.map_or(last, str::to_owned), names);
    }

    /// Returns the file an arrow goes to.
    fn file_of(&self, mention: &Mention) -> Option<usize> {
        match self.target(&mention.module, &mention.names, HOPS_MAX) {
            Target::Item(file) | Target::Unseen(file) => Some(file),
            Target::Module(module) if mention.is_glob => Some(self.modules[&module].file),
            Target::Module(_) | Target::Foreign => None,
        }
    }

    /// Follows a path as seen from a module.
    fn target(&self, from: &ModulePath, names: &[String], hops: u8) -> Target {
        let (mut at, mut rest) = (from.clone(), names);
        match names.first().map(String::as_str) {
            Some("crate") => {
                at.clear();
                rest = &names[1..];
            }
            Some("self" | "super") => {
                while let Some(word @ ("self" | "super")) = rest.first().map(String::as_str) {
                    if word == "super" {
                        at.pop();
                    }
                    rest = &rest[1..];
                }
            }
            // A name that the module does not know is another crate's, or in scope everywhere.
            _ => {
                return match self.below(&at, rest, hops) {
                    Target::Unseen(file) if self.modules.get(&at).is_some_and(|m| m.file == file) => {
                        Target::Foreign
                    }
                    target => target,
                };
            }
        }
        self.below(&at, rest, hops)
    }

    /// Follows names from a module downwards, through what it re-exports.
    fn below(&self, at: &ModulePath, names: &[String], hops: u8) -> Target {
        let (Some(module), Some(hops)) = (self.modules.get(at), hops.checked_sub(1)) else {
            return Target::Foreign;
        };
        let Some((name, rest)) = names.split_first() else { return Target::Module(at.clone()) };
        let child = [at.as_slice(), std::slice::from_ref(name)].concat();
        if self.modules.contains_key(&child) {
            return self.below(&child, rest, hops + 1);
        }
        if module.items.contains(name) {
            return Target::Item(module.file);
        }
        if let Some(alias) = module.aliases.get(name) {
            // `use chrono;` names a crate.
            let further = [alias.as_slice(), rest].concat();
            return if alias == std::slice::from_ref(name) {
                Target::Foreign
            } else {
                self.target(at, &further, hops)
            };
        }
        for glob in &module.globs {
            if let Target::Module(start) = self.target(at, glob, hops)
                && start != *at
                && let found @ (Target::Item(_) | Target::Module(_)) = self.below(&start, names, hops)
            {
                return found;
            }
        }
        Target::Unseen(module.file)
    }
}

impl Mention {
    fn in_module(module: &ModulePath) -> Self {
        Self { module: module.clone(), names: Vec::new(), is_glob: false, at: 0 }
    }

    fn drop_self(&mut self) {
        self.names.pop_if(|last| last == "self");
    }
}

/// Returns the names of the path that begins at `ix`.
fn names_at(tokens: &[Token<'_>], ix: usize) -> Vec<String> {
    let mut names = vec![tokens[ix].text.to_owned()];
    let mut at = ix + 1;
    while text(tokens, at) == "::" && tokens.get(at + 1).is_some_and(Token::is_word) {
        names.push(tokens[at + 1].text.to_owned());
        at += 2;
    }
    names
}

/// Reads a tree of `use` from `ix` and hands out each path with its other name; returns where it ends.
fn tree(
    tokens: &[Token<'_>],
    mut ix: usize,
    before: &Mention,
    found: &mut impl FnMut(Mention, Option<&str>),
) -> usize {
    let mut names = before.names.clone();
    loop {
        let at = tokens.get(ix).map_or(0, |token| token.at);
        let path = |names: &[String], is_glob| Mention {
            module: before.module.clone(),
            names: names.to_vec(),
            is_glob,
            at,
        };
        match text(tokens, ix) {
            "" | ";" | "}" | "," => return ix,
            "::" => {}
            "*" => found(path(&names, true), None),
            "{" => {
                let inner = path(&names, false);
                while !matches!(text(tokens, ix), "}" | "") {
                    ix = tree(tokens, ix + 1, &inner, found);
                }
            }
            word => {
                names.push(word.to_owned());
                let alias = (text(tokens, ix + 1) == "as").then(|| text(tokens, ix + 2));
                if text(tokens, ix + 1) != "::" {
                    found(path(&names, false), alias);
                }
                ix += if alias.is_some() { 2 } else { 0 };
            }
        }
        ix += 1;
    }
}

#[test]
fn arrows_follow_re_exports() {
    let sources = [
        Source::new("src/a/mod.rs", "mod f;\nmod g;\npub use f::{Thing as Known, inner::*};\nuse g::made;\n"),
        Source::new(
            "src/a/f.rs",
            "pub struct Thing;\npub mod inner { pub fn deep() {} }\nuse super::made;\n",
        ),
        Source::new("src/a/g.rs", "shape! { pub fn made() {} }\n"),
        Source::new("src/b.rs", "use crate::{a, a::Known};\nfn f() { a::deep(); other::g(); }\n"),
        Source::new("src/c.rs", "use std::fmt;\nfn f() -> u8 { super::a::made() + crate::a::unseen() }\n"),
        Source::new("src/d.rs", "use crate::a;\nuse crate::a::f::inner::{self, deep};\n"),
        Source::new("src/lib.rs", "mod a;\nmod b;\nmod c;\nmod d;\n"),
    ];
    let found: Vec<(usize, usize, usize)> =
        arrows(&sources).iter().map(|(arrow, line)| (arrow.from, arrow.to, *line)).collect();
    assert_eq!(found, [(1, 2, 3), (3, 1, 1), (4, 0, 2), (4, 2, 2), (5, 1, 2)]);
}
