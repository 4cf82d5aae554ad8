#include "src/disclosure/key_grant.h"

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "nlohmann/json.hpp"
#include "src/base/file.h"
#include "src/crypto/age_file.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/sha256.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/ingest/message_types.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/vault/scratch_vault.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

v1::HealthRecord RecordWith(const google::protobuf::Message& payload,
                            const std::string& id) {
  v1::HealthRecord record;
  record.set_consumer("ada");
  record.set_id(id);
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.set_consent_ref("canary-consent00");
  record.mutable_origin()->set_system("ndjson");
  record.mutable_origin()->set_id("canary-origin");
  record.mutable_origin()->set_raw_digest("canary-digest");
  record.mutable_collected_at()->set_seconds(1782000000);
  record.mutable_payload()->PackFrom(payload);
  return record;
}

v1::HealthRecord MoodOf(const std::string& id) {
  v1::MoodCheckIn mood;
  mood.set_score(3);
  mood.set_note("tired");
  return RecordWith(mood, id);
}

class KeyGrantTest : public testing::Test {
 protected:
  KeyGrantTest()
      : ledger_(std::move(
                    DisclosureLedger::Open(scratch_.vault(), scratch_.clock()))
                    .value()),
        identity_(X25519Identity::Generate().value()),
        path_(scratch_.PathOf("records") + ".grant") {
    scratch_.Put({"ada", "luz"}, "r-1", "a note");
    terms_.consumer = "ada";
    terms_.recipient.set_id("coach");
    terms_.recipient.set_name("Coach, Inc.");
    terms_.recipient.mutable_contact()->set_email("privacy@coach.example");
    terms_.recipient.set_age_recipient(identity_.recipient().ToString());
    terms_.purpose = "coaching";
    terms_.categories = {v1::HEALTH_CATEGORY_CONDITIONS};
    terms_.rules = {"wa-mhmda/share"};
    terms_.period = "2026";
  }

  absl::StatusOr<GrantSummary> Grant(
      const std::vector<v1::HealthRecord>& records) {
    return WriteKeyGrant(
        scratch_.vault(), *ledger_, *MessageTypes::Linked(), scratch_.clock(),
        terms_,
        [&](GiveRecord give) -> absl::Status {
          for (const v1::HealthRecord& record : records) {
            const absl::Status status = give(record);
            if (!status.ok()) return status;
          }
          return absl::OkStatus();
        },
        path_);
  }
  // What the recipient reads.
  std::string Open() {
    const std::string plain = path_ + ".plain";
    unlink(plain.c_str());
    const absl::Status opened = AgeDecryptFile(path_, {&identity_}, {}, plain);
    EXPECT_TRUE(opened.ok()) << opened;
    return ReadFile(plain, 1 << 24).value();
  }
  bool IsFile() const { return access(path_.c_str(), F_OK) == 0; }
  int64_t Entries() {
    return scratch_.Number("records", "SELECT count(*) FROM disclosure");
  }

  ScratchVault scratch_;
  std::unique_ptr<DisclosureLedger> ledger_;
  X25519Identity identity_;
  GrantTerms terms_;
  const std::string path_;
};

TEST_F(KeyGrantTest, TheRecipientOpensWhatTheLedgerSaysItWasGiven) {
  const auto summary = Grant({MoodOf("r-1"), MoodOf("r-2")});

  ASSERT_TRUE(summary.ok()) << summary.status();
  EXPECT_EQ(2, summary->records);
  EXPECT_EQ(1u, summary->number);
  const std::string plain = Open();
  const auto digest = Sha256().Digest({plain});
  EXPECT_EQ(std::string(digest.begin(), digest.end()), summary->content_sha256);
  ASSERT_TRUE(ledger_
                  ->Visit("ada",
                          [&](uint64_t, const v1::Disclosure& entry) {
                            EXPECT_EQ(v1::DISCLOSURE_KIND_GRANT, entry.kind());
                            EXPECT_EQ(summary->content_sha256,
                                      entry.content_sha256());
                            EXPECT_EQ(2, entry.records());
                            EXPECT_EQ(summary->pseudonym, entry.pseudonym());
                            EXPECT_EQ("privacy@coach.example",
                                      entry.recipient_contact());
                            return absl::OkStatus();
                          })
                  .ok());
  struct stat file;
  ASSERT_EQ(0, stat(path_.c_str(), &file));
  EXPECT_EQ(0600u, file.st_mode & 0777);
}

TEST_F(KeyGrantTest, ARecordNamesItsConsumerAsTheRecipientKnowsThem) {
  const auto summary = Grant({MoodOf("canary-id"), MoodOf("other")});
  ASSERT_TRUE(summary.ok()) << summary.status();

  const std::string plain = Open();
  EXPECT_FALSE(absl::StrContains(plain, "canary"));
  EXPECT_FALSE(absl::StrContains(plain, "ada"));
  std::set<std::string> ids;
  for (const absl::string_view line :
       absl::StrSplit(plain, '\n', absl::SkipEmpty())) {
    const auto json = nlohmann::json::parse(line);
    EXPECT_EQ(summary->pseudonym, json["consumer"]);
    EXPECT_EQ("tired", json["payload"]["note"]);
    EXPECT_EQ("type.googleapis.com/subrosa.v1.MoodCheckIn",
              json["payload"]["@type"]);
    EXPECT_EQ("ndjson", json["origin"]["system"]);
    EXPECT_TRUE(ids.insert(json["id"]).second);
  }
  EXPECT_EQ(2u, ids.size());
}

