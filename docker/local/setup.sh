#!/usr/bin/env bash
# Brings a bare machine to the point where everything can start: system packages, Python environment, front-end
# files, translations. Each step is skipped when what it depends on has not changed, so a second call is quick.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
root=$(pwd -P)
stamps=.local/stamps
(umask 022 && mkdir -p "$stamps")

say() { printf '%s\n' "$*" >&2; }
die() { say "Error: $*"; exit 1; }

exec 9>.local/setup.lock
flock 9

fingerprint() { { printf '%s\n' "$root" "${extra:-}"; cat "$@"; } | sha256sum | cut -d' ' -f1; }
unchanged() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }

# -- system packages
docker/packages.sh app services test

# -- Python environment
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return 0
    fi
  done
  return 1
}
install_locked() { # folder, lock
  "$1/bin/python" -m pip install --quiet --disable-pip-version-check --no-input --no-compile --only-binary :all: \
    --require-hashes -r "$2" >&2 \
    || die "the Python packages of $2 could not be installed (pip's words are above). Is the package index reachable?"
}
extra=""
wanted=$(fingerprint requirements-dev.txt)
if ! unchanged python "$wanted" || ! .venv/bin/python -c '' 2>/dev/null; then
  python=$(find_python) || die "Python 3.11, 3.12 or 3.13 with its venv module is needed. Debian: apt-get install python3-venv"
  if [ ! -x .venv/bin/python ] || ! .venv/bin/python -c 'import pip' 2>/dev/null \
    || ! head -1 .venv/bin/pip | grep -qF "$root/.venv/"; then
    say "Making the Python environment with $("$python" --version) …"
    "$python" -m venv --clear .venv
  fi
  say "Installing Python packages …"
  install_locked .venv requirements-dev.txt
  printf '%s' "$wanted" >"$stamps/python"
fi

# -- front-end files
wanted=$(fingerprint package.json package-lock.json .npmrc)
if ! unchanged frontend "$wanted" || [ ! -d node_modules/@kern-ux ]; then
  npm=$(command -v npm || true)
  if [ -z "$npm" ] || ! node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' 2>/dev/null; then
    # The system has no Node.js: a package of PyPI brings it along, in a folder of its own.
    if [ ! -x .local/nodejs/bin/npm ]; then
      say "Installing Node.js …"
      python3=$(find_python) || die "Python 3.11, 3.12 or 3.13 with its venv module is needed."
      "$python3" -m venv --clear .local/nodejs
      install_locked .local/nodejs requirements-node.txt
    fi
    PATH=$root/.local/nodejs/bin:$PATH
    npm=$root/.local/nodejs/bin/npm
  fi
  say "Installing front-end files …"
  "$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error >&2 \
    || die "the front-end files could not be installed (npm's words are above). Is the npm registry reachable?"
  # The design system has physical left and right only: its mirrored sheet, for languages from right to left.
  "$npm" run --silent build >&2
  printf '%s' "$wanted" >"$stamps/frontend"
fi

# -- a browser for the journeys, where the system has no package of it
if ! command -v chromium-headless-shell chromium >/dev/null && [ ! -e .local/chromium ]; then
  say "Installing a browser for the journeys …"
  if .venv/bin/playwright install --with-deps chromium >&2; then
    ln -s "$(.venv/bin/python -c 'from playwright.sync_api import sync_playwright as s
with s() as p: print(p.chromium.executable_path)')" .local/chromium
  else
    say "No browser could be installed: everything works but the journeys of make test."
  fi
fi

# -- translations
find . -path ./node_modules -prune -o -path ./.venv -prune -o -path ./.local -prune -o -name '*.po' -print | while read -r po; do
  mo=${po%.po}.mo
  if [ ! -f "$mo" ] || [ "$po" -nt "$mo" ]; then
    say "Compiling $po …"
    msgfmt --check-format -o "$mo" "$po"
  fi
done
