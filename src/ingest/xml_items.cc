#include "src/ingest/xml_items.h"

#include <expat.h>

#include <algorithm>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/ingest/reader_options.h"
#include "src/ingest/xml_name_joiner.h"
#include "src/ingest/xml_prolog.h"

namespace subrosa {
namespace {

absl::Status Wrong(absl::string_view want, absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat("XML: want ", want, ", got ", got));
}

// Below a space, but for a tab, a line feed and a carriage return, which XML
// allows. Ranges alone, which compilers turn into a few instructions for 16
// bytes: a whole document is looked through.
constexpr bool IsForbidden(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < '\t') | (static_cast<unsigned char>(byte - 11) < 2) |
         (static_cast<unsigned char>(byte - 14) < 18);
}

bool HoldsForbidden(absl::string_view bytes) {
  bool found = false;
  for (const char c : bytes) found |= IsForbidden(c);
  return found;
}

bool IsUtf16(absl::string_view bytes) {
  return absl::StartsWith(bytes, "\xFF\xFE") ||
         absl::StartsWith(bytes, "\xFE\xFF") ||
         absl::StartsWith(bytes, absl::string_view("<\0", 2)) ||
         absl::StartsWith(bytes, absl::string_view("\0<", 2));
}

}  // namespace

class XmlItems::Parser {
 public:
  Parser(DocumentBytes* source, XmlVisitor* visitor, size_t max_item_bytes,
         XmlText text, XmlNames names)
      : source_(source),
        visitor_(visitor),
        max_item_bytes_(max_item_bytes),
        text_(text),
        joins_names_(names == XmlNames::kJoined),
        expat_(XML_ParserCreate(nullptr)) {
    XML_SetUserData(expat_, this);
    XML_SetElementHandler(expat_, OnStart, OnEnd);
    XML_SetXmlDeclHandler(expat_, OnDeclaration);
    Listen(text == XmlText::kWanted);
  }
  ~Parser() { XML_ParserFree(expat_); }

  absl::StatusOr<Step> Next() {
    item_ended_ = false;
    for (;;) {
      XML_Status status;
      if (is_suspended_) {
        is_suspended_ = false;
        status = XML_ResumeParser(expat_);
      } else {
        if (at_end_) return Step::kEnd;
        SUBROSA_ASSIGN_OR_RETURN(status, Feed());
      }
      if (!fault_.ok()) return fault_;
      if (status == XML_STATUS_ERROR) return NotWellFormed();
      is_suspended_ = status == XML_STATUS_SUSPENDED;
      if (item_ended_) return HowItemEnded();
    }
  }

  absl::string_view raw() const {
    return absl::string_view(window_).substr(
        static_cast<size_t>(item_begin_ - window_begin_),
        static_cast<size_t>(item_end_ - item_begin_));
  }
  uint64_t offset() const { return item_begin_; }
  uint64_t bytes_read() const { return fed_; }

 private:
  static Parser& Of(void* self) { return *static_cast<Parser*>(self); }

  static void XMLCALL OnStart(void* self, const char* name,
                              const char** attributes) {
    Of(self).Start(name, attributes);
  }
  static void XMLCALL OnEnd(void* self, const char* name) {
    Of(self).End(name);
  }
  static void XMLCALL OnText(void* self, const char* text, int size) {
    Of(self).visitor_->Text(absl::string_view(text, static_cast<size_t>(size)));
  }
  static void XMLCALL OnDeclaration(void* self, const char* /*version*/,
                                    const char* encoding, int /*standalone*/) {
    // What is kept of an item are its bytes, which are to be UTF-8 then.
    if (encoding == nullptr || absl::EqualsIgnoreCase(encoding, "utf-8") ||
        absl::EqualsIgnoreCase(encoding, "us-ascii")) {
      return;
    }
    Of(self).Fail(Wrong("UTF-8",
                        "a declaration of another encoding: convert "
                        "it first"));
  }

  Step HowItemEnded() const {
    if (is_too_long_) return Step::kTooLong;
    return is_too_deep_ ? Step::kTooDeep : Step::kItem;
  }

  uint64_t Here() const {
    return static_cast<uint64_t>(XML_GetCurrentByteIndex(expat_));
  }

  void Fail(const absl::Status& fault) {
    if (!fault_.ok()) return;
    fault_ = fault;
    XML_StopParser(expat_, XML_FALSE);
  }

  void Listen(bool is_wanted) {
    if (listens_ == is_wanted) return;
    listens_ = is_wanted;
    XML_SetCharacterDataHandler(expat_, is_wanted ? OnText : nullptr);
  }

  void Start(const char* name, const char** attributes) {
    last_event_ = Here();
    if (++depth_ > kMaxDepth) {
      is_too_deep_ = true;
      if (item_depth_ == 0 || depth_ > kMaxXmlDepth) {
        Fail(Wrong(absl::StrCat("at most ", kMaxDepth, " levels"), "more"));
      }
      return;
    }
    if (item_depth_ == 0) {
      if (!visitor_->Begins(depth_, name, attributes)) return;
      item_depth_ = depth_;
      item_begin_ = last_event_;
      is_too_long_ = false;
      is_too_deep_ = false;
      is_dropped_ = false;
    }
    if (IsDropped()) return;
    visitor_->Start(name, attributes);
    if (text_ == XmlText::kAsked) Listen(visitor_->WantsText());
  }

