#!/bin/sh
# Make .venv with the locked dependencies: `setup.sh run`, or `setup.sh dev` for tests too.
set -eu
which=$1

find_python() {
    for name in ${PYTHON:-python3.11 python3.12 python3.13 python3}; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$name"
            return
        fi
    done
}

if [ ! -x .venv/bin/python ] || ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    python=$(find_python)
    if [ -z "$python" ]; then
        echo "Python 3.11 or later is missing: apt install python3.11 python3.11-venv" >&2
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        echo "Python's venv module is missing: apt install python3-venv (python$version-venv)" >&2
        exit 1
    fi
    rm -rf .venv
    echo "Making .venv with $("$python" --version)"
    "$python" -m venv .venv
fi

echo "Installing locked dependencies (requirements/$which.txt)"
.venv/bin/python -m pip install --quiet --no-input --disable-pip-version-check \
    --no-warn-script-location --require-hashes -r "requirements/$which.txt"
touch ".venv/.$which"
