"""An installation of Subrosa in a folder of its own, driven through the command.

Tests run from the runfiles' root, where the binaries and the sample data lie under the paths that
they have in the checkout. Whatever is run and does not end as expected is shown whole: the command,
its exit code, its output.
"""

import base64
import dataclasses
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import tempfile
import unittest

SUBROSA = os.path.abspath("tools/subrosa/subrosa")
SAMPLE = os.path.abspath("tools/sample/subrosa-sample")
DATA = os.path.abspath("docs/examples/data")
POLICY = os.path.abspath("docs/examples/policy/policy.textproto")

# How long a command may take: a bound on a hang, not a demand on speed.
PATIENCE_SECONDS = 240

DONE, FAILED, USAGE, NO = 0, 1, 2, 3

# What is said of a file to be made in a folder that is not there.
NO_FOLDER = ("subrosa: error: {path}: want a folder that is there, got none: make it, or name "
             "another\n")

# Commands that need no passphrase, and take none.
OPEN_TO_ALL = ("verify", "audit verify", "audit prove", "audit export", "audit serve",
               "store backup", "law", "classify", "policy", "notice choices-link",
               "notice signal-status", "notice diff")

# What a test prints stands beside what unittest says, also in a file.
sys.stdout.reconfigure(line_buffering=True)


@dataclasses.dataclass
class Outcome:
  command: str
  exit: int
  out: str
  err: str

  def __str__(self):
    def cut(text):
      return text if len(text) < 6000 else f"{text[:6000]}\n... {len(text)} characters in all"
    return f"$ {self.command}\nexit code {self.exit}\n" \
           f"stdout:\n{cut(self.out)}\nstderr:\n{cut(self.err)}"

  def json(self):
    return json.loads(self.out)

  def json_lines(self):
    return [json.loads(line) for line in self.out.splitlines()]


