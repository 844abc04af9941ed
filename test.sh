#!/usr/bin/env bash
# Builds and checks everything, and closes with one line: N passed, N failed, N skipped.
#
#   --help           prints this
#   --only PROJECT   only that project of tests/, without the other checks
#   --filter WORD    only the tests with that in their full name, without the other checks
#   --canary         instead of all that: sends a password through everything and looks for it in every file; prints what was searched
#   --every-look     instead of all that: asks axe-core about every page in both languages, both themes, on a phone and on a desk
#   --checks-off     instead of all that: switches off each check of the sign-in in turn and sees that a test notices; forty minutes
#   --soak MINUTES   instead of all that: every fault at random for so long, then ten thousand items over two nodes; prints the table
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. build/prerequisites.sh
. build/processes.sh
. build/postgres.sh

only=
filter=
suite=
soak=
logs=$PWD/TestResults
workspace=
beside_pid=
passed=0
failed=0
skipped=0
finished=

main() {
  local start=$EPOCHREALTIME project
  read_options "$@"
  trap finish EXIT
  trap 'exit 1' INT TERM HUP
  # What a developer exports for run.sh must not reach a test.
  unset "${!ConnectionStrings__@}" "${!Huawei__@}" "${!ASPNETCORE_@}" "${!AzureAd__@}" "${!SignIn__@}" PORTAL_PORT SIMULATOR_PORT PORTAL_DATA PORTAL_APP_PASSWORD
  rm -rf "$logs"
  mkdir -p "$logs"

  require_dotnet
  require_postgres
  [[ -n $soak ]] || require_chromium
  [[ -n $soak ]] || require_openid_provider
  command -v git >/dev/null || install_packages 'git' git

  # No process here lives long enough for the second compilation, by profile, to pay.
  export DOTNET_TieredPGO=0
  share_compiler
  must restore 240 dotnet restore Portal.sln --locked-mode
  must build 480 dotnet build Portal.sln --no-restore --configuration Release
  start_database
  if [[ -n $suite ]]; then
    "run_$suite"
    finished=yes
    return
  fi
  [[ -n $only$filter ]] || check_programs
  for project in tests/*/*.csproj; do
    project=$(basename "$project" .csproj)
    [[ -n $only && $only != "$project" ]] || run_tests "$project" 600
  done
  [[ -z $filter ]] || ((passed + failed > 0)) || report_failure "no test has '$filter' in its name"
  echo "All of it took $(seconds_since "$start") s."
  finished=yes
}

run_soak() {
  run_tests Portal.FaultTests $((soak * 60 + 3600)) -explicit only -class Portal.FaultTests.SoakTests -class Portal.FaultTests.ManyItemsTests
  grep -v '^  ' "$logs/Portal.FaultTests.log"
}

run_canary() {
  run_tests Portal.BrowserTests 400 -showLiveOutput -explicit only -class Portal.BrowserTests.Secrets.CanaryTests
  grep -F '[OUTPUT]' "$logs/Portal.BrowserTests.log" | sed 's/.*\[OUTPUT\] //'
}

run_every-look() {
  export PORTAL_TEST_EVERY_LOOK=yes
  run_tests Portal.BrowserTests 900 -class Portal.BrowserTests.Shell.EveryPageTests
}

run_checks-off() {
  # As run_step does it, so that a signal reaches all of it at once; but what it says goes out as it comes, not to a log.
  setsid env PORTAL_TEST_DATABASE="$(connection_string postgres postgres)" build/check-sign-in-checks.sh &
  step_pid=$!
  wait "$step_pid"
  step_pid=
}

read_options() {
  while (($# > 0)); do
    case $1 in
      --canary | --every-look | --checks-off)
        suite=${1#--}
        shift
        continue
        ;;
      -h | --help)
        sed -n '2,/^[^#]/s/^# \{0,1\}//p' test.sh
        exit 0
        ;;
      --only) only=${2:?--only needs the name of a project} ;;
      --filter) filter=${2:?--filter needs a part of a test\'s name} ;;
      --soak) suite=soak soak=${2:?--soak needs a number of minutes} ;;
      *) fail "there is no option '$1'; there are --only PROJECT, --filter WORD, --canary, --every-look, --checks-off, --soak MINUTES and --help." ;;
    esac
    shift 2
  done
  [[ -z $soak || $soak =~ ^[1-9][0-9]*$ ]] || fail "--soak needs a whole number of minutes, not '$soak'"
  [[ -z $only || -e tests/$only/$only.csproj ]] || fail "there is no tests/$only/$only.csproj"
}

report_failure() {
  failed=$((failed + 1))
  echo "FAILED: $1"
}

# timed NAME SECONDS COMMAND...: runs it for so many seconds at most, with its output in a log.
timed() {
  local name=$1 limit=$2 start=$EPOCHREALTIME result=0
  shift 2
  run_step "$logs/$name.log" timeout --kill-after 10 "$limit" "$@" || result=$?
  printf '%-22s %6s s%s\n' "$name" "$(seconds_since "$start")" "$( ((result != 124)) || echo "  (stopped: it may take $limit s)")"
  return "$result"
}

# must NAME SECONDS COMMAND...: without it nothing else can be checked.
must() {
  timed "$@" || {
    grep -E 'error|warning' "$logs/$1.log" | sort -u | head -n 30 || tail -n 30 "$logs/$1.log"
    fail "$1 failed. Its log: $logs/$1.log"
  }
}

# check NAME SECONDS COMMAND...: counts as one test.
check() {
  local result=0
  timed "$@" || result=$?
  count_check "$1" "$result"
}

count_check() {
  if (($2 == 0)); then
    passed=$((passed + 1))
  else
    tail -n 40 "$logs/$1.log"
    report_failure "$1. Its log: $logs/$1.log"
  fi
}

# The image's check leaves a third of two processors idle, so the two others are made beside it.
check_programs() {
  local result=0
  prepare_image_database
  timed image 300 env "${image_settings[@]}" build/check-image.sh >"$logs/image.time" &
  beside_pid=$!
  # Whitespace only: the rules of style are warnings, and so errors, of the build.
  check format 120 dotnet format whitespace . --folder --verify-no-changes
  check run 240 build/check-run.sh
  wait "$beside_pid" || result=$?
  beside_pid=
  cat "$logs/image.time"
  count_check image "$result"
}

# Thrown away at the end, so it need not survive a loss of power.
start_database() {
  workspace=$(mktemp -d "$(folder_for_throwaway_data)/portal-test-XXXXXXXX")
  chmod 0711 "$workspace"
  use_database_user
  choose_cluster_folder "$workspace"
  make_cluster "$logs/initdb.log"
  find_free_port
  cluster_port=$free_port
  start_cluster "$logs/postgres.log" listen_addresses=127.0.0.1 max_connections=300 fsync=off full_page_writes=off autovacuum=off
}

# In memory where there is plenty: the tests make hundreds of databases.
folder_for_throwaway_data() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)
  if ((${free:-0} > 4 * 1024 * 1024)); then echo /dev/shm; else echo /tmp; fi
}

# Sets image_settings: the database is reached by TCP and password, as from a container.
prepare_image_database() {
  make_database portal_image
  local by_tcp="Host=127.0.0.1;Port=$cluster_port;Database=portal_image" owner_password app_password
  owner_password=$(random_password)
  app_password=$(random_password)
  superuser_sql -c "alter role portal_owner password '$owner_password'" postgres
  image_settings=(
    "ConnectionStrings__Owner=$by_tcp;Username=portal_owner;Password=$owner_password"
    "ConnectionStrings__Portal=$by_tcp;Username=portal_app;Password=$app_password"
    "PORTAL_APP_PASSWORD=$app_password"
  )
}

random_password() { od --address-radix=n --format=x1 --read-bytes=24 /dev/urandom | tr -d ' \n'; }

# run_tests PROJECT SECONDS [ARGUMENT...]: adds its counts. A project that dies, or runs nothing, has failed.
run_tests() {
  local project=$1 limit=$2 counts result=0 arguments=("${@:3}") runtime=()
  # These start the portal dozens of times for a few seconds each, so compiling what is called often a second time does not pay either.
  [[ $project == Portal.Tests || -n $soak ]] || runtime=(DOTNET_TC_CallCounting=0)
  [[ -z $filter ]] || arguments+=(-method "*$filter*")
  timed "$project" "$limit" env PORTAL_TEST_DATABASE="$(connection_string postgres postgres)" PORTAL_TEST_CHROMIUM="${chromium:-}" \
    PORTAL_TEST_POSTGRES_PROGRAMS="$postgres_programs" PORTAL_TEST_SOAK_MINUTES="$soak" "${runtime[@]}" \
    dotnet "tests/$project/bin/Release/net10.0/$project.dll" -noColor -xml "$logs/$project.xml" "${arguments[@]}" || result=$?

  counts=$(grep -o '<assembly [^>]*>' "$logs/$project.xml" 2>/dev/null | head -n 1) || true
  local ran failures
  ran=$(count_of total) failures=$(($(count_of failed) + $(count_of errors)))
  passed=$((passed + $(count_of passed)))
  failed=$((failed + failures))
  skipped=$((skipped + $(count_of skipped)))
  if [[ -z $counts ]]; then
    tail -n 30 "$logs/$project.log"
    report_failure "$project ended with $result before it had counted its tests. Its log: $logs/$project.log"
  elif ((failures > 0)); then
    grep -A 12 -F '[FAIL]' "$logs/$project.log" | head -n 150 || true
    echo "FAILED: $failures in $project. The log: $logs/$project.log"
  elif ((ran == 0)); then
    [[ -n $filter ]] || report_failure "$project ran no test. Its log: $logs/$project.log"
  elif ((result != 0)); then
    tail -n 30 "$logs/$project.log"
    report_failure "$project ended with $result. Its log: $logs/$project.log"
  fi
}

# count_of NAME: that attribute of the line in counts, 0 when it is not there.
count_of() {
  if [[ $counts =~ [[:space:]]$1=\"([0-9]+)\" ]]; then echo "${BASH_REMATCH[1]}"; else echo 0; fi
}

# shellcheck disable=SC2317 # the EXIT trap calls it
finish() {
  trap '' INT TERM HUP
  stop_process "$step_pid"
  # What it started ends with it.
  [[ -z $beside_pid ]] || kill -TERM "$beside_pid" 2>/dev/null || true
  stop_cluster
  end_compiler
  [[ -z $workspace ]] || rm -rf "$workspace"
  [[ -n $finished ]] || failed=$((failed + 1))
  ((failed == 0)) || echo "The logs are in $logs."
  echo "$passed passed, $failed failed, $skipped skipped"
  if ((failed > 0)); then exit 1; fi
}

main "$@"
