// The shipped figures, as they stand in this folder. Internal to the room.
#ifndef SUBROSA_SRC_EXPORTS_SCANNER_RECALL_BUILT_IN_H_
#define SUBROSA_SRC_EXPORTS_SCANNER_RECALL_BUILT_IN_H_

namespace subrosa {

extern const char kBuiltInScannerRecall[];

}  // namespace subrosa

#endif  // SUBROSA_SRC_EXPORTS_SCANNER_RECALL_BUILT_IN_H_
