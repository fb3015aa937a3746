//! Who there is while a list of officers or grids is read: nobody stands there twice, and nobody lifts himself.

use std::collections::{BTreeMap, BTreeSet};

use unicode_script::{Script, UnicodeScript as _};
use unicode_security::MixedScript as _;

use crate::diag::codes;
use crate::import::{FieldChange, GridRow, OfficerRow, Problem};
use crate::lang;
use crate::office::places::shown;
use crate::office::written_moment::MomentBounds;
use crate::office::{ACTOR, ActContext, Answer, authority};
use crate::people::{Officer, Post, is_backdated, may_give_role, stands_above};
use crate::policy::Administrator;
use crate::store::bureau::{GridRecord, OfficerRecord};
use crate::store::{Reads, bureau, people};
use crate::time::Day;

/// The people of the register, and what rows of the file add to them.
#[derive(Default)]
pub(crate) struct ListedPeople {
    /// As the list has them.
    pub(crate) records: BTreeMap<String, OfficerRecord>,
    /// With all that is laid down about them.
    officers: BTreeMap<String, Officer>,
    /// Who takes the file, where somebody of the register is named.
    importer: Option<Importer>,
    /// Who has an id, by the id in small letters.
    ids: BTreeMap<String, PersonNamed>,
    /// Who has a certificate, by its number in small letters; of whoever has left another may have it.
    certificates: BTreeMap<String, PersonNamed>,
    /// Ids under which the record keeps what the program does, and what the administrator does where that is a name, in
    /// small letters.
    reserved: Vec<String>,
    /// Officers of grids whom nobody knows, in the order of the file.
    pub(crate) strangers: Vec<String>,
}

/// Marks that people type between ids; no id has one.
const PEOPLE_MARKS: [char; 6] = ['、', '，', ',', ';', '；', '/'];

/// What is wrong with one field of a row.
pub(crate) struct FieldRefusal {
    pub(crate) field: &'static str,
    pub(crate) problem: Problem,
}

/// Somebody of the register who takes a file.
struct Importer {
    id: String,
    shown: String,
    /// Roles that are not his to give or take away.
    withheld: BTreeSet<String>,
    /// Those who do not stand below him, whose rows are another's to change.
    not_below: BTreeSet<String>,
    /// The first day from which posts that he gives may count; none before time began here.
    since: Option<Day>,
}

struct PersonNamed {
    id: String,
    name: String,
}

impl PersonNamed {
    fn shown(&self) -> String {
        shown(&self.id, &self.name)
    }
}

impl ListedPeople {
    pub(crate) async fn read(cx: ActContext<'_>, at: &mut impl Reads, by: Option<&str>) -> Answer<Self> {
        let records = bureau::list(at).await?.into_iter().map(|row: OfficerRecord| (row.id.clone(), row));
        let records = records.collect();
        let roster = people::roster(at).await?;
        let on = authority::on_day(cx, &roster);
        let since = MomentBounds::read(at).await?.powers_since(cx);
        let importer = by.and_then(|by| roster.officers.get(by)).map(|by| {
            let roles = cx.policy().roles.iter().map(|role| role.id.clone());
            let withheld = roles.filter(|role| may_give_role(on, &by.id, role).is_err()).collect();
            let others = roster.officers.values().filter(|officer| !stands_above(on, by, officer));
            let not_below = others.map(|officer| officer.id.clone()).collect();
            Importer { id: by.id.clone(), shown: shown(&by.id, &by.name), withheld, not_below, since }
        });
        let administrator = match &cx.policy().administrator {
            Administrator::Named(name) => Some(name.to_lowercase()),
            Administrator::Officer(_) => None,
        };
        let reserved = administrator.into_iter().chain([ACTOR.to_owned()]).collect();
        let mut all = Self { records, importer, reserved, ..Self::default() };
        for officer in roster.officers.values() {
            let certificate = officer.certificate.as_deref().filter(|_| officer.serves(cx.today));
            all.meet(&officer.id, &officer.name, certificate);
        }
        all.officers = roster.officers;
        Ok(all)
    }

    fn meet(&mut self, id: &str, name: &str, certificate: Option<&str>) {
        let named = || PersonNamed { id: id.to_owned(), name: name.to_owned() };
        self.ids.insert(id.to_lowercase(), named());
        if let Some(number) = certificate {
            self.certificates.insert(number.to_lowercase(), named());
        }
    }

