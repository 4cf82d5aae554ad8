#include "tools/subrosa/mapping_proposal.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/types/optional.h"
#include "google/protobuf/descriptor.h"
#include "src/base/status_macros.h"
#include "src/classify/name_rules.h"
#include "tools/subrosa/item_columns.h"
#include "tools/subrosa/time_guess.h"

namespace subrosa {
namespace {

using ::google::protobuf::FieldDescriptor;

constexpr absl::string_view kPeople[] = {"account", "patient", "member",
                                         "client",  "user",    "person"};

// The longest word that could stand for "no answer".
constexpr size_t kMaxMissingBytes = 4;

constexpr absl::string_view kIcd10 = "http://hl7.org/fhir/sid/icd-10-cm";
constexpr absl::string_view kSnomed = "http://snomed.info/sct";
constexpr absl::string_view kLoinc = "http://loinc.org";

// Where the parts of a table go in a shipped payload; empty: nowhere.
struct Places {
  absl::string_view message, concept_path, text, number, quantity, device;
};
constexpr Places kPlaces[] = {
    {"subrosa.v1.Condition", "condition", "note", "", "", ""},
    {"subrosa.v1.Medication", "medicine", "dosage", "", "", ""},
    {"subrosa.v1.VitalSample", "type", "", "", "value", "device_id"},
    {"subrosa.v1.MoodCheckIn", "", "note", "score", "", "device_id"},
    {"subrosa.v1.JournalEntry", "", "text", "", "", ""},
};

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
}

// What one column was proposed to be.
struct Draft {
  std::string use;
  std::string unsure;  // Why a person should look; empty: it is likely right.
  std::vector<std::string> missing;
};

// The slug that a table's name makes: "PHQ9_2024" is phq9-2024.
std::string SlugOf(absl::string_view name) {
  std::string slug = absl::StrJoin(WordsOfName(name), "-").substr(0, 64);
  return slug.empty() ? "table" : slug;
}

class Proposal {
 public:
  Proposal(const std::vector<ProposalColumn>& columns, absl::string_view zone)
      : columns_(columns), zone_(zone), drafts_(columns.size()) {}

  absl::Status Fill(absl::string_view message, const MessageTypes& types) {
    SUBROSA_RETURN_IF_ERROR(TakeConsumer());
    TakeFirst(v1::FIELD_ROLE_RECORD_ID, "record_id {}");
    TakeEffective();
    const bool is_open = message.empty() || message == "subrosa.v1.Assessment";
    if (is_open) TakeQuestionnaire();
    if (!instrument_.empty()) {
      message_ = "subrosa.v1.Assessment";
    } else {
      message_ = message.empty() ? GuessMessage() : std::string(message);
      if (message_.empty()) {
        return absl::FailedPreconditionError(
            "message: want one that the rows become (--message), since no "
            "shipped payload fits the columns, got none");
      }
      const auto* const type = types.Find(message_);
      if (type == nullptr) {
        return absl::InvalidArgumentError(
            "message: want the full name of a known message, got another");
      }
      TakeSameNames(*type);
      for (const Places& places : kPlaces) {
        if (places.message == message_) TakePlaces(places);
      }
    }
    LeaveOutRest();
    return absl::OkStatus();
  }

  MappingProposal Print(absl::string_view table_name, char separator) const {
    MappingProposal proposal;
    proposal.message = message_;
    std::string& text = proposal.text;
    text = absl::StrCat(
        "# A proposal: judge each UNSURE (docs/formats/mapping.md).\n",
        "name: ", Quoted(SlugOf(table_name)), "\n",
        "message: ", Quoted(message_), "\n");
    if (separator != ',') {
      absl::StrAppend(
          &text, "separator: ", Quoted(absl::string_view(&separator, 1)), "\n");
    }
    text += "\n";
    for (size_t i = 0; i < drafts_.size(); ++i) {
      const Draft& draft = drafts_[i];
      if (!draft.unsure.empty()) {
        ++proposal.unsure;
        absl::StrAppend(&text, "# UNSURE: ", draft.unsure, "\n");
      }
      absl::StrAppend(&text, "column { name: ", Quoted(Name(i)), " ");
      for (const std::string& word : draft.missing) {
        absl::StrAppend(&text, "missing: ", Quoted(word), " ");
      }
      absl::StrAppend(&text, draft.use, " }\n");
    }
    absl::StrAppend(&text, constants_);
    if (!instrument_.empty()) {
      absl::StrAppend(&text, "questionnaire { instrument: ", instrument_,
                      " }\n");
    }
    return proposal;
  }

 private:
  const ColumnReport& Report(size_t i) const { return *columns_[i].report; }
  const std::string& Name(size_t i) const { return Report(i).name; }
  bool IsFree(size_t i) const { return drafts_[i].use.empty(); }
  bool IsRule(size_t i, absl::string_view rule) const {
    return Report(i).name_rule == absl::StrCat("name/", rule);
  }

