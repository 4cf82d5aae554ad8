// Measures a whole de-identified set, from the store to its sealed file, of
// records of 1 KiB with text that is kept, against the classifier's own rate
// over the same records: marks and codes, identifiers with names, words of
// health; and against the bare scan of their texts that the set makes of them.
// All on one processor, by the processor time that they take, the best of three
// rounds in turn.
//
// usage: exports_set_bench [--json]
#include <sched.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "google/protobuf/descriptor.h"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/classify/classification.h"
#include "src/classify/classifier.h"
#include "src/classify/code_table.h"
#include "src/classify/facility_list.h"
#include "src/classify/free_text_reader.h"
#include "src/classify/health_reader.h"
#include "src/classify/health_record_reader.h"
#include "src/classify/inference_reader.h"
#include "src/classify/text_scanner.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/secret_buffer.h"
#include "src/exports/deidentified_set.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/home.h"
#include "src/steward/steward.h"
#include "src/vault/vault.h"
#include "subrosa/v1/recipient.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/taxonomy.pb.h"
#include "tests/bench/figures.h"
#include "tests/bench/sample_home.h"
#include "tests/bench/sample_text.h"
#include "tests/bench/sample_vault.h"

namespace subrosa {
namespace {

constexpr uint64_t kConsumers = 600;
constexpr uint64_t kRecordsOfEach = 100;
constexpr int kRounds = 3;
constexpr size_t kTextBytes = 1024;
constexpr char kPolicy[] = R"(
  entity: "rosewater" name: "Rosewater"
  contact_email: "privacy@rosewater.example"
  pack: [ "wa-mhmda", "nv-sb370" ]
  residence_unless_known: "US-WA"
  purpose {
    id: "mood-tracking" title: "Mood tracking"
    action: [ ACTION_COLLECT, ACTION_USE, ACTION_SHARE ]
    category: HEALTH_CATEGORY_CONDITIONS
    need: NEED_SERVICE need_reason: "the study that the consumer joined"
  })";

double ProcessorSecondsOf(const std::function<void()>& call) {
  const std::clock_t start = std::clock();
  call();
  return static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

// A home that knows an institute which may be given records.
std::unique_ptr<Steward> MakeSharingHome(const ScratchFolder& folder,
                                         const X25519Recipient& key) {
  const std::string passphrase = folder / "passphrase";
  Require(ReplaceFile(passphrase, "a bench needs no secret", 0600));
  NewHome home;
  home.entity = "rosewater";
  home.policy = kPolicy;
  home.cost = KeyringCost::kInteractive;
  auto secret = ReadSecretFile(passphrase);
  Require(secret.status());
  Require(CreateHome(folder / "home", home, *secret, SystemClock()));
  std::unique_ptr<Steward> steward = OpenHomeAgain(folder, folder / "home");
  const absl::CivilDay today = CivilDayOf(DayOf(SystemClock().Now()));
  v1::Recipient institute;
  institute.set_id("institute");
  institute.set_name("An Institute");
  institute.set_role(v1::RECIPIENT_ROLE_THIRD_PARTY);
  institute.set_category("research institutes");
  institute.mutable_contact()->set_email("privacy@institute.example");
  institute.mutable_contact()->set_checked_on(absl::FormatCivilTime(today - 1));
  institute.mutable_contract()->set_reference("dua-2026-01");
  institute.mutable_contract()->set_from("2026-01-01");
  institute.add_purpose("mood-tracking");
  institute.add_category_allowed(v1::HEALTH_CATEGORY_CONDITIONS);
  institute.add_location("US");
  institute.set_age_recipient(key.ToString());
  Require(steward->Recipients().Put({institute}, today).status());
  return steward;
}

std::vector<std::string> TextsOf(const std::string& text) {
  std::vector<std::string> texts;
  for (size_t at = 0; texts.size() < kConsumers * kRecordsOfEach;) {
    size_t end = at + kTextBytes;
    while ((static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
    texts.push_back(text.substr(at, end - at));
    at = end;
  }
  return texts;
}

// What says of a record in memory what it is, as `subrosa classify records`
// does, with names besides.
class WholeClassifier {
 public:
  explicit WholeClassifier(const TextScanner& scanner)
      : codes_(BuiltInCodes()),
        text_(Made(FreeTextReader::Create(scanner, codes_, Pool()))),
        health_(Made(HealthReader::Create())),
        inference_(Made(InferenceReader::Create(health_, FacilityList()))),
        words_(health_, inference_, codes_, Pool()),
        classifier_(Made(Classifier::Create(BuiltInCodes(), Pool()))) {}

  void Classify(const v1::HealthRecord& record) {
    findings_.clear();
    Require(classifier_->Classify(record).status());
    Require(text_->Read(record, &findings_));
    Require(words_.Tell(record).status());
  }

 private:
  template <typename Value>
  static Value Made(absl::StatusOr<Value> made) {
    Require(made.status());
    return *std::move(made);
  }
  static CodeTable BuiltInCodes() { return Made(CodeTable::BuiltIn()); }
  static const google::protobuf::DescriptorPool& Pool() {
    return *google::protobuf::DescriptorPool::generated_pool();
  }

  const CodeTable codes_;
  const std::unique_ptr<FreeTextReader> text_;
  const HealthReader health_;
  const InferenceReader inference_;
  HealthRecordReader words_;
  const std::unique_ptr<Classifier> classifier_;
  std::vector<Finding> findings_;
};

// A home in which consumers have a record of each of `texts`, and an institute
// that may be given them.
class SetHome {
 public:
  explicit SetHome(const std::vector<std::string>& texts)
      : identity_(X25519Identity::Generate()) {
    Require(identity_.status());
    steward_ = MakeSharingHome(folder_, identity_->recipient());
    const auto vault = steward_->OpenUngatedVault();
    Require(vault.status());
    for (uint64_t consumer = 0; consumer < kConsumers; ++consumer) {
      SampleRecords batch;
      for (uint64_t i = 0; i < kRecordsOfEach; ++i) {
        batch.AddText(consumer, i, texts[consumer * kRecordsOfEach + i]);
      }
      std::vector<PutItem> items = batch.Items();
      for (PutItem& item : items) {
        item.kinds.categories = 1u << v1::HEALTH_CATEGORY_CONDITIONS;
      }
      Require((*vault)->PutBatch(items).status());
    }
  }

  void WriteSet(int number) {
    SetTerms terms;
    terms.recipient = "institute";
    terms.purpose = "mood-tracking";
    terms.attested = {"measures", "commitment", "contract",
                      "no-actual-knowledge"};
    terms.attested_by = "the privacy officer";
    const std::string path = folder_ / absl::StrCat("set-", number, ".age");
    const auto set = WriteDeidentifiedSet(*steward_, terms, path);
    Require(set.status());
    if (set->groups.consumers != kConsumers) {
      Require(absl::InternalError("set: want all consumers, got some"));
    }
  }

 private:
  const ScratchFolder folder_;
  const absl::StatusOr<X25519Identity> identity_;
  std::unique_ptr<Steward> steward_;
};

std::vector<Figure> SpeedOn(const std::string& name, const std::string& text) {
  const std::vector<std::string> texts = TextsOf(text);
  double bytes = 0;
  for (const std::string& one : texts) bytes += static_cast<double>(one.size());
  SetHome home(texts);
  SampleRecords records;
  for (size_t i = 0; i < texts.size(); ++i) records.AddText(i, i, texts[i]);
  const std::vector<PutItem> items = records.Items();
  TextScanner::Options options;
  options.names = true;
  const auto scanner = TextScanner::Create(options);
  Require(scanner.status());
  const auto scratch = (*scanner)->NewScratch();
  Require(scratch.status());
  WholeClassifier classifier(**scanner);
  std::vector<TextMatch> matches;
  double set = std::numeric_limits<double>::infinity();
  double whole = set;
  double scan = set;
  for (int round = 0; round < kRounds; ++round) {
    set = std::min(set, ProcessorSecondsOf([&] { home.WriteSet(round); }));
    whole = std::min(whole, ProcessorSecondsOf([&] {
                       for (const PutItem& item : items) {
                         classifier.Classify(*item.record);
                       }
                     }));
    scan =
        std::min(scan, ProcessorSecondsOf([&] {
                   for (const std::string& one : texts) {
                     Require((*scanner)->Scan(one, scratch->get(), &matches));
                   }
                 }));
  }

  Figure figure;
  figure.name = absl::StrCat("a set of ", texts.size(),
                             " records of 1 KiB, store to sealed file, ", name);
  figure.unit = "MB/s";
  figure.value = bytes / set / 1e6;
  figure.baseline = "classifying the same records, names too";
  figure.baseline_value = bytes / whole / 1e6;
  figure.ratio = figure.value / figure.baseline_value;
  figure.goal = Goal::kAtLeast;
  figure.bound = 0.5;
  Figure bare = figure;
  bare.name = "the same";
  bare.baseline = "the bare scan of their texts, names too";
  bare.baseline_value = bytes / scan / 1e6;
  bare.ratio = bare.value / bare.baseline_value;
  bare.goal = Goal::kNone;
  return {figure, bare};
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) {
  const bool json = argc == 2 && std::strcmp(argv[1], "--json") == 0;
  if (argc > 1 && !json) {
    std::fprintf(stderr, "usage: exports_set_bench [--json]\n");
    return 2;
  }
  // The first that this process may use.
  cpu_set_t all;
  cpu_set_t one;
  CPU_ZERO(&one);
  if (sched_getaffinity(0, sizeof(all), &all) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
      if (CPU_ISSET(cpu, &all)) CPU_SET(cpu, &one);
    }
  }
  if (sched_setaffinity(0, sizeof(one), &one) != 0) {
    std::fprintf(stderr,
                 "exports_set_bench: could not keep to one processor\n");
    return 1;
  }
  const size_t bytes =
      subrosa::kConsumers * subrosa::kRecordsOfEach * (subrosa::kTextBytes + 4);
  std::vector<subrosa::Figure> figures =
      subrosa::SpeedOn("chat", subrosa::SampleChat(bytes));
  for (subrosa::Figure& figure :
       subrosa::SpeedOn("dense notes", subrosa::SampleNotes(bytes))) {
    figures.push_back(std::move(figure));
  }
  return subrosa::PrintFigures("exports", figures, json) ? 0 : 3;
}
