// Memory that is asked for before it is needed.
#pragma once

namespace kenzan::engine {

/// Reads a byte, so that its line of the cache is near for who needs it soon: several that are read one right after the other come
/// together. A prefetch may be dropped where the processor would have to look for the page.
inline void bring_near(const void* at) { (void)*static_cast<const volatile char*>(at); }

}  // namespace kenzan::engine
