#!/usr/bin/env bash
# Every library that is linked is named, with its licence, in NOTICE.
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."

breaches=0
while read -r package; do
  grep -qE " $package +[A-Za-z]" NOTICE ||
    { echo "NOTICE: want a line with the licence of $package"; breaches=1; }
done < <(awk '$1 ~ /^(build|test)$/ && $2 ~ /-dev$/ && $2 !~ /^libclang-rt-/ { print $2 }' \
  tools/packages.txt)
exit "$breaches"
