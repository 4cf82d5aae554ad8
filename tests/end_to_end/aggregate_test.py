#!/usr/bin/env python3
"""Aggregates through the command: answered, repeated, refused where they would tell of few."""

import csv
import datetime
import io
import json
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    FAILED, NO, NO_FOLDER, PATIENCE_SECONDS, InstallationTest, ndjson, record)

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

  def put(self, first, scores, day="2025-05-01"):
    self.ingest(self.write(f"records-{first}-{day}.ndjson", ndjson(
        *(record(f"canary-{first + number}", day, purpose="wellness", basis="BASIS_NECESSARY",
                 collectedAt=f"{day}T08:00:00Z",
                 payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": score})
          for number, score in enumerate(scores)))))

  def words(self, question, name, *more, period="2025"):
    return ["export", "aggregate", "--policy", self.asked, "--question", question,
            "--period", period, "--output", self.work / name, *more]

  def ask(self, question, name, *more, period="2025", **options):
    return self.subrosa(*self.words(question, name, *more, period=period), **options)

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

  def test_a_year_does_not_tell_what_one_person_said_after_a_quarter_that_was_told(self):
    self.put(0, [1], day="2025-08-01")
    yearly = self.asked
    self.asked = self.write("quarters.textproto",
                            ASKED.replace("PERIOD_YEAR", "PERIOD_QUARTER"))
    self.ask("low", "quarter.json", period="2025-Q2")
    self.ask("low", "one.json", period="2025-Q3", expect=NO)
    self.asked = yearly

    outcome = self.ask("low", "year.json", expect=NO)

    self.assertIn("was told for 2025-04-01 to 2025-06-30", outcome.err)
    self.assertFalse((self.work / "year.json").exists())

  def test_an_answer_that_a_restore_forgot_is_not_given_anew(self):
    self.ask("moods", "known.json")
    self.subrosa("store", "backup", "--keys", "keys.copy", "--records", "records.copy")
    self.ask("low", "first.json")
    self.put(100, [9])
    report = self.subrosa("store", "restore", "--records", "records.copy", "--yes", "--format",
                          "json").json()
    self.assertEqual(1, report["answers_lost"])
    self.put(200, [9])

    outcome = self.ask("low", "second.json", expect=NO)

    self.assertIn("`subrosa export lost-answers`", outcome.err)
    self.assertFalse((self.work / "second.json").exists())
    # What the copy knows tells nothing new.
    self.ask("moods", "again.json")
    self.assertEqual((self.work / "known.json").read_bytes(),
                     (self.work / "again.json").read_bytes())
    self.assertIn("lacks aggregates that were answered: 1.", self.subrosa("audit", "status").out)
    lost = self.subrosa("export", "lost-answers", "--format", "json", expect=NO).json()
    self.assertEqual({"answers": 1, "last_given_on": str(datetime.date.today()),
                      "settled": False}, lost)

    self.subrosa("export", "lost-answers", "--settle", "the employer gave it back")

    self.subrosa("export", "lost-answers")
    self.assertEqual(0, self.subrosa("audit", "status", "--format", "json").json()["answers_lost"])
    leaves = [leaf for leaf in self.subrosa("audit", "export").json_lines()
              if leaf["kind"] == "lost-answers-settled"]
    self.assertEqual([({"answers": 1}, "the employer gave it back")],
                     [(leaf["numbers"], leaf["text"]) for leaf in leaves])
    # Of days before it, it may have been.
    self.assertIn("period: want one that begins on", self.ask("low", "2nd.json", expect=NO).err)

  def test_a_restore_that_forgets_no_answer_closes_nothing(self):
    self.ask("moods", "first.json")
    self.subrosa("store", "backup", "--keys", "keys.copy", "--records", "records.copy")
    self.put(100, [2] * 8)
    report = self.subrosa("store", "restore", "--records", "records.copy", "--yes", "--format",
                          "json").json()

    self.assertEqual(0, report["answers_lost"])
    self.assertEqual("No answer is lost.\n", self.subrosa("export", "lost-answers").out)
    self.ask("low", "second.json")

  def test_those_who_ask_at_once_get_the_same(self):
    names = [f"{number}.json" for number in range(4)]
    running = [subprocess.Popen(self.arguments(*self.words("moods", name)), cwd=self.work,
                                env=self.environment(), stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE) for name in names]
    for process in running:
      _, err = process.communicate(timeout=PATIENCE_SECONDS)
      self.assertEqual((0, b""), (process.returncode, err))

    self.assertEqual(1, len({(self.work / name).read_bytes() for name in names}))

  def test_a_table_says_the_same_as_the_document(self):
    self.put(100, [8] * 12)
    self.ask("moods", "moods.json")
    answer = json.loads((self.work / "moods.json").read_text(encoding="utf-8"))

    self.assertIn("before", self.ask("moods", "moods.csv", "--as", "csv").out)

    text = (self.work / "moods.csv").read_bytes().decode()
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    self.assertEqual([("all", "", str(answer["consumers"]))] +
                     [("group", one["value"], str(one["consumers"])) for one in answer["groups"]],
                     [(row["about"], row["value"], row["consumers"]) for row in rows])
    for row in rows:
      self.assertEqual(("moods", "2025", "employer", "true"), tuple(
          row[key] for key in ("aggregate", "period", "recipient", "some_groups_suppressed")))

  def test_a_folder_that_is_not_there_is_no_answer(self):
    path = self.work / "nowhere" / "answer.json"

    self.refuse(*self.words("moods", path), exit_code=FAILED, error=NO_FOLDER.format(path=path))
    # Nothing was answered either.
    self.assertNotIn("before", self.ask("moods", "answer.json").out)

  def test_what_the_policy_does_not_name_is_not_answered(self):
    self.ask("everything", "none.json", expect=NO)
    self.asked.write_text(ASKED.replace("least_group: 5", "least_group: 2"), encoding="utf-8")
    self.ask("moods", "none.json", expect=FAILED)
    self.assertFalse((self.work / "none.json").exists())


if __name__ == "__main__":
  unittest.main()
