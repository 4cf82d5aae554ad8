#include "src/exports/deflate_pieces.h"

#include <zlib.h>

#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace subrosa {
namespace {

// What zlib makes of a raw stream; "no stream" unless it ends with the bytes.
std::string Inflated(const std::string& packed, size_t size) {
  std::string content(size + 1, '\0');
  z_stream stream = {};
  EXPECT_EQ(Z_OK, inflateInit2(&stream, -15));
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());
  stream.next_out = reinterpret_cast<Bytef*>(&content[0]);
  stream.avail_out = static_cast<uInt>(content.size());
  const int result = inflate(&stream, Z_FINISH);
  const bool is_whole = result == Z_STREAM_END && stream.avail_in == 0;
  content.resize(stream.total_out);
  inflateEnd(&stream);
  return is_whole ? content : "no stream";
}

std::string Lines(size_t bytes) {
  std::string lines;
  for (int i = 0; lines.size() < bytes; ++i) {
    absl::StrAppend(&lines, "{\"entry\":", i * 7919 % 10007, "}\n");
  }
  lines.resize(bytes);
  return lines;
}

std::string Noise(size_t bytes) {
  std::mt19937 random(1);
  std::string noise(bytes, '\0');
  for (char& c : noise) c = static_cast<char>(random());
  return noise;
}

std::string Packed(PieceDeflater& deflater, const std::string& content) {
  std::string packed;
  const absl::Status status = deflater.Pack(content, &packed);
  EXPECT_TRUE(status.ok()) << status;
  return packed;
}

TEST(DeflatePiecesTest, PiecesAfterEachOtherAreOneStream) {
  constexpr size_t kMost = PieceDeflater::kPieceBytes;
  PieceDeflater deflater;
  const std::vector<std::string> pieces = {
      Lines(kMost), "", Noise(kMost), "a", Lines(70'000), Noise(1)};
  std::string content;
  std::string packed;
  for (const std::string& piece : pieces) {
    content += piece;
    packed += Packed(deflater, piece);
  }
  packed.append(kDeflateEnd.data(), kDeflateEnd.size());

  EXPECT_EQ(content, Inflated(packed, content.size()));
  EXPECT_LT(packed.size(), content.size());
}

TEST(DeflatePiecesTest, NothingIsAStreamToo) {
  EXPECT_EQ("", Inflated(std::string(kDeflateEnd), 0));
}

TEST(DeflatePiecesTest, WithoutItsEndAStreamIsNotWhole) {
  PieceDeflater deflater;

  EXPECT_EQ("no stream", Inflated(Packed(deflater, "rose"), 4));
}

TEST(DeflatePiecesTest, TheSamePieceIsPackedTheSame) {
  PieceDeflater used;
  Packed(used, Noise(100'000));
  PieceDeflater fresh;

  EXPECT_EQ(Packed(fresh, Lines(200'000)), Packed(used, Lines(200'000)));
}

TEST(DeflatePiecesTest, TheCrcIsThatOfAZip) {
  // The check value of CRC-32/ISO-HDLC.
  EXPECT_EQ(0xCBF43926u, Crc32(0, "123456789"));
  EXPECT_EQ(0xCBF43926u, Crc32(Crc32(0, "1234"), "56789"));
  EXPECT_EQ(0u, Crc32(0, ""));
}

}  // namespace
}  // namespace subrosa
