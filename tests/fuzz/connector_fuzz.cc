// Bytes as a file of connectors: what is taken is taken again from its own
// text, and every connector in it has an id, a kind and a way.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/strings/string_view.h"
#include "google/protobuf/text_format.h"
#include "src/erasure/connector_file.h"
#include "subrosa/v1/connector.pb.h"

namespace subrosa {
namespace {

void Check(bool holds) {
  if (!holds) std::abort();
}

void ReadText(absl::string_view text) {
  const auto file = ParseConnectors("connectors.textproto", text);
  if (!file.ok()) return;
  for (const v1::Connector& connector : file->connector()) {
    Check(!connector.id().empty());
    Check(connector.how_case() != v1::Connector::HOW_NOT_SET);
    Check(FindConnector(*file, connector.kind(), connector.id()) != nullptr);
  }
  std::string printed;
  Check(google::protobuf::TextFormat::PrintToString(*file, &printed));
  // Escapes make a text longer: one at the bound may be beyond it then.
  if (printed.size() > kMaxConnectorFileBytes) return;
  const auto again = ParseConnectors("again", printed);
  Check(again.ok());
  Check(again->SerializeAsString() == file->SerializeAsString());
}

}  // namespace
}  // namespace subrosa

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  subrosa::ReadText(
      absl::string_view(reinterpret_cast<const char*>(data), size));
  return 0;
}
