#include "bench/summary.h"

#include "catch.h"

using namespace shadenet;

TEST_CASE("a summary has the median of odd and even counts") {
    const Summary odd = summarize({5.0, 1.0, 3.0});
    CHECK(odd.median == 3.0);
    CHECK(odd.min == 1.0);
    CHECK(odd.max == 5.0);
    CHECK(odd.runs == 3);
    CHECK(summarize({4.0, 1.0, 2.0, 9.0}).median == 3.0);
    CHECK(summarize({7.0}).median == 7.0);
}
