# shellcheck shell=bash
# Starting, awaiting and ending the programs of run.sh and test.sh. Sourced, with the top of the repository as the working directory.

# start_process LOG COMMAND...: starts it in the background and sets started_pid.
# Its own session keeps the terminal's Ctrl-C away from it, so that programs end in order, the database last.
# The parent-death signal ends it even when this script is killed with -9.
start_process() {
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM -- "$@" >>"$log" 2>&1 </dev/null 9>&- &
  started_pid=$!
}

# run_step LOG COMMAND...: waits for the command and returns its exit code.
# Bash runs a trap only between commands; waiting for a background command lets a signal through at once.
step_pid=
run_step() {
  local result=0
  start_process "$@"
  step_pid=$started_pid
  wait "$step_pid" 2>/dev/null || result=$?
  step_pid=
  return "$result"
}

is_running() { [[ -n $1 ]] && kill -0 "$1" 2>/dev/null; }

# stop_process PID [SIGNAL] [SECONDS]: asks it and its process group to end, and insists after so many seconds.
stop_process() {
  local pid=$1 signal=${2:-TERM} tenths=$((${3:-35} * 10))
  is_running "$pid" || return 0
  kill "-$signal" -- "-$pid" 2>/dev/null || true
  while is_running "$pid" && ((tenths-- > 0)); do sleep 0.1; done
  is_running "$pid" && kill -KILL -- "-$pid" 2>/dev/null
  wait "$pid" 2>/dev/null || true
}

# await_answer URL PID SECONDS: true once the URL answers 200; false when the process ended or the time is over.
await_answer() {
  local url=$1 pid=$2 deadline=$((SECONDS + $3))
  until "$BASH" build/answers.sh "$url"; do
    is_running "$pid" || return 1
    ((SECONDS < deadline)) || return 1
    sleep 0.1
  done
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Sets free_port to a loopback port that nobody listens on, below the range that the kernel gives to outgoing connections.
find_free_port() {
  free_port=$((20000 + RANDOM % 10000))
  until port_is_free "$free_port"; do free_port=$((20000 + RANDOM % 10000)); done
}

# seconds_since START: START is a value of EPOCHREALTIME; prints like 4.2
seconds_since() {
  local now=${EPOCHREALTIME/[.,]/} start=${1/[.,]/}
  local tenths=$(((now - start) / 100000))
  printf '%d.%d' $((tenths / 10)) $((tenths % 10))
}
