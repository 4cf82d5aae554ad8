#include "src/notice/published_notice.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "simdjson.h"

namespace subrosa {
namespace {

using Json = nlohmann::json;

// Adds `text` with every run of white space as one space.
void AddSquashed(absl::string_view text, std::string* out) {
  for (const char c : text) {
    if (!absl::ascii_isspace(static_cast<unsigned char>(c))) {
      out->push_back(c);
    } else if (!out->empty() && out->back() != ' ') {
      out->push_back(' ');
    }
  }
}

std::string Trimmed(absl::string_view text) {
  std::string squashed;
  AddSquashed(text, &squashed);
  return std::string(absl::StripAsciiWhitespace(squashed));
}

void AddCodePoint(uint32_t point, std::string* out) {
  if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point < 0xE000)) {
    point = 0xFFFD;
  }
  if (point < 0x80) {
    out->push_back(static_cast<char>(point));
    return;
  }
  const int more = point < 0x800 ? 1 : point < 0x10000 ? 2 : 3;
  constexpr uint8_t kLead[] = {0, 0xC0, 0xE0, 0xF0};
  out->push_back(static_cast<char>(kLead[more] | (point >> (6 * more))));
  for (int i = more - 1; i >= 0; --i) {
    out->push_back(static_cast<char>(0x80 | ((point >> (6 * i)) & 0x3F)));
  }
}

// The character that "&" and `name` stand for; false for a name that is not
// among those that pages of text need.
bool AddEntity(absl::string_view name, std::string* out) {
  static const auto* const named = new std::map<absl::string_view, uint32_t>{
      {"amp", '&'},       {"lt", '<'},       {"gt", '>'},
      {"quot", '"'},      {"apos", '\''},    {"nbsp", ' '},
      {"ndash", 0x2013},  {"mdash", 0x2014}, {"rsquo", 0x2019},
      {"lsquo", 0x2018},  {"ldquo", 0x201C}, {"rdquo", 0x201D},
      {"hellip", 0x2026}, {"sect", 0xA7}};
  uint32_t point = 0;
  if (absl::StartsWith(name, "#x") || absl::StartsWith(name, "#X")) {
    if (!absl::SimpleHexAtoi(name.substr(2), &point)) return false;
  } else if (absl::StartsWith(name, "#")) {
    if (!absl::SimpleAtoi(name.substr(1), &point)) return false;
  } else {
    const auto found = named->find(name);
    if (found == named->end()) return false;
    point = found->second;
  }
  AddCodePoint(point, out);
  return true;
}

std::string Decoded(absl::string_view text) {
  constexpr size_t kLongestName = 10;
  std::string decoded;
  while (!text.empty()) {
    const size_t at = text.find('&');
    decoded.append(text.data(), std::min(at, text.size()));
    if (at == absl::string_view::npos) break;
    text.remove_prefix(at);
    const size_t end = text.substr(0, kLongestName + 2).find(';');
    if (end != absl::string_view::npos &&
        AddEntity(text.substr(1, end - 1), &decoded)) {
      text.remove_prefix(end + 1);
    } else {
      decoded.push_back('&');
      text.remove_prefix(1);
    }
  }
  return decoded;
}

struct Tag {
  std::string name;  // Lower case; "/td" for an end.
  std::map<std::string, std::string> attributes;
};

bool IsSpace(char c) {
  return absl::ascii_isspace(static_cast<unsigned char>(c));
}

