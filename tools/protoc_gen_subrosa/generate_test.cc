#include "tools/protoc_gen_subrosa/generate.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using google::protobuf::compiler::CodeGeneratorRequest;
using google::protobuf::compiler::CodeGeneratorResponse;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

// What protoc asks for one message with one marked and one unmarked field.
CodeGeneratorRequest HalfMarked(const std::string& parameter) {
  CodeGeneratorRequest request;
  google::protobuf::DescriptorProto::descriptor()->file()->CopyTo(
      request.add_proto_file());
  v1::HealthCategory_descriptor()->file()->CopyTo(request.add_proto_file());
  v1::FieldMark::descriptor()->file()->CopyTo(request.add_proto_file());
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(name: "app/mood.proto" package: "app" syntax: "proto3"
         dependency: "subrosa/v1/annotations.proto"
         message_type {
           name: "Mood"
           field { name: "score" number: 1 type: TYPE_INT32
                   label: LABEL_OPTIONAL
                   options { [subrosa.v1.field] { health: 1 } } }
           field { name: "dob" number: 2 type: TYPE_STRING
                   label: LABEL_OPTIONAL }
         })",
      request.add_proto_file()));
  request.add_file_to_generate("app/mood.proto");
  request.set_parameter(parameter);
  return request;
}

CodeGeneratorResponse Answer(const CodeGeneratorRequest& request) {
  std::vector<std::string> warnings;
  return Generate(request, &warnings);
}

TEST(GenerateTest, AnUnmarkedFieldFailsTheBuildAndIsToldWithWhatToPaste) {
  const CodeGeneratorResponse response = Answer(HalfMarked(""));

  EXPECT_THAT(response.file(), IsEmpty());
  EXPECT_THAT(response.error(),
              HasSubstr("app/mood.proto: app.Mood.dob: want a mark, got none; "
                        "paste [(subrosa.v1.field) = {"));
  EXPECT_THAT(response.error(), HasSubstr("got 1 unmarked (50.0 % marked)"));
}

TEST(GenerateTest, UnderALowerThresholdItIsAWarningBesideTheInventory) {
  std::vector<std::string> warnings;
  const CodeGeneratorResponse response =
      Generate(HalfMarked("threshold=50,inventory=a/b.json"), &warnings);

  EXPECT_EQ(response.error(), "");
  EXPECT_THAT(warnings, SizeIs(1));
  ASSERT_THAT(response.file(), SizeIs(1));
  EXPECT_EQ(response.file(0).name(), "a/b.json");
  EXPECT_THAT(response.file(0).content(), HasSubstr("\"app.Mood\""));
  EXPECT_THAT(response.file(0).content(), Not(HasSubstr("ClauseFacts")));
}

TEST(GenerateTest, AMarkThatContradictsItselfFailsUnderAnyThreshold) {
  CodeGeneratorRequest request = HalfMarked("threshold=0");
  request.mutable_proto_file(3)
      ->mutable_message_type(0)
      ->mutable_field(0)
      ->mutable_options()
      ->MutableExtension(v1::field)
      ->set_not_personal(true);

  EXPECT_THAT(Answer(request).error(), HasSubstr("want `not_personal` alone"));
}

TEST(GenerateTest, OptionalFieldsAreNoReasonToRefuseAFile) {
  EXPECT_EQ(Answer(HalfMarked("")).supported_features(),
            CodeGeneratorResponse::FEATURE_PROTO3_OPTIONAL);
}

TEST(GenerateTest, WrongParametersAreNamed) {
  for (const char* parameter :
       {"threshold=101", "threshold=-1", "threshold=nan", "threshold=much",
        "threshold", "inventory=", "inventory=../up.json", "treshold=1"}) {
    EXPECT_TRUE(
        absl::IsInvalidArgument(ParsePluginParameters(parameter).status()))
        << parameter;
    EXPECT_NE(Answer(HalfMarked(parameter)).error(), "") << parameter;
  }
}

TEST(GenerateTest, ARequestWithoutFilesOrImportsIsRefused) {
  EXPECT_THAT(Answer(CodeGeneratorRequest()).error(),
              HasSubstr("want at least"));
  CodeGeneratorRequest request = HalfMarked("");
  request.mutable_proto_file()->DeleteSubrange(0, 3);
  EXPECT_THAT(Answer(request).error(), HasSubstr("file[0]: want a file whose"));
}

}  // namespace
}  // namespace subrosa
