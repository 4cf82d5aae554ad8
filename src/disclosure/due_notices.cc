#include "src/disclosure/due_notices.h"

#include <algorithm>
#include <map>
#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "src/base/length_prefixed.h"
#include "src/base/status_macros.h"
#include "src/crypto/big_endian.h"
#include "src/crypto/prf.h"
#include "src/crypto/sealed_value.h"
#include "src/crypto/secret_key.h"
#include "src/store/connection.h"
#include "src/vault/key_store.h"
#include "src/vault/record_store.h"

namespace subrosa {
namespace {

constexpr PrfLabel kNoticeKeyLabel("due notice seal");

// A notice is sent within days. It ends with the year after this one, so that
// one that is queued on a 31 December has a year.
int32_t ExpiryYear(absl::Time now) {
  return static_cast<int32_t>(
      absl::ToCivilYear(now, absl::UTCTimeZone()).year() + 1);
}

std::string ContextOf(absl::string_view entity, int32_t year,
                      absl::string_view notice_ref, absl::string_view recipient,
                      int32_t day) {
  return LengthPrefixed({"subrosa due notice", entity, absl::StrCat(year),
                         notice_ref, recipient, absl::StrCat(day)});
}

// Those of an erasure are not kept here.
std::string ReasonOf(const v1::DueNotice& notice) {
  if (notice.reason() == v1::NOTICE_REASON_REVOCATION) return "revocation";
  std::string reason = absl::StrCat("part ", notice.collected_first_day(), " ",
                                    notice.collected_last_day());
  for (const int category : notice.category()) {
    absl::StrAppend(&reason, " ", category);
  }
  return reason;
}

// What was given since, and another part, are another notice.
std::string NoticeRefOf(const SecretKey& stable_secret,
                        const v1::DueNotice& notice) {
  std::string purposes;
  for (const std::string& purpose : notice.purpose()) {
    absl::StrAppend(&purposes, purpose, " ");
  }
  const BigEndianBytes<uint64_t> disclosures(
      static_cast<uint64_t>(notice.disclosures()));
  const auto output =
      Prf(stable_secret, "due notice",
          {notice.recipient(), purposes, disclosures.view(), ReasonOf(notice)});
  return std::string(reinterpret_cast<const char*>(output.data()),
                     kNoticeRefBytes);
}

// The categories of `entry` as bits; 0 if it says none.
uint32_t BitsOf(const v1::Disclosure& entry) {
  uint32_t bits = 0;
  for (const int category : entry.category()) bits |= uint32_t{1} << category;
  return bits;
}

// What one recipient was given that may hold some of a part.
struct PartReceived {
  ReceivedByOne received;
  uint32_t categories = 0;  // Of the disclosures that say theirs.
  bool is_of_any = false;   // One may hold what no category says.
};

v1::DueNotice NoticeOf(const ReceivedByOne& received, v1::NoticeReason reason) {
  v1::DueNotice notice;
  notice.set_recipient(received.recipient);
  notice.set_recipient_name(received.name);
  notice.set_recipient_contact(received.contact);
  notice.set_reason(reason);
  for (const std::string& name : received.pseudonyms) {
    notice.add_pseudonym(name);
  }
  notice.set_has_unnamed(received.has_unnamed);
  for (const std::string& purpose : received.purposes) {
    notice.add_purpose(purpose);
  }
  notice.set_first_day(received.first_day);
  notice.set_last_day(received.last_day);
  notice.set_disclosures(received.disclosures);
  return notice;
}

}  // namespace

absl::StatusOr<std::vector<v1::DueNotice>> DueNotices::Plan(
    const ConsumerHandle& consumer) {
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<ReceivedByOne> recipients,
                           ledger_.ReadRecipients(consumer));
  std::vector<v1::DueNotice> notices;
  for (const ReceivedByOne& received : recipients) {
    notices.push_back(NoticeOf(received, v1::NOTICE_REASON_ERASURE));
  }
  return notices;
}

