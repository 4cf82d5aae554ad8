#include "src/audit/witness.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/audit/test_log.h"
#include "src/audit/witness_request.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"

namespace subrosa {
namespace {

const absl::Time kMonday = absl::FromUnixSeconds(1790000000);
constexpr char kOrigin[] = "rosewater.example/audit/0badcafe";

class WitnessTest : public testing::Test {
 protected:
  WitnessTest() {
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    EXPECT_TRUE(provider_.CreateSigningKey("witness").ok());
    Reopen();
  }

  WitnessConfig Config() {
    return {"witness.example/w1",
            "witness",
            folder_,
            {{kOrigin, log_.keys()}, {"other.example", other_.keys()}}};
  }

  absl::StatusOr<std::unique_ptr<Witness>> Open(WitnessConfig config) {
    return Witness::Open(std::move(config), provider_, clock_);
  }

  // As after a restart of its process.
  void Reopen() {
    witness_.reset();
    absl::StatusOr<std::unique_ptr<Witness>> opened = Open(Config());
    ASSERT_TRUE(opened.ok()) << opened.status();
    witness_ = *std::move(opened);
  }

  HttpResponse Add(uint64_t old_size, uint64_t new_size) {
    return witness_->AddCheckpoint(log_.Request(old_size, new_size));
  }

  HttpResponse Add(uint64_t old_size, std::vector<MerkleHash> proof,
                   const std::string& checkpoint) {
    return witness_->AddCheckpoint(
        SerializeWitnessRequest({old_size, std::move(proof), checkpoint}));
  }

  // When `response` cosigned the log's checkpoint of `size`; nothing if not.
  absl::optional<absl::Time> CosignedAtIn(const HttpResponse& response,
                                          uint64_t size) {
    if (response.status != 200) return absl::nullopt;
    const std::string text = ParseNote(log_.Checkpoint(size))->text;
    const absl::StatusOr<Note> note =
        ParseNote(absl::StrCat(text, "\n", response.body));
    if (!note.ok() || note->signatures.size() != 1) return absl::nullopt;
    return CosignedAt(witness_->key(), text, note->signatures[0]);
  }

  // The size that the witness says it has cosigned.
  std::string KnownSize() {
    const HttpResponse response = Add(63, 64);
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.content_type, "text/x.tlog.size");
    return response.body;
  }

  const std::string folder_ = testing::TempDir() + "/witness";
  TestLog log_{kOrigin};
  TestLog other_{"other.example"};
  TokenProvider provider_;
  FixedClock clock_{kMonday};
  std::unique_ptr<Witness> witness_;
};

TEST_F(WitnessTest, ATreeThatOnlyGrowsIsCosignedAtEachSize) {
  EXPECT_EQ(CosignedAtIn(Add(0, 5), 5), kMonday);
  clock_.Advance(absl::Hours(1));
  EXPECT_EQ(CosignedAtIn(Add(5, 6), 6), kMonday + absl::Hours(1));
  EXPECT_TRUE(CosignedAtIn(Add(6, 32), 32).has_value());
  EXPECT_TRUE(CosignedAtIn(Add(32, 61), 61).has_value());
}

TEST_F(WitnessTest, TheSameTreeIsCosignedAnewWithoutAProof) {
  Add(0, 5);
  clock_.Advance(absl::Hours(1));

  EXPECT_EQ(CosignedAtIn(Add(5, 5), 5), kMonday + absl::Hours(1));
}

TEST_F(WitnessTest, AnEmptyTreeIsCosigned) {
  EXPECT_TRUE(CosignedAtIn(Add(0, 0), 0).has_value());
  EXPECT_EQ(Add(0, {}, log_.ForkedCheckpoint(0)).status, 409);
  EXPECT_TRUE(CosignedAtIn(Add(0, 5), 5).has_value());
}

TEST_F(WitnessTest, EachLogHasItsOwnHistory) {
  Add(0, 5);

  EXPECT_EQ(witness_->AddCheckpoint(other_.Request(0, 3)).status, 200);
  EXPECT_EQ(witness_->AddCheckpoint(other_.Request(3, 4)).status, 200);
  EXPECT_EQ(KnownSize(), "5\n");
}

TEST_F(WitnessTest, ALogThatIsNotKnownIsNotCosigned) {
  TestLog stranger("stranger.example");

  EXPECT_EQ(witness_->AddCheckpoint(stranger.Request(0, 5)).status, 404);
}

TEST_F(WitnessTest, ACheckpointThatTheLogDidNotSignIsNotCosigned) {
  TestLog same_name(kOrigin);
  EXPECT_EQ(witness_->AddCheckpoint(same_name.Request(0, 5)).status, 403);

  // The other log's key is trusted for that log only.
  Note note = *ParseNote(log_.Checkpoint(5));
  note.signatures = ParseNote(other_.Sign(note.text))->signatures;
  EXPECT_EQ(Add(0, {}, SerializeNote(note)).status, 403);

  // A false signature in the log's name makes the true one worthless, too.
  note = *ParseNote(log_.Checkpoint(5));
  note.signatures.push_back(note.signatures[0]);
  note.signatures[1].signature[3] ^= 1;
  EXPECT_EQ(Add(0, {}, SerializeNote(note)).status, 403);
  EXPECT_EQ(KnownSize(), "0\n");
}

TEST_F(WitnessTest, SignaturesOfStrangersAreIgnoredAndNotKept) {
  TestLog stranger("stranger.example");
  const std::string checkpoint = log_.Checkpoint(5);
  Note note = *ParseNote(checkpoint);
  note.signatures.insert(note.signatures.begin(),
                         ParseNote(stranger.Sign(note.text))->signatures[0]);

  EXPECT_TRUE(CosignedAtIn(Add(0, {}, SerializeNote(note)), 5).has_value());
  int kept = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    kept += *ReadFile(entry.path(), 10000) == checkpoint;
  }
  EXPECT_EQ(kept, 1);
}

