// One walk over a message's wire bytes along its MessagePlan. Internal to this
// room: Classifier sums up what a walk meets, or explains it.
//
// The walk reads each byte at most twice (a message that holds several codes is
// read once more for them), allocates nothing, and never reads outside the
// bytes given, whatever they are.
#ifndef SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_
#define SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_

#include <cstdint>
#include <cstring>

#include "absl/base/optimization.h"
#include "absl/strings/string_view.h"
#include "src/classify/code_table.h"
#include "src/classify/mark_plan.h"

namespace subrosa {

// Wire types (protobuf encoding, "Message Structure").
enum : uint8_t {
  kVarint = 0,
  kFixed64 = 1,
  kBytes = 2,
  kStartGroup = 3,
  kEndGroup = 4,
  kFixed32 = 5,
};

// How a walk ended.
enum class WalkEnd {
  kDone,
  kMalformed,  // Not well-formed protobuf.
  kTooDeep,
};

// Reads the parts of wire bytes. After a false or null, the reader is used up.
class WireReader {
 public:
  explicit WireReader(absl::string_view bytes)
      : at_(bytes.data()), end_(bytes.data() + bytes.size()) {}

  bool done() const { return at_ == end_; }
  const char* at() const { return at_; }

  bool ReadVarint(uint64_t* value) {
    if (ABSL_PREDICT_TRUE(at_ < end_ && static_cast<uint8_t>(*at_) < 0x80)) {
      *value = static_cast<uint8_t>(*at_++);
      return true;
    }
    return ReadLongVarint(value);
  }

  bool ReadTag(uint32_t* number, uint8_t* wire_type) {
    uint64_t tag;
    if (!ReadVarint(&tag) || tag > UINT32_MAX || tag < 8) return false;
    *number = static_cast<uint32_t>(tag) >> 3;
    *wire_type = tag & 7;
    return true;
  }

  bool ReadBytes(absl::string_view* bytes) {
    uint64_t size;
    if (!ReadVarint(&size) || size > static_cast<uint64_t>(end_ - at_)) {
      return false;
    }
    *bytes = absl::string_view(at_, size);
    at_ += size;
    return true;
  }

  // Reads `size` bytes and says whether any of them is not zero.
  bool ReadFixed(size_t size, bool* not_zero) {
    if (static_cast<size_t>(end_ - at_) < size) return false;
    uint64_t value = 0;
    std::memcpy(&value, at_, size);
    *not_zero = value != 0;
    at_ += size;
    return true;
  }

  // Passes over a value of `wire_type`; a group, to its end.
  WalkEnd Skip(uint32_t number, uint8_t wire_type, int depth_left);

 private:
  bool ReadLongVarint(uint64_t* value);

  const char* at_;
  const char* end_;
};

// What a walk needs beside the plan.
struct WalkContext {
  const CodeTable* codes = nullptr;

  // The rule for the record's foreign type, and whether a code said more
  // closely what the record is.
  const CodeRule* type_rule = nullptr;
  bool coded = false;
};

// A Sink has:
//   void Message(const MessagePlan&, absl::string_view bytes);
//   void Field(const FieldPlan&, absl::string_view bytes);   // present
//   void Enter(const FieldPlan&);                            // then below it
//   void Leave();
//   void Code(const CodeRule&, absl::string_view bytes);
//   void Unmarked();
template <typename Sink>
class WireWalk {
 public:
  WireWalk(WalkContext* context, Sink* sink) : context_(context), sink_(sink) {}

  // Walks `bytes` as a message of `plan`'s type. `says_record`: a code here
  // says what the record is.
  WalkEnd Run(const MessagePlan& plan, absl::string_view bytes, int depth_left,
              bool says_record) {
    WireReader reader(bytes);
    return Fields(plan, bytes, &reader, /*group=*/0, depth_left, says_record);
  }

 private:
  WalkEnd Fields(const MessagePlan& plan, absl::string_view bytes,
                 WireReader* reader, uint32_t group, int depth_left,
                 bool says_record) {
    if (ABSL_PREDICT_FALSE(depth_left == 0)) return WalkEnd::kTooDeep;
    const char* const start = reader->at();
    sink_->Message(plan, bytes);
    Coding coding;
    while (!reader->done()) {
      uint32_t number;
      uint8_t wire_type;
      if (!reader->ReadTag(&number, &wire_type)) return WalkEnd::kMalformed;
      if (ABSL_PREDICT_FALSE(wire_type == kEndGroup)) {
        if (number != group) return WalkEnd::kMalformed;
        group = 0;
        break;
      }
      const FieldPlan* field = plan.Find(number);
      const WalkEnd end =
          ABSL_PREDICT_TRUE(field != nullptr && Fits(*field, wire_type))
              ? Field(*field, wire_type, reader, depth_left, says_record,
                      &coding)
              : Unknown(number, wire_type, reader, depth_left);
      if (ABSL_PREDICT_FALSE(end != WalkEnd::kDone)) return end;
    }
    if (group != 0) return WalkEnd::kMalformed;  // A group without its end.
    if (plan.has_codes && coding.codes > 0) {
      const absl::string_view walked(start, reader->at() - start);
      LookUp(plan, coding, walked, says_record);
    }
    return WalkEnd::kDone;
  }

