// One walk over a message's wire bytes along its MarkPlan. Internal to this
// room: Classifier sums up what a walk meets, or explains it.
//
// The walk reads each byte at most twice (a message that holds several codes is
// read once more for them), allocates nothing, and never reads outside the
// bytes given, whatever they are.
#ifndef SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_
#define SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "absl/base/attributes.h"
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

// The functions below read one part of the bytes from `at` to `end`, and return
// where the next part begins, or null if the bytes are malformed.

const char* ReadLongVarint(const char* at, const char* end, uint64_t* value);

inline const char* ReadVarint(const char* at, const char* end,
                              uint64_t* value) {
  if (ABSL_PREDICT_TRUE(at < end && static_cast<uint8_t>(*at) < 0x80)) {
    *value = static_cast<uint8_t>(*at);
    return at + 1;
  }
  return ReadLongVarint(at, end, value);
}

inline const char* ReadTag(const char* at, const char* end, uint32_t* number,
                           uint8_t* wire_type) {
  uint64_t tag;
  at = ReadVarint(at, end, &tag);
  if (at == nullptr || tag > UINT32_MAX || tag < 8) return nullptr;
  *number = static_cast<uint32_t>(tag) >> 3;
  *wire_type = tag & 7;
  return at;
}

inline const char* ReadBytes(const char* at, const char* end,
                             absl::string_view* bytes) {
  uint64_t size;
  at = ReadVarint(at, end, &size);
  if (at == nullptr || size > static_cast<uint64_t>(end - at)) return nullptr;
  *bytes = absl::string_view(at, size);
  return at + size;
}

// Also says whether any of the `size` bytes (4 or 8) is not zero.
inline const char* ReadFixed(const char* at, const char* end, size_t size,
                             bool* not_zero) {
  if (static_cast<size_t>(end - at) < size) return nullptr;
  uint64_t value = 0;
  std::memcpy(&value, at, size);
  *not_zero = value != 0;
  return at + size;
}

// Passes over a value of `wire_type`; a group, to its end. On null, `*why` says
// what was wrong. There is no field 0, and no value of type kEndGroup.
const char* SkipValue(const char* at, const char* end, uint32_t number,
                      uint8_t wire_type, int depth_left, WalkEnd* why);

// What a walk learns beside what its sink takes.
struct WalkContext {
  const CodeTable* codes = nullptr;

  // The rule for the record's foreign type, and whether a code said more
  // closely what the record is.
  const CodeRule* type_rule = nullptr;
  bool coded = false;
};

// A Sink has:
//   void Message(const MarkPlan&, absl::string_view bytes);
//   void Field(const FieldMarkPlan&, absl::string_view bytes);   // present
//   void Enter(const FieldMarkPlan&);                            // then below
//   it void Leave(); void Code(const CodeRule&, absl::string_view bytes); void
//   Unmarked();
template <typename Sink>
class WireWalk {
 public:
  WireWalk(WalkContext* context, Sink* sink) : context_(context), sink_(sink) {}

  // Walks `bytes` as a message of `plan`'s type, at most `depth` deep.
  WalkEnd Run(const MarkPlan& plan, absl::string_view bytes, int depth) {
    sink_->Message(plan, bytes);
    const char* const end = bytes.data() + bytes.size();
    const char* const stopped =
        Fields(plan, bytes.data(), end, /*group=*/0, depth,
               /*says_record=*/true);
    return stopped == nullptr ? why_ : WalkEnd::kDone;
  }

 private:
  // The last system and code of a message, and how many codes it has.
  struct Coding {
    absl::string_view system;
    absl::string_view code;
    int codes = 0;
  };

