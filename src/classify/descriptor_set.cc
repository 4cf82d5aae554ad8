#include "src/classify/descriptor_set.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace subrosa {
namespace {

using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;
using google::protobuf::FileDescriptorProto;
using google::protobuf::RepeatedPtrField;

// Hears, and drops, what protobuf would otherwise print: it quotes the file.
class SilentErrors final : public DescriptorPool::ErrorCollector {
  void AddError(const std::string&, const std::string&,
                const google::protobuf::Message*, ErrorLocation,
                const std::string&) override {}
};

}  // namespace

absl::StatusOr<DescriptorFiles> ReadDescriptorSet(absl::string_view bytes) {
  google::protobuf::FileDescriptorSet set;
  if (bytes.size() > kMaxDescriptorSetBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("descriptor set: want at most ", kMaxDescriptorSetBytes,
                     " bytes, got ", bytes.size()));
  }
  if (!set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::InvalidArgumentError(
        absl::StrCat("descriptor set: want a FileDescriptorSet, got ",
                     bytes.size(), " bytes that are none"));
  }
  return BuildDescriptorFiles(set.file());
}

absl::StatusOr<DescriptorFiles> BuildDescriptorFiles(
    const RepeatedPtrField<FileDescriptorProto>& files) {
  if (files.empty()) {
    return absl::InvalidArgumentError(
        "descriptor set: want at least one file, got none");
  }
  DescriptorFiles built;
  built.pool = std::make_unique<DescriptorPool>();
  SilentErrors errors;
  for (int i = 0; i < files.size(); ++i) {
    const FileDescriptor* file =
        built.pool->BuildFileCollectingErrors(files.Get(i), &errors);
    if (file == nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat("descriptor set: file[", i,
                       "]: want a file whose imports stand before it (protoc "
                       "--include_imports), got one that does not build"));
    }
    built.files.push_back(file);
  }
  return built;
}

bool IsShippedFile(const FileDescriptor& file) {
  return file.package() == "google.protobuf" ||
         absl::StartsWith(file.package(), "google.protobuf.") ||
         file.package() == "subrosa.v1";
}

}  // namespace subrosa
