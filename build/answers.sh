#!/usr/bin/env bash
# Exits 0 when GET of an http://host:port/path answers 200 within 5 seconds.
# Bash alone does it, because neither a fresh machine nor the runtime image has curl.
set -euo pipefail

[[ ${1:-} =~ ^http://([^:/]+):([0-9]+)(/.*)$ ]] || { echo "usage: $0 http://host:port/path" >&2; exit 2; }
host=${BASH_REMATCH[1]} port=${BASH_REMATCH[2]} path=${BASH_REMATCH[3]}

exec 2>/dev/null 3<>"/dev/tcp/$host/$port"
printf 'GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$path" "$host" "$port" >&3
IFS= read -r -t 5 status <&3
[[ $status == 'HTTP/1.1 200 '* ]]