    /// Refuses a new id that the record would take for the program or the administrator, or that reads like another
    /// because its letters are of two scripts; Chinese beside one other script is how people write.
    ///
    /// # Source
    /// Unicode Technical Standard 39, section 5.1.
    pub(crate) fn refuse_false_id(&self, row: &OfficerRow) -> Result<(), FieldRefusal> {
        if self.records.contains_key(&row.id) {
            return Ok(());
        }
        let others: String = row.id.chars().filter(|letter| letter.script() != Script::Han).collect();
        let code = if self.reserved.contains(&row.id.to_lowercase()) {
            codes::ID_RESERVED
        } else if !others.as_str().is_single_script() {
            codes::ID_MIXED
        } else {
            return Ok(());
        };
        Err(FieldRefusal { field: "id", problem: Problem::new(code).value(&row.id) })
    }

    /// Refuses a row that makes two people of one: an id that is another's but for the case of letters, a
    /// certificate that is another's.
    pub(crate) fn refuse_double(&self, row: &OfficerRow) -> Result<(), FieldRefusal> {
        let another = |found: Option<&PersonNamed>| {
            found.filter(|found| found.id != row.id).map(PersonNamed::shown).unwrap_or_default()
        };
        let same = another(self.ids.get(&row.id.to_lowercase()));
        if !same.is_empty() {
            let problem = Problem::new(codes::OFFICER_TWICE).value(&row.id).with("officer", same);
            return Err(FieldRefusal { field: "id", problem });
        }
        let FieldChange::Set(number) = &row.certificate else { return Ok(()) };
        let same = another(self.certificates.get(&number.to_lowercase()));
        if same.is_empty() {
            return Ok(());
        }
        let problem = Problem::new(codes::CERTIFICATE_TAKEN).value(number).with("officer", same);
        Err(FieldRefusal { field: "certificate", problem })
    }

    /// Refuses a row by which whoever takes the file lays down his own posts, or gives or takes away a role that
    /// is not his to give.
    ///
    /// # Source
    /// Policy language, rule 31: nobody his own post, and nobody lifts another above himself.
    pub(crate) fn refuse_lift(&self, row: &OfficerRow) -> Result<(), FieldRefusal> {
        let Some(importer) = &self.importer else { return Ok(()) };
        let touched = self.touched_roles(row);
        if row.id == importer.id {
            let before = self.records.get(&row.id).and_then(|record| record.station.as_ref());
            let moves = row.station.clone().or(before.cloned()).as_ref() != before;
            let field = if touched.is_empty() { "station" } else { "roles" };
            return if moves || !touched.is_empty() { Err(own(importer, field)) } else { Ok(()) };
        }
        let Some(role) = touched.into_iter().find(|role| importer.withheld.contains(*role)) else {
            return Ok(());
        };
        let problem = Problem::new(codes::ROLE_ABOVE).value(role).with("officer", &importer.shown);
        Err(FieldRefusal { field: "roles", problem })
    }

