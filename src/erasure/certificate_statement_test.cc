#include "src/erasure/certificate_statement.h"

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/erasure/certificate_check.h"
#include "src/erasure/scratch_certificate.h"

namespace subrosa {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CertificateStatementTest, WhatIsWrittenReadsAsTheSame) {
  ScratchCertificate scratch;
  for (int round = 0; round < 2; ++round) {
    const std::string text = scratch.Statement();

    const auto read = ReadStatement(text);

    ASSERT_TRUE(read.ok()) << read.status();
    EXPECT_EQ(read->SerializeAsString(),
              scratch.certificate().SerializeAsString());
    scratch.MakeFinal();
  }
}

TEST(CertificateStatementTest, APersonCanReadWhoWasToldAndWhatWasKept) {
  ScratchCertificate scratch;

  const std::string text = scratch.Statement();

  EXPECT_THAT(text, HasSubstr("Erased: 2026-11-26, leaf "));
  EXPECT_THAT(text, HasSubstr("Backups: closed from 2027-01-03\n"));
  EXPECT_THAT(text, HasSubstr("Recipient: coach-circle, told 2026-11-26, "
                              "done 2026-11-27\n"));
  EXPECT_THAT(text, HasSubstr("Recipient: sleep-lab, told 2026-11-26, "
                              "no answer, due 2026-12-26\n"));
  EXPECT_THAT(text, HasSubstr("Kept: authorization, until 2032-05-18, "
                              "wa-mhmda/authorization-keeping, "
                              "RCW 19.373.070(5)\n"));
  EXPECT_THAT(text, HasSubstr("This certificate is interim."));
}

TEST(CertificateStatementTest, AFinalOneNoLongerSaysThatBackupsMayOpen) {
  ScratchCertificate scratch;
  scratch.MakeFinal();

  EXPECT_THAT(scratch.Statement(), Not(HasSubstr("interim")));
}

TEST(CertificateStatementTest, EveryStateOfARecipientCanBeWrittenAndRead) {
  for (int state = v1::PARTY_STATE_DONE; state <= v1::PARTY_STATE_UNTOLD;
       ++state) {
    ScratchCertificate scratch;
    v1::CertificateParty& party = *scratch.certificate().mutable_party(0);
    party.set_state(static_cast<v1::PartyState>(state));
    const bool is_told = state != v1::PARTY_STATE_UNTOLD;
    const bool is_open =
        state >= v1::PARTY_STATE_SILENT || state == v1::PARTY_STATE_ACCEPTED;
    const bool is_answered = state <= v1::PARTY_STATE_REFUSED;
    party.set_told_day(is_told ? 20'783 : 0);
    party.set_answered_day(is_answered ? 20'784 : 0);
    party.set_due_day(is_open ? 20'800 : 0);

    const auto read = ReadStatement(scratch.Statement());

    ASSERT_TRUE(read.ok()) << state << ": " << read.status();
    EXPECT_EQ(read->party(0).SerializeAsString(), party.SerializeAsString());
  }
}

TEST(CertificateStatementTest, AnotherSpellingOfTheSameIsRefused) {
  ScratchCertificate scratch;
  const std::string text = scratch.Statement();
  for (const auto& [from, to] :
       {std::pair<std::string, std::string>{"Issue: 1,", "Issue: 01,"},
        {"Entity: rosewater", "Entity:  rosewater"},
        {"2026-11-26", "2026-11-26 "},
        {"Erased: 2026-11-26", "Erased: 2026-11-31"},
        {"What this proves", "What this shows"},
        {"Assurance: C", "Assurance: c"},
        {"Assurance: C", "Assurance: D"},
        {"interim", "final"},
        {"Epochs: 3 4", "Epochs: 4 3"},
        {"Epochs: 3 4", "Epochs:"},
        {"Store: mailing", "Shop: mailing"},
        {", no answer", ", answered"},
        {"\n", "\r\n"},
        {"Log: ", "Log: \x01"},
        {"leaf ", "leaf g"}}) {
    const std::string other = absl::StrReplaceAll(text, {{from, to}});
    ASSERT_NE(other, text) << from;

    EXPECT_TRUE(absl::IsInvalidArgument(ReadStatement(other).status())) << to;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(ReadStatement("").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(ReadStatement(text + "\n").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadStatement(text.substr(0, text.size() - 1)).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      ReadStatement(std::string(kMaxStatementBytes + 1, 'x')).status()));
}

TEST(CertificateStatementTest, WhatCannotBeSaidIsNotWritten) {
  using Change = std::function<void(v1::ErasureCertificate*)>;
  const Change changes[] = {
      [](auto* c) { c->set_id("short"); },
      [](auto* c) { c->set_issue(0); },
      [](auto* c) { c->set_stage(v1::CERTIFICATE_STAGE_UNSPECIFIED); },
      [](auto* c) { c->clear_assurance(); },
      [](auto* c) { c->set_entity("Rose water"); },
      [](auto* c) { c->set_log("a\nb"); },
      [](auto* c) { c->set_erased_day(0); },
      [](auto* c) { c->set_erased_day(kMaxCertificateDay + 1); },
      [](auto* c) { c->set_erased_tag(""); },
      [](auto* c) { c->set_requested_tag(""); },
      [](auto* c) { c->set_requested_day(0); },
      [](auto* c) { c->clear_epoch(); },
      [](auto* c) { c->add_epoch(4); },
      [](auto* c) { c->mutable_party(0)->set_id(""); },
      [](auto* c) { c->mutable_party(0)->clear_kind(); },
      [](auto* c) { c->mutable_party(0)->clear_state(); },
      [](auto* c) { c->mutable_party(0)->set_due_day(1); },
      [](auto* c) { c->mutable_party(0)->set_answered_day(0); },
      [](auto* c) { c->mutable_party(1)->set_due_day(0); },
      [](auto* c) { c->mutable_party(1)->set_told_day(0); },
      [](auto* c) { c->mutable_kept(0)->set_rule("no-pack"); },
      [](auto* c) { c->mutable_kept(0)->set_citation("\xc2\xa7 1"); },
      [](auto* c) { c->mutable_kept(0)->set_what(""); },
      [](auto* c) { c->mutable_limit(0)->set_day(0); },
      [](auto* c) {
        c->mutable_limit(0)->set_citation(
            std::string(kMaxCitationBytes + 1, 'x'));
      },
      [](auto* c) {
        c->set_stage(v1::CERTIFICATE_STAGE_FINAL);
        c->set_backups_day(0);
      },
      [](auto* c) {
        while (c->party_size() <= kMaxCertificateParties) {
          *c->add_party() = c->party(0);
        }
      },
  };
  for (size_t i = 0; i < std::size(changes); ++i) {
    ScratchCertificate scratch;
    changes[i](&scratch.certificate());

    EXPECT_TRUE(
        absl::IsInvalidArgument(WriteStatement(scratch.certificate()).status()))
        << i;
  }
}

}  // namespace
}  // namespace subrosa
