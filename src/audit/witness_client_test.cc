#include "src/audit/witness_client.h"

#include <atomic>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "gtest/gtest.h"
#include "src/audit/test_log.h"
#include "src/audit/witness.h"
#include "src/base/clock.h"
#include "src/crypto/cosignature.h"
#include "src/crypto/signed_note.h"
#include "src/crypto/token_provider.h"
#include "src/net/http_client.h"
#include "src/net/http_message.h"
#include "src/net/http_server.h"

namespace subrosa {
namespace {

const absl::Time kMonday = absl::FromUnixSeconds(1790000000);
constexpr char kOrigin[] = "rosewater.example/audit/0badcafe";

HttpClientOptions OwnNetwork() {
  HttpClientOptions options;
  options.allow_private_addresses = true;
  return options;
}

// A witness behind HTTP, and a log that asks it.
class WitnessClientTest : public testing::Test {
 protected:
  WitnessClientTest() {
    const std::string folder = testing::TempDir() + "/witness_client";
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    EXPECT_TRUE(provider_.CreateSigningKey("witness").ok());
    witness_ = *Witness::Open(
        {"witness.example/w1", "witness", folder, {{kOrigin, log_.keys()}}},
        provider_, clock_);
    Serve([this](const HttpRequest& request) {
      return witness_->Handle(request);
    });
  }

  // Answers requests with `handler`, once they are counted.
  void Serve(const HttpHandler& handler) {
    server_ = *HttpServer::Start("127.0.0.1:0",
                                 [this, handler](const HttpRequest& request) {
                                   ++requests_;
                                   return handler(request);
                                 });
  }

  // Answers each request with `response`.
  void ServeOnly(const HttpResponse& response) {
    Serve([response](const HttpRequest&) { return response; });
  }

  std::string Url(absl::string_view rest = "") const {
    return absl::StrCat("http://127.0.0.1:", server_->port(), rest);
  }

  absl::StatusOr<CosignedNote> Cosign(WitnessClient& client, uint64_t size) {
    return CosignNote(client, log_.Checkpoint(size), size);
  }

  absl::StatusOr<CosignedNote> CosignNote(WitnessClient& client,
                                          const std::string& note,
                                          uint64_t size) {
    requests_ = 0;
    return client.Cosign(note, [&](uint64_t old_size) {
      return absl::StatusOr<std::vector<MerkleHash>>(
          log_.Proof(old_size, size));
    });
  }

  absl::Status ErrorAfter(const HttpResponse& response) {
    ServeOnly(response);
    WitnessClient client(Url(), witness_->key(), http_);
    return Cosign(client, 5).status();
  }

