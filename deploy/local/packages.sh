#!/bin/sh
# Install the programs that no wheel carries, where this may be done; else say what is missing and go on:
# what needs one of them says so again, and a test that does fails.
set -eu
PATH="$PATH:/usr/sbin:/sbin"
missing=
add() { command -v "$1" >/dev/null || missing="$missing $2"; }
add chromium chromium # end-to-end tests
add bwrap bubblewrap # decoding uploads without network
add nginx nginx-light # the edge
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "installing$missing (apt-get)"
  export DEBIAN_FRONTEND=noninteractive
  apt-get -qq update
  # shellcheck disable=SC2086 # one word a package
  apt-get -qq install --yes --no-install-recommends $missing >/dev/null
else
  echo "missing:$missing"
  echo "  mend: sudo apt-get install$missing (or your system's packages of the same programs)"
fi
