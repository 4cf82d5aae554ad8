// Plays a script of requests, erasures, rotations, a backup and its restore in
// a home whose clock the script moves, and says afterwards what it came to.
//
//   year_driver init FOLDER POLICY
//   year_driver play FOLDER SCRIPT JOURNAL
//   year_driver report FOLDER JOURNAL SECONDS CERTIFICATES
//
// SCRIPT has one JSON object a line, `at` in seconds since 1970 and `do`, in
// the order of time (year_script.py). Each is answered by a line in JOURNAL
// before the next is begun: the status code, and the reference of a request
// that came in. Playing goes on after the last line, so it may be killed at any
// moment: of the one operation that was begun and not answered it looks whether
// it was done.
//
// A report prints JSON lines: every request with its clocks, what is due in
// order, the counts by kind, who is held, what each erasure's parties said; and
// writes the last certificate of each erasure to CERTIFICATES.
//
// Exit codes: 0 done · 1 something failed that no script can make fail.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/crypto/keyring.h"
#include "src/crypto/secret_buffer.h"
#include "src/disclosure/disclosure_ledger.h"
#include "src/erasure/connector.h"
#include "src/erasure/erasure_order.h"
#include "src/erasure/request_erasure.h"
#include "src/request/request_desk.h"
#include "src/request/request_machine.h"
#include "src/request/request_text.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/home_backup.h"
#include "src/steward/home_restore.h"
#include "src/steward/steward.h"
#include "src/vault/evidence_store.h"
#include "src/vault/key_custody.h"
#include "src/vault/put_item.h"
#include "src/vault/vault.h"
#include "subrosa/v1/consent.pb.h"
#include "subrosa/v1/disclosure.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/request.pb.h"
#include "subrosa/v1/wellness.pb.h"
#include "tests/year/year_report.h"

namespace subrosa {
namespace {

using Json = nlohmann::json;

constexpr int64_t kMostBytes = int64_t{1} << 30;
constexpr size_t kRecordsAtOnce = 1000;
constexpr int64_t kBetweenRuns = 4;  // Seconds.

template <typename Message>
Message MessageOf(const Json& json) {
  Message message;
  const auto parsed =
      google::protobuf::util::JsonStringToMessage(json.dump(), &message);
  if (!parsed.ok()) {
    std::fprintf(stderr, "%s: %s\n", parsed.ToString().c_str(),
                 json.dump().c_str());
    std::exit(1);
  }
  return message;
}

v1::HealthRecord CheckInOf(const std::string& consumer) {
  v1::HealthRecord record;
  record.set_consumer(consumer);
  record.set_id("1");
  record.set_source("ios-app");
  record.set_purpose("mood-tracking");
  record.set_basis(v1::BASIS_CONSENT);
  record.mutable_collected_at()->set_seconds(1782000000);
  record.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  v1::MoodCheckIn check_in;
  check_in.set_score(3);
  record.mutable_payload()->PackFrom(check_in);
  return record;
}

class Player {
 public:
  Player(std::string folder, SecretBuffer passphrase)
      : folder_(std::move(folder)),
        passphrase_(std::move(passphrase)),
        clock_(absl::FromUnixSeconds(0)) {}

