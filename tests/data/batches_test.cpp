// Which examples each step takes.
#include "data/batches.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "catch.h"
#include "model/random.h"

using namespace shadenet;

namespace {

using Sizes = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("without domains the batches are those of one permutation") {
    const Sizes sizes = {7};
    for (const std::uint32_t epoch : {0u, 1u, 40u}) {
        std::mt19937_64 random = random_stream(5, epoch);
        const EpochBatches batches = epoch_batches(sizes, 3, 5, epoch);
        CHECK(batches.examples == batches_of(permutation(7, random), 3));
        CHECK(batches.domains == Sizes{0, 0, 0});
    }
    for (const std::uint32_t batch : {0u, 7u, 8u}) {
        CHECK(epoch_batches(sizes, batch, 5, 2).examples == Batches{{0, 1, 2, 3, 4, 5, 6}});
    }
}

TEST_CASE("every example is in one batch of its own domain") {
    const Sizes sizes = {5, 1, 4}, ends = {5, 6, 10};
    for (const std::uint32_t batch : {0u, 1u, 2u, 3u, 5u, 9u}) {
        INFO("batch " << batch);
        const EpochBatches epoch = epoch_batches(sizes, batch, 3, 1);
        CHECK(epoch.examples.size() == steps_of_epoch(sizes, batch));
        REQUIRE(epoch.domains.size() == epoch.examples.size());
        Sizes all;
        std::size_t largest = 0;
        for (std::size_t step = 0; step < epoch.examples.size(); ++step) {
            largest = std::max(largest, epoch.examples[step].size());
            REQUIRE_FALSE(epoch.examples[step].empty());
            for (const std::uint32_t example : epoch.examples[step]) {
                all.push_back(example);
                const auto domain = std::upper_bound(ends.begin(), ends.end(), example) - ends.begin();
                CHECK(epoch.domains[step] == domain);
            }
        }
        CHECK(largest == largest_batch(sizes, batch));
        std::sort(all.begin(), all.end());
        Sizes expected(10);
        std::iota(expected.begin(), expected.end(), 0u);
        CHECK(all == expected);
    }
    CHECK(steps_of_epoch(sizes, 0) == 3);
    CHECK(steps_of_epoch(sizes, 2) == 6);
    CHECK(largest_batch(sizes, 0) == 5);
    CHECK(largest_batch(sizes, 3) == 3);
}

TEST_CASE("the domains take turns in another order each epoch, which the seed decides") {
    const Sizes sizes = {4, 4};
    std::set<Sizes> orders;
    for (std::uint32_t epoch = 0; epoch < 8; ++epoch) {
        const EpochBatches one = epoch_batches(sizes, 1, 3, epoch), again = epoch_batches(sizes, 1, 3, epoch);
        CHECK(one.examples == again.examples);
        CHECK(one.domains == again.domains);
        orders.insert(one.domains);
    }
    CHECK(orders.size() > 4);
    CHECK(epoch_batches(sizes, 1, 4, 0).examples != epoch_batches(sizes, 1, 3, 0).examples);
}

TEST_CASE("an order is cut into batches, the last one smaller") {
    CHECK(batches_of({3, 0, 4, 1, 2}, 2) == Batches{{3, 0}, {4, 1}, {2}});
    CHECK(batches_in_order(5, 3) == Batches{{0, 1, 2}, {3, 4}});
    CHECK(batches_in_order(2, 2) == Batches{{0, 1}});
}
