//! `powers:` and `administrator:` of `bureau.yaml`: who may do what beside the steps.

use strum::IntoEnumIterator as _;

use super::super::model::{
    Administrator, HOLDER_WORDS, Power, PowerHolder, PowerRow, Powers, RoleIx, Semantics,
};
use super::super::raw::{self, At, Pairs, Word};
use super::Resolver;
use crate::diag::Diagnostic;
use crate::diag::codes::{ATTRIBUTE_NAME_TAKEN, EMPTY_LIST, POWER_PERSONS, UNKNOWN_KEY, UNKNOWN_ROLE};
use crate::id::person_id;
use crate::lang::{self, Lang};

/// Builds `powers:`; rows that are not there have the default.
pub(super) fn powers(resolver: &mut Resolver<'_>, raw: Pairs<raw::PowerShape>) -> Powers {
    if let Some((first, _)) = raw.0.first() {
        resolver.second_only("powers", first.span);
    }
    let mut rows = Vec::new();
    for (name, shape) in raw.0 {
        let (by, persons) = match shape {
            raw::MapOr::Map(raw::FullPower { by, persons }) => (by.0, persons),
            raw::MapOr::Other(by) => (by.0, None),
        };
        let Ok(power) = name.text().parse::<Power>() else {
            let wrong = Diagnostic::new(UNKNOWN_KEY, name.span).with("key", name.text());
            resolver.out.push(wrong.with_nearest(name.text(), Power::iter().map(|power| power.into_str())));
            continue;
        };
        if by.is_empty() {
            resolver.out.push(Diagnostic::new(EMPTY_LIST, name.span).with("key", power.into_str()));
        }
        let takes_two = persons.is_some_and(|persons| takes_two(resolver, power, &persons));
        let holders = by.iter().filter_map(|word| holder(resolver, word)).collect();
        rows.push((power, PowerRow { holders, takes_two }));
    }
    Powers::with(rows)
}

/// Reads with how many persons a power is used: one, or two where one can propose what another approves.
fn takes_two(resolver: &mut Resolver<'_>, power: Power, persons: &At<i64>) -> bool {
    let fits = persons.value == 1 || (persons.value == 2 && power.can_take_two());
    if !fits {
        let can = Power::iter().filter(|power| power.can_take_two()).map(|power| power.into_str());
        let wrong = Diagnostic::new(POWER_PERSONS, persons.span).with("power", power.into_str());
        resolver.out.push(wrong.with("persons", persons.value.to_string()).with("known", lang::list(can)));
    }
    fits && persons.value == 2
}

/// Reads who has a power: a role, or one of the words for holders.
fn holder(resolver: &mut Resolver<'_>, word: &Word) -> Option<PowerHolder> {
    if let Some((_, holder)) = HOLDER_WORDS.iter().find(|(known, _)| *known == word.text()) {
        return Some(*holder);
    }
    let roles = &resolver.names.roles;
    let Some(at) = roles.iter().position(|role| role.id == word.text()) else {
        let known = roles.iter().map(|role| role.id.as_str());
        let wrong = word.none_of(UNKNOWN_ROLE, known.chain(HOLDER_WORDS.iter().map(|(known, _)| *known)));
        resolver.out.push(wrong);
        return None;
    };
    u16::try_from(at).ok().map(|at| PowerHolder::Role(RoleIx(at)))
}

/// Refuses roles that are called like a holder of powers, where those words mean something.
pub(super) fn refuse_holder_words(resolver: &mut Resolver<'_>, roles: &Pairs<raw::RoleShape>) {
    if resolver.semantics < Semantics::Second {
        return;
    }
    for (id, _) in &roles.0 {
        if HOLDER_WORDS.iter().any(|(known, _)| *known == id.text()) {
            resolver.out.push(id.wrong(ATTRIBUTE_NAME_TAKEN));
        }
    }
}

/// Builds `administrator:`.
pub(super) fn administrator(
    resolver: &mut Resolver<'_>,
    bureau: &raw::BureauShape,
    raw: Option<raw::AdministratorShape>,
) -> Administrator {
    let language: Lang = bureau.language.as_ref().map(|said| said.value).unwrap_or_default();
    let (span, administrator) = match raw {
        None => return Administrator::of(language),
        Some(raw::MapOr::Map(raw::NamedAdministrator { name })) => {
            (name.span, Administrator::Named(name.value))
        }
        Some(raw::MapOr::Other(id)) => (id.span, Administrator::Officer(person_id(id.text()))),
    };
    resolver.second_only("administrator", span);
    administrator
}
