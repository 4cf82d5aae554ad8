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
#include "absl/strings/str_join.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/message.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "src/exports/aggregate_ledger.h"
#include "src/exports/aggregate_policy.h"
#include "src/exports/answer_atoms.h"
#include "src/exports/path_value.h"
#include "src/exports/payload_text.h"
#include "src/exports/record_text.h"
#include "src/exports/set_log.h"
#include "src/steward/permitted_walk.h"
#include "src/store/connection.h"
#include "src/vault/lost_answers.h"
#include "src/vault/record_row.h"
#include "src/vault/vault.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/record.pb.h"

namespace subrosa {
namespace {

using ::google::protobuf::Message;
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

std::string DayText(int32_t day) {
  return absl::FormatCivilTime(CivilDayOf(day));
}

// What is asked.
struct AskedQuestion {
  const v1::AggregatePolicy& policy;
  const v1::AggregateQuestion& question;
  absl::string_view period;
  PeriodDays days;
};

std::string AnswerText(const Steward& steward, const AskedQuestion& asked,
                       int32_t day, Json found) {
  Json json = {{"aggregate", asked.question.id()},
               {"version", 1},
               {"entity", steward.entity()},
               {"recipient", asked.question.recipient()},
               {"purpose", asked.question.purpose()},
               {"title", asked.question.title()},
               {"period", std::string(asked.period)},
               {"type", asked.question.schema()},
               {"group_by", asked.question.group_by()},
               {"mean_of", asked.question.mean_of()},
               {"least_group", asked.policy.least_group()},
               {"answered_on", DayText(day)}};
  json.update(found);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

// One question while it is answered.
class AnswerJob {
 public:
  AnswerJob(Steward& steward, const AskedQuestion& asked)
      : steward_(steward),
        asked_(asked),
        question_(asked.question),
        least_(asked.policy.least_group()) {}

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

  // The same answer as ever, or a new one.
  absl::StatusOr<Aggregate> Answer() {
    SUBROSA_ASSIGN_OR_RETURN(std::optional<std::string> known,
                             ledger_->FindAnswer(QuestionHash()));
    if (known.has_value()) {
      return Aggregate{*std::move(known), /*is_repeated=*/true};
    }
    SUBROSA_RETURN_IF_ERROR(CheckNothingIsLost());
    SUBROSA_RETURN_IF_ERROR(Gather());
    return Give();
  }

 private:
  // To somebody else other consumers may be told of.
  std::string QuestionHash() const {
    return absl::BytesToHexString(Hash(
        absl::StrJoin({absl::string_view(question_.schema()), asked_.period,
                       absl::string_view(question_.mean_of()),
                       absl::string_view(question_.group_by()),
                       absl::string_view(question_.purpose()),
                       absl::string_view(question_.recipient()),
                       absl::string_view(question_.id())},
                      "\n")));
  }

  // Against answers that are not known no other can be held. Those that were
  // lost are of days before the last was given: of later ones, none is.
  absl::Status CheckNothingIsLost() {
    SUBROSA_ASSIGN_OR_RETURN(
        const LostAnswers lost,
        ReadLostAnswers(walk_->vault().records().database()));
    if (lost.answers == 0) return absl::OkStatus();
    if (!lost.is_settled) {
      return absl::FailedPreconditionError(absl::StrCat(
          "aggregates: want all answers that were given, got a record store "
          "that was put back and lacks ",
          lost.answers,
          " of them; `subrosa export lost-answers` says what can be done"));
    }
    if (asked_.days.first_day >= lost.last_day) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "period: want one that begins on ", DayText(lost.last_day),
        " or later, since of earlier days answers were given that are lost, "
        "got one that begins on ",
        DayText(asked_.days.first_day)));
  }

