// Numbers as people write them, rightly and wrongly, for tests of two ways to read the same cell.
#pragma once
#include <array>

namespace kenzan::test {

inline constexpr auto number_texts = std::to_array<const char*>({"0",
                                                                 "-0",
                                                                 "12",
                                                                 "-12.50",
                                                                 "1,234",
                                                                 "12,345.6",
                                                                 "1,23",
                                                                 "1,2345",
                                                                 ",123",
                                                                 "1,234,56",
                                                                 "5.",
                                                                 ".5",
                                                                 "1.2.3",
                                                                 "+5",
                                                                 "",
                                                                 "-",
                                                                 "1e5",
                                                                 "12 3",
                                                                 "9",
                                                                 "12345678901234567",
                                                                 "99999999999999999",
                                                                 "999999999999999999",
                                                                 "1.5,000",
                                                                 "１２",
                                                                 "▲3",
                                                                 "▲1,234.5",
                                                                 "△0",
                                                                 "−7.0",
                                                                 "-▲3",
                                                                 "▲-3",
                                                                 "▲",
                                                                 "▲ 3",
                                                                 "約5"});

}  // namespace kenzan::test
