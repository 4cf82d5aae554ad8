#include "src/request/consumer_statement.h"

#include <cstdint>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "google/protobuf/stubs/common.h"
#include "src/base/status_macros.h"
#include "src/crypto/sha256.h"
#include "src/request/request_law.h"
#include "src/vault/put_item.h"
#include "subrosa/v1/account.pb.h"
#include "subrosa/v1/law.pb.h"
#include "subrosa/v1/record.pb.h"
#include "subrosa/v1/request.pb.h"

namespace subrosa {
namespace {

constexpr absl::string_view kStatementWords = "statement-words";
constexpr size_t kIdBytes = 16;

// Of the statutes that give a statement, the one that gives the most words.
const DatedRule* RuleFor(const RequestLaw& law, const RequestView& view) {
  const DatedRule* found = nullptr;
  for (const DatedRule* const rule :
       law.RulesFor(view.request(), view.machine.received_at())) {
    const v1::Threshold& threshold = rule->rule().threshold();
    if (threshold.duty() == kStatementWords &&
        (found == nullptr ||
         threshold.value() > found->rule().threshold().value())) {
      found = rule;
    }
  }
  return found;
}

absl::Status CheckRequest(const RequestView& view) {
  if (view.machine.kind() != v1::REQUEST_KIND_CORRECT ||
      view.machine.status() != v1::REQUEST_STATUS_DENIED) {
    return absl::FailedPreconditionError(
        "request: want a correction that is denied, got another");
  }
  if (view.request().consumer().empty()) {
    return absl::FailedPreconditionError(
        "request.consumer: want a correction of somebody who is known, got "
        "none");
  }
  return absl::OkStatus();
}

absl::Status CheckText(absl::string_view text, int64_t most_words) {
  if (text.size() > kMaxStatementBytes) {
    return absl::InvalidArgumentError(
        absl::StrCat("statement: want at most ", kMaxStatementBytes,
                     " bytes, got ", text.size()));
  }
  if (!google::protobuf::internal::IsStructurallyValidUTF8(
          text.data(), static_cast<int>(text.size()))) {
    return absl::InvalidArgumentError("statement: want UTF-8, got other bytes");
  }
  const std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(" \t\r\n\v\f"), absl::SkipEmpty());
  if (words.empty() || static_cast<int64_t>(words.size()) > most_words) {
    return absl::InvalidArgumentError(absl::StrCat(
        "statement: want 1 to ", most_words, " words, got ", words.size()));
  }
  return absl::OkStatus();
}

}  // namespace

std::string StatementIdOf(const StatedRecord& record) {
  const auto digest = Sha256().Digest({record.id});
  return absl::StrCat(
      "statement-",
      absl::BytesToHexString(absl::string_view(
          reinterpret_cast<const char*>(digest.data()), kIdBytes)));
}

absl::StatusOr<std::string> AttachStatement(Vault& vault, const RequestLaw& law,
                                            const RequestView& view,
                                            const StatedRecord& record,
                                            absl::string_view text,
                                            const Clock& clock) {
  SUBROSA_RETURN_IF_ERROR(CheckRequest(view));
  const DatedRule* const rule = RuleFor(law, view);
  if (rule == nullptr) {
    return absl::FailedPreconditionError(
        "request: want a consumer to whom a statute gives a statement, got "
        "one to whom none does");
  }
  SUBROSA_RETURN_IF_ERROR(CheckText(text, rule->rule().threshold().value()));
  SUBROSA_ASSIGN_OR_RETURN(
      const Vault::Found about,
      vault.Get(view.request().consumer(), record.source, record.id));

  v1::ConsumerStatement statement;
  statement.set_record_id(record.id);
  statement.set_text(std::string(absl::StripAsciiWhitespace(text)));
  v1::HealthRecord put;
  put.set_consumer(view.request().consumer());
  put.set_source(record.source);
  put.set_id(StatementIdOf(record));
  put.set_purpose(about.record.purpose());
  // They asked for it.
  put.set_basis(v1::BASIS_NECESSARY);
  put.mutable_collected_at()->set_seconds(absl::ToUnixSeconds(clock.Now()));
  put.mutable_provenance()->set_collection(v1::COLLECTION_CONSUMER);
  put.mutable_payload()->PackFrom(statement);
  const PutItem item = {&put, about.facts};
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<PutOutcome> outcome,
                           vault.PutBatch({item}));
  if (outcome[0] == PutOutcome::kSuppressed ||
      outcome[0] == PutOutcome::kErased) {
    return absl::FailedPreconditionError(
        "request.consumer: want somebody who is held, got one who was erased");
  }
  return rule->id();
}

}  // namespace subrosa
