#!/usr/bin/env python3
"""A request to delete, done by one command: here, at stores, and proven."""

import json
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, POLICY, USAGE, InstallationTest)

ADA = "c-000001"


class RequestEraseTest(InstallationTest):

  def setUp(self):
    super().setUp()
    made = self.subrosa("init", "--entity", "rosewater", "--policy", POLICY, "--key-derivation",
                        "interactive", "--format", "json").json()
    self.vkey = made["vkey"]
    self.ingest(f"{DATA}/wellness.ndjson")

  def connect(self, *stores):
    """Writes connectors of stores: (id, the program's script)."""
    (self.home / "connectors.textproto").write_text("".join(
        f'connector {{ id: "{name}" kind: PARTY_KIND_STORE command {{ argument: "/bin/sh" '
        f'argument: "-c" argument: "{script}" }} }}\n' for name, script in stores))

  def receive(self, residence="US-WA", kind="DELETE", authenticate=True):
    path = self.write("request.json", json.dumps({
        "kind": f"REQUEST_KIND_{kind}", "consumer": ADA, "residence": residence,
        "channel": "REQUEST_CHANNEL_FORM",
        "requester": {"kind": "REQUESTER_KIND_SELF", "contact": "ada@mail.example"},
        "receivedAt": "2026-11-20T17:00:00Z"}))
    ref = self.subrosa("request", "receive", path, "--format", "json").json()["reference"]
    if authenticate:
      self.subrosa("request", "authenticate", ref, "--account-login")
    return ref

  def erase(self, ref, *words, **options):
    return self.subrosa("request", "erase", ref, *words, "--format", "json", **options)

  def parts(self, ref):
    shown = self.subrosa("request", "show", ref, "--format", "json").json()
    return {part["part"]: part["status"] for part in shown["parts"]}

  def test_a_request_to_delete_is_planned_done_proven_and_answered(self):
    self.connect(("mail", "exit 0"))
    ref = self.receive()
    plan = self.erase(ref, "--dry-run").json()
    self.assertEqual((False, 80, "wa-mhmda/delete", [], ["mail"]), (
        plan["erased"], plan["records"], plan["due"]["rule"], plan["kept"],
        [party["id"] for party in plan["parties"]]))
    self.subrosa("show", ADA, "--brief")
    self.assertEqual({}, self.parts(ref))

    certificate = self.work / "certificate.txt"
    done = self.erase(ref, "--yes", "--certificate", certificate).json()

    self.assertTrue(done["erased"])
    self.assertFalse(done["erasure"]["open"])
    self.assertEqual({"mail": "done", "records": "done"}, self.parts(ref))
    self.subrosa("show", ADA, expect=NO)
    self.assertNotIn("not known to this log", certificate.read_text())
    self.subrosa("verify", certificate, "--key", self.vkey, "--consumer", ADA)
    answered = self.subrosa("request", "complete", ref, "--format", "json").json()
    self.assertEqual("completed", answered["status"])
    self.subrosa("audit", "verify")

  def test_a_silent_store_keeps_the_request_open_until_it_answers(self):
    gate = self.work / "back"
    self.connect(("crm", f"test -e {gate}"))
    ref = self.receive()
    self.erase(ref, "--yes", expect=NO)
    self.assertEqual({"crm": "sent", "records": "done"}, self.parts(ref))
    self.subrosa("request", "complete", ref, expect=NO)

    self.subrosa("erasure", "answer", ADA, "--party", "crm", "--said", "done")

    self.assertEqual({"crm": "done", "records": "done"}, self.parts(ref))
    self.subrosa("request", "complete", ref)

  def test_a_wrong_id_erases_nobody(self):
    ref = self.receive()
    outcome = self.subrosa("request", "erase", ref, stdin="c-000002\n", expect=NO)
    self.assertIn("What stays, and why:", outcome.err)
    self.assertEqual({}, self.parts(ref))
    self.subrosa("show", ADA, "--brief")

  def test_what_may_not_be_erased_for_is_refused_and_stays_as_it_is(self):
    unknown = self.receive(authenticate=False)
    self.assertIn("was authenticated", self.erase(unknown, "--yes", expect=NO).err)
    copy = self.receive(kind="ACCESS")
    self.assertIn("a request to delete", self.erase(copy, "--yes", expect=NO).err)
    held = self.receive()
    self.assertIn("legal claims", self.erase(held, "--yes", "--hold", expect=NO).err)
    self.erase("0" * 32, "--yes", expect=NO)
    self.subrosa("request", "erase", "c-000001", expect=USAGE)
    self.subrosa("request", "erase", expect=USAGE)
    self.subrosa("show", ADA, "--brief")

  def test_where_the_policy_wants_two_officers_the_second_carries_it_out(self):
    with open(self.home / "policy.textproto", "a", encoding="utf-8") as policy:
      policy.write("erasure_wants_two_officers: true\n")
    ref = self.receive()
    self.assertIn("officer", self.erase(ref, "--yes", expect=1).err)
    waiting = self.erase(ref, "--yes", "--officer", "rosa", expect=NO).json()
    self.assertTrue(waiting["erasure"]["waits_for_officer"])
    self.subrosa("erasure", "confirm", ADA, "--officer", "rosa", expect=NO)
    self.subrosa("show", ADA, "--brief")

    plan = self.subrosa("erasure", "confirm", ADA, "--officer", "lin", "--dry-run", "--format",
                        "json").json()
    self.assertGreater(plan["records"], 0)
    self.subrosa("erasure", "confirm", ADA, "--officer", "lin", stdin="no\n", expect=NO)
    self.subrosa("show", ADA, "--brief")
    self.subrosa("erasure", "confirm", ADA, "--officer", "lin", stdin=ADA + "\n")

    self.assertEqual({"records": "done"}, self.parts(ref))
    self.subrosa("show", ADA, expect=NO)

  def test_where_the_policy_wants_two_officers_a_part_too_is_erased_by_the_second(self):
    with open(self.home / "policy.textproto", "a", encoding="utf-8") as policy:
      policy.write("erasure_wants_two_officers: true\n")
    part = ("erase", ADA, "--collected-before", "2030-01-01", "--yes")
    # As the erasure of all of it answers.
    for words in (part, ("erase", ADA, "--yes")):
      self.assertIn("officer", self.subrosa(*words, expect=FAILED).err)
    for _ in range(2):
      waiting = self.subrosa(*part, "--officer", "rosa", "--format", "json", expect=NO).json()
      self.assertEqual((False, 80), (waiting["erased"], waiting["rows"]))
    other = self.subrosa("erase", ADA, "--purpose", "coaching", "--yes", "--officer", "lin", expect=NO)
    self.assertNotIn(ADA, other.err)

    done = self.subrosa(*part, "--officer", "lin", "--format", "json").json()

    self.assertEqual((True, 80), (done["erased"], done["rows"]))
    self.subrosa(*part, "--officer", "lin", expect=NO)

  def test_a_held_erasure_waits_where_california_lets_it(self):
    ref = self.receive(residence="US-CA")
    waiting = self.erase(ref, "--yes", "--hold", expect=NO).json()
    self.assertEqual("ca-ccpa/hold-deletion", waiting["erasure"]["held_by"])
    self.assertEqual({"records": "sent"}, self.parts(ref))
    part = self.subrosa("erase", ADA, "--collected-before", "2030-01-01", "--yes", expect=NO)
    self.assertIn("ca-ccpa/hold-deletion", part.err)
    self.assertNotIn(ADA, part.err)

    self.assertIn("Dry run: nothing was erased.",
                  self.subrosa("erasure", "release", ADA, "--dry-run").out)
    self.assertEqual({"records": "sent"}, self.parts(ref))
    self.subrosa("erasure", "release", ADA, "--yes")
    self.subrosa("erasure", "release", ADA, "--dry-run", expect=NO)

    self.assertEqual({"records": "done"}, self.parts(ref))

  def part(self, ref, part, status, **options):
    return self.subrosa("request", "part", ref, "--part", part, "--status", status, **options)

  def assert_refused(self, refused, says):
    self.assertIn(says, refused.err)
    self.assertNotIn(ADA, refused.err)

  def test_where_nothing_was_erased_nothing_is_said_to_be(self):
    ref = self.receive()
    self.part(ref, "acme", "sent")
    self.part(ref, "acme", "done")
    letter = self.work / "done.txt"
    self.assert_refused(self.subrosa("request", "complete", ref, "--letter", letter, expect=NO),
                        "`request erase` erases them")
    self.assertFalse(letter.exists())
    self.part(ref, "records", "sent")
    self.assert_refused(self.part(ref, "records", "done", expect=NO),
                        "`request erase` erases them")
    self.subrosa("show", ADA, "--brief")

    self.erase(ref, "--yes")

    self.assertEqual({"acme": "done", "records": "done"}, self.parts(ref))
    self.subrosa("request", "complete", ref)

  def test_what_is_held_is_not_said_to_be_erased(self):
    ref = self.receive(residence="US-CA")
    self.erase(ref, "--yes", "--hold", expect=NO)
    for status in ("done", "refused"):
      self.assert_refused(self.part(ref, "records", status, expect=NO), "`erasure show`")
    self.subrosa("request", "complete", ref, expect=NO)
    self.assertEqual({"records": "sent"}, self.parts(ref))

  def test_what_a_silent_store_has_not_said_is_not_said_for_it(self):
    self.connect(("crm", "exit 1"), ("mail", "exit 0"))
    ref = self.receive()
    self.part(ref, "crm", "sent")
    self.part(ref, "crm", "done")  # Before anything was ordered.
    self.erase(ref, "--yes", expect=NO)
    self.assertEqual({"crm": "done", "mail": "done", "records": "done"}, self.parts(ref))
    self.assert_refused(self.subrosa("request", "complete", ref, expect=NO), "has still to do 1")
    again = self.receive()
    self.erase(again, "--yes", expect=NO)
    self.assert_refused(self.part(again, "crm", "done", expect=NO), "`erasure answer`")

    self.subrosa("erasure", "answer", ADA, "--party", "crm", "--said", "done")

    for answered in (ref, again):
      self.subrosa("request", "complete", answered)


if __name__ == "__main__":
  unittest.main()