// Takes a tag off `rest`, which begins after its "<".
Tag TakeTag(absl::string_view* rest) {
  const auto skip_spaces = [rest] {
    while (!rest->empty() && IsSpace(rest->front())) rest->remove_prefix(1);
  };
  const auto take_until = [rest](absl::string_view ends) {
    size_t at = 0;
    while (at < rest->size() && !IsSpace((*rest)[at]) &&
           ends.find((*rest)[at]) == absl::string_view::npos) {
      ++at;
    }
    const absl::string_view taken = rest->substr(0, at);
    rest->remove_prefix(at);
    return taken;
  };
  Tag tag;
  tag.name = absl::AsciiStrToLower(take_until(">"));
  if (tag.name.size() > 1 && tag.name.back() == '/') tag.name.pop_back();
  while (true) {
    skip_spaces();
    if (rest->empty()) return tag;
    if (rest->front() == '>') {
      rest->remove_prefix(1);
      return tag;
    }
    const std::string name = absl::AsciiStrToLower(take_until("=>"));
    skip_spaces();
    std::string value;
    if (!rest->empty() && rest->front() == '=') {
      rest->remove_prefix(1);
      skip_spaces();
      const char quote = rest->empty() ? ' ' : rest->front();
      if (quote == '"' || quote == '\'') {
        const size_t end = rest->find(quote, 1);
        value = Decoded(
            rest->substr(1, end == absl::string_view::npos ? end : end - 1));
        rest->remove_prefix(std::min(
            rest->size(), end == std::string::npos ? rest->size() : end + 1));
      } else {
        value = Decoded(take_until(">"));
      }
    } else if (name.empty()) {
      rest->remove_prefix(1);  // A character that begins nothing.
    }
    if (!name.empty()) tag.attributes.emplace(name, std::move(value));
  }
}

class PageReader {
 public:
  PublishedNotice Read(absl::string_view rest) {
    while (!rest.empty()) {
      const size_t at = rest.find('<');
      AddText(rest.substr(0, at));
      if (at == absl::string_view::npos) break;
      rest.remove_prefix(at + 1);
      if (absl::StartsWith(rest, "!--")) {
        Skip("-->", &rest);
        continue;
      }
      if (rest.empty() ||
          !(absl::ascii_isalpha(static_cast<unsigned char>(rest.front())) ||
            rest.front() == '/' || rest.front() == '!' ||
            rest.front() == '?')) {
        AddText("<");
        continue;
      }
      Take(TakeTag(&rest), &rest);
    }
    EndCell();
    notice_.text = absl::AsciiStrToLower(Trimmed(notice_.text));
    return std::move(notice_);
  }

 private:
  static void Skip(absl::string_view end, absl::string_view* rest) {
    const size_t at = rest->find(end);
    rest->remove_prefix(at == absl::string_view::npos ? rest->size()
                                                      : at + end.size());
  }

  void AddText(absl::string_view text) {
    const std::string decoded = Decoded(text);
    AddSquashed(decoded, &notice_.text);
    if (in_cell_) cell_ += decoded;
  }

  void EndCell() {
    if (!in_cell_) return;
    in_cell_ = false;
    if (item_ != kNone && !notice_.items[item_].rows.empty()) {
      notice_.items[item_].rows.back().push_back(Trimmed(cell_));
    }
    cell_.clear();
  }

  void Take(const Tag& tag, absl::string_view* rest) {
    const auto of = [&tag](const char* name) {
      const auto found = tag.attributes.find(name);
      return found == tag.attributes.end() ? std::string() : found->second;
    };
    if (tag.name == "script" || tag.name == "style") {
      Skip(tag.name == "script" ? "</script" : "</style", rest);
      Skip(">", rest);
      return;
    }
    if (tag.name == "a") notice_.links.insert(of("href"));
    if (tag.name == "main") {
      notice_.version = of("data-version");
      notice_.effective_on = of("data-effective-on");
    }
    if (tag.name == "section" && !of("data-rule").empty()) {
      EndCell();
      item_ = notice_.items.size();
      notice_.items.push_back({of("data-rule"), {}});
    } else if (tag.name == "/section") {
      EndCell();
      item_ = kNone;
    } else if (tag.name == "thead" || tag.name == "/thead") {
      EndCell();
      in_head_ = tag.name == "thead";
    } else if (tag.name == "tr") {
      EndCell();
      if (item_ != kNone && !in_head_) notice_.items[item_].rows.emplace_back();
    } else if (tag.name == "td" || tag.name == "th") {
      EndCell();
      in_cell_ = !in_head_;
    } else if (tag.name == "/td" || tag.name == "/th" || tag.name == "/tr" ||
               tag.name == "/table") {
      EndCell();
    }
    // Words on both sides of a tag are apart, but for those within a line.
    if (tag.name != "b" && tag.name != "/b" && tag.name != "i" &&
        tag.name != "/i" && tag.name != "em" && tag.name != "/em" &&
        tag.name != "span" && tag.name != "/span" && tag.name != "a" &&
        tag.name != "/a") {
      AddText(" ");
    }
  }