  // Two means of one number, of periods that share days, tell together of the
  // records of the other days alone, of however few. Counts do not: each is of
  // a set of consumers, whatever the days, and the atoms hold for all sets.
  absl::Status CheckMeanIsNotTold(const RecordedAnswer& answer) {
    if (answer.measure.empty()) return absl::OkStatus();
    SUBROSA_ASSIGN_OR_RETURN(const std::optional<PeriodDays> told,
                             ledger_->FindOverlap(answer.measure, answer.days));
    if (!told.has_value()) return absl::OkStatus();
    return absl::FailedPreconditionError(absl::StrCat(
        "question.mean_of: want a number whose mean no other answer told for "
        "any of these days, got one that was told for ",
        DayText(told->first_day), " to ", DayText(told->last_day),
        ": ask that question again, or for a period that has none of its "
        "days"));
  }

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
  absl::StatusOr<Json> AnswerFrom(AnswerAtoms* atoms) {
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

  // The answer to what was gathered, for good; that of whoever was faster, if
  // somebody was.
  absl::StatusOr<Aggregate> Give() {
    const int32_t today = DayOf(steward_.clock().Now());
    RecordedAnswer answer;
    answer.question = QuestionHash();
    if (!mean_of_.empty()) {
      answer.measure =
          absl::StrCat(question_.schema(), " ", question_.mean_of());
    }
    answer.days = asked_.days;
    answer.day = today;
    Vault& vault = walk_->vault();
    SUBROSA_ASSIGN_OR_RETURN(const int64_t keys_seen,
                             vault.keys().ReadIssued());
    // From here on nobody else answers, nor can two answers be given at once.
    SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, vault.records().Begin());
    SUBROSA_ASSIGN_OR_RETURN(std::optional<std::string> known,
                             ledger_->FindAnswer(answer.question));
    if (known.has_value()) {
      return Aggregate{*std::move(known), /*is_repeated=*/true};
    }
    SUBROSA_RETURN_IF_ERROR(CheckMeanIsNotTold(answer));
    AnswerAtoms atoms(least_);
    SUBROSA_RETURN_IF_ERROR(ledger_->ReadAtoms(&atoms));
    SUBROSA_ASSIGN_OR_RETURN(Json found, AnswerFrom(&atoms));
    answer.text = AnswerText(steward_, asked_, today, std::move(found));
    SUBROSA_RETURN_IF_ERROR(ledger_->Append(answer, atoms));
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string leaf,
        SetLeaf(steward_.clock(), GivenSet::kAggregate,
                static_cast<int64_t>(population_.size()), Hash(answer.text)));
    SUBROSA_RETURN_IF_ERROR(vault.records().AppendEntries({leaf}, keys_seen));
    SUBROSA_RETURN_IF_ERROR(transaction.Commit());
    return Aggregate{std::move(answer.text), /*is_repeated=*/false};
  }

  absl::Status GatherOne(const std::string& consumer,
                         PermittedWalk::ReadRecords read) {
    std::map<std::string, OwnNumbers> own;
    SUBROSA_RETURN_IF_ERROR(read(
        question_.schema(),
        [&](const v1::HealthRecord& record, const RowFacts&) -> absl::Status {
          const int32_t day = DayOf(WhenOf(record));
          if (day < asked_.days.first_day || day > asked_.days.last_day) {
            return absl::OkStatus();
          }
          SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<Message> payload,
                                   ParsePayload(record, steward_.types()));
          std::string value;
          if (!group_by_.empty()) {
            SUBROSA_RETURN_IF_ERROR(AppendTextAt(*payload, group_by_, &value));
          }
          OwnNumbers& numbers = own[value];
          if (mean_of_.empty()) return absl::OkStatus();
          const std::optional<double> number = NumberAt(*payload, mean_of_);
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
  const AskedQuestion asked_;
  const v1::AggregateQuestion& question_;
  const int64_t least_;
  std::unique_ptr<PermittedWalk> walk_;
  std::unique_ptr<AggregateLedger> ledger_;
  ValuePath group_by_;
  ValuePath mean_of_;
  std::vector<MemberTag> population_;
  std::map<std::string, AnswerCell> cells_;
};

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
  if (days.last_day >= DayOf(steward.clock().Now())) {
    return absl::FailedPreconditionError(
        "period: want one that is over, got one that is not");
  }
  AnswerJob job(steward, {policy, *asked, period, days});
  SUBROSA_RETURN_IF_ERROR(job.Open());
  SUBROSA_ASSIGN_OR_RETURN(Aggregate aggregate, job.Answer());
  // Of an answer that somebody has, the log knows: a record store that is put
  // back can tell that it lacks it.
  SUBROSA_RETURN_IF_ERROR(
      Annotate(steward.AwaitCheckpoint(),
               "the question is answered, but the log does not say so yet; ask "
               "it again"));
  return aggregate;
}

}  // namespace subrosa
