#!/usr/bin/env python3
"""The second verifier of certificates, over what the C++ makes, over the page's
example, and over forgeries of both."""

import pathlib
import re
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, "tests/conformance")

from certificate_check import check_certificate  # pylint: disable=wrong-import-position
from log_note import NotProven, parse_vkey  # pylint: disable=wrong-import-position

MAKER = "tests/conformance/certificate_vectors"
PAGE = pathlib.Path("docs/formats/certificate.md")
EXAMPLE = pathlib.Path("docs/formats/certificate_example.txt")


def made(*words):
    printed = subprocess.run([MAKER, *words], check=True, capture_output=True).stdout
    vkey, _, certificate = printed.partition(b"\n")
    return parse_vkey(vkey.decode()), certificate


class CertificateTest(unittest.TestCase):

    def refuse(self, data, key, account="ada"):
        with self.assertRaises(NotProven):
            check_certificate(data, [key], account)

    def test_what_the_other_implementation_makes_is_proven(self):
        for stage in ("interim", "final"):
            key, data = made(stage)

            statement, checkpoint = check_certificate(data, [key], "ada")

            self.assertEqual(stage, statement.stage)
            self.assertEqual("rosewater/audit/5c2e9a07", checkpoint.origin)
            self.assertEqual((3, 1), (statement.parties, statement.kept))
            self.refuse(data, key, "bo")

    def test_the_example_of_the_page_is_proven(self):
        page = PAGE.read_text()
        vkey = re.search(r"^    (\S+\+[0-9a-f]{8}\+\S+)$", page, re.MULTILINE)[1]
        size = int(re.search(r"statement has ([0-9,]+) bytes", page)[1].replace(",", ""))

        statement, _ = check_certificate(EXAMPLE.read_bytes(), [parse_vkey(vkey)], "ada")

        self.assertEqual(size, len(statement.text))

    def test_no_byte_can_be_changed(self):
        for stage in ("interim", "final"):
            key, data = made(stage)
            for at in range(len(data)):
                forged = bytearray(data)
                forged[at] ^= 1 << at % 7
                self.refuse(bytes(forged), key)

    def test_no_line_can_be_left_out_or_said_twice(self):
        key, data = made("final")
        lines = data.splitlines(keepends=True)
        for at in range(len(lines)):
            self.refuse(b"".join(lines[:at] + lines[at + 1:]), key)
            self.refuse(b"".join(lines[:at] + [lines[at]] + lines[at:]), key)

    def test_another_logs_key_proves_nothing(self):
        _, data = made()
        other, _ = made()

        self.refuse(data, other)

    def test_proofs_of_another_certificate_do_not_fit(self):
        key, data = made()
        _, other = made()
        heading = b"----- opening -----\n"

        self.refuse(data.partition(heading)[0] + heading + other.partition(heading)[2], key)
        self.refuse(other.partition(heading)[0] + heading + data.partition(heading)[2], key)


if __name__ == "__main__":
    unittest.main()
