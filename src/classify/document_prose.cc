#include "src/classify/document_prose.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "src/classify/unescaped_json.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSpace = " \t\r\n";

// Names of JSON's members and of markup's attributes whose values are no words:
// FHIR's elements of the types code, id, uri, url, canonical, oid, uuid and
// base64Binary, attributes of HL7 V3, and what health platforms call the same.
bool HoldsNoWords(absl::string_view name) {
  static const auto* const kNames =
      new absl::flat_hash_set<absl::string_view>(absl::StrSplit(
          "action category classCode code codeSystem comparator contentType "
          "criticality data dayOfWeek daysOfWeek docStatus durationUnit "
          "fullUrl gender hash id ID implicitRules instantiatesCanonical "
          "instantiatesUri intent kind language lastUpdated linkId mode "
          "moodCode namespace nullFlavor periodUnit priority profile "
          "questionnaire reference relation resourceType root schema_id "
          "severity source status styleCode system type typeCode unit uri url "
          "use uuid valueCanonical valueCode valueId valueOid valueSet "
          "valueUri valueUrl valueUuid versionId when",
          ' '));
  return kNames->contains(name) || absl::StartsWith(name, "xmlns") ||
         absl::StartsWith(name, "xsi:");
}

bool IsWords(absl::string_view value) {
  return value.find_first_of(kSpace) != value.npos;
}

// The name that begins at `begin`; empty if none does.
absl::string_view NameAt(absl::string_view text, size_t begin) {
  size_t end = begin;
  while (end < text.size() &&
         (absl::ascii_isalnum(static_cast<unsigned char>(text[end])) ||
          absl::StrContains("-_:.", absl::string_view(&text[end], 1)))) {
    ++end;
  }
  return text.substr(begin, end - begin);
}

// Elements within a line: what stands on both sides of one is one sentence.
bool IsInline(absl::string_view element) {
  static const auto* const kNames = new absl::flat_hash_set<absl::string_view>(
      {"a", "b", "content", "em", "i", "span", "strong", "sub", "sup", "u"});
  return kNames->contains(element);
}

// Markup begins with a tag, and ends with that element's end.
bool IsMarkup(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  while (absl::StartsWith(text, "<?") || absl::StartsWith(text, "<!")) {
    const size_t end = text.find('>');
    if (end == text.npos) return false;
    text = absl::StripLeadingAsciiWhitespace(text.substr(end + 1));
  }
  if (!absl::ConsumePrefix(&text, "<")) return false;
  const absl::string_view name = NameAt(text, 0);
  if (name.empty()) return false;
  return absl::EndsWith(text, absl::StrCat("</", name, ">")) ||
         (absl::EndsWith(text, "/>") && text.find('<') == text.npos);
}

}  // namespace

// Takes up markup, which lies in `source`.
class DocumentProse::Markup {
 public:
  Markup(const UnescapedJson& source, DocumentProse* prose)
      : source_(source), text_(source.text()), prose_(*prose) {}

  void Take() {
    size_t begin = prose_.text_.size();
    size_t place = 0;
    while (place < text_.size()) {
      const size_t tag = std::min(text_.find('<', place), text_.size());
      prose_.Append(source_, place, tag);
      if (tag > place) prose_.AddSaid(source_, place, tag);
      if (tag == text_.size()) break;
      prose_.AddShift(source_.PlaceOf(tag));
      prose_.text_.push_back(' ');
      place = Tag(tag);
    }
    prose_.EndPiece(begin);
    for (const ByteSpan& attribute : attributes_) {
      begin = prose_.text_.size();
      prose_.Append(source_, attribute.offset,
                    attribute.offset + attribute.length);
      prose_.EndPiece(begin);
    }
  }

