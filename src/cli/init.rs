//! `wubu init DIR`: a policy folder with the shipped policy, to be adapted.

use std::fs;
use std::path::Path;

use clap::{ArgMatches, Command};
use serde::Serialize;

use super::{Arguments as _, CommandContext, CommandStop, Exit, out, positional};
use crate::files::SHIPPED;
use crate::lang::Lang;
use crate::office::OfficeFault;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(positional("dir", "DIR", lang))
}

#[derive(Serialize)]
struct InitAnswer {
    dir: String,
    files: Vec<&'static str>,
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let dir = matches.word("dir");
    let folder = Path::new(&dir);
    let is_used = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_used {
        return Err(CommandStop::Usage("U003", vec![("dir", dir)]));
    }
    for (path, text) in SHIPPED {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&target, text))
            .map_err(|error| OfficeFault::unwritable(target.display(), error))?;
    }
    let made = InitAnswer { dir: dir.clone(), files: SHIPPED.iter().map(|(path, _)| *path).collect() };
    context.answer(&made, |made| {
        let args = [("dir", dir.clone()), ("count", made.files.len().to_string())];
        out::line(&context.lang.text("init-done", &args));
    })
}
