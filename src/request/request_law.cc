#include "src/request/request_law.h"

#include <algorithm>
#include <string>

#include "src/base/status_macros.h"
#include "src/request/request_time.h"

namespace subrosa {

absl::StatusOr<RequestLaw> RequestLaw::Create(const LawBook& book,
                                              const v1::Policy& policy) {
  SUBROSA_ASSIGN_OR_RETURN(EntityLaw law, EntityLaw::Create(book, policy));
  return RequestLaw(book, std::move(law));
}

absl::Status RequestLaw::CheckPlaces(const v1::Request& request) const {
  bool has_country = law_.HasPartsOf(request.residence());
  for (const std::string& place : request.place_of_collection()) {
    has_country |= law_.HasPartsOf(place);
  }
  if (!has_country) return absl::OkStatus();
  return absl::InvalidArgumentError(
      "request.residence: want the part of a country whose parts have statutes "
      "of their own, as US-WA, got the country alone");
}

PackBits RequestLaw::PacksFor(const v1::Request& request) const {
  v1::ConsumerFacts facts;
  facts.set_residence(request.residence());
  *facts.mutable_place_of_collection() = request.place_of_collection();
  const PackBits packs = law_.PacksFor(facts, /*jurisdiction=*/"");
  if (request.recorded_residence().empty()) return packs;
  facts.set_residence(request.recorded_residence());
  return packs | law_.PacksFor(facts, /*jurisdiction=*/"");
}

std::vector<LeftOutOf> RequestLaw::LeftOutFor(
    const v1::Request& request) const {
  const PackBits packs = PacksFor(request);
  std::vector<LeftOutOf> left;
  const v1::LawPack* last = nullptr;
  for (const DatedRule& rule : law_.rules()) {
    const v1::LawPack* const pack = rule.entry->pack;
    if (pack == last || (rule.pack & packs) == 0) continue;
    last = pack;
    for (const v1::LeftOut& part : pack->leaves_out()) {
      if (NamesKind(part.request(), request.kind())) {
        left.push_back({pack, &part});
      }
    }
  }
  return left;
}

std::vector<const DatedRule*> RequestLaw::RulesFor(const v1::Request& request,
                                                   absl::Time when) const {
  const PackBits packs = PacksFor(request);
  std::vector<const DatedRule*> rules;
  for (const DatedRule& rule : law_.rules()) {
    const v1::Room room = rule.rule().room();
    if ((room == v1::ROOM_REQUEST || room == v1::ROOM_ERASURE) &&
        (rule.pack & packs) != 0 && rule.HoldsAt(when)) {
      rules.push_back(&rule);
    }
  }
  return rules;
}

absl::TimeZone RequestLaw::ZoneFor(const v1::Request& request) const {
  const std::vector<const DatedRule*> rules =
      RulesFor(request, RequestTimeOf(request.received_at()));
  return rules.empty() ? absl::UTCTimeZone() : rules.front()->zone;
}

void AddFacts(const v1::ConsumerFacts& facts, v1::Request* request) {
  if (request->residence().empty()) {
    request->set_residence(facts.residence());
  } else if (!facts.residence().empty() &&
             facts.residence() != request->residence()) {
    request->set_recorded_residence(facts.residence());
  }
  for (const std::string& place : facts.place_of_collection()) {
    const auto& places = request->place_of_collection();
    if (std::find(places.begin(), places.end(), place) == places.end()) {
      request->add_place_of_collection(place);
    }
  }
}

}  // namespace subrosa
