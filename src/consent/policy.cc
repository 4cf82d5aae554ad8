#include "src/consent/policy.h"

#include <algorithm>
#include <set>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "src/base/status_macros.h"
#include "src/base/textproto_file.h"
#include "src/consent/policy_check.h"
#include "src/crypto/sha256.h"

namespace subrosa {
namespace {

// The document of a pack whose items are the purposes that are served after a
// request to limit.
constexpr absl::string_view kPurposesAfterLimit = "purposes-after-limit";

absl::Status Wrong(absl::string_view path, absl::string_view want,
                   absl::string_view got) {
  return absl::InvalidArgumentError(
      absl::StrCat(path, ": want ", want, ", got ", got));
}

// `id`, a string of the repeated field `path`, is not among `seen`, and is
// added.
absl::Status CheckOnce(absl::string_view path, absl::string_view id,
                       std::set<absl::string_view>& seen) {
  return seen.insert(id).second
             ? absl::OkStatus()
             : Wrong(path, "each pack once", absl::StrCat(id, " twice"));
}

absl::Status CheckPacks(const TextprotoFile& file, const v1::Policy& policy,
                        const LawBook& book) {
  if (policy.pack().empty()) {
    return file.At(Wrong("pack", "the packs that the entity goes by", "none"));
  }
  if (policy.pack_size() > kMaxPolicyPacks) {
    return file.At(policy, "pack", kMaxPolicyPacks,
                   Wrong("pack", absl::StrCat("at most ", kMaxPolicyPacks),
                         absl::StrCat(policy.pack_size())));
  }
  std::set<absl::string_view> packs;
  for (int i = 0; i < policy.pack_size(); ++i) {
    const std::string& pack = policy.pack(i);
    SUBROSA_RETURN_IF_ERROR(
        file.At(policy, "pack", i, CheckOnce("pack", pack, packs)));
    if (book.FindPack(pack) == nullptr) {
      return file.At(policy, "pack", i,
                     Wrong("pack", "one that `subrosa law list` shows", pack));
    }
  }
  std::set<absl::string_view> for_all;
  for (int i = 0; i < policy.pack_for_all_size(); ++i) {
    const std::string& pack = policy.pack_for_all(i);
    SUBROSA_RETURN_IF_ERROR(file.At(policy, "pack_for_all", i,
                                    CheckOnce("pack_for_all", pack, for_all)));
    if (packs.count(pack) == 0) {
      return file.At(policy, "pack_for_all", i,
                     Wrong("pack_for_all", "one of `pack`", pack));
    }
  }
  return absl::OkStatus();
}

// Each a regime that a pack leaves out of its scope.
absl::Status CheckExemptions(const v1::Purpose& purpose,
                             const std::set<absl::string_view>& regimes) {
  for (const std::string& regime : purpose.exempt_as()) {
    if (regimes.count(regime) == 0) {
      return Wrong("purpose.exempt_as",
                   "a regime that a pack of the policy leaves out", regime);
    }
  }
  return absl::OkStatus();
}

bool HasPack(const v1::Policy& policy, absl::string_view id) {
  return std::find(policy.pack().begin(), policy.pack().end(), id) !=
         policy.pack().end();
}

// What the packs of `policy` leave out of their scopes.
std::set<absl::string_view> RegimesLeftOut(const v1::Policy& policy,
                                           const LawBook& book) {
  std::set<absl::string_view> regimes;
  for (const LawEntry& entry : book.entries()) {
    if (!HasPack(policy, entry.pack->id())) continue;
    const auto& exempt = entry.rule->scope().exempt();
    regimes.insert(exempt.begin(), exempt.end());
  }
  return regimes;
}

// The longest list of kPurposesAfterLimit of the policy's packs.
int LimitPurposes(const v1::Policy& policy, const LawBook& book) {
  int count = 0;
  for (const LawEntry& entry : book.entries()) {
    if (entry.rule->contents().document() == kPurposesAfterLimit &&
        HasPack(policy, entry.pack->id())) {
      count = std::max(count, entry.rule->contents().item_size());
    }
  }
  return count;
}

}  // namespace

absl::StatusOr<Policy> Policy::Parse(absl::string_view name,
                                     absl::string_view text,
                                     const LawBook& book) {
  Policy policy;
  const auto digest = Sha256().Digest({text});
  policy.sha256_ = absl::BytesToHexString(absl::string_view(
      reinterpret_cast<const char*>(digest.data()), digest.size()));
  v1::Policy& proto = policy.proto_;
  TextprotoFile file(name, text);
  SUBROSA_RETURN_IF_ERROR(file.Read(kMaxPolicyBytes, &proto));
  SUBROSA_RETURN_IF_ERROR(file.At(CheckPolicyHead(proto)));
  SUBROSA_RETURN_IF_ERROR(CheckPacks(file, proto, book));

  if (proto.purpose_size() > kMaxPurposes) {
    return file.At(proto, "purpose", kMaxPurposes,
                   Wrong("purpose", absl::StrCat("at most ", kMaxPurposes),
                         absl::StrCat(proto.purpose_size())));
  }
  const int limit_purposes = LimitPurposes(proto, book);
  const std::set<absl::string_view> regimes = RegimesLeftOut(proto, book);
  for (int i = 0; i < proto.purpose_size(); ++i) {
    const v1::Purpose& purpose = proto.purpose(i);
    SUBROSA_RETURN_IF_ERROR(
        file.At(proto, "purpose", i, CheckPurpose(purpose, limit_purposes)));
    SUBROSA_RETURN_IF_ERROR(
        file.At(proto, "purpose", i, CheckExemptions(purpose, regimes)));
    if (!policy.purposes_.emplace(purpose.id(), i + 1).second) {
      return file.At(
          proto, "purpose", i,
          Wrong("purpose.id", "one that no other purpose has", purpose.id()));
    }
  }

  if (proto.notice_size() > kMaxNotices) {
    return file.At(proto, "notice", kMaxNotices,
                   Wrong("notice", absl::StrCat("at most ", kMaxNotices),
                         absl::StrCat(proto.notice_size())));
  }
  for (int i = 0; i < proto.notice_size(); ++i) {
    const v1::Notice& notice = proto.notice(i);
    SUBROSA_RETURN_IF_ERROR(
        file.At(proto, "notice", i, CheckNotice(notice, book)));
    const std::pair<std::string, std::string> key(notice.id(),
                                                  notice.version());
    if (!policy.notices_.emplace(key, i).second) {
      return file.At(
          proto, "notice", i,
          Wrong("notice.version", "one that the notice has once",
                absl::StrCat(notice.id(), " ", notice.version(), " twice")));
    }
  }
  return policy;
}

int Policy::NumberOf(absl::string_view purpose) const {
  const auto found = purposes_.find(purpose);
  return found == purposes_.end() ? 0 : found->second;
}

const v1::Purpose* Policy::FindPurpose(absl::string_view id) const {
  const int number = NumberOf(id);
  return number == 0 ? nullptr : &purpose(number);
}

const v1::Notice* Policy::FindNotice(absl::string_view id,
                                     absl::string_view version) const {
  const auto found =
      notices_.find(std::make_pair(std::string(id), std::string(version)));
  return found == notices_.end() ? nullptr : &proto_.notice(found->second);
}

const v1::Notice::Text* Policy::FindText(absl::string_view id,
                                         absl::string_view version,
                                         absl::string_view locale) const {
  const v1::Notice* const notice = FindNotice(id, version);
  if (notice == nullptr) return nullptr;
  for (const v1::Notice::Text& text : notice->text()) {
    if (text.locale() == locale) return &text;
  }
  return nullptr;
}

bool IsShownOn(const v1::Notice& notice, absl::CivilDay day) {
  // Of one form, so that they compare as text.
  const std::string text = absl::FormatCivilTime(day);
  return notice.from() <= text &&
         (notice.until().empty() || text < notice.until());
}

std::string StarterPolicy(absl::string_view entity, const LawBook& book) {
  std::string text = absl::StrCat(
      "# What this entity does with consumer health data. What is not named "
      "here "
      "is\n# not done: without a purpose nothing is taken in. docs/policy.md "
      "tells of each\n# field; `subrosa policy check FILE` looks at a file, "
      "`subrosa policy set FILE`\n# puts it in place of this one.\n\nentity: "
      "\"",
      entity, "\"\n\n# As consumers know it, and how they reach it.\nname: \"",
      entity,
      "\"\n# contact_email: \"privacy@example.com\"\n# contact_url: "
      "\"https://example.com/privacy\"\n\n# The statutes that the entity goes "
      "by: with its counsel, strike out what does not\n# apply.\n");
  std::set<absl::string_view> packs;
  for (const LawEntry& entry : book.entries()) {
    if (packs.insert(entry.pack->id()).second) {
      absl::StrAppend(&text, "pack: \"", entry.pack->id(), "\"\n");
    }
  }
  absl::StrAppend(&text, R"(
# Those that it keeps for every consumer, wherever they live.
# pack_for_all: "wa-mhmda"

# Where a consumer is taken to live of whom it is not known.
residence_unless_known: "US-WA"

# What people write counts as what it says of health, and so does what may be
# inferred of it.
# reads_health_words: true

# purpose {
#   id: "sleep-coaching"
#   title: "To coach you on your sleep"
#   action: [ACTION_COLLECT, ACTION_USE]
#   category: HEALTH_CATEGORY_BODILY_FUNCTIONS
#   need: NEED_NONE  # We ask.
# }
)");
  return text;
}

}  // namespace subrosa
