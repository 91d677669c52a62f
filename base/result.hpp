// The outcome of an operation on the world (files, arguments): a value or the reason why there is none.
#pragma once
#include <tl/expected.hpp>

namespace kenzan {

template <class T, class E>
using Result = tl::expected<T, E>;

}  // namespace kenzan
