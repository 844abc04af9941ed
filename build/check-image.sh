#!/usr/bin/env bash
# Does what the Dockerfile says, without Docker: its build stage in an empty folder, then the published programs as a user without rights.
# Needs ConnectionStrings__Owner, ConnectionStrings__Portal and PORTAL_APP_PASSWORD of an empty database that is reached by TCP and password.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. build/prerequisites.sh
. build/processes.sh

owner_connection=${ConnectionStrings__Owner:?is missing}
portal_connection=${ConnectionStrings__Portal:?is missing}
stage=$(mktemp -d /tmp/portal-image-XXXXXXXX)
context=$stage/context
source=$stage/source
published=$source/published
server_pid=

main() {
  trap end_everything EXIT
  trap 'exit 1' INT TERM HUP
  chmod 0755 "$stage"
  mkdir "$context" "$source"
  # tar reads these patterns as Docker does, only at every depth.
  tar --create --exclude-from=.dockerignore . | tar --extract --directory "$context"
  run_build_stage
  choose_user_without_rights
  apply_published_migrations
  find_free_port
  serve_published portal /health/ready "ConnectionStrings__Portal=$portal_connection" "ASPNETCORE_URLS=http://127.0.0.1:$free_port" \
    Huawei__AccessKey=NOBODYSACCESSKEY0001 Huawei__SecretKey=not/a+key-of-anybody
  find_free_port
  serve_published simulator /health ASPNETCORE_HTTP_PORTS=8080
}

run_build_stage() {
  local instruction arguments reading=no
  while read -r instruction arguments; do
    [[ $instruction != FROM ]] || reading=no
    [[ "$instruction $arguments" != FROM*' AS build' ]] || { reading=yes && continue; }
    [[ $reading == yes ]] || continue
    case $instruction in
      '' | '#'* | WORKDIR) ;;
      COPY) copy_from_context "$arguments" ;;
      RUN)
        echo "RUN $arguments"
        run_step /dev/stdout env --chdir "$source" bash -euo pipefail -c "$arguments" || fail "this step of the Dockerfile failed: RUN $arguments"
        ;;
      *) fail "build/check-image.sh does not know the Dockerfile's instruction $instruction" ;;
    esac
  done <Dockerfile
}

# COPY a folder copies what is in it; COPY files copies them into the last argument.
copy_from_context() {
  local words from to
  read -ra words <<<"$1"
  to=$source/${words[-1]}
  mkdir -p "$to"
  for from in "${words[@]:0:${#words[@]}-1}"; do
    if [[ -d $context/$from ]]; then cp -R "$context/$from/." "$to"; else cp "$context/$from" "$to"; fi
  done
}

as_user_without_rights=()
choose_user_without_rights() {
  ((EUID == 0)) || return 0
  as_user_without_rights=(setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs --)
  "${as_user_without_rights[@]}" dotnet --list-runtimes >/dev/null || fail "the user nobody cannot start $(command -v dotnet)."
}

# in_container FOLDER NAME=VALUE... COMMAND...: the environment is the container's, not this machine's.
in_container() {
  local folder=$1
  shift
  start_process /dev/stdout env --chdir "$folder" --ignore-environment "PATH=$PATH" "${as_user_without_rights[@]}" setpriv --pdeathsig TERM -- env "$@"
}

apply_published_migrations() {
  local owner="ConnectionStrings__Owner=$owner_connection" arguments
  for arguments in '' '' --check; do
    # The second time must find nothing to do, and the check must say so.
    in_container "$published/portal" "$owner" "PORTAL_APP_PASSWORD=$PORTAL_APP_PASSWORD" dotnet migrations/Portal.Migrations.dll ${arguments:+"$arguments"}
    wait "$started_pid" || fail "the published migrations failed ${arguments:-to apply}."
  done
}

# serve_published STAGE HEALTH NAME=VALUE...: runs the ENTRYPOINT of a stage as it stands there, but for an address in it: the free port of
# loopback in place of the image's 8080 for everybody.
serve_published() {
  local stage_name=$1 health=$2 result=0 words
  shift 2
  mapfile -t words < <(sed -n "/ AS $stage_name\$/,/^ENTRYPOINT/p" Dockerfile | grep '^ENTRYPOINT' | grep -o '"[^"]*"' | tr -d '"')
  ((${#words[@]} > 1)) || fail "the Dockerfile's stage $stage_name has no ENTRYPOINT in JSON form."
  words=("${words[@]/#'http://*:8080'/http://127.0.0.1:$free_port}")
  in_container "$published/$stage_name" "$@" "${words[@]}"
  server_pid=$started_pid
  await_answer "http://127.0.0.1:$free_port$health" "$server_pid" 60 || fail "the published $stage_name does not answer 200 at $health."
  [[ $EUID != 0 || $(stat --format %U "/proc/$server_pid") == nobody ]] || fail "the published $stage_name runs with rights."
  kill -TERM "$server_pid"
  wait "$server_pid" || result=$?
  ((result == 0)) || fail "the published $stage_name ended with $result after TERM."
  server_pid=
  echo "$stage_name: answered at $health, ended on TERM"
}

# shellcheck disable=SC2317 # the EXIT trap calls it
end_everything() {
  trap '' INT TERM HUP
  stop_process "$step_pid"
  stop_process "$server_pid"
  rm -rf "$stage"
}

main
