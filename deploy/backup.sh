#!/bin/sh
# Make a complete copy of an index while it is served and indexed.
#
#     backup.sh INDEX COPY
#
# COPY must not exist, and must be on the same file system: its files are hard links, so it is
# made at once and needs no additional space. Then save COPY with tar, rsync or the like.
# Why this is safe: docs/deployment.md, "Backup". Set BAOCHA to the path of the program if `baocha`
# is not found.
set -eu

[ $# -eq 2 ] || { echo "usage: $0 INDEX COPY" >&2; exit 2; }
index=$1 copy=$2 baocha=${BAOCHA:-baocha}
fail() { echo "$0: $1" >&2; exit 2; }
[ -d "$index" ] || fail "$index is not a folder"
[ ! -e "$copy" ] || fail "$copy exists; give a new name"
command -v -- "$baocha" >/dev/null || fail "$baocha is not a program; set BAOCHA to its path"
folder=$(dirname -- "$copy")
[ -d "$folder" ] || fail "$folder is not a folder"
[ "$(stat -c %d -- "$index")" = "$(stat -c %d -- "$folder")" ] ||
    fail "$copy is on another file system than $index; give a name beside the index"

# If a copy is made during a commit, a file may be missing: then copy again. If the index itself is
# damaged, print the error and stop.
attempt=1
until cp -al -- "$index" "$copy" 2>/dev/null && "$baocha" verify --index "$copy" >/dev/null 2>&1; do
    rm -rf -- "$copy"
    "$baocha" verify --index "$index" >/dev/null || exit 1
    [ "$attempt" -lt 20 ] || fail "no complete copy in $attempt attempts"
    attempt=$((attempt + 1))
    sleep 1
done
# The lock of the index is not the lock of its copy.
rm -f -- "$copy/MAIN_WRITELOCK"
