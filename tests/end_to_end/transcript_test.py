#!/usr/bin/env python3
"""Plays docs/operations/erasure_transcript.md from one end to the other, and compares: what the page
shows is what the command says. Days, random names, keys and sizes are left out of the comparison.

    cd bazel-bin/tests/end_to_end/transcript_test.runfiles/subrosa
    tests/end_to_end/transcript_test.py --write PAGE

writes the page anew.
"""

import os
import re
import shutil
import subprocess
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, POLICY, InstallationTest)
from transcript import Transcript, difference, main  # pylint: disable=wrong-import-position

PAGE = os.path.abspath("docs/operations/erasure_transcript.md")
ERASED = "c-000004"

HEAD = """# An erasure, from the put to the certificate

One consumer's records are taken in, backed up, and erased; the backup is put back, which
brings nobody back; the keys are rotated and the old epoch is retired, after which the
backup opens for nobody; and what was done is verified from the consumer's certificate and
the log. All of it is real: `tests/end_to_end/transcript_test.py` plays this page and
compares what is said, but for days, random names and sizes.

Each command is also given `--passphrase-file passphrase`, and finds its home by
`SUBROSA_HOME=home`. `exit code 3` is "finished, and the answer is no", `1` "could not
finish" ([all of them](home.md#exit-codes)). What the steps mean is explained in
[keys](keys.md), [backups](backups.md) and [the threat model](../threat_model.md).
"""


class TranscriptTest(InstallationTest):

  def play(self):
    page = Transcript(self, HEAD)
    shutil.copy(f"{DATA}/wellness.ndjson", self.folder / "wellness.ndjson")
    shutil.copy(POLICY, self.folder / "policy.textproto")
    for name in ("backup", "old"):
      (self.folder / name).mkdir(mode=0o700)

    page.say("## Put, and back up")
    page.run("init", "--entity", "rosewater", "--policy", "policy.textproto",
             "--key-derivation", "interactive", "--key-backup-days", 14)
    page.run("ingest", "wellness.ndjson")
    page.run("store", "backup", "--records", "backup/records.db", "--keys", "backup/keys.db")

    page.say("## Erase\n\nFirst what it would do, and from when on it would hold in backups.")
    page.run("erase", ERASED, "--dry-run")
    page.run("erase", ERASED, "--yes", "--certificate", "certificate.txt")
    page.run("show", ERASED, expect=NO)

    page.say("## Put the backup back\n\nFirst by hand, as one would after a disaster. The home "
             "does not open: its parts\nknow that the log is longer.")
    page.copy(("backup/keys.db", "home/keys.db"), ("backup/records.db", "home/records.db"))
    page.run("inventory", expect=FAILED)
    page.say("Then as it is meant to be done. Who was erased since is erased again, before "
             "anything\nopens: their key came back with the copy, and the log's tombstone "
             "recognises it.")
    page.run("store", "restore", "--keys", "backup/keys.db", "--records", "backup/records.db",
             "--yes")
    page.run("show", ERASED, expect=NO)
    page.run("ingest", "wellness.ndjson", expect=NO)

    page.say("## Rotate and retire\n\nThe backup still has the consumer's key, under the first "
             "epoch. A rotation moves those\nwho are left into the next one.")
    page.run("keys", "rotate")
    page.run("keys", "retire", expect=NO)
    page.say("Nothing is due until backups of that day are past the 14 days that they are kept. "
             "Here\nthe days do not pass; the day is set back in the database instead.")
    page.sql("home/keys.db", "UPDATE epoch SET destroy_day = 20000 WHERE epoch = 1")
    page.run("keys", "retire")
    page.run("keys", "status")

    page.say("## Open the old backup by hand\n\nNow somebody has the backup of both databases, "
             "the keyring as it is today, the log and the\npassphrase: all that there is. "
             "A home is built of them.")
    page.copy(("home/keyring", "old/keyring"), ("home/log", "old/log"),
              ("backup/keys.db", "old/keys.db"), ("backup/records.db", "old/records.db"))
    page.run("show", ERASED, home="old", expect=FAILED)
    page.run("store", "restore", "--yes", home="old", expect=FAILED)
    page.run("keys", "verify", home="old", expect=FAILED)
    page.say("What is in the files: six consumers' keys, each wrapped under a working key that is "
             "itself\nsealed; nothing opens that any more.")
    page.sql("old/keys.db", "SELECT epoch, count(*), length(wrapped) FROM consumer_key")
    page.sql("old/keys.db", "SELECT epoch, length(working_key) FROM epoch")
    page.say("And the clear columns of rows that lead to nobody: that *somebody* had so many "
             "records of\na kind here, and on which days ([what that "
             "shows](../threat_model.md#what-rests-in-clear-and-why)).")
    page.sql("old/records.db", "SELECT count(DISTINCT data_ref), count(*), min(length(envelope)) "
             "FROM record")

    page.say("## Verify\n\nThe consumer's certificate says that their key was destroyed, and binds "
             "that to their\naccount id. It needs the log's public key, and no network.")
    status = subprocess.run(self.arguments("audit", "status", "--format", "json"), check=True,
                            cwd=self.folder, env=self.environment(), stdout=subprocess.PIPE)
    vkey = re.search(rb'"vkey": ?"([^"]*)"', status.stdout).group(1).decode()
    page.run("verify", "certificate.txt", "--key", vkey, "--consumer", ERASED)
    page.run("verify", "certificate.txt", "--key", vkey, "--consumer", "c-000005",
             expect=NO)
    page.say("The leaf that says that the epoch's object was destroyed, and how sure that is, "
             "makes the\nerasure final. Anybody may have its proof too.")
    leaf = self.leaf_of("epoch-retired")
    page.run("audit", "prove", leaf, "--out", "retired.tlog-proof")
    page.run("verify", "retired.tlog-proof", "--key", vkey)
    page.say("And the whole log, with what the home holds.")
    page.run("audit", "verify")
    return page.text

  def leaf_of(self, kind):
    exported = subprocess.run(self.arguments("audit", "export"), check=True, cwd=self.folder,
                              env=self.environment(), stdout=subprocess.PIPE, text=True).stdout
    lines = [line for line in exported.splitlines() if f'"{kind}"' in line]
    return int(re.search(r'"index": ?(\d+)', lines[-1]).group(1))

  def test_the_page_shows_what_the_command_says(self):
    self.assertEqual("", difference(PAGE, self.play()),
                     "write it anew: transcript_test.py --write PAGE")


if __name__ == "__main__":
  main(TranscriptTest)
