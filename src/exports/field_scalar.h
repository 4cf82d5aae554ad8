// One scalar of a message's field, whatever its type: read here once for all
// who write scalars down, each in its own form.
#ifndef SUBROSA_SRC_EXPORTS_FIELD_SCALAR_H_
#define SUBROSA_SRC_EXPORTS_FIELD_SCALAR_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace subrosa {

// A value of an enum, which its type may not name: a newer writer's.
struct EnumScalar {
  const google::protobuf::EnumDescriptor& type;
  int number = 0;
};

// As opposed to text.
struct BytesScalar {
  absl::string_view bytes;
};

// Calls `write` with the scalar of `field` in `message`: an int32_t, uint32_t,
// int64_t, uint64_t, double, float, bool, EnumScalar, BytesScalar or, of text,
// absl::string_view, which `write` has to take without a conversion. `index` is
// -1 unless `field` is repeated; views are valid during the call. A field of
// messages has no scalar: nothing is called.
//
// A template, since a copy of a consumer's data comes through here for each of
// its values.
template <typename Write>
void WriteScalar(const google::protobuf::Message& message,
                 const google::protobuf::FieldDescriptor& field, int index,
                 const Write& write) {
  using Field = google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  const bool one = index < 0;
  switch (field.cpp_type()) {
    case Field::CPPTYPE_INT32:
      return write(
          int32_t{one ? reflection.GetInt32(message, &field)
                      : reflection.GetRepeatedInt32(message, &field, index)});
    case Field::CPPTYPE_UINT32:
      return write(
          uint32_t{one ? reflection.GetUInt32(message, &field)
                       : reflection.GetRepeatedUInt32(message, &field, index)});
    case Field::CPPTYPE_INT64:
      return write(
          int64_t{one ? reflection.GetInt64(message, &field)
                      : reflection.GetRepeatedInt64(message, &field, index)});
    case Field::CPPTYPE_UINT64:
      return write(
          uint64_t{one ? reflection.GetUInt64(message, &field)
                       : reflection.GetRepeatedUInt64(message, &field, index)});
    case Field::CPPTYPE_DOUBLE:
      return write(one ? reflection.GetDouble(message, &field)
                       : reflection.GetRepeatedDouble(message, &field, index));
    case Field::CPPTYPE_FLOAT:
      return write(one ? reflection.GetFloat(message, &field)
                       : reflection.GetRepeatedFloat(message, &field, index));
    case Field::CPPTYPE_BOOL:
      return write(one ? reflection.GetBool(message, &field)
                       : reflection.GetRepeatedBool(message, &field, index));
    case Field::CPPTYPE_ENUM:
      return write(EnumScalar{
          *field.enum_type(),
          one ? reflection.GetEnumValue(message, &field)
              : reflection.GetRepeatedEnumValue(message, &field, index)});
    case Field::CPPTYPE_STRING: {
      std::string scratch;
      const std::string& text =
          one ? reflection.GetStringReference(message, &field, &scratch)
              : reflection.GetRepeatedStringReference(message, &field, index,
                                                      &scratch);
      return field.type() == Field::TYPE_BYTES ? write(BytesScalar{text})
                                               : write(absl::string_view(text));
    }
    case Field::CPPTYPE_MESSAGE:
      return;
  }
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_FIELD_SCALAR_H_