  void End(const char* name) {
    last_event_ = Here();
    if (depth_ > kMaxDepth) {
      --depth_;
      return;
    }
    if (item_depth_ == 0) {
      visitor_->Left(name);
    } else {
      if (!IsDropped()) {
        visitor_->End(name);
        if (text_ == XmlText::kAsked) {
          Listen(depth_ != item_depth_ && visitor_->WantsText());
        }
      }
      if (depth_ == item_depth_) {
        if (text_ == XmlText::kWanted) Listen(true);
        item_depth_ = 0;
        item_end_ = last_event_ +
                    static_cast<uint64_t>(XML_GetCurrentByteCount(expat_));
        is_too_long_ |= item_end_ - item_begin_ > max_item_bytes_;
        item_ended_ = true;
        XML_StopParser(expat_, XML_TRUE);
      }
    }
    --depth_;
  }

  // Whether nothing more of the open item is visited: by where the tag stands,
  // however the document is cut into pieces.
  bool IsDropped() {
    if (!is_dropped_ && last_event_ - item_begin_ > max_item_bytes_) {
      is_too_long_ = true;
      is_dropped_ = true;
      Listen(false);
      visitor_->Drop();
    }
    return is_dropped_;
  }

  // Hands Expat the next bytes of the document.
  absl::StatusOr<XML_Status> Feed() {
    SUBROSA_ASSIGN_OR_RETURN(absl::string_view bytes, source_->Next());
    at_end_ = bytes.empty();
    if (fed_ == 0 && IsUtf16(bytes)) {
      return Wrong("UTF-8", "UTF-16: convert it first");
    }
    SUBROSA_RETURN_IF_ERROR(KeepWindow(bytes));
    fed_ += bytes.size();
    if (!prolog_.is_done()) {
      SUBROSA_ASSIGN_OR_RETURN(bytes, prolog_.Take(bytes, at_end_));
      if (bytes.empty() && !at_end_) return XML_STATUS_OK;
    }
    if (joins_names_) {
      bytes = joiner_.Take(bytes, at_end_);
      if (bytes.empty() && !at_end_) return XML_STATUS_OK;
    }
    if (HoldsForbidden(bytes)) {
      clean_.assign(bytes.data(), bytes.size());
      std::replace_if(clean_.begin(), clean_.end(), IsForbidden, ' ');
      bytes = clean_;
    }
    return XML_Parse(expat_, bytes.data(), static_cast<int>(bytes.size()),
                     at_end_ ? XML_TRUE : XML_FALSE);
  }

  // Appends `bytes` to the window, which keeps all from where the item begins,
  // or from the last tag on: the next may have begun already.
  absl::Status KeepWindow(absl::string_view bytes) {
    if (fed_ - last_event_ > max_item_bytes_ + XmlProlog::kMaxBytes) {
      return Wrong(
          absl::StrCat("tags and text of at most ", max_item_bytes_, " bytes"),
          "a longer one");
    }
    if (item_depth_ != 0 && fed_ - item_begin_ > max_item_bytes_) {
      is_too_long_ = true;
    }
    const uint64_t keep = item_depth_ != 0 && !is_too_long_
                              ? item_begin_
                              : std::min(last_event_, fed_);
    window_.erase(0, static_cast<size_t>(keep - window_begin_));
    window_begin_ = keep;
    window_.append(bytes.data(), bytes.size());
    return absl::OkStatus();
  }

  absl::Status NotWellFormed() const {
    const XML_Error error = XML_GetErrorCode(expat_);
    const std::string place =
        absl::StrCat("line ", XML_GetCurrentLineNumber(expat_), ": ");
    if (error == XML_ERROR_NO_ELEMENTS || error == XML_ERROR_UNCLOSED_TOKEN ||
        (at_end_ && error == XML_ERROR_INVALID_TOKEN)) {
      return absl::InvalidArgumentError(
          absl::StrCat(place, "want the document's end, got that of the file"));
    }
    return absl::InvalidArgumentError(
        absl::StrCat(place, "want well-formed XML, got ",
                     absl::string_view(XML_ErrorString(error))));
  }

  DocumentBytes* const source_;
  XmlVisitor* const visitor_;
  const size_t max_item_bytes_;
  const XmlText text_;
  const bool joins_names_;
  const XML_Parser expat_;
  bool listens_ = false;
  XmlProlog prolog_;
  XmlNameJoiner joiner_;
  std::string clean_;

  std::string window_;
  uint64_t window_begin_ = 0;
  uint64_t fed_ = 0;
  uint64_t last_event_ = 0;

  int depth_ = 0;
  int item_depth_ = 0;  // 0: outside items.
  uint64_t item_begin_ = 0;
  uint64_t item_end_ = 0;
  bool item_ended_ = false;
  bool is_too_long_ = false;
  bool is_too_deep_ = false;
  bool is_dropped_ = false;
  bool is_suspended_ = false;
  bool at_end_ = false;
  absl::Status fault_;
};

XmlItems::XmlItems(DocumentBytes* source, XmlVisitor* visitor,
                   size_t max_item_bytes, XmlText text, XmlNames names)
    : parser_(std::make_unique<Parser>(source, visitor, max_item_bytes, text,
                                       names)) {}

XmlItems::~XmlItems() = default;

absl::StatusOr<XmlItems::Step> XmlItems::Next() { return parser_->Next(); }

absl::string_view XmlItems::raw() const { return parser_->raw(); }

uint64_t XmlItems::offset() const { return parser_->offset(); }

uint64_t XmlItems::bytes_read() const { return parser_->bytes_read(); }

}  // namespace subrosa
