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
[ ! -e "$copy" ] || { echo "$0: $copy exists" >&2; exit 2; }

attempt=1
until cp -al -- "$index" "$copy" && "$baocha" verify --index "$copy"; do
    rm -rf -- "$copy"
    [ "$attempt" -lt 20 ] || { echo "$0: no complete copy in $attempt attempts" >&2; exit 1; }
    attempt=$((attempt + 1))
    sleep 1
done
# The lock of the index is not the lock of its copy.
rm -f -- "$copy/MAIN_WRITELOCK"
