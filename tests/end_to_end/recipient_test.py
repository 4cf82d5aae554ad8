#!/usr/bin/env python3
"""Recipients through the command: recorded, replaced, checked, ended, and refused."""

import datetime
import json
import pathlib
import re
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, USAGE, InstallationTest)

TODAY = datetime.datetime.now(datetime.timezone.utc).date()
CHECKED = str(TODAY - datetime.timedelta(days=10))
KEY = "age1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqmwn7f2"

SISTER = {
    "id": "sister", "name": "Sister", "role": "RECIPIENT_ROLE_AFFILIATE",
    "contact": {"email": "privacy@sister.example", "checkedOn": CHECKED},
    "purpose": ["coaching"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
    "location": ["IE"], "ageRecipient": KEY}

CLOUD = f"""
recipient {{
  id: "cloud"
  name: "Rose Cloud"
  role: RECIPIENT_ROLE_PROCESSOR
  category: "hosting providers"
  contact {{ email: "privacy@cloud.example" checked_on: "{CHECKED}" }}
  contract {{ reference: "dpa-2026-03" from: "2026-03-01" }}
  purpose: "coaching"
  location: "US-WA"
}}
"""


class RecipientTest(InstallationTest):
  """A home with the policy of the samples."""

  def setUp(self):
    super().setUp()
    self.init()

  def recipient(self, *words, **options):
    return self.subrosa("recipient", *words, "--format", "json", **options).json()

  def add(self, *recipients, dry_run=False):
    path = self.write("recipients.json", json.dumps({"recipient": recipients}))
    added = self.recipient("add", path, *(["--dry-run"] if dry_run else []))
    self.assertEqual(not dry_run, added["recorded"])
    return [each["change"] for each in added["recipients"]]

  def test_a_recipient_is_recorded_replaced_shown_and_ended(self):
    self.assertEqual(["added"], self.add(SISTER, dry_run=True))
    self.assertEqual([], self.recipient("list")["recipients"])
    self.assertEqual(["added"], self.add(SISTER))
    self.assertEqual(["unchanged"], self.add(SISTER))
    renamed = SISTER | {"name": "Big Sister"}
    self.assertEqual(["replaced", "added"], self.add(renamed, SISTER | {"id": "aunt"}))

    listed = self.recipient("list")["recipients"]
    self.assertEqual(["sister", "aunt"], [each["id"] for each in listed])
    self.assertEqual([], self.recipient("list", "--on", "2020-01-01")["recipients"])
    shown = self.recipient("show", "sister")
    self.assertTrue(shown["may_receive"])
    self.assertEqual(["Sister", "Big Sister"], [each["name"] for each in shown["history"]])
    self.assertIn("Before that:\nsister: Sister", self.subrosa("recipient", "show", "sister").out)

    self.assertFalse(self.recipient("end", "sister", "--on", str(TODAY), "--dry-run")["recorded"])
    self.assertTrue(self.recipient("show", "sister")["may_receive"])
    ended = self.recipient("end", "sister", "--on", str(TODAY))
    self.assertEqual((True, "replaced"), (ended["recorded"], ended["change"]))
    self.assertEqual(["ended"], [f["kind"] for f in self.recipient("show", "sister")["faults"]])
    # An ended one is in the list, and nobody expects it to receive.
    self.assertEqual(2, len(self.recipient("list")["recipients"]))
    self.assertEqual(["aunt"], [r["id"] for r in self.recipient("check")["recipients"]])

  def test_a_contract_that_lacks_what_the_packs_ask_for_is_named_with_its_rules(self):
    self.subrosa("recipient", "add", "-", stdin="# Ours.\n" + CLOUD)

    told = self.subrosa("recipient", "check", expect=NO).out

    self.assertIn("cloud may not receive:", told)
    self.assertIn("its contract lacks the limits on what the processor may do "
                  "[wa-mhmda/processor-contract#limits; RCW 19.373.060]", told)
    self.assertIn("By the packs of the policy: wa-mhmda", told)
    checked = self.recipient("check", expect=NO)["recipients"][0]
    lacking = [fault["item"] for fault in checked["faults"]]
    self.assertIn("ca-ccpa/contract#no-sale", lacking)

    whole = CLOUD.replace('"2026-03-01" }', '"2026-03-01" item: [' +
                          ", ".join(f'"{item}"' for item in lacking) + "] }")
    self.subrosa("recipient", "add", "-", stdin=whole)
    self.assertTrue(self.recipient("check")["recipients"][0]["may_receive"])
    sealed = self.recipient("check", "--sealed", expect=NO)["recipients"][0]
    self.assertEqual(["no-age-key"], [fault["kind"] for fault in sealed["faults"]])
    # A contact that nobody looks at for long counts no more.
    later = str(TODAY + datetime.timedelta(days=400))
    late = self.recipient("check", "--on", later, expect=NO)["recipients"][0]
    self.assertEqual(["contact-not-checked"], [fault["kind"] for fault in late["faults"]])

  def test_what_is_no_recipient_is_refused_whole(self):
    wrong = SISTER | {"id": "aunt", "contact": {"email": "nobody", "checkedOn": CHECKED}}
    path = self.write("wrong.json", json.dumps({"recipient": [SISTER, wrong]}))

    outcome = self.subrosa("recipient", "add", path, expect=FAILED)

    self.assertIn("recipient[1]: contact.email: want an e-mail address", outcome.err)
    self.assertNotIn("nobody", outcome.err)
    self.assertEqual([], self.recipient("list")["recipients"])
    text = self.write("wrong.textproto", CLOUD + 'recipient { id: "Aunt" }\n')
    outcome = self.subrosa("recipient", "add", text, expect=FAILED)
    self.assertIn("wrong.textproto:12: id: want only a-z", outcome.err)
    self.subrosa("recipient", "add", "missing", expect=FAILED)
    for words in (["add"], ["add", path, path], ["end", "sister"], ["show"],
                  ["end", "sister", "--on", "soon"], ["list", "--on", "soon"], ["ad"]):
      self.subrosa("recipient", *words, expect=USAGE)
    self.subrosa("recipient", "show", "sister", expect=NO)
    self.subrosa("recipient", "end", "sister", "--on", str(TODAY), expect=NO)

  def test_the_keys_of_the_json_are_documented(self):
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_]+)[`"]', page))
    self.add(SISTER | {"contact": SISTER["contact"] | {"postal": "x", "url": "https://a.example"}})
    self.subrosa("recipient", "add", "-", stdin=CLOUD)
    shown = [self.recipient("show", each) for each in ("sister", "cloud")]
    answers = shown + [each["contact"] for each in shown] + [shown[1]["contract"]]
    checked = self.recipient("check", expect=NO)
    answers += [checked, *checked["recipients"], checked["recipients"][1]["faults"][0]]
    answers.append(self.recipient("end", "sister", "--on", "2030-01-01"))
    for answer in answers:
      self.assertLessEqual(set(answer), documented, json.dumps(answer))


if __name__ == "__main__":
  unittest.main(verbosity=2)
