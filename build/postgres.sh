# shellcheck shell=bash
# A private PostgreSQL cluster: made, started and stopped without touching any other. Sourced; needs prerequisites.sh and processes.sh.
# Who reaches the socket is trusted, so its folder is closed to everybody but the cluster's user (and root).

postgres_programs=${postgres_programs:-}
started_pid=${started_pid:-}
postgres_pid=
socket_folder=
# The number in the socket's name; a TCP port only for who sets listen_addresses.
cluster_port=5432

# PostgreSQL's programs refuse to run as root, so root runs them as Debian's user for them.
as_database_user=()
use_database_user() {
  ((EUID == 0)) || return 0
  id postgres >/dev/null 2>&1 || fail "the user 'postgres' is missing; PostgreSQL does not run as root. Make it with: adduser --system --group postgres"
  as_database_user=(setpriv --reuid postgres --regid postgres --init-groups)
}

# choose_cluster_folder FOLDER: sets cluster_folder to FOLDER/postgres, or to a place under /var/tmp when the cluster's user cannot get there.
choose_cluster_folder() {
  cluster_folder=$1/postgres
  ((EUID == 0)) || return 0
  (cd / && "${as_database_user[@]}" test -x "$1") && return

  local elsewhere
  elsewhere=/var/tmp/portal-$(printf %s "$1" | sha256sum | cut -c 1-12)
  mkdir -m 0755 "$elsewhere" 2>/dev/null || true
  [[ -d $elsewhere && ! -L $elsewhere && -O $elsewhere ]] || fail "$elsewhere belongs to somebody else. Set PORTAL_DATA to a folder that the user 'postgres' can reach."
  cluster_folder=$elsewhere/postgres
  echo "The user 'postgres' cannot reach $1; the database is in $cluster_folder."
}

# make_cluster LOG: makes the cluster in cluster_folder, unless it is there.
make_cluster() {
  local log=$1 unfinished=$cluster_folder.unfinished owner user=postgres
  ((EUID == 0)) || user=$(id -un)
  owner=$(stat --format %U "$cluster_folder" 2>/dev/null || echo "$user")
  [[ $owner == "$user" ]] || fail "the database in $cluster_folder belongs to the user $owner. Start as who made it, or choose other data with PORTAL_DATA."
  if [[ -e $cluster_folder/PG_VERSION ]]; then
    require_postgres "$(<"$cluster_folder/PG_VERSION")" "The data in $cluster_folder are of that version."
    return
  fi
  # Renamed when complete, so that an interrupted start leaves nothing that looks like a cluster.
  rm -rf "$unfinished"
  mkdir -m 0700 "$unfinished"
  ((EUID != 0)) || chown postgres: "$unfinished"
  run_step "$log" env --chdir / "${as_database_user[@]}" "$postgres_programs/initdb" --pgdata "$unfinished" --username postgres \
    --encoding UTF8 --locale C.UTF-8 --auth-local trust --auth-host scram-sha-256 --data-checksums || {
    tail -n 20 "$log" >&2
    fail "the database cluster could not be made in $cluster_folder"
  }
  mv "$unfinished" "$cluster_folder"
}

# A socket's whole path has 107 characters at most, and a comma or semicolon in it would end a connection string.
# A link to the short folder stands in the long one, so that the next start can remove what a killed one left.
choose_socket_folder() {
  local beside=${cluster_folder%/*}/socket
  [[ ! -L $beside || $(readlink "$beside") != /tmp/portal-socket-* ]] || rm -rf "$(readlink "$beside")"
  rm -rf "$beside"
  if ((${#beside} > 90)) || [[ $beside =~ [^A-Za-z0-9/._+@-] ]]; then
    socket_folder=$(mktemp -d /tmp/portal-socket-XXXXXXXX)
    ln -s "$socket_folder" "$beside"
  else
    socket_folder=$beside
    mkdir -m 0700 "$socket_folder"
  fi
  ((EUID != 0)) || chown postgres: "$socket_folder"
}

# Only called by who holds the lock on the data: a server that still runs was left by a killed start and is ours to end.
end_left_over_server() {
  local pid_file=$cluster_folder/postmaster.pid pid tenths=200
  [[ -e $pid_file ]] || return 0
  pid=$(head -n 1 "$pid_file")
  if [[ $(readlink "/proc/$pid/cwd" 2>/dev/null) == "$(realpath "$cluster_folder")" ]]; then
    echo "Ending the database server $pid that an earlier start left behind ..."
    kill -INT "$pid" 2>/dev/null || true
    while [[ -d /proc/$pid ]] && ((tenths-- > 0)); do sleep 0.1; done
    [[ ! -d /proc/$pid ]] || fail "the database server $pid of an earlier start does not end."
  elif [[ -d /proc/$pid ]]; then
    # Another program has that number now; PostgreSQL would take it for a running server and refuse.
    rm -f "$pid_file"
  fi
}

# start_cluster LOG [NAME=VALUE...]: starts the server of cluster_folder with these settings and waits until it answers; sets postgres_pid.
start_cluster() {
  local log=$1 settings=() setting
  shift
  unset "${!PG@}"
  end_left_over_server
  choose_socket_folder
  for setting in listen_addresses= timezone=UTC lc_messages=C 'log_line_prefix=%m [%p] %u@%d ' "$@"; do settings+=(-c "$setting"); done

  # The death signal again, because a change of user clears it.
  start_process "$log" env --chdir / "${as_database_user[@]}" setpriv --pdeathsig INT -- "$postgres_programs/postgres" -D "$cluster_folder" -p "$cluster_port" \
    -c "unix_socket_directories=$socket_folder" -c unix_socket_permissions=0700 "${settings[@]}"
  postgres_pid=$started_pid

  local deadline=$((SECONDS + 60))
  until superuser_sql -c 'select 1' postgres >/dev/null 2>&1; do
    if ! is_running "$postgres_pid" || ((SECONDS >= deadline)); then
      tail -n 20 "$log" >&2
      fail "the database server did not start. Its log: $log"
    fi
    sleep 0.1
  done
}

superuser_sql() { "$postgres_programs/psql" --no-psqlrc --quiet --no-align --tuples-only --set ON_ERROR_STOP=1 --host "$socket_folder" --port "$cluster_port" --username postgres "$@" </dev/null; }

# make_database NAME: the database and the role that owns it, unless they are there. The owner may make roles, but is no superuser.
make_database() {
  [[ -n $(superuser_sql -c "select 1 from pg_roles where rolname = 'portal_owner'" postgres) ]] ||
    superuser_sql -c 'create role portal_owner login createrole' postgres
  [[ -n $(superuser_sql -c "select 1 from pg_database where datname = '$1'" postgres) ]] ||
    superuser_sql -c "create database $1 owner portal_owner" postgres
}

# connection_string ROLE DATABASE
connection_string() { printf 'Host=%s;Port=%s;Username=%s;Database=%s' "$socket_folder" "$cluster_port" "$1" "$2"; }

# SIGINT is PostgreSQL's fast shutdown: sessions are ended, everything is written.
stop_cluster() {
  stop_process "$postgres_pid" INT 30
  postgres_pid=
  [[ $socket_folder != /tmp/portal-socket-* ]] || rm -rf "$socket_folder" "${cluster_folder%/*}/socket"
}