absl::StatusOr<std::vector<v1::DueNotice>> DueNotices::PlanForPart(
    absl::string_view consumer, const SelectedPart& part, int32_t due_day) {
  std::vector<v1::DueNotice> planned;
  if (part.rows == 0) return planned;
  std::map<std::string, PartReceived> recipients;
  SUBROSA_RETURN_IF_ERROR(
      ledger_.Visit(consumer, [&](uint64_t, const v1::Disclosure& entry) {
        const uint32_t given = BitsOf(entry);
        const bool is_of_any = given == 0 || part.has_uncategorized;
        // What was collected later was not in it.
        const bool is_before =
            DayOf(absl::FromUnixSeconds(entry.at().seconds())) < part.first_day;
        if (entry.kind() == v1::DISCLOSURE_KIND_REVOCATION || is_before ||
            (!is_of_any && (given & part.categories) == 0)) {
          return absl::OkStatus();
        }
        PartReceived& one = recipients[entry.recipient()];
        AddToReceived(entry, &one.received);
        one.categories |= given;
        one.is_of_any |= is_of_any;
        return absl::OkStatus();
      }));
  for (const auto& [recipient, one] : recipients) {
    v1::DueNotice& notice =
        planned.emplace_back(NoticeOf(one.received, v1::NOTICE_REASON_PART));
    // A recipient learns of no kind that it was not given.
    const uint32_t kinds = one.is_of_any ? 0 : one.categories & part.categories;
    for (int i = 1; i < v1::HealthCategory_ARRAYSIZE; ++i) {
      if ((kinds >> i & 1) != 0) {
        notice.add_category(static_cast<v1::HealthCategory>(i));
      }
    }
    notice.set_collected_first_day(part.first_day);
    notice.set_collected_last_day(part.last_day);
    notice.set_due_day(due_day);
  }
  return planned;
}

absl::StatusOr<int64_t> DueNotices::QueueForPart(absl::string_view consumer,
                                                 const SelectedPart& part,
                                                 int32_t due_day) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<v1::DueNotice> planned,
                           PlanForPart(consumer, part, due_day));
  return Keep(consumer, std::move(planned));
}

absl::StatusOr<std::vector<v1::DueNotice>> DueNotices::PlanForRevocation(
    absl::string_view consumer, absl::string_view recipient,
    absl::string_view purpose) {
  ReceivedByOne received;
  SUBROSA_RETURN_IF_ERROR(
      ledger_.Visit(consumer, [&](uint64_t, const v1::Disclosure& entry) {
        if (entry.recipient() == recipient &&
            (purpose.empty() || entry.purpose() == purpose)) {
          AddToReceived(entry, &received);
        }
        return absl::OkStatus();
      }));
  std::vector<v1::DueNotice> planned;
  if (received.disclosures > 0) {
    planned.push_back(NoticeOf(received, v1::NOTICE_REASON_REVOCATION));
  }
  return planned;
}

absl::StatusOr<int64_t> DueNotices::QueueForRevocation(
    absl::string_view consumer, absl::string_view recipient,
    absl::string_view purpose) {
  SUBROSA_ASSIGN_OR_RETURN(std::vector<v1::DueNotice> planned,
                           PlanForRevocation(consumer, recipient, purpose));
  return Keep(consumer, std::move(planned));
}

