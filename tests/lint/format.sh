#!/usr/bin/env bash
# C++ sources are laid out as .clang-format says; `tools/tidy --fix` does it.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
git ls-files -z '*.h' '*.cc' | xargs -0 -r clang-format-14 --dry-run -Werror
