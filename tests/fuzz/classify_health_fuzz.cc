// Bytes from strangers, as a line in which health language is looked for.
//
// What must hold: any bytes are read; mentions lie in the line, in order, do
// not overlap, are not empty, begin and end at a letter or digit, and name a
// rule with kinds; a line tells the same twice, and the same among others. A
// labelled line, and the weights of a model, are read or refused.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "src/classify/classification.h"
#include "src/classify/health_evaluation.h"
#include "src/classify/health_reader.h"
#include "src/classify/help_model.h"

namespace subrosa {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const HealthReader& TheReader() {
  static const HealthReader* const reader =
      new HealthReader(std::move(HealthReader::Create()).value());
  return *reader;
}

bool AreSame(const HealthMention& a, const HealthMention& b) {
  return a.rule == b.rule && a.experiencer == b.experiencer &&
         a.assertion == b.assertion && a.score == b.score &&
         a.span.length == b.span.length;
}

// Each line by itself, and all in one go.
void RunLines(absl::string_view text) {
  HealthReader::Scratch scratch;
  std::vector<HealthMention> together;
  TheReader().ReadLines(text, &scratch, &together);
  size_t count = 0;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    for (const HealthMention& mention :
         TheReader().Read(text.substr(at, end - at))) {
      Require(count < together.size());
      Require(AreSame(mention, together[count]) &&
              mention.span.offset + at == together[count].span.offset);
      ++count;
    }
    at = end + 1;
  }
  Require(count == together.size());
}

void Run(absl::string_view text) {
  const std::vector<HealthMention> mentions = TheReader().Read(text);
  const std::vector<HealthMention> again = TheReader().Read(text);
  Require(mentions.size() == again.size());
  size_t end = 0;
  for (size_t i = 0; i < mentions.size(); ++i) {
    const HealthMention& mention = mentions[i];
    Require(mention.span.offset >= end && mention.span.length > 0);
    end = mention.span.offset + mention.span.length;
    Require(end <= text.size());
    Require(absl::ascii_isalnum(text[mention.span.offset]));
    Require(absl::ascii_isalnum(text[end - 1]));
    Require(mention.score > 0 && mention.score <= 1);
    Require(!FindingsOf(mention, "").empty());
    Require(AreSame(mention, again[i]) &&
            mention.span.offset == again[i].span.offset);
  }
  RunLines(text);
  const absl::StatusOr<HealthLine> line = ParseHealthLine(text);
  Require(line.ok() || absl::IsInvalidArgument(line.status()));
  const absl::StatusOr<HelpModel> model = HelpModel::Parse(text);
  Require(model.ok() || absl::IsInvalidArgument(model.status()));
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::Run(absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
