#include "src/classify/identifier_checks.h"

#include <string>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

// Each list: numbers that are well formed, then some that are not.

TEST(IdentifierChecksTest, ACardHasAnIssuersRangeItsLengthAndTheCheckDigit) {
  for (const char* good :
       {"4111111111111111", "5555555555554444", "378282246310005",
        "6011111111111117", "3530111333300000", "30569309025904"}) {
    EXPECT_TRUE(IsCardRange(good) && HasLuhnDigit(good)) << good;
  }
  for (const char* bad : {"4111111111111112", "5555555555554445", ""}) {
    EXPECT_FALSE(HasLuhnDigit(bad)) << bad;
  }
  for (const char* bad : {"411111111111111", "1111111111111117",
                          "37828224631000", "41111111111111a1"}) {
    EXPECT_FALSE(IsCardRange(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, ASocialSecurityNumberIsInTheRangesThatAreIssued) {
  EXPECT_TRUE(IsIssuedSsn("219099999"));
  EXPECT_TRUE(IsIssuedSsn("899999999"));
  for (const char* bad : {"000123456", "666123456", "900123456", "123004567",
                          "123450000", "12345678", "1234567890"}) {
    EXPECT_FALSE(IsIssuedSsn(bad)) << bad;
  }
  EXPECT_TRUE(IsItin("912701234"));
  EXPECT_FALSE(IsItin("912661234"));
  EXPECT_FALSE(IsItin("912931234"));
  EXPECT_FALSE(IsItin("812701234"));
}

TEST(IdentifierChecksTest, AnIbanHasItsCountrysLengthAndRemainderOne) {
  for (const char* good : {"GB82WEST12345698765432", "DE89370400440532013000",
                           "de89370400440532013000", "NO9386011117947"}) {
    EXPECT_TRUE(IsIban(good)) << good;
  }
  for (const char* bad : {"GB82WEST12345698765433", "GB82WEST1234569876543",
                          "XX82WEST12345698", "DE8937040044053201300-", ""}) {
    EXPECT_FALSE(IsIban(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, ARoutingNumberHasTheWeightedSumAndAPrefix) {
  EXPECT_TRUE(IsAbaRouting("021000021"));
  EXPECT_TRUE(IsAbaRouting("122105155"));
  for (const char* bad : {"021000022", "991000021", "000000000", "02100002"}) {
    EXPECT_FALSE(IsAbaRouting(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, ProvidersNumbersHaveTheirCheckDigits) {
  EXPECT_TRUE(IsNpi("1234567893"));
  for (const char* bad : {"1234567890", "3234567893", "123456789"}) {
    EXPECT_FALSE(IsNpi(bad)) << bad;
  }
  EXPECT_TRUE(IsDea("AB1234563"));
  EXPECT_TRUE(IsDea("A91234563"));
  for (const char* bad : {"AB1234567", "1B1234563", "AB123456", "ab1234563"}) {
    EXPECT_FALSE(IsDea(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, AMedicareNumberHasEachClassInItsPlace) {
  EXPECT_TRUE(IsMedicareBeneficiary("1EG4TE5MK73"));
  for (const char* bad : {"0EG4TE5MK73", "1SG4TE5MK73", "1EG4TE5M773",
                          "1EG4TE5MK7", "1EG4TE5MK7A"}) {
    EXPECT_FALSE(IsMedicareBeneficiary(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, AVehiclesNumberHasItsCheckInTheNinthPlace) {
  EXPECT_TRUE(IsVin("1M8GDM9AXKP042788"));
  EXPECT_TRUE(IsVin("11111111111111111"));
  for (const char* bad :
       {"1M8GDM9A1KP042788", "1M8GDM9AXKP04278", "IM8GDM9AXKP042788"}) {
    EXPECT_FALSE(IsVin(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, NetworkAddressesAreReadAsTheirStandardsSay) {
  EXPECT_TRUE(IsIpv4("198.51.100.7"));
  for (const char* bad : {"198.51.100", "198.51.100.256", "198.51.100.07",
                          "198.51.100.7.1", "198..100.7", ""}) {
    EXPECT_FALSE(IsIpv4(bad)) << bad;
  }
  for (const char* good : {"2001:db8::8a2e:370:7334", "fe80::1",
                           "::ffff:198.51.100.7", "1:2:3:4:5:6:7:8", "::"}) {
    EXPECT_TRUE(IsIpv6(good)) << good;
  }
  for (const char* bad : {"1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
                          "12345::", "1:2:3:4:5:6:7::8:9", "g::1"}) {
    EXPECT_FALSE(IsIpv6(bad)) << bad;
  }
}

TEST(IdentifierChecksTest, BytesThatAreNoCharactersAreNoNumber) {
  const std::string zeros("\0\0\0\0\0\0\0\0\0", 9);

  EXPECT_FALSE(IsIssuedSsn(zeros));
  EXPECT_FALSE(IsAbaRouting(zeros));
  EXPECT_FALSE(HasLuhnDigit(zeros));
}

}  // namespace
}  // namespace subrosa
