#include "src/crypto/base64.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

// Bytes of every value, in an order that no vector length divides.
std::string Varied(size_t size) {
  std::string bytes(size, '\0');
  for (size_t i = 0; i < size; ++i) {
    bytes[i] = static_cast<char>(i * 151 + i / 7);
  }
  return bytes;
}

TEST(Base64Test, TheExamplesOfRfc4648ComeOut) {
  const struct {
    const char* bytes;
    const char* padded;
    const char* bare;
  } kExamples[] = {{"", "", ""},
                   {"f", "Zg==", "Zg"},
                   {"fo", "Zm8=", "Zm8"},
                   {"foo", "Zm9v", "Zm9v"},
                   {"foob", "Zm9vYg==", "Zm9vYg"},
                   {"fooba", "Zm9vYmE=", "Zm9vYmE"},
                   {"foobar", "Zm9vYmFy", "Zm9vYmFy"}};
  for (const auto& example : kExamples) {
    EXPECT_EQ(EncodeBase64(example.bytes, Base64Padding::kEquals),
              example.padded);
    EXPECT_EQ(EncodeBase64(example.bytes, Base64Padding::kNone), example.bare);
    EXPECT_EQ(DecodeBase64(example.padded, Base64Padding::kEquals),
              std::string(example.bytes));
    EXPECT_EQ(DecodeBase64(example.bare, Base64Padding::kNone),
              std::string(example.bytes));
  }
}

TEST(Base64Test, EveryLengthComesBackWhole) {
  for (size_t size = 0; size < 300; ++size) {
    const std::string bytes = Varied(size);
    for (const auto padding : {Base64Padding::kNone, Base64Padding::kEquals}) {
      EXPECT_EQ(DecodeBase64(EncodeBase64(bytes, padding), padding), bytes);
    }
  }
}

// Three bytes at a time go through the tables, many through the vectors.
TEST(Base64Test, TablesAndVectorsWriteTheSameText) {
  const std::string bytes = Varied(3 * 1000);
  std::string by_table(4 * 1000, '\0');
  for (size_t i = 0; i < 1000; ++i) {
    EncodeBase64Groups(&bytes[3 * i], 3, &by_table[4 * i]);
  }

  EXPECT_EQ(EncodeBase64(bytes, Base64Padding::kNone), by_table);
}

TEST(Base64Test, ACharacterOutsideTheAlphabetIsRefusedWhereverItStands) {
  const std::string text = EncodeBase64(Varied(60), Base64Padding::kNone);
  int accepted = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    for (int c = 0; c < 256; ++c) {
      std::string changed = text;
      changed[at] = static_cast<char>(c);
      const bool in_alphabet = (c >= 'A' && c <= 'Z') ||
                               (c >= 'a' && c <= 'z') ||
                               (c >= '0' && c <= '9') || c == '+' || c == '/';
      const auto bytes = DecodeBase64(changed, Base64Padding::kNone);
      ASSERT_EQ(bytes.has_value(), in_alphabet) << at << " " << c;
      if (!bytes.has_value()) continue;
      ASSERT_EQ(EncodeBase64(*bytes, Base64Padding::kNone), changed);
      ++accepted;
    }
  }
  EXPECT_EQ(accepted, 64 * 80);
}

TEST(Base64Test, WhatIsNotCanonicalIsRefused) {
  for (const char* text : {"Zh==", "Zm9=", "Zg=", "Zg", "Zg===", "=", "====",
                           "Zg==Zg==", "Z", "Zm9v\n", " Zm9v", "Zm9vZ"}) {
    EXPECT_FALSE(DecodeBase64(text, Base64Padding::kEquals).has_value())
        << text;
  }
  for (const char* text :
       {"Zh", "Zm9", "Zg==", "Zm8=", "Z", "Zm9v=", "Zm9vZ"}) {
    EXPECT_FALSE(DecodeBase64(text, Base64Padding::kNone).has_value()) << text;
  }
}

}  // namespace
}  // namespace subrosa
