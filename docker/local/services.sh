#!/usr/bin/env bash
# A private PostgreSQL (with PostGIS) and a private Redis of their own, on sockets, below one folder.
#
#   services.sh start [FOLDER]    starts both, if they do not run yet, and prints DATABASE_URL=… and REDIS_URL=…
#   services.sh stop [FOLDER]     ends both
#   services.sh remove [FOLDER]   ends both and deletes their data
#
# Without FOLDER it is the checkout's own .local, and a DATABASE_URL or REDIS_URL that is set already wins: then
# that service is the one of the address. With FOLDER it is always a pair of its own (tests that kill services).
# Nothing here touches the machine's own services: no port is opened, every process belongs to the folder.
set -euo pipefail
umask 077

command=${1:-}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)

say() { printf '%s\n' "$*" >&2; }
die() { say "Error: $*"; exit 1; }

given_database=""
given_redis=""
if [ -z "${2:-}" ]; then
  folder=$root/.local
  given_database=${DATABASE_URL:-}
  given_redis=${REDIS_URL:-}
else
  folder=$2
fi
case $command in start | stop | remove) ;; *) die "usage: services.sh start|stop|remove [FOLDER]" ;; esac
[ "$command" = start ] || [ -d "$folder" ] || exit 0
(umask 022 && mkdir -p "$folder")
folder=$(cd "$folder" && pwd -P)

# PostgreSQL refuses to run as root: root hands both services to the unprivileged user the package brought along.
if [ "$(id -u)" = 0 ]; then
  owner=postgres
  id "$owner" >/dev/null 2>&1 || owner=nobody
  as_owner() { (cd / && exec runuser -u "$owner" -- env HOME=/ LC_ALL=C.UTF-8 "$@"); }
else
  owner=$(id -un)
  as_owner() { (cd / && exec env LC_ALL=C.UTF-8 "$@"); }
fi

# A socket's path has at most 107 bytes, and an unprivileged user cannot go below a 0700 folder such as root's home.
base=$folder/services
reachable() {
  [ "$(printf '%s' "$base/run/.s.PGSQL.5432.lock" | wc -c)" -le 105 ] || return 1
  as_owner test -x "$folder" 2>/dev/null
}
if ! reachable; then
  base=/var/tmp/helfer-$(id -un)-$(printf '%s' "$folder" | sha256sum | cut -c1-16)
  (umask 022 && mkdir "$base") 2>/dev/null || true
  # The name can be guessed: somebody else's folder of that name is never used.
  [ -d "$base" ] && [ ! -L "$base" ] && [[ "$(stat -c %U "$base")" =~ ^($(id -un)|$owner)$ ]] \
    || die "$base belongs to somebody else. Remove it or move the checkout to a shorter path."
fi
data=$base/postgresql
queue=$base/redis
run=$base/run

