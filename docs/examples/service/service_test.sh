#!/usr/bin/env bash
# Runs the example service and checks what it says and what it leaves behind.
set -euo pipefail

service=docs/examples/service/breathing_service
passphrase=$TEST_TMPDIR/passphrase
umask 077
echo "a passphrase for one test" >"$passphrase"

fail() {
  echo "service_test: $1" >&2
  exit 1
}

said=$(TMPDIR=$TEST_TMPDIR "$service" "$passphrase")

wants() { grep -qF -- "$1" <<<"$said" || fail "want a line with: $1, got: $said"; }
wants "refused: consumer: want 1 to 256 bytes, got 0"
wants "Amaranta has breathed for 540 seconds."
wants "3 records of 2 consumers"
wants "Amaranta's copy: 2 records as JSON."
wants "Erased: the key is destroyed and 2 rows are deleted."
wants "Asked again: consumer: want one that is held here, got none"
wants "Her certificate has "
# The README shows the run as it is. How many lines the certificate has depends
# on the log's proofs.
shown=$(sed -n '/^Keep four exercises:$/,/^```$/p' docs/examples/service/README.md |
  sed '$d')
without_lines() { sed 's/^Her certificate has [0-9]* lines/Her certificate has N lines/'; }
diff <(without_lines <<<"$shown") <(without_lines <<<"$said") ||
  fail "want what docs/examples/service/README.md shows"

# What a consumer wrote is theirs alone.
if grep -qF "thinking about work" <<<"$said"; then
  fail "a consumer's words were printed"
fi
[ -z "$(find "$TEST_TMPDIR" -name 'rosewater.*')" ] ||
  fail "the temporary home was left behind"

# Without a passphrase, and with one that everybody may read, it says what is
# wrong and what to do.
if "$service" 2>/dev/null; then fail "want a refusal without a passphrase"; fi
chmod 644 "$passphrase"
if said=$(TMPDIR=$TEST_TMPDIR "$service" "$passphrase" 2>&1); then
  fail "want a refusal of a passphrase that everybody may read"
fi
wants "passphrase"
