// The rules that a request is answered by: those of the entity's packs that
// apply to the consumer, as they held when the request was received.
//
// Immutable once made; safe to use from any thread.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const RequestLaw law,
//                            RequestLaw::Create(book, policy.proto()));
//   const std::vector<RequestClock> clocks = ClocksOf(law, request, machine);
#ifndef SUBROSA_SRC_REQUEST_REQUEST_LAW_H_
#define SUBROSA_SRC_REQUEST_REQUEST_LAW_H_

#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "src/consent/entity_law.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {

// What a pack that applies does not cover.
struct LeftOutOf {
  const v1::LawPack* pack = nullptr;
  const v1::LeftOut* left_out = nullptr;
};

class RequestLaw {
 public:
  // `book` must outlive it, and stay where it is. Errors as EntityLaw::Create.
  static absl::StatusOr<RequestLaw> Create(const LawBook& book,
                                           const v1::Policy& policy);

  // The rules that apply to `request`, whose residences, as said and on record,
  // and places of collection say so, and that held at `when`. Of the request
  // and erasure rooms alone: a broker's register has clocks of its own.
  std::vector<const DatedRule*> RulesFor(const v1::Request& request,
                                         absl::Time when) const;

  // The zone in which days of `request` are told: that of the first pack that
  // applies, UTC where none does.
  absl::TimeZone ZoneFor(const v1::Request& request) const;

  // What the packs that apply to `request` leave out of what the law lets
  // consumers ask for, of its kind. Where there is such, that no clock runs
  // says nothing.
  std::vector<LeftOutOf> LeftOutFor(const v1::Request& request) const;

  // INVALID_ARGUMENT if a place of `request` is a country whose parts the packs
  // tell apart: the country alone would leave every clock out.
  absl::Status CheckPlaces(const v1::Request& request) const;

  const LawBook& book() const { return *book_; }
  const EntityLaw& entity_law() const { return law_; }

 private:
  PackBits PacksFor(const v1::Request& request) const;

  RequestLaw(const LawBook& book, EntityLaw law)
      : book_(&book), law_(std::move(law)) {}

  const LawBook* book_;
  EntityLaw law_;
};

// Adds to `request` what is on record of its consumer: where they live, and
// where their data is collected. What the request says stays.
void AddFacts(const v1::ConsumerFacts& facts, v1::Request* request);

// Whether `kinds` of a rule name `kind`.
template <typename Kinds>
bool NamesKind(const Kinds& kinds, v1::RequestKind kind) {
  for (const int named : kinds) {
    if (named == kind) return true;
  }
  return false;
}

}  // namespace subrosa

#endif  // SUBROSA_SRC_REQUEST_REQUEST_LAW_H_