 private:
  // Returns where what follows the tag at `place` begins. What is no tag is
  // text; so is what stands in comments and CDATA.
  size_t Tag(size_t place) {
    for (const absl::string_view mark : {"<![CDATA[", "<!--"}) {
      if (absl::StartsWith(text_.substr(place), mark)) {
        return place + mark.size();
      }
    }
    ++place;
    const absl::string_view rest = text_.substr(place);
    if (absl::StartsWith(rest, "?") || absl::StartsWith(rest, "!")) {
      return std::min(text_.find('>', place), text_.size() - 1) + 1;
    }
    if (absl::StartsWith(rest, "/")) ++place;
    const absl::string_view element = NameAt(text_, place);
    if (element.empty()) return place;
    if (!IsInline(element)) prose_.text_.back() = '\n';
    place += element.size();
    while (place < text_.size() && text_[place] != '>') {
      place = Attribute(place);
    }
    return std::min(place + 1, text_.size());
  }

  // Returns where the attribute at `place` ends, or the byte that is none.
  size_t Attribute(size_t place) {
    const absl::string_view name = NameAt(text_, place);
    if (name.empty()) return place + 1;
    place += name.size();
    const size_t equals = text_.find_first_not_of(kSpace, place);
    if (equals == text_.npos || text_[equals] != '=') return place;
    const size_t quote = text_.find_first_not_of(kSpace, equals + 1);
    if (quote == text_.npos || (text_[quote] != '"' && text_[quote] != '\'')) {
      return equals + 1;
    }
    const size_t begin = quote + 1;
    const size_t end = std::min(text_.find(text_[quote], begin), text_.size());
    if (end > begin) Value(name, begin, end);
    return std::min(end + 1, text_.size());
  }

  void Value(absl::string_view name, size_t begin, size_t end) {
    if (!HoldsNoWords(name) || IsWords(text_.substr(begin, end - begin))) {
      attributes_.push_back({begin, end - begin});
      prose_.AddSaid(source_, begin, end);
      return;
    }
    const size_t first = source_.PlaceOf(begin);
    prose_.structure_.push_back({first, source_.PlaceOf(end) - first});
  }

  const UnescapedJson& source_;
  const absl::string_view text_;
  DocumentProse& prose_;
  std::vector<ByteSpan> attributes_;  // That are prose.
};

// Takes up JSON: brackets that close each other, strings, numbers and literals.
// Commas and colons are not checked.
class DocumentProse::Json {
 public:
  Json(absl::string_view value, DocumentProse* prose)
      : value_(value), prose_(*prose) {}

  // False if it is none.
  bool Take() {
    while ((place_ = value_.find_first_not_of(" \t\r\n,:", place_)) !=
           value_.npos) {
      if (is_closed_) return false;  // More than one value.
      if (!TakeToken()) return false;
    }
    return is_closed_;
  }

 private:
  struct Open {
    char closing;
    bool is_structure;  // Of the name before it.
  };

  bool TakeToken() {
    const char c = value_[place_];
    switch (c) {
      case '{':
      case '[':
        // Elements of a list are of the name before it.
        open_.push_back({c == '{' ? '}' : ']', is_structure_});
        ++place_;
        return true;
      case '}':
      case ']':
        if (open_.empty() || open_.back().closing != c) return false;
        is_structure_ = open_.back().is_structure;
        open_.pop_back();
        is_closed_ = open_.empty();
        ++place_;
        return true;
      case '"':
        return !open_.empty() && TakeString();
      default:
        return !open_.empty() && TakeBare();
    }
  }

  bool TakeString() {
    const size_t begin = place_ + 1;
    size_t end = begin;
    for (;; end += 2) {
      end = value_.find_first_of("\"\\", end);
      if (end == value_.npos) return false;
      if (value_[end] == '"') break;
    }
    place_ = end + 1;
    const absl::string_view raw = value_.substr(begin, end - begin);
    const size_t next = value_.find_first_not_of(kSpace, place_);
    if (next != value_.npos && value_[next] == ':') {
      is_structure_ = HoldsNoWords(raw);
    } else if (!raw.empty()) {
      TakeValue(raw, begin);
    }
    return true;
  }

  void TakeValue(absl::string_view raw, size_t begin) {
    if (is_structure_ && !IsWords(raw)) {
      prose_.structure_.push_back({begin, raw.size()});
      return;
    }
    source_.Unescape(raw, begin);
    if (IsMarkup(source_.text())) {
      Markup(source_, &prose_).Take();
      return;
    }
    const size_t piece = prose_.text_.size();
    prose_.Append(source_, 0, source_.text().size());
    prose_.AddSaid(source_, 0, source_.text().size());
    prose_.EndPiece(piece);
  }

