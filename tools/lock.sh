#!/bin/sh
# Lock the dependencies again: exact versions with hashes, no index lines.
set -eu
if ! command -v uv >/dev/null; then
    echo "uv is missing: https://docs.astral.sh/uv/ tells how to get it" >&2
    exit 1
fi
lock() {
    uv pip compile --quiet --python-version 3.11 --python-platform linux --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --upgrade pyproject.toml "$@"
}
lock --extra scale --output-file requirements/run.txt
lock --extra dev --constraint requirements/run.txt --output-file requirements/dev.txt
