#!/bin/bash
# Builds countersign and shows the workflow against an embedded registry: key, sign, verify, and a refusal.
# Nothing is left behind but the build. COUNTERSIGN=path/to/countersign uses a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -z "${COUNTERSIGN:-}" ]; then
  echo "Building countersign; the first time takes a few minutes."
  cargo build --release --locked
  COUNTERSIGN=${CARGO_TARGET_DIR:-target}/release/countersign
fi
COUNTERSIGN=$(realpath "$COUNTERSIGN")

work=$(mktemp -d)
registry=
trap '[ -z "$registry" ] || kill "$registry" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work"
# Neither the user's credentials nor settings take part.
export HOME=$work DOCKER_CONFIG=$work/.docker COSIGN_PASSWORD=quickstart
unset COSIGN_REPOSITORY COSIGN_EXPERIMENTAL COSIGN_DOCKER_MEDIA_TYPES

countersign() { "$COUNTERSIGN" "$@"; }
# Shows a command as it would be typed, and runs it.
show() { echo; echo "$ $*"; "$@"; }

# An image of one small layer, as an OCI layout.
layout() {
  mkdir -p image/blobs/sha256
  local layer config manifest
  blob() { local digest; digest=$(sha256sum "$1" | cut -d' ' -f1); mv "$1" "image/blobs/sha256/$digest"; echo "$digest"; }
  size() { wc -c < "image/blobs/sha256/$1" | tr -d ' '; }
  echo "hello from countersign" > hello
  tar -cf layer hello
  layer=$(blob layer)
  printf '{"architecture":"amd64","os":"linux","config":{},"rootfs":{"type":"layers","diff_ids":["sha256:%s"]}}' "$layer" > config
  config=$(blob config)
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json","config":{"mediaType":"application/vnd.oci.image.config.v1+json","size":%s,"digest":"sha256:%s"},"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar","size":%s,"digest":"sha256:%s"}]}' \
    "$(size "$config")" "$config" "$(size "$layer")" "$layer" > manifest
  manifest=$(blob manifest)
  printf '{"imageLayoutVersion":"1.0.0"}' > image/oci-layout
  printf '{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"application/vnd.oci.image.manifest.v1+json","size":%s,"digest":"sha256:%s","annotations":{"kind":"dev.cosignproject.cosign/image"}}]}' \
    "$(size "$manifest")" "$manifest" > image/index.json
  digest=sha256:$manifest
}
layout

echo
echo "$ countersign registry serve &"
# Not through the function: the shell between would be what is killed at the end.
"$COUNTERSIGN" registry serve --addr 127.0.0.1:0 > address 2> registry.log &
registry=$!
for _ in $(seq 100); do [ -s address ] && break; sleep 0.1; done
address=$(cat address)
echo "$address"
image=$address/acme/app

show countersign load --dir image "$image:1.0"
show countersign generate-key-pair
show countersign sign --yes --key cosign.key --tlog-upload=false "$image@$digest"
show countersign verify --key cosign.pub --insecure-ignore-tlog "$image:1.0"
show countersign tree "$image:1.0"

echo
echo "Another key did not sign it:"
show countersign generate-key-pair --output-key-prefix other
code=0
show countersign verify --key other.pub --insecure-ignore-tlog "$image:1.0" || code=$?
[ "$code" = 12 ] || { echo "expected exit code 12 (no matching signatures), got $code" >&2; exit 1; }

echo
echo "Done: signed, verified, and refused with exit code 12. Against a real registry leave out --tlog-upload=false and"
echo "--insecure-ignore-tlog: the signature is then recorded in the public transparency log, and verify checks that."
