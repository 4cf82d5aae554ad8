// The law packs as tables of the law map.
#ifndef SUBROSA_TOOLS_LAW_MAP_PACK_TABLES_H_
#define SUBROSA_TOOLS_LAW_MAP_PACK_TABLES_H_

#include <string>

namespace subrosa {

// A heading, what the columns mean, and a table for each shipped pack. Ends the
// program if a shipped file is malformed, which a test rules out.
std::string PackTables();

}  // namespace subrosa

#endif  // SUBROSA_TOOLS_LAW_MAP_PACK_TABLES_H_
