#!/usr/bin/env python3
"""The log of what was done: receipts, checks by those who have no home, homes whose parts disagree,
rotation of keys, and what other machines ask for."""

import base64
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import unittest
import urllib.error
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, DONE, FAILED, NO, PATIENCE_SECONDS, POLICY, USAGE, InstallationTest, counts, counts_of,
    ndjson, record)

WELLNESS = f"{DATA}/wellness.ndjson"
ERASED = "c-000004"


class AuditedTest(InstallationTest):
  """A home with records, and its log."""

  def setUp(self):
    super().setUp()
    self.made = self.subrosa("init", "--entity", "rosewater", "--policy", POLICY,
                             "--key-derivation", "interactive", "--format", "json").json()
    self.vkey = self.made["vkey"]
    self.log = self.home / "log"

  def put(self, number):
    """Takes in one record."""
    path = self.write("one.ndjson", ndjson(record(record_id=f"r-{number}")))
    self.assertEqual(counts(added=1), counts_of(self.ingest(path)))

  def erase(self, name="erasure.tlog-proof", consumer=ERASED):
    receipt = self.work / name
    self.subrosa("erase", consumer, "--yes", "--receipt", receipt)
    return receipt

  def audit(self, *words, **options):
    return self.subrosa("audit", *words, "--format", "json", **options).json()

  def leaves(self, *words):
    return self.subrosa("audit", "export", *words).json_lines()

  def verify(self, receipt, *words, key=None, **options):
    return self.subrosa("verify", receipt, "--key", key or self.vkey, *words, **options)