absl::StatusOr<int64_t> DueNotices::Keep(absl::string_view consumer,
                                         std::vector<v1::DueNotice> notices) {
  if (notices.empty()) return 0;
  const absl::Time now = clock_.Now();
  const int32_t year = ExpiryYear(now);
  const int32_t day = DayOf(now);
  KeyStore& keys = vault_.keys();
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(const std::unique_ptr<ConsumerHandle> handle,
                           keys.Find(consumer));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey secret,
                           keys.StableSecretOf(*handle));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey year_key,
                           evidence_keys_.FindOrCreate(year));
  SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                           DeriveKey(year_key, kNoticeKeyLabel, {}));
  SUBROSA_ASSIGN_OR_RETURN(Transaction transaction, records.Begin());
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> insert,
      records.database().Prepare(
          "INSERT INTO due_notice(entity, notice_ref, year, recipient, day,"
          " sealed) VALUES($1, $2, $3, $4, $5, $6)"
          " ON CONFLICT(entity, notice_ref) DO NOTHING"));
  int64_t kept = 0;
  for (v1::DueNotice& notice : notices) {
    notice.mutable_queued_at()->set_seconds(absl::ToUnixSeconds(now));
    const std::string notice_ref = NoticeRefOf(secret, notice);
    SUBROSA_ASSIGN_OR_RETURN(
        const std::string sealed,
        SealValue(key,
                  ContextOf(vault_.entity(), year, notice_ref,
                            notice.recipient(), day),
                  notice.SerializeAsString()));
    insert->BindInt(1, records.entity_number());
    insert->BindBytes(2, notice_ref);
    insert->BindInt(3, year);
    insert->BindText(4, notice.recipient());
    insert->BindInt(5, day);
    insert->BindBytes(6, sealed);
    SUBROSA_RETURN_IF_ERROR(insert->Run());
    kept += records.database().Changes();
  }
  SUBROSA_RETURN_IF_ERROR(transaction.Commit());
  return kept;
}

absl::Status DueNotices::Visit(absl::string_view recipient,
                               NoticeVisitor visit) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> read,
      records.database().Prepare(
          "SELECT notice_ref, year, recipient, day, sealed FROM due_notice"
          " WHERE entity = $1 AND ($2 = '' OR recipient = $2)"
          " ORDER BY notice_ref"));
  read->BindInt(1, records.entity_number());
  read->BindText(2, recipient);
  v1::DueNotice notice;
  for (;;) {
    SUBROSA_ASSIGN_OR_RETURN(const bool found, read->Step());
    if (!found) return absl::OkStatus();
    const auto year = static_cast<int32_t>(read->ColumnInt(1));
    const absl::StatusOr<SecretKey> year_key = evidence_keys_.Find(year);
    // Its year is over.
    if (absl::IsNotFound(year_key.status())) continue;
    if (!year_key.ok()) return year_key.status();
    SUBROSA_ASSIGN_OR_RETURN(const SecretKey key,
                             DeriveKey(*year_key, kNoticeKeyLabel, {}));
    const absl::StatusOr<std::string> bytes =
        OpenValue(key,
                  ContextOf(vault_.entity(), year, read->ColumnBytes(0),
                            read->ColumnBytes(2),
                            static_cast<int32_t>(read->ColumnInt(3))),
                  read->ColumnBytes(4));
    if (!bytes.ok() || !notice.ParseFromString(*bytes)) {
      return absl::DataLossError(
          "record store: want a notice that is due as it was written, got one "
          "that does not open");
    }
    SUBROSA_RETURN_IF_ERROR(visit(read->ColumnBytes(0), notice));
  }
}

absl::Status DueNotices::Settle(absl::string_view notice_ref) {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare("DELETE FROM due_notice"
                                 " WHERE entity = $1 AND notice_ref = $2"));
  remove->BindInt(1, records.entity_number());
  remove->BindBytes(2, notice_ref);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return records.database().Changes() > 0
             ? absl::OkStatus()
             : absl::NotFoundError("notice: want one that is due, got another");
}

absl::StatusOr<int64_t> DueNotices::DeleteExpired() {
  RecordStore& records = vault_.records();
  SUBROSA_ASSIGN_OR_RETURN(
      const std::unique_ptr<Statement> remove,
      records.database().Prepare("DELETE FROM due_notice"
                                 " WHERE entity = $1 AND year < $2"));
  remove->BindInt(1, records.entity_number());
  remove->BindInt(2, ExpiryYear(clock_.Now()) - 1);
  SUBROSA_RETURN_IF_ERROR(remove->Run());
  return records.database().Changes();
}

bool IsOverdue(const v1::DueNotice& notice, int32_t today) {
  return notice.due_day() != 0 && notice.due_day() < today;
}

}  // namespace subrosa
