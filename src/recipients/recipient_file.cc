#include "src/recipients/recipient_file.h"

#include <set>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/ingest/json_decoder.h"
#include "src/ingest/json_padding.h"
#include "src/ingest/message_plan.h"
#include "src/ingest/message_types.h"
#include "src/recipients/recipient_check.h"

namespace subrosa {
namespace {

// Puts the place of the recipient at `index` before an error.
class Places {
 public:
  Places(const TextprotoFile* text, absl::string_view name,
         const v1::RecipientFile& file)
      : text_(text), name_(name), file_(file) {}

  absl::Status At(int index, const absl::Status& status) const {
    if (text_ != nullptr) return text_->At(file_, "recipient", index, status);
    return Annotate(status, absl::StrCat(name_, ": recipient[", index, "]"));
  }

 private:
  const TextprotoFile* const text_;  // Null: the file is JSON.
  const absl::string_view name_;
  const v1::RecipientFile& file_;
};

absl::Status CheckAll(const v1::RecipientFile& file, const Places& places,
                      const LawBook& law, absl::CivilDay today) {
  std::set<absl::string_view> ids;
  for (int i = 0; i < file.recipient_size(); ++i) {
    const v1::Recipient& recipient = file.recipient(i);
    SUBROSA_RETURN_IF_ERROR(
        places.At(i, CheckRecipient(recipient, law, today)));
    if (!ids.insert(recipient.id()).second) {
      return places.At(i, absl::InvalidArgumentError(
                              "id: want one that no other recipient of the "
                              "file has, got one twice"));
    }
  }
  return absl::OkStatus();
}

absl::Status ReadJson(absl::string_view name, absl::string_view text,
                      v1::RecipientFile* file) {
  if (text.size() > kMaxRecipientFileBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": want at most ", kMaxRecipientFileBytes,
                     " bytes, got ", text.size()));
  }
  const std::string padded =
      absl::StrCat(text, std::string(kJsonPaddingBytes, '\0'));
  MessagePlans plans(MessageTypes::Linked());
  JsonDecoder decoder(&plans);
  std::string wire;
  SUBROSA_RETURN_IF_ERROR(Annotate(
      decoder.Decode(absl::string_view(padded).substr(0, text.size()),
                     *plans.For(v1::RecipientFile::descriptor()), &wire),
      name));
  return file->ParseFromString(wire)
             ? absl::OkStatus()
             : absl::InternalError(
                   "recipient file: what was decoded does not "
                   "parse");
}

}  // namespace

absl::StatusOr<std::vector<v1::Recipient>> ParseRecipientFile(
    absl::string_view name, absl::string_view text, const LawBook& law,
    absl::CivilDay today) {
  v1::RecipientFile file;
  TextprotoFile textproto(name, text);
  const absl::string_view start = absl::StripLeadingAsciiWhitespace(text);
  const bool is_json = !start.empty() && start[0] == '{';
  SUBROSA_RETURN_IF_ERROR(is_json
                              ? ReadJson(name, text, &file)
                              : textproto.Read(kMaxRecipientFileBytes, &file));
  if (file.recipient().empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(name, ": recipient: want at least one, got none"));
  }
  SUBROSA_RETURN_IF_ERROR(CheckAll(
      file, Places(is_json ? nullptr : &textproto, name, file), law, today));
  return std::vector<v1::Recipient>(file.recipient().begin(),
                                    file.recipient().end());
}

}  // namespace subrosa
