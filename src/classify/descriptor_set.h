// Reads the descriptions of a service's messages from bytes that protoc wrote.
// The bytes are not trusted: nothing in them is run, quoted or printed.
#ifndef SUBROSA_SRC_CLASSIFY_DESCRIPTOR_SET_H_
#define SUBROSA_SRC_CLASSIFY_DESCRIPTOR_SET_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/descriptor.pb.h"

namespace subrosa {

// Files of messages, in the order in which they stood, and what owns them.
struct DescriptorFiles {
  std::unique_ptr<google::protobuf::DescriptorPool> pool;
  std::vector<const google::protobuf::FileDescriptor*> files;
};

// Larger sets are refused; messages nest at most as deep as protobuf's parser
// takes them (100).
constexpr size_t kMaxDescriptorSetBytes = size_t{16} << 20;

// Reads a serialised google.protobuf.FileDescriptorSet, as `protoc
// --include_imports --include_source_info --descriptor_set_out` writes it.
//
// INVALID_ARGUMENT, with the place of the file in the set, for what is no such
// set, for one without files, and for a file that does not build, as where its
// imports do not stand before it.
absl::StatusOr<DescriptorFiles> ReadDescriptorSet(absl::string_view bytes);

// The same for files that were parsed already, imports first.
absl::StatusOr<DescriptorFiles> BuildDescriptorFiles(
    const google::protobuf::RepeatedPtrField<
        google::protobuf::FileDescriptorProto>& files);

// True for what comes with protobuf or with Subrosa, and is not a service's
// own: packages google.protobuf and subrosa.v1.
bool IsShippedFile(const google::protobuf::FileDescriptor& file);

}  // namespace subrosa

#endif  // SUBROSA_SRC_CLASSIFY_DESCRIPTOR_SET_H_