class ReceiptTest(AuditedTest):

  def setUp(self):
    super().setUp()
    self.ingest(WELLNESS)

  def test_an_erasures_receipt_is_good_for_its_consumer_alone(self):
    receipt = self.erase()
    self.assertEqual(0o600, receipt.stat().st_mode & 0o777)

    good = self.verify(receipt, "--consumer-file", "-", stdin=ERASED + "\n")
    other = self.verify(receipt, "--consumer", "c-000005", expect=NO)

    self.assertIn("This receipt is good.\n", good.out)
    self.assertIn("The key that a consumer's records are sealed with was destroyed.", good.out)
    self.assertIn("The account id that you gave.\n", good.out)
    self.assertIn("What it does not prove\n", good.out)
    self.assertEqual("", other.out)
    self.assertIn("subrosa: error: receipt.consumer: ", other.err)
    self.assertNotIn("c-00000", other.err)

  def test_a_receipt_says_the_same_to_programs(self):
    receipt = self.erase()

    told = self.verify("-", "--consumer", ERASED, "--format", "json",
                       stdin=receipt.read_text(encoding="utf-8")).json()

    self.assertEqual((True, True, self.made["origin"], []), tuple(
        told[key] for key in ("proven", "about_consumer", "origin", "witnesses")))
    self.assertEqual("consumer-key-destroyed", told["leaf"]["kind"])
    self.assertEqual(self.leaves()[told["leaf"]["index"]], told["leaf"])

  def test_a_receipt_that_was_changed_anywhere_proves_nothing(self):
    receipt = self.erase()
    whole = receipt.read_bytes()
    at = whole.index(b"extra ") + 6
    extra = bytearray(base64.b64decode(whole[at:whole.index(b"\n", at)]))
    extra[20] ^= 1
    leaf = whole[:at] + base64.b64encode(extra) + whole[whole.index(b"\n", at):]
    for name, content in (
        ("leaf", leaf), ("index", whole.replace(b"index 3", b"index 2")),
        # How large the log was then depends on when its rows were deleted.
        ("size", re.sub(rb"\n(\d+)\n", lambda size: b"\n%d\n" % (int(size[1]) + 1), whole)),
        ("origin", whole.replace(b"rosewater/", b"rosewatez/")),
        ("cut", whole[:-20]), ("longer", whole + b"\n"), ("empty", b""), ("binary", b"\xff\0" * 99),
        ("huge", whole + b"x" * (1 << 20))):
      with self.subTest(name=name):
        self.assertNotEqual(whole, content)
        self.verify(self.write("changed", content), expect=NO)

  def test_a_receipt_is_refused_by_whoever_has_another_key(self):
    receipt = self.erase()
    origin, _, _ = self.vkey.partition("+")
    self.home = self.folder / "other"
    other = self.subrosa("init", "--entity", "rosewater", "--log-origin", origin,
                         "--key-derivation", "interactive", "--format", "json").json()["vkey"]

    self.assertNotEqual(self.vkey, other)
    outcome = self.verify(receipt, key=other, expect=NO)
    self.verify(receipt, "--key", other)  # Either will do.

    self.assertIn("subrosa: error: ", outcome.err)

  def test_keys_come_from_a_file_too(self):
    receipt = self.erase()
    keys = self.write("keys", f"\n{self.vkey}\n")

    for key in (keys, f"@{keys}"):
      self.verify(receipt, key=key)
    broken = self.verify(receipt, key=self.write("broken", "a vkey\n"), expect=USAGE)
    self.assertIn("broken: line 1: ", broken.err)
    self.verify(receipt, key="no such key", expect=USAGE)
    self.verify(receipt, key=self.write("none", ""), expect=NO)

  def test_a_receipt_that_cannot_be_read_is_an_error_and_no_answer(self):
    self.verify(self.work / "missing", expect=FAILED)
    self.verify(self.work, expect=FAILED)

  def test_a_receipt_never_replaces_a_file_and_nobody_is_erased_then(self):
    taken = self.write("taken", "kept")

    self.refuse("erase", ERASED, "--yes", "--receipt", taken, exit_code=FAILED,
                error=f"subrosa: error: {taken}: want a name that is free, got one that is "
                "taken\n")

    self.assertEqual("kept", taken.read_text())
    self.assertEqual(80, len(self.copy(ERASED)))

  def test_a_certificate_that_nobody_asked_for_can_be_had_later(self):
    self.subrosa("erase", ERASED, "--yes")
    later = self.work / "later"

    self.subrosa("erasure", "certificate", ERASED, "--out", later)

    self.verify(later, "--consumer", ERASED)

  def test_what_remains_of_an_erasure_names_the_leaf(self):
    plan = self.subrosa("erase", ERASED, "--dry-run", "--receipt", self.work / "none")

    self.assertIn("a leaf in the log that says a key was destroyed", plan.out)
    self.assertFalse((self.work / "none").exists())

  # Covers: us-ftc-hbnr/evidence
  def test_any_leaf_can_be_proven_without_saying_whose_it_is(self):
    for index in range(3):
      path = self.work / f"leaf-{index}"
      self.subrosa("audit", "prove", index, "--out", path)
      printed = self.subrosa("audit", "prove", index).out

      self.assertEqual(path.read_text(encoding="utf-8"), printed)
      told = self.verify(path, "--format", "json").json()
      self.assertEqual(index, told["leaf"]["index"])
      self.assertIsNone(told["about_consumer"])
      self.verify(path, "--consumer", ERASED, expect=NO)
    self.assertIn("want less than 3, got 3",
                  self.subrosa("audit", "prove", 3, expect=NO).err)

  def test_two_receipts_of_one_log_prove_each_its_own(self):
    first = self.erase("first")
    second = self.erase("second", "c-000002")

    self.verify(first, "--consumer", ERASED)
    self.verify(second, "--consumer", "c-000002")
    self.verify(first, "--consumer", "c-000002", expect=NO)
    self.verify(second, "--consumer", ERASED, expect=NO)


