#!/usr/bin/env python3
"""A consumer's copy through the command: made, opened with age and unzip, checked, withheld from."""

import csv
import hashlib
import html.parser
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import unittest
import zipfile

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DONE, FAILED, NO, NO_FOLDER, USAGE, InstallationTest, ndjson, record)

SSN = "219-09-9999"


def note(text, score=3):
  return {"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": score, "note": text}


class Page(html.parser.HTMLParser):
  """What a browser would be told to load, and where links lead."""

  def __init__(self, text):
    super().__init__()
    self.loads, self.links, self.tags, self.text = [], [], [], ""
    self.feed(text)

  def handle_starttag(self, tag, attrs):
    self.tags.append(tag)
    for name, value in attrs:
      if name in ("src", "srcset", "data", "action", "onload", "onclick"):
        self.loads.append(value)
      if name == "href":
        self.links.append(value)

  def handle_data(self, data):
    self.text += data


class CopyTest(InstallationTest):
  """A home with one consumer of whom some records are held, and one with an age key."""

  def setUp(self):
    super().setUp()
    self.export_vkey = self.init().out.split("for exports:\n  ")[1].splitlines()[0]
    self.identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", self.identity], check=True, capture_output=True)
    self.key = re.search(r"age1\w+", self.identity.read_text(encoding="utf-8"))[0]
    self.ingest(self.write("notes.ndjson", ndjson(
        *(record(record_id=f"r-{number}", payload=note(f"day {number}", number % 10 + 1))
          for number in range(40)),
        record(record_id="ssn", payload=note(f"my SSN is {SSN}")),
        record(consumer="c-2", record_id="r-1", payload=note("another's")))))
    self.output = self.work / "copy.zip.age"

  def export(self, *words, **options):
    return self.subrosa("export", "copy", "c-1", "--output", self.output, "--to", self.key, *words,
                        **options)

  def files(self):
    """What age and a zip's reader make of the copy."""
    opened = subprocess.run(["age", "-d", "-i", self.identity, self.output], check=True,
                            capture_output=True).stdout
    archive = self.folder / "copy.zip"
    archive.write_bytes(opened)
    subprocess.run(["unzip", "-tq", archive], check=True, capture_output=True)
    with zipfile.ZipFile(io.BytesIO(opened)) as members:
      return {name: members.read(name).decode() for name in members.namelist()}

  def test_a_folder_that_is_not_there_is_no_answer(self):
    path = self.work / "nowhere" / "copy"
    there = self.work / "copy"
    for words in (("--to", self.key, "--output", path), ("--as", "json", "--output", path),
                  ("--passphrase-output", path, "--output", there)):
      outcome = self.subrosa("export", "copy", "c-1", *self.review("c-1"), *words, expect=FAILED)

      self.assertEqual(NO_FOLDER.format(path=path), outcome.err)
      self.assertFalse(there.exists())

  def test_a_copy_opens_with_age_and_unzip_and_holds_every_record(self):
    printed = self.export("--format", "json").json()

    self.assertEqual((True, 41, 0), tuple(
        printed[key] for key in ("written", "records", "outside_range")))
    self.assertEqual(hashlib.sha256(self.output.read_bytes()).hexdigest(), printed["sha256"])
    files = self.files()
    lines = files["records/mood-check-in.ndjson"].splitlines()
    held = {json.loads(line)["id"] for line in lines}
    self.assertEqual({f"r-{number}" for number in range(40)} | {"ssn"}, held)
    rows = list(csv.DictReader(io.StringIO(files["records/mood-check-in.csv"], newline="")))
    self.assertEqual({f"day {number}" for number in range(40)},
                     {row["note"] for row in rows if row["record"] != "ssn"})
    self.assertFalse(any("another's" in text for text in files.values()))

  def test_the_manifest_names_every_file(self):
    self.export()

    files = self.files()
    manifest = files.pop("MANIFEST.txt")
    self.assertIn(f"sealed to {self.key}\n", manifest)
    named = dict(reversed(line.split("  ")) for line in manifest.splitlines() if "  " in line)
    self.assertEqual({name: hashlib.sha256(text.encode()).hexdigest()
                      for name, text in files.items()}, named)

  def unpack(self, files):
    """The files of a copy in a folder."""
    folder = self.folder / "unpacked"
    for name, text in files.items():
      path = folder / name
      path.parent.mkdir(parents=True, exist_ok=True)
      path.write_text(text, encoding="utf-8", newline="")
    return folder

  def test_verify_says_whether_a_copy_is_what_was_given(self):
    self.export()
    files = self.files()
    folder = self.unpack(files)
    manifest = folder / "MANIFEST.txt"

    def verify(path, *words, key=self.export_vkey, expect=DONE):
      return self.subrosa("verify", path, "--key", key, *words, expect=expect)

    status = self.subrosa("audit", "status", "--format", "json").json()
    self.assertEqual(self.export_vkey, status["export_vkey"])
    good = verify(manifest, "--format", "json").json()
    self.assertEqual((True, "copy", "rosewater", self.key, []), tuple(
        good[key] for key in ("proven", "manifest", "entity", "sealed_to", "missing")))
    self.assertEqual(set(files) - {"MANIFEST.txt"}, set(good["agree"]))
    self.assertIn("lie beside it, and are as they were given", verify(manifest).out)
    log_key = status["keys"][0]["vkey"]
    self.assertIn("note.signatures: want one by a known key", verify(manifest, key=log_key, expect=NO).err)
    self.assertIn("--consumer: want it with a receipt", verify(
        manifest, "--consumer", "c-1", expect=USAGE).err)
    (folder / "choices.json").unlink()
    self.assertIn("Not there, and so not checked: choices.json.", verify(manifest).out)
    page = folder / "index.html"
    page.write_text(files["index.html"].replace("held", "kept"), encoding="utf-8")
    self.assertIn("got another of index.html", verify(manifest, expect=NO).err)
    manifest.write_text(files["MANIFEST.txt"].replace(self.key, "age1mallory"), encoding="utf-8")
    self.assertEqual("", verify(manifest, expect=NO).out)

  def test_the_page_loads_nothing_and_its_links_lead_to_files_of_the_copy(self):
    self.export()

    files = self.files()
    page = Page(files["index.html"])
    self.assertEqual([], page.loads)
    self.assertFalse({"script", "iframe", "object", "link", "img", "form"} & set(page.tags))
    self.assertEqual(set(), {link for link in page.links if ":" not in link} - set(files))
    self.assertIn("svg", page.tags)
    self.assertIn("mood check-in", page.text)
    self.assertIn("No choice of yours is on record", page.text)

  def test_a_social_security_number_is_said_to_be_held_and_not_handed_out(self):
    printed = self.export("--format", "json").json()

    self.assertEqual([{"item": "ssn", "times": 1, "rule": "ca-ccpa/never-disclosed"}],
                     printed["withheld"])
    files = self.files()
    self.assertFalse(any(SSN in text for text in files.values()))
    self.assertIn("[held, not handed out: social security number]",
                  files["records/mood-check-in.csv"])

  def test_a_passphrase_of_six_words_is_made_into_a_file_of_its_own(self):
    secret = self.work / "passphrase"

    outcome = self.subrosa("export", "copy", "c-1", "--output", self.output,
                           "--passphrase-output", secret)

    words = secret.read_text(encoding="utf-8")
    self.assertRegex(words, r"\A([a-z]{5}-){5}[a-z]{5}\n\Z")
    self.assertEqual(0o600, secret.stat().st_mode & 0o777)
    self.assertNotIn(words.strip(), outcome.out + outcome.err)
    self.assertIn(b"-> scrypt ", self.output.read_bytes()[:100])

  def test_the_passphrase_of_a_copy_that_fails_is_not_left(self):
    secret = self.work / "passphrase"
    self.output.write_text("mine", encoding="utf-8")

    self.subrosa("export", "copy", "c-1", "--output", self.output, "--passphrase-output", secret,
                 expect=FAILED)

    self.assertFalse(secret.exists())
    self.assertEqual("mine", self.output.read_text(encoding="utf-8"))

  def test_whom_else_records_may_name_is_shown_before_a_copy_in_the_clear_too(self):
    self.ingest(self.write("more.ndjson", ndjson(
        record(record_id="named", payload=note("call Martha Jenkins at (415) 555-0132")))))
    copy = self.work / "copy.json"

    for shape in ("json", "csv"):
      shown = self.subrosa("export", "copy", "c-1", "--as", shape, "--output", copy, "--format",
                           "json", expect=NO).json()

      self.assertEqual((False, 42, 1), tuple(
          shown[key] for key in ("written", "records", "with_others")))
      self.assertFalse(copy.exists())
    leaves = [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]
    self.assertEqual(0, leaves.count("copy-given"))
    self.subrosa("export", "copy", "c-1", "--as", "json", "--output", copy, *self.review("c-1"))
    self.assertIn("Martha", copy.read_text(encoding="utf-8"))

  def test_a_copy_in_the_clear_is_in_the_log_too(self):
    self.subrosa("export", "copy", "c-1", "--as", "json", "--output", self.work / "copy.json")

    leaves = [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]
    self.assertEqual(1, leaves.count("copy-given"))

  def test_whom_else_records_may_name_is_shown_before_the_copy_goes(self):
    text = "call Martha Jenkins at (415) 555-0132"
    self.ingest(self.write("more.ndjson", ndjson(record(record_id="named", payload=note(text)))))

    shown = self.export("--format", "json", expect=NO).json()

    self.assertFalse(self.output.exists())
    self.assertEqual((False, 42), (shown["written"], shown["records"]))
    self.assertIn("named", [place["record"] for place in shown["places"]])
    self.assertIn("telephone number", shown["kinds"])
    self.assertNotIn("Martha", json.dumps(shown))
    self.assertNotIn("555", json.dumps(shown))
    dry = self.subrosa("export", "copy", "c-1", "--dry-run")
    self.assertIn("Dry run: nothing was written.", dry.out)
    self.export(*self.review("c-1"))
    self.assertIn(text, self.files()["records/mood-check-in.csv"])

  def test_what_was_looked_at_is_what_goes(self):
    self.ingest(self.write("more.ndjson", ndjson(
        record(record_id="told", payload=note("my mother has breast cancer")))))
    shown = self.export("--format", "json", expect=NO).json()
    self.assertEqual([{"field": "note", "of": "family", "category": "conditions"}],
                     shown["places"][0]["health"])
    self.assertIn("health of a relative", shown["kinds"])
    self.assertNotIn("cancer", json.dumps(shown))
    self.ingest(self.write("again.ndjson", ndjson(
        record(record_id="told", payload=note("my mother has breast cancer and is HIV positive")))))

    stale = self.export("--reviewed", shown["review"], expect=NO)

    self.assertIn("That is not what --reviewed names", stale.out)
    self.assertFalse(self.output.exists())
    self.export(*self.review("c-1"))
    self.assertTrue(self.output.exists())

  def test_a_number_in_a_field_that_is_not_for_text_and_in_an_id_stays_back(self):
    payload = note("calm") | {"feelings": [f"my SSN is {SSN}", "calm"]}
    self.ingest(self.write("more.ndjson", ndjson(
        record(record_id="MRN 00482913", payload=payload))))

    self.export()

    for name, text in self.files().items():
      self.assertNotIn("00482913", text, name)
      self.assertNotIn(SSN, text, name)

  def test_what_is_known_for_decisions_and_each_choice_is_in_a_copy_whole(self):
    self.subrosa("consent", "facts", self.write("facts.ndjson", ndjson(
        {"consumer": "c-1", "facts": {"residence": "US-WA", "born": "1990"}})))

    self.export()

    files = self.files()
    shown = self.subrosa("consent", "show", "c-1", "--entries", "--format", "json").json()
    held = json.loads(files["choices.json"])
    for key in ("residence", "places_of_collection", "born", "guardians", "standing", "entries"):
      self.assertEqual(shown[key], held[key], key)
    self.assertIn("Lives in US-WA; born 1990.", Page(files["index.html"]).text)

  def test_records_of_other_days_stay(self):
    printed = self.export("--since", "2200-01-01", "--format", "json").json()

    self.assertEqual((0, 41), (printed["records"], printed["outside_range"]))

  def test_an_answer_to_a_californian_reaches_back_as_far_as_the_law_asks(self):
    self.ingest(self.write("old.ndjson", ndjson(
        record(record_id="old", collectedAt="2021-12-31T23:59:59Z"),
        record(record_id="first", collectedAt="2022-01-01T00:00:00Z",
               effective={"start": "2019-05-01T00:00:00Z"}))))
    whole = self.export("--format", "json").json()
    self.output.unlink()
    self.subrosa("consent", "facts", self.write("facts.ndjson", ndjson(
        {"consumer": "c-1", "facts": {"residence": "US-CA"}})))

    printed = self.export("--format", "json").json()

    self.assertEqual((43, 0), (whole["records"], whole["outside_range"]))
    self.assertNotIn("range_rule", whole)
    self.assertEqual((42, 1, "2022-01-01", "ca-ccpa/know"), tuple(
        printed[key] for key in ("records", "outside_range", "collected_since", "range_rule")))
    page = self.files()["index.html"]
    self.assertIn("collected since 2022-01-01 (11 CCR 7024(h), (k))", page)
    self.output.unlink()
    said = self.subrosa("export", "copy", "c-1", "--dry-run")
    self.assertIn("It reaches back to what was collected since 2022-01-01, under 11 CCR 7024(h)",
                  said.out)
    every = self.export("--all", "--format", "json").json()
    self.assertEqual((43, 0), (every["records"], every["outside_range"]))

  def test_the_log_says_that_a_copy_was_made(self):
    self.export()

    leaves = [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]
    self.assertEqual(1, leaves.count("copy-given"))

  def test_what_contradicts_itself_is_refused(self):
    for words, said in (
        (["--output", "x"], "want either --to AGE-KEY or --passphrase-output FILE"),
        (["--output", "x", "--to", self.key, "--passphrase-output", "y"], "want either --to"),
        (["--output", "x", "--as", "json", "--to", self.key], "in the clear"),
        (["--output", "x", "--to", self.key, "--since", "yesterday"], "--since: want a day"),
        (["--output", "x", "--to", self.key, "--since", "2026-02-01", "--until", "2026-01-01"],
         "--until: want a day not before --since"),
        (["--output", "x", "--to", self.key, "--all", "--since", "2026-02-01"], "--all: want it"),
        (["--output", "x", "--dry-run"], "want either --output or --dry-run"),
        ([], "--output is required")):
      outcome = self.subrosa("export", "copy", "c-1", *words, expect=USAGE)
      self.assertIn(said, outcome.err)
    outcome = self.subrosa("export", "copy", "c-1", "--output", self.output, "--to", "age1none",
                           expect=None)
    self.assertNotEqual(DONE, outcome.exit)
    self.assertEqual([], list(self.work.glob("copy*")))

  def test_a_copy_that_is_killed_leaves_no_file_or_a_whole_one(self):
    self.ingest(self.write("many.ndjson", ndjson(*(
        record(record_id=f"m-{number}", payload=note("a day like others " * 40))
        for number in range(2000)))))
    arguments = self.arguments("export", "copy", "c-1", "--output", self.output, "--to", self.key)
    whole = 0
    for attempt in range(12):
      with subprocess.Popen(arguments, cwd=self.work, env=self.environment(),
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(0.05 + 0.15 * attempt)
        process.send_signal(signal.SIGKILL)
        process.wait()
      self.assertEqual([], [name for name in os.listdir(self.work)
                            if ".part-" in name or ".scratch-" in name])
      if self.output.exists():
        self.assertEqual(2041, len(self.files()["records/mood-check-in.ndjson"].splitlines()))
        self.output.unlink()
        whole += 1
    self.export()
    self.assertEqual(2041, len(self.files()["records/mood-check-in.ndjson"].splitlines()))
    # A process that was killed holds the log for a while.
    self.subrosa("audit", "checkpoint")
    leaves = [leaf["kind"] for leaf in self.subrosa("audit", "export").json_lines()]
    self.assertGreaterEqual(leaves.count("copy-given"), whole + 1)


if __name__ == "__main__":
  unittest.main()
