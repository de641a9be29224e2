#!/bin/sh
# Brings a folder to the newest commit of a branch, whatever is there, and runs a command in it. Needs git.
#
#   drift-checkout.sh
#
#   REPOSITORY_URL      what git clones
#   REPOSITORY_BRANCH   the branch
#   REPOSITORY_FOLDER   where it is to be
#   REPOSITORY_PREPARE  the command, such as one that synthesizes; none by default
#
# Exit code: 0, or that of what failed.
set -eu

if [ -d "$REPOSITORY_FOLDER/.git" ]; then
  cd "$REPOSITORY_FOLDER"
  git fetch --quiet --depth=1 origin "$REPOSITORY_BRANCH"
  git reset --quiet --hard FETCH_HEAD
else
  git clone --quiet --depth=1 --single-branch --branch="$REPOSITORY_BRANCH" -- "$REPOSITORY_URL" "$REPOSITORY_FOLDER"
  cd "$REPOSITORY_FOLDER"
fi
git log --max-count=1 --format='On %h of %cI.'

if [ -n "${REPOSITORY_PREPARE:-}" ]; then
  sh -eu -c "$REPOSITORY_PREPARE"
fi