class ExportTest(AuditedTest):

  def test_the_leaves_count_what_was_done(self):
    taken = self.ingest(WELLNESS)
    self.ingest(WELLNESS)  # Changes nothing, and says nothing.
    changed = record("c-000001", "mood-1", source="ios-app")
    self.ingest(self.write("more.ndjson", ndjson(changed, changed | {"purpose": "therapy"})))
    self.erase()

    leaves = self.leaves()

    def total(kind, number):
      return sum(leaf["numbers"][number] for leaf in leaves if leaf["kind"] == kind)
    inventory = self.inventory()["total"]
    self.assertEqual(list(range(len(leaves))), [leaf["index"] for leaf in leaves])
    self.assertEqual("epoch-opened", leaves[0]["kind"])
    self.assertEqual(6, total("consumer-keys-made", "keys"))
    self.assertEqual(taken["added"] + 1, total("records-put", "added"))
    self.assertEqual(1, total("records-put", "revised"))
    self.assertEqual(80, total("records-deleted", "rows"))
    self.assertEqual(1, sum(leaf["kind"] == "consumer-key-destroyed" for leaf in leaves))
    self.assertEqual(inventory["records"], total("records-put", "added") - 80)
    put = next(leaf for leaf in leaves if leaf["kind"] == "records-put")
    self.assertEqual(6, len(put["commitments"]))
    self.assertEqual({32}, {len(leaf["tag"]) for leaf in leaves})

  def test_a_part_of_the_leaves_is_given_out_alone(self):
    self.ingest(WELLNESS)
    whole = self.leaves()

    self.assertEqual(whole[1:], self.leaves("--from", 1))
    self.assertEqual(whole[:2], self.leaves("--to", 2))
    self.assertEqual([], self.leaves("--from", 1, "--to", 1))
    self.subrosa("audit", "export", "--from", 4, expect=NO)
    self.subrosa("audit", "export", "--from", -1, expect=USAGE)
    text = self.subrosa("audit", "export", "--format", "text").out
    self.assertRegex(text, r"(?m)^2  20\d\d-\d\d-\d\d  records put: added 480, revised 0$")

  def test_an_auditor_needs_the_folder_and_the_key_alone(self):
    self.ingest(WELLNESS)
    copied = self.work / "copied-log"
    shutil.copytree(self.log, copied)
    outside = ["--log", copied, "--key", self.vkey]

    self.assertEqual(self.leaves(), self.leaves(*outside))
    verdict = self.audit("verify", *outside)
    self.assertEqual((True, 3, None), tuple(verdict[key] for key in ("sound", "size", "rows")))
    self.subrosa("audit", "prove", 2, *outside, "--out", "receipt")
    self.verify(self.work / "receipt")
    self.subrosa("audit", "verify", "--log", copied, expect=USAGE)

  def test_a_home_can_be_verified_by_a_key_that_was_kept(self):
    self.ingest(WELLNESS)
    mine, self.home = self.home, self.folder / "other"
    other = self.subrosa("init", "--entity", "rosewater", "--key-derivation", "interactive",
                         "--format", "json").json()["vkey"]
    self.home = mine

    self.assertEqual((True, "key-store"), self.sound_by())
    self.assertEqual((True, "given"), self.sound_by("--key", self.vkey))
    # As if keys.db listed a key that signed another history.
    self.subrosa("audit", "verify", "--key", other, expect=NO)

  def sound_by(self, *words):
    verdict = self.audit("verify", *words)
    return verdict["sound"], verdict["keys_from"]


