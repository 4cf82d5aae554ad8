#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"
#include "src/base/clock.h"
#include "src/base/status_macros.h"
#include "src/crypto/secret_buffer.h"
#include "src/request/request_ledger.h"
#include "src/steward/home_check.h"
#include "src/vault/store_facts.h"
#include "src/vault/vault.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

Json StoreJson(const CheckedStore& store) {
  const bool is_read = store.facts.has_value();
  const StoreFacts facts = store.facts.value_or(StoreFacts());
  return {
      {"store", store.kind == StoreKind::kKeys ? "keys" : "records"},
      {"file", store.file},
      {"bytes", store.bytes},
      {"version", is_read ? Json(facts.version) : Json()},
      {"newest_version", is_read ? Json(facts.newest_version) : Json()},
      {"log_size", is_read ? Json(facts.log_size) : Json()},
      {"waiting", is_read ? Json(facts.waiting) : Json()},
      {"epoch",
       is_read && store.kind == StoreKind::kKeys ? Json(facts.epoch) : Json()}};
}

std::string CheckJson(const HomeCheck& check) {
  Json stores = Json::array();
  for (const CheckedStore& store : check.stores) {
    stores.push_back(StoreJson(store));
  }
  Json opened;
  if (check.records.has_value()) {
    opened = {{"consumers", check.records->consumers},
              {"rows", check.records->rows},
              {"lost", check.records->lost}};
  }
  Json orphans;
  if (check.orphans.has_value()) {
    orphans = {{"consumers", check.orphans->consumers},
               {"rows", check.orphans->rows},
               {"swept", check.is_swept}};
  }
  Json counts;
  if (check.counts.has_value()) {
    counts = {{"records", check.counts->records},
              {"counted", check.counts->counted},
              {"kinds_off", check.counts->shapes_off},
              {"recounted", check.is_recounted}};
  }
  const Json json = {
      {"sound", check.ok()},   {"stores", stores},
      {"counts", counts},      {"opened", opened},
      {"orphans", orphans},    {"fault_count", check.fault_count},
      {"faults", check.faults}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string StoreText(const CheckedStore& store) {
  std::string text =
      absl::StrFormat("%-12s  %s, %.1f MB", StoreKindName(store.kind),
                      store.file, static_cast<double>(store.bytes) / 1e6);
  if (!store.facts.has_value()) return text + "\n";
  absl::StrAppend(&text, ", version ", store.facts->version);
  if (!store.facts->is_up_to_date()) {
    return absl::StrCat(text, " of ", store.facts->newest_version,
                        ": not opened before it is brought up to date\n");
  }
  absl::StrAppend(&text, ", knows a log of ", store.facts->log_size, " leaves");
  if (store.kind == StoreKind::kKeys) {
    absl::StrAppend(&text, ", epoch ", store.facts->epoch);
  }
  return text + "\n";
}

std::string CheckText(const HomeCheck& check) {
  std::string text;
  for (const CheckedStore& store : check.stores) text += StoreText(store);
  if (check.records.has_value()) {
    absl::StrAppend(&text, "opened        ",
                    check.records->rows - check.records->lost, " of ",
                    check.records->rows, " rows of ", check.records->consumers,
                    " consumers\n");
  }
  if (check.is_recounted) {
    absl::StrAppend(&text, "counted anew  ", check.counts->records,
                    " records\n");
  }
  if (check.orphans.has_value() && check.is_swept) {
    absl::StrAppend(&text, "deleted       ", check.orphans->rows,
                    " rows that led to nobody\n");
  }
  if (!check.ok()) {
    absl::StrAppend(&text, "\n", check.fault_count, " faults:\n");
    for (const std::string& fault : check.faults) {
      absl::StrAppend(&text, "  ", fault, "\n");
    }
    return text;
  }
  return absl::StrCat(
      text, "\nNothing is wrong",
      check.records.has_value()
          ? ".\n"
          : ", as far as can be seen without opening anything.\n");
}

// What is counted of requests, beside what they say.
absl::Status CheckRequests(
    Vault& vault, const Clock& clock, bool recount,
    const std::function<void(absl::string_view fault)>& fault) {
  RequestLedger ledger(vault, clock);
  SUBROSA_ASSIGN_OR_RETURN(const RequestCountsCheck check,
                           ledger.CheckCounts());
  if (check.lost > 0) {
    fault(absl::StrCat("want requests that open, got ", check.lost, " of ",
                       check.requests + check.lost, " that do not"));
  }
  if (!check.is_counted || check.traits_off == 0) return absl::OkStatus();
  if (recount) return ledger.CountAnew();
  fault(absl::StrCat("want requests counted as they say, ", check.requests,
                     ", got ", check.counted, " and ", check.traits_off,
                     " kinds of which the number is wrong; --recount counts "
                     "them anew"));
  return absl::OkStatus();
}

}  // namespace

ExitCode StoreCheck(absl::Span<const std::string> arguments,
                    const Streams& streams) {
  HomeCheckOptions options;
  CommandLine line(
      "store check",
      "Checks the stores of a home, or copies of them: that each is whole and "
      "that they belong together; with the passphrase also that every key and "
      "record opens, and that no row leads to nobody. The exit code is 3 if "
      "anything is wrong. Changes nothing, unless it sweeps.");
  line.AddOption("--keys", &options.keys_file,
                 "A copy of the key store, instead of the home's own");
  line.AddOption("--records", &options.records_file,
                 "A copy of the record store");
  line.AddFlag("--quick", &options.quick,
               "Leave out what takes long: indexes, counting, and opening "
               "anything");
  line.AddFlag("--sweep", &options.sweep,
               "Delete rows that lead to nobody, if nothing else is wrong");
  line.AddFlag(
      "--recount", &options.recount,
      "Count anew the records and requests of which a number is wrong");
  const HomeArguments home(&line, Need::kOptional);
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if ((options.sweep || options.recount) &&
      (!options.is_of_home() || options.quick || !home.has_passphrase())) {
    return UsageError("store check",
                      absl::StrCat(options.sweep ? "--sweep" : "--recount",
                                   ": want a home, and --passphrase-file, "
                                   "without --quick"),
                      streams);
  }
  const SystemClock clock;
  options.check_more = [&](Vault& vault, const auto& fault) {
    return CheckRequests(vault, clock, options.recount, fault);
  };

  std::optional<SecretBuffer> passphrase;
  if (home.has_passphrase()) {
    absl::StatusOr<SecretBuffer> read = home.ReadPassphrase();
    if (!read.ok()) return Fail(read.status(), streams);
    passphrase.emplace(*std::move(read));
    options.passphrase = &*passphrase;
  }
  absl::StatusOr<HomeCheck> check;
  {
    Progress progress(streams);
    options.on_progress = [&](absl::string_view what, int64_t done) {
      progress.Show(done > 0 ? absl::StrCat(what, ": ", done, "   ")
                             : absl::StrCat(what, "   "));
    };
    check = CheckHome(home.folder(), options, clock);
  }
  if (!check.ok()) return Fail(check.status(), streams);
  const ExitCode printed =
      Print(home.json() ? CheckJson(*check) : CheckText(*check), streams);
  if (printed != ExitCode::kDone || check->ok()) return printed;
  return ExitCode::kNo;
}

}  // namespace subrosa