  // Walks the fields of one message, to `end` or, for a group, to its end tag.
  // Returns where it stopped; null on an error, which is then in `why_`.
  // `says_record`: a code here says what the record is.
  const char* Fields(const MarkPlan& plan, const char* at, const char* end,
                     uint32_t group, int depth_left, bool says_record) {
    if (ABSL_PREDICT_FALSE(depth_left == 0)) return Fail(WalkEnd::kTooDeep);
    const char* const start = at;
    Coding coding;
    while (at != end) {
      uint32_t number;
      uint8_t wire_type;
      const FieldMarkPlan* field;
      const uint8_t first = static_cast<uint8_t>(*at);
      if (ABSL_PREDICT_TRUE(first < 0x80)) {  // A tag of one byte.
        number = first >> 3;
        wire_type = first & 7;
        field = plan.low[number];
        ++at;
      } else {
        at = ReadTag(at, end, &number, &wire_type);
        if (at == nullptr) return Fail(WalkEnd::kMalformed);
        field = plan.Find(number);
      }
      if (ABSL_PREDICT_FALSE(field == nullptr || !Fits(*field, wire_type))) {
        if (wire_type == kEndGroup && number == group && group != 0) {
          group = 0;
          break;
        }
        sink_->Unmarked();
        at = SkipValue(at, end, number, wire_type, depth_left, &why_);
        if (at == nullptr) return nullptr;
        continue;
      }
      const char* const value_at = at;
      absl::string_view value;
      bool present;
      switch (wire_type) {
        case kVarint: {
          uint64_t scalar;
          at = ReadVarint(at, end, &scalar);
          present = scalar != 0 || !field->absent_if_default;
          break;
        }
        case kBytes:
          at = ReadBytes(at, end, &value);
          // An empty packed field has no element.
          present = !value.empty() ||
                    (!field->absent_if_default && field->wire_type == kBytes);
          break;
        case kStartGroup:
          at = Group(*field, at, end, depth_left, says_record);
          if (at == nullptr) return nullptr;
          continue;
        default: {  // kFixed64, kFixed32
          bool not_zero = false;
          at = ReadFixed(at, end, wire_type == kFixed64 ? 8 : 4, &not_zero);
          present = not_zero || !field->absent_if_default;
          break;
        }
      }
      if (ABSL_PREDICT_FALSE(at == nullptr)) return Fail(WalkEnd::kMalformed);
      if (!present) continue;
      if (wire_type != kBytes) {
        sink_->Field(*field, absl::string_view(value_at, at - value_at));
        continue;
      }
      sink_->Field(*field, value);
      if (field->below != nullptr) {
        sink_->Enter(*field);
        sink_->Message(*field->below, value);
        const char* const stopped = Fields(
            *field->below, value.data(), value.data() + value.size(),
            /*group=*/0, depth_left - 1, says_record && field->from_parent);
        sink_->Leave();
        if (ABSL_PREDICT_FALSE(stopped == nullptr)) return nullptr;
      } else if (field->role != v1::FIELD_ROLE_UNSPECIFIED) {
        TakeRole(field->role, value, &coding);
      }
    }
    if (ABSL_PREDICT_FALSE(group != 0)) {
      return Fail(WalkEnd::kMalformed);  // A group without its end.
    }
    if (coding.codes > 0) LookUp(plan, coding, start, at, says_record);
    return at;
  }

  static bool Fits(const FieldMarkPlan& field, uint8_t wire_type) {
    return wire_type == field.wire_type ||
           (wire_type == kBytes && field.may_be_packed);
  }

  const char* Fail(WalkEnd why) {
    why_ = why;
    return nullptr;
  }

  // Rare, and kept out of the frame of `Fields`, which every message pays for.
  ABSL_ATTRIBUTE_NOINLINE
  const char* Group(const FieldMarkPlan& field, const char* at, const char* end,
                    int depth_left, bool says_record) {
    const absl::string_view here(at, 0);  // Its end is not known yet.
    sink_->Field(field, here);
    const uint32_t number = field.descriptor->number();
    if (field.below == nullptr) {
      return SkipValue(at, end, number, kStartGroup, depth_left, &why_);
    }
    sink_->Enter(field);
    sink_->Message(*field.below, here);
    at = Fields(*field.below, at, end, number, depth_left - 1,
                says_record && field.from_parent);
    sink_->Leave();
    return at;
  }

  void TakeRole(v1::FieldRole role, absl::string_view value, Coding* coding) {
    if (role == v1::FIELD_ROLE_CODE_SYSTEM) {
      coding->system = value;
    } else if (role == v1::FIELD_ROLE_CODE) {
      coding->code = value;
      ++coding->codes;
    } else if (role == v1::FIELD_ROLE_RESOURCE_TYPE) {
      context_->type_rule =
          context_->codes->Find(CodeTable::kFhirResourceTypes, value);
    }
  }

  // Looks up the codes of the message whose fields, found well-formed, lie from
  // `at` to `end`.
  ABSL_ATTRIBUTE_NOINLINE
  void LookUp(const MarkPlan& plan, const Coding& coding, const char* at,
              const char* end, bool says_record) {
    if (ABSL_PREDICT_TRUE(coding.codes == 1)) {
      LookUpOne(coding.system, coding.code, says_record);
      return;
    }
    // Several codes of one system in one message: read them again, one by one.
    while (at != end) {
      uint32_t number;
      uint8_t wire_type;
      at = ReadTag(at, end, &number, &wire_type);
      if (at == nullptr || wire_type == kEndGroup) return;
      const FieldMarkPlan* const field = plan.Find(number);
      if (field != nullptr && field->role == v1::FIELD_ROLE_CODE &&
          wire_type == kBytes) {
        absl::string_view code;
        at = ReadBytes(at, end, &code);
        LookUpOne(coding.system, code, says_record);
      } else {
        WalkEnd why;
        at = SkipValue(at, end, number, wire_type, kAnyDepth, &why);
      }
      if (at == nullptr) return;
    }
  }

  void LookUpOne(absl::string_view system, absl::string_view code,
                 bool says_record) {
    const CodeRule* rule = context_->codes->Find(system, code);
    if (rule == nullptr) return;
    sink_->Code(*rule, code);
    context_->coded |= says_record && !rule->adds.categories.empty();
  }

  // Enough for whatever the first reading let pass.
  static constexpr int kAnyDepth = 1 << 16;

  WalkContext* const context_;
  Sink* const sink_;
  WalkEnd why_ = WalkEnd::kDone;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_WIRE_WALK_H_