  bool TakeBare() {
    const size_t end = std::min(value_.find_first_of(" \t\r\n,:{}[]\"", place_),
                                value_.size());
    const absl::string_view bare = value_.substr(place_, end - place_);
    prose_.said_.push_back({{place_, bare.size()}, true, false});
    place_ = end;
    return bare == "true" || bare == "false" || bare == "null" ||
           bare.find_first_not_of("0123456789+-.eE") == bare.npos;
  }

  const absl::string_view value_;
  DocumentProse& prose_;
  size_t place_ = 0;
  std::vector<Open> open_;
  bool is_structure_ = false;  // The name that the next value stands under is.
  bool is_closed_ = false;
  UnescapedJson source_;
};

void DocumentProse::Append(const UnescapedJson& source, size_t begin,
                           size_t end) {
  if (begin == end) return;
  AddShift(source.PlaceOf(begin));
  if (source.is_plain()) {
    text_.append(source.text().data() + begin, end - begin);
  } else {
    for (size_t i = begin; i < end; ++i) {
      if (source.PlaceOf(i) !=
          shifts_.back().value + text_.size() - shifts_.back().text) {
        AddShift(source.PlaceOf(i));
      }
      text_.push_back(source.text()[i]);
    }
  }
}

void DocumentProse::AddSaid(const UnescapedJson& source, size_t begin,
                            size_t end) {
  const size_t first = source.PlaceOf(begin);
  said_.push_back(
      {{first, source.PlaceOf(end) - first}, false, !source.is_plain()});
}

void DocumentProse::EndPiece(size_t begin) {
  if (text_.size() == begin) return;
  pieces_.push_back({begin, text_.size() - begin});
  // So that the next begins at a byte of its own.
  text_.push_back('\n');
}

void DocumentProse::Clear() {
  text_.clear();
  pieces_.clear();
  shifts_.clear();
  said_.clear();
  structure_.clear();
}

bool DocumentProse::Read(absl::string_view value) {
  Clear();
  const size_t first = value.find_first_not_of(kSpace);
  if (first == value.npos) return false;
  if (value[first] == '{' || value[first] == '[') {
    if (Json(value, this).Take()) return true;
    Clear();
    return false;
  }
  if (value[first] != '<' || !IsMarkup(value)) return false;
  UnescapedJson source;
  source.SetPlain(value);
  Markup(source, this).Take();
  return true;
}

ByteSpan DocumentProse::SpanOf(const ByteSpan& span) const {
  // The shift of the byte at `place`.
  const auto shift_of = [this](size_t place) {
    return *(std::upper_bound(shifts_.begin(), shifts_.end(), place,
                              [](size_t wanted, const Shift& shift) {
                                return wanted < shift.text;
                              }) -
             1);
  };
  const Shift first = shift_of(span.offset);
  const size_t end = span.offset + span.length;
  const Shift last = shift_of(end - 1);
  const size_t begin = first.value + span.offset - first.text;
  return {begin, last.value + end - last.text - begin};
}

absl::string_view DocumentProse::ScanText(absl::string_view value) {
  scan_text_.clear();
  for (const Said& said : said_) {
    if (!said.escaped) continue;
    if (scan_text_.empty()) scan_text_ = std::string(value);
    const size_t end = said.span.offset + said.span.length;
    for (size_t i = said.span.offset; i + 1 < end; ++i) {
      if (scan_text_[i] != '\\') continue;
      if (absl::StrContains("nrt", value.substr(i + 1, 1))) {
        scan_text_.replace(i, 2, "  ");
      }
      ++i;
    }
  }
  return scan_text_.empty() ? value : absl::string_view(scan_text_);
}

bool DocumentProse::IsStructure(const ByteSpan& span) const {
  const auto after =
      std::upper_bound(structure_.begin(), structure_.end(), span.offset,
                       [](size_t wanted, const ByteSpan& structure) {
                         return wanted < structure.offset;
                       });
  if (after == structure_.begin()) return false;
  const ByteSpan& structure = *(after - 1);
  return span.offset + span.length <= structure.offset + structure.length;
}

}  // namespace subrosa