class VerifyTest(AuditedTest):

  def setUp(self):
    super().setUp()
    self.ingest(WELLNESS)
    self.erase()

  def test_a_sound_log_is_counted_and_the_record_store_agrees(self):
    outcome = self.subrosa("audit", "verify")
    verdict = self.audit("verify")

    self.assertIn("Every entry and file is as it was signed, by a key that keys.db lists.\n",
                  outcome.out)
    self.assertIn("The record store holds 400 rows, as the log says.\n", outcome.out)
    self.assertEqual((True, 6, 400, 0, [], []), tuple(verdict[key] for key in (
        "sound", "size", "rows", "fault_count", "faults", "repaired")))
    self.assertEqual({"records-put": 1, "records-deleted": 1, "consumer-keys-made": 1,
                      "consumer-key-destroyed": 1, "erasure-certified": 1, "epoch-opened": 1},
                     {each["kind"]: each["count"] for each in verdict["leaves"]})

  def test_a_row_that_the_log_knows_nothing_of_is_a_fault(self):
    for change, got in (("DELETE FROM record WHERE row = 7", 399),
                        ("INSERT INTO record SELECT row + 1000, entity, data_ref, record_ref, "
                         "revision + 1, schema, source, purpose, categories, labels, "
                         "collected_day, effective_day, digest, row_tag, envelope FROM record "
                         "LIMIT 2", 401)):
      with sqlite3.connect(self.home / "records.db") as database:
        database.execute(change)
      database.close()

      verdict = self.audit("verify", expect=NO)

      self.assertEqual([f"record store: want 400 rows, as the log says, got {got}"],
                       verdict["faults"])

  def test_a_changed_entry_or_tile_is_named_and_tiles_can_be_made_anew(self):
    bundle = self.log / "tile/entries/000.p/6"
    tile = self.log / "tile/0/000.p/6"
    whole = bundle.read_bytes()
    bundle.write_bytes(whole[:9] + bytes([whole[9] ^ 1]) + whole[10:])
    verdict = self.audit("verify", "--repair", expect=NO)
    self.assertTrue(any("tile/entries/000.p/6" in fault for fault in verdict["faults"]), verdict)
    bundle.write_bytes(whole)

    hashes = tile.read_bytes()
    tile.unlink()
    found = self.audit("verify", expect=NO)
    repaired = self.audit("verify", "--repair")

    self.assertTrue(any("tile/0/000.p/6" in fault for fault in found["faults"]), found)
    self.assertTrue(any("tile/0/000.p/6" in each for each in repaired["repaired"]), repaired)
    self.assertEqual(hashes, tile.read_bytes())
    self.assertTrue(self.audit("verify")["sound"])

  def test_a_log_continues_the_checkpoints_that_it_had(self):
    note = self.subrosa("audit", "checkpoint").out
    before = self.write("before", note)
    self.put(1)
    after = self.write("after", self.subrosa("audit", "checkpoint").out)
    copied = self.work / "old-log"
    shutil.copytree(self.log, copied)

    self.audit("verify", "--since", before)
    self.audit("verify", "--since", after)

    # The log cut back to what it was.
    shutil.copy(before, copied / "checkpoint")
    verdict = self.audit("verify", "--log", copied, "--key", self.vkey, "--since", after, expect=NO)
    self.assertEqual([f"{after}: want a log of 8 leaves or more, as it says, got 6"],
                     verdict["faults"])
    self.subrosa("audit", "verify", "--since", self.write("other", note.replace("\n6\n", "\n5\n")),
                 expect=NO)
    self.subrosa("audit", "verify", "--since", self.work / "missing", expect=FAILED)


class DisagreementTest(AuditedTest):
  """Homes with an older copy of one part."""

  def setUp(self):
    super().setUp()
    self.ingest(WELLNESS)
    self.saved = self.folder / "saved"
    shutil.copytree(self.home, self.saved)
    self.put(1)
    self.erase()

  def put_back(self, part):
    place = self.home / part
    for suffix in ("", "-wal", "-shm"):
      path = self.home / (part + suffix)
      if path.is_dir():
        shutil.rmtree(path)
      else:
        path.unlink(missing_ok=True)
    if (self.saved / part).is_dir():
      shutil.copytree(self.saved / part, place)
    else:
      shutil.copy(self.saved / part, place)

  def assert_refused(self, part, named):
    for words in (["inventory"], ["ingest", WELLNESS], ["erase", "c-000001", "--yes"],
                  ["audit", "checkpoint"], ["audit", "rotate-key"]):
      outcome = self.subrosa(*words, expect=FAILED)
      self.assertRegex(outcome.err, rf"^subrosa: error: {named}: ")
      self.assertIn("`subrosa store restore`", outcome.err)
      self.assertEqual("", outcome.out)
    text = self.subrosa("audit", "status", expect=NO)
    self.assertIn(f"  {part} (behind): ", text.out)
    status = self.audit("status", expect=NO)
    self.assertFalse(status["agree"])
    self.assertEqual({part}, {each["part"] for each in status["disagreements"]})
    self.assertFalse(self.audit("verify", expect=NO)["sound"])
    return status

  def test_a_home_whose_parts_agree_says_so(self):
    status = self.audit("status")

    self.assertTrue(status["agree"])
    self.assertEqual((self.made["origin"], 8, {"keys": 0, "records": 0}), tuple(
        status[key] for key in ("origin", "size", "waiting")))
    self.assertEqual({("keys.db", 8), ("records.db", 8), ("log", 8), ("keyring", 8)},
                     {(each["part"], each["size"]) for each in status["parts"]})
    self.assertEqual([self.vkey], [key["vkey"] for key in status["keys"]])

  def test_an_older_key_store_is_refused_and_named(self):
    self.put_back("keys.db")
    status = self.assert_refused("keys.db", "key store( and log)?")
    self.assertEqual(3, status["size"])

  def test_an_older_record_store_is_refused_and_named(self):
    self.put_back("records.db")
    self.assert_refused("records.db", "record store")

  def test_an_older_log_folder_is_refused_and_named(self):
    self.put_back("log")
    self.assert_refused("log", "log")

  def test_a_home_that_went_back_as_a_whole_is_told_by_the_keyring(self):
    for part in ("keys.db", "records.db", "log"):
      self.put_back(part)

    self.assertIn("as the keyring remembers", self.subrosa("inventory", expect=FAILED).err)
    status = self.audit("status", expect=NO)
    self.assertEqual({"keys.db", "records.db", "log"},
                     {each["part"] for each in status["disagreements"]})
    self.assertTrue(self.run_command([*self.arguments()[:1], "audit", "status"]).out.endswith(
        "All that was read agrees.\n"))

  def test_a_home_with_its_parts_put_back_in_place_opens_again(self):
    newest = self.folder / "newest"
    shutil.copytree(self.home, newest)
    self.put_back("keys.db")
    self.assert_refused("keys.db", "key store( and log)?")
    self.saved = newest
    for part in ("keys.db", "records.db", "log"):
      self.put_back(part)

    self.assertTrue(self.audit("status")["agree"])
    self.assertEqual(401, self.inventory()["total"]["records"])

  def test_a_missing_part_is_named_and_the_rest_is_read(self):
    (self.home / "keys.db").unlink()

    status = self.audit("status", expect=NO)

    self.assertEqual([("keys.db", "unread")],
                     [(each["part"], each["standing"]) for each in status["disagreements"]])
    self.assertEqual(8, status["parts"][1]["size"])

  def test_no_home_is_an_error(self):
    self.home = self.work / "none"
    self.run_command([*self.arguments()[:1], "audit", "status"], expect=FAILED)
    self.subrosa("audit", "verify", expect=FAILED)


