#!/bin/sh
# The command itself: exit codes, and what goes to which stream.
set -eu
sample=tools/sample/subrosa-sample
out="$TEST_TMPDIR/out"
err="$TEST_TMPDIR/err"

# expect EXIT_CODE WORDS_ON_STDERR ARGUMENT...
expect() {
  want=$1
  words=$2
  shift 2
  got=0
  "$sample" "$@" >"$out" 2>"$err" || got=$?
  if [ "$got" -ne "$want" ]; then
    echo "FAIL: $*: want exit code $want, got $got" >&2
    exit 1
  fi
  if [ -n "$words" ] && ! grep -qF -e "$words" "$err"; then
    echo "FAIL: $*: stderr lacks: $words" >&2
    cat "$err" >&2
    exit 1
  fi
}

expect 0 "" --consumers 1 --records-per-consumer 1
[ "$(wc -l <"$out")" -eq 1 ]
[ ! -s "$err" ]

expect 0 "" --help
grep -q -e --records-per-consumer "$out"

expect 2 "subrosa-sample: error: --size: want a whole number" --size 3
[ ! -s "$out" ]
expect 2 "subrosa-sample: hint: --help lists the options" --nonsense
expect 1 "subrosa-sample: error: $TEST_TMPDIR: Is a directory" \
  --output "$TEST_TMPDIR"

if "$sample" --consumers 9 >/dev/full 2>"$err"; then
  echo "FAIL: a full disk went unnoticed" >&2
  exit 1
fi
grep -q "No space left on device" "$err"
echo PASS
