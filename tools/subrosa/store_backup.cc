#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"
#include "src/steward/home_backup.h"
#include "src/vault/store_facts.h"
#include "tools/subrosa/command.h"
#include "tools/subrosa/command_line.h"
#include "tools/subrosa/progress.h"
#include "tools/subrosa/session.h"
#include "tools/subrosa/store_command.h"

namespace subrosa {
namespace {

using Json = nlohmann::ordered_json;

// From when on an erasure that happens now holds in the copy too.
std::string HoldsText(const StoreFacts& copy) {
  if (copy.kind == StoreKind::kRecords) {
    return "an erasure made from now on holds in this copy as soon as it holds "
           "in every key store: nothing here opens without a key from there";
  }
  return absl::StrCat(
      "an erasure made from now on holds in this copy once the object of "
      "epoch ",
      copy.epoch, " is destroyed (`subrosa keys rotate`; ",
      copy.key_backup_days,
      " days later, `subrosa keys retire`), or once this copy is destroyed");
}

Json CopyJson(const StoreCopy& copy) {
  const bool is_keys = copy.facts.kind == StoreKind::kKeys;
  return {
      {"store", is_keys ? "keys" : "records"},
      {"file", copy.file},
      {"bytes", copy.bytes},
      {"log_size", copy.facts.log_size},
      {"waiting", copy.facts.waiting},
      {"epoch", is_keys ? Json(copy.facts.epoch) : Json()},
      {"key_backup_days", is_keys ? Json(copy.facts.key_backup_days) : Json()},
      {"erasures", HoldsText(copy.facts)}};
}

std::string CopyText(const StoreCopy& copy) {
  const StoreFacts& facts = copy.facts;
  std::string text =
      absl::StrFormat("%s: the %s, %.1f MB, as of a log of %d leaves",
                      copy.file, StoreKindName(facts.kind),
                      static_cast<double>(copy.bytes) / 1e6, facts.log_size);
  if (facts.waiting > 0) {
    absl::StrAppend(&text, " and ", facts.waiting, " entries to come");
  }
  if (facts.kind == StoreKind::kKeys) {
    absl::StrAppend(&text, ", epoch ", facts.epoch);
  }
  return absl::StrCat(text, ";\n  ", HoldsText(facts), ".\n");
}

}  // namespace

ExitCode StoreBackup(absl::Span<const std::string> arguments,
                     const Streams& streams) {
  std::string home;
  int format = 0;
  BackupOptions options;
  CommandLine line(
      "store backup",
      "Copies the stores of a home, which may be in use, each into a new file: "
      "first the record store, then the key store. Keep the two in different "
      "places: copies of the key store for a short time, those of the record "
      "store for as long as you like. Needs no passphrase. Keyring and log are "
      "copied afterwards, as files.");
  line.AddOption("--records", &options.records_file,
                 "File for a copy of the record store");
  line.AddOption("--keys", &options.keys_file,
                 "File for a copy of the key store");
  line.AddOption("--home", &home,
                 "Folder of the installation [$SUBROSA_HOME or "
                 "./subrosa-home]");
  line.AddChoice("--format", &format, {{"text", 0}, {"json", 1}},
                 "How to print the result [text]");
  if (const auto exit = line.Parse(arguments, streams)) return *exit;
  if (options.records_file == options.keys_file) {
    return UsageError("store backup",
                      "--records, --keys: want one of them, or two files",
                      streams);
  }

  absl::StatusOr<std::vector<StoreCopy>> copies;
  {
    Progress progress(streams);
    options.on_progress = [&](StoreKind kind, int64_t done, int64_t total) {
      progress.ShowPercent(StoreKindName(kind), static_cast<uint64_t>(done),
                           static_cast<uint64_t>(total));
    };
    copies = BackUpHome(HomeFolder(home), options);
  }
  if (!copies.ok()) return Fail(copies.status(), streams);
  if (format == 1) {
    Json json = Json::array();
    for (const StoreCopy& copy : *copies) json.push_back(CopyJson(copy));
    return Print(Json({{"copies", json}})
                         .dump(-1, ' ', false, Json::error_handler_t::replace) +
                     "\n",
                 streams);
  }
  std::string text;
  for (const StoreCopy& copy : *copies) text += CopyText(copy);
  return Print(text, streams);
}

}  // namespace subrosa
