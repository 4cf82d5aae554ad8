"""Every kind of tampering with a log or a receipt is refused, for its own reason,
by each verifier; and what nobody tampered with is proven.

Logs and receipts are of two makers: log_maker.py, which has the key and so can
play the dishonest keeper, and the command itself.
"""

import functools
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import log_check
import log_maker
import verifiers
from checkpoint_tampering import CHECKPOINTS
from keeper_tampering import SIGNED
from log_maker import Log, Signer, cosign, sample_consumer, sample_entries, sample_rows
from log_tampering import FILES
from receipt_tampering import ERASURES, PUTS, RECEIPTS
from tampering import InMemory, TamperedLog, TamperedReceipt, flip

SIZE = 600
ERASED, PUT_AT = 302, 299


@functools.lru_cache(maxsize=None)
def sample_log(size=SIZE):
    log = Log(sample_entries(size))
    return log, log.files()


def made_log():
    log, files = sample_log()
    return TamperedLog(files, log.signer.vkey, log)


def made_receipt(index, detail=b"", which=0):
    """A receipt of the made log for the consumer of the leaf at `index`."""
    log, _ = sample_log()
    consumer = sample_consumer(index)
    opening = consumer.opening(log_maker.sample_tag(index))
    extra = log_maker.extra(log.entries[index], which, opening, detail)
    return TamperedReceipt(log.receipt(index, extra), log.signer.vkey,
                           consumer.account, log)


def made_erasure():
    return made_receipt(ERASED, which=1)


def made_put():
    return made_receipt(PUT_AT, sample_rows(PUT_AT))


def bits_of(data):
    return ((at, bit) for at in range(len(data)) for bit in range(8))


class Verifying(unittest.TestCase):
    """Verifies things in a folder of its own, by each verifier."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def assert_proven(self, target):
        self.place(target)
        for verifier in verifiers.VERIFIERS:
            with self.subTest(type(verifier).__name__):
                code, said = self.verify(verifier, target)
                self.assertEqual(verifiers.PROVEN, code, said)

    def try_case(self, case):
        target = self.make()
        self.place(target, case.tamper(target))
        for verifier in verifiers.VERIFIERS:
            with self.subTest(type(verifier).__name__):
                verifier.check_refusal(self, case, target, self.verify(verifier, target))


class VerifyingLogs(Verifying):

    def place(self, target, _=None):
        target.write(self.folder / "log")
        if target.since is not None:
            (self.folder / "since").write_bytes(target.since)

    def verify(self, verifier, target):
        since = None if target.since is None else self.folder / "since"
        return verifier.verify_log(target, self.folder / "log", since)

    def test_untampered_it_is_proven(self):
        self.assert_proven(self.make())

    def test_cosigned_it_is_proven(self):
        target = self.make()
        target.witness = Signer(log_maker.WITNESS, 4)
        target.files["cosigned"] = cosign(target.files["checkpoint"], target.witness)
        self.assert_proven(target)

    def test_since_its_own_checkpoint_it_is_proven(self):
        target = self.make()
        target.since = target.files["checkpoint"]
        self.assert_proven(target)

    def test_since_an_earlier_checkpoint_it_is_proven(self):
        target = self.make()
        target.since = self.earlier()
        self.assert_proven(target)


class VerifyingReceipts(Verifying):

    def place(self, target, raw=None):
        (self.folder / "receipt").write_bytes(target.build() if raw is None else raw)

    def verify(self, verifier, target):
        return verifier.verify_receipt(target, self.folder / "receipt")

    def test_untampered_it_is_proven(self):
        target = self.make()
        self.assertEqual(target.raw, target.build())
        self.assert_proven(target)

    def test_cosigned_it_is_proven(self):
        target = self.make()
        target.witness = Signer(log_maker.WITNESS, 4)
        target.checkpoint = cosign(target.checkpoint, target.witness)
        self.assert_proven(target)

    def test_without_an_account_it_is_proven(self):
        target = self.make()
        target.account = None
        self.assert_proven(target)

    def test_each_turned_bit_is_refused(self):
        target = self.make()
        keys = [log_check.parse_vkey(target.vkey)]
        for at, bit in bits_of(target.raw):
            with self.assertRaises(log_check.NotProven, msg=f"byte {at}, bit {bit}"):
                log_check.check_receipt(flip(target.raw, at, bit), keys, (),
                                        target.account)


class TamperedLogIsRefused(VerifyingLogs):
    make = staticmethod(made_log)

    def earlier(self):
        return sample_log()[0].checkpoint(256)


class TamperedErasureReceiptIsRefused(VerifyingReceipts):
    make = staticmethod(made_erasure)


class TamperedPutReceiptIsRefused(VerifyingReceipts):
    make = staticmethod(made_put)


@unittest.skipUnless(verifiers.HAS_OURS, "the command is not here: run by Bazel")
class TamperedLogOfAHomeIsRefused(VerifyingLogs):
    make = staticmethod(verifiers.home_log)

    def earlier(self):
        return verifiers.home()[2]


@unittest.skipUnless(verifiers.HAS_OURS, "the command is not here: run by Bazel")
class TamperedReceiptOfAHomeIsRefused(VerifyingReceipts):
    make = staticmethod(verifiers.home_receipt)


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


def add_cases(test, cases, has_key=True):
    for case in cases:
        if case.needs_key and not has_key:
            continue
        def method(self, case=case):
            self.try_case(case)
        setattr(test, f"test_{case.name}", method)


add_cases(TamperedLogIsRefused, FILES + CHECKPOINTS + SIGNED)
add_cases(TamperedLogOfAHomeIsRefused, FILES + CHECKPOINTS + SIGNED, has_key=False)
add_cases(TamperedErasureReceiptIsRefused, RECEIPTS + ERASURES)
add_cases(TamperedReceiptOfAHomeIsRefused, RECEIPTS + ERASURES, has_key=False)
add_cases(TamperedPutReceiptIsRefused, RECEIPTS + PUTS)
del Verifying, VerifyingLogs, VerifyingReceipts  # They are nothing by themselves.


if __name__ == "__main__":
    unittest.main()
