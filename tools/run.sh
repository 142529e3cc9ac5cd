#!/bin/sh
# Serve: this machine's own week, or with `rehearsal` a made-up one that is thrown away afterwards.
set -eu
flask=.venv/bin/flask
base="http://${HOST:-127.0.0.1}:${PORT:-8000}"

addresses() {
    echo
    echo "  $base/          the programme"
    echo "  $base/sign-in   staff: desk, office, outbox"
    echo "  $base/door/     the scanner at the door"
    echo
}

if [ "${1:-}" != rehearsal ]; then
    $flask db upgrade
    $flask rehearsal example-weeks --if-empty
    addresses
    $flask rehearsal sign-ins
    echo
    exec $flask serve
fi

TUANHOC_INSTANCE=$(mktemp -d "${TMPDIR:-/tmp}/tuanhoc-rehearsal.XXXXXX")
export TUANHOC_INSTANCE
unset TUANHOC_DATABASE_URL
trap 'rm -rf "$TUANHOC_INSTANCE"' EXIT
$flask db upgrade
$flask rehearsal load --open-now --out "$TUANHOC_INSTANCE/manifest.json"
addresses
.venv/bin/python -m tools.rehearsal "$TUANHOC_INSTANCE/manifest.json"
echo
$flask serve &
server=$!
trap 'kill -TERM $server 2>/dev/null' INT TERM HUP
status=0
wait $server || status=$?
while kill -0 $server 2>/dev/null; do wait $server || status=$?; done
[ $status -lt 128 ] || status=0
exit $status
