// A Policy is what one regulated entity does with consumer health data: its
// purposes, the notices that it shows, and the packs of law that it goes by.
// What it does not name is not done.
//
// It is read from a file that an officer writes (docs/policy.md), strictly: a
// policy that is half understood would permit what nobody meant.
//
// Immutable once made; safe to use from any thread. What it returns lives as
// long as it does.
//
// Example:
//   SUBROSA_ASSIGN_OR_RETURN(const LawBook book, LawBook::BuiltIn());
//   SUBROSA_ASSIGN_OR_RETURN(const Policy policy,
//                            Policy::Parse("policy.textproto", text, book));
//   const int number = policy.NumberOf("sleep-coaching");  // 0: no purpose.
#ifndef SUBROSA_SRC_CONSENT_POLICY_H_
#define SUBROSA_SRC_CONSENT_POLICY_H_

#include <cstddef>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "src/law/law_book.h"
#include "subrosa/v1/policy.pb.h"

namespace subrosa {

// The file of a home that holds its policy.
inline constexpr char kPolicyFileName[] = "policy.textproto";

inline constexpr size_t kMaxPolicyBytes = size_t{8} << 20;

// How many a policy may have. Numbers of purposes take 14 bits.
inline constexpr int kMaxPurposes = 10'000;
inline constexpr int kMaxNotices = 10'000;
inline constexpr int kMaxPolicyPacks = 32;

class Policy {
 public:
  // Reads `text`, a v1::Policy in protobuf's text format; `name` appears in
  // errors. `book` is only read during the call.
  //
  // INVALID_ARGUMENT, `name:line: field.path: want …, got …`, for text that is
  // no policy; a pack, an item or a regime that `book` does not have; a purpose
  // or notice named twice; a purpose without title, action, category or need,
  // or with a need that says no reason; a notice without text, or whose days
  // are none; and what exceeds the bounds above. A policy without purposes is
  // good, and allows nothing; else the entity says how it is reached.
  static absl::StatusOr<Policy> Parse(absl::string_view name,
                                      absl::string_view text,
                                      const LawBook& book);

  Policy(Policy&&) = default;
  Policy& operator=(Policy&&) = default;

  const v1::Policy& proto() const { return proto_; }

  // SHA-256 of the text that it was read from, 64 hexadecimal digits.
  const std::string& sha256() const { return sha256_; }

  // Purposes are numbered from 1, as they stand in the file: numbers are good
  // for as long as this lives, and are not stored.
  int purpose_count() const { return proto_.purpose_size(); }

  // 0 if there is no such purpose.
  int NumberOf(absl::string_view purpose) const;

  // `number` is one of 1 to purpose_count().
  const v1::Purpose& purpose(int number) const {
    return proto_.purpose(number - 1);
  }

  // Null if there is none.
  const v1::Purpose* FindPurpose(absl::string_view id) const;

  // Null if there is none.
  const v1::Notice* FindNotice(absl::string_view id,
                               absl::string_view version) const;

  // The text of that notice in `locale`, as it is spelt in the policy. Null if
  // there is none.
  const v1::Notice::Text* FindText(absl::string_view id,
                                   absl::string_view version,
                                   absl::string_view locale) const;

 private:
  Policy() = default;

  v1::Policy proto_;
  std::string sha256_;
  absl::flat_hash_map<std::string, int> purposes_;  // Numbers from 1.
  // Places in the policy by id and version.
  absl::flat_hash_map<std::pair<std::string, std::string>, int> notices_;
};

// Whether `notice`, of a policy, was shown on `day`.
bool IsShownOn(const v1::Notice& notice, absl::CivilDay day);

// The policy that a home begins with: no purposes, every pack of `book`, and in
// comments what to write. `entity` is a slug. Policy::Parse takes it.
std::string StarterPolicy(absl::string_view entity, const LawBook& book);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CONSENT_POLICY_H_