    /// Refuses a row by which whoever takes the file changes what is kept of himself, but his name and address, or
    /// anything that is kept of somebody who does not stand below him.
    ///
    /// # Source
    /// Policy language, rule 31: what nobody may lay down by command he does not lay down by a list.
    pub(crate) fn refuse_not_below(&self, row: &OfficerRow) -> Result<(), FieldRefusal> {
        let Some(importer) = &self.importer else { return Ok(()) };
        let Some(record) = self.records.get(&row.id) else { return Ok(()) };
        let officer = self.officers.get(&row.id);
        let says_email =
            row.email.is_some() && row.email.as_ref() != officer.and_then(|it| it.email.as_ref());
        let certified_until = row.certified_until.clone().or(record.certified_until);
        let changes = [
            ("certificate", row.certificate.clone().or(record.certificate.clone()) != record.certificate),
            ("certified_until", certified_until != record.certified_until),
            ("station", row.station.clone().or(record.station.clone()) != record.station),
            ("name", row.name.as_ref().is_some_and(|name| *name != record.name)),
            ("email", says_email),
        ];
        let changed: Vec<&str> =
            changes.iter().filter(|(_, changes)| *changes).map(|(field, _)| *field).collect();
        match changed.first() {
            Some(field @ &("certificate" | "certified_until")) if row.id == importer.id => {
                Err(own(importer, field))
            }
            Some(field) if row.id != importer.id && importer.not_below.contains(&row.id) => {
                let problem = Problem::new(codes::PERSON_ABOVE).value(&importer.shown);
                let problem = problem.with("officer", shown(&row.id, &record.name));
                Err(FieldRefusal { field, problem })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Refuses posts of days that are over: they would give powers backwards, or take away those by which somebody
    /// acted.
    ///
    /// # Source
    /// R191 and R192, by command.
    pub(crate) fn refuse_backdated(&self, row: &OfficerRow) -> Result<(), FieldRefusal> {
        let Some(since) = self.posts_since() else { return Ok(()) };
        let posts = self.officers.get(&row.id).map_or(&[][..], |officer| officer.posts.as_slice());
        let touched = self.touched_roles(row);
        let post = |role: &&str| Post { role: (*role).to_owned(), from: row.from, until: row.until };
        let refusal = |field, day: Option<Day>| {
            let problem = Problem::new(codes::POST_BACKDATED)
                .value(&day.map_or_else(String::new, |day| day.to_string()));
            Err(FieldRefusal { field, problem: problem.with("today", since.to_string()) })
        };
        if touched.iter().map(post).any(|post| is_backdated(posts, &post, since)) {
            return refusal("from", row.from);
        }
        let is_over = row.until.is_some_and(|until| until < since);
        if is_over && !touched.is_empty() {
            return refusal("until", row.until);
        }
        Ok(())
    }

    /// Returns the first day from which new posts may count, where whoever takes the file is one of the register.
    pub(crate) fn posts_since(&self) -> Option<Day> {
        self.importer.as_ref().and_then(|importer| importer.since)
    }

    /// Lists the roles that a row gives, ends or takes away.
    fn touched_roles<'r>(&'r self, row: &'r OfficerRow) -> Vec<&'r str> {
        let said: &[String] = match &row.roles {
            FieldChange::Keep => return Vec::new(),
            FieldChange::Clear => &[],
            FieldChange::Set(roles) => roles,
        };
        let posts = self.officers.get(&row.id).map_or(&[][..], |officer| officer.posts.as_slice());
        let days: [Option<Day>; 2] = [row.from, row.until];
        let is_known = |role: &String| {
            let undated = days == [None, None];
            posts.iter().any(|post| post.role == *role && (undated || [post.from, post.until] == days))
        };
        let given = said.iter().filter(|role| !is_known(role));
        let listed = self.records.get(&row.id).map_or(&[][..], |record| record.roles.as_slice());
        let taken = listed.iter().filter(|role| !said.contains(role));
        given.chain(taken).map(String::as_str).collect()
    }

    /// Refuses a row by which whoever takes the file makes himself an officer of a grid.
    pub(crate) fn refuse_own_grid(
        &self,
        row: &GridRow,
        before: Option<&GridRecord>,
    ) -> Result<(), FieldRefusal> {
        let Some(importer) = &self.importer else { return Ok(()) };
        let before = before.map(|grid| [&grid.officer, &grid.backup]);
        let said = [("officer", &row.officer), ("backup", &row.backup)];
        for (at, (field, said)) in said.into_iter().enumerate() {
            let was = before.and_then(|before| before[at].as_ref());
            let now = said.clone().or(was.cloned());
            let touches_own = [now.as_ref(), was].contains(&Some(&importer.id));
            if touches_own && now.as_ref() != was {
                return Err(own(importer, field));
            }
        }
        Ok(())
    }

    /// Refuses a row that names an officer of a grid otherwise than by one id: by a name, or several people.
    pub(crate) fn refuse_unlike_id(&self, row: &GridRow) -> Result<(), FieldRefusal> {
        for (field, said) in [("officer", &row.officer), ("backup", &row.backup)] {
            let FieldChange::Set(said) = said else { continue };
            if self.records.contains_key(said) {
                continue;
            }
            let named = self.records.values().filter(|record| record.name == *said);
            let named: Vec<String> = named.map(|record| shown(&record.id, &record.name)).collect();
            let parts = said.split(PEOPLE_MARKS).filter(|part| !part.trim().is_empty()).count();
            let problem = match (named.is_empty(), parts) {
                (false, _) => Problem::new(codes::OFFICER_BY_NAME).with("officer", lang::list(named)),
                (true, 2..) => Problem::new(codes::OFFICERS_SEVERAL),
                (true, _) => continue,
            };
            return Err(FieldRefusal { field, problem: problem.value(said) });
        }
        Ok(())
    }

    /// Notes an officer whom a row brings.
    pub(crate) fn note(&mut self, row: &OfficerRow) {
        let OfficerRow { id, name, certificate, .. } = row;
        let before = self.records.get(id);
        let name = name.clone().or_else(|| before.map(|record| record.name.clone())).unwrap_or_default();
        let certificate = certificate.clone().or(None);
        self.meet(id, &name, certificate.as_deref());
    }

    /// Notes officers of a grid whom nobody knows.
    pub(crate) fn note_strangers(&mut self, row: &GridRow) {
        for said in [&row.officer, &row.backup] {
            let FieldChange::Set(id) = said else { continue };
            if !self.records.contains_key(id) && !self.strangers.contains(id) {
                self.strangers.push(id.clone());
            }
        }
    }
}

fn own(importer: &Importer, field: &'static str) -> FieldRefusal {
    FieldRefusal { field, problem: Problem::new(codes::OWN_ROW).value(&importer.shown) }
}
