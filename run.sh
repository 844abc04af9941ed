#!/usr/bin/env bash
# Builds what changed and runs the portal with a database of its own and a simulated cloud, until Ctrl-C.
#
#   --help          prints this
#   --sso           sign-in through a real OpenID provider on this machine, in the place of the personas' buttons
#
#   PORTAL_PORT     the portal's port on 127.0.0.1                        5080
#   SIMULATOR_PORT  the simulated cloud's port on 127.0.0.1               6001
#   PROVIDER_PORT   with --sso, the OpenID provider's port on 127.0.0.1   5090
#   PORTAL_DATA     the folder of the database and the logs               .local
#   ConnectionStrings__Portal  another database instead of its own; with ConnectionStrings__Owner its migrations are applied too
set -euo pipefail

# Bash cannot trap a signal that was ignored when it began, as SIGINT is for what a script starts with '&'.
if ((0x$(sed -n 's/^SigIgn:\s*//p' /proc/$$/status) & 2)); then exec env --default-signal=INT "$BASH" "$0" "$@"; fi

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
data=$(realpath -m "${PORTAL_DATA:-$root/.local}")
logs=$data/logs
cd "$root"
. build/prerequisites.sh
. build/processes.sh
. build/postgres.sh

portal_port=${PORTAL_PORT:-5080}
simulator_port=${SIMULATOR_PORT:-6001}
provider_port=${PROVIDER_PORT:-5090}
portal_url=http://127.0.0.1:$portal_port
provider_url=http://127.0.0.1:$provider_port
simulator_url=http://127.0.0.1:$simulator_port
portal_pid=
simulator_pid=
provider_pid=
sso=
sign_in=(SignIn__Personas=true)

portal_dll=src/Portal/bin/Release/net10.0/Portal.dll
simulator_dll=src/CloudSimulator/bin/Release/net10.0/CloudSimulator.dll
migrations_dll=migrations/bin/Release/net10.0/Portal.Migrations.dll

main() {
  read_options "$@"
  trap end_everything EXIT
  trap 'exit 0' INT TERM HUP

  require_port PORTAL_PORT "$portal_port"
  require_port SIMULATOR_PORT "$simulator_port"
  [[ $portal_port != "$simulator_port" ]] || fail "PORTAL_PORT and SIMULATOR_PORT are both $portal_port."
  [[ -z $sso ]] || require_port PROVIDER_PORT "$provider_port"
  require_dotnet
  [[ -z $sso ]] || require_openid_provider
  [[ -n ${ConnectionStrings__Portal:-} ]] || require_postgres
  claim_data_folder
  build_what_changed

  local start=$EPOCHREALTIME
  if [[ -n ${ConnectionStrings__Portal:-} ]]; then
    use_given_database
  else
    start_own_database
  fi
  start_simulator
  [[ -z $sso ]] || start_provider
  start_portal
  echo "Portal ready: $portal_url"
  if [[ -n $sso ]]; then
    echo "Sign in through the provider at $provider_url as Dana Developer to ask, and in a second browser or private window as Ari Approver to approve."
  else
    echo "Sign in as Developer to ask, and in a second browser or private window as Approver to approve."
  fi
  echo "The cloud is simulated at $simulator_url."
  echo "Started in $(seconds_since "$start") s. Logs: $logs. Ctrl-C ends everything."
  stay
}

read_options() {
  while (($# > 0)); do
    case $1 in
      --sso) sso=yes ;;
      -h | --help) print_usage ;;
      *) fail "there is no option '$1'; there are --sso and --help." ;;
    esac
    shift
  done
}

# The comment at the top of this file.
print_usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$root/run.sh"
  exit 0
}

require_port() {
  local variable=$1 port=$2
  [[ $port =~ ^[1-9][0-9]{3,4}$ && $port -ge 1024 && $port -le 65535 ]] || fail "$variable is '$port'; it must be a port number from 1024 to 65535."
  port_is_free "$port" || fail "port $port on 127.0.0.1 is in use. Choose another one with $variable, like: $variable=$((port < 65000 ? port + 100 : port - 100)) ./run.sh"
}

