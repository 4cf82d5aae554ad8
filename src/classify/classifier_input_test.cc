// What the classifier refuses: records without a payload, types that it does
// not know, bytes that are no protobuf; and that no refusal repeats a value.
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/text_schema.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;
using testing::HasSubstr;
using testing::Not;

std::unique_ptr<Classifier> MakeClassifier(
    const DescriptorPool& pool = *DescriptorPool::generated_pool()) {
  absl::StatusOr<CodeTable> codes = CodeTable::BuiltIn();
  EXPECT_TRUE(codes.ok()) << codes.status();
  auto made = Classifier::Create(*std::move(codes), pool);
  EXPECT_TRUE(made.ok()) << made.status();
  return *std::move(made);
}

const Classifier& TheClassifier() {
  static const Classifier* const classifier = MakeClassifier().release();
  return *classifier;
}

v1::HealthRecord RecordOf(const google::protobuf::Message& payload) {
  v1::HealthRecord record;
  record.mutable_payload()->PackFrom(payload);
  return record;
}

std::string ErrorFor(const std::string& wire_bytes) {
  const absl::Status status =
      TheClassifier()
          .ClassifyPayload("subrosa.v1.MoodCheckIn", wire_bytes)
          .status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  return std::string(status.message());
}

TEST(ClassifierInputTest, ARecordWithoutAPayloadIsRefused) {
  const absl::Status status =
      TheClassifier().Classify(v1::HealthRecord()).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(), "payload: want a message, got none");
  EXPECT_EQ(TheClassifier().Explain(v1::HealthRecord()).status(), status);
}

TEST(ClassifierInputTest, AnUnknownPayloadTypeIsNamed) {
  v1::HealthRecord record = RecordOf(v1::SleepSession());
  record.mutable_payload()->set_type_url("type.googleapis.com/x.y.Z");

  const absl::Status status = TheClassifier().Classify(record).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "payload: want a message type known here, got `x.y.Z`");
  EXPECT_EQ(TheClassifier().Explain(record).status(), status);
}

TEST(ClassifierInputTest, ATypeThatIsNoNameIsNotRepeated) {
  for (const std::string& type :
       {std::string(), std::string("no name: alice"), std::string("a\0b", 3),
        std::string(1000, 'a')}) {
    EXPECT_EQ(TheClassifier().ClassifyPayload(type, "").status().message(),
              "payload: want a message type known here, got no name of a type");
  }
}

TEST(ClassifierInputTest, BytesThatAreNoProtobufAreRefused) {
  const struct {
    const char* what;
    std::string bytes;
  } cases[] = {
      {"a tag cut off", "\x80"},
      {"a number cut off", std::string("\x08\x80", 2)},
      {"a number without its bytes", "\x08"},
      {"a number of eleven bytes", "\x08" + std::string(10, '\x80') + "\x01"},
      {"a length beyond the end",
       "\x1a\x05"
       "four"},
      {"a length beyond all memory",
       "\x1a\xff\xff\xff\xff\xff\xff\xff\xff\x7f"},
      {"field zero", std::string("\x00\x00", 2)},
      {"a tag beyond 32 bits", "\x88\x80\x80\x80\x80\x01\x01"},
      {"wire type six", "\x0e"},
      {"wire type seven", "\x0f"},
      {"an end of a group without its start", "\x0c"},
      {"a group without its end", "\x53\x08\x01"},
      {"a group that another one ends", "\x53\x5c"},
      {"four bytes cut off", "\x55\x01\x02\x03"},
      {"eight bytes cut off", "\x51\x01\x02\x03\x04\x05\x06\x07"},
  };
  for (const auto& bad : cases) {
    EXPECT_THAT(ErrorFor(bad.bytes),
                HasSubstr("payload: want well-formed protobuf, got "))
        << bad.what;
    EXPECT_FALSE(TheClassifier()
                     .ExplainPayload("subrosa.v1.MoodCheckIn", bad.bytes)
                     .ok())
        << bad.what;
  }
}

TEST(ClassifierInputTest, NestingIsBounded) {
  const TextSchema schema(
      "field { name: 'again' number: 1 label: LABEL_OPTIONAL type: "
      "TYPE_MESSAGE "
      "type_name: '.test.Payload' }");
  const auto classifier = MakeClassifier(schema.pool());
  std::string wire;
  for (int depth = 1; depth < Classifier::kMaxDepth; ++depth) {
    std::string outer = "\x0a";
    if (wire.size() >= 0x80) {
      outer += static_cast<char>(0x80 | (wire.size() & 0x7f));
      outer += static_cast<char>(wire.size() >> 7);
    } else {
      outer += static_cast<char>(wire.size());
    }
    wire.insert(0, outer);
  }
  EXPECT_TRUE(classifier->ClassifyPayload("test.Payload", wire).ok());

  std::string deeper = "\x0a";
  deeper += static_cast<char>(0x80 | (wire.size() & 0x7f));
  deeper += static_cast<char>(wire.size() >> 7);
  const absl::Status status =
      classifier->ClassifyPayload("test.Payload", deeper + wire).status();

  EXPECT_TRUE(absl::IsInvalidArgument(status));
  EXPECT_EQ(status.message(),
            "payload: want messages nested at most 100 deep, got deeper");
}

TEST(ClassifierInputTest, UnknownGroupsAreBoundedToo) {
  EXPECT_EQ(ErrorFor(std::string(1 << 20, '\x53')),
            "payload: want messages nested at most 100 deep, got deeper");
}

TEST(ClassifierInputTest, NoErrorRepeatsWhatARecordHolds) {
  const std::string canary = "canary-5e1f";
  v1::MoodCheckIn mood;
  mood.set_note(canary);
  const std::string bytes = mood.SerializeAsString();
  for (size_t size = 0; size < bytes.size(); ++size) {
    const absl::Status status =
        TheClassifier()
            .ClassifyPayload("subrosa.v1.MoodCheckIn", bytes.substr(0, size))
            .status();
    EXPECT_THAT(std::string(status.message()), Not(HasSubstr("canary")));
  }
  EXPECT_THAT(std::string(TheClassifier()
                              .ClassifyPayload("x " + canary, bytes)
                              .status()
                              .message()),
              Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace subrosa
