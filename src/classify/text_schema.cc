#include "src/classify/text_schema.h"

#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"
#include "google/protobuf/any.pb.h"
#include "google/protobuf/descriptor.pb.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/timestamp.pb.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/concept.pb.h"

namespace subrosa {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::FileDescriptorSet;

void AddWithImports(const FileDescriptor& file, FileDescriptorSet* set) {
  for (const FileDescriptorProto& known : set->file()) {
    if (known.name() == file.name()) return;
  }
  for (int i = 0; i < file.dependency_count(); ++i) {
    AddWithImports(*file.dependency(i), set);
  }
  file.CopyTo(set->add_file());
}

void Require(bool good, const char* what) {
  if (good) return;
  std::fprintf(stderr, "text_schema: %s\n", what);
  std::abort();
}

}  // namespace

TextSchema::TextSchema(const std::string& fields, const std::string& more,
                       const std::string& syntax) {
  FileDescriptorSet set;
  for (const Descriptor* import :
       {v1::FieldMark::descriptor(), v1::Coding::descriptor(),
        google::protobuf::Any::descriptor(),
        google::protobuf::Duration::descriptor(),
        google::protobuf::Timestamp::descriptor()}) {
    AddWithImports(*import->file(), &set);
  }
  FileDescriptorProto file;
  const std::string text = absl::StrCat(
      R"(name: "test.proto" package: "test"
         dependency: "subrosa/v1/annotations.proto"
         dependency: "subrosa/v1/concept.proto"
         dependency: "google/protobuf/any.proto"
         dependency: "google/protobuf/duration.proto"
         dependency: "google/protobuf/timestamp.proto"
         message_type { name: "Payload" )",
      fields, "} ", more, " syntax: '", syntax, "'");
  Require(google::protobuf::TextFormat::ParseFromString(text, &file),
          "the text is no description of a file");
  *set.add_file() = file;

  FileDescriptorSet read;
  Require(read.ParseFromString(set.SerializeAsString()), "no round trip");
  const FileDescriptor* built = nullptr;
  for (const FileDescriptorProto& each : read.file()) {
    built = pool_.BuildFile(each);
    Require(built != nullptr, "the description is refused");
  }
  payload_ = built->FindMessageTypeByName("Payload");
}

}  // namespace subrosa
