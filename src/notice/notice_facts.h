// What an entity does and holds, as far as its notices tell of it.
#ifndef SUBROSA_SRC_NOTICE_NOTICE_FACTS_H_
#define SUBROSA_SRC_NOTICE_NOTICE_FACTS_H_

#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/descriptor.h"
#include "src/classify/classification.h"
#include "src/law/law_book.h"
#include "src/notice/holdings.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"

namespace subrosa {

// What the marks of a payload's type say that a record of it may hold.
struct SchemaMarks {
  std::string title;  // "mood check-in".
  Classification kinds;
};

// Of `payload` and every message that it can hold, with what follows in
// California. What a mark of a malformed number says is left out: the schema
// lint names it.
SchemaMarks MarksOfSchema(const google::protobuf::Descriptor& payload);

struct NoticeFacts {
  v1::Policy policy;
  std::vector<v1::Recipient> recipients;
  Holdings held;
  // Of the types of what is held, where they are known.
  std::map<std::string, SchemaMarks> schemas;
  // Recipients that were given data within the time that the notice looks back.
  std::set<std::string> received;
  absl::CivilDay day;  // As of which it is told.
};

// Data that goes to a recipient for a purpose. Both point into the facts.
struct Flow {
  const v1::Recipient* recipient = nullptr;
  const v1::Purpose* purpose = nullptr;

  // Whether `category` is among what goes.
  bool Carries(v1::HealthCategory category) const;
  // "policy: purpose `x`", "recipient `y`".
  std::set<std::string> Facts() const;
};

std::string PurposeFact(const v1::Purpose& purpose);
bool Does(const v1::Purpose& purpose, v1::Action action);
bool Names(const v1::Purpose& purpose, v1::HealthCategory category);

// What goes to recipients of any role, in the order of recipients and purposes;
// those that were ended are left out.
std::vector<Flow> FlowsOf(const NoticeFacts& facts);

// The same, and those that were ended but are in `received`.
std::vector<Flow> FlowsLookingBack(const NoticeFacts& facts);

// Those of `flows` that are sharing or selling in the sense of the pack of
// `rule`: handing data to a role that its rules leave out (`not_to`) is none.
std::vector<Flow> SharedUnder(const LawBook& law, const LawEntry& rule,
                              const std::vector<Flow>& flows);

// Whether a flow that is sharing is California's "sold or shared": for money or
// its like, or for cross-context behavioral advertising (Cal. Civ. Code
// 1798.140(ad), (ah)). The rest is disclosed for a business purpose.
bool IsSoldOrShared(const Flow& flow);

}  // namespace subrosa

#endif  // SUBROSA_SRC_NOTICE_NOTICE_FACTS_H_
