//! Tables of reasons: why something is refused, or what broke.

use std::io;

use crate::lang;

/// What may stand among the words that a text names.
pub trait Argument {
    /// Adds it under its name; what is more than one word adds its own names.
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>);
}

/// Declares the reasons of one room: `/// What it means.`, then `Variant = "id" { word: Type, … },`.
///
/// Gives the enum, `IDS`, `id()` and, where a reason has words, `args()` by the names of its fields.
macro_rules! reasons {
    ($(#[$about:meta])* $public:vis enum $name:ident {
        $($(#[$doc:meta])* $reason:ident = $id:literal,)+
    }) => {
        $(#[$about])*
        $public enum $name { $($(#[$doc])* $reason,)+ }

        impl $name {
            /// Each of them, in order.
            $public const ALL: &'static [Self] = &[$(Self::$reason),+];

            /// Returns the id of its text.
            $public const fn id(self) -> &'static str {
                match self { $(Self::$reason => $id,)+ }
            }
        }
    };
    ($(#[$about:meta])* $public:vis enum $name:ident {
        $($(#[$doc:meta])* $reason:ident = $id:literal $({ $($word:ident: $type:ty),+ $(,)? })?,)+
    }) => {
        $(#[$about])*
        $public enum $name {
            $($(#[$doc])* $reason $({ $(
                #[doc = concat!("Word `", stringify!($word), "` of its text.")]
                $word: $type,
            )+ })?,)+
        }

        impl $name {
            /// The ids of their texts, in order.
            $public const IDS: &'static [&'static str] = &[$($id),+];

            /// Returns the id of its text.
            $public const fn id(&self) -> &'static str {
                match self { $(Self::$reason { .. } => $id,)+ }
            }

            /// Returns the words its text names.
            $public fn args(&self) -> Vec<(&'static str, String)> {
                match self {
                    $(Self::$reason $({ $($word),+ })? => {
                        $crate::diag::args(&[$($((stringify!($word), $word)),+)?])
                    })+
                }
            }
        }
    };
}
pub(crate) use reasons;

/// Puts words into the form in which a text takes them.
pub(crate) fn args(words: &[(&'static str, &dyn Argument)]) -> Vec<(&'static str, String)> {
    let mut args = Vec::with_capacity(words.len());
    for (name, word) in words {
        word.add(name, &mut args);
    }
    args
}

macro_rules! shown {
    ($($type:ty),*) => {
        $(impl Argument for $type {
            fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
                args.push((name, self.to_string()));
            }
        })*
    };
}
shown!(String, &'static str, u32, usize, i64, crate::time::Day);

/// What is not known is a dash.
impl<T: Argument> Argument for Option<T> {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        match self {
            Some(word) => word.add(name, args),
            None => args.push((name, "–".to_owned())),
        }
    }
}

impl Argument for Vec<String> {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        args.push((name, lang::list(self)));
    }
}

/// What the system says of a file: a word that the text `io-cause` has a sentence for, or the system's own.
impl Argument for io::Error {
    fn add(&self, name: &'static str, args: &mut Vec<(&'static str, String)>) {
        args.push((name, said_of_file(self)));
    }
}

/// Returns the word for what the system says of a file; what has none is said in the system's own.
pub(crate) fn said_of_file(error: &io::Error) -> String {
    use io::ErrorKind as Kind;
    let word = match error.kind() {
        Kind::NotFound => "absent",
        Kind::PermissionDenied => "denied",
        Kind::IsADirectory => "folder",
        Kind::NotADirectory => "no-folder",
        Kind::StorageFull | Kind::QuotaExceeded => "full",
        Kind::ReadOnlyFilesystem => "read-only",
        Kind::FileTooLarge => "large",
        Kind::InvalidInput => "odd",
        Kind::InvalidData => "damaged",
        Kind::UnexpectedEof => "cut",
        Kind::BrokenPipe => "broken",
        _ => return error.to_string(),
    };
    word.to_owned()
}
