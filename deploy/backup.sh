#!/bin/sh
# Make a complete copy of an index while it is served and indexed.
#
#     backup.sh INDEX COPY
#
# COPY must not exist, and must be on the same file system: its files are hard links, so it is
# made in a moment and takes no space of its own. Then take COPY away with tar, rsync or the like.
# Why this is safe: docs/deployment.md, "Backup". BAOCHA names the program where it is not `baocha`.
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

# A copy that is made during a commit may lack a file: then another is made. What is wrong with
# the index itself is said once.
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
