#include "tools/subrosa/self_test_choices.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/consent/consent_ledger.h"
#include "src/steward/consent_gate.h"

namespace subrosa {
namespace {

// More notices are not tried: a consent needs one.
constexpr int kMaxNoticesTried = 20;

}  // namespace

std::string SelfTestIdOf(absl::string_view who) {
  return absl::StrCat("selftest-", who);
}

SelfTestChoices::SelfTestChoices(SelfTestHome& home)
    : home_(home),
      steward_(home.steward()),
      policy_(home.steward().gate().policy().proto()) {}

absl::StatusOr<bool> SelfTestChoices::Record(v1::LedgerEntry entry,
                                             absl::string_view who) {
  entry.set_consumer(SelfTestIdOf(who));
  const int64_t now = absl::ToUnixSeconds(home_.clock().Now());
  if (entry.has_choice()) {
    entry.mutable_choice()->set_consumer(SelfTestIdOf(who));
    entry.mutable_choice()->mutable_given_at()->set_seconds(now);
  }
  SUBROSA_ASSIGN_OR_RETURN(const std::vector<EntryResult> results,
                           steward_.gate().Record({&entry}));
  const absl::Status& status = results.front().status;
  if (status.ok()) return true;
  // No such consent; nothing stands that could be withdrawn.
  if (absl::IsInvalidArgument(status) || absl::IsFailedPrecondition(status)) {
    return false;
  }
  return status;
}

absl::Status SelfTestChoices::RecordFacts(absl::string_view who,
                                          absl::string_view residence,
                                          absl::string_view born) {
  v1::LedgerEntry entry;
  entry.mutable_facts()->set_residence(std::string(residence));
  if (!born.empty()) entry.mutable_facts()->set_born(std::string(born));
  SUBROSA_ASSIGN_OR_RETURN(const bool taken, Record(std::move(entry), who));
  if (taken) return absl::OkStatus();
  return absl::InternalError("facts: want them taken, got them refused");
}

absl::StatusOr<bool> SelfTestChoices::Consent(absl::string_view who,
                                              const Purposes& purposes,
                                              absl::string_view residence,
                                              absl::Time expires_at) {
  bool any = false;
  for (const v1::Purpose* const purpose : purposes) {
    for (const int action : purpose->action()) {
      v1::LedgerEntry entry;
      v1::Choice& choice = *entry.mutable_choice();
      choice.set_kind(v1::CHOICE_KIND_CONSENT);
      choice.add_action(static_cast<v1::Action>(action));
      choice.add_purpose(purpose->id());
      *choice.mutable_category() = purpose->category();
      choice.set_method("button");
      choice.set_jurisdiction(std::string(residence));
      choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
      if (expires_at != absl::InfiniteFuture()) {
        choice.mutable_expires_at()->set_seconds(
            absl::ToUnixSeconds(expires_at));
      }
      bool taken = false;
      for (int i = 0;
           i < std::min(policy_.notice_size(), kMaxNoticesTried) && !taken;
           ++i) {
        const v1::Notice& notice = policy_.notice(i);
        if (notice.text().empty()) continue;
        v1::NoticeShown& shown = *choice.mutable_notice();
        shown.set_id(notice.id());
        shown.set_version(notice.version());
        shown.set_sha256(notice.text(0).sha256());
        shown.set_locale(notice.text(0).locale());
        shown.set_interface("selftest");
        SUBROSA_ASSIGN_OR_RETURN(taken, Record(entry, who));
      }
      any = any || taken;
    }
  }
  return any;
}

absl::Status SelfTestChoices::StopAll(absl::string_view who,
                                      const Purposes& purposes) {
  for (const v1::ChoiceKind kind :
       {v1::CHOICE_KIND_WITHDRAWAL, v1::CHOICE_KIND_OPT_OUT}) {
    v1::LedgerEntry entry;
    v1::Choice& choice = *entry.mutable_choice();
    choice.set_kind(kind);
    for (const v1::Purpose* const purpose : purposes) {
      choice.add_purpose(purpose->id());
    }
    choice.set_method("button");
    choice.mutable_actor()->set_kind(v1::ACTOR_KIND_SELF);
    SUBROSA_ASSIGN_OR_RETURN(const bool taken, Record(std::move(entry), who));
    if (!taken && kind == v1::CHOICE_KIND_OPT_OUT) {
      return absl::InternalError(
          "choice: want whoever says no heard, got them refused");
    }
  }
  return absl::OkStatus();
}

}  // namespace subrosa
