#include "model/philox.h"

#include <cmath>
#include <limits>

#include "catch.h"

using namespace shadenet;

namespace {

using PhiloxWords = std::array<std::uint32_t, 4>;

/// The share of `count` values that are kept.
double kept_share(std::uint64_t count, float keep, std::uint64_t seed) {
    std::uint64_t kept = 0;
    for (std::uint64_t element = 0; element < count; ++element) {
        kept += dropout_keeps(element, 2, 7, seed, keep) ? 1 : 0;
    }
    return static_cast<double>(kept) / static_cast<double>(count);
}

}  // namespace

TEST_CASE("philox gives the words that its authors publish") {
    CHECK(philox_4x32_10({0, 0, 0, 0}, {0, 0}) ==
          PhiloxWords{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
    constexpr std::uint32_t ones = 0xffffffff;
    CHECK(philox_4x32_10({ones, ones, ones, ones}, {ones, ones}) ==
          PhiloxWords{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
    CHECK(philox_4x32_10({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
          PhiloxWords{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("dropout's threshold is exact, and rounds up") {
    CHECK(dropout_threshold(1.0f) == 1U << 24U);
    CHECK(dropout_threshold(0.5f) == 1U << 23U);
    CHECK(dropout_threshold(0.6f) == 10'066'330);
    CHECK(dropout_threshold(0.3f) == 5'033'165);
    CHECK(dropout_threshold(std::nextafter(0.25f, 1.0f)) == (1U << 22U) + 1);
    CHECK(dropout_threshold(std::nextafter(0.25f, 0.0f)) == 1U << 22U);
    CHECK(dropout_threshold(std::numeric_limits<float>::min()) == 1);
    CHECK(dropout_factor(0.6f) == 1.6666666f);
    CHECK(dropout_factor(1.0f) == 1.0f);
}

TEST_CASE("dropout reads the word, counter and key that the rule names") {
    constexpr std::size_t layer = 3;
    constexpr std::uint64_t step = 0x1'0000'0005, seed = 0x2'0000'0007;
    for (const std::uint64_t element : {0ULL, 1ULL, 2ULL, 3ULL, 4ULL, 4'000'001ULL, (1ULL << 33U) + 6ULL}) {
        const PhiloxWords words =
            philox_4x32_10({static_cast<std::uint32_t>(element / 4), layer, 5, 1}, {7, 2});
        const std::uint32_t number = words[element % 4] >> 8U;
        // The least keep whose threshold is above the number keeps it; the one that ends at it does not.
        const auto keep = [](std::uint32_t threshold) {
            return std::ldexp(static_cast<float>(threshold), -24);
        };
        INFO(element);
        CHECK(dropout_keeps(element, layer, step, seed, keep(number + 1)));
        CHECK(!dropout_keeps(element, layer, step, seed, keep(number)));
    }
}

TEST_CASE("dropout keeps its share, all where keep is 1, and others for another seed, step or layer") {
    constexpr std::uint64_t count = 100'000;
    // Four deviations of a share of so many draws are at most 0.0064.
    for (const float keep : {0.1f, 0.5f, 0.8f}) {
        CHECK(std::abs(kept_share(count, keep, 1) - static_cast<double>(keep)) < 0.0064);
    }
    CHECK(kept_share(1000, 1.0f, 1) == 1.0);
    std::uint64_t by_seed = 0, by_step = 0, by_layer = 0;
    for (std::uint64_t element = 0; element < 1000; ++element) {
        const bool kept = dropout_keeps(element, 2, 7, 1, 0.5f);
        by_seed += kept != dropout_keeps(element, 2, 7, 1 + (1ULL << 32U), 0.5f) ? 1 : 0;
        by_step += kept != dropout_keeps(element, 2, 7 + (1ULL << 32U), 1, 0.5f) ? 1 : 0;
        by_layer += kept != dropout_keeps(element, 3, 7, 1, 0.5f) ? 1 : 0;
    }
    for (const std::uint64_t differ : {by_seed, by_step, by_layer}) {
        CHECK(differ > 400);
        CHECK(differ < 600);
    }
}
