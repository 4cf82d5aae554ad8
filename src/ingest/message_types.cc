#include "src/ingest/message_types.h"

#include <string>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/annotations.pb.h"
#include "subrosa/v1/body.pb.h"
#include "subrosa/v1/clinical.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/sample.pb.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Descriptor;
using ::google::protobuf::DescriptorPool;
using ::google::protobuf::FileDescriptorProto;
using ::google::protobuf::FileDescriptorSet;

constexpr size_t kMaxDescriptorSetBytes = size_t{16} << 20;

// The pool knows a file only if the program links it, and the linker drops what
// nobody names; so name one message of each payload file.
void KeepPayloadsLinked() {
  v1::SubscriptionEvent::descriptor();
  v1::SleepSession::descriptor();
  v1::FhirResource::descriptor();
  v1::HealthRecord::descriptor();
  v1::HealthSample::descriptor();
  v1::MoodCheckIn::descriptor();
}

// Hears, and drops, what protobuf would otherwise print: it may quote the file.
class SilentCollector final : public DescriptorPool::ErrorCollector {
  void AddError(const std::string&, const std::string&,
                const google::protobuf::Message*, ErrorLocation,
                const std::string&) override {}
};

}  // namespace

const MessageTypes* MessageTypes::Linked() {
  static const MessageTypes* const linked = [] {
    KeepPayloadsLinked();
    return new MessageTypes();
  }();
  return linked;
}

absl::StatusOr<std::unique_ptr<MessageTypes>> MessageTypes::LoadDescriptorSet(
    const std::string& path) {
  KeepPayloadsLinked();
  SUBROSA_ASSIGN_OR_RETURN(const std::string bytes,
                           ReadFile(path, kMaxDescriptorSetBytes));
  FileDescriptorSet set;
  if (!set.ParseFromString(bytes) || set.file_size() == 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        path, ": want a FileDescriptorSet with at least one file, got ",
        bytes.size(), " bytes that are none"));
  }
  auto types = std::unique_ptr<MessageTypes>(new MessageTypes());
  SilentCollector collector;
  for (int i = 0; i < set.file_size(); ++i) {
    if (types->loaded_.BuildFileCollectingErrors(set.file(i), &collector) ==
        nullptr) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ": file[", i,
                       "]: want a file whose imports stand before it (protoc "
                       "--include_imports), got one that does not build"));
    }
  }
  return types;
}

const Descriptor* MessageTypes::Find(absl::string_view full_name) const {
  const std::string name(full_name);
  const Descriptor* const linked =
      DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  return linked != nullptr ? linked : loaded_.FindMessageTypeByName(name);
}

const Descriptor* MessageTypes::FindByUrl(absl::string_view type_url) const {
  const size_t slash = type_url.rfind('/');
  if (slash == absl::string_view::npos) return nullptr;
  return Find(type_url.substr(slash + 1));
}

std::unique_ptr<google::protobuf::Message> MessageTypes::New(
    const Descriptor* type) const {
  google::protobuf::MessageFactory* const factory =
      type->file()->pool() == DescriptorPool::generated_pool()
          ? google::protobuf::MessageFactory::generated_factory()
          : &factory_;
  return std::unique_ptr<google::protobuf::Message>(
      factory->GetPrototype(type)->New());
}

bool IsMarked(const Descriptor& type) {
  if (type.options().HasExtension(v1::message)) return true;
  for (int i = 0; i < type.field_count(); ++i) {
    if (type.field(i)->options().HasExtension(v1::field)) return true;
  }
  return false;
}

}  // namespace subrosa
