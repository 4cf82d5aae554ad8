#!/usr/bin/env python3
"""Requests through the command: from a letter to the log, denied, appealed, refused, counted."""

import csv
import datetime
import io
import json
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

NOW = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
CONTACT = "rosa@mail.example"


def days_ago(days):
  return (NOW - datetime.timedelta(days=days)).isoformat().replace("+00:00", "Z")


def request(kind="DELETE", residence="US-WA", days=3, **changes):
  return {"kind": f"REQUEST_KIND_{kind}", "consumer": "c-1", "residence": residence,
          "channel": "REQUEST_CHANNEL_FORM",
          "requester": {"kind": "REQUESTER_KIND_SELF", "contact": CONTACT},
          "receivedAt": days_ago(days)} | changes


class RequestTest(InstallationTest):
  """A home with the policy of the samples."""

  def setUp(self):
    super().setUp()
    self.init()

  def request(self, *words, **options):
    return self.subrosa("request", *words, "--format", "json", **options).json()

  def receive(self, **fields):
    path = self.write("request.json", json.dumps(request(**fields)))
    return self.request("receive", path)

  def step(self, received, command, *words, **options):
    return self.request(command, received["reference"], *words, **options)

  def step_without_json(self, received, command, *words, **options):
    return self.subrosa("request", command, received["reference"], *words, **options)

  def status(self, received):
    return self.step(received, "show")["status"]

  def letter(self, name):
    return (self.work / name).read_text(encoding="utf-8")

  def listed(self, *words):
    return self.subrosa("request", "list", "--format", "json", *words).json_lines()

  def test_a_deletion_goes_from_a_letter_to_the_log(self):
    received = self.receive()
    self.assertEqual("received", received["status"])
    self.assertEqual({"wa-mhmda/respond", "wa-mhmda/delete", "wa-mhmda/delete-backups"},
                     {clock["rule"] for clock in received["clocks"]})
    self.assertIn(received["days_left"], (41, 42))

    self.step(received, "acknowledge", "--letter", "ack.txt")
    self.assertIn(received["reference"], self.letter("ack.txt"))
    self.assertNotIn(CONTACT, self.letter("ack.txt"))
    self.step(received, "authenticate", "--account-login")
    self.step(received, "part", "--part", "records", "--status", "sent")
    self.step(received, "part", "--part", "acme", "--kind", "recipient", "--status", "sent")
    self.step(received, "part", "--part", "records", "--status", "done")
    # One silent recipient keeps it open.
    refused = self.subrosa("request", "complete", received["reference"], expect=NO)
    self.assertIn("1 that are silent", refused.err)
    self.step(received, "part", "--part", "acme", "--status", "done")
    done = self.step(received, "complete", "--letter", "done.txt")
    self.assertEqual(("completed", 0), (done["status"], done["silent_parts"]))
    self.assertIn("We told 1 recipients", self.letter("done.txt"))

    tried = self.step(received, "close", "--dry-run")
    self.assertEqual((True, done["status"]), (tried["dry_run"], tried["status"]))
    self.step_without_json(received, "close", stdin="no\n", expect=NO)
    closed = self.step(received, "close", "--yes")
    self.assertNotIn("consumer", closed)
    self.assertNotIn("contact", closed)
    self.assertEqual([], self.listed())
    self.assertEqual(["closed"], [each["status"] for each in self.listed("--all")])
    # Every step is in the log, and the log agrees with the stores.
    self.subrosa("audit", "verify")

  def test_a_denial_is_appealed_and_the_decision_names_the_regulator(self):
    received = self.receive(kind="ACCESS")
    denied = self.step(received, "deny", "--because", "not-authenticated", "--reason",
                       "the birth date differs", "--letter", "deny.txt")
    self.assertEqual("denied", denied["status"])
    self.assertIn("within 45 calendar days of our receiving it", self.letter("deny.txt"))
    self.assertIn("the birth date differs", self.letter("deny.txt"))
    appealed = self.step(received, "appeal")
    self.assertEqual("wa-mhmda/appeal", appealed["rule"])
    decided = self.step(received, "appeal", "--decision", "denied", "--reason", "it differs",
                        "--letter", "appeal.txt")
    self.assertEqual("denied", decided["status"])
    self.assertIn("atg.wa.gov", self.letter("appeal.txt"))
    again = self.subrosa("request", "appeal", received["reference"], expect=NO)
    self.assertIn("what is left is the regulator", again.err)

  def test_what_a_statute_does_not_allow_is_refused_with_its_rule(self):
    late = self.receive(kind="ACCESS", days=50)
    self.assertLess(late["days_left"], 0)
    refused = self.subrosa("request", "extend", late["reference"], "--reason", "x", expect=NO)
    self.assertIn("wa-mhmda/respond", refused.err)
    # It could have been told in time.
    told = self.step(late, "extend", "--reason", "an archive by hand", "--at", days_ago(40))
    self.assertTrue(next(c for c in told["clocks"] if c["step"] == "respond")["extended"])
    excessive = self.subrosa("request", "deny", late["reference"], "--because", "excessive",
                             "--reason", "x", expect=NO)
    self.assertIn("2 of 2 free answers", excessive.err)

  def test_what_is_due_first_is_listed_first_and_names_nobody(self):
    self.receive(kind="ACCESS", days=1)
    first = self.receive(days=40)
    self.receive(days=9)
    lines = self.listed()
    self.assertEqual(first["reference"], lines[0]["reference"])
    self.assertEqual(sorted(each["days_left"] for each in lines),
                     [each["days_left"] for each in lines])
    self.assertEqual(1, len(self.listed("--limit", "1")))
    text = self.subrosa("request", "list").out
    self.assertIn("3 of 3 open", text)
    rows = list(csv.DictReader(io.StringIO(self.subrosa("request", "list", "--csv").out)))
    self.assertEqual([each["reference"] for each in lines], [row["reference"] for row in rows])
    for hidden in ("c-1", CONTACT):
      self.assertNotIn(hidden, text + json.dumps(lines) + json.dumps(rows))

  def test_the_year_is_counted_as_the_regulation_counts_it(self):
    self.receive(kind="ACCESS", days=2)
    denied = self.receive(kind="KNOW", days=2)
    self.step(denied, "deny", "--because", "exempt", "--reason", "as told")
    taken_back = self.receive(days=2)
    typed = self.subrosa("request", "take-back", taken_back["reference"],
                         stdin=taken_back["reference"] + "\n")
    self.assertIn("Type the reference again", typed.err)
    years = {NOW.year, (NOW - datetime.timedelta(days=2)).year}
    kinds = {}
    for year in years:
      report = self.subrosa("report", "requests", "--year", year, "--format", "json").json()
      for kind in report["kinds"]:
        kinds.setdefault(kind["kind"], kind)
        if kind["received"]:
          kinds[kind["kind"]] = kind
    self.assertEqual(3, kinds["all"]["received"])
    self.assertEqual((1, 1), (kinds["know"]["denied"], kinds["know"]["denied_on"]["exempt"]))
    self.assertEqual(2, kinds["know"]["median_days"])
    self.assertEqual(1, kinds["delete"]["taken_back"])
    self.assertIn("kind,received,", self.subrosa("report", "requests", "--csv").out)

  def test_a_step_whose_letter_cannot_be_written_is_not_taken(self):
    received = self.receive()
    self.write("taken.txt", "mine")
    own = self.folder / "letters"
    own.mkdir()
    (own / "acknowledge.txt").write_text("Subject: {diagnosis}\n", encoding="utf-8")
    for words, expect in ((("take-back", "--yes", "--letter", "none.txt"), USAGE),
                          (("authenticate", "--account-login", "--letter", "none.txt"), USAGE),
                          (("acknowledge", "--letter", "taken.txt"), FAILED),
                          (("acknowledge", "--letters", own, "--letter", "none.txt"), FAILED)):
      refused = self.step_without_json(received, *words, expect=expect)
      self.assertEqual("", refused.out)
      self.assertEqual("received", self.status(received))
      self.assertFalse((self.work / "none.txt").exists())
    self.assertEqual("mine", self.letter("taken.txt"))

  def test_a_letter_of_the_entitys_own_takes_the_place_of_ours(self):
    own = self.folder / "letters"
    own.mkdir()
    (own / "acknowledge.txt").write_text(
        "Subject: Su solicitud {reference}\n{kind} {wanted} {due_on} {contact}\n",
        encoding="utf-8")
    received = self.receive()
    self.step(received, "acknowledge", "--letters", own, "--letter", "es.txt")
    self.assertIn("Su solicitud", self.letter("es.txt"))
    (own / "acknowledge.txt").write_text("Subject: {diagnosis}\n", encoding="utf-8")
    failed = self.subrosa("request", "show", received["reference"], "--as", "acknowledge",
                          "--letters", own, "--letter", "no.txt", expect=FAILED)
    self.assertIn("acknowledge.txt:1", failed.err)
    self.assertFalse((self.work / "no.txt").exists())

  def test_bytes_that_are_no_request_are_refused_without_repeating_them(self):
    secret = "canary-4711"
    for content in (b"", b"{", b"[]", b'{"kind": "REQUEST_KIND_DELETE"}',
                    json.dumps(request(consumer=secret * 40)).encode(),
                    json.dumps(request(residence=secret)).encode(),
                    json.dumps(request(kind="APPEAL")).encode(),
                    json.dumps(request(days=-2)).encode(),
                    json.dumps(request() | {"event": [{"kind": 3}]}).encode(),
                    json.dumps(request() | {"diagnosis": secret}).encode(),
                    b"{" + b" " * 70000 + b"}"):
      path = self.write("bad.json", content)
      refused = self.subrosa("request", "receive", path, expect=FAILED)
      self.assertNotIn(secret, refused.err + refused.out)
    self.assertEqual([], self.listed("--all"))

  def test_a_reference_that_is_none_is_a_wrong_call_and_an_unknown_one_a_no(self):
    self.subrosa("request", "show", "c-1", expect=USAGE)
    self.subrosa("request", "show", "0" * 32, expect=NO)
    self.subrosa("request", "show", expect=USAGE)
    self.subrosa("request", "deny", "0" * 32, "--because", "anger", "--reason", "x", expect=USAGE)
    self.subrosa("request", "part", "0" * 32, expect=USAGE)

  def test_what_no_pack_covers_is_said_and_is_no_reason_to_deny(self):
    received = self.receive(residence="US-CO")
    said = self.subrosa("request", "show", received["reference"]).out
    self.assertIn("no pack of the policy sets one", said)
    self.assertIn("co-cpa does not cover C.R.S. 6-1-1306", said)
    self.assertNotIn("no statute", said)
    self.assertEqual(["co-cpa"], [left["pack"] for left in received["not_covered"]])
    refused = self.subrosa("request", "deny", received["reference"], "--because", "no-such-right",
                           "--reason", "we looked", expect=NO)
    self.assertIn("co-cpa leaves out", refused.err)

  def test_connecticut_has_clocks_and_an_appeal(self):
    received = self.receive(residence="US-CT")
    self.assertEqual({"ct-ctdpa/respond", "ct-ctdpa/delete"},
                     {clock["rule"] for clock in received["clocks"]})
    self.subrosa("request", "deny", received["reference"], "--because", "not-authenticated",
                 "--reason", "nobody answered", "--letter", self.work / "ct.txt")
    self.assertIn("within 60 calendar days", self.letter("ct.txt"))

  def test_what_is_asked_for_is_in_the_officers_words(self):
    received = self.receive(kind="ACCESS")
    self.step(received, "authenticate", "--ask", "--ask-for", "your date of birth", "--ask-for",
              "your plan", "--letter", "ask.txt")
    self.assertIn("your date of birth, your plan", self.letter("ask.txt"))

  def know(self, **facts):
    line = json.dumps({"consumer": "c-1", "facts": facts}) + "\n"
    self.subrosa("consent", "facts", self.write("facts.jsonl", line))

  def rules(self, shown):
    return {clock["rule"] for clock in shown["clocks"]}

  def test_where_a_consumer_lives_is_known_from_their_facts(self):
    self.know(residence="US-NV")
    received = self.receive(residence="")
    self.assertEqual("US-NV", received["residence"])
    self.assertIn("not started", self.subrosa("request", "show", received["reference"]).out)
    self.assertIn("not started", self.subrosa("request", "list").out)

  def test_a_statute_that_is_only_on_record_sets_its_clocks_once_it_is_known_who_asks(self):
    self.know(residence="US-WA", placeOfCollection=["US-NV"])
    received = self.receive(residence="US-CA", consumer="")
    self.assertNotIn("nv-sb370/delete", self.rules(received))
    known = self.step(received, "authenticate", "--matched", "email", "--matched", "plan",
                      "--matched", "birth-date", "--signed-declaration", "--consumer", "c-1")
    self.assertLessEqual({"nv-sb370/delete", "wa-mhmda/delete", "ca-ccpa/delete"},
                         self.rules(known))
    self.assertEqual(("US-CA", "US-WA", ["US-NV"]), (
        known["residence"], known["recorded_residence"], known["places_of_collection"]))

  def standing(self):
    return self.subrosa("consent", "show", "c-1", "--entries").out

  def test_an_opt_out_takes_effect_and_is_nobodys_until_it_is_known_whose(self):
    received = self.receive(kind="OPT_OUT", residence="US-CA", consumer="")
    refused = self.step_without_json(received, "complete", "--letter", "done.txt", expect=NO)
    self.assertIn("request identify", refused.err)
    self.assertFalse((self.work / "done.txt").exists())
    self.step_without_json(received, "identify", expect=USAGE)

    self.step(received, "identify", "--consumer", "c-1")
    self.step_without_json(received, "identify", "--consumer", "c-1", expect=NO)
    done = self.step(received, "complete", "--letter", "done.txt")

    self.assertEqual("completed", done["status"])
    self.assertEqual(["choices"], [part["part"] for part in done["parts"]])
    self.assertIn("opt-out", self.standing())
    self.assertIn(f"request-{received['reference']}", self.standing())

  def test_each_of_the_others_is_a_choice_too(self):
    for kind, residence, shown in (("LIMIT", "US-CA", "limit"), ("CEASE", "US-NV", "opt-out")):
      received = self.receive(kind=kind, residence=residence)
      if self.status(received) == "received":
        self.step(received, "authenticate", "--account-login")
      self.step(received, "complete")
      self.assertIn(shown, self.standing())

  def test_what_was_completed_can_be_appealed_as_its_letter_says(self):
    received = self.receive(kind="ACCESS")
    self.step(received, "authenticate", "--account-login")
    self.step(received, "complete", "--letter", "done.txt")
    self.assertIn("you can have it looked at again", self.letter("done.txt"))
    appealed = self.step(received, "appeal")
    self.assertEqual(("appealed", "wa-mhmda/appeal"), (appealed["status"], appealed["rule"]))

  def test_who_asks_and_what_for_is_shown(self):
    received = self.receive(kind="ACCESS", placeOfCollection=["US-NV"], fromDay="2026-01-01",
                            toDay="2026-02-01", requester={
                                "kind": "REQUESTER_KIND_GUARDIAN", "contact": CONTACT,
                                "permission": "court-order-7", "locale": "es"})
    for key, value in (("requester", "guardian"), ("permission", "court-order-7"),
                       ("locale", "es"), ("from_day", "2026-01-01"), ("to_day", "2026-02-01"),
                       ("places_of_collection", ["US-NV"])):
      self.assertEqual(value, received[key])
    text = self.subrosa("request", "show", received["reference"]).out
    for shown in ("guardian", "court-order-7", "2026-02-01", "US-NV", "locale: es"):
      self.assertIn(shown, text)
    refused = self.step_without_json(received, "authenticate", "--account-login", expect=NO)
    self.assertIn("guardian", refused.err)
    self.step(received, "authenticate", "--account-login", "--guardianship-seen")

  def test_a_correction_says_by_what_it_was_made(self):
    received = self.receive(kind="CORRECT", residence="US-CA")
    self.step(received, "authenticate", "--account-login")
    self.step(received, "part", "--part", "records", "--status", "sent")
    self.step(received, "part", "--part", "records", "--status", "done")
    refused = self.step_without_json(received, "complete", expect=NO)
    self.assertIn("by what a correction was made", refused.err)
    done = self.step(received, "complete", "--corrected-by", "revision")
    self.assertEqual("revision", done["steps"][-1]["corrected_by"])


if __name__ == "__main__":
  sys.exit(unittest.main(verbosity=1))
