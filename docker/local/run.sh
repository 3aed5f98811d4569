#!/usr/bin/env bash
# `make run`: services, migrations, demo, then web server, worker and beat in the foreground until Ctrl-C.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
state=.local/run
mkdir -p "$state"

say() { printf '%s\n' "$*" >&2; }
die() { say "Error: $*"; exit 1; }
python=.venv/bin/python

exec 8>"$state/lock"
flock -n 8 || die "this checkout runs already. End it there with Ctrl-C, or with: make stop"
printf '%s' "$$" >"$state/run.pid"

export HELFER_DEMO=${HELFER_DEMO:-true}
# What the demo writes goes to a folder: the offices' e-mails and the codes for signing in.
export HELFER_EMAIL_BACKEND=${HELFER_EMAIL_BACKEND:-django.core.mail.backends.filebased.EmailBackend}
# Every tick and every task would push the rest out of sight; HELFER_LOG_LEVEL=INFO shows them.
export HELFER_LOG_LEVEL=${HELFER_LOG_LEVEL:-WARNING}
export HELFER_HOST=${HELFER_HOST:-127.0.0.1}
export HELFER_BEAT_FILE=$PWD/$state/beat-schedule
free_port() {
  "$python" - "$HELFER_HOST" <<'PY'
import socket, sys
for port in range(8000, 8200):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((sys.argv[1], port))
        except OSError:
            continue
        print(port)
        break
PY
}
export HELFER_PORT=${HELFER_PORT:-$(free_port)}
[ -n "$HELFER_PORT" ] || die "no free port between 8000 and 8199. Name one: make run HELFER_PORT=9000"
address=http://localhost:$HELFER_PORT
export HELFER_SITE_URL=${HELFER_SITE_URL:-$address}

# The files of the look, packed once; again only when one of them changed.
wanted=$(find helfer cms templates node_modules/.package-lock.json .local/stamps/python \
  \( -path '*/static/*' -o -name .package-lock.json -o -path '*/stamps/python' \) -type f -printf '%p %s %T@\n' \
  | sort | sha256sum | cut -d' ' -f1)
if [ "$(cat .local/stamps/static 2>/dev/null)" != "$wanted" ] || [ ! -d .local/static ]; then
  say "Packing the front-end files …"
  "$python" manage.py collectstatic --no-input --clear --verbosity 0 8>&-
  printf '%s' "$wanted" >.local/stamps/static
fi

trap 'say "Ended."; exit 0' INT TERM
say "Bringing the database up to date …"
"$python" docker/local/prepare.py 8>&- || die "the database could not be prepared (see above)."

pids=()
names=()
launch() { # number; each in a process group of its own: Ctrl-C reaches only this script, which ends them in order
  local name=${names[$1]}
  setsid docker/start.sh "$name" </dev/null 8>&- \
    > >(trap '' INT TERM; exec sed -u "s/^/$(printf '%-6s' "$name") | /" 8>&-) 2>&1 &
  pids[$1]=$!
  printf '%s' "$!" >"$state/$name.pid"
}
start() {
  names+=("$1")
  launch $((${#names[@]} - 1))
}
# The queue's library may end a worker while Redis is away. Nothing is lost by that, so it is started again, after
# a pause that grows as long as it does not stay up. Web server and beat do not end by themselves.
worker_pause=1
worker_since=0
worker_due=0
rest_worker() { # number, status
  [ $((SECONDS - worker_since)) -lt 60 ] || worker_pause=1
  say "worker ended by itself (status $2); it is started again in $worker_pause s."
  say "Does Redis run? \"make services\" starts it."
  kill -KILL -- "-${pids[$1]}" 2>/dev/null || true
  pids[$1]=""
  rm -f "$state/worker.pid"
  worker_due=$((SECONDS + worker_pause))
  worker_pause=$((worker_pause < 32 ? worker_pause * 2 : 60))
}
ended=""
finish() {
  trap '' INT TERM HUP
  ended=1
  say "Ending …"
  local pid tries=0
  for pid in ${pids[@]}; do kill -TERM "$pid" 2>/dev/null || true; done
  while [ "$tries" -lt 200 ]; do
    local alive=""
    for pid in ${pids[@]}; do if kill -0 "$pid" 2>/dev/null; then alive=1; fi; done
    [ -n "$alive" ] || break
    tries=$((tries + 1))
    sleep 0.1
  done
  for pid in ${pids[@]}; do kill -KILL -- "-$pid" 2>/dev/null || true; done
  rm -f "$state"/*.pid
  say "Ended. PostgreSQL and Redis still run; they end with: make stop"
}
trap 'finish; exit 0' INT TERM HUP
start web
start worker
start beat

answers() {
  "$python" - "$HELFER_HOST" "$HELFER_PORT" <<'PY' 2>/dev/null
import http.client, sys
host = "127.0.0.1" if sys.argv[1] == "0.0.0.0" else sys.argv[1]
connection = http.client.HTTPConnection(host, int(sys.argv[2]), timeout=10)
connection.request("GET", "/", headers={"Host": "localhost"})
sys.exit(connection.getresponse().status >= 500)
PY
}
for _ in $(seq 100); do
  if answers; then
    printf '\n  Helfer runs:  %s\n\n' "$address"
    "$python" manage.py demo --how-to-sign-in 8>&- || true
    printf '\n  Ctrl-C ends it.\n\n'
    break
  fi
  kill -0 "${pids[0]}" 2>/dev/null || break
  sleep 0.2
done

while [ -z "$ended" ]; do
  for i in "${!pids[@]}"; do
    if [ -z "${pids[$i]}" ]; then
      [ "$SECONDS" -lt "$worker_due" ] || { worker_since=$SECONDS; say "Starting the worker again …"; launch "$i"; }
      continue
    fi
    kill -0 "${pids[$i]}" 2>/dev/null && continue
    status=0
    wait "${pids[$i]}" || status=$?
    if [ "${names[$i]}" = worker ]; then
      rest_worker "$i" "$status"
      continue
    fi
    say "${names[$i]} ended by itself (status $status); its last words are above."
    finish
    exit 1
  done
  sleep 0.5 &
  wait "$!" || true
done
