#!/usr/bin/env bash
# The pages for readers say what is there: links, columns, quotations.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
exec python3 tests/lint/docs.py
