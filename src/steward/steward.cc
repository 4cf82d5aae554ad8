#include "src/steward/steward.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/audit/log_keys.h"
#include "src/audit/log_reader.h"
#include "src/base/status_macros.h"
#include "src/consent/compiled_standing.h"
#include "src/consent/decision.h"
#include "src/consent/policy.h"
#include "src/law/law_book.h"
#include "src/steward/export_key.h"
#include "src/steward/gate_vault.h"
#include "src/steward/home_policy.h"
#include "src/steward/policy_history.h"
#include "src/steward/sharing.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"
#include "subrosa/v1/law.pb.h"

namespace subrosa {
namespace {

// How long a checkpoint may take. It follows within a second, or within a lease
// where a process died in the middle of one.
constexpr absl::Duration kCheckpointPatience = absl::Seconds(30);

}  // namespace

absl::StatusOr<std::unique_ptr<Steward>> Steward::Open(
    const std::string& folder, const SecretBuffer& passphrase,
    const StewardOptions& options) {
  auto steward = std::unique_ptr<Steward>(new Steward());
  steward->types_ = options.types;
  steward->clock_ =
      options.clock != nullptr ? options.clock : &steward->system_clock_;
  steward->folder_ = folder;
  SUBROSA_ASSIGN_OR_RETURN(
      steward->home_, OpenHomeFolder(folder, passphrase, *steward->clock_));
  steward->home_.vault->UseTypes(*steward->types_);
  SUBROSA_RETURN_IF_ERROR(steward->OpenGate());
  SUBROSA_ASSIGN_OR_RETURN(
      steward->kinds_,
      KindReader::Create(
          options.types->loaded(),
          steward->gate_->policy().proto().reads_health_words()));
  steward->intake_ = std::make_unique<Intake>(*options.types, *steward->kinds_,
                                              *steward->gate_);
  return steward;
}

absl::Status Steward::OpenGate() {
  SUBROSA_ASSIGN_OR_RETURN(LawBook law, LawBook::BuiltIn());
  SUBROSA_ASSIGN_OR_RETURN(Policy policy,
                           ReadHomePolicy(folder_, entity(), law));
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           OpenGateVault(folder_, *home_.provider, *clock_));
  SUBROSA_RETURN_IF_ERROR(
      NotePolicy(*vault, policy.sha256(), DayOf(clock_->Now())));
  SUBROSA_ASSIGN_OR_RETURN(gate_,
                           ConsentGate::Open(std::move(vault), std::move(law),
                                             std::move(policy), *clock_));
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<BackgroundWriter>> Steward::OpenWriter(
    const GroupWriterOptions& options) {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           OpenVault(folder_, *home_.provider, *clock_));
  vault->UseTypes(*types_);
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<GroupWriter> writer,
                           GroupWriter::Create(std::move(vault), options));
  return std::make_unique<BackgroundWriter>(*intake_, std::move(writer));
}

absl::StatusOr<std::unique_ptr<Sharing>> Steward::OpenSharing() {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           OpenVault(folder_, *home_.provider, *clock_));
  vault->UseTypes(*types_);
  return Sharing::Open(std::move(vault), *gate_, *types_, *clock_);
}

RecipientRegistry Steward::Recipients() {
  RecordStore& records = home_.vault->records();
  return RecipientRegistry(records.database(), records.entity_number());
}

absl::StatusOr<std::vector<PutResult>> Steward::Put(
    absl::Span<const v1::HealthRecord* const> records) {
  std::vector<PutResult> results(records.size());
  std::vector<PutItem> items;
  std::vector<size_t> places;
  items.reserve(records.size());
  places.reserve(records.size());
  for (size_t i = 0; i < records.size(); ++i) {
    const absl::StatusOr<PutItem> item = intake_->Admit(*records[i]);
    results[i].status = item.status();
    if (!item.ok()) continue;
    items.push_back(*item);
    places.push_back(i);
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PutOutcome> outcomes,
                           home_.vault->PutBatch(items));
  for (size_t i = 0; i < outcomes.size(); ++i) {
    results[places[i]] = ResultOf(outcomes[i]);
  }
  return results;
}

absl::StatusOr<Vault::Found> Steward::Get(absl::string_view purpose,
                                          absl::string_view consumer,
                                          absl::string_view source,
                                          absl::string_view id) {
  SUBROSA_ASSIGN_OR_RETURN(Vault::Found found,
                           home_.vault->Get(consumer, source, id));
  const Use use =
      gate_->UseOf(v1::ACTION_USE, purpose, "", found.facts.categories);
  SUBROSA_ASSIGN_OR_RETURN(const Decision decision,
                           gate_->Decide(consumer, use));
  SUBROSA_RETURN_IF_ERROR(gate_->StatusOf(decision));
  return found;
}