  TestLog log_{kOrigin};
  TokenProvider provider_;
  FixedClock clock_{kMonday};
  std::unique_ptr<Witness> witness_;
  std::atomic<int> requests_{0};
  std::unique_ptr<HttpServer> server_;
  HttpClient http_{OwnNetwork()};
};

TEST_F(WitnessClientTest, ACheckpointComesBackWithTheWitnessesLine) {
  WitnessClient client(Url("/"), witness_->key(), http_);

  const absl::StatusOr<CosignedNote> cosigned = Cosign(client, 5);

  ASSERT_TRUE(cosigned.ok()) << cosigned.status();
  EXPECT_EQ(cosigned->at, kMonday);
  EXPECT_TRUE(absl::StartsWith(cosigned->note, log_.Checkpoint(5)));
  const Note note = *ParseNote(cosigned->note);
  ASSERT_EQ(note.signatures.size(), 2u);
  EXPECT_EQ(CosignedAt(witness_->key(), note.text, note.signatures[1]),
            kMonday);
  EXPECT_EQ(client.known_size(), 5u);
}

TEST_F(WitnessClientTest, WhatTheWitnessHasSeenIsRemembered) {
  WitnessClient client(Url(), witness_->key(), http_);
  ASSERT_TRUE(Cosign(client, 5).ok());

  ASSERT_TRUE(Cosign(client, 9).ok());

  EXPECT_EQ(requests_, 1);
}

TEST_F(WitnessClientTest, WhoDoesNotKnowWhatTheWitnessHasSeenAsksTwice) {
  WitnessClient before(Url(), witness_->key(), http_);
  ASSERT_TRUE(Cosign(before, 5).ok());

  for (const uint64_t believed : {0, 3, 7, 1000}) {
    WitnessClient client(Url(), witness_->key(), http_);
    client.set_known_size(believed);
    const absl::StatusOr<CosignedNote> cosigned = Cosign(client, 5);
    ASSERT_TRUE(cosigned.ok()) << cosigned.status();
    EXPECT_EQ(requests_, 2);
    EXPECT_EQ(client.known_size(), 5u);
  }
}

TEST_F(WitnessClientTest, AnOlderCosignatureIsReplaced) {
  WitnessClient client(Url(), witness_->key(), http_);
  const std::string first = Cosign(client, 5)->note;
  clock_.Advance(absl::Hours(1));

  const absl::StatusOr<CosignedNote> second = CosignNote(client, first, 5);

  ASSERT_TRUE(second.ok()) << second.status();
  EXPECT_EQ(second->at, kMonday + absl::Hours(1));
  EXPECT_EQ(ParseNote(second->note)->signatures.size(), 2u);
}

TEST_F(WitnessClientTest, LinesByOthersAreDropped) {
  TestLog stranger("stranger.example");
  Serve([&](const HttpRequest& request) {
    HttpResponse response = witness_->Handle(request);
    response.body =
        absl::StrCat(SerializeNoteSignature(
                         ParseNote(stranger.Sign("text\n"))->signatures[0]),
                     response.body);
    return response;
  });
  WitnessClient client(Url(), witness_->key(), http_);

  const absl::StatusOr<CosignedNote> cosigned = Cosign(client, 5);

  ASSERT_TRUE(cosigned.ok()) << cosigned.status();
  EXPECT_FALSE(absl::StrContains(cosigned->note, "stranger"));
}

TEST_F(WitnessClientTest, AnAnswerWithoutTheWitnessesCosignatureIsRefused) {
  const std::string text = ParseNote(log_.Checkpoint(5))->text;
  TokenProvider another;
  const NoteKey other_key = *NoteKey::Create(
      "witness.example/w1", *another.CreateSigningKey("witness"),
      kNoteTypeCosignature);
  const auto line = [&](const NoteKey& key, TokenProvider& provider,
                        absl::string_view cosigned) {
    return SerializeNoteSignature(*::subrosa::Cosign(
        cosigned, key, kMonday, [&](absl::string_view message) {
          return provider.Sign("witness", message);
        }));
  };
  std::string flipped = line(witness_->key(), provider_, text);
  flipped[flipped.size() - 6] ^= 1;
  for (const std::string& body :
       {std::string(), std::string("thank you\n"),
        line(other_key, another, text),
        line(witness_->key(), provider_, "another text\n"), flipped,
        line(witness_->key(), provider_, text) + "\n",
        SerializeNoteSignature(ParseNote(log_.Checkpoint(5))->signatures[0])}) {
    HttpResponse response = PlainTextResponse(200, "");
    response.body = body;
    const absl::Status status = ErrorAfter(response);
    EXPECT_TRUE(absl::IsUnavailable(status)) << body << status;
    EXPECT_TRUE(
        absl::StartsWith(status.message(), "witness witness.example/w1: want"));
  }
}

TEST_F(WitnessClientTest, ALogThatIsOlderThanTheWitnessSawIsToldSo) {
  WitnessClient before(Url(), witness_->key(), http_);
  ASSERT_TRUE(Cosign(before, 9).ok());
  WitnessClient client(Url(), witness_->key(), http_);

  const absl::Status status = Cosign(client, 5).status();

  EXPECT_TRUE(absl::IsFailedPrecondition(status));
  EXPECT_TRUE(absl::StrContains(status.message(), "old copy")) << status;
}

TEST_F(WitnessClientTest, ASplitViewIsNotCosigned) {
  WitnessClient client(Url(), witness_->key(), http_);
  ASSERT_TRUE(Cosign(client, 5).ok());

  for (const uint64_t size : {5, 9}) {
    const absl::Status status =
        CosignNote(client, log_.ForkedCheckpoint(size), size).status();
    EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  }
  EXPECT_EQ(client.known_size(), 5u);
}

TEST_F(WitnessClientTest, AnErrorSaysTheStatusAndNotTheBody) {
  const struct {
    int status;
    absl::StatusCode code;
  } kCases[] = {{400, absl::StatusCode::kFailedPrecondition},
                {403, absl::StatusCode::kFailedPrecondition},
                {404, absl::StatusCode::kFailedPrecondition},
                {409, absl::StatusCode::kFailedPrecondition},
                {422, absl::StatusCode::kFailedPrecondition},
                {302, absl::StatusCode::kUnavailable},
                {429, absl::StatusCode::kUnavailable},
                {500, absl::StatusCode::kUnavailable},
                {503, absl::StatusCode::kUnavailable}};
  for (const auto& c : kCases) {
    const absl::Status status =
        ErrorAfter(PlainTextResponse(c.status, "planted"));
    EXPECT_EQ(status.code(), c.code);
    EXPECT_EQ(status.message(),
              absl::StrCat("witness witness.example/w1: want a cosignature, "
                           "got status ",
                           c.status));
  }
}

TEST_F(WitnessClientTest, AWitnessThatCannotMakeUpItsMindIsNotAskedForEver) {
  HttpResponse response = PlainTextResponse(409, "3");
  response.content_type = "text/x.tlog.size";
  EXPECT_TRUE(absl::IsFailedPrecondition(ErrorAfter(response)));
  EXPECT_EQ(requests_, 2);

  for (const char* body : {"0", "03", "-1", "3\n3", "", "a lot"}) {
    response.body = absl::StrCat(body, "\n");
    EXPECT_TRUE(absl::IsFailedPrecondition(ErrorAfter(response))) << body;
    EXPECT_EQ(requests_, 1) << body;
  }
}

TEST_F(WitnessClientTest, WhatCannotBeAskedIsNotSent) {
  WitnessClient client(Url(), witness_->key(), http_);
  EXPECT_TRUE(
      absl::IsInvalidArgument(CosignNote(client, "no note", 5).status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      CosignNote(client, log_.Sign("no checkpoint\n"), 5).status()));
  WitnessClient wrong_key(Url(), log_.keys()[0], http_);
  EXPECT_TRUE(absl::IsInvalidArgument(Cosign(wrong_key, 5).status()));
  WitnessClient wrong_url("ftp://127.0.0.1", witness_->key(), http_);
  EXPECT_TRUE(absl::IsInvalidArgument(Cosign(wrong_url, 5).status()));
  EXPECT_EQ(requests_, 0);
}

TEST_F(WitnessClientTest, WithoutAProofNothingIsSent) {
  WitnessClient client(Url(), witness_->key(), http_);
  client.set_known_size(3);
  const absl::Status damaged =
      client
          .Cosign(log_.Checkpoint(5),
                  [](uint64_t) {
                    return absl::StatusOr<std::vector<MerkleHash>>(
                        absl::DataLossError("tile"));
                  })
          .status();
  const absl::Status too_long =
      client
          .Cosign(log_.Checkpoint(5),
                  [](uint64_t) {
                    return absl::StatusOr<std::vector<MerkleHash>>(
                        std::vector<MerkleHash>(64));
                  })
          .status();

  EXPECT_TRUE(absl::IsDataLoss(damaged)) << damaged;
  EXPECT_TRUE(absl::IsInvalidArgument(too_long)) << too_long;
  EXPECT_EQ(requests_, 0);
}

TEST_F(WitnessClientTest, AWitnessThatIsAwayIsUnavailable) {
  WitnessClient client(Url(), witness_->key(), http_);
  server_->Stop();

  EXPECT_TRUE(absl::IsUnavailable(Cosign(client, 5).status()));
}

}  // namespace
}  // namespace subrosa