TEST_F(WitnessTest, ALogMaySignWithAnyOfItsKeys) {
  TestLog renewed(kOrigin);
  WitnessConfig config = Config();
  config.logs[0].keys.push_back(renewed.keys()[0]);
  Add(0, 5);
  witness_.reset();
  witness_ = *Open(config);

  EXPECT_TRUE(CosignedAtIn(witness_->AddCheckpoint(renewed.Request(5, 7)), 7)
                  .has_value());
}

TEST_F(WitnessTest, AMalformedRequestIsRefused) {
  const std::string good = log_.Request(0, 5);
  const std::string text = ParseNote(log_.Checkpoint(5))->text;
  for (const std::string& body :
       {std::string(), std::string("old 0\n"), good.substr(1),
        good.substr(0, good.size() - 1), good + "\n",
        absl::StrReplaceAll(good, {{"old 0", "old 00"}}),
        absl::StrReplaceAll(good, {{"\n5\n", "\n05\n"}}),
        absl::StrReplaceAll(good, {{"\n", "\r\n"}}),
        absl::StrCat("old 0\n\n", text),
        absl::StrCat("old 0\n\n", log_.Sign(text + "extension\n")),
        std::string(kMaxWitnessRequestBytes + 1, 'o')}) {
    EXPECT_EQ(witness_->AddCheckpoint(body).status, 400) << body;
  }
  EXPECT_EQ(KnownSize(), "0\n");
}

TEST_F(WitnessTest, AnOldSizeOverTheCheckpointsIsRefused) {
  Add(0, 5);

  EXPECT_EQ(Add(5, {}, log_.Checkpoint(4)).status, 400);
  EXPECT_EQ(Add(7, {}, log_.Checkpoint(6)).status, 400);
}

TEST_F(WitnessTest, WhoDoesNotKnowTheSizeCosignedLastIsTold) {
  EXPECT_EQ(Add(3, 5).body, "0\n");
  Add(0, 5);
  for (const uint64_t old_size : {0, 4, 6}) {
    const HttpResponse response = Add(old_size, 7);
    EXPECT_EQ(response.status, 409);
    EXPECT_EQ(response.content_type, "text/x.tlog.size");
    EXPECT_EQ(response.body, "5\n");
  }
}

TEST_F(WitnessTest, ASmallerTreeIsNotCosigned) {
  Add(0, 5);

  for (const uint64_t old_size : {0, 3, 4}) {
    EXPECT_EQ(Add(old_size, 4).body, "5\n");
  }
}

TEST_F(WitnessTest, AnotherTreeOfTheSameSizeIsNotCosigned) {
  Add(0, 5);

  const HttpResponse response = Add(5, {}, log_.ForkedCheckpoint(5));

  EXPECT_EQ(response.status, 409);
  EXPECT_NE(response.content_type, "text/x.tlog.size");
}

TEST_F(WitnessTest, ATreeThatIsNotProvenToContinueTheLastIsNotCosigned) {
  Add(0, 5);
  const std::vector<MerkleHash> proof = log_.Proof(5, 9);
  std::vector<MerkleHash> wrong = proof;
  wrong[1][31] ^= 1;
  std::vector<MerkleHash> longer = proof;
  longer.push_back(proof[0]);
  const std::vector<MerkleHash> shorter(proof.begin(), proof.end() - 1);

  for (const auto& bad : {wrong, longer, shorter, log_.Proof(4, 9), {}}) {
    EXPECT_EQ(Add(5, bad, log_.Checkpoint(9)).status, 422);
  }
  EXPECT_EQ(Add(5, proof, log_.ForkedCheckpoint(9)).status, 422);
  EXPECT_EQ(Add(5, proof, log_.Checkpoint(5)).status, 422);
  EXPECT_EQ(KnownSize(), "5\n");
  EXPECT_EQ(Add(5, proof, log_.Checkpoint(9)).status, 200);
}

TEST_F(WitnessTest, AProofFromNothingIsEmpty) {
  EXPECT_EQ(Add(0, log_.Proof(4, 5), log_.Checkpoint(5)).status, 422);
  EXPECT_EQ(KnownSize(), "0\n");
}

