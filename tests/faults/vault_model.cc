#include "tests/faults/vault_model.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "subrosa/v1/wellness.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kSource = "ios-app";
constexpr absl::string_view kNotePrefix = "number ";
constexpr int64_t kNone = 0;
constexpr size_t kWordsPerPut = 3;

// What a comparison found of a consumer.
constexpr absl::string_view kHeld = "held";
constexpr absl::string_view kGone = "gone";
constexpr absl::string_view kErased = "erased";
constexpr absl::string_view kUnsure = "unsure";

}  // namespace

absl::string_view PutOutcomeWord(PutOutcome outcome) {
  switch (outcome) {
    case PutOutcome::kAdded:
      return "added";
    case PutOutcome::kRevised:
      return "revised";
    case PutOutcome::kUnchanged:
      return "unchanged";
    case PutOutcome::kSuppressed:
      return "suppressed";
    case PutOutcome::kErased:
      return "erased";
  }
  return "unknown";
}

v1::HealthRecord NumberedRecord(absl::string_view consumer,
                                absl::string_view id, int64_t number) {
  v1::HealthRecord record;
  record.set_consumer(std::string(consumer));
  record.set_id(std::string(id));
  record.set_source(std::string(kSource));
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  v1::MoodCheckIn check_in;
  check_in.set_note(absl::StrCat(kNotePrefix, number));
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

int64_t NumberOf(const v1::HealthRecord& record) {
  v1::MoodCheckIn check_in;
  if (!record.payload().UnpackTo(&check_in)) return 0;
  absl::string_view note = check_in.note();
  int64_t number = 0;
  return absl::ConsumePrefix(&note, kNotePrefix) &&
                 absl::SimpleAtoi(note, &number)
             ? number
             : 0;
}

bool VaultModel::Apply(absl::string_view line) {
  std::vector<std::string> words = absl::StrSplit(line, ' ', absl::SkipEmpty());
  if (words.size() < 2) return false;
  const std::string verb = words[0];
  const std::string operation = words[1];
  if (verb == "seen") {
    See(words);
    return true;
  }
  words.erase(words.begin(), words.begin() + 2);
  if (verb == "begin") {
    pending_ = operation;
    words_ = std::move(words);
    Begin();
    return true;
  }
  if (operation != pending_ || (verb != "done" && verb != "failed")) {
    return false;
  }
  if (verb == "done") Done(words);
  // A restore that failed has to be done again before anything else.
  if (verb == "done" || operation != "restore") pending_.clear();
  return true;
}

void VaultModel::Begin() {
  if (pending_ == "put") {
    BeginPut();
  } else if (pending_ == "erase") {
    Consumer& consumer = consumers_[words_.at(0)];
    consumer.was_held = consumer.held == Answer::kYes;
    if (consumer.held == Answer::kYes) consumer.held = Answer::kMaybe;
    if (consumer.erased == Answer::kNo) consumer.erased = Answer::kMaybe;
  } else if (pending_ == "part") {
    has_new_versions_ = true;
    Consumer& consumer = consumers_[words_.at(0)];
    consumer.records[words_.at(1)].insert(kNone);
    consumer.erased_records.insert(words_.at(1));
  } else if (pending_ == "renew") {
    has_new_versions_ = true;
  } else if (pending_ == "rotate") {
    orphaned_object_ = true;
  } else if (pending_ == "retire") {
    lacks_object_ = true;
  } else if (pending_ == "restore") {
    orphaned_object_ = lacks_object_ = orphaned_rows_ = true;
  }
}

void VaultModel::BeginPut() {
  for (size_t i = 0; i + kWordsPerPut <= words_.size(); i += kWordsPerPut) {
    Consumer& consumer = consumers_[words_[i]];
    if (consumer.erased == Answer::kYes) continue;
    if (consumer.held == Answer::kNo) consumer.held = Answer::kMaybe;
    std::set<int64_t>& contents =
        consumer.records.try_emplace(words_[i + 1], std::set<int64_t>{kNone})
            .first->second;
    int64_t number = 0;
    if (absl::SimpleAtoi(words_[i + 2], &number)) contents.insert(number);
  }
}

void VaultModel::Lose(Consumer* consumer) {
  consumer->held = Answer::kNo;
  for (auto& [record, contents] : consumer->records) contents = {kNone};
}

void VaultModel::DonePut(const std::vector<std::string>& outcomes) {
  for (size_t i = 0; i < outcomes.size(); ++i) {
    const size_t at = i * kWordsPerPut;
    if (at + kWordsPerPut > words_.size()) return;
    Consumer& consumer = consumers_[words_[at]];
    if (outcomes[i] == "suppressed" || outcomes[i] == "erased") {
      if (consumer.erased == Answer::kNo) {
        violations_.push_back(absl::StrCat(
            "a put was refused, of one who was not erased: ", words_[at]));
      }
      consumer.erased = Answer::kYes;
      Lose(&consumer);
      continue;
    }
    if (consumer.erased == Answer::kYes) {
      violations_.push_back(absl::StrCat(
          "a put was acknowledged, of one who was erased: ", words_[at]));
    }
    int64_t number = 0;
    if (!absl::SimpleAtoi(words_[at + 2], &number)) continue;
    consumer.erased = Answer::kNo;
    consumer.held = Answer::kYes;
    consumer.records[words_[at + 1]] = {number};
  }
}

void VaultModel::DoneRestore() {
  const std::string which = words_.size() > 1 ? words_[1] : "";
  const bool has_keys = which == "keys" || which == "both";
  const bool has_records = which == "records" || which == "both";
  for (auto& [name, consumer] : consumers_) {
    const Consumer& then = backed_up_[name];
    if (consumer.erased == Answer::kYes) {
      // Who came and was erased after the copy is unknown to it: not held, and
      // not refused either.
      if (has_keys && then.held != Answer::kYes &&
          then.erased != Answer::kYes) {
        consumer.erased = Answer::kMaybe;
      }
      continue;
    }
    if (has_keys && then.held == Answer::kNo) {
      Lose(&consumer);
      continue;
    }
    if (!has_records) continue;
    for (auto& [record, contents] : consumer.records) {
      const auto found = then.records.find(record);
      const bool is_gone = found == then.records.end() ||
                           consumer.erased_records.count(record) > 0;
      contents = is_gone ? std::set<int64_t>{kNone} : found->second;
    }
  }
  backup_.clear();
}

void VaultModel::Done(const std::vector<std::string>& answers) {
  if (pending_ == "put") {
    DonePut(answers);
  } else if (pending_ == "erase") {
    Consumer& consumer = consumers_[words_.at(0)];
    consumer.erased = Answer::kYes;
    consumer.was_held = false;
    Lose(&consumer);
    ++erasures_;
  } else if (pending_ == "part") {
    consumers_[words_.at(0)].records[words_.at(1)] = {kNone};
  } else if (pending_ == "backup") {
    backup_ = words_.at(0);
    has_new_versions_ = false;
    for (auto& [name, consumer] : consumers_) consumer.erased_records.clear();
    backed_up_ = consumers_;
  } else if (pending_ == "restore") {
    DoneRestore();
  } else if (pending_ == "rotate") {
    orphaned_object_ = false;
  } else if (pending_ == "retire") {
    lacks_object_ = false;
  } else if (pending_ == "sweep") {
    orphaned_rows_ = false;
  }
}

std::vector<std::string> VaultModel::ErasedConsumers() const {
  std::vector<std::string> names;
  for (const auto& [name, consumer] : consumers_) {
    if (consumer.erased == Answer::kYes) names.push_back(name);
  }
  return names;
}

std::vector<std::string> VaultModel::HeldConsumers() const {
  std::vector<std::string> names;
  for (const auto& [name, consumer] : consumers_) {
    if (consumer.held == Answer::kYes) names.push_back(name);
  }
  return names;
}

std::vector<std::string> VaultModel::Compare(Vault& vault) {
  std::vector<std::string> wrong = std::exchange(violations_, {});
  for (auto& [name, consumer] : consumers_) {
    const Consumer before = consumer;
    CompareConsumer(name, &consumer, vault, &wrong);
    if (consumer == before) continue;
    std::string line = absl::StrCat("seen ", name, " ",
                                    consumer.held == Answer::kYes     ? kHeld
                                    : consumer.erased == Answer::kYes ? kErased
                                    : consumer.erased == Answer::kNo  ? kGone
                                                                     : kUnsure);
    for (const auto& [record, contents] : consumer.records) {
      absl::StrAppend(&line, " ", record, " ", *contents.begin());
    }
    seen_.push_back(std::move(line));
  }
  return wrong;
}

std::vector<std::string> VaultModel::TakeSeen() {
  return std::exchange(seen_, {});
}

bool VaultModel::Consumer::operator==(const Consumer& other) const {
  return held == other.held && erased == other.erased &&
         was_held == other.was_held && records == other.records;
}

void VaultModel::See(const std::vector<std::string>& words) {
  Consumer& consumer = consumers_[words[1]];
  const std::string state = words.size() > 2 ? words[2] : "";
  consumer.held = state == kHeld ? Answer::kYes : Answer::kNo;
  consumer.erased = state == kErased   ? Answer::kYes
                    : state == kUnsure ? Answer::kMaybe
                                       : Answer::kNo;
  consumer.was_held = false;
  for (size_t i = 3; i + 1 < words.size(); i += 2) {
    int64_t number = 0;
    if (absl::SimpleAtoi(words[i + 1], &number)) {
      consumer.records[words[i]] = {number};
    }
  }
}

void VaultModel::CompareConsumer(const std::string& name, Consumer* consumer,
                                 Vault& vault,
                                 std::vector<std::string>* wrong) {
  const absl::StatusOr<int64_t> rows = vault.CountRows(name);
  if (absl::IsNotFound(rows.status())) {
    if (consumer->held == Answer::kYes) {
      wrong->push_back(absl::StrCat("a consumer is lost: ", name));
    }
    if (consumer->erased == Answer::kMaybe && consumer->was_held) {
      consumer->erased = Answer::kYes;
    } else if (consumer->erased == Answer::kNo) {
      for (const auto& [record, contents] : consumer->records) {
        if (contents.count(kNone) == 0) {
          wrong->push_back(
              absl::StrCat("a record is lost: ", name, " ", record));
        }
      }
    }
    consumer->was_held = false;
    Lose(consumer);
    return;
  }
  if (!rows.ok()) {
    wrong->push_back(absl::StrCat(name, ": ", rows.status().ToString()));
    return;
  }
  if (consumer->erased == Answer::kYes) {
    wrong->push_back(absl::StrCat("an erased consumer is found: ", name));
  }
  consumer->erased = Answer::kNo;
  consumer->held = Answer::kYes;
  consumer->was_held = false;
  std::map<std::string, int64_t> scanned;
  const absl::Status scan =
      vault.Scan(name, [&](const v1::HealthRecord& record, const RowFacts&) {
        const int64_t number = NumberOf(record);
        if (record.consumer() != name ||
            !scanned.emplace(record.id(), number).second) {
          wrong->push_back(
              absl::StrCat("a record comes twice, or is "
                           "another's: ",
                           name, " ", record.id()));
        }
        return absl::OkStatus();
      });
  if (!scan.ok()) {
    wrong->push_back(absl::StrCat(name, ": ", scan.ToString()));
    return;
  }
  for (const auto& [record, number] : scanned) {
    if (consumer->records.find(record) == consumer->records.end()) {
      wrong->push_back(
          absl::StrCat("a record that nobody put: ", name, " ", record));
    }
  }
  for (auto& [record, contents] : consumer->records) {
    const absl::StatusOr<Vault::Found> found = vault.Get(name, kSource, record);
    if (!found.ok() && !absl::IsNotFound(found.status())) {
      wrong->push_back(
          absl::StrCat(name, " ", record, ": ", found.status().ToString()));
      continue;
    }
    const int64_t number = found.ok() ? NumberOf(found->record) : kNone;
    const auto same = scanned.find(record);
    if (number != (same == scanned.end() ? kNone : same->second)) {
      wrong->push_back(
          absl::StrCat("a scan and a get differ: ", name, " ", record));
    }
    if (contents.count(number) == 0) {
      wrong->push_back(absl::StrCat(
          "a record is not what was put: ", name, " ", record, ": want ",
          absl::StrJoin(contents, " or "), ", got ", number));
    }
    contents = {number};
  }
}

}  // namespace subrosa