TEST_F(KeyGrantTest, APayloadOfAServicesOwnSaysNoIdsEither) {
  acme::v1::CheckIn check_in;
  check_in.set_account_id("canary-account");
  check_in.set_entry_id("canary-entry");

  const auto summary = Grant({RecordWith(check_in, "r-1")});

  ASSERT_TRUE(summary.ok()) << summary.status();
  const std::string plain = Open();
  EXPECT_FALSE(absl::StrContains(plain, "canary"));
  const auto json = nlohmann::json::parse(plain);
  EXPECT_EQ(summary->pseudonym, json["payload"]["accountId"]);
  EXPECT_EQ(32u, json["payload"]["entryId"].get<std::string>().size());
}

TEST_F(KeyGrantTest, NamesAreTheSameInAPeriodAndDifferInTheNext) {
  ASSERT_TRUE(Grant({MoodOf("r-1")}).ok());
  const auto first = nlohmann::json::parse(Open());
  unlink(path_.c_str());
  ASSERT_TRUE(Grant({MoodOf("r-1")}).ok());
  EXPECT_EQ(first, nlohmann::json::parse(Open()));

  unlink(path_.c_str());
  terms_.period = "2027";
  ASSERT_TRUE(Grant({MoodOf("r-1")}).ok());
  const auto later = nlohmann::json::parse(Open());
  EXPECT_NE(first["consumer"], later["consumer"]);
  EXPECT_NE(first["id"], later["id"]);
}

TEST_F(KeyGrantTest, AnotherRecipientCannotOpenIt) {
  ASSERT_TRUE(Grant({MoodOf("r-1")}).ok());
  const X25519Identity other = X25519Identity::Generate().value();

  EXPECT_FALSE(AgeDecryptFile(path_, {&other}, {}, path_ + ".other").ok());
}

TEST_F(KeyGrantTest, AFhirResourceStaysForItNamesItsPatient) {
  v1::FhirResource resource;
  resource.set_resource_type("Condition");

  const auto some = Grant({RecordWith(resource, "f-1"), MoodOf("r-1")});
  ASSERT_TRUE(some.ok()) << some.status();
  EXPECT_EQ(1, some->records);
  EXPECT_EQ(1, some->left_out);
  unlink(path_.c_str());

  EXPECT_TRUE(absl::IsFailedPrecondition(
      Grant({RecordWith(resource, "f-1")}).status()));
  EXPECT_FALSE(IsFile());
  EXPECT_EQ(1, Entries());
}

TEST_F(KeyGrantTest, WhatIsRefusedLeavesNeitherFileNorEntry) {
  v1::HealthRecord others = MoodOf("r-1");
  others.set_consumer("luz");
  EXPECT_TRUE(
      absl::IsFailedPrecondition(Grant({MoodOf("r-1"), others}).status()));
  EXPECT_TRUE(absl::IsFailedPrecondition(Grant({}).status()));
  v1::HealthRecord unknown = MoodOf("r-1");
  unknown.mutable_payload()->set_type_url("type.googleapis.com/no.Such");
  EXPECT_TRUE(absl::IsFailedPrecondition(Grant({unknown}).status()));
  v1::HealthRecord damaged = MoodOf("r-1");
  damaged.mutable_payload()->set_value("\xff");
  EXPECT_TRUE(absl::IsDataLoss(Grant({damaged}).status()));

  const GrantTerms terms = terms_;
  terms_.recipient.clear_age_recipient();
  EXPECT_TRUE(absl::IsInvalidArgument(Grant({MoodOf("r-1")}).status()));
  terms_ = terms;
  terms_.purpose = "";
  EXPECT_TRUE(absl::IsInvalidArgument(Grant({MoodOf("r-1")}).status()));
  terms_ = terms;
  terms_.consumer = "nobody";
  EXPECT_TRUE(absl::IsNotFound(Grant({}).status()));

  EXPECT_FALSE(IsFile());
  EXPECT_EQ(0, Entries());
}

TEST_F(KeyGrantTest, AFileThatIsThereIsNeitherReplacedNorRecorded) {
  std::ofstream(path_) << "mine";

  EXPECT_TRUE(absl::IsAlreadyExists(Grant({MoodOf("r-1")}).status()));
  EXPECT_EQ("mine", ReadFile(path_, 100).value());
  EXPECT_EQ(0, Entries());
}

// The last step alone can fail after the entry: then the ledger says more than
// was shared, never less.
TEST_F(KeyGrantTest, AFileWithoutAnEntryIsNeverLeft) {
  const auto summary = WriteKeyGrant(
      scratch_.vault(), *ledger_, *MessageTypes::Linked(), scratch_.clock(),
      terms_,
      [&](GiveRecord give) {
        std::ofstream(path_) << "mine";  // Somebody takes the name meanwhile.
        return give(MoodOf("r-1"));
      },
      path_);

  EXPECT_TRUE(absl::IsAlreadyExists(summary.status()));
  EXPECT_TRUE(
      absl::StrContains(summary.status().message(), "the ledger says shared"));
  EXPECT_EQ("mine", ReadFile(path_, 100).value());
  EXPECT_EQ(1, Entries());
}

TEST_F(KeyGrantTest, WhoIsErasedMeanwhileIsNotShared) {
  const auto other = scratch_.OpenAnother();
  ASSERT_TRUE(other.ok()) << other.status();

  const auto summary = WriteKeyGrant(
      scratch_.vault(), *ledger_, *MessageTypes::Linked(), scratch_.clock(),
      terms_,
      [&](GiveRecord give) {
        EXPECT_TRUE((*other)->Erase("ada").ok());
        return give(MoodOf("r-1"));
      },
      path_);

  EXPECT_TRUE(absl::IsFailedPrecondition(summary.status())) << summary.status();
  EXPECT_FALSE(IsFile());
  EXPECT_EQ(0, Entries());
}

}  // namespace
}  // namespace subrosa
