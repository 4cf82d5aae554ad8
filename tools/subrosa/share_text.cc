#include "tools/subrosa/share_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "src/base/clock.h"
#include "src/classify/taxonomy_facts.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

std::string DayText(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

std::vector<std::string> SlugsOf(const ReceivedByOne& received) {
  std::vector<std::string> slugs;
  for (const int category : received.categories) {
    slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(category)));
  }
  return slugs;
}

}  // namespace

std::vector<std::string> CategorySlugsOf(uint32_t categories) {
  std::vector<std::string> slugs;
  for (int i = 1; i < 32; ++i) {
    if ((categories >> i & 1) != 0) {
      slugs.emplace_back(Slug(static_cast<v1::HealthCategory>(i)));
    }
  }
  return slugs;
}

std::string ReceivedText(const ReceivedByOne& received) {
  return absl::StrCat(
      received.disclosures,
      received.disclosures == 1 ? " disclosure" : " disclosures", ", ",
      DayText(received.first_day), " to ", DayText(received.last_day), ", for ",
      absl::StrJoin(received.purposes, ", "), ": ",
      received.categories.empty() ? "no category said"
                                  : absl::StrJoin(SlugsOf(received), ", "),
      received.sold ? "; sold" : "", received.is_revoked ? "; revoked" : "");
}

nlohmann::ordered_json ReceivedJson(const ReceivedByOne& received) {
  return {{"recipient", received.recipient},
          {"name", received.name},
          {"contact", received.contact},
          {"first_day", DayText(received.first_day)},
          {"last_day", DayText(received.last_day)},
          {"disclosures", received.disclosures},
          {"records", received.records},
          {"sold", received.sold},
          {"revoked", received.is_revoked},
          {"purposes", received.purposes},
          {"categories", SlugsOf(received)},
          {"pseudonyms", received.pseudonyms}};
}

ExitCode FailOrDenied(const absl::Status& status, const Streams& streams) {
  const ExitCode failed = Fail(status, streams);
  return absl::IsPermissionDenied(status) || absl::IsNotFound(status) ||
                 absl::IsFailedPrecondition(status)
             ? ExitCode::kNo
             : failed;
}

}  // namespace subrosa
