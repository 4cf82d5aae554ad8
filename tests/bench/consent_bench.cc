// Decisions and choices: deciding with what stands at hand, finding it among
// ten million consumers, reading it from the store; recording choices with
// their leaves; and what all that adds to a put.
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "src/consent/consumer_states.h"
#include "src/consent/decider.h"
#include "src/law/law_book.h"
#include "tests/bench/figures.h"

namespace subrosa {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kNames = 10000;
constexpr size_t kConsumersInMemory = 10'000'000;

double NanosecondsSince(SteadyClock::time_point start) {
  return std::chrono::duration<double, std::nano>(SteadyClock::now() - start)
      .count();
}

double Percentile(std::vector<double> values, double part) {
  std::sort(values.begin(), values.end());
  return values[static_cast<size_t>(part * (values.size() - 1))];
}

Figure AtMost(const std::string& name, const std::string& unit, double value,
              double bound) {
  Figure figure;
  figure.name = name;
  figure.unit = unit;
  figure.value = value;
  figure.goal = Goal::kAtMost;
  figure.bound = bound;
  return figure;
}

// All packs, and so many purposes.
v1::Policy LargePolicy(const LawBook& law) {
  v1::Policy policy;
  for (const LawEntry& entry : law.entries()) {
    const std::string& id = entry.pack->id();
    if (policy.pack_size() == 0 || policy.pack(policy.pack_size() - 1) != id) {
      policy.add_pack(id);
    }
  }
  policy.set_residence_unless_known("US-WA");
  for (int i = 0; i < kNames; ++i) {
    v1::Purpose& purpose = *policy.add_purpose();
    purpose.set_id(absl::StrCat("purpose-", i));
    for (int action = 1; action <= 4; ++action) {
      purpose.add_action(static_cast<v1::Action>(action));
    }
    for (int category = 1; category <= 13; ++category) {
      purpose.add_category(static_cast<v1::HealthCategory>(category));
    }
    purpose.set_need(i % 2 == 0 ? v1::NEED_NONE : v1::NEED_SERVICE);
  }
  return policy;
}

std::vector<RecipientTerms> ManyRecipients() {
  std::vector<RecipientTerms> recipients;
  for (int i = 0; i < kNames; ++i) {
    RecipientTerms& terms = recipients.emplace_back();
    terms.id = absl::StrCat("recipient-", i);
    terms.role = static_cast<v1::RecipientRole>(1 + i % 4);
    terms.pays = i % 10 == 0;
    terms.categories = CompiledChoice::kAllCategories;
    terms.until_day = 40000;
    for (int j = 0; j < 10; ++j) {
      terms.purposes.push_back(absl::StrCat("purpose-", (i + j * 7) % kNames));
    }
  }
  return recipients;
}

// Somebody with `choices` choices, in one of the packs' states.
CompiledStanding RandomStanding(const Decider& decider, std::mt19937& random,
                                int choices) {
  static const char* const kStates[] = {"US-WA", "US-NV", "US-CA", "US-CO",
                                        "US-CT", "US-MD", "US-VA", "US-TX"};
  v1::Standing standing;
  standing.mutable_facts()->set_residence(kStates[random() % 8]);
  standing.mutable_facts()->set_born(absl::StrCat(1950 + random() % 60));
  for (int i = 0; i < choices; ++i) {
    v1::StandingChoice& choice = *standing.add_choice();
    choice.set_kind(i % 5 == 4 ? v1::CHOICE_KIND_OPT_OUT
                               : v1::CHOICE_KIND_CONSENT);
    choice.set_action(static_cast<v1::Action>(1 + random() % 4));
    choice.set_purpose(absl::StrCat("purpose-", random() % 20));
    choice.set_actor(v1::ACTOR_KIND_SELF);
  }
  return decider.Compile(standing, false);
}

std::vector<Figure> DecideFigures() {
  const LawBook law = std::move(LawBook::BuiltIn()).value();
  const auto decider =
      std::move(Decider::Create(law, LargePolicy(law), ManyRecipients()))
          .value();
  std::mt19937 random(1);
  std::vector<CompiledStanding> standings;
  std::vector<Use> uses;
  constexpr size_t kDifferent = 1024;
  for (size_t i = 0; i < kDifferent; ++i) {
    standings.push_back(RandomStanding(*decider, random, 8));
    const auto recipient = static_cast<uint16_t>(1 + random() % kNames);
    uses.push_back({static_cast<v1::Action>(1 + random() % 4),
                    static_cast<uint16_t>(1 + (recipient - 1) % kNames),
                    recipient, uint32_t{2} << random() % 13});
  }
  const Today today = TodayOf(absl::Now());
  std::vector<double> ours;
  std::vector<double> clock;
  uint64_t permitted = 0;
  for (int i = 0; i < 2'000'000; ++i) {
    const CompiledStanding& standing = standings[random() % kDifferent];
    const Use& use = uses[random() % kDifferent];
    auto start = SteadyClock::now();
    const Decision decision = decider->Decide(use, standing, today);
    ours.push_back(NanosecondsSince(start));
    permitted += decision.Permits() ? 1 : 0;
    start = SteadyClock::now();
    clock.push_back(NanosecondsSince(start));
  }
  if (permitted == 0) std::fprintf(stderr, "bench: nothing is permitted\n");
  Figure median =
      AtMost("Decide, what stands at hand, 10,000 purposes and recipients",
             "ns", Percentile(ours, 0.5), 150);
  Figure last = AtMost("the same, the 99th of a hundred", "ns",
                       Percentile(ours, 0.99), 300);
  Figure alone;
  alone.name = "reading the clock alone, which is in both";
  alone.unit = "ns";
  alone.value = Percentile(clock, 0.5);
  return {median, last, alone};
}

std::vector<Figure> StatesFigures() {
  const LawBook law = std::move(LawBook::BuiltIn()).value();
  const auto decider =
      std::move(Decider::Create(law, LargePolicy(law), ManyRecipients()))
          .value();
  std::mt19937 random(2);
  std::vector<CompiledStanding> kinds;
  for (int i = 0; i < 2000; ++i) {
    kinds.push_back(RandomStanding(*decider, random, i % 9));
  }
  ConsumerStates states;
  absl::flat_hash_map<uint64_t, uint64_t> plain;
  plain.reserve(kConsumersInMemory);
  for (size_t i = 0; i < kConsumersInMemory; ++i) {
    const std::string ref = absl::StrCat(i, "----------------");
    states.Put(absl::StrCat("consumer-", i), ref, kinds[i % kinds.size()],
               states.version());
    plain.emplace(i * 0x9e3779b97f4a7c15, i);
  }
  std::vector<double> ours;
  std::vector<double> theirs;
  CompiledStanding found;
  uint64_t sum = 0;
  for (int i = 0; i < 500'000; ++i) {
    const size_t which =
        (uint64_t{random()} << 20 ^ random()) % kConsumersInMemory;
    const std::string consumer = absl::StrCat("consumer-", which);
    auto start = SteadyClock::now();
    if (!states.Find(consumer, &found)) std::exit(1);
    ours.push_back(NanosecondsSince(start));
    start = SteadyClock::now();
    sum += plain.find(which * 0x9e3779b97f4a7c15)->second;
    theirs.push_back(NanosecondsSince(start));
  }
  if (sum == 0) std::fprintf(stderr, "bench: nothing was found\n");
  Figure find = AtMost("finding what stands among 10,000,000 consumers", "ns",
                       Percentile(ours, 0.5), 1000);
  Figure plain_find;
  plain_find.name = "a look-up of a number in a flat_hash_map of as many";
  plain_find.unit = "ns";
  plain_find.value = Percentile(theirs, 0.5);
  Figure memory = AtMost(
      "memory of a consumer", "bytes",
      static_cast<double>(states.MemoryBytes()) / kConsumersInMemory, 64);
  return {find, plain_find, memory};
}

int Main(bool json) {
  std::vector<Figure> figures = DecideFigures();
  for (Figure& figure : StatesFigures()) figures.push_back(std::move(figure));
  return PrintFigures("consent", figures, json) ? 0 : 3;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: consent_bench [--json]\n");
    return 2;
  }
  return subrosa::Main(json);
}
