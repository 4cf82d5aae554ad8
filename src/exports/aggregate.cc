#include "src/exports/aggregate.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "src/exports/aggregate_ledger.h"
#include "src/exports/aggregate_policy.h"
#include "src/exports/answer_atoms.h"
#include "src/exports/instant_text.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/exports/set_log.h"
#include "src/steward/permitted_walk.h"
#include "src/store/connection.h"
#include "src/vault/record_row.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;
using ::google::protobuf::Message;
using ::google::protobuf::Reflection;
using Json = nlohmann::ordered_json;

// Consumers with the same value.
struct AnswerCell {
  std::vector<MemberTag> members;
  double sum_of_means = 0;
  int64_t means = 0;  // Members who have a number.
};

// What one consumer adds to a cell.
struct OwnNumbers {
  double sum = 0;
  int64_t count = 0;
};

std::string Hash(absl::string_view text) {
  Sha256 sha256;
  const auto digest = sha256.Digest({text});
  return std::string(reinterpret_cast<const char*>(digest.data()),
                     digest.size());
}

const Message* ParentOf(const Message& payload, const ValuePath& path) {
  const Message* at = &payload;
  for (size_t i = 0; i + 1 < path.size(); ++i) {
    const Reflection& reflection = *at->GetReflection();
    if (!reflection.HasField(*at, path[i])) return nullptr;
    at = &reflection.GetMessage(*at, path[i]);
  }
  return at;
}

std::optional<double> NumberOf(const Message& payload, const ValuePath& path) {
  const Message* const at = ParentOf(payload, path);
  const FieldDescriptor* const field = path.back();
  if (at == nullptr) return std::nullopt;
  const Reflection& reflection = *at->GetReflection();
  if (field->has_presence() && !reflection.HasField(*at, field)) {
    return std::nullopt;
  }
  switch (field->cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.GetInt32(*at, field);
    case FieldDescriptor::CPPTYPE_INT64:
      return static_cast<double>(reflection.GetInt64(*at, field));
    case FieldDescriptor::CPPTYPE_UINT32:
      return reflection.GetUInt32(*at, field);
    case FieldDescriptor::CPPTYPE_UINT64:
      return static_cast<double>(reflection.GetUInt64(*at, field));
    case FieldDescriptor::CPPTYPE_FLOAT:
      return reflection.GetFloat(*at, field);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return reflection.GetDouble(*at, field);
    default:
      return std::nullopt;
  }
}

// One question while it is answered.
class AnswerJob {
 public:
  AnswerJob(Steward& steward, const v1::AggregateQuestion& question,
            PeriodDays days, int64_t least)
      : steward_(steward), question_(question), days_(days), least_(least) {}

  absl::Status Open() {
    SUBROSA_ASSIGN_OR_RETURN(
        walk_, PermittedWalk::Open(steward_, v1::ACTION_SHARE,
                                   question_.purpose(), question_.recipient()));
    SUBROSA_ASSIGN_OR_RETURN(ledger_,
                             AggregateLedger::Open(walk_->vault().records()));
    const auto* const type = steward_.types().Find(question_.schema());
    if (type == nullptr) {
      return absl::FailedPreconditionError(
          "question.schema: want a message type that is known, got another");
    }
    if (!question_.group_by().empty()) {
      SUBROSA_ASSIGN_OR_RETURN(group_by_,
                               ParseGroupPath(*type, question_.group_by()));
    }
    if (!question_.mean_of().empty()) {
      SUBROSA_ASSIGN_OR_RETURN(mean_of_,
                               ParseNumberPath(*type, question_.mean_of()));
    }
    return absl::OkStatus();
  }

  AggregateLedger& ledger() { return *ledger_; }
  PermittedWalk& walk() { return *walk_; }

  // Finds out who is in which group.
  absl::Status Gather() {
    SUBROSA_RETURN_IF_ERROR(walk_->Visit(
        [this](const WalkedConsumer& walked, PermittedWalk::ReadRecords read) {
          return GatherOne(walked.id, read);
        }));
    if (population_.empty() && !walk_->denial().ok()) return walk_->denial();
    return absl::OkStatus();
  }

