#!/usr/bin/env bash
# src/law/coverage.tsv names the tests that say which rules they cover.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

python3 tools/law_map/coverage.py | diff -u src/law/coverage.tsv - || {
  echo "src/law/coverage.tsv: want what the tests say" >&2
  echo "hint: tools/law_map/coverage.py > /tmp/coverage.tsv && cp /tmp/coverage.tsv src/law/" >&2
  exit 1
}