class InstallationTest(unittest.TestCase):
  """A test with a working folder, a folder for temporary files and the path of a home."""

  maxDiff = None
  format = "text"

  def setUp(self):
    self.folder = pathlib.Path(tempfile.mkdtemp(dir=os.environ.get("TEST_TMPDIR")))
    self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
    self.work = self.folder / "work"
    self.temporary = self.folder / "tmp"
    self.home = self.folder / "home"
    self.work.mkdir()
    self.temporary.mkdir()
    self.passphrase = self.folder / "passphrase"
    self.passphrase.write_text("correct horse battery staple\n", encoding="utf-8")
    self.passphrase.chmod(0o600)

  def environment(self):
    return os.environ | {"TMPDIR": str(self.temporary), "SUBROSA_HOME": str(self.home)}

  def arguments(self, *words):
    """The command line of `subrosa words...`, with the passphrase where one is taken."""
    words = [str(word) for word in words]
    is_open = any(words[:len(name.split())] == name.split() for name in OPEN_TO_ALL)
    given = "--passphrase-file" in words or "--help" in words
    if words and not words[0].startswith("-") and not given and not is_open:
      words += ["--passphrase-file", str(self.passphrase)]
    return [SUBROSA, *words]

  def run_command(self, arguments, expect=DONE, stdin="", **options):
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    done = subprocess.run(
        arguments, check=False, input=stdin.encode(), cwd=self.work, env=self.environment(),
        timeout=PATIENCE_SECONDS, **options)
    outcome = Outcome(shlex.join(map(str, arguments)), done.returncode,
                      (done.stdout or b"").decode("utf-8", "replace"),
                      (done.stderr or b"").decode("utf-8", "replace"))
    if expect is not None and outcome.exit != expect:
      self.fail(f"want exit code {expect}, got {outcome.exit}\n{outcome}")
    return outcome

  def subrosa(self, *words, **options):
    return self.run_command(self.arguments(*words), **options)

  def start_server(self, *words, family="audit"):
    """Starts a command that runs until it is stopped: what it says first, and its process."""
    process = subprocess.Popen(
        self.arguments(family, *words, "--listen", "127.0.0.1:0", "--format", "json"),
        cwd=self.work, env=self.environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    self.addCleanup(self.stop_server, process)
    return json.loads(process.stdout.readline()), process

  def stop_server(self, process):
    if process.poll() is None:
      process.terminate()
    out, err = process.communicate(timeout=PATIENCE_SECONDS)
    self.assertEqual((0, b"", b""), (process.returncode, out, err))

  def start_witness(self, vkey):
    """A witness of the log with the key `vkey`, with a folder and a keyring of its own."""
    logs = self.folder / "witnessed-logs"
    logs.write_text(f"{vkey}\n", encoding="utf-8")
    return self.start_server("witness", "--state", self.folder / "witness-state", "--keyring",
                             self.folder / "witness-keyring", "--name", "witness.example/w1",
                             "--logs", logs)

  def refuse(self, *words, exit_code, error, **options):
    """Runs what must fail, and compares all that it says on stderr."""
    outcome = self.subrosa(*words, expect=exit_code, **options)
    self.assertEqual(error, outcome.err, outcome)
    return outcome

  def init(self, policy=POLICY):
    return self.subrosa("init", "--entity", "rosewater", "--policy", policy,
                        "--key-derivation", "interactive")

  def californian_policy(self):
    """The sample policy where consumers live who may be kept out once they are erased."""
    text = pathlib.Path(POLICY).read_text(encoding="utf-8")
    path = self.folder / "california.textproto"
    path.write_text(text.replace('residence_unless_known: "US-WA"',
                                 'residence_unless_known: "US-CA"'), encoding="utf-8")
    return path

  def ingest(self, *words, **options):
    """What became of one file, as `ingest --format=json` tells it."""
    return self.subrosa("ingest", *words, "--format", "json", **options).json()["files"][0]

  def inventory(self):
    """The inventory without the time at which it was made."""
    inventory = self.subrosa("inventory", "--format", "json").json()
    del inventory["made_at"]
    return inventory

  def review(self, *words):
    """How an officer says that they looked at whom the records of a copy may tell of."""
    shown = self.subrosa("export", "copy", *words, "--dry-run", "--format", "json", expect=None)
    digest = shown.json()["review"] if shown.exit == DONE else ""
    return ["--reviewed", digest] if digest else []

  def copy(self, consumer):
    """A consumer's copy as records by their source and id; None if they are not held."""
    path = self.work / "copy-to-compare.json"
    path.unlink(missing_ok=True)
    words = ["--as", "json", consumer]
    outcome = self.subrosa("export", "copy", *words, *self.review(*words), "--output", path,
                           expect=None)
    if outcome.exit == NO:
      return None
    self.assertEqual(DONE, outcome.exit, outcome)
    document = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    return {(record["source"], record["id"]): record for record in document["records"]}

  def sample(self, name, *words):
    """Makes a file of sample records in the working folder."""
    path = self.work / name
    self.run_command([SAMPLE, *map(str, words), "--output", str(path)])
    return path

  def write(self, name, content):
    path = self.work / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    path.chmod(0o600)
    return path


def counts(added=0, revised=0, unchanged=0, rejected=0):
  """The part of an ingest's summary that tests compare."""
  return {"added": added, "revised": revised, "unchanged": unchanged, "rejected": rejected}


def counts_of(summary):
  return {key: summary[key] for key in ("added", "revised", "unchanged", "rejected")}


def record(consumer="c-1", record_id="r-1", **changes):
  """A good record as a dictionary: a mood check-in."""
  return {
      "consumer": consumer,
      "id": record_id,
      "source": "ios-app",
      "collectedAt": "2026-01-02T03:04:05Z",
      "purpose": "self-reflection",
      "basis": "BASIS_CONSENT",
      "provenance": {"collection": "COLLECTION_CONSUMER"},
      "payload": {"@type": "type.googleapis.com/subrosa.v1.MoodCheckIn", "score": 5},
  } | changes


def forms(value):
  """A value as it could lie in a file: plain, wide, in hexadecimal, in base64 at any offset."""
  plain = value.encode() if isinstance(value, str) else value
  found = [plain, plain.hex().encode(), plain.hex().upper().encode()]
  if isinstance(value, str):
    found.append(value.encode("utf-16-le"))
  for shift in range(3):
    encoded = base64.b64encode(bytes(shift) + plain)
    # What depends on the neighbours of the value is left out at both ends.
    found.append(encoded[4 if shift else 0:len(encoded) // 4 * 4 - 4])
  return found


def ndjson(*records):
  return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in records)