class RotationTest(AuditedTest):

  def test_old_receipts_still_verify_and_new_ones_carry_the_new_key(self):
    self.ingest(WELLNESS)
    first = self.erase("first")
    plan = self.audit("rotate-key", "--dry-run")
    self.assertEqual((False, self.vkey), (plan["changed"], plan["vkey"]))

    rotated = self.audit("rotate-key")
    second = self.erase("second", "c-000002")
    retired = self.audit("rotate-key", "--retire-old")
    third = self.erase("third", "c-000003")

    self.assertEqual([self.vkey], retired["retired"])
    self.assertEqual(rotated["vkey"], retired["vkey"])
    leaf = self.leaves()[rotated["size"] - 1]
    self.assertEqual(("log-key-announced", rotated["vkey"]), (leaf["kind"], leaf["text"]))
    both = ["--key", rotated["vkey"]]
    for receipt, old, new in ((first, DONE, NO), (second, DONE, DONE), (third, NO, DONE)):
      self.verify(receipt, expect=old)
      self.verify(receipt, key=rotated["vkey"], expect=new)
      self.verify(receipt, *both)
    self.assertEqual([(True, True), (True, False)],
                     [(key["announced"], key["retired"]) for key in self.audit("status")["keys"]])
    self.assertTrue(self.audit("verify")["sound"])


