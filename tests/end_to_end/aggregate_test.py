#!/usr/bin/env python3
"""Aggregates through the command: answered, repeated, refused where they would tell of few."""

import datetime
import json
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, InstallationTest, ndjson, record)

CHECKED = str(datetime.date.today() - datetime.timedelta(days=10))
POLICY = """
entity: "rosewater" name: "Rosewater" contact_email: "privacy@rosewater.example"
pack: [ "wa-mhmda", "nv-sb370" ]
residence_unless_known: "US-WA"
purpose {
  id: "wellness" title: "Wellness at work"
  action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
  category: HEALTH_CATEGORY_CONDITIONS
  need: NEED_SERVICE need_reason: "the programme that the consumer joined"
}
"""
ASKED = """
entity: "rosewater" least_group: 5 period: AGGREGATE_PERIOD_YEAR
question { id: "moods" title: "Moods" recipient: "employer" purpose: "wellness"
  schema: "subrosa.v1.MoodCheckIn" group_by: "score" }
question { id: "low" title: "All" recipient: "employer" purpose: "wellness"
  schema: "subrosa.v1.MoodCheckIn" mean_of: "score" }
"""


class AggregateTest(InstallationTest):
  """Sixteen consumers with a check-in of 2025 each: eight low, six high, two in between."""

  def setUp(self):
    super().setUp()
    self.subrosa("init", "--entity", "rosewater", "--policy", self.write("p.textproto", POLICY),
                 "--key-derivation", "interactive")
    employer = {"id": "employer", "name": "An Employer", "role": "RECIPIENT_ROLE_THIRD_PARTY",
                "category": "employers",
                "contact": {"email": "hr@employer.example", "checkedOn": CHECKED},
                "purpose": ["wellness"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
                "location": ["US"]}
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [employer]}))
    self.put(0, [2] * 8 + [9] * 6 + [5] * 2)
    self.asked = self.write("asked.textproto", ASKED)

  def put(self, first, scores):
    self.ingest(self.write(f"records-{first}.ndjson", ndjson(
        *(record(f"canary-{first + number}", "r-1", purpose="wellness", basis="BASIS_NECESSARY",
                 collectedAt="2025-05-01T08:00:00Z",
                 payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": score})
          for number, score in enumerate(scores)))))

  def ask(self, question, name, **options):
    return self.subrosa("export", "aggregate", "--policy", self.asked, "--question", question,
                        "--period", "2025", "--output", self.work / name, **options)

  def test_small_groups_are_hidden_and_the_answer_stands(self):
    self.ask("moods", "first.json")
    answer = json.loads((self.work / "first.json").read_text(encoding="utf-8"))
    self.assertEqual(16, answer["consumers"])
    # Six and two are left: told as six, the two would be known.
    self.assertEqual([("2", 8)], [(one["value"], one["consumers"]) for one in answer["groups"]])
    self.assertTrue(answer["some_groups_suppressed"])

    self.put(100, [2])
    self.assertIn("before", self.ask("moods", "again.json").out)
    self.assertEqual((self.work / "first.json").read_bytes(),
                     (self.work / "again.json").read_bytes())

  def test_a_question_that_would_tell_of_one_newcomer_is_refused(self):
    self.ask("moods", "first.json")
    self.put(100, [9])

    outcome = self.ask("low", "second.json", expect=NO)
    self.assertNotIn("canary", outcome.err)
    self.assertFalse((self.work / "second.json").exists())

  def test_what_the_policy_does_not_name_is_not_answered(self):
    self.ask("everything", "none.json", expect=NO)
    self.asked.write_text(ASKED.replace("least_group: 5", "least_group: 2"), encoding="utf-8")
    self.ask("moods", "none.json", expect=FAILED)
    self.assertFalse((self.work / "none.json").exists())


if __name__ == "__main__":
  unittest.main()