absl::StatusOr<int64_t> Steward::Scan(absl::string_view purpose,
                                      absl::string_view consumer,
                                      Vault::RecordVisitor visit) {
  SUBROSA_ASSIGN_OR_RETURN(const CompiledStanding standing,
                           gate_->StandingOf(consumer));
  Use use = gate_->UseOf(v1::ACTION_USE, purpose, "", 0);
  int64_t left_out = 0;
  SUBROSA_RETURN_IF_ERROR(home_.vault->Scan(
      consumer, [&](const v1::HealthRecord& record, const RowFacts& facts) {
        use.categories = facts.categories;
        if (gate_->Decide(standing, use).Permits()) return visit(record, facts);
        ++left_out;
        return absl::OkStatus();
      }));
  return left_out;
}

absl::StatusOr<int64_t> Steward::Find(absl::string_view purpose,
                                      absl::string_view schema,
                                      absl::string_view field,
                                      absl::string_view value,
                                      Vault::RecordVisitor visit) {
  Use use = gate_->UseOf(v1::ACTION_USE, purpose, "", 0);
  int64_t left_out = 0;
  SUBROSA_RETURN_IF_ERROR(home_.vault->Find(
      schema, field, value,
      [&](const v1::HealthRecord& record,
          const RowFacts& facts) -> absl::Status {
        use.categories = facts.categories;
        SUBROSA_ASSIGN_OR_RETURN(const Decision decision,
                                 gate_->Decide(record.consumer(), use));
        if (decision.Permits()) return visit(record, facts);
        ++left_out;
        return absl::OkStatus();
      }));
  return left_out;
}

absl::Status Steward::StartHousekeeper() {
  if (housekeeper_ != nullptr) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           OpenVault(folder_, *home_.provider, *clock_));
  housekeeper_ = std::make_unique<Housekeeper>(std::move(vault));
  return absl::OkStatus();
}

absl::Status Steward::ContinueInBackground() {
  // What was erased, by whatever vault of this process, stays open in none.
  home_.vault->keys().DropKeys();
  SUBROSA_RETURN_IF_ERROR(StartHousekeeper());
  housekeeper_->Wake();
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Steward::FinishErasures(
    const std::function<void(int64_t rows)>& on_progress) {
  SUBROSA_RETURN_IF_ERROR(StartHousekeeper());
  return housekeeper_->Finish(on_progress);
}

absl::Status Steward::AwaitCheckpoint() {
  SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued,
                           home_.vault->ReadIssued());
  return home_.sequencer->WaitFor(issued, kCheckpointPatience).status();
}

absl::StatusOr<LogReader> Steward::ReadLog() {
  SUBROSA_ASSIGN_OR_RETURN(const OutboxPosition issued,
                           home_.vault->ReadIssued());
  SUBROSA_ASSIGN_OR_RETURN(
      const LogStatus log,
      home_.sequencer->WaitFor(issued, kCheckpointPatience));
  return LogReader::AtCheckpoint(home_.log_folder, log.checkpoint);
}

absl::StatusOr<uint64_t> Steward::ReadLogSize() {
  SUBROSA_ASSIGN_OR_RETURN(
      const LogStatus log,
      home_.sequencer->WaitFor(OutboxPosition(), kCheckpointPatience));
  return log.size;
}

absl::StatusOr<std::vector<NoteKey>> Steward::LogKeys() {
  SUBROSA_ASSIGN_OR_RETURN(LogState state,
                           LogState::Open(home_.vault->keys().database()));
  SUBROSA_ASSIGN_OR_RETURN(const LogStatus log, state.Read());
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<LogKey> keys, state.ReadKeys());
  SUBROSA_RETURN_IF_ERROR(
      CheckLogKeys(*home_.provider, log.origin, keys).status());
  std::vector<NoteKey> signing;
  for (const LogKey& key : keys) {
    SUBROSA_ASSIGN_OR_RETURN(NoteKey parsed, NoteKey::Parse(key.vkey));
    if (!key.retired) signing.push_back(std::move(parsed));
  }
  return signing;
}

absl::StatusOr<NoteKey> Steward::ExportKey() {
  return MakeExportKey(*home_.provider,
                       {entity(), home_.vault->installation()});
}

absl::StatusOr<std::string> Steward::SignExport(absl::string_view text) {
  return SignWithExportKey(*home_.provider,
                           {entity(), home_.vault->installation()}, text);
}

Assurance Steward::EpochAssurance() const {
  const absl::string_view kind = home_.provider->kind();
  if (kind == "pkcs11") return Assurance::kHardwareObject;
  if (kind == "transit") return Assurance::kServiceVersion;
  return Assurance::kRewrittenFile;
}

absl::StatusOr<std::unique_ptr<Vault>> Steward::OpenUngatedVault() {
  SUBROSA_ASSIGN_OR_RETURN(std::unique_ptr<Vault> vault,
                           OpenVault(folder_, *home_.provider, *clock_));
  vault->UseTypes(*types_);
  return vault;
}

}  // namespace subrosa
