// Bytes from strangers, as text in which identifiers are looked for.
//
// What must hold: any bytes are scanned; matches lie in the text, in order, do
// not overlap, are not empty, and split no character; the same text in chunks
// gives the same matches; and so does explaining it, whose refusals lie in the
// text. The first byte says how large the chunks are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/classify/refusals.h"
#include "src/classify/text_refusal.h"
#include "src/classify/text_rules.h"
#include "src/classify/text_scanner.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const TextScanner& TheScanner() {
  static const TextScanner* const scanner =
      std::move(TextScanner::Create({})).value().release();
  return *scanner;
}

// Whether `text` is cut within a character at `i`: inside a sequence that is
// well formed as far as its first byte says.
bool SplitsCharacter(absl::string_view text, size_t i) {
  for (size_t back = 1; back <= 3 && back <= i && i < text.size(); ++back) {
    const auto first = static_cast<unsigned char>(text[i - back]);
    if ((first & 0xc0) == 0x80) continue;
    if (first >= 0xf8 || first < 0xc2) return false;  // Begins none.
    const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    return size > back && (text[i] & 0xc0) == 0x80;
  }
  return false;
}

void Run(absl::string_view text, size_t chunk_bytes) {
  static TextScanner::Scratch* const scratch =
      std::move(TheScanner().NewScratch()).value().release();
  std::vector<TextMatch> matches;
  Require(TheScanner().Scan(text, scratch, &matches).ok());
  size_t end = 0;
  for (const TextMatch& match : matches) {
    Require(match.span.offset >= end && match.span.length > 0);
    end = match.span.offset + match.span.length;
    Require(end <= text.size());
    Require(match.rule < TextRules().size());
    Require(match.score > 0 && match.score <= 1);
    Require(!SplitsCharacter(text, match.span.offset));
    Require(!SplitsCharacter(text, end));
  }

  std::vector<TextMatch> in_chunks;
  TheScanner().Begin(scratch);
  for (size_t at = 0; at < text.size(); at += chunk_bytes) {
    Require(TheScanner()
                .Append(text.substr(at, chunk_bytes), scratch, &in_chunks)
                .ok());
  }
  Require(TheScanner().Finish(scratch, &in_chunks).ok());
  Require(in_chunks == matches);

  std::vector<TextMatch> explained;
  std::vector<TextRefusal> seen;
  Require(TheScanner().Explain(text, scratch, &explained, &seen).ok());
  Require(explained == matches);
  for (const TextRefusal& refusal : RefusalsIn(text, matches, seen)) {
    Require(refusal.span.length > 0 && refusal.span.length <= text.size() &&
            refusal.span.offset <= text.size() - refusal.span.length);
    Require(refusal.rule < TextRuleId::kCount && !refusal.reason.empty());
  }
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  subrosa::Run(
      absl::string_view(reinterpret_cast<const char*>(data) + 1, size - 1),
      1 + data[0]);
  return 0;
}
