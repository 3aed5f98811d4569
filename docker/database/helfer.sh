#!/usr/bin/env bash
# Runs once, when the compose file's database is made: a role without power over the cluster, and its database.
set -euo pipefail
psql -q -v ON_ERROR_STOP=1 -U postgres -d postgres -v password="$HELFER_DB_PASSWORD" <<'SQL'
CREATE ROLE helfer LOGIN PASSWORD :'password';
CREATE DATABASE helfer OWNER helfer;
\connect helfer
CREATE EXTENSION IF NOT EXISTS postgis;
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
SQL
