#!/usr/bin/env python3
"""Writes the seeds of choice_check_fuzz into FOLDER: entries for the ledger that the door lets in,
one of each kind, which the fuzzer then spoils. Needs protoc.

usage: choice_check_seeds.py FOLDER
"""

import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
HASH = "0123456789abcdef" * 4
WHEN = "given_at { seconds: 1772704800 }"
SELF = 'consumer: "maya-7" jurisdiction: "US-WA" actor { kind: ACTOR_KIND_SELF } ' + WHEN
DOCUMENT = f"""
  data: "moods" seller {{ name: "Rosewater" contact: "1 Pine St" }}
  purchaser {{ name: "Delphi" contact: "desk@delphi.example" }}
  purpose_of_sale: "study" how_gathered: "diary" how_used: "study" says_not_conditioned: true
  says_revocable: true revocation_means: "privacy@rosewater.example" says_redisclosure: true
  signature: "Maya" signed_at {{ seconds: 1772704800 }} expires_at {{ seconds: 1804240800 }}
  document_sha256: "{HASH}" copy_given_at {{ seconds: 1772704805 }} type_size: 14
  stands_alone: true says_right_to_copy: true copy_means: "https://rosewater.example/copies"
"""
NOTICE = f"""notice {{ id: "ask-coaching" version: "3" sha256: "{HASH}" locale: "en-US"
  interface: "ios-7.2" }}"""
CHOICES = {
    "consent": f"""kind: CHOICE_KIND_CONSENT action: ACTION_SHARE purpose: "coaching"
      category: HEALTH_CATEGORY_CONDITIONS method: "button" {NOTICE} {SELF}""",
    "authorization": f"""kind: CHOICE_KIND_AUTHORIZATION action: ACTION_SELL purpose: "research"
      category: HEALTH_CATEGORY_CONDITIONS recipient: "delphi" method: "signed-form"
      expires_at {{ seconds: 1804240800 }} authorization {{ {DOCUMENT} }} {SELF}""",
    "opt_out": f"kind: CHOICE_KIND_OPT_OUT method: \"toggle\" {SELF}",
    "limit": f"kind: CHOICE_KIND_LIMIT method: \"toggle\" {SELF}",
    "signal": f"""kind: CHOICE_KIND_SIGNAL action: ACTION_SHARE action: ACTION_SELL
      method: "signal" signal {{ header: "Sec-GPC: 1" device: "b-1" }} {SELF}""",
    "refusal": f"kind: CHOICE_KIND_REFUSAL purpose: \"coaching\" method: \"button\" {SELF}",
    "withdrawal": f"kind: CHOICE_KIND_WITHDRAWAL method: \"button\" {SELF}",
}
FACTS = """facts { residence: "US-WA" place_of_collection: "US-NV" born: "2011-05-17"
  guardian: "ann-1" }"""


def encode(text):
  return subprocess.run(
      ["protoc", f"-I{ROOT / 'proto'}", "--encode=subrosa.v1.LedgerEntry",
       "subrosa/v1/consent.proto"],
      input=text.encode(), capture_output=True, check=True).stdout


def main():
  folder = pathlib.Path(sys.argv[1])
  for name, choice in CHOICES.items():
    entry = encode(f'consumer: "maya-7" choice {{ {choice} }}')
    (folder / name).write_bytes(b"\x00" + entry)
  (folder / "facts").write_bytes(b"\x01" + encode(f'consumer: "maya-7" {FACTS}'))


if __name__ == "__main__":
  main()
