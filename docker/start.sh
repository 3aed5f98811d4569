#!/usr/bin/env bash
# Starts one part of the program: web, worker or beat. The same for `make run` and for the image.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -d .venv ]; then PATH=$PWD/.venv/bin:$PATH; fi
export PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=helfer.settings

case ${1:-} in
  web)
    exec granian --interface wsgi --no-ws --host "${HELFER_HOST:-127.0.0.1}" --port "${HELFER_PORT:-8000}" \
      --workers "${HELFER_WEB_WORKERS:-1}" --blocking-threads "${HELFER_WEB_THREADS:-4}" \
      --respawn-failed-workers --workers-kill-timeout 15s helfer.wsgi:application
    ;;
  worker)
    # On a development machine of root's, root it is: nothing is ever unpickled.
    export PYTHONWARNINGS="${PYTHONWARNINGS:+$PYTHONWARNINGS,}ignore:You're running the worker"
    exec celery --quiet --app helfer worker --loglevel "${HELFER_LOG_LEVEL:-INFO}" --concurrency "${HELFER_WORKER_PROCESSES:-2}" \
      --without-gossip --without-mingle
    ;;
  beat)
    # The due times live in the database; this file only remembers the last tick and may be lost.
    exec celery --quiet --app helfer beat --loglevel "${HELFER_LOG_LEVEL:-INFO}" --pidfile= --schedule "${HELFER_BEAT_FILE:-/tmp/helfer-beat}"
    ;;
  migrate)
    exec python manage.py migrate --no-input
    ;;
  manage)
    exec python manage.py "${@:2}"
    ;;
  *)
    echo "usage: start.sh web|worker|beat|migrate|manage …" >&2
    exit 2
    ;;
esac