  // The last system and code of a message, and how many codes it has.
  struct Coding {
    absl::string_view system;
    absl::string_view code;
    int codes = 0;
  };

  static bool Fits(const FieldPlan& field, uint8_t wire_type) {
    return wire_type == field.wire_type ||
           (wire_type == kBytes && field.may_be_packed);
  }

  WalkEnd Unknown(uint32_t number, uint8_t wire_type, WireReader* reader,
                  int depth_left) {
    sink_->Unmarked();
    return reader->Skip(number, wire_type, depth_left);
  }

  WalkEnd Field(const FieldPlan& field, uint8_t wire_type, WireReader* reader,
                int depth_left, bool says_record, Coding* coding) {
    const char* const start = reader->at();
    absl::string_view value;
    bool present = true;
    switch (wire_type) {
      case kVarint: {
        uint64_t number;
        if (!reader->ReadVarint(&number)) return WalkEnd::kMalformed;
        present = number != 0 || !field.absent_if_default;
        break;
      }
      case kFixed64:
      case kFixed32: {
        bool not_zero;
        if (!reader->ReadFixed(wire_type == kFixed64 ? 8 : 4, &not_zero)) {
          return WalkEnd::kMalformed;
        }
        present = not_zero || !field.absent_if_default;
        break;
      }
      case kBytes:
        if (!reader->ReadBytes(&value)) return WalkEnd::kMalformed;
        // An empty packed field has no element.
        present = !value.empty() ||
                  (!field.absent_if_default && field.wire_type == kBytes);
        break;
      default:  // kStartGroup
        break;
    }
    if (!present) return WalkEnd::kDone;
    if (wire_type == kStartGroup) {
      return Group(field, reader, depth_left, says_record);
    }
    sink_->Field(field, wire_type == kBytes
                            ? value
                            : absl::string_view(start, reader->at() - start));
    if (field.below != nullptr) {
      sink_->Enter(field);
      const WalkEnd end = Run(*field.below, value, depth_left - 1,
                              says_record && field.from_parent);
      sink_->Leave();
      return end;
    }
    switch (field.role) {
      case v1::FIELD_ROLE_CODE_SYSTEM:
        coding->system = value;
        break;
      case v1::FIELD_ROLE_CODE:
        coding->code = value;
        ++coding->codes;
        break;
      case v1::FIELD_ROLE_RESOURCE_TYPE:
        context_->type_rule =
            context_->codes->Find(CodeTable::kFhirResourceTypes, value);
        break;
      default:
        break;
    }
    return WalkEnd::kDone;
  }

  WalkEnd Group(const FieldPlan& field, WireReader* reader, int depth_left,
                bool says_record) {
    const absl::string_view rest(reader->at(), 0);
    sink_->Field(field, rest);
    const uint32_t number = field.descriptor->number();
    if (field.below == nullptr) {
      return reader->Skip(number, kStartGroup, depth_left);
    }
    sink_->Enter(field);
    const WalkEnd end =
        Fields(*field.below, rest, reader, number, depth_left - 1,
               says_record && field.from_parent);
    sink_->Leave();
    return end;
  }

  void LookUp(const MessagePlan& plan, const Coding& coding,
              absl::string_view walked, bool says_record) {
    if (ABSL_PREDICT_TRUE(coding.codes == 1)) {
      LookUpOne(coding.system, coding.code, says_record);
      return;
    }
    // Several codes of one system in one message: read them again, one by one.
    // The bytes were found well-formed above.
    WireReader reader(walked);
    uint32_t number;
    uint8_t wire_type;
    while (!reader.done() && reader.ReadTag(&number, &wire_type)) {
      const FieldPlan* field = plan.Find(number);
      absl::string_view code;
      if (field != nullptr && field->role == v1::FIELD_ROLE_CODE &&
          wire_type == kBytes) {
        if (!reader.ReadBytes(&code)) return;
        LookUpOne(coding.system, code, says_record);
      } else if (wire_type == kEndGroup ||
                 reader.Skip(number, wire_type, /*depth_left=*/1 << 20) !=
                     WalkEnd::kDone) {
        return;
      }
    }
  }

  void LookUpOne(absl::string_view system, absl::string_view code,
                 bool says_record) {
    const CodeRule* rule = context_->codes->Find(system, code);
    if (rule == nullptr) return;
    sink_->Code(*rule, code);
    context_->coded |= says_record && !rule->adds.categories.empty();
  }

  WalkContext* context_;
  Sink* sink_;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_
