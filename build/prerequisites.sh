# shellcheck shell=bash
# What run.sh and test.sh need on the machine: found, else installed from Debian's packages, else named with the way to get it.
# Sourced. A missing prerequisite ends the script through `fail`, with a message that says what to do.

# Build servers outlive the build that started them, and what these scripts start, they end.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0
export DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false

# share_compiler: one compiler for all projects of this run, which saves its start for each of them. It has a name of its own, by which
# end_compiler finds it and no other.
compiler_name=
share_compiler() {
  compiler_name=portal-$$-$RANDOM
  export UseSharedCompilation=true SharedCompilationId=$compiler_name
}

end_compiler() {
  local arguments
  [[ -n $compiler_name ]] || return 0
  for arguments in /proc/[0-9]*/cmdline; do
    if grep --quiet --text -- "-pipename:$compiler_name" "$arguments" 2>/dev/null; then kill -KILL "$(basename "${arguments%/*}")" 2>/dev/null || true; fi
  done
}

fail() {
  printf '%s: %s\n' "${0##*/}" "$1" >&2
  exit 1
}

require_dotnet() {
  local folder
  if ! command -v dotnet >/dev/null; then
    for folder in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
      [[ -x $folder/dotnet ]] && PATH=$folder:$PATH && break
    done
  fi
  command -v dotnet >/dev/null ||
    fail "the .NET SDK 10 is missing. Get it from https://dotnet.microsoft.com/download/dotnet/10.0 and put 'dotnet' on the PATH."

  local answer
  answer=$(dotnet --version 2>&1) ||
    fail "'dotnet' does not start with the SDK that global.json asks for (https://dotnet.microsoft.com/download/dotnet/10.0). It says:
$answer"
}

# install_packages PURPOSE PACKAGE...
install_packages() {
  local purpose=$1 as_root=()
  shift
  local by_hand="Install it with: apt-get install $*"

  command -v apt-get >/dev/null || fail "$purpose is missing and this machine has no apt-get. Install your system's package for it ($*)."
  if ((EUID != 0)); then
    sudo -n true 2>/dev/null || fail "$purpose is missing and installing it needs root. $by_hand"
    as_root=(sudo -n)
  fi

  echo "Installing $* ($purpose) ..."
  local log
  log=$(mktemp)
  # A package source that does not answer must not stop an installation that another one can serve.
  "${as_root[@]}" apt-get update >"$log" 2>&1 </dev/null || true
  if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -o DPkg::Lock::Timeout=120 install -y --no-install-recommends "$@" >>"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    rm -f "$log"
    fail "$purpose could not be installed. $by_hand"
  fi
  rm -f "$log"
}

# require_postgres [MAJOR WHY]: sets postgres_programs to the folder of initdb, postgres and psql: of that version, or of the newest from 15 on.
require_postgres() {
  local major=${1:-} why=${2:-}
  find_postgres_programs "$major" && return
  [[ -n $major ]] || {
    install_postgres_without_cluster
    find_postgres_programs && return
  }
  fail "PostgreSQL ${major:-15 or newer} is missing (server programs, in /usr/lib/postgresql/*/bin or on the PATH). Install it with: apt-get install postgresql${major:+-$major}.${why:+ $why}"
}

find_postgres_programs() {
  local wanted=${1:-} newest=0 folder version
  postgres_programs=
  for folder in /usr/lib/postgresql/*/bin ${PATH//:/ }; do
    [[ -x $folder/postgres && -x $folder/initdb && -x $folder/psql ]] || continue
    version=$("$folder/postgres" --version) || continue
    [[ $version =~ \)\ ([0-9]+) ]] || continue
    version=${BASH_REMATCH[1]}
    [[ -z $wanted || $version == "$wanted" ]] || continue
    ((version >= 15 && version > newest)) && newest=$version postgres_programs=$folder
  done
  [[ -n $postgres_programs ]]
}

# Debian's package would make a cluster named main and start it with the machine; nobody asked for that one.
install_postgres_without_cluster() {
  local as_root=() settings=/etc/postgresql-common/createcluster.d/portal.conf
  ((EUID == 0)) || as_root=(sudo -n)
  if "${as_root[@]}" mkdir -p "${settings%/*}" 2>/dev/null; then
    echo 'create_main_cluster = off' | "${as_root[@]}" tee "$settings" >/dev/null
  fi
  local installed=0
  (install_packages 'PostgreSQL' postgresql) || installed=$?
  "${as_root[@]}" rm -f "$settings" 2>/dev/null || true
  ((installed == 0)) || exit "$installed"
}

# Sets chromium to the browser's path: the one without windows where there is one, because the tests take a quarter less time with it.
require_chromium() {
  chromium=${PORTAL_TEST_CHROMIUM:-$(command -v chromium-headless-shell || command -v chromium || true)}
  if [[ -z $chromium ]]; then
    install_packages 'the browser Chromium' chromium-headless-shell
    chromium=$(command -v chromium-headless-shell) || fail "Chromium is missing. Install it with: apt-get install chromium-headless-shell"
  fi
  [[ -x $chromium ]] || fail "PORTAL_TEST_CHROMIUM names no program: $chromium"

  # Without them Chinese words are empty boxes, which no assertion on text would notice.
  if ! command -v fc-list >/dev/null || [[ -z $(fc-list :lang=zh-cn file) ]]; then
    install_packages 'a font with Chinese characters' fontconfig fonts-noto-cjk
  fi
}

# The OpenID provider of build/openid-provider is a program for Node.js; only --sso and the tests of the sign-in need it.
require_openid_provider() {
  local folder=build/openid-provider version
  version=$(node --version 2>/dev/null) || version=none
  [[ $version =~ ^v([0-9]+)\. && ${BASH_REMATCH[1]} -ge 20 ]] && command -v npm >/dev/null ||
    fail "the OpenID provider needs Node.js 20 or later with npm, and this machine has: $version. Get it from https://nodejs.org."
  [[ $folder/node_modules/.package-lock.json -nt $folder/package-lock.json ]] ||
    npm ci --prefix "$folder" --no-audit --no-fund --silent || fail "npm could not get the packages of $folder."
}
