#include "model/module_names.h"

#include "catch.h"

namespace shadenet {

TEST_CASE("names are ordered with their numbers as numbers") {
    const std::vector<std::string> ordered = {"",      "0",     "02",     "2",
                                              "2.a",   "10",    "a",      "conv",
                                              "conv1", "conv2", "conv10", "conv99999999999999999999999",
                                              "conva", "d"};
    for (std::size_t i = 0; i < ordered.size(); ++i) {
        for (std::size_t j = 0; j < ordered.size(); ++j) {
            CAPTURE(ordered[i], ordered[j]);
            if (i < j) CHECK(natural_less(ordered[i], ordered[j]));
            if (i >= j) CHECK_FALSE(natural_less(ordered[i], ordered[j]));
        }
    }
}

TEST_CASE("the indices of an nn.Sequential") {
    using Indices = std::vector<unsigned>;
    CHECK(sequential_indices({"0", "1", "10"}) == Indices{0, 1, 10});
    CHECK(sequential_indices({"net.body.4", "net.body.2"}) == Indices{4, 2});
    CHECK(sequential_indices({"a.0", "b.1"}).empty());
    CHECK(sequential_indices({"0", "a.1"}).empty());
    CHECK(sequential_indices({"0", "1a"}).empty());
    CHECK(sequential_indices({"0", "-1"}).empty());
    CHECK(sequential_indices({"0."}).empty());
    CHECK(sequential_indices({"0", "99999999999"}).empty());
    CHECK(sequential_indices({}).empty());
}

}  // namespace shadenet
