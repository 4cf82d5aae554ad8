#include "src/erasure/connector.h"

#include "nlohmann/json.hpp"

namespace subrosa {

std::string EraseMessageJson(const EraseMessage& message) {
  nlohmann::ordered_json json = {{"type", "erase"},
                                 {"entity", message.entity},
                                 {"erasure", message.erasure}};
  if (message.consumer.empty()) {
    json["pseudonyms"] = message.pseudonyms;
  } else {
    json["consumer"] = message.consumer;
  }
  // An account id may be any bytes; what is no UTF-8 cannot be in JSON.
  return json.dump(-1, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace subrosa
