#include "src/base/textproto_file.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/io/tokenizer.h"
#include "src/base/status_macros.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;
using ::google::protobuf::TextFormat;

// Protobuf's messages begin with a capital and end with a full stop; ours do
// neither.
std::string InOurWords(const std::string& message) {
  std::string said =
      absl::StrCat(absl::AsciiStrToLower(message.substr(0, 1)),
                   message.size() > 1 ? message.substr(1) : std::string());
  while (!said.empty() && said.back() == '.') said.pop_back();
  return said;
}

class FirstError final : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber,
                const std::string& message) override {
    if (!message_.empty()) return;
    line_ = std::max(line, 0) + 1;
    message_ = InOurWords(message);
  }
  int line() const { return line_; }
  const std::string& message() const { return message_; }

 private:
  int line_ = 1;
  std::string message_;
};

}  // namespace

absl::Status TextprotoFile::Read(size_t limit_bytes, Message* message) {
  if (text_.size() > limit_bytes) {
    return absl::InvalidArgumentError(absl::StrCat(
        name_, ": want at most ", limit_bytes, " bytes, got ", text_.size()));
  }
  FirstError error;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  parser.WriteLocationsTo(&places_);
  parser.SetRecursionLimit(kMaxTextprotoDepth);
  if (parser.ParseFromString(std::string(text_), message)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(name_, ":", error.line(), ": ", error.message()));
}

absl::Status TextprotoFile::At(const Message& message, const std::string& field,
                               int index, const absl::Status& status) const {
  if (status.ok()) return status;
  const auto* const descriptor =
      message.GetDescriptor()->FindFieldByName(field);
  const auto location = places_.GetLocation(descriptor, index);
  return Annotate(status,
                  absl::StrCat(name_, ":", std::max(location.line, 0) + 1));
}

absl::Status TextprotoFile::At(const absl::Status& status) const {
  return Annotate(status, absl::StrCat(name_, ":1"));
}

}  // namespace subrosa
