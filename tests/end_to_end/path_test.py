#!/usr/bin/env python3
"""A record's whole way through the command: taken, listed, shown, given out, erased, reported."""

import csv
import json
import os
import pathlib
import re
import stat
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
from installation import (  # pylint: disable=wrong-import-position
    DATA, FAILED, NO, POLICY, USAGE, InstallationTest, counts, counts_of, ndjson, record)

DESCRIPTORS = os.path.abspath("tests/end_to_end/clinic.descriptors")
WELLNESS = f"{DATA}/wellness.ndjson"
FHIR = ["--source", "clinic", "--purpose", "care", "--basis", "consent"]
COMMANDS = ["init", "ingest", "inventory", "show", "export copy", "erase", "report",
            "audit status", "audit checkpoint", "audit rotate-key", "keys status", "keys rotate",
            "keys retire", "keys verify", "keys policy", "store check", "store restore"]


def records_of(path):
  return [json.loads(line) for line in pathlib.Path(path).read_text(encoding="utf-8").splitlines()]


class PathTest(InstallationTest):

  def files_of_home(self):
    return {path: path.read_bytes() for path in self.home.rglob("*") if path.is_file()}

  def test_init_makes_a_home_that_its_owner_alone_can_read(self):
    outcome = self.init()

    self.assertRegex(
        outcome.out, rf"^Made the home {self.home} for rosewater\.\n"
        r"Copies and sets are signed by its key for exports:\n"
        r"  rosewater/exports/[0-9a-f]{8}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\nIts log is "
        r"(rosewater/audit/[0-9a-f]{8})\. Whoever checks receipts needs its key:\n"
        r"  \1\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}\n$")
    self.assertEqual({"keyring", "keys.db", "records.db", "log", "policy.textproto"},
                     set(os.listdir(self.home)))
    for path in [self.home, *self.home.rglob("*")]:
      self.assertEqual(0, stat.S_IMODE(path.stat().st_mode) & 0o077, path)
    self.assertEqual("No records are held.\n", self.subrosa("inventory").out)

  def test_init_leaves_a_home_in_use_alone(self):
    self.init()
    before = self.files_of_home()

    self.refuse(
        "init", "--entity", "another", exit_code=FAILED,
        error=f"subrosa: error: {self.home}: want a folder that is empty or not there, got one in "
        "use\n")

    self.assertEqual(before, self.files_of_home())

  def test_a_second_run_over_a_file_changes_nothing_and_says_so(self):
    self.init()
    first = self.subrosa("ingest", WELLNESS)
    before = self.inventory()

    second = self.subrosa("ingest", WELLNESS)

    self.assertEqual(f"{WELLNESS}: 480 added, 0 revised, 0 unchanged, 0 rejected\n", first.out)
    self.assertEqual(
        f"{WELLNESS}: 0 added, 0 revised, 480 unchanged, 0 rejected; nothing changed\n",
        second.out)
    self.assertEqual(before, self.inventory())
    self.assertEqual(480, before["total"]["records"])
    self.assertEqual(6, before["total"]["consumers"])

  def test_every_format_is_taken_and_a_second_run_of_each_changes_nothing(self):
    self.init()
    made = self.sample("made.pb", "--format", "protobuf", "--first-consumer", 20,
                       "--consumers", 5, "--records-per-consumer", 60)
    files = {
        (f"{DATA}/wellness.pb",): 120,
        (made,): 300,
        (f"{DATA}/fhir/Patient.ndjson", *FHIR): None,
        (f"{DATA}/fhir/Observation.ndjson", *FHIR): None,
        (f"{DATA}/fhir/Condition.ndjson", *FHIR): None,
        (f"{DATA}/fhir/MedicationRequest.ndjson", *FHIR): None,
    }
    total = 0

    for arguments, wanted in files.items():
      wanted = wanted or len(records_of(arguments[0]))
      with self.subTest(file=arguments[0]):
        first = self.ingest(*arguments)
        second = self.ingest(*arguments)

        self.assertEqual(counts(added=wanted), counts_of(first))
        self.assertEqual(counts(unchanged=wanted), counts_of(second))
        total += wanted

    self.assertEqual(total, self.inventory()["total"]["records"])

  def test_a_record_that_changed_is_a_revision_and_the_newest_is_what_is_held(self):
    self.init()
    self.ingest(self.write("old.ndjson", ndjson(record(), record(record_id="r-2"))))
    changed = record(payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": 2})
    summary = self.ingest(self.write("new.ndjson", ndjson(changed, record(record_id="r-2"))))

    self.assertEqual(counts(revised=1, unchanged=1), counts_of(summary))
    self.assertEqual(2, self.inventory()["total"]["records"])
    self.assertEqual({"score": 2}, self.copy("c-1")["ios-app", "r-1"]["content"])
    plan = self.subrosa("erase", "c-1", "--dry-run", "--format", "json").json()
    self.assertEqual((2, 1), (plan["records"], plan["old_revisions"]))

  def test_standard_input_is_taken_like_a_file(self):
    self.init()

    summary = self.ingest("-", stdin=ndjson(record()))

    self.assertEqual(counts(added=1), counts_of(summary))

  def test_inventory_counts_what_the_files_hold(self):
    self.init()
    self.ingest(WELLNESS)
    records = records_of(WELLNESS)

    inventory = self.inventory()

    self.assertEqual("rosewater", inventory["entity"])
    self.assertEqual({each["source"] for each in records},
                     {line["source"] for line in inventory["lines"]})
    by_label = {(line["category"], line["label"], line["source"]): line
                for line in inventory["lines"]}
    sleep = [each for each in records if each["payload"]["@type"].endswith(".SleepSession")]
    line = by_label["bodily-functions", "sleep", "wearable"]
    self.assertEqual(len(sleep), line["records"])
    self.assertEqual(len({each["consumer"] for each in sleep}), line["consumers"])
    days = sorted(each["effective"]["start"][:10] for each in sleep)
    self.assertEqual((days[0], days[-1]), (line["earliest"], line["latest"]))
    self.assertEqual(["subrosa.v1.SleepSession"], line["schemas"])
    table = self.subrosa("inventory").out
    self.assertRegex(table, rf"bodily-functions +sleep +wearable +{len(sleep)} ")
    self.assertIn("480 records of 6 consumers", table)

  def test_show_gives_reasons_and_clauses_and_no_value_unless_asked(self):
    self.init()
    self.ingest(WELLNESS)
    texts = [each["payload"][name] for each in records_of(WELLNESS)
             if each["consumer"] == "c-000003" for name in ("note", "text", "title", "dosage")
             if name in each["payload"]]
    self.assertGreater(len(texts), 20)

    plain = self.subrosa("show", "c-000003")
    brief = self.subrosa("show", "c-000003", "--brief")
    values = self.subrosa("show", "c-000003", "--values")

    self.assertIn("journal entry, ", plain.out)
    self.assertIn("  counts as: conditions\n", plain.out)
    self.assertIn("RCW 19.373.010(8)(b)(i)", plain.out)
    self.assertTrue(plain.out.endswith("\n80 records.\n"), plain.out[-200:])
    self.assertNotIn("RCW", brief.out)
    for text in texts:
      self.assertNotIn(text, plain.out)
      self.assertNotIn(text, brief.out)
      self.assertIn(text, values.out)

  def test_show_and_copy_take_the_id_from_a_file_or_standard_input(self):
    self.init()
    self.ingest(self.write("one.ndjson", ndjson(record())))
    named = self.write("who", "c-1\n")

    for words, stdin in ((["--consumer-file", named], ""), (["--consumer-file", "-"], "c-1\n")):
      outcome = self.subrosa("show", *words, "--brief", stdin=stdin)
      self.assertIn("\n1 records.\n", outcome.out)

  def test_a_copy_in_json_holds_every_record_of_the_consumer_and_of_nobody_else(self):
    self.init()
    self.ingest(WELLNESS)
    held = {(each["source"], each["id"]): each for each in records_of(WELLNESS)
            if each["consumer"] == "c-000004"}
    output = self.work / "copy.json"

    outcome = self.subrosa("export", "copy", "--as", "json", *self.review("c-000004"), "c-000004",
                           "--output", output)

    self.assertEqual(f"Wrote 80 records to {output}.\n", outcome.out)
    self.assertEqual(0o600, stat.S_IMODE(output.stat().st_mode))
    document = json.loads(output.read_text(encoding="utf-8"))
    self.assertEqual(("rosewater", "c-000004", 80),
                     (document["entity"], document["consumer"], document["record_count"]))
    copied = {(each["source"], each["id"]): each for each in document["records"]}
    self.assertEqual(set(held), set(copied))
    for key, each in copied.items():
      payload = held[key]["payload"]
      self.assertEqual(payload["@type"].split("/")[1], each["schema"])
      for name in ("score", "text", "note", "title", "dosage", "total", "latitude"):
        if name in payload:
          self.assertEqual(payload[name], each["content"][name])
      self.assertEqual(held[key]["basis"], each["basis"])

  def test_a_copy_in_csv_parses_and_holds_every_record(self):
    self.init()
    self.ingest(WELLNESS)
    held = {each["id"]: each for each in records_of(WELLNESS) if each["consumer"] == "c-000004"}
    output = self.work / "copy.csv"

    self.subrosa("export", "copy", "c-000004", "--as", "csv", *self.review("c-000004"), "--output",
                 output)

    with open(output, newline="", encoding="utf-8") as file:
      lines = list(csv.DictReader(file, strict=True))
    self.assertEqual(["type", "record", "when", "source", "purpose", "categories", "field",
                      "value"], list(lines[0]))
    self.assertEqual(set(held), {line["record"] for line in lines})
    texts = {line["record"]: line["value"] for line in lines if line["field"] == "text"}
    for record_id, each in held.items():
      if "text" in each["payload"]:
        self.assertEqual(each["payload"]["text"], texts[record_id])

  def test_a_copy_in_csv_keeps_quotes_lines_and_what_looks_like_a_formula(self):
    self.init()
    notes = {"r-1": 'She said "no",\nand left', "r-2": "=HYPERLINK(1)", "r-3": "naïve — 眠い"}
    self.ingest(self.write("notes.ndjson", ndjson(*(
        record(record_id=key, payload={"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn",
                                       "score": 3, "note": note})
        for key, note in notes.items()))))
    output = self.work / "copy.csv"

    self.subrosa("export", "copy", "c-1", "--as", "csv", *self.review("c-1"), "--output", output)

    with open(output, newline="", encoding="utf-8") as file:
      cells = {line["record"]: line["value"] for line in csv.DictReader(file, strict=True)
               if line["field"] == "note"}
    self.assertEqual(notes | {"r-2": "'=HYPERLINK(1)"}, cells)

  def test_a_copy_never_replaces_a_file(self):
    self.init()
    self.ingest(self.write("one.ndjson", ndjson(record())))
    output = self.write("copy.json", "kept")

    self.refuse(
        "export", "copy", "--as", "json", "c-1", "--output", output, exit_code=FAILED,
        error=f"subrosa: error: {output}: want a name that is free, got one that is taken\n")

    self.assertEqual("kept", output.read_text(encoding="utf-8"))

  def test_a_copy_of_nobody_leaves_no_file(self):
    self.init()
    output = self.work / "copy.json"

    self.refuse("export", "copy", "--as", "json", "c-1", "--output", output, exit_code=NO,
                error="subrosa: error: consumer: want one that is held here, got none\n")

    self.assertEqual([], list(self.work.iterdir()))

  def test_fhir_is_shown_by_its_codes_with_their_clauses(self):
    self.init()
    for name in ("Condition", "MedicationRequest"):
      self.ingest(f"{DATA}/fhir/{name}.ndjson", *FHIR)

    shown = self.subrosa("show", "c-000004", "--format", "json").json_lines()

    reasons = [finding for each in shown for finding in each["findings"]]
    kinds = {finding["kind"].split(" (")[0] for finding in reasons if finding["basis"] == "code"}
    self.assertIn("conditions", kinds)
    self.assertIn("medication", kinds)
    self.assertTrue(any(finding["clause"].startswith("RCW 19.373.010") for finding in reasons))


class ErasureTest(InstallationTest):

  def setUp(self):
    super().setUp()
    self.init(self.californian_policy())
    self.ingest(WELLNESS)
    self.before = self.inventory()

  def test_a_dry_run_says_what_would_go_and_changes_nothing(self):
    outcome = self.subrosa("erase", "c-000002", "--dry-run")

    self.assertIn("This erasure destroys the consumer's key and 80 records:\n", outcome.out)
    self.assertIn("Dry run: nothing was erased.\n", outcome.out)
    self.assertEqual(self.before, self.inventory())
    self.assertEqual(80, len(self.copy("c-000002")))

  def test_the_id_is_asked_for_again_and_a_wrong_one_erases_nothing(self):
    for typed in ("c-000003\n", "", "c-000002 \n", "yes\n"):
      with self.subTest(typed=typed):
        outcome = self.subrosa("erase", "c-000002", stdin=typed, expect=NO)

        self.assertIn("Type the account id again to erase it for good: ", outcome.err)
        self.assertIn("subrosa: error: the ids differ; nothing was erased\n", outcome.err)
        self.assertEqual("", outcome.out)
    self.assertEqual(self.before, self.inventory())
    self.assertEqual(80, len(self.copy("c-000002")))

  def test_the_right_id_typed_again_erases(self):
    outcome = self.subrosa("erase", "c-000002", stdin="c-000002\n")

    self.assertRegex(outcome.out, r"^Erased on \S+: the keys are destroyed\.\nCertificate \w{32}, "
                                  r"issue 1, interim\.\n")
    self.assertIn("\nRows deleted: 80\n", outcome.out)
    self.assertEqual(400, self.inventory()["total"]["records"])

  def test_an_erased_consumer_is_gone_and_cannot_come_back_and_others_stay(self):
    others = self.copy("c-000003")

    self.subrosa("erase", "c-000002", "--yes")

    gone = "subrosa: error: consumer: want one that is held here, got none\n"
    self.refuse("show", "c-000002", exit_code=NO, error=gone)
    self.refuse("erase", "c-000002", "--yes", exit_code=NO, error=gone)
    self.assertIsNone(self.copy("c-000002"))
    again = self.subrosa("ingest", WELLNESS, expect=NO)
    self.assertEqual(f"{WELLNESS}: 0 added, 0 revised, 400 unchanged, 80 rejected\n", again.out)
    self.assertIn("consumer: want one that may be held, got one that was erased (and 79 more)\n",
                  again.err)
    self.assertEqual(others, self.copy("c-000003"))
    inventory = self.inventory()
    self.assertEqual((400, 5), (inventory["total"]["records"], inventory["total"]["consumers"]))

  def test_who_lives_in_washington_may_come_back_as_somebody_new(self):
    self.home = self.folder / "washington"
    self.init()
    self.ingest(WELLNESS)
    self.subrosa("erase", "c-000002", "--yes")

    again = self.ingest(WELLNESS)

    self.assertEqual(counts(added=80, unchanged=400), counts_of(again))

  def test_an_erasure_without_a_request_tells_stores_and_keeps_its_certificate(self):
    told = self.work / "told"
    (self.home / "connectors.textproto").write_text(
        'connector { id: "crm" kind: PARTY_KIND_STORE command { argument: "/bin/sh" argument: "-c" '
        f'argument: "cat > {told}" }} }}\n', encoding="utf-8")

    self.subrosa("erase", "c-000002", "--yes")

    self.assertIn("c-000002", told.read_text(encoding="utf-8"))
    self.subrosa("erasure", "certificate", "c-000002", "--out", "certificate")
    self.assertIn("Store: crm, told", (self.work / "certificate").read_text(encoding="utf-8"))

  def test_rejects_are_listed_in_a_file_with_their_place(self):
    self.subrosa("erase", "c-000002", "--yes")
    rejects = self.work / "rejects.ndjson"

    outcome = self.subrosa("ingest", WELLNESS, "--rejects", rejects, expect=NO)

    self.assertEqual("", outcome.err)
    listed = records_of(rejects)
    numbers = [number for number, each in enumerate(records_of(WELLNESS), 1)
               if each["consumer"] == "c-000002"]
    self.assertEqual(numbers, [each["number"] for each in listed])
    content = pathlib.Path(WELLNESS).read_bytes()
    for each in listed:
      self.assertEqual(["file", "unit", "number", "byte_offset", "code", "reason"], list(each))
      self.assertEqual(b'{"consumer":"c-000002"', content[each["byte_offset"]:][:22])
      self.assertEqual("FAILED_PRECONDITION", each["code"])

  def test_the_report_follows_the_erasure(self):
    self.subrosa("erase", "c-000002", "--yes")

    report = self.subrosa("report", "inventory").out

    self.assertIn("# Inventory of consumer health data: rosewater\n", report)
    self.assertIn("400 records of 5 consumers", report)
    self.assertRegex(report, r"(?m)^- Washington: RCW 19\.373\.010\(8\)\(b\)\(i\) \(.*\)$")
    self.assertRegex(report, r"(?m)^\| sleep \| wearable \| ")


class JsonTest(InstallationTest):
  """What programs read from each command (docs/formats/json.md)."""

  def test_every_command_answers_in_json_with_its_keys(self):
    page = pathlib.Path("docs/formats/json.md").read_text(encoding="utf-8")
    documented = set(re.findall(r'[`"]([a-z_]+)[`"]', page))

    def keys(document):
      self.assertLessEqual(set(document), documented)
      return list(document)

    made = self.subrosa("init", "--entity", "rosewater", "--policy", POLICY,
                        "--key-derivation", "interactive", "--format", "json").json()
    self.assertEqual(["home", "entity", "policy", "origin", "vkey", "export_vkey"], keys(made))
    self.assertEqual((str(self.home), "rosewater"), (made["home"], made["entity"]))
    self.assertTrue(made["vkey"].startswith(made["origin"] + "+"))

    taken = self.subrosa("ingest", WELLNESS, "--format", "json").json()
    self.assertEqual(["files"], keys(taken))
    self.assertEqual(["entries", "added", "revised", "unchanged", "kept_whole", "kept_whole_types",
                      "rejected", "rejects_by_reason", "other_rejects", "not_about_consumer",
                      "not_about_consumer_types", "file", "finished"], keys(taken["files"][0]))
    self.assertEqual((480, WELLNESS, True), tuple(
        taken["files"][0][key] for key in ("entries", "file", "finished")))

    for words in (["inventory"], ["report", "inventory"]):
      inventory = self.subrosa(*words, "--format", "json").json()
      self.assertEqual(["entity", "made_at", "total", "lines"], keys(inventory))
      self.assertEqual(["records", "consumers", "earliest", "latest"], keys(inventory["total"]))
      for line in inventory["lines"]:
        keys(line)
        self.assertLessEqual({"category", "label", "source", "records", "consumers", "earliest",
                              "latest", "purposes", "schemas"}, set(line))
        if line["category"] is not None:
          self.assertTrue(line["clause"].startswith("RCW 19.373.010"), line)

    shown = self.subrosa("show", "c-000001", "--format", "json").json_lines()
    self.assertEqual(80, len(shown))
    for each in shown:
      self.assertEqual(["type", "schema", "when", "source", "purpose", "categories",
                        "by_words_alone", "of_somebody_else", "findings"], keys(each))
      for finding in each["findings"]:
        self.assertEqual(["field", "kind", "basis", "rule", "clause", "score", "span", "reason"],
                         [key for key in keys(finding) if key != "certainty"])
        self.assertEqual(bool(finding["clause"]), "certainty" in finding)
    brief = self.subrosa("show", "c-000001", "--brief", "--values", "--format", "json")
    self.assertTrue(all("content" in each and "findings" not in each
                        for each in brief.json_lines()))

    copied = self.subrosa("export", "copy", "--as", "json", *self.review("c-000001"), "c-000001",
                          "--output", "copy.json", "--format", "json").json()
    self.assertEqual({"output": "copy.json", "records": 80, "withheld": 0}, copied)
    keys(copied)
    wanted = ["erased", "records", "has_more", "old_revisions", "records_by_schema", "parties",
              "kept", "due", "recipients_due", "backups_due", "holds_from_if_rotated"]
    for words, erased in ((["--dry-run"], False), (["--yes"], True)):
      plan = self.subrosa("erase", "c-000001", *words, "--receipt", "receipt", "--format",
                          "json").json()
      self.assertEqual(wanted + ["erasure"] * erased, keys(plan))
      self.assertEqual((erased, 80), (plan["erased"], plan["records"]))
      self.assertEqual(80, sum(plan["records_by_schema"].values()))
    self.check_log(keys, made["vkey"])
    self.check_keys(keys)
    self.check_stores(keys)

  def check_log(self, keys, vkey):
    """What the commands about the log say, once a consumer was erased."""
    def audit(*words):
      return self.subrosa("audit", *words, "--format", "json").json()

    status = audit("status")
    self.assertEqual(["agree", "restore_begun", "answers_lost", "origin", "size", "root",
                      "cosigned_size", "waiting", "lease", "keys", "export_vkey", "parts",
                      "disagreements"], keys(status))
    self.assertEqual(["keys", "records"], keys(status["waiting"]))
    self.assertEqual(["held", "until"], keys(status["lease"]))
    self.assertEqual(["number", "vkey", "announced", "retired"], keys(status["keys"][0]))
    for part in status["parts"]:
      self.assertEqual(["part", "standing", "size"], keys(part))

    verdict = audit("verify")
    self.assertEqual(["sound", "origin", "size", "root", "keys_from", "leaves", "rows",
                      "fault_count", "faults", "repaired"], keys(verdict))
    self.assertEqual(["kind", "count"], keys(verdict["leaves"][0]))

    proof = audit("prove", 0)
    self.assertEqual(["leaf", "origin", "size", "cosigned", "receipt"], keys(proof))
    self.assertEqual("proof", audit("prove", 0, "--out", "proof")["output"])
    leaf_keys = ["index", "kind", "outcome", "date", "jurisdiction", "tag", "numbers",
                 "commitments", "text"]
    leaves = self.subrosa("audit", "export").json_lines()
    self.assertEqual(7, len(leaves))
    for leaf in [*leaves, proof["leaf"]]:
      self.assertEqual(leaf_keys, keys(leaf))
      keys(leaf["numbers"])

    self.assertEqual(["origin", "size", "root", "cosigned", "checkpoint"],
                     keys(audit("checkpoint")))
    said, _ = self.start_witness(vkey)
    self.assertEqual(["port", "vkey"], keys(said))
    said, _ = self.start_server("serve")
    self.assertEqual(["port", "log", "auditors"], keys(said))
    self.assertEqual(["changed", "vkey", "retired", "size"], keys(audit("rotate-key")))
    told = self.subrosa("verify", "receipt", "--key", vkey, "--consumer", "c-000001", "--format",
                        "json").json()
    self.assertEqual(["proven", "leaf", "origin", "size", "witnesses", "about_consumer"],
                     keys(told))


  def check_keys(self, keys):
    """What the commands about epochs of keys say."""
    def tell(*words, **options):
      return self.subrosa("keys", *words, "--format", "json", **options).json()

    self.assertEqual(["changed", "key_backup_days"], keys(tell("policy", "--backup-days", 9)))
    for words in (["--dry-run"], []):
      self.assertEqual(["rotated", "interrupted", "from_epoch", "to_epoch", "consumers",
                        "holds_from"], keys(tell("rotate", *words)))
    status = tell("status")
    self.assertEqual(["key_backup_days", "epochs", "evidence_years", "versions",
                      "holds_from_if_rotated"], keys(status))
    self.assertEqual(["resealing", "waiting", "due", "next_day"], keys(status["versions"]))
    for epoch in status["epochs"]:
      self.assertEqual(["epoch", "state", "opened", "consumers", "destroy_not_before", "destroyed",
                        "due", "erasures_before", "holds_from"], keys(epoch))
    self.assertEqual(["retired", "epochs", "evidence", "key_versions", "next_due",
                      "moved_requests", "moved_erasures", "kept_years"],
                     keys(tell("retire", expect=NO)))
    check = tell("verify")
    self.assertEqual(["sound", "consumer_keys", "directory_entries", "index_entries",
                      "evidence_keys", "epochs", "findings"],
                     keys(check))
    self.assertEqual((True, 5), (check["sound"], check["consumer_keys"]))

  def check_stores(self, keys):
    """What the commands about the stores say."""
    copies = self.subrosa("store", "backup", "--keys", "keys.copy", "--records", "records.copy",
                          "--format", "json").json()
    self.assertEqual(["copies"], keys(copies))
    for copy in copies["copies"]:
      self.assertEqual(["store", "file", "bytes", "log_size", "waiting", "epoch",
                        "key_backup_days", "erasures"], keys(copy))
    check = self.subrosa("store", "check", "--format", "json").json()
    self.assertEqual(["sound", "stores", "counts", "opened", "orphans", "fault_count", "faults"],
                     keys(check))
    self.assertEqual(["records", "counted", "kinds_off", "recounted"], keys(check["counts"]))
    self.assertEqual(["consumers", "rows", "lost"], keys(check["opened"]))
    self.assertEqual(["consumers", "rows", "swept"], keys(check["orphans"]))
    for store in check["stores"]:
      self.assertEqual(["store", "file", "bytes", "version", "newest_version", "log_size",
                        "waiting", "epoch"], keys(store))
    self.assertEqual(["restored", "log_size", "keys_log_size", "records_log_size",
                      "erasures_since", "erased_again", "evidence_years_again", "must_ask_again",
                      "answers_lost", "rows_erased_again", "rows_back", "rows_lost", "rows_swept"],
                     keys(self.subrosa("store", "restore", "--dry-run", "--format",
                                       "json").json()))
    self.assertEqual((True, 5, 400), (check["sound"], check["opened"]["consumers"],
                                      check["opened"]["rows"]))


class UsageTest(InstallationTest):

  def test_every_command_says_what_it_takes(self):
    general = self.subrosa("--help").out
    for command in COMMANDS:
      with self.subTest(command=command):
        words = command.split()
        outcome = self.subrosa(*words, "--help")

        self.assertIn(f"Usage: subrosa {command} [OPTIONS]", outcome.out)
        self.assertIn("--passphrase-file", outcome.out)
        self.assertIn("--format", outcome.out)
        self.assertEqual("", outcome.err)
        self.assertIn(f"\n  {words[0]} ", general)

  def test_an_unknown_command_gets_a_hint(self):
    for typed, hint in (("inven", "did you mean `inventory`?"),
                        ("shwo", "did you mean `show`?"), ("erasse", "did you mean `erase`?"),
                        ("verfy", "did you mean `verify`?"),
                        ("foo", "`subrosa --help` lists them")):
      self.refuse(typed, exit_code=USAGE,
                  error=f"subrosa: error: no such command\nsubrosa: hint: {hint}\n")

  def test_no_command_prints_the_usage_and_does_nothing(self):
    outcome = self.run_command([self.arguments()[0]], expect=USAGE)

    self.assertEqual("", outcome.out)
    self.assertIn("Usage: subrosa COMMAND", outcome.err)

  def test_a_wrong_call_is_answered_with_what_is_wanted(self):
    unknown = "got a flag or argument that the command does not have"
    wrong = {
        ("inventory", "--colour"): f"inventory: {unknown}",
        ("inventory", "c-1"): f"inventory: {unknown}",
        ("inventory", "--format", "xml"): "inventory: --format: want one of json|text",
        ("inventory", "--home"): None,
        ("ingest",): "ingest: file: want at least one, got none",
        ("ingest", "f", "--as", "xls"):
            "ingest: --as: want one of apple-health|cda|csv|detect|fhir|fhir-bundle|"
            "health-connect|ndjson|open-mhealth|protobuf",
        ("ingest", "f", "--collected-at", "noon"):
            "ingest: --collected-at: want a time in RFC 3339",
        ("show",): "show: consumer: want one account id, or --consumer-file",
        ("show", "a", "b"): "show: consumer: want one account id, or --consumer-file",
        ("show", "x" * 257): "show: consumer: want 1 to 256 bytes, got 257",
        ("export", "copy", "c-1"): "export copy: --output is required",
        ("erase", "--yes"): "erase: consumer: want one account id, or --consumer-file",
        ("report",): "report: kind: want `inventory`, `requests`, `metrics` or `evidence`",
        ("report", "weather"): "report: kind: want `inventory`, `requests`, `metrics` or `evidence`",
        ("init",): "init: --entity is required",
        ("init", "--entity", "e", "--key-backup-days", "0"):
            "init: key_backup_days: want 1 to 3650, got 0",
        ("keys", "policy", "--backup-days", "3651"):
            "keys policy: key_backup_days: want 1 to 3650, got 3651",
        ("keys", "policy", "--backup-days", "-1"):
            "keys policy: --backup-days: want a whole number",
        ("keys", "rotate", "now"): f"keys rotate: {unknown}",
    }
    for words, message in wrong.items():
      with self.subTest(words=words):
        if message is None:
          self.run_command([self.arguments()[0], *words], expect=USAGE)
          continue
        command = message.split(":")[0]
        self.refuse(*words, exit_code=USAGE,
                    error=f"subrosa: error: {message}\n"
                    f"subrosa: hint: `subrosa {command} --help` lists what it takes\n")
    self.assertFalse(self.home.exists())

  def test_a_passphrase_is_required(self):
    self.init()

    outcome = self.run_command([self.arguments()[0], "inventory"], expect=USAGE)

    self.assertIn("inventory: --passphrase-file is required\n", outcome.err)

  def test_a_passphrase_that_is_wrong_or_that_others_can_read_opens_nothing(self):
    self.init()
    self.passphrase.chmod(0o644)
    self.refuse(
        "inventory", exit_code=FAILED,
        error=f"subrosa: error: {self.passphrase}: want a file that others cannot touch, got mode "
        f"0644: run chmod o-rwx on it\n")
    self.passphrase.chmod(0o600)
    self.passphrase.write_text("wrong horse\n", encoding="utf-8")

    outcome = self.subrosa("inventory", expect=FAILED)

    self.assertNotIn("horse", outcome.err)
    self.assertIn("passphrase", outcome.err)

  def test_a_home_that_is_not_there_is_an_error_and_not_an_answer(self):
    for words in (["inventory"], ["show", "c-1"], ["erase", "c-1", "--yes"],
                  ["ingest", WELLNESS],
                  ["export", "copy", "--as", "json", "c-1", "--output", "copy.json"]):
      self.refuse(
          *words, exit_code=FAILED,
          error=f"subrosa: error: {self.home}: want a home, got no keyring; `subrosa init` makes "
          "a home\n")


def field(number, content):
  """A length-delimited field of a protobuf message, shorter than 128 bytes."""
  content = content if isinstance(content, bytes) else content.encode()
  assert len(content) < 128
  return bytes([number << 3 | 2, len(content)]) + content


class OwnMessageTest(InstallationTest):
  """A service's own marked message, known only by its descriptor set."""

  TAKE = ["--message", "riverside.v1.GroupSession", "--descriptor-set", DESCRIPTORS, "--source",
          "clinic", "--purpose", "therapy", "--basis", "necessary", "--collection", "provider"]
  OWN = ["--descriptor-set", DESCRIPTORS]

  def setUp(self):
    super().setUp()
    self.init()

  def take_json(self, *sessions):
    return self.write("sessions.ndjson", ndjson(*sessions))

  def test_bare_json_is_taken_shown_and_given_out(self):
    path = self.take_json(
        {"participant": "p-1", "sessionId": "s-1", "heldAt": "2026-03-04T10:00:00Z",
         "medicine": "sertraline", "note": "First evening."},
        {"participant": "p-2", "sessionId": "s-2", "heldAt": "2026-03-05T10:00:00Z"})

    self.assertEqual(counts(added=2), counts_of(self.ingest(path, *self.TAKE)))
    self.assertEqual(counts(unchanged=2), counts_of(self.ingest(path, *self.TAKE)))

    shown = self.subrosa("show", "p-1", *self.OWN, "--format", "json").json_lines()
    self.assertEqual(("group session", "riverside.v1.GroupSession", "2026-03-04T10:00:00Z"),
                     tuple(shown[0][key] for key in ("type", "schema", "when")))
    self.assertEqual(["interventions", "medication"], sorted(shown[0]["categories"]))
    marks = {finding["rule"] for finding in shown[0]["findings"]}
    self.assertIn("mark:riverside.v1.GroupSession.medicine", marks)
    self.assertIn("mark:riverside.v1.GroupSession", marks)
    self.subrosa("export", "copy", "--as", "json", *self.review("p-1", *self.OWN), "p-1", *self.OWN,
                 "--output", "copy.json")
    document = json.loads((self.work / "copy.json").read_text(encoding="utf-8"))
    self.assertEqual("sertraline", document["records"][0]["content"]["medicine"])
    self.assertEqual({"interventions", "medication"},
                     {line["category"] for line in self.inventory()["lines"]})

  def test_bare_delimited_protobuf_is_the_same_record_as_its_json(self):
    session = field(1, "p-1") + field(2, "s-1") + field(4, "sertraline")
    path = self.write("sessions.pb", bytes([len(session)]) + session)
    time = ["--collected-at", "2026-03-04T10:00:00Z"]

    summary = self.ingest(path, "--as", "protobuf", *time, *self.TAKE)

    self.assertEqual(counts(added=1), counts_of(summary))
    self.assertEqual("p-1", json.loads(self.subrosa(
        "show", "p-1", *self.OWN, "--values", "--brief", "--format", "json").out)
                     ["content"]["participant"])

  def test_a_record_that_names_the_message_is_taken_too(self):
    path = self.write("named.ndjson", ndjson(record(payload={
        "@type": "type.googleapis.com/riverside.v1.GroupSession", "medicine": "lithium"})))

    self.assertEqual(counts(added=1), counts_of(self.ingest(path, *self.OWN)))
    refused = self.subrosa("ingest", path, expect=NO)

    self.assertIn(": payload.@type: want the name of a known message, got an unknown one\n",
                  refused.err)

  def test_without_the_descriptors_its_records_are_counted_and_erased_but_not_opened(self):
    self.ingest(self.take_json({"participant": "p-1", "sessionId": "s-1"}), *self.TAKE)

    self.assertEqual(1, self.inventory()["total"]["records"])
    outcome = self.subrosa("show", "p-1", expect=FAILED)
    self.assertIn("riverside.v1.GroupSession", outcome.err)
    self.subrosa("erase", "p-1", "--yes")

    self.assertEqual(0, self.inventory()["total"]["records"])

  def test_nesting_is_bounded_in_json_and_in_protobuf(self):
    deep = {}
    for _ in range(100):
      deep = {"followUp": deep}
    path = self.take_json({"participant": "p-1"} | deep, {"participant": "p-1"})
    wire = b""
    for _ in range(70):
      size = len(wire)
      wire = b"\x32" + (bytes([size]) if size < 128 else
                        bytes([size & 127 | 128, size >> 7])) + wire
    wire = field(1, "p-1") + wire
    binary = self.write("deep.pb", bytes([len(wire) & 127 | 128, len(wire) >> 7]) + wire)

    outcome = self.subrosa("ingest", path, *self.TAKE, expect=NO)
    self.assertRegex(outcome.err, r"line 1: \S*: want at most 64 levels, got more\n")
    self.assertIn("1 added, 0 revised, 0 unchanged, 1 rejected", outcome.out)
    outcome = self.subrosa("ingest", binary, "--as", "protobuf", *self.TAKE, expect=NO)
    self.assertRegex(outcome.err, r"record 1: \S*: want at most 64 levels, got more\n")

  def test_a_message_or_descriptor_set_that_is_not_there_is_an_error(self):
    path = self.take_json({"participant": "p-1"})
    missing = self.work / "missing"

    self.subrosa("ingest", path, "--message", "riverside.v1.Nothing", *self.OWN, expect=FAILED)
    self.refuse("ingest", path, "--descriptor-set", missing, exit_code=FAILED,
                error=f"subrosa: error: {missing}: No such file or directory\n")
    outcome = self.subrosa("ingest", path, "--descriptor-set", path, expect=FAILED)
    self.assertIn("want a FileDescriptorSet with at least one file", outcome.err)

    self.assertEqual(0, self.inventory()["total"]["records"])


if __name__ == "__main__":
  unittest.main(verbosity=2)