  // Answers of the population and then of its groups, the largest first, what
  // `atoms` allows.
  absl::StatusOr<Json> Answer(AnswerAtoms* atoms) {
    if (!atoms->Answer(population_)) {
      return absl::PermissionDeniedError(absl::StrCat(
          "question: want ", least_,
          " consumers or more whom no earlier answer tells apart, got fewer"));
    }
    Json answer = {{"consumers", population_.size()}};
    if (group_by_.empty()) {
      AddMean(cells_[""], &answer);
      return answer;
    }
    std::vector<std::pair<int64_t, std::string>> order;
    for (const auto& [value, cell] : cells_) {
      order.emplace_back(-static_cast<int64_t>(cell.members.size()), value);
    }
    std::sort(order.begin(), order.end());
    std::map<std::string, Json> told;
    for (const auto& [size, value] : order) {
      const AnswerCell& cell = cells_[value];
      if (!atoms->Answer(cell.members)) continue;
      Json& group = told[value];
      group = {{"value", value}, {"consumers", cell.members.size()}};
      AddMean(cell, &group);
    }
    answer["groups"] = Json::array();
    for (auto& [value, group] : told) {
      answer["groups"].push_back(std::move(group));
    }
    answer["some_groups_suppressed"] = told.size() < cells_.size();
    return answer;
  }

  int64_t consumers() const { return static_cast<int64_t>(population_.size()); }

 private:
  absl::Status GatherOne(const std::string& consumer,
                         PermittedWalk::ReadRecords read) {
    std::map<std::string, OwnNumbers> own;
    SUBROSA_RETURN_IF_ERROR(read(
        question_.schema(),
        [&](const v1::HealthRecord& record, const RowFacts&) -> absl::Status {
          const int32_t day = DayOf(WhenOf(record));
          if (day < days_.first_day || day > days_.last_day) {
            return absl::OkStatus();
          }
          SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                                   ParsePayload(record, steward_.types()));
          std::string value;
          if (!group_by_.empty()) {
            const Message* const parent = ParentOf(*payload, group_by_);
            if (parent != nullptr) {
              SUBROSA_RETURN_IF_ERROR(
                  AppendFieldText(*parent, *group_by_.back(), &value));
            }
          }
          OwnNumbers& numbers = own[value];
          if (mean_of_.empty()) return absl::OkStatus();
          const std::optional<double> number = NumberOf(*payload, mean_of_);
          if (number.has_value()) {
            numbers.sum += *number;
            ++numbers.count;
          }
          return absl::OkStatus();
        }));
    if (own.empty()) return absl::OkStatus();
    // In the place of a recipient's slug, so that no recipient has this name.
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string name,
        walk_->vault().PseudonymOf(consumer, "aggregate answers", "member"));
    const std::string bytes = absl::HexStringToBytes(name);
    MemberTag tag = {};
    std::copy_n(bytes.begin(), std::min(bytes.size(), tag.size()), tag.begin());
    population_.push_back(tag);
    for (const auto& [value, numbers] : own) {
      AnswerCell& cell = cells_[value];
      cell.members.push_back(tag);
      if (numbers.count == 0) continue;
      cell.sum_of_means += numbers.sum / static_cast<double>(numbers.count);
      ++cell.means;
    }
    if (cells_.size() > kMostAggregateGroups ||
        population_.size() > kMostAggregateConsumers) {
      return absl::ResourceExhaustedError(absl::StrCat(
          "question: want at most ", kMostAggregateGroups, " groups and ",
          kMostAggregateConsumers, " consumers, got more"));
    }
    return absl::OkStatus();
  }

  // Of three digits: more would tell small changes of one person.
  void AddMean(const AnswerCell& cell, Json* out) const {
    if (mean_of_.empty()) return;
    double mean = 0;
    if (cell.means < least_ ||
        !absl::SimpleAtod(
            absl::StrFormat(
                "%.3g", cell.sum_of_means / static_cast<double>(cell.means)),
            &mean)) {
      (*out)["mean"] = nullptr;
      return;
    }
    (*out)["mean"] = mean;
  }

  Steward& steward_;
  const v1::AggregateQuestion& question_;
  const PeriodDays days_;
  const int64_t least_;
  std::unique_ptr<PermittedWalk> walk_;
  std::unique_ptr<AggregateLedger> ledger_;
  ValuePath group_by_;
  ValuePath mean_of_;
  std::vector<MemberTag> population_;
  std::map<std::string, AnswerCell> cells_;
};