  static constexpr size_t kNone = static_cast<size_t>(-1);

  PublishedNotice notice_;
  size_t item_ = kNone;  // The item that is read now.
  bool in_head_ = false;
  bool in_cell_ = false;
  std::string cell_;
};

absl::Status NoNotice(absl::string_view what) {
  return absl::InvalidArgumentError(
      absl::StrCat("published: want a notice of ours, got ", what));
}

std::string TextOf(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

// The cells of one paragraph or row.
absl::Status AddLine(const Json& line, bool is_row, PublishedItem* item,
                     PublishedNotice* notice) {
  if (!line.is_object() || !line.contains("cells") ||
      !line["cells"].is_array()) {
    return NoNotice("a line without cells");
  }
  std::vector<std::string> cells;
  for (const Json& cell : line["cells"]) {
    if (!cell.is_string()) return NoNotice("a cell that is no text");
    cells.push_back(cell.get<std::string>());
    absl::StrAppend(&notice->text, " ", cells.back());
  }
  if (line.contains("url")) notice->links.insert(TextOf(line, "url"));
  if (is_row) item->rows.push_back(std::move(cells));
  return absl::OkStatus();
}

absl::StatusOr<PublishedNotice> ReadJson(absl::string_view bytes) {
  const Json json = Json::parse(bytes.begin(), bytes.end(), nullptr, false);
  if (!json.is_object() || !json.contains("items") ||
      !json["items"].is_array()) {
    return NoNotice("other JSON");
  }
  PublishedNotice notice;
  notice.version = TextOf(json, "version");
  notice.effective_on = TextOf(json, "effective_on");
  notice.text = TextOf(json, "title");
  for (const Json& one : json["items"]) {
    PublishedItem item;
    if (one.is_object()) item.rule = TextOf(one, "rule");
    if (item.rule.empty()) return NoNotice("an item without a rule");
    absl::StrAppend(&notice.text, " ", TextOf(one, "heading"));
    for (const char* const lines : {"paragraphs", "rows"}) {
      if (!one.contains(lines) || !one[lines].is_array()) {
        return NoNotice("an item without paragraphs or rows");
      }
      for (const Json& line : one[lines]) {
        const absl::Status added =
            AddLine(line, lines[0] == 'r', &item, &notice);
        if (!added.ok()) return added;
      }
    }
    notice.items.push_back(std::move(item));
  }
  notice.text = absl::AsciiStrToLower(Trimmed(notice.text));
  return notice;
}

}  // namespace

const PublishedItem* PublishedNotice::Find(absl::string_view rule) const {
  for (const PublishedItem& item : items) {
    if (item.rule == rule) return &item;
  }
  return nullptr;
}

bool PublishedNotice::Says(absl::string_view words) const {
  return absl::StrContains(text, absl::AsciiStrToLower(Trimmed(words)));
}

absl::StatusOr<PublishedNotice> ReadPublishedNotice(absl::string_view bytes) {
  if (bytes.size() > kMaxPublishedBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("published: want at most ", kMaxPublishedBytes,
                     " bytes, got ", bytes.size()));
  }
  if (!simdjson::validate_utf8(bytes.data(), bytes.size())) {
    return absl::InvalidArgumentError("published: want UTF-8, got other bytes");
  }
  const absl::string_view content = absl::StripLeadingAsciiWhitespace(bytes);
  if (absl::StartsWith(content, "{")) return ReadJson(content);
  return PageReader().Read(bytes);
}

}  // namespace subrosa
