#!/usr/bin/env bash
# Measures the portal against limits and peers on a database of its own, and prints a table of ratios. Nothing else should run meanwhile.
#
#   bench/run.sh [submit] [dispatch] [latency] [growth]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. build/prerequisites.sh
. build/processes.sh
. build/postgres.sh

workspace=
main() {
  trap finish EXIT
  trap 'exit 1' INT TERM HUP
  require_dotnet
  require_postgres
  [[ -x $postgres_programs/pgbench ]] || fail "pgbench is not in $postgres_programs; it comes with PostgreSQL's server package."
  workspace=$(mktemp -d /var/tmp/portal-bench-XXXXXXXX)
  chmod 0711 "$workspace"
  dotnet restore bench/Portal.Bench/Portal.Bench.csproj --locked-mode --verbosity quiet
  dotnet build bench/Portal.Bench/Portal.Bench.csproj --no-restore --configuration Release --verbosity quiet

  # As safe as a real one: every commit is on the disk. Who may reach the loopback address is not trusted, so the socket is.
  use_database_user
  choose_cluster_folder "$workspace"
  make_cluster "$workspace/initdb.log"
  find_free_port
  cluster_port=$free_port
  start_cluster "$workspace/postgres.log" max_connections=200 shared_buffers=512MB max_wal_size=4GB
  PORTAL_BENCH_DATABASE="Host=$socket_folder;Port=$cluster_port;Username=postgres;Database=postgres" \
    PORTAL_BENCH_PGBENCH="$postgres_programs/pgbench" dotnet bench/Portal.Bench/bin/Release/net10.0/Portal.Bench.dll "$@"
}

# shellcheck disable=SC2317 # the EXIT trap calls it
finish() {
  trap '' INT TERM HUP
  stop_cluster
  [[ -z $workspace ]] || rm -rf "$workspace"
}

main "$@"
