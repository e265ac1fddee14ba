#include "base/memory.h"

#include "catch.h"

using namespace shadenet;

TEST_CASE("this computer has memory, and this process used some") {
    CHECK(physical_memory() > std::uint64_t{1} << 27);
    CHECK(peak_memory() > 1 << 20);
    CHECK(peak_memory() < physical_memory());
    CHECK(usable_memory() <= physical_memory());
    CHECK(usable_memory() > peak_memory());
}
