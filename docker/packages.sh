#!/usr/bin/env bash
# Installs what docker/packages.txt lists for the given purposes, if it is missing:  packages.sh app services test
# The machine's own services stay untouched: apt neither makes a database cluster nor starts a service.
set -euo pipefail

list=$(dirname "${BASH_SOURCE[0]}")/packages.txt
say() { printf '%s\n' "$*" >&2; }
die() { say "Error: $*"; exit 1; }

command -v apt-get >/dev/null || die "this set-up knows Debian 12, Debian 13 and Ubuntu 24.04. Elsewhere install by hand what $list names."

installed() { [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }
# A package of Ubuntu's that only calls for a snap is none.
available() { apt-cache policy "$1" 2>/dev/null | grep -E '^ *Candidate:' | grep -qvE '\(none\)|snap'; }

missing=()
while read -r purpose names; do
  case "$purpose" in '' | '#'*) continue ;; esac
  [[ " $* " == *" $purpose "* ]] || continue
  found=""
  for name in ${names//[|?]/ }; do
    if installed "$name"; then found=1; fi
  done
  [ -n "$found" ] || missing+=("$names")
done <"$list"
[ ${#missing[@]} -gt 0 ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root() { env "$@"; }
elif command -v sudo >/dev/null; then
  as_root() { sudo env "$@"; }
else
  die "these system packages are missing, and there is no sudo. Have an administrator install: ${missing[*]}"
fi

say "Installing system packages …"
as_root apt-get -q update >&2 || say "The package lists could not be brought up to date; trying with the old ones."
chosen=()
for names in "${missing[@]}"; do
  found=""
  for name in ${names//[|?]/ }; do
    if available "$name"; then
      found=$name
      break
    fi
  done
  if [ -n "$found" ]; then
    chosen+=("$found")
  elif [[ $names != *'?' ]]; then
    die "no package source of this system has ${names}. Debian 12, Debian 13 and Ubuntu 24.04 have it in their main section."
  fi
done
[ ${#chosen[@]} -gt 0 ] || exit 0

# While apt works, no service starts and no database cluster is made. Both files go away again afterwards.
undo=()
leave() { for file in "${undo[@]:-}"; do [ -z "$file" ] || as_root rm -f "$file"; done; }
trap leave EXIT
if [ ! -e /usr/sbin/policy-rc.d ]; then
  undo+=(/usr/sbin/policy-rc.d)
  printf '#!/bin/sh\nexit 101\n' | as_root sh -c 'cat >/usr/sbin/policy-rc.d && chmod 755 /usr/sbin/policy-rc.d'
fi
undo+=(/etc/postgresql-common/createcluster.d/helfer.conf)
printf 'create_main_cluster = false\n' \
  | as_root sh -c 'mkdir -p /etc/postgresql-common/createcluster.d && cat >/etc/postgresql-common/createcluster.d/helfer.conf'

as_root DEBIAN_FRONTEND=noninteractive NEEDRESTART_MODE=l apt-get -q -y \
  -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 \
  install --no-install-recommends --no-upgrade "${chosen[@]}" >&2 \
  || die "apt could not install: ${chosen[*]} (its words are above)."

# What was not there before shall not start at the next boot either.
for name in "${chosen[@]}"; do
  case $name in
    redis-server | valkey-server) as_root systemctl disable --quiet "$name" >/dev/null 2>&1 || true ;;
  esac
done
