// MessageTypes are the messages that a file may carry and a record may hold:
// those that the project ships, and a service's own from a descriptor set.
//
// Thread-safe once made.
#ifndef SUBROSA_SRC_INGEST_MESSAGE_TYPES_H_
#define SUBROSA_SRC_INGEST_MESSAGE_TYPES_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/dynamic_message.h"
#include "google/protobuf/message.h"

namespace subrosa {

class MessageTypes {
 public:
  // The messages that are linked into this program: what the project ships, and
  // what a service links beside it. Never null; lives as long as the program.
  static const MessageTypes* Linked();

  // Linked types and those of the descriptor set at `path` (a serialised
  // google.protobuf.FileDescriptorSet, made by `protoc --include_imports
  // --descriptor_set_out`), at most 16 MiB. A name that is linked means the
  // linked type.
  //
  // Returns NOT_FOUND, PERMISSION_DENIED or UNAVAILABLE as the file does, and
  // INVALID_ARGUMENT for a directory, for what is no descriptor set, and for
  // one that lacks a file that it imports.
  static absl::StatusOr<std::unique_ptr<MessageTypes>> LoadDescriptorSet(
      const std::string& path);

  MessageTypes(const MessageTypes&) = delete;
  MessageTypes& operator=(const MessageTypes&) = delete;

  // The message called `full_name` ("subrosa.v1.MoodCheckIn"), or null. Owned
  // by this object.
  const google::protobuf::Descriptor* Find(absl::string_view full_name) const;

  // The message that an Any's `type_url` ("type.googleapis.com/NAME") names, or
  // null.
  const google::protobuf::Descriptor* FindByUrl(
      absl::string_view type_url) const;

  // The types that were loaded, without the linked ones; empty for Linked().
  const google::protobuf::DescriptorPool& loaded() const { return loaded_; }

  // An empty message of a type that Find gave. Freed by the caller, before this
  // object.
  std::unique_ptr<google::protobuf::Message> New(
      const google::protobuf::Descriptor* type) const;

 private:
  MessageTypes() = default;

  google::protobuf::DescriptorPool loaded_;
  mutable google::protobuf::DynamicMessageFactory factory_;
};

// True if `type` carries a mark: on itself, or on one of its fields. Only
// marked messages become records.
bool IsMarked(const google::protobuf::Descriptor& type);

}  // namespace subrosa

#endif  // SUBROSA_SRC_INGEST_MESSAGE_TYPES_H_