std::string AnswerText(const Steward& steward,
                       const v1::AggregatePolicy& policy,
                       const v1::AggregateQuestion& question,
                       absl::string_view period, absl::Time now, Json found) {
  Json json = {{"aggregate", question.id()},
               {"version", 1},
               {"entity", steward.entity()},
               {"recipient", question.recipient()},
               {"purpose", question.purpose()},
               {"title", question.title()},
               {"period", std::string(period)},
               {"type", question.schema()},
               {"group_by", question.group_by()},
               {"mean_of", question.mean_of()},
               {"least_group", policy.least_group()},
               {"answered_on", InstantText(now).substr(0, 10)}};
  json.update(found);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

absl::StatusOr<Aggregate> AnswerAggregate(Steward& steward,
                                          const v1::AggregatePolicy& policy,
                                          absl::string_view question,
                                          absl::string_view period) {
  const auto asked = std::find_if(
      policy.question().begin(), policy.question().end(),
      [question](const auto& each) { return each.id() == question; });
  if (asked == policy.question().end()) {
    return absl::NotFoundError(
        "question: want one of the policy's, got another");
  }
  SUBROSA_ASSIGN_OR_RETURN(const PeriodDays days,
                           ParsePeriod(policy.period(), period));
  const absl::Time now = steward.clock().Now();
  if (days.last_day >= DayOf(now)) {
    return absl::FailedPreconditionError(
        "period: want one that is over, got one that is not");
  }
  AnswerJob job(steward, *asked, days, policy.least_group());
  SUBROSA_RETURN_IF_ERROR(job.Open());

  // To somebody else other consumers may be told of.
  const std::string what =
      absl::StrCat(asked->schema(), "\n", period, "\n", asked->mean_of());
  RecordedAnswer answer;
  answer.question = absl::BytesToHexString(
      Hash(absl::StrCat(what, "\n", asked->group_by(), "\n", asked->purpose(),
                        "\n", asked->recipient(), "\n", asked->id())));
  if (!asked->mean_of().empty()) {
    answer.measure = absl::BytesToHexString(Hash(what));
  }
  answer.day = DayOf(now);
  SUBROSA_ASSIGN_OR_RETURN(const std::optional<std::string> known,
                           job.ledger().FindAnswer(answer.question));
  if (known.has_value()) return Aggregate{*known, /*is_repeated=*/true};
  SUBROSA_RETURN_IF_ERROR(job.Gather());

  Vault& vault = job.walk().vault();
  SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen, vault.keys().ReadIssued());
  // From here on nobody else answers, nor can two answers be given at once.
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault.records().Begin());
  if (!answer.measure.empty()) {
    SUBROSA_ASSIGN_OR_RETURN(const bool is_told,
                             job.ledger().HasMeasure(answer.measure));
    if (is_told) {
      return absl::PermissionDeniedError(
          "question.mean_of: want a number whose mean in this period no other "
          "question told, got one that was told");
    }
  }
  AnswerAtoms atoms(policy.least_group());
  SUBROSA_RETURN_IF_ERROR(job.ledger().ReadAtoms(&atoms));
  SUBROSA_ASSIGN_OR_RETURN(Json found, job.Answer(&atoms));
  answer.text =
      AnswerText(steward, policy, *asked, period, now, std::move(found));
  SUBROSA_RETURN_IF_ERROR(job.ledger().Append(answer, atoms));
  SUBROSA_ASSIGN_OR_RETURN(const std::string leaf,
                           SetLeaf(steward.clock(), GivenSet::kAggregate,
                                   job.consumers(), Hash(answer.text)));
  SUBROSA_RETURN_IF_ERROR(vault.records().AppendEntries({leaf}, keys_seen));
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return Aggregate{std::move(answer.text), /*is_repeated=*/false};
}

}  // namespace subrosa
