#!/usr/bin/env python3
"""What a kill at any moment leaves of a grant: never a file that the ledger does not know of."""

import datetime
import json
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/end_to_end")
sys.path.insert(0, "tests/faults")
from installation import ndjson, record  # pylint: disable=wrong-import-position
from killing import KillingTest, announce  # pylint: disable=wrong-import-position

CHECKED = str(datetime.date.today() - datetime.timedelta(days=10))

POLICY = """
entity: "rosewater" name: "Rosewater" contact_email: "privacy@rosewater.example"
pack: "wa-mhmda" residence_unless_known: "US-WA"
purpose {
  id: "coaching" title: "Coaching that you booked"
  action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
  category: HEALTH_CATEGORY_CONDITIONS
  need: NEED_SERVICE need_reason: "the session that the consumer books"
}
"""


class ShareKillTest(KillingTest):

  def init(self, policy=None):
    policy = self.write("policy.textproto", POLICY)  # Its own, which lets it share.
    self.subrosa("init", "--entity", "rosewater", "--policy", policy,
                 "--key-derivation", "interactive")
    identity = self.folder / "identity"
    subprocess.run(["age-keygen", "-o", identity], check=True, capture_output=True)
    key = re.search(r"age1\w+", identity.read_text(encoding="utf-8"))[0]
    self.subrosa("recipient", "add", "-", stdin=json.dumps({"recipient": [{
        "id": "sister", "name": "Sister", "role": "RECIPIENT_ROLE_AFFILIATE",
        "contact": {"email": "privacy@sister.example", "checkedOn": CHECKED},
        "purpose": ["coaching"], "categoryAllowed": ["HEALTH_CATEGORY_CONDITIONS"],
        "location": ["IE"], "ageRecipient": key}]}))
    self.ingest(self.write("records.ndjson", ndjson(
        *(record("ada", f"r-{number}", purpose="coaching", basis="BASIS_NECESSARY")
          for number in range(50)))))

  def test_there_is_never_a_file_without_its_entry(self):
    path = self.work / "given.age"
    words = ["share", "grant", "ada", "--recipient", "sister", "--purpose", "coaching",
             "--output", path]
    self.measure(*words)
    seen = set()

    def one_round():
      path.unlink(missing_ok=True)
      self.restore(self.template)
      moment, code = self.kill(*words)

      self.assert_parts_agree(moment)
      entries = self.subrosa("share", "list", "ada", "--format", "json").json()["recipients"]
      self.assertLessEqual(len(entries), 1, moment)
      seen.add((path.exists(), bool(entries)))
      self.assertFalse(path.exists() and not entries, moment)
      self.assert_log_sound(moment)
      return code

    self.rounds(0.4, one_round)
    print(f"file and entry: {sorted(seen)}")


if __name__ == "__main__":
  announce()
  unittest.main(verbosity=2)
