#include "src/exports/answer_atoms.h"

#include <cstring>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "gtest/gtest.h"

namespace subrosa {
namespace {

using Cell = std::vector<MemberTag>;

MemberTag TagOf(int number) {
  MemberTag tag = {};
  std::memcpy(tag.data(), &number, sizeof(number));
  return tag;
}

// Members `first` to `last`, both included.
Cell From(int first, int last) {
  Cell cell;
  for (int i = first; i <= last; ++i) cell.push_back(TagOf(i));
  return cell;
}

TEST(AnswerAtomsTest, AGroupOfFewIsNotAnswered) {
  AnswerAtoms atoms(5);

  EXPECT_FALSE(atoms.Answer(From(1, 4)));
  EXPECT_FALSE(atoms.Answer({}));
  EXPECT_TRUE(atoms.Answer(From(1, 5)));
}

TEST(AnswerAtomsTest, AnAnswerThatDiffersByOnePersonIsNotGiven) {
  AnswerAtoms atoms(5);
  ASSERT_TRUE(atoms.Answer(From(1, 20)));

  EXPECT_FALSE(atoms.Answer(From(1, 19)));
  EXPECT_FALSE(atoms.Answer(From(1, 21)));
  EXPECT_FALSE(atoms.Answer(From(2, 21)));
  EXPECT_TRUE(atoms.Answer(From(1, 20)));
  EXPECT_TRUE(atoms.Answer(From(1, 15)));
}

TEST(AnswerAtomsTest, WhatIsLeftOfAPopulationIsProtectedAsItsGroupsAre) {
  AnswerAtoms atoms(5);
  ASSERT_TRUE(atoms.Answer(From(1, 30)));    // All.
  ASSERT_TRUE(atoms.Answer(From(1, 15)));    // The first group.
  EXPECT_FALSE(atoms.Answer(From(16, 28)));  // Would tell of 29 and 30.
  EXPECT_FALSE(atoms.Answer(From(29, 30)));
}

TEST(AnswerAtomsTest, ThreeAnswersTogetherTellOfNobodyEither) {
  AnswerAtoms atoms(5);
  ASSERT_TRUE(atoms.Answer(From(1, 20)));
  ASSERT_TRUE(atoms.Answer(From(11, 30)));

  // Either difference with one of them is of ten; with both it is of one.
  Cell cell = From(1, 9);
  for (const MemberTag& tag : From(21, 30)) cell.push_back(tag);
  EXPECT_FALSE(atoms.Answer(cell));
}

TEST(AnswerAtomsTest, WhatEarlierAnswersLeftIsHeldTo) {
  AnswerAtoms before(5);
  ASSERT_TRUE(before.Answer(From(1, 20)));
  AnswerAtoms after(5);
  for (const auto& [tag, atom] : before.members()) after.Add(tag, atom);

  EXPECT_FALSE(after.Answer(From(1, 19)));
  EXPECT_TRUE(after.Answer(From(1, 10)));
}

// An attack: whatever is answered, every set that any combination of answers
// could tell of, by which of them each person is in, has k people or none.
TEST(AnswerAtomsTest, NoCombinationOfManyAnswersTellsOfFewerThanK) {
  constexpr int kPeople = 60;
  constexpr int kLeast = 5;
  std::mt19937 random(20261126);
  for (int round = 0; round < 200; ++round) {
    AnswerAtoms atoms(kLeast);
    std::vector<std::set<int>> answered;
    for (int question = 0; question < 30; ++question) {
      // Questions that an attacker asks: near to what was answered before.
      std::set<int> asked;
      if (!answered.empty() && random() % 2 == 0) {
        asked = answered[random() % answered.size()];
        for (int i = static_cast<int>(random() % 8); i > 0; --i) {
          const int person = static_cast<int>(random() % kPeople);
          if (asked.erase(person) == 0) asked.insert(person);
        }
      } else {
        const int first = static_cast<int>(random() % kPeople);
        const int size = static_cast<int>(random() % kPeople);
        for (int i = 0; i < size; ++i) asked.insert((first + i) % kPeople);
      }
      Cell cell;
      for (const int person : asked) cell.push_back(TagOf(person));
      if (atoms.Answer(cell)) answered.push_back(asked);
    }
    std::map<std::string, int> alike;
    for (int person = 0; person < kPeople; ++person) {
      std::string pattern;
      for (const std::set<int>& cell : answered) {
        pattern.push_back(cell.count(person) != 0 ? '1' : '0');
      }
      if (pattern.find('1') != std::string::npos) ++alike[pattern];
    }
    for (const auto& [pattern, people] : alike) {
      ASSERT_GE(people, kLeast) << pattern;
    }
  }
}

}  // namespace
}  // namespace subrosa