find_postgresql() {
  local candidate
  for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
    local version=${candidate#/usr/lib/postgresql/}
    version=${version%/bin}
    # An existing cluster is only understood by the version that made it.
    if [ -f "$data/PG_VERSION" ] && [ "$(cat "$data/PG_VERSION")" != "$version" ]; then continue; fi
    if [ -x "$candidate/postgres" ] && [ -f "/usr/share/postgresql/$version/extension/postgis.control" ]; then
      printf '%s' "$candidate"
      return 0
    fi
  done
  return 1
}

postgresql_answers() { as_owner "$bin/pg_isready" -q -h "$run" -p 5432; }

start_postgresql() {
  bin=$(find_postgresql) || die "no PostgreSQL with PostGIS found. Run: make setup"
  postgresql_answers && return 0
  local fresh=""
  if [ ! -f "$data/.complete" ]; then
    say "Making a private PostgreSQL cluster (version $("$bin/postgres" --version | grep -oE '[0-9]+' | head -1)) …"
    fresh=1
    rm -rf "$data"
    as_owner "$bin/initdb" -D "$data" -U postgres --auth=trust --encoding=UTF8 --locale=C.UTF-8 \
      --locale-provider=icu --icu-locale=de-DE >"$base/initdb.log" 2>&1 \
      || { cat "$base/initdb.log" >&2; die "the database cluster could not be made (see above)."; }
    printf "include_if_exists = 'helfer.conf'\n" >>"$data/postgresql.conf"
  fi
  # Written at each start, because the folder may have been moved. Durable on purpose: tests kill it and count.
  cat >"$data/helfer.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$run'
unix_socket_permissions = 0700
port = 5432
max_connections = 200
shared_buffers = ${HELFER_SHARED_BUFFERS:-256MB}
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 256MB
random_page_cost = 1.1
max_wal_size = 2GB
max_locks_per_transaction = 256
fsync = on
synchronous_commit = on
full_page_writes = on
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
CONF
  chmod a+r "$data/helfer.conf"
  say "Starting PostgreSQL …"
  as_owner "$bin/pg_ctl" start -D "$data" -w -t 60 -s -l "$data/server.log" </dev/null >&2 \
    || { tail -n 20 "$data/server.log" >&2; die "PostgreSQL did not start (its last words are above)."; }
  if [ -n "$fresh" ]; then
    as_owner "$bin/psql" -q -X -v ON_ERROR_STOP=1 -h "$run" -p 5432 -U postgres -d template1 >&2 <<'SQL'
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
CREATE ROLE helfer LOGIN CREATEDB;
SQL
    as_owner "$bin/createdb" -h "$run" -p 5432 -U postgres -O helfer helfer
    as_owner touch "$data/.complete"
  fi
}

redis_answers() { [ "$("$redis_cli" -s "$run/redis.sock" ping 2>/dev/null)" = PONG ]; }

find_redis() {
  redis_server=$(command -v redis-server || command -v valkey-server) || return 1
  redis_cli=$(command -v redis-cli || command -v valkey-cli) || return 1
}

start_redis() {
  find_redis || die "no Redis found. Run: make setup"
  redis_answers && return 0
  say "Starting Redis …"
  as_owner "$redis_server" --port 0 --unixsocket "$run/redis.sock" --unixsocketperm 700 --daemonize yes \
    --dir "$queue" --pidfile "$queue/redis.pid" --logfile "$queue/server.log" \
    --appendonly yes --appendfsync everysec --save '' --maxmemory-policy noeviction </dev/null >&2
  local tries=0
  until redis_answers; do
    tries=$((tries + 1))
    [ "$tries" -le 150 ] || { tail -n 20 "$queue/server.log" >&2; die "Redis did not start (its last words are above)."; }
    sleep 0.1
  done
}

stop_postgresql() {
  bin=$(find_postgresql) || return 0
  as_owner "$bin/pg_ctl" status -D "$data" >/dev/null 2>&1 || return 0
  say "Ending PostgreSQL …"
  as_owner "$bin/pg_ctl" stop -D "$data" -m fast -w -t 60 -s >&2
}

stop_redis() {
  find_redis || return 0
  redis_answers || return 0
  local pid
  pid=$(cat "$queue/redis.pid")
  say "Ending Redis …"
  "$redis_cli" -s "$run/redis.sock" shutdown >/dev/null 2>&1 || true
  local tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 100 ]; do
    tries=$((tries + 1))
    sleep 0.1
  done
}

case $command in
  start)
    (umask 022 && mkdir -p "$base")
    if [ "$(id -u)" = 0 ]; then
      install -d -m 0700 -o "$owner" "$run" "$queue"
      # The cluster's own folder is made by initdb, in a parent that its owner may write.
      chown "$owner" "$base"
    else
      install -d -m 0700 "$run" "$queue"
    fi
    # Two calls at once wait for each other; the services themselves must not inherit the lock.
    exec 9>"$folder/services.lock"
    flock 9
    if [ -n "$given_database" ]; then
      database_url=$given_database
    else
      start_postgresql 9>&-
      database_url="postgresql://helfer@/helfer?host=$(printf '%s' "$run" | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g; s/&/%26/g; s/+/%2B/g')"
    fi
    if [ -n "$given_redis" ]; then
      redis_url=$given_redis
    else
      start_redis 9>&-
      redis_url="unix://$(printf '%s' "$run/redis.sock" | sed 's/%/%25/g; s/ /%20/g; s/#/%23/g; s/?/%3F/g')?db=0"
    fi
    if [ -z "$given_database$given_redis" ]; then
      printf 'DATABASE_URL=%s\nREDIS_URL=%s\n' "$database_url" "$redis_url" >"$folder/env.new"
      chmod 0644 "$folder/env.new"
      mv "$folder/env.new" "$folder/env"
    fi
    printf 'DATABASE_URL=%s\nREDIS_URL=%s\n' "$database_url" "$redis_url"
    ;;
  stop | remove)
    [ -d "$base" ] || exit 0
    exec 9>"$folder/services.lock"
    flock 9
    stop_redis 9>&-
    stop_postgresql 9>&-
    if [ "$command" = remove ]; then
      rm -rf "$base" "$folder/env" "$folder/services.lock"
    fi
    ;;
esac
