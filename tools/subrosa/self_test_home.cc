#include "tools/subrosa/self_test_home.h"

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/text_format.h"
#include "src/base/file.h"
#include "src/base/status_macros.h"
#include "src/consent/policy.h"
#include "src/crypto/age_x25519.h"
#include "src/crypto/keyring.h"
#include "src/crypto/random_bytes.h"
#include "src/crypto/secret_buffer.h"
#include "src/erasure/connector_file.h"
#include "src/recipients/recipient_registry.h"
#include "src/steward/consent_gate.h"
#include "src/steward/home.h"
#include "src/steward/home_policy.h"
#include "src/vault/index_keeper.h"
#include "src/vault/index_planner.h"
#include "src/vault/indexed_field.h"
#include "subrosa/v1/connector.pb.h"
#include "subrosa/v1/recipient.pb.h"
#include "tools/subrosa/self_test_record.h"

namespace subrosa {
namespace {

constexpr size_t kPassphraseBytes = 32;
constexpr int kIndexBits = 16;
// Of what a double was told; a self-test erases one consumer.
constexpr size_t kMaxToldBytes = size_t{1} << 20;

absl::StatusOr<std::string> MakeFolder() {
  const char* const temporary = std::getenv("TMPDIR");
  std::string folder = absl::StrCat(
      temporary == nullptr || *temporary == '\0' ? "/tmp" : temporary,
      "/subrosa-selftest-XXXXXX");
  if (mkdtemp(folder.data()) == nullptr) return ErrnoStatus(errno, folder);
  return folder;
}

}  // namespace

absl::StatusOr<std::unique_ptr<SelfTestHome>> SelfTestHome::Make(
    Steward& original) {
  SUBROSA_ASSIGN_OR_RETURN(std::string folder, MakeFolder());
  auto home = std::unique_ptr<SelfTestHome>(
      new SelfTestHome(std::move(folder), original.clock().Now()));
  SUBROSA_RETURN_IF_ERROR(
      Annotate(home->MakeParts(original), "the self-test's own home"));
  return home;
}

SelfTestHome::~SelfTestHome() {
  steward_.reset();
  std::error_code ignored;  // Nobody is in it.
  std::filesystem::remove_all(folder_, ignored);
}

absl::Status SelfTestHome::MakeParts(Steward& original) {
  const std::string path = folder_ + "/passphrase";
  SUBROSA_RETURN_IF_ERROR(ReplaceFile(
      path, absl::BytesToHexString(RandomBytes(kPassphraseBytes)), 0600));
  SUBROSA_ASSIGN_OR_RETURN(const SecretBuffer passphrase, ReadSecretFile(path));
  NewHome home;
  home.entity = original.entity();
  home.cost = KeyringCost::kInteractive;
  home.policy_name = PolicyOf(original.folder());
  SUBROSA_ASSIGN_OR_RETURN(home.policy,
                           ReadFile(home.policy_name, kMaxPolicyBytes));
  SUBROSA_RETURN_IF_ERROR(CreateHome(this->home(), home, passphrase, clock_));
  SUBROSA_RETURN_IF_ERROR(MakeDoubles(original.folder()));
  StewardOptions options;
  options.types = &original.types();
  options.clock = &clock_;
  SUBROSA_ASSIGN_OR_RETURN(steward_,
                           Steward::Open(this->home(), passphrase, options));
  SUBROSA_RETURN_IF_ERROR(MakeIndex());
  return TakeRecipients(original);
}

absl::Status SelfTestHome::MakeIndex() {
  SUBROSA_ASSIGN_OR_RETURN(
      const IndexedField field,
      IndexedField::Resolve(kSelfTestSchema, kSelfTestField,
                            steward_->types()));
  // Nobody is there by whom it could be planned.
  IndexVerdict plan;
  plan.bits = kIndexBits;
  plan.partitions = 1;
  plan.kind = IndexKind::kPlain;
  return steward_->Indexes().Add(field, plan, nullptr);
}

absl::Status SelfTestHome::MakeDoubles(const std::string& original) {
  SUBROSA_ASSIGN_OR_RETURN(v1::ConnectorFile connectors,
                           ReadConnectors(original));
  for (v1::Connector& connector : *connectors.mutable_connector()) {
    (connector.kind() == v1::PARTY_KIND_STORE ? stores_ : told_recipients_)
        .push_back(connector.id());
    connector.clear_how();
    for (const std::string& argument :
         {std::string("/bin/sh"), std::string("-c"),
          std::string("{ cat; echo; } >> \"$0\""),
          TellPath(connector.kind(), connector.id())}) {
      connector.mutable_command()->add_argument(argument);
    }
  }
  std::string text;
  if (!google::protobuf::TextFormat::PrintToString(connectors, &text)) {
    return absl::InternalError("connectors: want text, got none");
  }
  return ReplaceFile(absl::StrCat(home(), "/", kConnectorFileName), text, 0600);
}

absl::Status SelfTestHome::TakeRecipients(Steward& original) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<RecordedRecipient> recorded,
                           original.gate().ReadRecipients());
  if (recorded.empty()) return absl::OkStatus();
  SUBROSA_ASSIGN_OR_RETURN(const X25519Identity identity,
                           X25519Identity::Generate());
  std::vector<v1::Recipient> recipients;
  for (const RecordedRecipient& each : recorded) {
    recipients.push_back(each.recipient);
    recipients.back().set_age_recipient(identity.recipient().ToString());
  }
  SUBROSA_RETURN_IF_ERROR(steward_->Recipients()
                              .Put(recipients, CivilDayOf(DayOf(clock_.Now())))
                              .status());
  return steward_->gate().Refresh();
}

std::string SelfTestHome::TellPath(v1::PartyKind kind,
                                   const std::string& id) const {
  return absl::StrCat(folder_, "/told-", static_cast<int>(kind), "-", id);
}

std::string SelfTestHome::ToldTo(v1::PartyKind kind,
                                 const std::string& id) const {
  const absl::StatusOr<std::string> told =
      ReadFile(TellPath(kind, id), kMaxToldBytes);
  return told.ok() ? *told : "";
}

std::string SelfTestHome::NewPath() {
  return absl::StrCat(folder_, "/given-", ++paths_);
}

}  // namespace subrosa
