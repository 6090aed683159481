#!/bin/bash
# Fetches the real tools that the interoperability tests run against, as Debian packages, without installing them:
#   cosign25 (trixie) cosign31 (sid) crane oras docker-registry rekor-cli notation
# They land in $COUNTERSIGN_PEERS/bin (default: target/peers/bin). The mirror is the one the system's own apt uses.
# Exit 0: all there. Exit 3: not possible on this machine (no apt, no Debian mirror, no network); the reason is printed.
set -u
cd "$(dirname "$0")/.." || exit 1
peers=${COUNTERSIGN_PEERS:-target/peers}
wanted="cosign25 cosign31 crane oras docker-registry rekor-cli notation"

cannot() { echo "peers: $*" >&2; exit 3; }
complete() { local t; for t in $wanted; do [ -x "$peers/bin/$t" ] || return 1; done; }
retry() { local n; for n in 1 2 3; do "$@" && return 0; echo "peers: attempt $n of 3 failed: $1 $2 …" >&2; sleep $((n * 3)); done; return 1; }

complete && exit 0
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || cannot "apt-get and dpkg-deb are needed to fetch them"
keyring=$(ls /usr/share/keyrings/debian-archive-keyring.{pgp,gpg} 2>/dev/null | head -1)
[ -n "$keyring" ] || cannot "the keyring of the Debian archive is missing (package debian-archive-keyring)"

# The address of the Debian archive, as apt itself has it; comments and other archives don't count.
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -E '/debian/?$' | head -1)
[ -n "$mirror" ] || mirror=$(grep -rhE '^(URIs:|deb )' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
  grep -oE '[a-z+]+://[^ ]+/debian/?( |$)' | head -1 | tr -d ' ')
[ -n "$mirror" ] || cannot "apt has no Debian archive configured"

mkdir -p "$peers"/{lists/partial,cache/archives/partial,debs,bin} || cannot "can't write to $peers"
peers=$(cd "$peers" && pwd)
exec 9>"$peers/lock"; flock 9 2>/dev/null
complete && exit 0
printf 'deb [signed-by=%s] %s trixie main\ndeb [signed-by=%s] %s sid main\n' "$keyring" "$mirror" "$keyring" "$mirror" > "$peers/sources.list"
apt=(apt-get -q -oDir::Etc::SourceList="$peers/sources.list" -oDir::Etc::SourceParts=/nonexistent
  -oDir::State::Lists="$peers/lists" -oDir::Cache="$peers/cache" -oAPT::Sandbox::User="$(id -un)"
  -oAcquire::Retries=3 -oAcquire::Languages=none -oAPT::Get::List-Cleanup=0)
retry "${apt[@]}" update >"$peers/apt.log" 2>&1 || { tail -5 "$peers/apt.log" >&2; cannot "the package lists can't be read"; }

# fetch PACKAGE/SUITE FILE=NAME: the package's /usr/bin/FILE as bin/NAME. A failure leaves that one out.
missing=
fetch() {
  local package=$1 pair work; shift
  for pair in "$@"; do [ -x "$peers/bin/${pair#*=}" ] || break; pair=; done
  [ -n "$pair" ] || return 0
  work=$peers/debs/${package//\//-}; rm -rf "$work"; mkdir -p "$work"
  if (cd "$work" && retry "${apt[@]}" download "$package") >>"$peers/apt.log" 2>&1 && dpkg-deb -x "$work"/*.deb "$work/x"; then
    for pair in "$@"; do
      install -m755 "$work/x/usr/bin/${pair%=*}" "$peers/bin/.${pair#*=}" && mv "$peers/bin/.${pair#*=}" "$peers/bin/${pair#*=}"
    done
  else
    missing="$missing $package"
  fi
  rm -rf "$work"
}
fetch cosign/trixie cosign=cosign25
fetch cosign/sid cosign=cosign31
fetch crane/sid crane=crane
fetch oras/sid oras=oras
fetch docker-registry/sid docker-registry=docker-registry
fetch rekor/sid rekor-cli=rekor-cli
fetch notation/sid notation=notation
[ -z "$missing" ] || { tail -5 "$peers/apt.log" >&2; cannot "could not fetch$missing"; }
for t in $wanted; do echo "peers: $peers/bin/$t"; done
