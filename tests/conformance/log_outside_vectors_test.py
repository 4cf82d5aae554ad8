"""The second verifier's tree against the proof checks of transparency-dev/merkle,
from $SUBROSA_DATA, by default ../shared/data seen from the checkout.
"""

import base64
import json
import os
import pathlib
import sys
import unittest

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
from log_tree import is_consistent, root_of_inclusion

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PROBES = pathlib.Path(os.environ.get("SUBROSA_DATA") or CHECKOUT / "../shared/data",
                      "crypto/merkle")


def decode(text):
    return base64.b64decode(text or "")


@unittest.skipUnless(PROBES.is_dir(), f"no outside data at {PROBES}")
class LogOutsideVectorsTest(unittest.TestCase):

    def check(self, kind, is_proven):
        paths = sorted((PROBES / kind).rglob("*.json"))
        self.assertTrue(paths)
        for path in paths:
            probe = json.loads(path.read_text(encoding="utf-8"))
            probe["proof"] = [decode(text) for text in probe["proof"] or []]
            with self.subTest(path.relative_to(PROBES).as_posix()):
                self.assertEqual(not probe["wantErr"], is_proven(probe))

    def test_inclusion_is_proven_where_others_say_so(self):
        def is_included(probe):
            leaf, root = decode(probe["leafHash"]), decode(probe["root"])
            # No hash of ours is empty; theirs may be.
            return bool(leaf and root) and root == root_of_inclusion(
                probe["leafIdx"], probe["treeSize"], leaf, probe["proof"])

        self.check("inclusion", is_included)

    def test_consistency_is_proven_where_others_say_so(self):
        def is_grown(probe):
            roots = decode(probe["root1"]), decode(probe["root2"])
            return all(roots) and is_consistent(probe["size1"], probe["size2"], *roots,
                                                probe["proof"])

        self.check("consistency", is_grown)


if __name__ == "__main__":
    unittest.main()
