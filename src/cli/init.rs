//! `wubu init DIR`: a policy folder with the shipped policy in the language of `--lang`, to be adapted.

use std::fs;
use std::path::Path;

use clap::{ArgMatches, Command};
use serde_json::json;

use super::{Arguments as _, CommandContext, CommandStop, Exit, out, positional};
use crate::files;
use crate::lang::Lang;
use crate::office::OfficeFault;

pub(super) fn command(command: Command, lang: Lang) -> Command {
    command.arg(positional("dir", "DIR", lang))
}

pub(super) fn run(context: &CommandContext, matches: &ArgMatches) -> Result<Exit, CommandStop> {
    let dir = matches.word("dir");
    let folder = Path::new(&dir);
    let is_used = folder.read_dir().is_ok_and(|mut entries| entries.next().is_some());
    if is_used {
        return Err(CommandStop::Usage("U003", vec![("dir", dir)]));
    }
    let shipped = files::shipped(context.policy_lang);
    for (path, text) in shipped {
        let target = folder.join(path);
        let parent = target.parent().unwrap_or(folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&target, text))
            .map_err(|error| OfficeFault::unwritable(target.display(), error))?;
    }
    let files: Vec<&str> = shipped.iter().map(|(path, _)| *path).collect();
    context.answer(&json!({"dir": dir, "files": files}), |_| {
        let args = [("dir", dir.clone()), ("count", files.len().to_string())];
        out::line(&context.lang.text("init-done", &args));
    })
}
