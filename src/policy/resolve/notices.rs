//! `notices:` of `bureau.yaml`: how people are told besides the inbox.

use super::super::model::{ChannelRule, NOTICE_KINDS, Notices, RoleIx, is_mail_address};
use super::super::raw::{self, Id, Word};
use super::Resolver;
use crate::diag::Diagnostic;
use crate::diag::codes::{NOT_ONE_OF, NOTICE_ADDRESS, NOTICE_PLAIN, NOTICE_SECRET, NOTICE_URL};

/// Names of parameters in which addresses carry their secrets.
const SECRETS: [&str; 8] =
    ["access_token", "apikey", "api_key", "key", "password", "secret", "sign", "token"];

/// Builds `notices:`.
pub(super) fn notices(
    resolver: &mut Resolver<'_>,
    bureau: &raw::BureauShape,
    raw: Option<raw::NoticesShape>,
) -> Notices {
    let bureau = bureau.language.as_ref().map(|said| said.value).unwrap_or_default();
    let Some(raw::NoticesShape { language, salutation, signature, mail, webhooks }) = raw else {
        return Notices { language: bureau, ..Notices::default() };
    };
    for (key, word) in [("salutation", &salutation), ("signature", &signature)] {
        if let Some(word) = word {
            resolver.second_only(key, word.span);
        }
    }
    resolver.reject_duplicates(webhooks.iter().map(|hook| hook.id.spelling()));
    let mut channels: Vec<ChannelRule> = mail.into_iter().map(|raw| mail_rule(resolver, raw)).collect();
    channels.extend(webhooks.into_iter().map(|hook| webhook(resolver, hook)));
    let (salutation, signature) = (salutation.map(|word| word.value), signature.map(|word| word.value));
    Notices { language: language.unwrap_or(bureau), salutation, signature, channels }
}

fn mail_rule(resolver: &mut Resolver<'_>, raw: raw::MailShape) -> ChannelRule {
    let raw::MailShape { from, to } = raw;
    if !is_mail_address(from.text()) {
        resolver.out.push(from.wrong(NOTICE_ADDRESS));
    }
    let roles = roles(resolver, &to.0);
    ChannelRule { channel: "mail", id: String::new(), address: from.value, roles, kinds: Vec::new() }
}

fn webhook(resolver: &mut Resolver<'_>, raw: raw::WebhookShape) -> ChannelRule {
    let raw::WebhookShape { id, url, roles: whose, kinds } = raw;
    place(resolver, &url);
    for kind in kinds.0.iter().filter(|kind| !NOTICE_KINDS.contains(&kind.text())) {
        resolver.out.push(kind.none_of(NOT_ONE_OF, NOTICE_KINDS));
    }
    ChannelRule {
        channel: "webhook",
        id: id.0.value,
        address: url.value,
        roles: roles(resolver, &whose.0),
        kinds: kinds.0.into_iter().map(|kind| kind.value).collect(),
    }
}

fn roles(resolver: &mut Resolver<'_>, named: &[Id]) -> Vec<RoleIx> {
    named.iter().filter_map(|name| resolver.role(name)).collect()
}

/// Refuses an address that cannot be called, or that holds what a policy file must not.
fn place(resolver: &mut Resolver<'_>, url: &Word) {
    let rest = ["https://", "http://"].iter().find_map(|scheme| url.text().strip_prefix(scheme));
    let Some(rest) = rest.filter(|_| url.text().chars().all(|c| c.is_ascii_graphic())) else {
        resolver.out.push(url.wrong(NOTICE_URL));
        return;
    };
    let (authority, tail) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (user, host) =
        authority.rsplit_once('@').map_or((None, authority), |(user, host)| (Some(user), host));
    let name = host_name(host);
    if name.is_empty() || tail.contains('#') {
        resolver.out.push(url.wrong(NOTICE_URL));
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
