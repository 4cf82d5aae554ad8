#include "src/ingest/message_types.h"

#include <unistd.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "google/protobuf/descriptor.pb.h"
#include "gtest/gtest.h"
#include "src/base/file.h"
#include "src/ingest/testing/acme.pb.h"
#include "src/ingest/testing/scratch_reader.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::FileDescriptor;
using ::google::protobuf::FileDescriptorSet;

void AddWithImports(const FileDescriptor* file, FileDescriptorSet* set) {
  for (int i = 0; i < file->dependency_count(); ++i) {
    AddWithImports(file->dependency(i), set);
  }
  for (const auto& there : set->file()) {
    if (there.name() == file->name()) return;
  }
  file->CopyTo(set->add_file());
}

// What protoc would write for a service whose messages are not linked here:
// acme.proto under another name.
FileDescriptorSet ServiceSet() {
  FileDescriptorSet acme;
  AddWithImports(acme::v1::CheckIn::descriptor()->file(), &acme);
  FileDescriptorSet service;
  // Names have the same length, so the wire format stays right.
  EXPECT_TRUE(service.ParseFromString(absl::StrReplaceAll(
      acme.SerializeAsString(),
      {{"acme.v1", "rose.v1"}, {"acme.proto", "rose.proto"}})));
  return service;
}

std::string Scratch(const std::string& content) {
  const std::string path =
      absl::StrCat(testing::TempDir(), "/types-", getpid());
  EXPECT_TRUE(ReplaceFile(path, content, 0600).ok());
  return path;
}

TEST(MessageTypesTest, WhatTheProjectShipsIsKnown) {
  const MessageTypes* const types = MessageTypes::Linked();

  for (const char* const name :
       {"subrosa.v1.MoodCheckIn", "subrosa.v1.SleepSession",
        "subrosa.v1.FhirResource", "subrosa.v1.SubscriptionEvent",
        "subrosa.v1.HealthRecord"}) {
    ASSERT_NE(types->Find(name), nullptr) << name;
  }
  EXPECT_EQ(types->Find("rose.v1.CheckIn"), nullptr);
  EXPECT_EQ(types->FindByUrl("subrosa.v1.MoodCheckIn"), nullptr);
  EXPECT_NE(types->FindByUrl("type.googleapis.com/subrosa.v1.MoodCheckIn"),
            nullptr);
}

TEST(MessageTypesTest, AServicesOwnMessagesAreTakenByTheirDescriptors) {
  const auto types = MessageTypes::LoadDescriptorSet(
      Scratch(ServiceSet().SerializeAsString()));
  ASSERT_TRUE(types.ok()) << types.status();
  ReaderOptions options = OptionsWithDefaults();
  options.types = types->get();
  options.message_type = "rose.v1.CheckIn";

  const Reading reading =
      ReadText(R"({"accountId":"c-1","entryId":"e","score":3})", options);

  ASSERT_EQ(reading.records.size(), 1u);
  EXPECT_EQ(reading.records[0].consumer(), "c-1");
  EXPECT_EQ(reading.records[0].id(), "e");
  EXPECT_EQ(reading.records[0].payload().type_url(),
            "type.googleapis.com/rose.v1.CheckIn");
  const auto message = (*types)->New(
      (*types)->FindByUrl(reading.records[0].payload().type_url()));
  ASSERT_TRUE(message->ParseFromString(reading.records[0].payload().value()));
}

TEST(MessageTypesTest, TheMarksOfAServiceAreRead) {
  const auto types = MessageTypes::LoadDescriptorSet(
      Scratch(ServiceSet().SerializeAsString()));
  ASSERT_TRUE(types.ok()) << types.status();

  EXPECT_TRUE(IsMarked(*(*types)->Find("rose.v1.CheckIn")));
  EXPECT_FALSE(IsMarked(*(*types)->Find("rose.v1.Unmarked")));
  EXPECT_EQ((*types)
                ->Find("rose.v1.CheckIn")
                ->field(0)
                ->options()
                .GetExtension(v1::field)
                .role(),
            v1::FIELD_ROLE_CONSUMER);
}

TEST(MessageTypesTest, WhatIsNoDescriptorSetIsRefused) {
  const std::string path = Scratch("{\"not\": \"a set\"}");

  EXPECT_EQ(MessageTypes::LoadDescriptorSet(path).status(),
            absl::InvalidArgumentError(absl::StrCat(
                path,
                ": want a FileDescriptorSet with at least one file, got 16 "
                "bytes that are none")));
  EXPECT_TRUE(absl::IsInvalidArgument(
      MessageTypes::LoadDescriptorSet(Scratch("")).status()));
  EXPECT_TRUE(absl::IsNotFound(
      MessageTypes::LoadDescriptorSet("/nowhere/at/all").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      MessageTypes::LoadDescriptorSet(testing::TempDir()).status()));
}

TEST(MessageTypesTest, ASetWithoutItsImportsIsRefused) {
  FileDescriptorSet alone;
  acme::v1::CheckIn::descriptor()->file()->CopyTo(alone.add_file());
  const std::string path = Scratch(alone.SerializeAsString());

  EXPECT_EQ(MessageTypes::LoadDescriptorSet(path).status(),
            absl::InvalidArgumentError(absl::StrCat(
                path,
                ": file[0]: want a file whose imports stand before it (protoc "
                "--include_imports), got one that does not build")));
}

}  // namespace
}  // namespace subrosa
