// Asks the Decider about each use in decisions.tsv, whose answers decisions.py
// works out from the statutes a second time.
#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "gtest/gtest.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/consent/compiled_standing.h"
#include "src/consent/decider.h"
#include "src/consent/decision.h"
#include "src/consent/policy.h"
#include "src/consent/standing.h"
#include "src/law/law_book.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/policy.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/taxonomy.pb.h"

namespace subrosa {
namespace {

constexpr char kFolder[] = "tests/conformance/";

template <typename Value>
using Words = absl::flat_hash_map<absl::string_view, Value>;

const Words<v1::Action>& Actions() {
  static const auto* const words =
      new Words<v1::Action>({{"collect", v1::ACTION_COLLECT},
                             {"use", v1::ACTION_USE},
                             {"share", v1::ACTION_SHARE},
                             {"sell", v1::ACTION_SELL}});
  return *words;
}

const Words<v1::HealthCategory>& Categories() {
  static const auto* const words = new Words<v1::HealthCategory>(
      {{"conditions", v1::HEALTH_CATEGORY_CONDITIONS},
       {"interventions", v1::HEALTH_CATEGORY_INTERVENTIONS},
       {"medication", v1::HEALTH_CATEGORY_MEDICATION},
       {"body", v1::HEALTH_CATEGORY_BODILY_FUNCTIONS},
       {"gender", v1::HEALTH_CATEGORY_GENDER_AFFIRMING_CARE},
       {"reproductive", v1::HEALTH_CATEGORY_REPRODUCTIVE_OR_SEXUAL},
       {"location", v1::HEALTH_CATEGORY_PRECISE_LOCATION}});
  return *words;
}

const Words<v1::ChoiceKind>& Kinds() {
  static const auto* const words = new Words<v1::ChoiceKind>(
      {{"consent", v1::CHOICE_KIND_CONSENT},
       {"refusal", v1::CHOICE_KIND_REFUSAL},
       {"withdrawal", v1::CHOICE_KIND_WITHDRAWAL},
       {"authorization", v1::CHOICE_KIND_AUTHORIZATION},
       {"opt-out", v1::CHOICE_KIND_OPT_OUT},
       {"limit", v1::CHOICE_KIND_LIMIT},
       {"signal", v1::CHOICE_KIND_SIGNAL}});
  return *words;
}

std::string GroundWord(v1::Ground ground) {
  switch (ground) {
    case v1::GROUND_CONSENT:
      return "=consent";
    case v1::GROUND_NECESSARY:
      return "=necessary";
    case v1::GROUND_STRICTLY_NECESSARY:
      return "=strictly";
    case v1::GROUND_OTHER_LAW:
      return "=other-law";
    case v1::GROUND_AUTHORIZATION:
      return "=authorization";
    case v1::GROUND_NO_OPT_OUT:
      return "=no-opt-out";
    default:
      return "!";
  }
}

RecipientTerms Terms(const std::string& id, v1::RecipientRole role,
                     std::vector<std::string> purposes) {
  RecipientTerms terms;
  terms.id = id;
  terms.role = role;
  terms.purposes = std::move(purposes);
  terms.categories = CompiledChoice::kAllCategories;
  terms.until_day = std::numeric_limits<int32_t>::max();
  return terms;
}

std::vector<RecipientTerms> Recipients(const v1::Policy& policy) {
  std::vector<std::string> all;
  for (const v1::Purpose& purpose : policy.purpose()) {
    all.push_back(purpose.id());
  }
  std::vector<RecipientTerms> recipients = {
      Terms("coach", v1::RECIPIENT_ROLE_THIRD_PARTY, all),
      Terms("host", v1::RECIPIENT_ROLE_PROCESSOR, all),
      Terms("lab", v1::RECIPIENT_ROLE_CONTRACTOR, all),
      Terms("sister", v1::RECIPIENT_ROLE_AFFILIATE, all),
      Terms("broker", v1::RECIPIENT_ROLE_THIRD_PARTY,
            {"data-sale", "advertising"}),
      Terms("insurer", v1::RECIPIENT_ROLE_THIRD_PARTY, {"data-sale"}),
      Terms("sleep-shop", v1::RECIPIENT_ROLE_THIRD_PARTY, {"coaching"}),
      Terms("gone", v1::RECIPIENT_ROLE_THIRD_PARTY, {"coaching"})};
  recipients[4].pays = true;
  recipients[5].pays = true;
  recipients[6].categories = uint32_t{1}
                             << v1::HEALTH_CATEGORY_BODILY_FUNCTIONS;
  recipients[7].until_day = 0;
  return recipients;
}

absl::Time MiddayOf(absl::string_view day) {
  absl::CivilDay civil;
  EXPECT_TRUE(absl::ParseCivilTime(day, &civil)) << day;
  return absl::FromCivil(civil, absl::UTCTimeZone()) + absl::Hours(12);
}

// "consent share coaching to=coach until=2026-10-01".
v1::Choice ChoiceOf(absl::string_view text) {
  v1::Choice choice;
  choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
  bool is_first = true;
  for (const absl::string_view word : absl::StrSplit(text, ' ')) {
    const std::pair<absl::string_view, absl::string_view> option =
        absl::StrSplit(word, absl::MaxSplits('=', 1));
    if (std::exchange(is_first, false)) {
      choice.set_kind(Kinds().at(word));
    } else if (Actions().contains(word)) {
      choice.add_action(Actions().at(word));
    } else if (option.first == "to") {
      choice.add_recipient(std::string(option.second));
    } else if (option.first == "by") {
      EXPECT_EQ(option.second, "parent");
      choice.mutable_actor()->set_kind(v1::ACTOR_KIND_PARENT);
    } else if (option.first == "until") {
      choice.mutable_expires_at()->set_seconds(
          absl::ToUnixSeconds(MiddayOf(option.second)));
    } else if (option.first == "only") {
      for (const absl::string_view name : absl::StrSplit(option.second, ',')) {
        choice.add_category(Categories().at(name));
      }
    } else {
      choice.add_purpose(std::string(word));
    }
  }
  return choice;
}

// A line of the file.
struct Row {
  explicit Row(absl::string_view line) : columns(absl::StrSplit(line, '\t')) {
    for (std::string& column : columns) {
      if (column == "-") column.clear();
    }
    EXPECT_EQ(columns.size(), 12u) << line;
    columns.resize(12);
  }
  const std::string& residence() const { return columns[0]; }
  const std::string& action() const { return columns[1]; }
  const std::string& purpose() const { return columns[2]; }
  const std::string& recipient() const { return columns[3]; }
  const std::string& categories() const { return columns[4]; }
  const std::string& choices() const { return columns[5]; }
  const std::string& born() const { return columns[6]; }
  const std::string& collected() const { return columns[7]; }
  const std::string& day() const { return columns[8]; }
  const std::string& for_all() const { return columns[9]; }
  std::string answer() const {
    return absl::StrCat(columns[10], ": ", columns[11]);
  }