TEST_F(WitnessTest, WhatWasCosignedIsRememberedOverARestart) {
  Add(0, 5);
  Reopen();

  EXPECT_EQ(Add(0, {}, log_.ForkedCheckpoint(5)).body, "5\n");
  EXPECT_EQ(Add(5, {}, log_.ForkedCheckpoint(5)).status, 409);
  EXPECT_EQ(Add(5, {}, log_.ForkedCheckpoint(6)).status, 422);
  EXPECT_TRUE(CosignedAtIn(Add(5, 6), 6).has_value());
}

TEST_F(WitnessTest, OfTwoTreesAtOnceOneIsCosigned) {
  const std::vector<std::string> requests = {
      log_.Request(0, 5),
      SerializeWitnessRequest({0, {}, log_.ForkedCheckpoint(5)}),
      log_.Request(0, 6),
      SerializeWitnessRequest({0, {}, log_.ForkedCheckpoint(6)})};
  std::atomic<int> cosigned{0};

  std::vector<std::thread> clients;
  clients.reserve(requests.size());
  for (const std::string& request : requests) {
    clients.emplace_back([&, request] {
      cosigned += witness_->AddCheckpoint(request).status == 200;
    });
  }
  for (std::thread& client : clients) client.join();

  EXPECT_EQ(cosigned, 1);
}

TEST_F(WitnessTest, NothingIsCosignedThatCannotBeKept) {
  Add(0, 5);
  const std::string away = folder_ + "-away";
  std::filesystem::remove_all(away);
  std::filesystem::rename(folder_, away);

  EXPECT_EQ(Add(5, 6).status, 503);

  std::filesystem::rename(away, folder_);
  EXPECT_EQ(KnownSize(), "5\n");
  EXPECT_TRUE(CosignedAtIn(Add(5, 6), 6).has_value());
}

TEST_F(WitnessTest, AKeyThatCannotBeUsedCostsACosignatureAndNothingElse) {
  provider_.PullOut();
  EXPECT_EQ(Add(0, 5).status, 503);
  provider_.PutBack();

  EXPECT_EQ(KnownSize(), "5\n");
  EXPECT_TRUE(CosignedAtIn(Add(5, 5), 5).has_value());
}

TEST_F(WitnessTest, TwoWitnessesCannotShareAFolder) {
  const absl::Status second = Open(Config()).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(second)) << second;

  witness_.reset();
  EXPECT_TRUE(Open(Config()).ok());
}

TEST_F(WitnessTest, ADamagedStateIsNoticedBeforeAnythingIsCosigned) {
  Add(0, 5);
  witness_.reset();
  for (const auto& entry : std::filesystem::directory_iterator(folder_)) {
    if (entry.path().filename() == "lock") continue;
    const std::string content = *ReadFile(entry.path(), 10000);
    for (const std::string& damaged :
         {std::string(), content.substr(0, 40), other_.Checkpoint(5),
          absl::StrReplaceAll(content, {{"\n5\n", "\n-5\n"}}),
          std::string(kMaxWitnessRequestBytes + 1, 'n')}) {
      ASSERT_TRUE(ReplaceFile(entry.path(), damaged, 0600).ok());
      const absl::Status status = Open(Config()).status();
      EXPECT_TRUE(absl::IsDataLoss(status)) << status;
    }
  }
}

TEST_F(WitnessTest, AConfigurationThatIsWrongIsRefused) {
  witness_.reset();
  WitnessConfig config = Config();
  config.logs[1].origin = kOrigin;
  EXPECT_TRUE(absl::IsInvalidArgument(Open(config).status()));
  config = Config();
  config.logs[0].keys.clear();
  EXPECT_TRUE(absl::IsInvalidArgument(Open(config).status()));
  config = Config();
  config.logs[0].origin = "two words";
  EXPECT_TRUE(absl::IsInvalidArgument(Open(config).status()));
  config = Config();
  config.logs[0].keys = {
      *NoteKey::Create("w", std::string(32, 'k'), kNoteTypeCosignature)};
  EXPECT_TRUE(absl::IsInvalidArgument(Open(config).status()));
  config = Config();
  config.name = "two words";
  EXPECT_TRUE(absl::IsInvalidArgument(Open(config).status()));
  config = Config();
  config.signing_key = "nobody's";
  EXPECT_TRUE(absl::IsNotFound(Open(config).status()));
  config = Config();
  config.state_folder = folder_ + "/nowhere";
  EXPECT_TRUE(absl::IsNotFound(Open(config).status()));
}

TEST_F(WitnessTest, OnlyPostToAddCheckpointIsAnswered) {
  HttpRequest request{"POST", "/add-checkpoint", "", {}, log_.Request(0, 5)};
  EXPECT_EQ(witness_->Handle(request).status, 200);

  request.method = "GET";
  EXPECT_EQ(witness_->Handle(request).status, 405);
  for (const char* path :
       {"/", "/add-checkpoint/", "//add-checkpoint", "/add%2dcheckpoint", ""}) {
    request.path = path;
    EXPECT_EQ(witness_->Handle(request).status, 404) << path;
  }
}

}  // namespace
}  // namespace subrosa
