"""Every kind of tampering with a log or a receipt is refused, for its own reason,
and what nobody tampered with is proven.
"""

import contextlib
import functools
import io
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import log_check
import log_maker
from checkpoint_tampering import CHECKPOINTS
from keeper_tampering import SIGNED
from log_maker import Log, Signer, cosign, sample_consumer, sample_entries, sample_rows
from log_tampering import FILES
from receipt_tampering import ERASURES, PUTS, RECEIPTS
from tampering import InMemory, TamperedLog, TamperedReceipt, flip

SIZE = 600
ERASED, PUT_AT = 300, 297


def second_verifier(*arguments):
    """(exit code, what it says) of log_check.py."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        code = log_check.main([str(word) for word in arguments])
    return code, said.getvalue()


@functools.lru_cache(maxsize=None)
def sample_log(size=SIZE):
    log = Log(sample_entries(size))
    return log, log.files()


def made_log(size=SIZE):
    log, files = sample_log(size)
    return TamperedLog(files, log.signer.vkey, log)


def made_receipt(index, whose, detail=b"", which=0):
    """A receipt of the made log for the consumer `whose`."""
    log, _ = sample_log()
    consumer = sample_consumer(whose)
    opening = consumer.opening(log_maker.sample_tag(index))
    extra = log_maker.extra(log.entries[index], which, opening, detail)
    return TamperedReceipt(log.receipt(index, extra), log.signer.vkey,
                           consumer.account, log)


def made_erasure():
    return made_receipt(ERASED, ERASED, which=1)


def made_put():
    return made_receipt(PUT_AT, PUT_AT, sample_rows(PUT_AT))


def bits_of(data):
    return ((at, bit) for at in range(len(data)) for bit in range(8))


class Refusals(unittest.TestCase):
    """Verifies things in a folder of its own."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def flags(self, target):
        flags = ["--key", target.vkey]
        if target.witness:
            flags += ["--witness", target.witness.vkey]
        return flags

    def verify_log(self, target):
        target.write(self.folder / "log")
        flags = self.flags(target)
        if target.since is not None:
            (self.folder / "since").write_bytes(target.since)
            flags += ["--since", self.folder / "since"]
        return second_verifier(*flags, self.folder / "log")

    def verify_receipt(self, target, raw=None):
        path = self.folder / "receipt.tlog-proof"
        path.write_bytes(target.build() if raw is None else raw)
        flags = self.flags(target)
        if target.account is not None:
            flags += ["--account", target.account]
        return second_verifier(*flags, "--receipt", path)

    def assert_proven(self, outcome):
        code, said = outcome
        self.assertEqual(log_check.PROVEN, code, said)
        self.assertRegex(said, r"(?m)\Aproven: .*\n\Z")

    def assert_refused(self, outcome, reason):
        code, said = outcome
        self.assertEqual(log_check.NOT_PROVEN, code, said)
        self.assertTrue(said.startswith(f"not proven: {reason}"),
                        f"want the reason {reason}, got {said}")
        self.assertEqual(1, said.count("\n"), said)


class TamperedLogIsRefused(Refusals):
    make = staticmethod(made_log)

    def try_case(self, case):
        target = self.make()
        if why := target.lacks(case.needs):
            self.skipTest(why)
        case.tamper(target)
        self.assert_refused(self.verify_log(target), case.reason(target))

    def test_untampered_it_is_proven(self):
        self.assert_proven(self.verify_log(self.make()))

    def test_cosigned_it_is_proven(self):
        target = self.make()
        target.witness = Signer(log_maker.WITNESS, 4)
        target.files["cosigned"] = cosign(target.files["checkpoint"], target.witness)
        self.assert_proven(self.verify_log(target))

    def test_since_its_own_checkpoint_it_is_proven(self):
        target = self.make()
        target.since = target.files["checkpoint"]
        self.assert_proven(self.verify_log(target))


class ReceiptRefusals(Refusals):

    def try_case(self, case):
        target = self.make()
        if why := target.lacks(case.needs):
            self.skipTest(why)
        raw = case.tamper(target)
        self.assert_refused(self.verify_receipt(target, raw), case.reason(target))

    def test_untampered_it_is_proven(self):
        target = self.make()
        self.assertEqual(target.raw, target.build())
        self.assert_proven(self.verify_receipt(target))

    def test_cosigned_it_is_proven(self):
        target = self.make()
        target.witness = Signer(log_maker.WITNESS, 4)
        target.checkpoint = cosign(target.checkpoint, target.witness)
        self.assert_proven(self.verify_receipt(target))

    def test_without_an_account_it_is_proven(self):
        target = self.make()
        target.account = None
        self.assert_proven(self.verify_receipt(target))

    def test_each_turned_bit_is_refused(self):
        target = self.make()
        keys = [log_check.parse_vkey(target.vkey)]
        for at, bit in bits_of(target.raw):
            with self.assertRaises(log_check.NotProven, msg=f"byte {at}, bit {bit}"):
                log_check.check_receipt(flip(target.raw, at, bit), keys, (),
                                        target.account)


class TurnedBitIsRefused(unittest.TestCase):

    def test_in_each_file_of_a_small_log(self):
        log, files = sample_log(4)
        files = files | {"cosigned": log.checkpoint(3)} | log.tiles(3)
        keys = [log_check.parse_vkey(log.signer.vkey)]
        log_check.check_log(InMemory(files), keys)
        for path, data in files.items():
            for at, bit in bits_of(data):
                turned = InMemory(files | {path: flip(data, at, bit)})
                with self.assertRaises(log_check.NotProven,
                                       msg=f"{path}, byte {at}, bit {bit}"):
                    log_check.check_log(turned, keys)


class TamperedErasureReceiptIsRefused(ReceiptRefusals):
    make = staticmethod(made_erasure)


class TamperedPutReceiptIsRefused(ReceiptRefusals):
    make = staticmethod(made_put)


def add_cases(test, cases):
    for case in cases:
        def method(self, case=case):
            self.try_case(case)
        setattr(test, f"test_{case.name}", method)


add_cases(TamperedLogIsRefused, FILES + CHECKPOINTS + SIGNED)
add_cases(TamperedErasureReceiptIsRefused, RECEIPTS + ERASURES)
add_cases(TamperedPutReceiptIsRefused, RECEIPTS + PUTS)


del Refusals, ReceiptRefusals  # They have nothing to run by themselves.


if __name__ == "__main__":
    unittest.main()