class ServeTest(AuditedTest):

  def get(self, port, path, token=None):
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    try:
      with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as response:
        return response.status, response.read()
    except urllib.error.HTTPError as error:
      return error.code, error.read()

  def test_hashes_are_for_everyone_and_entries_for_auditors(self):
    self.ingest(WELLNESS)
    token = base64.b64encode(os.urandom(24)).decode()
    tokens = self.write("tokens", f"{token}\n")
    said, _ = self.start_server("serve", "--auditor-tokens", tokens)
    port = said["port"]

    self.assertEqual(1, said["auditors"])
    for path in ("checkpoint", "tile/0/000.p/3"):
      self.assertEqual((200, (self.log / path).read_bytes()), self.get(port, f"/{path}"))
    entries = "tile/entries/000.p/3"
    self.assertEqual(401, self.get(port, f"/{entries}")[0])
    self.assertEqual(401, self.get(port, f"/{entries}", token="x" * 32)[0])
    self.assertEqual((200, (self.log / entries).read_bytes()),
                     self.get(port, f"/{entries}", token=token))
    for path in ("/cosigned", "/tile/0/001", "/../keyring", "/keyring", "/tile/entries/../0/000"):
      self.assertEqual(404, self.get(port, path, token=token)[0], path)

  def test_what_was_fetched_is_a_log_that_an_auditor_can_check(self):
    self.ingest(WELLNESS)
    token = "t" * 22
    said, _ = self.start_server("serve", "--auditor-tokens", self.write("tokens", token))
    fetched = self.work / "fetched"
    for path in ("checkpoint", "tile/0/000.p/3", "tile/entries/000.p/3"):
      target = fetched / path
      target.parent.mkdir(parents=True, exist_ok=True)
      target.write_bytes(self.get(said["port"], f"/{path}", token=token)[1])

    self.assertTrue(self.audit("verify", "--log", fetched, "--key", self.vkey)["sound"])

  def test_the_second_verifier_proves_what_is_served(self):
    self.ingest(WELLNESS)
    token = self.write("token", "t" * 22)
    said, _ = self.start_server("serve", "--auditor-tokens", token)

    def check(*words):
      return subprocess.run(
          [sys.executable, "tests/conformance/log_check.py", "--key", self.vkey, *words,
           f"http://127.0.0.1:{said['port']}"],
          capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=False)

    proven = check("--token-file", token)
    self.assertEqual(0, proven.returncode, proven.stderr)
    # Without the entries nothing is proven.
    refused = check()
    self.assertEqual(3, refused.returncode)
    self.assertIn("401", refused.stdout + refused.stderr)

  def test_tokens_of_a_file_with_carriage_returns_are_known(self):
    self.ingest(WELLNESS)
    said, _ = self.start_server("serve", "--auditor-tokens",
                                self.write("tokens", "t" * 22 + "\r\n\r\n" + "u" * 22 + "\r\n"))
    self.assertEqual(2, said["auditors"])
    entries = "/tile/entries/000.p/3"
    for token in ("t" * 22, "u" * 22):
      self.assertEqual(200, self.get(said["port"], entries, token=token)[0])

  def test_tokens_that_everybody_may_read_are_refused(self):
    tokens = self.write("tokens", "t" * 22)
    tokens.chmod(0o644)

    outcome = self.subrosa("audit", "serve", "--listen", "127.0.0.1:0", "--auditor-tokens", tokens,
                           expect=FAILED)

    self.assertIn("want a file that others cannot touch, got mode 0644", outcome.err)

  def test_a_token_that_can_be_guessed_is_refused(self):
    outcome = self.subrosa("audit", "serve", "--listen", "127.0.0.1:0", "--auditor-tokens",
                           self.write("tokens", "secret\n"), expect=FAILED)

    self.assertIn("line 1: want a random token of 22 characters or more, got 6", outcome.err)

  def test_a_wrong_address_or_no_log_is_not_served(self):
    self.subrosa("audit", "serve", "--listen", "everywhere", expect=USAGE)
    self.subrosa("audit", "serve", "--listen", "127.0.0.1:0", "--log", self.work, expect=FAILED)


