// Text from strangers, for names: the first byte says how the text is cut.
//
// What must hold: names stand in order, apart from each other, within the text
// and within the range that was asked for; none begins or ends within a
// character of well-formed UTF-8; and asking twice gives the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "src/classify/name_features.h"
#include "src/classify/name_tagger.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const NameTagger& TheTagger() {
  static const NameTagger* const tagger =
      new NameTagger(std::move(NameTagger::BuiltIn()).value());
  return *tagger;
}

// The length of the well-formed character at `i`, or 0. Overlong forms and
// surrogates count as well-formed here: they must not be cut either.
size_t CharacterAt(absl::string_view text, size_t i) {
  const uint8_t first = static_cast<uint8_t>(text[i]);
  const size_t length = first < 0x80             ? 1
                        : (first & 0xE0) == 0xC0 ? 2
                        : (first & 0xF0) == 0xE0 ? 3
                        : (first & 0xF8) == 0xF0 ? 4
                                                 : 0;
  if (length == 0 || length > text.size() - i) return 0;
  for (size_t k = 1; k < length; ++k) {
    if ((static_cast<uint8_t>(text[i + k]) & 0xC0) != 0x80) return 0;
  }
  return length;
}

void RequireWholeCharacters(absl::string_view text,
                            const std::vector<FoundName>& matches) {
  std::vector<bool> is_inside(text.size() + 1);
  for (size_t i = 0; i < text.size();) {
    const size_t length = CharacterAt(text, i);
    for (size_t k = 1; k < length; ++k) is_inside[i + k] = true;
    i += length == 0 ? 1 : length;
  }
  for (const FoundName& match : matches) {
    Require(!is_inside[match.begin] && !is_inside[match.end]);
  }
}

void Run(absl::string_view text, size_t begin, size_t end) {
  NameTagger::Scratch scratch;
  std::vector<FoundName> matches;
  TheTagger().Tag(text, begin, end, &scratch, &matches);
  size_t last = begin;
  for (const FoundName& match : matches) {
    Require(match.begin >= last && match.begin < end);
    Require(match.end > match.begin && match.end <= text.size());
    Require(match.score >= 0.5f && match.score < 1);
    Require(match.label == NameLabel::kPerson ||
            match.label == NameLabel::kPlace ||
            match.label == NameLabel::kOrganization);
    last = match.end;
  }
  RequireWholeCharacters(text, matches);
  std::vector<FoundName> again;
  TheTagger().Tag(text, begin, end, &scratch, &again);
  Require(again.size() == matches.size());
  for (size_t i = 0; i < again.size(); ++i) {
    Require(again[i].begin == matches[i].begin &&
            again[i].end == matches[i].end &&
            again[i].label == matches[i].label);
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const absl::string_view text(reinterpret_cast<const char*>(data) + 1,
                               size - 1);
  subrosa::Run(text, 0, text.size());
  // Asked for a part, the rest being context.
  const size_t begin = text.size() * (data[0] >> 4) / 16;
  const size_t end = begin + (text.size() - begin) * (data[0] & 15) / 15;
  subrosa::Run(text, begin, end);
  return 0;
}
