#include "src/erasure/certificate_file.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"
#include "src/erasure/certificate_statement.h"
#include "src/erasure/scratch_certificate.h"

namespace subrosa {
namespace {

// Where leaves stand in the scratch log.
constexpr size_t kRequested = 1;
constexpr size_t kErased = 4;
constexpr size_t kSecondRetired = 9;

absl::Status Verify(const std::string& file, ScratchCertificate& scratch) {
  return VerifyCertificate(file, scratch.keys(), {}).status();
}

TEST(CertificateFileTest, ACertificateIsProvenWithTheLogsPublicKeyAlone) {
  ScratchCertificate scratch;

  const auto verified = VerifyCertificate(scratch.File(), scratch.keys(), {});

  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->statement, scratch.Statement());
  EXPECT_EQ(verified->certificate.stage(), v1::CERTIFICATE_STAGE_INTERIM);
  EXPECT_EQ(verified->erased_index, kErased);
  EXPECT_TRUE(IsCertificate(scratch.File()));
}

TEST(CertificateFileTest, AFinalCertificateProvesThatItsEpochsAreDestroyed) {
  ScratchCertificate scratch;
  scratch.MakeFinal();

  const auto verified = VerifyCertificate(scratch.File(), scratch.keys(), {});

  ASSERT_TRUE(verified.ok()) << verified.status();
  EXPECT_EQ(verified->certificate.stage(), v1::CERTIFICATE_STAGE_FINAL);
}

TEST(CertificateFileTest, AnErasureThatNobodyAskedForSaysSo) {
  ScratchCertificate scratch;
  scratch.certificate().clear_requested_day();
  scratch.certificate().clear_requested_tag();

  EXPECT_TRUE(Verify(scratch.File(), scratch).ok());
}

TEST(CertificateFileTest, WhoKnowsTheAccountIdCanCheckWhomItIsAbout) {
  ScratchCertificate scratch;
  const auto verified = VerifyCertificate(scratch.File(), scratch.keys(), {});
  ASSERT_TRUE(verified.ok());

  EXPECT_TRUE(CheckCertificateConsumer(*verified, "ada").ok());
  EXPECT_TRUE(
      absl::IsPermissionDenied(CheckCertificateConsumer(*verified, "bo")));
}

// Flips a bit of each byte in turn. What stands in the opening to the consumer
// shows with the account id.
TEST(CertificateFileTest, NoByteOfACertificateCanBeChanged) {
  ScratchCertificate scratch;
  for (int round = 0; round < 2; ++round) {
    std::string file = scratch.File();
    for (char& byte : file) {
      const char before = byte;
      byte = static_cast<char>(byte ^ (1 << (&byte - file.data()) % 7));
      const auto verified = VerifyCertificate(file, scratch.keys(), {});
      if (verified.ok()) {
        EXPECT_TRUE(absl::IsPermissionDenied(
            CheckCertificateConsumer(*verified, "ada")))
            << "byte " << &byte - file.data();
      }
      byte = before;
    }
    scratch.MakeFinal();
  }
}

TEST(CertificateFileTest, EachChangedWordOfTheStatementIsRefused) {
  ScratchCertificate scratch;
  const std::string file = scratch.File();
  // Each of these is a good statement, but not the log's.
  for (const auto& [from, to] :
       {std::pair<absl::string_view, absl::string_view>{"Entity: rosewater",
                                                        "Entity: rosewood"},
        {"Issue: 1, ", "Issue: 2, "},
        {"Issued: 2026-11-27", "Issued: 2026-11-28"},
        {"Requested: 2026-11-21", "Requested: 2026-11-20"},
        {"Erased: 2026-11-26", "Erased: 2026-11-25"},
        {"Epochs: 3 4", "Epochs: 3"},
        {"Assurance: C", "Assurance: A"},
        {"closed from 2027-01-03", "closed from 2026-12-03"},
        {"Limit: 2027", "Limit: 2028"},
        {"no answer, due 2026-12-26", "done 2026-12-26"},
        {"Recipient: sleep-lab", "Recipient: sleep-lad"},
        {"Store: mailing-list, told 2026-11-26, done 2026-11-27\n", ""},
        {"until 2032", "until 2031"},
        {"RCW 19.373.070(5)", "RCW 19.373.070(6)"}}) {
    const std::string other = absl::StrReplaceAll(file, {{from, to}});
    ASSERT_NE(other, file) << from;

    EXPECT_FALSE(Verify(other, scratch).ok()) << to;
  }
}

TEST(CertificateFileTest, AnotherLogsSignatureIsNoProof) {
  ScratchCertificate scratch;
  ScratchCertificate other;

  EXPECT_FALSE(Verify(scratch.File(), other).ok());
  EXPECT_TRUE(absl::IsPermissionDenied(
      VerifyCertificate(scratch.File(), {}, {}).status()));
}

TEST(CertificateFileTest, ProofsOfAnotherCertificateDoNotFit) {
  ScratchCertificate scratch;
  const CertificateProofs proofs = scratch.Proofs();
  const auto verify = [&](const CertificateProofs& changed) {
    return Verify(SerializeCertificate(scratch.certificate(), changed).value(),
                  scratch);
  };
  ASSERT_TRUE(verify(proofs).ok());

  CertificateProofs changed = proofs;
  changed.erased = proofs.requested;
  EXPECT_TRUE(absl::IsInvalidArgument(verify(changed)));
  changed = proofs;
  changed.requested = proofs.retired[0];
  EXPECT_TRUE(absl::IsInvalidArgument(verify(changed)));
  changed = proofs;
  changed.statement = proofs.erased;
  EXPECT_TRUE(absl::IsInvalidArgument(verify(changed)));
  changed = proofs;
  changed.opening[0] ^= 1;
  EXPECT_TRUE(absl::IsPermissionDenied(verify(changed)));
  changed = proofs;
  changed.erased.checkpoint += "— other.example AAAAAAAA\n";
  EXPECT_TRUE(absl::IsInvalidArgument(verify(changed)));
  changed = proofs;
  changed.erased = ScratchCertificate().Proofs().erased;
  EXPECT_TRUE(absl::IsInvalidArgument(verify(changed)));
}

TEST(CertificateFileTest, AFinalCertificateWithAnEpochsProofMissingIsRefused) {
  ScratchCertificate scratch;
  scratch.MakeFinal();
  CertificateProofs proofs = scratch.Proofs();
  proofs.retired[1] = proofs.retired[0];

  EXPECT_TRUE(absl::IsInvalidArgument(Verify(
      SerializeCertificate(scratch.certificate(), proofs).value(), scratch)));
}

// The log itself says these, and the statement does not fit them.
TEST(CertificateFileTest, LeavesThatSaySomethingElseAreRefused) {
  struct Case {
    size_t place;
    void (*change)(Leaf*);
  };
  const Case cases[] = {
      {kErased, [](Leaf* leaf) { leaf->day += 1; }},
      {kErased, [](Leaf* leaf) { leaf->tag[0] ^= 1; }},
      {kErased, [](Leaf* leaf) { leaf->outcome = LeafOutcome::kDenied; }},
      {kRequested, [](Leaf* leaf) { leaf->numbers[0] = 4; }},
      {kRequested, [](Leaf* leaf) { leaf->numbers[1] = 5; }},
      {kRequested, [](Leaf* leaf) { leaf->tag[0] ^= 1; }},
      {kSecondRetired, [](Leaf* leaf) { leaf->numbers[0] = 5; }},
      {kSecondRetired, [](Leaf* leaf) { leaf->numbers[1] = 4; }},
      {kSecondRetired, [](Leaf* leaf) { leaf->day += 1; }},
  };
  for (size_t i = 0; i < std::size(cases); ++i) {
    ScratchCertificate scratch;
    scratch.MakeFinal();
    cases[i].change(&scratch.leaves()[cases[i].place]);

    EXPECT_TRUE(absl::IsInvalidArgument(Verify(scratch.File(), scratch))) << i;
  }
}

TEST(CertificateFileTest, LeavesInAnotherOrderAreRefused) {
  for (const auto& [first, second] :
       {std::pair<size_t, size_t>{kRequested, kErased},
        {kErased, kSecondRetired}}) {
    ScratchCertificate scratch;
    scratch.MakeFinal();
    CertificateProofs proofs = scratch.Proofs();
    std::swap(scratch.leaves()[first], scratch.leaves()[second]);
    CertificateProofs swapped = scratch.Proofs();
    // The proofs of the leaves where they stand now.
    if (first == kRequested) {
      std::swap(swapped.requested, swapped.erased);
    } else {
      std::swap(swapped.erased, swapped.retired[1]);
    }

    EXPECT_FALSE(
        Verify(SerializeCertificate(scratch.certificate(), swapped).value(),
               scratch)
            .ok());
  }
}

TEST(CertificateFileTest, WhatIsNoCertificateIsRefused) {
  ScratchCertificate scratch;
  const std::string file = scratch.File();

  EXPECT_TRUE(absl::IsInvalidArgument(Verify("", scratch)));
  EXPECT_TRUE(absl::IsInvalidArgument(Verify(scratch.Statement(), scratch)));
  EXPECT_TRUE(absl::IsInvalidArgument(Verify(file + "\n", scratch)));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Verify(file.substr(0, file.size() - 1), scratch)));
  EXPECT_TRUE(absl::IsInvalidArgument(
      Verify(std::string(kMaxCertificateBytes + 1, ' '), scratch)));
  EXPECT_FALSE(IsCertificate("c2sp.org/tlog-proof@v1\n"));
}

}  // namespace
}  // namespace subrosa
