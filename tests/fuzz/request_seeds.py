#!/usr/bin/env python3
"""Writes the seeds of request_fuzz into FOLDER: requests with steps that follow on each other, and
letters of our own, which the fuzzer then spoils. Needs protoc.

usage: request_seeds.py FOLDER
"""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEAD = """consumer: "c-1" residence: "US-%s" channel: REQUEST_CHANNEL_FORM
  requester { kind: REQUESTER_KIND_SELF contact: "rosa@mail.example" }
  received_at { seconds: 1790000000 }"""
STEP = "event { kind: REQUEST_EVENT_KIND_%s by: REQUEST_ACTOR_%s at { seconds: %d } %s }"


def steps(*given):
  """(name, actor, more) as steps an hour apart."""
  return " ".join(STEP % (name, actor, 1790000000 + 3600 * i, more)
                  for i, (name, actor, more) in enumerate(given))


RECEIVED = ("RECEIVED", "REQUESTER", "")
LOG_IN = ("AUTHENTICATED", "OFFICER", "authentication { account_login: true }")
SENT = ("PART_SENT", "SERVICE", 'part: "records" part_kind: REQUEST_PART_KIND_STORE')
REQUESTS = {
    "new": "kind: REQUEST_KIND_ACCESS from_day: \"2022-01-01\" " + HEAD % "WA",
    "deletion": "kind: REQUEST_KIND_DELETE " + HEAD % "NV" + steps(
        RECEIVED, ("ACKNOWLEDGED", "OFFICER", ""), LOG_IN, SENT,
        ("PART_OVERDUE", "SERVICE", 'part: "records"'),
        ("PART_DONE", "SERVICE", 'part: "records"'), ("COMPLETED", "OFFICER", ""),
        ("CLOSED", "OFFICER", "")),
    "appeal": "kind: REQUEST_KIND_ACCESS " + HEAD % "WA" + steps(
        RECEIVED, ("DENIED", "OFFICER",
                   'denial: DENIAL_REASON_NOT_AUTHENTICATED reason: "as told"'),
        ("APPEALED", "REQUESTER", ""), ("APPEAL_GRANTED", "OFFICER", 'reason: "as told"'),
        LOG_IN, ("EXTENDED", "OFFICER", 'reason: "as told"')),
    "opt_out": "kind: REQUEST_KIND_OPT_OUT without_authentication: true " + HEAD % "CA" + steps(
        RECEIVED, SENT, ("PART_REFUSED", "SERVICE", 'part: "records"'),
        ("DENIED", "OFFICER", 'denial: DENIAL_REASON_REFUSED_BY_ALL reason: "as told"')),
    "agent": """kind: REQUEST_KIND_KNOW residence: "US-CA" channel: REQUEST_CHANNEL_WIRE
      place_of_collection: "US-WA" received_at { seconds: 1790000000 }
      requester { kind: REQUESTER_KIND_AGENT permission: "p-1" }""",
}


def encode(text):
  return subprocess.run(
      ["protoc", f"-I{ROOT / 'proto'}", "--encode=subrosa.v1.Request",
       "subrosa/v1/request.proto"],
      input=text.encode(), capture_output=True, check=True).stdout


def main():
  folder = pathlib.Path(sys.argv[1])
  folder.mkdir(parents=True, exist_ok=True)
  for name, text in REQUESTS.items():
    (folder / name).write_bytes(b"\x00" + encode(text))
  letters = ROOT / "src/request/letters"
  for path in ("deny.txt", "appeal.txt", "regulators.tsv"):
    (folder / path.replace(".", "_")).write_bytes(b"\x01" + (letters / path).read_bytes())


if __name__ == "__main__":
  main()
