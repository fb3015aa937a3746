//! `notices:` of `bureau.yaml`: how people are told besides the inbox.

use super::super::model::{MailRule, NOTICE_KINDS, Notices, Role, RoleIx, WebhookRule, is_mail_address};
use super::super::raw::{self, Id, Word};
use super::Resolver;
use crate::diag::Diagnostic;
use crate::diag::codes::{NOT_ONE_OF, NOTICE_ADDRESS, NOTICE_PLAIN, NOTICE_SECRET, NOTICE_URL, UNKNOWN_ROLE};

/// Names of parameters in which addresses carry their secrets.
const SECRETS: [&str; 8] =
    ["access_token", "apikey", "api_key", "key", "password", "secret", "sign", "token"];

/// Builds `notices:`.
pub(super) fn notices(resolver: &mut Resolver<'_>, raw: Option<raw::Notices>, known: &[Role]) -> Notices {
    let Some(raw::Notices { language, mail, webhooks }) = raw else { return Notices::default() };
    resolver.reject_duplicates(webhooks.iter().map(|hook| (hook.id.text(), hook.id.span())));
    Notices {
        language: language.map(|said| said.value).unwrap_or_default(),
        mail: mail.map(|raw::Mail { from, to }| {
            address(resolver, &from);
            MailRule { from: from.value, to: roles(resolver, &to.0, known) }
        }),
        webhooks: webhooks.into_iter().map(|hook| webhook(resolver, hook, known)).collect(),
    }
}

fn webhook(resolver: &mut Resolver<'_>, raw: raw::Webhook, known: &[Role]) -> WebhookRule {
    let raw::Webhook { id, url, roles: whose, kinds } = raw;
    place(resolver, &url);
    for kind in kinds.0.iter().filter(|kind| !NOTICE_KINDS.contains(&kind.text())) {
        let unknown = Diagnostic::new(NOT_ONE_OF, kind.span).with("word", kind.text());
        resolver.out.push(unknown.with_nearest(kind.text(), NOTICE_KINDS));
    }
    WebhookRule {
        id: id.0.value,
        url: url.value,
        roles: roles(resolver, &whose.0, known),
        kinds: kinds.0.into_iter().map(|kind| kind.value).collect(),
    }
}

fn roles(resolver: &mut Resolver<'_>, named: &[Id], known: &[Role]) -> Vec<RoleIx> {
    let mut found = Vec::with_capacity(named.len());
    for name in named {
        if let Some(Ok(ix)) = known.iter().position(|role| role.id == name.text()).map(u16::try_from) {
            found.push(RoleIx(ix));
        } else {
            let known = known.iter().map(|role| role.id.as_str());
            resolver.unknown(UNKNOWN_ROLE, name.text(), name.span(), known);
        }
    }
    found
}

/// Refuses what no mail can come from.
fn address(resolver: &mut Resolver<'_>, from: &Word) {
    if !is_mail_address(from.text()) {
        resolver.out.push(Diagnostic::new(NOTICE_ADDRESS, from.span).with("word", from.text()));
    }
}

/// Refuses an address that cannot be called, or that holds what a policy file must not.
fn place(resolver: &mut Resolver<'_>, url: &Word) {
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.text().strip_prefix(scheme));
    let Some(rest) = rest.filter(|_| url.text().chars().all(|c| c.is_ascii_graphic())) else {
        resolver.out.push(Diagnostic::new(NOTICE_URL, url.span).with("word", url.text()));
        return;
    };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let name = host_name(host);
    if name.is_empty() || tail.contains('#') {
        resolver.out.push(Diagnostic::new(NOTICE_URL, url.span).with("word", url.text()));
    }
    let query = tail.split_once('?').map_or("", |(_, query)| query);
    let mut names = query.split('&').filter_map(|pair| pair.split('=').next());
    if user.is_some() || names.any(|name| SECRETS.contains(&name.to_ascii_lowercase().as_str())) {
        resolver.say(NOTICE_SECRET, url.span);
    }
    let is_here = name == "localhost" || name.starts_with("127.") || name == "::1";
    if url.text().starts_with("http://") && !is_here {
        resolver.out.push(Diagnostic::new(NOTICE_PLAIN, url.span).with("word", name));
    }
}

/// Returns the host without its port; an address of version 6 without its brackets.
fn host_name(host: &str) -> &str {
    let bracketed = host.strip_prefix('[').and_then(|host| host.split_once(']'));
    bracketed.map_or_else(|| host.split(':').next().unwrap_or(host), |(name, _)| name)
}