  absl::Status Init(const std::string& policy_file) {
    MoveTo(1'790'000'000);
    NewHome home;
    home.entity = "rosewater";
    home.cost = KeyringCost::kInteractive;
    SUBROSA_ASSIGN_OR_RETURN(home.policy, ReadFile(policy_file, kMostBytes));
    return CreateHome(folder_, home, passphrase_, clock_);
  }

  absl::Status Play(const std::string& script, const std::string& journal) {
    SUBROSA_RETURN_IF_ERROR(ReadJournal(journal));
    journal_ = UniqueFd(
        open(journal.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    std::ifstream lines(script);
    std::string line;
    size_t number = 0;
    while (std::getline(lines, line)) {
      if (number++ < answered_) continue;
      const Json step = Json::parse(line);
      MoveTo(step["at"]);
      may_be_done_ = number == answered_ + 1 && has_begun_;
      // Until the lease is over of whoever was killed with it.
      if (may_be_done_) {
        MoveTo(std::max(last_now_, absl::ToUnixSeconds(clock_.Now())) +
               kBetweenRuns);
      }
      if (number == answered_ + 1) {
        SUBROSA_RETURN_IF_ERROR(
            Answer({{"begin", absl::ToUnixSeconds(clock_.Now())}}));
      }
      // A restore that was begun goes on before anything opens.
      if (steward_ == nullptr && step["do"] != "restore") {
        SUBROSA_RETURN_IF_ERROR(Open());
      }
      Json answer = {{"i", number}, {"now", absl::ToUnixSeconds(clock_.Now())}};
      const absl::Status status = Do(step, &answer);
      if (absl::IsUnavailable(status) || absl::IsInternal(status) ||
          absl::IsDataLoss(status)) {
        return Annotate(status, absl::StrCat("line ", number));
      }
      answer["code"] = absl::StatusCodeToString(status.code());
      if (!status.ok()) answer["said"] = std::string(status.message());
      SUBROSA_RETURN_IF_ERROR(Answer(answer));
    }
    return absl::OkStatus();
  }

  absl::Status Report(const std::string& journal, int64_t now,
                      const std::string& certificates) {
    SUBROSA_RETURN_IF_ERROR(ReadJournal(journal));
    MoveTo(now);
    SUBROSA_RETURN_IF_ERROR(Open());
    YearReport report(*steward_, desk(), erasures_->run(), clock_);
    SUBROSA_RETURN_IF_ERROR(report.PrintRequests(refs_));
    SUBROSA_RETURN_IF_ERROR(report.PrintCounts());
    SUBROSA_RETURN_IF_ERROR(report.PrintMetrics());
    return report.PrintErasures(consumers_, certificates);
  }

 private:
  void MoveTo(int64_t seconds) {
    const absl::Time at = absl::FromUnixSeconds(seconds);
    if (at > clock_.Now()) clock_.Advance(at - clock_.Now());
  }

  absl::Status Open() {
    Close();
    StewardOptions options;
    options.clock = &clock_;
    SUBROSA_ASSIGN_OR_RETURN(steward_,
                             Steward::Open(folder_, passphrase_, options));
    SUBROSA_ASSIGN_OR_RETURN(erasures_, RequestErasure::Open(*steward_));
    SUBROSA_ASSIGN_OR_RETURN(vault_, steward_->OpenUngatedVault());
    SUBROSA_ASSIGN_OR_RETURN(disclosures_,
                             DisclosureLedger::Open(*vault_, clock_));
    return absl::OkStatus();
  }
  RequestDesk& desk() { return erasures_->desk(); }
  void Close() {
    disclosures_.reset();
    vault_.reset();
    erasures_.reset();
    steward_.reset();
  }

  // Lines that a kill tore are not whole, and only the last can be one.
  absl::Status ReadJournal(const std::string& path) {
    std::ifstream lines(path);
    std::string line;
    while (std::getline(lines, line)) {
      const Json answer =
          Json::parse(line, nullptr, /*allow_exceptions=*/false);
      if (answer.is_discarded()) continue;
      has_begun_ = true;
      last_now_ = answer.value("now", answer.value("begin", last_now_));
      if (answer.contains("begin")) continue;
      answered_ = answer["i"];
      if (answer.contains("ref")) {
        refs_[answer["n"]] =
            absl::HexStringToBytes(answer["ref"].get<std::string>());
      }
      for (const Json& consumer : answer.value("erased", Json::array())) {
        consumers_.push_back(consumer);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Answer(const Json& answer) {
    // Begins a line of its own, should the one before be torn.
    const std::string line = absl::StrCat("\n", answer.dump(), "\n");
    return write(journal_.get(), line.data(), line.size()) ==
                   static_cast<ssize_t>(line.size())
               ? absl::OkStatus()
               : absl::UnavailableError("journal: cannot write");
  }

  absl::Status Do(const Json& step, Json* answer) {
    const std::string what = step["do"];
    if (what == "put") return Put(step);
    if (what == "know") return Know(step);
    if (what == "disclose") return Disclose(step);
    if (what == "receive") return Receive(step, answer);
    if (what == "take") return Take(step);
    if (what == "late") return MarkLate(step, answer);
    if (what == "erase") return Erase(step, answer);
    if (what == "answer") return AnswerFor(step);
    if (what == "continue") return erasures_->Continue().status();
    if (what == "rotate") return vault_->Custody().Rotate(nullptr).status();
    if (what == "retire") {
      SUBROSA_RETURN_IF_ERROR(steward_->Custody().Retire().status());
      return steward_->Evidence().DestroyDue().status();
    }
    if (what == "backup") return BackUp();
    if (what == "restore") return Restore();
    return absl::InternalError(absl::StrCat("no such operation: ", what));
  }

  absl::Status Put(const Json& step) {
    const std::vector<std::string> consumers = step["consumers"];
    for (size_t begin = 0; begin < consumers.size(); begin += kRecordsAtOnce) {
      const size_t end = std::min(begin + kRecordsAtOnce, consumers.size());
      std::vector<v1::HealthRecord> records;
      for (size_t i = begin; i < end; ++i) {
        records.push_back(CheckInOf(consumers[i]));
      }
      std::vector<PutItem> items;
      for (const v1::HealthRecord& record : records) {
        items.push_back({&record, {/*categories=*/4, /*labels=*/8}});
      }
      SUBROSA_RETURN_IF_ERROR(vault_->PutBatch(items).status());
    }
    return absl::OkStatus();
  }

  absl::Status Know(const Json& step) {
    std::vector<v1::LedgerEntry> entries;
    for (const auto& [consumer, residence] : step["residences"].items()) {
      v1::LedgerEntry& entry = entries.emplace_back();
      entry.set_consumer(consumer);
      entry.mutable_facts()->set_residence(residence.get<std::string>());
    }
    std::vector<const v1::LedgerEntry*> pointers;
    for (const v1::LedgerEntry& entry : entries) pointers.push_back(&entry);
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<EntryResult> results,
                             steward_->gate().Record(pointers));
    for (const EntryResult& result : results) {
      SUBROSA_RETURN_IF_ERROR(result.status);
    }
    return absl::OkStatus();
  }

  absl::Status Disclose(const Json& step) {
    const auto entry = MessageOf<v1::Disclosure>(step["disclosure"]);
    SUBROSA_ASSIGN_OR_RETURN(const std::vector<DisclosureResult> results,
                             disclosures_->Append({&entry}));
    // A kill may have come after it was recorded: it stands, once.
    return absl::IsAlreadyExists(results[0].status) ? absl::OkStatus()
                                                    : results[0].status;
  }

  // A request of that time and kind that has no number yet.
  absl::StatusOr<std::string> FindReceived(const v1::Request& request) {
    std::string found;
    const absl::Status visited = desk().VisitAll([&](const RequestView& view) {
      bool is_known = false;
      for (const auto& [n, ref] : refs_) {
        is_known |= ref == view.kept.request_ref;
      }
      if (!is_known && view.request().kind() == request.kind() &&
          view.request().received_at().seconds() ==
              request.received_at().seconds()) {
        found = view.kept.request_ref;
      }
      return absl::OkStatus();
    });
    SUBROSA_RETURN_IF_ERROR(visited);
    return found;
  }

  absl::Status Receive(const Json& step, Json* answer) {
    const auto request = MessageOf<v1::Request>(step["request"]);
    const int64_t n = step["n"];
    std::string ref;
    if (may_be_done_) {
      SUBROSA_ASSIGN_OR_RETURN(ref, FindReceived(request));
    }
    if (ref.empty()) {
      SUBROSA_ASSIGN_OR_RETURN(const RequestView view, desk().Receive(request));
      ref = view.kept.request_ref;
    }
    refs_[n] = ref;
    (*answer)["n"] = n;
    (*answer)["ref"] = absl::BytesToHexString(ref);
    return absl::OkStatus();
  }

  absl::StatusOr<std::string> RefOf(const Json& step) {
    const auto found = refs_.find(step["n"]);
    if (found != refs_.end()) return found->second;
    return absl::NotFoundError("n: want a request that came in, got another");
  }

  absl::Status Take(const Json& step) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string ref, RefOf(step));
    const auto event = MessageOf<v1::RequestEvent>(step["event"]);
    if (may_be_done_) {
      SUBROSA_ASSIGN_OR_RETURN(const RequestView view, desk().Read(ref));
      const v1::RequestEvent& last = *view.request().event().rbegin();
      if (last.kind() == event.kind() && last.part() == event.part() &&
          last.at().seconds() == event.at().seconds()) {
        return absl::OkStatus();
      }
    }
    if (event.kind() == v1::REQUEST_EVENT_KIND_AUTHENTICATED) {
      const std::string consumer = step["consumer"];
      return desk().Authenticate(ref, consumer, event).status();
    }
    if (event.kind() == v1::REQUEST_EVENT_KIND_IDENTIFIED) {
      const std::string consumer = step["consumer"];
      return desk().Identify(ref, consumer, event).status();
    }
    return desk().Take(ref, event).status();
  }

  absl::Status MarkLate(const Json& step, Json* answer) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string ref, RefOf(step));
    SUBROSA_ASSIGN_OR_RETURN(const RequestView view, desk().MarkLateParts(ref));
    for (const auto& [slug, part] : view.machine.parts()) {
      if (part.status == v1::REQUEST_PART_STATUS_OVERDUE) {
        (*answer)["overdue"].push_back(slug);
      }
    }
    return absl::OkStatus();
  }

  absl::Status Erase(const Json& step, Json* answer) {
    SUBROSA_ASSIGN_OR_RETURN(const std::string ref, RefOf(step));
    SUBROSA_ASSIGN_OR_RETURN(const ErasureOrder order,
                             erasures_->OrderFor(ref));
    SUBROSA_RETURN_IF_ERROR(erasures_->Order(order));
    const std::string consumer = step["consumer"];
    (*answer)["erased"] = {consumer};
    consumers_.push_back(consumer);
    return absl::OkStatus();
  }

  absl::Status AnswerFor(const Json& step) {
    const absl::Status status = erasures_->run().Answer(
        step["consumer"].get<std::string>(), step["party"].get<std::string>(),
        PartyAnswer::kDone);
    return may_be_done_ && absl::IsFailedPrecondition(status) ? absl::OkStatus()
                                                              : status;
  }

  std::string CopyOf(const std::string& store) const {
    return absl::StrCat(folder_, "-copies/", store);
  }

  absl::Status BackUp() {
    std::filesystem::remove_all(folder_ + "-copies");
    std::filesystem::create_directory(folder_ + "-copies");
    BackupOptions backup;
    backup.records_file = CopyOf("records");
    backup.keys_file = CopyOf("keys");
    return BackUpHome(folder_, backup).status();
  }

  absl::Status Restore() {
    Close();
    RestoreOptions restore;
    restore.records_file = CopyOf("records");
    restore.keys_file = CopyOf("keys");
    SUBROSA_RETURN_IF_ERROR(
        RestoreHome(folder_, passphrase_, clock_, restore).status());
    return Open();
  }

  const std::string folder_;
  const SecretBuffer passphrase_;
  FixedClock clock_;
  UniqueFd journal_;
  size_t answered_ = 0;
  int64_t last_now_ = 0;
  bool has_begun_ = false;               // An earlier run.
  bool may_be_done_ = false;             // The operation, by that run.
  std::map<int64_t, std::string> refs_;  // By the script's numbers.
  std::vector<std::string> consumers_;   // Whose erasure was ordered.

  std::unique_ptr<Steward> steward_;
  std::unique_ptr<RequestErasure> erasures_;
  std::unique_ptr<Vault> vault_;
  std::unique_ptr<DisclosureLedger> disclosures_;
};

int Main(int argc, char** argv) {
  const std::string command = argc > 2 ? argv[1] : "";
  const std::string folder = argc > 2 ? argv[2] : "";
  const std::string passphrase_file = folder + ".passphrase";
  if (command == "init" &&
      !ReplaceFile(passphrase_file, "rose garden", 0600).ok()) {
    return 1;
  }
  absl::StatusOr<SecretBuffer> passphrase = ReadSecretFile(passphrase_file);
  absl::Status status = passphrase.status();
  if (status.ok()) {
    Player player(folder, *std::move(passphrase));
    status = absl::InvalidArgumentError("want init, play or report");
    if (command == "init" && argc == 4) status = player.Init(argv[3]);
    if (command == "play" && argc == 5) status = player.Play(argv[3], argv[4]);
    if (command == "report" && argc == 6) {
      status = player.Report(argv[3], std::atoll(argv[4]), argv[5]);
    }
  }
  if (status.ok()) return 0;
  std::fprintf(stderr, "year_driver: %s\n", status.ToString().c_str());
  return 1;
}

}  // namespace
}  // namespace subrosa

int main(int argc, char** argv) { return subrosa::Main(argc, argv); }
