#include "tools/subrosa/manifest_text.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"

namespace subrosa {

std::string GoodManifestText(const Manifest& manifest,
                             const ManifestFiles& files) {
  std::string text = absl::StrCat(
      "This manifest is good.\n\nWhat it says\n  A ",
      ManifestKindName(manifest.kind), " by ", manifest.entity, ", made ",
      manifest.made_at, ".\n  Sealed to ", manifest.sealed_to,
      manifest.recipient.empty()
          ? ""
          : absl::StrCat(", the key of ", manifest.recipient),
      ".\n\nThe files\n  ", files.agree.size(), " of ", manifest.files.size(),
      " lie beside it, and are as they were given.\n");
  if (!files.missing.empty()) {
    absl::StrAppend(&text, "  Not there, and so not checked: ",
                    absl::StrJoin(files.missing, ", "), ".\n");
  }
  absl::StrAppend(
      &text,
      "\nWhat it does not prove\n  That it is all that is held. That other "
      "files beside it were given with it.\n");
  return text;
}

std::string GoodManifestJson(const Manifest& manifest,
                             const ManifestFiles& files) {
  nlohmann::ordered_json json = {{"proven", true},
                                 {"manifest", ManifestKindName(manifest.kind)},
                                 {"entity", manifest.entity},
                                 {"sealed_to", manifest.sealed_to},
                                 {"made_at", manifest.made_at}};
  if (!manifest.recipient.empty()) json["recipient"] = manifest.recipient;
  json["files"] = manifest.files.size();
  json["agree"] = files.agree;
  json["missing"] = files.missing;
  return json.dump(-1, ' ', false,
                   nlohmann::ordered_json::error_handler_t::replace) +
         "\n";
}

}  // namespace subrosa
