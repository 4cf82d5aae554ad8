#!/bin/sh
# Runs the commands of README.md and compares what they make with what is here.
set -eu
sample="$PWD/tools/sample/subrosa-sample"
here="$PWD/docs/examples/data"
cd "$TEST_TMPDIR"
mkdir -p fhir apple_health

made=0
# Commands that are examples for other sizes stand indented; these do not.
grep '^subrosa-sample ' "$here/README.md" >commands
while read -r _ arguments; do
  # shellcheck disable=SC2086  # Words without spaces or quotes.
  "$sample" $arguments
  output=${arguments##*--output }
  if ! cmp "$output" "$here/$output"; then
    echo "FAIL: $output differs from what its command makes" >&2
    exit 1
  fi
  made=$((made + 1))
done <commands

held=$(cd "$here" && ls wellness.* fhir/* apple_health/* | wc -l)
if [ "$made" -ne "$held" ]; then
  echo "FAIL: $held files, but commands for $made" >&2
  exit 1
fi
echo "PASS: $made files are what their commands make"