# The lock is held by the open file, so it ends with this script however that ends.
claim_data_folder() {
  if ! { mkdir -p "$logs" && touch "$data/lock" "$logs"; } 2>/dev/null; then
    fail "the folder $data cannot be written. Choose another one with PORTAL_DATA."
  fi
  exec 9>>"$data/lock"
  flock --nonblock 9 || fail "another run.sh already uses the data in $data. End it, or choose other data and ports with PORTAL_DATA, PORTAL_PORT and SIMULATOR_PORT."
  local log
  for log in "$logs"/*.log; do [[ ! -e $log ]] || mv -f "$log" "$log.previous"; done
}

# Asking MSBuild whether anything changed takes seconds; comparing times takes none. A folder's time tells of added and deleted files.
build_what_changed() {
  local built=migrations/obj/built-by-run
  if [[ -e $built && -e $portal_dll && -e $simulator_dll && -e $migrations_dll ]] &&
    [[ -z $(find src migrations build Directory.*.props global.json .editorconfig appsettings*.json \
      \( -name bin -o -name obj \) -prune -o -newer "$built" -print -quit 2>/dev/null) ]]; then
    return
  fi

  echo 'Building ...'
  local start=$EPOCHREALTIME project
  # Made before the time is noted, because a new folder changes the time of the one around it.
  mkdir -p {migrations,src/Portal,src/CloudSimulator}/{bin,obj}
  touch "$built.now"
  for project in migrations src/CloudSimulator; do
    # One build at a time in one checkout; the lock is closed for the build itself, which may leave processes behind.
    run_step "$logs/build.log" flock --close migrations/obj/build.lock dotnet build "$project" --configuration Release --verbosity quiet || {
      grep -E 'error|warn' "$logs/build.log" | sort -u | head -n 20 >&2
      fail "the build of $project failed. Its log: $logs/build.log"
    }
  done
  mv "$built.now" "$built"
  echo "Built in $(seconds_since "$start") s."
}

start_own_database() {
  use_database_user
  choose_cluster_folder "$data"
  make_cluster "$logs/initdb.log"
  start_cluster "$logs/postgres.log"
  make_database portal
  apply_migrations "$(connection_string portal_owner portal)"
  portal_connection=$(connection_string portal_app portal)
}

use_given_database() {
  portal_connection=$ConnectionStrings__Portal
  if [[ -n ${ConnectionStrings__Owner:-} ]]; then
    apply_migrations "$ConnectionStrings__Owner"
  else
    echo 'Using the database of ConnectionStrings__Portal as it is; set ConnectionStrings__Owner to have its migrations applied.'
  fi
}

apply_migrations() {
  run_step "$logs/migrations.log" env --unset ConnectionStrings__Portal "ConnectionStrings__Owner=$1" dotnet "$migrations_dll" || {
    show_log migrations
    fail 'the migrations could not be applied.'
  }
}

start_simulator() {
  start_process "$logs/simulator.log" env --chdir src/CloudSimulator --unset ConnectionStrings__Owner --unset ConnectionStrings__Portal \
    ASPNETCORE_ENVIRONMENT=Development dotnet "$root/$simulator_dll" --urls "$simulator_url"
  simulator_pid=$started_pid
  await_answer "$simulator_url/health" "$simulator_pid" 60 || {
    show_log simulator
    fail "the simulated cloud did not answer at $simulator_url."
  }
}

start_provider() {
  client_secret=$(od --address-radix=n --format=x1 --read-bytes=24 /dev/urandom | tr -d ' \n')
  start_process "$logs/provider.log" env "PORT=$provider_port" "PORTAL_ORIGIN=$portal_url" "CLIENT_SECRET=$client_secret" node build/openid-provider/provider.mjs
  provider_pid=$started_pid
  await_answer "$provider_url/.well-known/openid-configuration" "$provider_pid" 60 || {
    show_log provider
    fail "the OpenID provider did not answer at $provider_url."
  }
  sign_in=(
    "AzureAd__Authority=$provider_url" AzureAd__ClientId=portal "AzureAd__ClientSecret=$client_secret" "SignIn__PublicOrigin=$portal_url"
    SignIn__RolesByAppRole__Portal.Requester=Requester SignIn__RolesByAppRole__Portal.Approver=Approver SignIn__RolesByAppRole__Portal.Operator=Operator
    SignIn__RolesByAppRole__Portal.Auditor=Auditor SignIn__RolesByAppRole__Portal.Administrator=Administrator SignIn__RolesByGroup__portal-approvers=Approver
  )
}

# The portal gets the application's role only: what the schema's owner may do, it must not. Cloud settings that are given win over the simulator's.
start_portal() {
  start_process "$logs/portal.log" env --unset ConnectionStrings__Owner --unset PORTAL_APP_PASSWORD \
    "ConnectionStrings__Portal=$portal_connection" \
    "ASPNETCORE_URLS=$portal_url" \
    ASPNETCORE_ENVIRONMENT=Development \
    "${sign_in[@]}" \
    "Huawei__Authentication=${Huawei__Authentication:-AccessKey}" \
    "Huawei__AccessKey=${Huawei__AccessKey:-SIMULATORACCESSKEY01}" \
    "Huawei__SecretKey=${Huawei__SecretKey:-simulator/secret+key-for-demonstrations01}" \
    "Huawei__Endpoints__Iam=${Huawei__Endpoints__Iam:-$simulator_url/iam/{region\}}" \
    "Huawei__Endpoints__Swr=${Huawei__Endpoints__Swr:-$simulator_url/swr/{region\}}" \
    "Huawei__Endpoints__CodeArtsRepo=${Huawei__Endpoints__CodeArtsRepo:-$simulator_url/codearts/{region\}}" \
    dotnet "$portal_dll"
  portal_pid=$started_pid
  await_answer "$portal_url/health/ready" "$portal_pid" 60 || {
    show_log portal
    fail "the portal did not answer at $portal_url/health/ready."
  }
}

# Returns only when a program ends that should not.
stay() {
  local children=("$portal_pid" "$simulator_pid" ${provider_pid:+"$provider_pid"} ${postgres_pid:+"$postgres_pid"})
  while everything_runs; do wait -n "${children[@]}" 2>/dev/null || true; done
  is_running "$portal_pid" || { show_log portal; fail 'the portal ended by itself.'; }
  is_running "$simulator_pid" || { show_log simulator; fail 'the simulated cloud ended by itself.'; }
  [[ -z $provider_pid ]] || is_running "$provider_pid" || { show_log provider; fail 'the OpenID provider ended by itself.'; }
  show_log postgres
  fail 'the database server ended by itself.'
}

everything_runs() { is_running "$portal_pid" && is_running "$simulator_pid" && { [[ -z $provider_pid ]] || is_running "$provider_pid"; } && { [[ -z $postgres_pid ]] || is_running "$postgres_pid"; }; }

show_log() {
  echo "The last lines of $logs/$1.log:" >&2
  tail -n 25 "$logs/$1.log" >&2
}

# shellcheck disable=SC2317 # the EXIT trap calls it
end_everything() {
  trap '' INT TERM HUP
  stop_process "$step_pid"
  stop_process "$portal_pid"
  stop_process "$simulator_pid"
  stop_process "$provider_pid"
  stop_cluster
}

main "$@"
