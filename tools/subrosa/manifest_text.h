// What `subrosa verify` says of a manifest whose signature is good.
#ifndef SUBROSA_TOOLS_SUBROSA_MANIFEST_TEXT_H_
#define SUBROSA_TOOLS_SUBROSA_MANIFEST_TEXT_H_

#include <string>

#include "src/exports/manifest.h"

namespace subrosa {

// Nothing in `files` differs.
std::string GoodManifestText(const Manifest& manifest,
                             const ManifestFiles& files);
std::string GoodManifestJson(const Manifest& manifest,
                             const ManifestFiles& files);

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_SUBROSA_MANIFEST_TEXT_H_
