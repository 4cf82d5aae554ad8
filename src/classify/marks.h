// Reads the marks of subrosa/v1/annotations.proto from descriptions of
// messages, wherever these come from: linked-in code, or a FileDescriptorSet
// read at run time.
//
// Safe from any thread. Nothing is kept; the results are copies.
#ifndef SUBROSA_SRC_CLASSIFY_MARKS_H_
#define SUBROSA_SRC_CLASSIFY_MARKS_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "subrosa/v1/annotations.pb.h"

namespace subrosa {

// The mark of `field`; an empty mark where it has none.
//
// INVALID_ARGUMENT, `full.name: want …, got …`, if a number in it is not one of
// the taxonomy known here, or `not_personal` stands beside another mark or over
// one: on a message that holds, at any depth, what a mark says is of a person.
absl::StatusOr<v1::FieldMark> MarkOf(
    const google::protobuf::FieldDescriptor& field);

// The mark of `message`, with the same errors.
absl::StatusOr<v1::MessageMark> MarkOf(
    const google::protobuf::Descriptor& message);

// True if `mark` says anything at all.
bool IsMarked(const v1::FieldMark& mark);

// What a mark that MarkOf returned says of a record.
Classification KindsOf(const v1::FieldMark& mark);
Classification KindsOf(const v1::MessageMark& mark);

// True for a field that needs no mark of its own: it holds a message (or a map
// of messages) whose fields say what they are without looking at their parent.
bool SpeaksThroughItsFields(const google::protobuf::FieldDescriptor& field);

// True for messages that stand for one value and whose own fields carry no
// marks: those of package google.protobuf (Timestamp, Duration, ...). The mark
// of the field that holds one says what it is.
bool IsSingleValue(const google::protobuf::Descriptor& message);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_MARKS_H_