  std::vector<std::string> columns;
};

class DecisionsTest : public testing::Test {
 protected:
  DecisionsTest() : law_(*std::move(LawBook::BuiltIn())) {
    const absl::StatusOr<std::string> text =
        ReadFile(absl::StrCat(kFolder, "decisions_policy.textproto"), 1 << 20);
    EXPECT_TRUE(text.ok()) << text.status();
    const absl::StatusOr<Policy> policy =
        Policy::Parse("decisions_policy.textproto", *text, law_);
    EXPECT_TRUE(policy.ok()) << policy.status();
    policy_ = policy->proto();
  }

  const Decider& DeciderFor(const std::string& for_all) {
    std::unique_ptr<Decider>& decider = deciders_[for_all];
    if (decider == nullptr) {
      v1::Policy policy = policy_;
      if (!for_all.empty()) policy.add_pack_for_all(for_all);
      absl::StatusOr<std::unique_ptr<Decider>> made =
          Decider::Create(law_, policy, Recipients(policy));
      EXPECT_TRUE(made.ok()) << made.status();
      decider = *std::move(made);
    }
    return *decider;
  }

  // "verdict: rules", as the file has them.
  std::string AnswerOf(const Row& row) {
    const Decider& decider = DeciderFor(row.for_all());
    const absl::Time now = MiddayOf(row.day());
    v1::Standing standing;
    standing.mutable_facts()->set_residence(row.residence());
    standing.mutable_facts()->set_born(row.born());
    if (!row.collected().empty()) {
      standing.mutable_facts()->add_place_of_collection(row.collected());
    }
    bool ask_again = false;
    uint64_t number = 0;
    for (const absl::string_view choice :
         absl::StrSplit(row.choices(), "; ", absl::SkipEmpty())) {
      if (choice == "lost") {
        ask_again = true;
        continue;
      }
      const absl::Status folded =
          FoldChoice(ChoiceOf(choice), ++number, DayOf(now), &standing);
      EXPECT_TRUE(folded.ok()) << folded;
    }
    Use use;
    use.action = Actions().at(row.action());
    use.purpose = decider.PurposeNumber(row.purpose());
    use.recipient = decider.RecipientNumber(row.recipient());
    for (const absl::string_view name :
         absl::StrSplit(row.categories(), ',', absl::SkipEmpty())) {
      use.categories |= uint32_t{1} << Categories().at(name);
    }
    const Decision decision =
        decider.Decide(use, decider.Compile(standing, ask_again), TodayOf(now));
    std::vector<std::string> rules;
    for (size_t i = 0; i < decision.rule_count; ++i) {
      const AppliedRule& rule = decision.rules[i];
      rules.push_back(
          absl::StrCat(decider.RuleOf(rule).id, GroundWord(rule.Ground())));
    }
    std::sort(rules.begin(), rules.end());
    return absl::StrCat(VerdictName(decision.verdict), ": ",
                        absl::StrJoin(rules, " "));
  }

  LawBook law_;
  v1::Policy policy_;
  absl::flat_hash_map<std::string, std::unique_ptr<Decider>> deciders_;
};

TEST_F(DecisionsTest, EveryUseComesToWhatTheStatutesSay) {
  const absl::StatusOr<std::string> text =
      ReadFile(absl::StrCat(kFolder, "decisions.tsv"), 1 << 20);
  ASSERT_TRUE(text.ok()) << text.status();
  int uses = 0;
  int number = 0;
  std::string part;
  for (const absl::string_view line : absl::StrSplit(*text, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (line[0] == '#') {
      part = std::string(line);
      continue;
    }
    const Row row(line);
    EXPECT_EQ(AnswerOf(row), row.answer())
        << "decisions.tsv:" << number << ": " << line << "\n"
        << part;
    ++uses;
  }
  EXPECT_GE(uses, 500);
}

}  // namespace
}  // namespace subrosa
