// KeyCache keeps the keys that were opened lately, so that a record costs no
// unwrapping, but not too many and not for long: what is in memory is what an
// intruder there gets, and a key that was erased elsewhere must not live on.
//
// Thread-safe.
//
// Example:
//   std::shared_ptr<const SecretKey> key = cache.Find(key_id, clock.Now());
//   if (key == nullptr) {
//     SUBROSA_ASSIGN_OR_RETURN(SecretKey opened, UnwrapKey(...));
//     key = cache.Insert(key_id, std::move(opened), clock.Now());
//   }
#ifndef SUBROSA_SRC_CRYPTO_KEY_CACHE_H_
#define SUBROSA_SRC_CRYPTO_KEY_CACHE_H_

#include <cstddef>
#include <list>
#include <memory>
#include <mutex>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "src/crypto/secret_key.h"

namespace subrosa {

class KeyCache {
 public:
  // Keeps at most `capacity` keys (1 or more; kMaxSecretKeys bounds all keys of
  // the process), each no longer than `time_to_live` after it was inserted,
  // however often it is used.
  KeyCache(size_t capacity, absl::Duration time_to_live);

  // The key named `name`; null if there is none or its time is over. It lives
  // on in the caller's hands if the cache drops it meanwhile.
  std::shared_ptr<const SecretKey> Find(absl::string_view name, absl::Time now);

  // Takes `key` in, instead of one of the same name, and returns it. The key
  // used longest ago goes if the cache is full; keys whose time is over go
  // first.
  std::shared_ptr<const SecretKey> Insert(absl::string_view name, SecretKey key,
                                          absl::Time now);

  // Drops the key named `name`, if it is there: it was erased.
  void Erase(absl::string_view name);

  // Drops all keys whose time is over. Find does that for one name only; call
  // this from time to time, so that idle keys go too.
  void Expire(absl::Time now);

  // Drops all keys.
  void Clear();

  // How many keys are held.
  size_t size() const;

 private:
  struct Entry {
    std::string name;
    std::shared_ptr<const SecretKey> key;
    absl::Time expires_at;
    std::list<std::string>::iterator age;  // In by_age_.
  };

  // The next two with mutex_ held.
  void ExpireLocked(absl::Time now);
  void Drop(std::list<Entry>::iterator entry);

  const size_t capacity_;
  const absl::Duration time_to_live_;

  mutable std::mutex mutex_;
  std::list<Entry> entries_;  // The one used last comes first.
  absl::flat_hash_map<std::string, std::list<Entry>::iterator> by_name_;
  std::list<std::string> by_age_;  // Names; the one inserted first comes first.
};

}  // namespace subrosa

#endif  // SUBROSA_SRC_CRYPTO_KEY_CACHE_H_
