// For tests: records with device ids, and indexes about those.
#ifndef SUBROSA_SRC_VAULT_SCRATCH_INDEX_H_
#define SUBROSA_SRC_VAULT_SCRATCH_INDEX_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "src/vault/index_planner.h"
#include "src/vault/indexed_field.h"
#include "src/vault/vault.h"

namespace subrosa {

inline constexpr char kCheckInSchema[] = "subrosa.v1.MoodCheckIn";
inline constexpr char kDeviceField[] = "device_id";

// A plan that no planner made: few bits make false matches.
IndexVerdict HandMadePlan(int bits, int partitions = 1,
                          IndexKind kind = IndexKind::kPlain);

// The field that these tests index.
IndexedField DeviceField();

// Puts one check-in of each consumer, with id `id`, from `device`.
absl::Status PutFrom(Vault& vault, const std::vector<std::string>& consumers,
                     const std::string& device, const std::string& id = "r-1");

// Puts one check-in of each of `count` new consumers: "c-7" from "d-7".
absl::Status PutEach(Vault& vault, int count);

// Makes an index about the devices and builds it.
absl::Status AddDeviceIndex(Vault& vault, const IndexVerdict& plan);

// The consumers who are found by `device`.
absl::StatusOr<std::set<std::string>> FindByDevice(Vault& vault,
                                                   const std::string& device);

}  // namespace subrosa

#endif  // SUBROSA_SRC_VAULT_SCRATCH_INDEX_H_
