#include "src/exports/path_value.h"

#include <cstddef>

#include "google/protobuf/descriptor.h"
#include "src/exports/payload_text.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;

const Message* ParentOf(const Message& payload, const ValuePath& path) {
  const Message* at = &payload;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const Reflection& reflection = *at->GetReflection();
    if (!reflection.HasField(*at, path[i])) return nullptr;
    at = &reflection.GetMessage(*at, path[i]);
  }
  return at;
}

}  // namespace

absl::Status AppendTextAt(const Message& payload, const ValuePath& path,
                          std::string* out) {
  const Message* const at = ParentOf(payload, path);
  if (at == nullptr) return absl::OkStatus();
  return AppendFieldText(*at, *path.back(), out);
}

std::optional<double> NumberAt(const Message& payload, const ValuePath& path) {
  const Message* const at = ParentOf(payload, path);
  const FieldDescriptor* const field = path.back();
  if (at == nullptr) return std::nullopt;
  const Reflection& reflection = *at->GetReflection();
  if (field->has_presence() && !reflection.HasField(*at, field)) {
    return std::nullopt;
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(*at, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(*at, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(*at, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<double>(reflection.GetUInt64(*at, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.GetFloat(*at, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(*at, field);
    default:
      return std::nullopt;
  }
}

}  // namespace subrosa
