#include "tools/subrosa/consumer_source.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/strip.h"
#include "src/base/status_macros.h"

namespace subrosa {

absl::StatusOr<ConsumerSource> OpenConsumerSource(const std::string& text) {
  ConsumerSource source;
  absl::string_view path = text;
  if (text == "file") return source;
  if (absl::ConsumePrefix(&path, "id-file:")) {
    SUBROSA_ASSIGN_OR_RETURN(source.consumer,
                             ReadConsumerId(std::string(path)));
    return source;
  }
  if (absl::ConsumePrefix(&path, "map:")) {
    absl::StatusOr<ConsumerMap> map = ConsumerMap::Load(std::string(path));
    if (!map.ok()) return Annotate(map.status(), path);
    source.map = std::make_unique<const ConsumerMap>(*std::move(map));
    return source;
  }
  // What stands there instead may be somebody's id.
  return absl::InvalidArgumentError(
      "--consumer-from: want file, id-file:FILE or map:FILE, got something "
      "else");
}

}  // namespace subrosa
