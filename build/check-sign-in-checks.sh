#!/usr/bin/env bash
# Switches off each check of the sign-in, one at a time, in a copy, and sees that a test notices. Prints "N of N noticed"; takes about half an hour.
#
# A check is: each refusal (Refuse.When), each rule of the settings (yield return in ProviderRules), each line of build/sign-in-checks.txt.
# Called by ./test.sh --checks-off, which has built everything and started the database.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. build/prerequisites.sh

copy=$(mktemp -d /tmp/portal-checks-XXXXXXXX)
trap 'rm -rf "$copy"' EXIT
noticed=0
total=0
missed=()

main() {
  git ls-files -z | tar --null -T - -cf - | tar -xf - -C "$copy"
  cd "$copy"
  dotnet build tests/Portal.Tests --configuration Release --verbosity quiet -p:RunAnalyzers=false
  run_tests || fail 'the tests of the sign-in fail before anything is switched off.'

  local file line name expression
  for file in src/Portal/SignIn/OpenIdConnect/*.cs; do
    while IFS=: read -r line _; do
      switch_off "$(sed -n "${line},$((line + 2))p" "$file" | grep -o 'SignInFault\.[A-Za-z]*' | head -n 1) ($(basename "$file"):$line)" "$file" "${line}s/Refuse\\.When(/Refuse.Never(/"
    done < <(grep -n 'Refuse\.When(' "$file")
  done
  while IFS=: read -r line _; do
    switch_off "the setting's rule (ProviderRules.cs:$line)" src/Portal/SignIn/OpenIdConnect/ProviderRules.cs "${line}s/yield return/_ =/"
  done < <(grep -n 'yield return' src/Portal/SignIn/OpenIdConnect/ProviderRules.cs)
  while IFS='|' read -r name file expression; do
    [[ $name == '#'* ]] || switch_off "${name% }" "src/Portal/$(tr -d ' ' <<<"$file")" "${expression# }"
  done < build/sign-in-checks.txt

  echo "$noticed of $total noticed"
  ((${#missed[@]} == 0)) || printf 'NOT NOTICED: %s\n' "${missed[@]}"
  [[ $noticed == "$total" ]]
}

# switch_off NAME FILE EXPRESSION
switch_off() {
  local name=$1 file=$2 expression=$3
  total=$((total + 1))
  cp "$file" "$copy/before.cs"
  sed -i "$expression" "$file"
  ! cmp --silent "$file" "$copy/before.cs" || fail "'$name' changes nothing in $file."
  # The switch itself: it refuses nothing, and the compiler still believes that it would.
  [[ -e $copy/fault.cs ]] || cp src/Portal/SignIn/OpenIdConnect/SignInFault.cs "$copy/fault.cs"
  grep -q 'void Never' src/Portal/SignIn/OpenIdConnect/SignInFault.cs ||
    sed -i 's/^    \/\/\/ <summary>Throws <see cref="SignInRefusedException"\/> when the condition holds.<\/summary>/    public static void Never([DoesNotReturnIf(true)] bool wrong, SignInFault fault) => _ = (wrong, fault);\n\n&/' src/Portal/SignIn/OpenIdConnect/SignInFault.cs
  if ! dotnet build src/Portal --configuration Release --no-restore --verbosity quiet -p:RunAnalyzers=false -p:TreatWarningsAsErrors=false >"$copy/build.log" 2>&1; then
    grep error "$copy/build.log" | head -n 3
    fail "with '$name' switched off the portal cannot be built."
  fi
  cp src/Portal/bin/Release/net10.0/Portal.dll tests/Portal.Tests/bin/Release/net10.0/Portal.dll
  if run_tests; then
    missed+=("$name")
    echo "NOT NOTICED: $name"
  else
    noticed=$((noticed + 1))
    echo "noticed: $name"
  fi
  cp "$copy/before.cs" "$file"
  cp "$copy/fault.cs" src/Portal/SignIn/OpenIdConnect/SignInFault.cs
}

run_tests() {
  timeout 240 dotnet tests/Portal.Tests/bin/Release/net10.0/Portal.Tests.dll -noColor -stopOnFail -class 'Portal.Tests.SignIn.*' >"$copy/tests.log" 2>&1
}

main
