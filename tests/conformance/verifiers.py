"""The two verifiers of logs and receipts, asked in the same way: the second one,
in Python, and our own, through the command; and a log that the command made.
"""

import contextlib
import functools
import io
import os
import pathlib
import subprocess
import sys
import tempfile

import log_check
from tampering import TamperedLog, TamperedReceipt

# In Bazel's runfiles; where they are absent, our own part is not there.
SUBROSA = pathlib.Path("tools/subrosa/subrosa").resolve()
POLICY = pathlib.Path("docs/examples/policy/policy.textproto").resolve()
SAMPLE = pathlib.Path("tools/sample/subrosa-sample").resolve()
HAS_OURS = SUBROSA.exists() and SAMPLE.exists()
if "TEST_SRCDIR" in os.environ and not HAS_OURS:
    sys.exit(f"want the commands that Bazel lays here, got none at {SUBROSA}")

PROVEN, NOT_PROVEN = 0, 3
# How long a command may take: a bound on a hang, not a demand on speed.
PATIENCE_SECONDS = 240


def second(*words):
    """(exit code, what it says) of log_check.py."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = log_check.main([str(word) for word in words])
    return code, said.getvalue()


def ours(*words, **options):
    done = subprocess.run([SUBROSA, *map(str, words)], check=False, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=PATIENCE_SECONDS, **options)
    return done.returncode, done.stdout


def keys_of(target):
    return ["--key", target.vkey]


def witness_of(target):
    return ["--witness", target.witness.vkey] if target.witness else []


class SecondVerifier:
    """tests/conformance/log_check.py."""

    def verify_log(self, target, folder, since):
        return second(*keys_of(target), *witness_of(target),
                      *(["--since", since] if since else []), folder)

    def verify_receipt(self, target, path):
        account = [] if target.account is None else ["--account", target.account]
        return second(*keys_of(target), *witness_of(target), *account,
                      "--receipt", path)

    def check_refusal(self, test, case, target, outcome):
        code, said = outcome
        test.assertEqual(NOT_PROVEN, code, said)
        test.assertTrue(said.startswith(f"not proven: {case.reason(target)}"),
                        f"want the reason {case.reason(target)}, got {said}")
        test.assertEqual(1, said.count("\n"), said)


class OurVerifier:
    """`subrosa audit verify` and `subrosa verify`."""

    def verify_log(self, target, folder, since):
        return ours("audit", "verify", "--log", folder, *keys_of(target),
                    *witness_of(target), *(["--since", since] if since else []))

    def verify_receipt(self, target, path):
        consumer = [] if target.account is None else ["--consumer", target.account]
        return ours("verify", path, *keys_of(target), *witness_of(target), *consumer)

    def check_refusal(self, test, case, target, outcome):
        code, said = outcome
        if case.unseen:
            # Should it begin to take notice, the case has to say so.
            test.assertEqual(PROVEN, code, said)
            return
        test.assertEqual(case.ours_exit, code, said)
        test.assertIn(case.our_reason(target), said)


VERIFIERS = [SecondVerifier()] + ([OurVerifier()] if HAS_OURS else [])


@functools.lru_cache(maxsize=None)
def home():
    """(files of the log, vkey, earlier checkpoint, receipt, account) of a home
    that the command made: of records in many batches, and two erasures."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "passphrase").write_text("correct horse battery staple\n")
        (folder / "passphrase").chmod(0o600)
        environment = os.environ | {"SUBROSA_HOME": str(folder / "home")}

        def run(*words):
            code, said = ours(*words, "--passphrase-file", folder / "passphrase",
                              env=environment)
            if code != PROVEN:
                sys.exit(f"subrosa {words}: want exit code 0, got {code}\n{said}")
            return said

        records = subprocess.run(
            [SAMPLE, "--consumers", "6", "--records-per-consumer", "100"], check=True,
            stdout=subprocess.PIPE, timeout=PATIENCE_SECONDS).stdout.splitlines(True)
        # A batch, and so a leaf, for each file.
        for number, record in enumerate(records):
            (folder / f"{number:04}.ndjson").write_bytes(record)
        said = run("init", "--entity", "rosewater", "--policy", POLICY, "--key-derivation",
                   "interactive")
        vkey = next(word for word in said.split()
                    if "/audit/" in word and word.count("+") >= 2)
        run("ingest", *sorted(folder.glob("*.ndjson")))
        run("erase", "c-000004", "--yes")
        earlier = (folder / "home/log/checkpoint").read_bytes()
        run("erase", "c-000005", "--yes", "--receipt", folder / "receipt")
        log = folder / "home/log"
        files = {path.relative_to(log).as_posix(): path.read_bytes()
                 for path in log.rglob("*") if path.is_file()}
        return (files, vkey, earlier, (folder / "receipt").read_bytes(), "c-000005")


def home_log():
    files, vkey, *_ = home()
    return TamperedLog(files, vkey)


def home_receipt():
    _, vkey, _, receipt, account = home()
    return TamperedReceipt(receipt, vkey, account)
