#!/bin/sh
# Lives through steps.txt with one build of the program and keeps its database here.
#
#   ./make.sh PROGRAM
#
# Which build made the one that is kept, the README says.
set -eu
program=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cp -r "$here/policy" "$here/later" "$here/papers" "$here"/*.csv "$folder"
cd "$folder"
unset WUBU_SMTP_URL WUBU_WEBHOOK_SECRET
export WUBU_POLICY=policy WUBU_DB=sqlite:wubu.db
grep -v -e '^#' -e '^$' "$here/steps.txt" | while read -r at words; do
    set -f
    set -- $words
    if [ "$1" = copy ]; then
        mkdir -p "$(dirname "$3")"
        cp "$2" "$3"
        continue
    fi
    echo "$at $words" >&2
    status=0
    "$program" --lang zh "$@" --at "$at" </dev/null || status=$?
    [ "$status" -lt 2 ] || exit "$status"
done
sqlite3 wubu.db 'PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE; VACUUM;'
rm -rf "$here/wubu.db.files"
cp -r wubu.db wubu.db.files "$here"