class WitnessTest(AuditedTest):

  def cosign(self, said, **options):
    return self.subrosa(
        "audit", "checkpoint", "--cosign-with", f"http://127.0.0.1:{said['port']}",
        "--witness-key", said["vkey"], "--allow-private-addresses", **options)

  def test_receipts_carry_what_a_witness_saw(self):
    self.ingest(WELLNESS)
    receipt = self.erase()
    said, _ = self.start_witness(self.vkey)

    note = self.cosign(said).out

    self.assertEqual(note, (self.log / "cosigned").read_text(encoding="utf-8"))
    self.assertEqual(6, self.audit("status")["cosigned_size"])
    proven = self.work / "proven"
    self.subrosa("audit", "prove", 3, "--out", proven)
    told = self.verify(proven, "--witness", said["vkey"], "--format", "json").json()
    self.assertEqual(["witness.example/w1"], [each["name"] for each in told["witnesses"]])
    self.assertIn("The witness witness.example/w1 saw the log so at ",
                  self.verify(proven, "--witness", said["vkey"]).out)
    # The erasure's own receipt is older than the cosignature.
    missing = self.verify(receipt, "--witness", said["vkey"], expect=NO)
    self.assertIn("want a cosignature by witness.example/w1, got none", missing.err)
    self.assertTrue(self.audit("verify")["sound"])

  def test_a_log_that_grew_is_cosigned_again_also_by_a_witness_that_was_restarted(self):
    said, process = self.start_witness(self.vkey)
    self.cosign(said)
    self.put(1)
    self.cosign(said)
    self.stop_server(process)
    again, _ = self.start_witness(self.vkey)
    self.put(2)

    self.cosign(again)

    self.assertEqual(said["vkey"], again["vkey"])
    status = self.audit("status")
    self.assertEqual(status["size"], status["cosigned_size"])

  def test_a_log_that_was_rolled_back_is_not_cosigned(self):
    self.put(1)
    # Everything of an earlier day, the keyring too: nothing in the home knows better.
    earlier = self.folder / "earlier"
    shutil.copytree(self.home, earlier)
    self.put(2)
    said, _ = self.start_witness(self.vkey)
    self.cosign(said)
    shutil.rmtree(self.home)
    shutil.copytree(earlier, self.home)
    self.assertTrue(self.audit("status")["agree"])

    outcome = self.cosign(said, expect=NO)

    self.assertIn("this log is an old copy", outcome.err)
    self.assertFalse((self.log / "cosigned").exists())
    # Nor once it has grown past it on another history.
    for number in range(3, 6):
      self.put(number)
    self.cosign(said, expect=NO)

  def test_a_witness_of_other_logs_or_with_another_key_is_no_witness(self):
    said, _ = self.start_witness(self.vkey)
    self.home = self.folder / "second"
    self.subrosa("init", "--entity", "stranger", "--key-derivation", "interactive")
    self.cosign(said, expect=NO)
    other = said | {"vkey": self.vkey}
    self.cosign(other, expect=USAGE)

  def test_private_addresses_are_asked_only_where_that_is_allowed(self):
    said, _ = self.start_witness(self.vkey)

    self.subrosa("audit", "checkpoint", "--cosign-with", f"http://127.0.0.1:{said['port']}",
                 "--witness-key", said["vkey"], expect=FAILED)

    self.assertFalse((self.log / "cosigned").exists())

  def test_a_witness_that_lost_its_keyring_does_not_start_as_another(self):
    _, process = self.start_witness(self.vkey)
    self.stop_server(process)
    (self.folder / "witness-keyring").unlink()

    outcome = self.subrosa(
        "audit", "witness", "--listen", "127.0.0.1:0", "--state", self.folder / "witness-state",
        "--keyring", self.folder / "witness-keyring", "--name", "witness.example/w1", "--logs",
        self.write("logs", self.vkey), expect=FAILED)

    self.assertIn("want the keyring of the witness that wrote to", outcome.err)


class UsageTest(AuditedTest):

  def test_the_group_lists_its_commands_and_hints_at_near_misses(self):
    listed = self.subrosa("audit", "--help")
    self.assertIn("Usage: subrosa audit COMMAND", listed.out)
    for command in ("status", "verify", "prove", "checkpoint", "export", "rotate-key", "serve",
                    "witness"):
      self.assertIn(f"\n  {command} ", listed.out)
      outcome = self.subrosa("audit", command, "--help")
      self.assertIn(f"Usage: subrosa audit {command} [OPTIONS]", outcome.out)
      self.assertIn("--format", outcome.out)
    for typed, hint in (("stat", "did you mean `status`?"), ("chekpoint", "did you mean "
                        "`checkpoint`?"), ("x", "`subrosa audit --help` lists them")):
      self.refuse("audit", typed, exit_code=USAGE,
                  error=f"subrosa: error: no such command\nsubrosa: hint: {hint}\n")
    self.run_command([self.arguments()[0], "audit"], expect=USAGE)

  def test_a_wrong_call_is_told(self):
    for words in (["audit", "prove"], ["audit", "prove", "one"], ["audit", "prove", "-1"],
                  ["audit", "export", "--from", "1e3"], ["verify"], ["verify", "a"],
                  ["verify", "a", "b", "--key", self.vkey],
                  ["verify", "-", "--key", self.vkey, "--consumer-file", "-"],
                  ["verify", "a", "--key", self.vkey, "--witness", self.vkey],
                  ["audit", "checkpoint", "--cosign-with", "http://127.0.0.1:1"],
                  ["audit", "export", "--log", "x"]):
      with self.subTest(words=words):
        self.subrosa(*words, expect=USAGE)


if __name__ == "__main__":
  unittest.main(verbosity=2)
