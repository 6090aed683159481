#!/bin/sh
# Runs the public TUF conformance suite (theupdateframework/tuf-conformance) against our client.
#
#   tests/conformance/tuf.sh SUITE [pytest arguments]
#
# SUITE is a clone of the suite; its Python packages (see its pyproject.toml) and faketime must be installed, in the
# environment of $PYTHON (python3 unless set).
set -eu
suite=${1:?usage: tests/conformance/tuf.sh SUITE}
shift
root=$(cd "$(dirname "$0")/../.." && pwd)
suite=$(cd "$suite" && pwd)
cargo build --quiet --manifest-path "$root/Cargo.toml" --example tuf_conformance_client
cd "$suite"
exec "${PYTHON:-python3}" -m pytest -q tuf_conformance \
    --entrypoint "${CARGO_TARGET_DIR:-$root/target}/debug/examples/tuf_conformance_client" "$@"
