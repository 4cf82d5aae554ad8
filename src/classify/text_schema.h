// Descriptions of messages written as text, for tests: what a service's own
// schema looks like to us when it is read from a file at run time.
#ifndef SUBROSA_SRC_CLASSIFY_TEXT_SCHEMA_H_
#define SUBROSA_SRC_CLASSIFY_TEXT_SCHEMA_H_

#include <memory>
#include <string>

#include "google/protobuf/descriptor.h"

namespace subrosa {

// A pool of its own, which knows nothing of the linked-in messages.
class TextSchema {
 public:
  // `fields` is the text form of google.protobuf.DescriptorProto fields for the
  // message test.Payload ("name" excepted) in test.proto; `more` is text for
  // the file beside it. It goes through serialized bytes, as a descriptor set
  // that protoc wrote does. Aborts if the text is wrong.
  explicit TextSchema(const std::string& fields, const std::string& more = "",
                      const std::string& syntax = "proto3");

  const google::protobuf::DescriptorPool& pool() const { return pool_; }
  const google::protobuf::Descriptor& payload() const { return *payload_; }

 private:
  google::protobuf::DescriptorPool pool_;
  const google::protobuf::Descriptor* payload_ = nullptr;
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_TEXT_SCHEMA_H_
