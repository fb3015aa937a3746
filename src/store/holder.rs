//! The process that a database belongs to while it runs.

use crate::time::Stamp;

/// Who holds a database.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holder {
    /// Process id.
    pub pid: u32,
    /// Name of the machine.
    pub host: String,
    pub since: Stamp,
}

/// Letters that a server keeps of the name of a program.
const NAME_MAX: usize = 63;

impl Holder {
    /// Writes it as the name that a server knows a connection by: a word of ours, process, moment, machine.
    pub(super) fn connection_name(&self) -> String {
        let Self { pid, host, since } = self;
        let mut name = format!("wubu {pid} {since} {host}");
        name.retain(|letter| letter.is_ascii_graphic() || letter == ' ');
        name.truncate(NAME_MAX);
        name
    }

    /// Reads such a name.
    pub(super) fn of_connection(name: &str) -> Option<Self> {
        let mut words = name.strip_prefix("wubu ")?.splitn(3, ' ');
        let (pid, since) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Self { pid, host: words.next()?.to_owned(), since })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_connection_says_who_holds_it() {
        let holder = Holder { pid: 4_711, host: "so-1".to_owned(), since: Stamp::from_micros(7) };
        assert_eq!(Holder::of_connection(&holder.connection_name()), Some(holder.clone()));
        let long = Holder { host: "m".repeat(100), ..holder };
        assert_eq!(long.connection_name().len(), NAME_MAX);
        assert!(Holder::of_connection(&long.connection_name()).is_some_and(|read| read.pid == 4_711));
        assert_eq!(Holder::of_connection("psql"), None);
    }
}
