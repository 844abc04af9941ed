#!/usr/bin/env bash
# Starts ./run.sh with data of its own, twice, and sees that it gets ready, answers, keeps the data and ends on TERM with everything it started.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. build/prerequisites.sh
. build/processes.sh

data=$(mktemp -d /tmp/portal-run-XXXXXXXX)
run_pid=

main() {
  trap end_everything EXIT
  trap 'exit 1' INT TERM HUP
  chmod 0755 "$data"
  find_free_port
  local portal_port=$free_port
  find_free_port
  local simulator_port=$free_port

  start_and_end "$portal_port" "$simulator_port"
  [[ ! -e $data/logs/initdb.log.previous ]] || fail 'the first start found logs of an earlier one.'
  start_and_end "$portal_port" "$simulator_port"
  [[ ! -e $data/logs/initdb.log ]] || fail 'the second start made the database again.'
}

start_and_end() {
  local portal=http://127.0.0.1:$1 log=$data/output result=0 deadline=$((SECONDS + 150))
  : >"$log"
  start_process "$log" env "PORTAL_DATA=$data" "PORTAL_PORT=$1" "SIMULATOR_PORT=$2" ./run.sh
  run_pid=$started_pid
  until grep -qx "Portal ready: $portal" "$log"; do
    if ! is_running "$run_pid" || ((SECONDS >= deadline)); then
      cat "$log"
      fail 'run.sh did not get ready.'
    fi
    sleep 0.1
  done
  cat "$log"
  build/answers.sh "$portal/health/live" || fail 'the portal does not answer.'

  kill -TERM "$run_pid"
  wait "$run_pid" || result=$?
  run_pid=
  ((result == 0)) || fail "run.sh ended with $result after TERM."
  port_is_free "$1" || fail 'run.sh left the portal running.'
  port_is_free "$2" || fail 'run.sh left the simulated cloud running.'
  [[ ! -e $data/postgres/postmaster.pid ]] || fail 'run.sh left the database server running.'
}

# shellcheck disable=SC2317 # the EXIT trap calls it
end_everything() {
  trap '' INT TERM HUP
  stop_process "$run_pid"
  rm -rf "$data"
}

main
