#!/usr/bin/env bash
# Runs protoc with the plugin as a service's build does, and looks at what a
# genrule made with it.
set -euo pipefail

plugin=$PWD/tools/protoc_gen_subrosa/protoc-gen-subrosa
cd "$TEST_TMPDIR"
mkdir -p out protos

fail() {
  echo "plugin_test: $1" >&2
  exit 1
}

# run PARAMETERS: the plugin over protos/checkin.proto, as on a command line.
run() {
  protoc -I "$TEST_SRCDIR/$TEST_WORKSPACE/proto" -I protos \
    --plugin="$plugin" --subrosa_out="$1:out" protos/checkin.proto
}

cat >protos/checkin.proto <<'PROTO'
syntax = "proto3";
package app;
import "subrosa/v1/annotations.proto";
message CheckIn {
  int32 mood = 1 [(subrosa.v1.field) = {health: HEALTH_CATEGORY_CONDITIONS}];
  // When the last period began.
  string lmp_date = 2;
  optional string page_token = 3;
}
PROTO

if said=$(run "" 2>&1); then fail "want a failure, got: $said"; fi
grep -qF "checkin.proto:7: app.CheckIn.lmp_date: want a mark, got none; paste [" \
  <<<"$said" || fail "want the field by its line and what to paste, got: $said"
[ -z "$(ls out)" ] || fail "want no inventory after a failure"

said=$(run "threshold=30" 2>&1) || fail "want 30 % to be enough, got: $said"
grep -qF "warning: " <<<"$said" || fail "want a warning, got: $said"
grep -qF '"unmarked": 2' out/subrosa_inventory.json || fail "want two unmarked"
if run "threshold=much" 2>/dev/null; then fail "want a wrong threshold refused"; fi

# What it says to paste compiles, and is enough.
while read -r name mark; do
  sed -i "s|\\( $name = [0-9]*\\);|\\1 $mark;|" protos/checkin.proto
done < <(run "threshold=0" 2>&1 |
  sed -nE 's/.*app\.CheckIn\.([a-z_]+): want a mark.* paste (\[.*\}\]) .*/\1 \2/p')
said=$(run "" 2>&1) || fail "want every field marked, got: $said"
[ -z "$said" ] || fail "want nothing said, got: $said"

grep -qF '"unmarked": 0' \
  "$TEST_SRCDIR/$TEST_WORKSPACE/docs/examples/service/breathing_inventory.json" ||
  fail "want the example's inventory whole"
