#include "src/classify/free_text_redactor.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/classify/classification.h"
#include "src/classify/marks.h"

namespace subrosa {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// A copy of a text in which spans, given in order, are replaced.
class TextRewrite {
 public:
  explicit TextRewrite(absl::string_view text) : text_(text) {}

  // Where the text has been copied up to.
  size_t copied() const { return copied_; }

  void Replace(size_t begin, size_t end, absl::string_view with) {
    absl::StrAppend(&out_, text_.substr(copied_, begin - copied_), with);
    copied_ = end;
  }

  std::string Finish() { return absl::StrCat(out_, text_.substr(copied_)); }

 private:
  const absl::string_view text_;
  std::string out_;
  size_t copied_ = 0;
};

// Replaces what is found in a document, match by match in their order.
class DocumentRewrite {
 public:
  DocumentRewrite(absl::string_view text, const DocumentProse& prose)
      : text_(text), said_(prose.said()), rewrite_(text) {}

  void Replace(const ByteSpan& match, absl::string_view with) {
    const size_t end = match.offset + match.length;
    bool is_said = false;
    for (; next_ < said_.size() && said_[next_].span.offset < end; ++next_) {
      const DocumentProse::Said& said = said_[next_];
      const size_t said_end = said.span.offset + said.span.length;
      if (said_end <= match.offset) continue;
      is_said = true;
      ReplaceIn(said, std::max(match.offset, said.span.offset),
                std::min(end, said_end), with);
      if (said_end > end) break;  // The next match may stand in it too.
    }
    if (!is_said && !IsName(text_.substr(match.offset, match.length))) {
      rewrite_.Replace(match.offset, end, with);
    }
  }

  std::string Finish() { return rewrite_.Finish(); }

 private:
  // A member's, an element's or an attribute's.
  static bool IsName(absl::string_view text) {
    return absl::ascii_isalpha(static_cast<unsigned char>(text[0])) &&
           std::all_of(text.begin(), text.end(), [](char c) {
             return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
                    c == '_' || c == '-';
           });
  }

  void ReplaceIn(const DocumentProse::Said& said, size_t begin, size_t end,
                 absl::string_view with) {
    const size_t said_end = said.span.offset + said.span.length;
    if (said.bare) {
      if (said.span.offset < rewrite_.copied()) return;  // Done already.
      rewrite_.Replace(said.span.offset, said_end,
                       absl::StrCat("\"", with, "\""));
      return;
    }
    if (said.escaped) {
      begin = EscapeEnd(said.span.offset, begin);
      end = std::min(EscapeEnd(said.span.offset, end), said_end);
    }
    if (begin < end) rewrite_.Replace(begin, end, with);
  }

  // `place`, or where the escape ends that it would cut; `first` is where the
  // string begins. No place comes before the last one asked for.
  size_t EscapeEnd(size_t first, size_t place) {
    whole_ = std::max(whole_, first);
    while (whole_ < place) {
      if (text_[whole_] != '\\') {
        ++whole_;
      } else {
        whole_ += text_.substr(whole_ + 1, 1) == "u" ? 6 : 2;
      }
    }
    return whole_;
  }

  const absl::string_view text_;
  const std::vector<DocumentProse::Said>& said_;
  size_t next_ = 0;   // Of what is said, the first that may hold a match.
  size_t whole_ = 0;  // No escape is cut here.
  TextRewrite rewrite_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<FreeTextRedactor>> FreeTextRedactor::Create(
    const TextScanner& scanner) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<TextScanner::Scratch> scratch,
                           scanner.NewScratch());
  return std::unique_ptr<FreeTextRedactor>(
      new FreeTextRedactor(scanner, std::move(scratch)));
}

absl::Status FreeTextRedactor::Redact(Replacement replacement,
                                      Message* payload) {
  return RedactMessage(replacement, "payload", payload);
}

absl::Status FreeTextRedactor::RedactMessage(Replacement replacement,
                                             const std::string& path,
                                             Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string below = absl::StrCat(path, ".", field->name());
    const int count =
        field->is_repeated() ? reflection.FieldSize(*message, field) : 1;
    if (field->message_type() != nullptr) {
      if (IsSingleValue(*field->message_type())) continue;
      for (int i = 0; i < count; ++i) {
        SUBROSA_RETURN_IF_ERROR(RedactMessage(
            replacement, below,
            field->is_repeated()
                ? reflection.MutableRepeatedMessage(message, field, i)
                : reflection.MutableMessage(message, field)));
      }
      continue;
    }
    if (field->type() != FieldDescriptor::TYPE_STRING) continue;
    const auto mark = MarkOf(*field);
    if (!mark.ok() || !mark->free_text()) continue;
    for (int i = 0; i < count; ++i) {
      SUBROSA_ASSIGN_OR_RETURN(
          std::string text,
          RedactText(replacement, below,
                     field->is_repeated()
                         ? reflection.GetRepeatedString(*message, field, i)
                         : reflection.GetString(*message, field)));
      if (field->is_repeated()) {
        reflection.SetRepeatedString(message, field, i, std::move(text));
      } else {
        reflection.SetString(message, field, std::move(text));
      }
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> FreeTextRedactor::RedactText(
    Replacement replacement, absl::string_view path, const std::string& text) {
  const bool is_document = prose_.Read(text);
  SUBROSA_RETURN_IF_ERROR(scanner_.Scan(
      is_document ? prose_.ScanText(text) : absl::string_view(text),
      scratch_.get(), &matches_));
  if (matches_.empty()) return text;
  TextRewrite plain(text);
  DocumentRewrite document(text, prose_);
  for (const TextMatch& match : matches_) {
    const ByteSpan& span = match.span;
    if (is_document && prose_.IsStructure(span)) continue;
    const std::optional<std::string> with = replacement(
        match, path, absl::string_view(text).substr(span.offset, span.length));
    if (!with.has_value()) continue;
    if (is_document) {
      document.Replace(span, *with);
    } else {
      plain.Replace(span.offset, span.offset + span.length, *with);
    }
  }
  return is_document ? document.Finish() : plain.Finish();
}

}  // namespace subrosa
