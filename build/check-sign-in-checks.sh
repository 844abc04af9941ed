#!/usr/bin/env bash
# Switches off each check of the sign-in, one at a time, in a copy, and sees that a test notices. Prints "N of N noticed"; takes about forty minutes.
#
# A check is: each refusal (Refuse.When), each rule of the settings (yield return in ProviderRules), each line of build/sign-in-checks.txt.
# The first two get numbers in the copy, of which CHECK_OFF names one; each of the others is a build of its own.
# Called by ./test.sh --checks-off, which has built everything and started the database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. build/prerequisites.sh

folder=src/Portal/SignIn/OpenIdConnect
copy=$(mktemp -d /tmp/portal-checks-XXXXXXXX)
noticed=0
total=0
missed=()

main() {
  trap 'end_compiler; rm -rf "$copy"' EXIT
  share_compiler
  touch "$copy/numbers"
  git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$copy"
  cd "$copy"
  number_checks
  dotnet restore tests/Portal.Tests --locked-mode --verbosity quiet
  dotnet build tests/Portal.Tests --configuration Release --no-restore --verbosity quiet -p:RunAnalyzers=false
  run_tests || { tail -n 30 "$copy/tests.log"; fail 'the tests of the sign-in fail before anything is switched off.'; }

  local number name file expression
  while IFS=$'\t' read -r number name; do
    export CHECK_OFF=$number
    judge "$name"
  done <"$copy/numbers"
  unset CHECK_OFF
  while IFS='|' read -r name file expression; do
    [[ $name == '#'* ]] || switch_off "${name% }" "src/Portal/$(tr -d ' ' <<<"$file")" "${expression# }"
  done <build/sign-in-checks.txt

  ((${#missed[@]} == 0)) || printf 'NOT NOTICED: %s\n' "${missed[@]}"
  echo "$noticed of $total noticed"
  [[ $noticed == "$total" ]]
}

# Gives each check a number, and writes the numbers with the names of the checks.
number_checks() {
  local file
  for file in "$folder"/*.cs; do
    awk -v file="$(basename "$file")" -v first="$(wc -l <"$copy/numbers")" -v list="$copy/numbers" '
      { lines[NR] = $0 }
      END {
        number = first
        for (row = 1; row <= NR; row++) {
          if (lines[row] ~ /Refuse\.When\(/) {
            text = lines[row] lines[row + 1] lines[row + 2]
            match(text, /SignInFault\.[A-Za-z]+/)
            print ++number "\t" substr(text, RSTART + 12, RLENGTH - 12) " (" file ":" row ")" >> list
            sub(/Refuse\.When\(/, "Refuse.Unless(" number ", ", lines[row])
          } else if (lines[row] ~ /^ +yield return/) {
            print ++number "\ta rule of the settings (" file ":" row ")" >> list
            sub(/yield return/, "if (Environment.GetEnvironmentVariable(\"CHECK_OFF\") != \"" number "\") yield return", lines[row])
          }
          print lines[row]
        }
      }' "$file" >"$copy/numbered.cs"
    mv "$copy/numbered.cs" "$file"
  done
  sed -i 's|^    public static void When(|    public static void Unless(int number, [DoesNotReturnIf(true)] bool wrong, SignInFault fault)\n    {\n        if (wrong \&\& Environment.GetEnvironmentVariable("CHECK_OFF") != $"{number}") { throw new SignInRefusedException(fault); }\n    }\n\n&|' "$folder/SignInFault.cs"
}

# judge NAME [CLASS]: a test must fail. The tests of that class are asked first, and of the hostile inputs those that this check is for.
judge() {
  total=$((total + 1))
  if PORTAL_TEST_FAULT=${1%% *} run_tests "${2:-*.OpenIdConnect.RefusalTests}" && run_tests; then
    missed+=("$1")
    echo "NOT NOTICED: $1"
  else
    noticed=$((noticed + 1))
    echo "noticed: $1: $(grep -o '[A-Za-z]*\.[A-Za-z_]*[^.]*\[FAIL\]' "$copy/tests.log" | head -n 1)"
  fi
}

# switch_off NAME FILE EXPRESSION
switch_off() {
  cp "$2" "$copy/before.cs"
  sed -i "$3" "$2"
  ! cmp --silent "$2" "$copy/before.cs" || fail "'$1' changes nothing in $2."
  build_portal "$1"
  judge "$1" 'Portal.Tests.SignIn.OpenIdConnect.Sign*'
  cp "$copy/before.cs" "$2"
}

build_portal() {
  dotnet build src/Portal --configuration Release --no-restore --verbosity quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false >"$copy/build.log" 2>&1 || {
    grep error "$copy/build.log" | head -n 3
    fail "with '$1' switched off the portal cannot be built."
  }
  cp src/Portal/bin/Release/net10.0/Portal.dll tests/Portal.Tests/bin/Release/net10.0/Portal.dll
}

# run_tests [CLASS]
run_tests() {
  timeout 240 dotnet tests/Portal.Tests/bin/Release/net10.0/Portal.Tests.dll -noColor -stopOnFail -class "${1:-Portal.Tests.SignIn.*}" >"$copy/tests.log" 2>&1
}

main
