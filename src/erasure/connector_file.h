// The connectors of an entity, from the file that an officer writes
// (docs/operations/connectors.md), strictly: one that is half understood would
// leave a store untold.
//
// Thread-safe: no state.
#ifndef SUBROSA_SRC_ERASURE_CONNECTOR_FILE_H_
#define SUBROSA_SRC_ERASURE_CONNECTOR_FILE_H_

#include <cstddef>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "src/base/clock.h"
#include "src/erasure/connector.h"
#include "subrosa/v1/certificate.pb.h"
#include "subrosa/v1/connector.pb.h"

namespace subrosa {

// The file of a home.
inline constexpr char kConnectorFileName[] = "connectors.textproto";

inline constexpr size_t kMaxConnectorFileBytes = size_t{1} << 20;
inline constexpr int kMaxConnectors = 500;

// Reads `text`, a v1::ConnectorFile in protobuf's text format; `name` appears
// in errors. INVALID_ARGUMENT, `name:line: connector.…: want …, got …`, for
// text that is no such file, a connector without id, kind or way, one named
// twice, and whatever the messages in connector.proto do not allow.
absl::StatusOr<v1::ConnectorFile> ParseConnectors(absl::string_view name,
                                                  absl::string_view text);

// The file of the home `folder`; an empty one if there is none.
absl::StatusOr<v1::ConnectorFile> ReadConnectors(const std::string& folder);

// The connector of a party; null if there is none.
const v1::Connector* FindConnector(const v1::ConnectorFile& connectors,
                                   v1::PartyKind kind, absl::string_view id);

// Ready to tell. Paths begin at `folder`; `clock` must outlive it. Errors of
// ReadSecretFile for a webhook's secret.
absl::StatusOr<std::unique_ptr<Connector>> OpenConnector(
    const v1::Connector& connector, const std::string& folder,
    const Clock& clock);

}  // namespace subrosa

#endif  // SUBROSA_SRC_ERASURE_CONNECTOR_FILE_H_
