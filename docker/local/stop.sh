#!/usr/bin/env bash
# `make stop`: ends what `make run` and `make services` of this checkout started, and nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
state=.local/run
ours() { # a recorded number may belong to a stranger by now
  [ -r "/proc/$1/cwd" ] && [ "$(readlink "/proc/$1/cwd")" = "$(pwd -P)" ]
}
for name in run web worker beat; do
  [ -f "$state/$name.pid" ] || continue
  pid=$(cat "$state/$name.pid")
  if ours "$pid"; then
    echo "Ending $name …" >&2
    kill -TERM "$pid" 2>/dev/null || true
    for _ in $(seq 250); do
      kill -0 "$pid" 2>/dev/null || break
      sleep 0.1
    done
  fi
  rm -f "$state/$name.pid"
done
exec docker/local/services.sh stop
