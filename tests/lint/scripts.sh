#!/usr/bin/env bash
# Shell scripts hold no mistake that shellcheck knows.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
# By first line, since the commands have no suffix.
git grep -lzIE -e '^#!(/usr/bin/env |/bin/)(ba)?sh$' |
  xargs -0 -r shellcheck --severity=warning