  // Gives the first free column with `role` that use.
  bool TakeFirst(v1::FieldRole role, const std::string& use) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!IsFree(i) || Report(i).role != role) continue;
      drafts_[i].use = use;
      return true;
    }
    return false;
  }

  absl::Status TakeConsumer() {
    if (TakeFirst(v1::FIELD_ROLE_CONSUMER, "consumer {}")) {
      return absl::OkStatus();
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::vector<std::string> words = WordsOfName(Name(i));
      // A word that names a person may stand for a name as well as for an id.
      const bool is_plain =
          words.size() == 1 && !Report(i).free_text &&
          std::count(std::begin(kPeople), std::end(kPeople), words[0]) > 0;
      if (!is_plain && !IsRule(i, "medical-record-number") &&
          !IsRule(i, "account-number") && !IsRule(i, "username") &&
          !IsRule(i, "health-plan-number") && !IsRule(i, "email")) {
        continue;
      }
      drafts_[i].use = "consumer {}";
      drafts_[i].unsure = "is this the account id of the consumer?";
      return absl::OkStatus();
    }
    return absl::FailedPreconditionError(
        "column: want one whose name says that it is the consumer's id "
        "(patient_id, account_id), got none");
  }

  void TakeEffective() {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (IsFree(i) && Report(i).role == v1::FIELD_ROLE_EFFECTIVE &&
          TakeTime(i, "effective")) {
        return;
      }
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      const bool is_open =
          Report(i).name_rule.empty() || IsRule(i, "bookkeeping");
      if (IsFree(i) && is_open && Report(i).value == NamedValue::kTime &&
          TakeTime(i, "effective")) {
        drafts_[i].unsure = "is this when it happened?";
        return;
      }
    }
  }

  // Gives column `i` the use `use` with the time format that fits its sample.
  bool TakeTime(size_t i, absl::string_view use) {
    const absl::optional<TimeGuess> guess =
        GuessTime(columns_[i].sample->values(), zone_);
    if (!guess.has_value()) return false;
    drafts_[i].use = absl::StrCat(use, " { ", guess->text, " }");
    drafts_[i].unsure = guess->unsure;
    return true;
  }

  void TakeQuestionnaire() {
    std::vector<const ColumnReport*> open(columns_.size());
    for (size_t i = 0; i < columns_.size(); ++i) {
      open[i] = IsFree(i) ? columns_[i].report : nullptr;
    }
    const absl::optional<ItemColumns> items = FindItems(open);
    if (items.has_value()) TakeItems(*items);
  }

  void TakeItems(const ItemColumns& items) {
    instrument_ = items.instrument;
    // A code for "refused" is one of a few, and the same for every item.
    std::set<std::string> others;
    for (const size_t i : items.columns) {
      for (const std::string& value : columns_[i].sample->values()) {
        double answer;
        if (!absl::SimpleAtod(value, &answer) || answer < 0 || answer > 3) {
          others.insert(value.substr(0, kMaxMissingBytes + 1));
        }
      }
    }
    const bool are_codes =
        others.size() <= 4 &&
        std::all_of(others.begin(), others.end(), [](const auto& word) {
          return word.size() <= kMaxMissingBytes;
        });
    for (size_t n = 0; n < items.columns.size(); ++n) {
      Draft& draft = drafts_[items.columns[n]];
      draft.use = absl::StrCat("item { number: ", n + 1, " }");
      if (!items.is_named) draft.unsure = "is this an item of PHQ-9?";
      if (others.empty()) continue;
      draft.unsure = "do answers beyond 0 to 3 mean that there is none?";
      if (are_codes) draft.missing.assign(others.begin(), others.end());
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::vector<std::string> words = WordsOfName(Name(i));
      const bool is_total =
          !words.empty() && (words.back() == "total" || words.back() == "sum" ||
                             words.back() == "score");
      if (IsFree(i) && is_total && Report(i).value == NamedValue::kNumber) {
        drafts_[i].use = "total {}";
        return;
      }
    }
  }

  std::string GuessMessage() const {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!IsFree(i)) continue;
      const absl::string_view system = Report(i).code_system;
      if (system == kIcd10 || system == kSnomed) return "subrosa.v1.Condition";
      if (system == kLoinc) return "subrosa.v1.VitalSample";
      if (!system.empty() && HasCategory(i, v1::HEALTH_CATEGORY_MEDICATION)) {
        return "subrosa.v1.Medication";
      }
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!IsFree(i) || Report(i).value != NamedValue::kNumber) continue;
      if (IsRule(i, "mood")) return "subrosa.v1.MoodCheckIn";
      if (IsMeasurement(i)) return "subrosa.v1.VitalSample";
    }
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (IsFree(i) && Report(i).free_text) return "subrosa.v1.JournalEntry";
    }
    return "";
  }

  bool HasCategory(size_t i, v1::HealthCategory category) const {
    const auto& findings = Report(i).findings;
    return std::any_of(findings.begin(), findings.end(),
                       [category](const ColumnFinding& found) {
                         return found.finding.category == category;
                       });
  }

  bool IsMeasurement(size_t i) const {
    return HasCategory(i, v1::HEALTH_CATEGORY_BODILY_FUNCTIONS) &&
           Report(i).value == NamedValue::kNumber;
  }

  // Fields of the message that are called as a column is.
  void TakeSameNames(const google::protobuf::Descriptor& type) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const std::string words = absl::StrJoin(WordsOfName(Name(i)), "_");
      for (int f = 0; f < type.field_count() && IsFree(i); ++f) {
        const FieldDescriptor& field = *type.field(f);
        if (absl::StrJoin(WordsOfName(field.name()), "_") != words ||
            field.is_repeated() || field.message_type() != nullptr ||
            field.type() == FieldDescriptor::TYPE_BYTES) {
          continue;
        }
        drafts_[i].use = FieldText(field.name());
        taken_.insert(field.name());
      }
    }
  }

  std::string FieldText(absl::string_view path) const {
    return absl::StrCat("field { path: ", Quoted(path), " }");
  }

  // Gives the first free column for which `fits` that field, unless it is
  // taken.
  template <typename Fits>
  void TakeField(absl::string_view path, const Fits& fits) {
    if (path.empty() || taken_.count(std::string(path)) > 0) return;
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!IsFree(i) || !fits(i)) continue;
      drafts_[i].use = FieldText(path);
      return;
    }
  }

  void TakePlaces(const Places& places) {
    int codings = 0;
    for (size_t i = 0; i < columns_.size() && !places.concept_path.empty();
         ++i) {
      if (!IsFree(i) || Report(i).code_system.empty()) continue;
      drafts_[i].use = absl::StrCat(
          "code { path: ",
          Quoted(absl::StrCat(places.concept_path, ".coding[", codings++, "]")),
          " system: ", Quoted(Report(i).code_system), " }");
      if (Report(i).findings.empty() ||
          Report(i).findings[0].finding.score < 0.9) {
        drafts_[i].unsure = "are these codes of that system?";
      }
    }
    if (codings > 0) {
      TakeField(absl::StrCat(places.concept_path, ".coding[0].display"),
                [this](size_t i) {
                  return Report(i).role == v1::FIELD_ROLE_CODE_DISPLAY;
                });
    }
    TakeField(places.number, [this](size_t i) { return IsRule(i, "mood"); });
    TakeField(places.device, [this](size_t i) { return IsRule(i, "device"); });
    TakeField(places.text, [this](size_t i) { return Report(i).free_text; });
    if (!places.quantity.empty()) TakeQuantity(places, codings > 0);
  }

  void TakeQuantity(const Places& places, bool has_code) {
    for (size_t i = 0; i < columns_.size(); ++i) {
      const bool fits =
          has_code ? Report(i).value == NamedValue::kNumber : IsMeasurement(i);
      if (!IsFree(i) || !fits) continue;
      std::string unit = "unit: \"1\"";
      drafts_[i].unsure = "in which unit (UCUM)? \"1\" is a bare number";
      for (size_t u = 0; u < columns_.size(); ++u) {
        if (!IsFree(u) || !IsRule(u, "unit")) continue;
        drafts_[u].use = "unit {}";
        unit = absl::StrCat("unit_column: ", Quoted(Name(u)));
        drafts_[i].unsure.clear();
        break;
      }
      drafts_[i].use = absl::StrCat(
          "quantity { path: ", Quoted(places.quantity), " ", unit, " }");
      if (!has_code) {
        constants_ = absl::StrCat(
            "constant { path: \"type.text\" value: ", Quoted(Name(i)), " }\n");
      }
      return;
    }
  }

  void LeaveOutRest() {
    for (size_t i = 0; i < columns_.size(); ++i) {
      if (!IsFree(i)) continue;
      const ColumnReport& report = Report(i);
      drafts_[i].use = absl::StrCat(
          "ignore: ",
          Quoted(absl::StrCat("no field of ", message_, " was found for it")));
      if (report.not_personal && !report.free_text) continue;
      drafts_[i].unsure = report.findings.empty()
                              ? "nothing is known of it"
                              : absl::StrCat("left out, though ",
                                             report.findings[0].finding.reason);
    }
  }

  const std::vector<ProposalColumn>& columns_;
  const std::string zone_;
  std::vector<Draft> drafts_;
  std::string message_;
  std::string instrument_;
  std::string constants_;
  std::set<std::string> taken_;
};

}  // namespace

absl::StatusOr<MappingProposal> ProposeMapping(
    absl::string_view table_name, const std::vector<ProposalColumn>& columns,
    char separator, absl::string_view message, absl::string_view zone,
    const MessageTypes& types) {
  Proposal proposal(columns, zone);
  SUBROSA_RETURN_IF_ERROR(proposal.Fill(message, types));
  return proposal.Print(table_name, separator);
}

}  // namespace subrosa
