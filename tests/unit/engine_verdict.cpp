// The table of verdicts, line by line, and the connectives that lead there.
#include <gtest/gtest.h>

#include "engine/verdict.hpp"

namespace kenzan::engine {
namespace {

const Truth yes = Truth::of(true), no = Truth::of(false);
const Truth by_rounding{true, true, false, false, false};  // possible, not as written
const Truth as_written{true, true, true, false, false};    // not certain, but as written
const Truth missing{true, true, false, true, false};
const Truth unknown{true, true, false, false, true};
const Truth missing_and_unknown{true, true, false, true, true};

constexpr auto possible = dsl::Strength::possible;
constexpr auto exactly = dsl::Strength::exactly;
constexpr auto surely = dsl::Strength::surely;

TEST(Verdict, FirstLineThatApplies) {
  EXPECT_EQ(decide(no, possible), Verdict::violated);
  EXPECT_EQ(decide(yes, possible), Verdict::holds);
  EXPECT_EQ(decide(missing, possible), Verdict::unmatched);
  EXPECT_EQ(decide(missing_and_unknown, possible), Verdict::unmatched);
  EXPECT_EQ(decide(unknown, possible), Verdict::unknown);
  EXPECT_EQ(decide(as_written, possible), Verdict::holds);
  EXPECT_EQ(decide(by_rounding, possible), Verdict::rounding);
}

TEST(Verdict, ExactlyIsViolatedWhereFalseAsWritten) {
  EXPECT_EQ(decide(no, exactly), Verdict::violated);
  EXPECT_EQ(decide(by_rounding, exactly), Verdict::violated);
  EXPECT_EQ(decide(as_written, exactly), Verdict::holds);
  EXPECT_EQ(decide(missing, exactly), Verdict::unmatched);
  EXPECT_EQ(decide(unknown, exactly), Verdict::unknown);
}

TEST(Verdict, SurelyIsViolatedUnlessAllTrueValuesDo) {
  EXPECT_EQ(decide(yes, surely), Verdict::holds);
  for (const Truth& t : {no, by_rounding, as_written, missing, unknown}) EXPECT_EQ(decide(t, surely), Verdict::violated);
}

TEST(Verdict, ConnectivesAreKleenes) {
  EXPECT_EQ(conjunction(no, unknown), no);
  EXPECT_EQ(conjunction(yes, unknown), unknown);
  EXPECT_EQ(conjunction(missing, unknown), missing_and_unknown);
  EXPECT_EQ(disjunction(yes, missing), yes);
  EXPECT_EQ(disjunction(no, missing), missing);
  EXPECT_EQ(negation(unknown), unknown);
  EXPECT_EQ(negation(by_rounding), as_written);
  EXPECT_EQ(implication(no, missing), yes);
  EXPECT_EQ(implication(yes, by_rounding), by_rounding);
  EXPECT_EQ(implication(missing, yes), yes);
}

TEST(Verdict, WhatTurnsOnAnAbsentCellIsNotTrueAsWritten) {
  EXPECT_FALSE(disjunction(as_written, unknown).written);
  EXPECT_EQ(decide(disjunction(as_written, unknown), possible), Verdict::unknown);
}

TEST(Verdict, AdmissionByWhen) {
  EXPECT_EQ(admit(yes), Admission::made);
  EXPECT_EQ(admit(no), Admission::not_made);
  EXPECT_EQ(admit(missing), Admission::not_made);
  EXPECT_EQ(admit(missing_and_unknown), Admission::not_made);
  EXPECT_EQ(admit(unknown), Admission::unknown);
  EXPECT_EQ(admit(as_written), Admission::conditional);
  EXPECT_EQ(admit(by_rounding), Admission::conditional);
}

}  // namespace
}  // namespace kenzan::engine
