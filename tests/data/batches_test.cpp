// Which examples each step takes.
#include "data/batches.h"

#include <algorithm>
#include <numeric>
#include <random>
#include <set>
#include <tuple>

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
        const PassBatches batches = pass_batches(sizes, {3}, 5, epoch);
        CHECK(batches.examples == batches_of(permutation(7, random), 3));
        CHECK(batches.domains == Sizes{0, 0, 0});
    }
    for (const std::uint32_t batch : {0u, 7u, 8u}) {
        CHECK(pass_batches(sizes, {batch}, 5, 2).examples == Batches{{0, 1, 2, 3, 4, 5, 6}});
    }
}

TEST_CASE("every example is in one batch of its own domain") {
    const Sizes sizes = {5, 1, 4}, ends = {5, 6, 10};
    for (const std::uint32_t batch : {0u, 1u, 2u, 3u, 5u, 9u}) {
        INFO("batch " << batch);
        const PassBatches epoch = pass_batches(sizes, {batch}, 3, 1);
        CHECK(epoch.examples.size() == steps_of_pass(sizes, {batch}));
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
    CHECK(steps_of_pass(sizes, {0}) == 3);
    CHECK(steps_of_pass(sizes, {2}) == 6);
    CHECK(largest_batch(sizes, 0) == 5);
    CHECK(largest_batch(sizes, 3) == 3);
}

TEST_CASE("the domains take turns in another order each epoch, which the seed decides") {
    const Sizes sizes = {4, 4};
    std::set<Sizes> orders;
    for (std::uint32_t epoch = 0; epoch < 8; ++epoch) {
        const PassBatches one = pass_batches(sizes, {1}, 3, epoch),
                          again = pass_batches(sizes, {1}, 3, epoch);
        CHECK(one.examples == again.examples);
        CHECK(one.domains == again.domains);
        orders.insert(one.domains);
    }
    CHECK(orders.size() > 4);
    CHECK(pass_batches(sizes, {1}, 4, 0).examples != pass_batches(sizes, {1}, 3, 0).examples);
}

TEST_CASE("an order is cut into batches, the last one smaller") {
    CHECK(batches_of({3, 0, 4, 1, 2}, 2) == Batches{{3, 0}, {4, 1}, {2}});
    CHECK(batches_in_order(5, 3) == Batches{{0, 1, 2}, {3, 4}});
    CHECK(batches_in_order(2, 2) == Batches{{0, 1}});
}

TEST_CASE("a smaller last batch of each domain can be left out, and is another's in every pass") {
    const Sizes sizes = {7, 2, 4};
    const StepRule rule{.batch = 3, .drop_last = true};
    CHECK(steps_of_pass(sizes, rule) == 2 + 1 + 1);  // a domain smaller than a batch is one
    CHECK(steps_of_pass(sizes, {.batch = 3}) == 3 + 1 + 2);
    std::set<std::uint32_t> left_out;
    for (std::uint32_t pass = 0; pass < 20; ++pass) {
        const PassBatches batches = pass_batches(sizes, rule, 3, pass);
        REQUIRE(batches.examples.size() == 4);
        std::set<std::uint32_t> taken;
        for (std::size_t step = 0; step < 4; ++step) {
            CHECK(batches.examples[step].size() == (batches.domains[step] == 1 ? 2 : 3));
            taken.insert(batches.examples[step].begin(), batches.examples[step].end());
        }
        CHECK(taken.size() == 6 + 2 + 3);
        for (std::uint32_t i = 0; i < 13; ++i) {
            if (!taken.contains(i)) left_out.insert(i);
        }
    }
    CHECK(left_out.size() == 7 + 4);
    CHECK(pass_batches(Sizes{6}, rule, 3, 1).examples == pass_batches(Sizes{6}, {3}, 3, 1).examples);
}

TEST_CASE("examples can be taken in their order, pass after pass") {
    const Sizes sizes = {3, 2};
    for (const std::uint32_t pass : {0u, 1u, 9u}) {
        const PassBatches batches = pass_batches(sizes, {.batch = 2, .in_order = true}, 3, pass);
        CHECK(batches.examples == Batches{{0, 1}, {2}, {3, 4}});
        CHECK(batches.domains == Sizes{0, 0, 1});
    }
    const StepRule both{.batch = 2, .drop_last = true, .in_order = true};
    CHECK(pass_batches(sizes, both, 3, 0).examples == Batches{{0, 1}, {3, 4}});
}

TEST_CASE("an epoch is a pass, or a number of steps") {
    const Sizes sizes = {7, 4};
    CHECK(steps_of_epoch(sizes, {.batch = 2}) == 4 + 2);
    CHECK(examples_of_epoch(sizes, {.batch = 2}) == 11);
    CHECK(examples_of_epoch(sizes, {.batch = 2, .drop_last = true}) == 10);
    for (const std::uint32_t steps : {1u, 5u, 100u}) {
        const StepRule rule{.batch = 2, .epoch_steps = steps};
        CHECK(steps_of_epoch(sizes, rule) == steps);
        CHECK(steps_of_pass(sizes, rule) == 6);
        CHECK(examples_of_epoch(sizes, rule) == 11.0 * steps / 6);
        for (const std::uint32_t pass : {0u, 3u}) {
            CHECK(pass_batches(sizes, rule, 3, pass).examples ==
                  pass_batches(sizes, {.batch = 2}, 3, pass).examples);
        }
    }
}

TEST_CASE("the examples of any run of steps are counted") {
    const Sizes sizes = {7, 4, 1};
    for (const bool drop_last : {false, true}) {
        const StepRule rule{.batch = 3, .drop_last = drop_last, .epoch_steps = 5};
        const std::uint32_t of_pass = steps_of_pass(sizes, rule);
        std::vector<std::uint64_t> before = {0};
        for (std::uint32_t pass = 0; pass < 4; ++pass) {
            for (const auto& batch : pass_batches(sizes, rule, 3, pass).examples)
                before.push_back(before.back() + batch.size());
        }
        REQUIRE(before.size() == 4 * of_pass + std::size_t{1});
        for (std::size_t end = 0; end < before.size(); ++end) {
            for (std::size_t first = 0; first <= end; ++first) {
                CHECK(examples_of_steps(sizes, rule, 3, first, end) == before[end] - before[first]);
            }
        }
    }
}

TEST_CASE("shares keep their examples, and give them by turns") {
    // The examples of a domain, the crops of a picture, the shares; and the first share has one picture more.
    for (const auto& [size, block, shares] :
         {std::tuple{24u, 1u, 4u}, {26u, 2u, 4u}, {7u, 1u, 3u}, {5u, 1u, 8u}}) {
        CAPTURE(size, block, shares);
        const Sizes sizes = {size};
        const StepRule rule{.batch = 4, .shares = shares, .block = block};
        for (const std::uint32_t pass : {0u, 1u}) {
            const Batches batches = pass_batches(sizes, rule, 5, pass).examples;
            Sizes all;
            for (const Sizes& step : batches) {
                Sizes of_share(shares);
                for (const std::uint32_t example : step) ++of_share[example / block % shares];
                const auto [least, most] = std::ranges::minmax(of_share);
                CHECK(most - least <= 2);
                CHECK(most <= largest_share(sizes, rule));
                all.insert(all.end(), step.begin(), step.end());
            }
            std::ranges::sort(all);
            Sizes expected(size);
            std::iota(expected.begin(), expected.end(), 0u);
            CHECK(all == expected);
        }
        CHECK(pass_batches(sizes, rule, 5, 0).examples != pass_batches(sizes, rule, 5, 1).examples);
        CHECK(pass_batches(sizes, rule, 5, 1).examples == pass_batches(sizes, rule, 5, 1).examples);
    }
    // As many of each share where they divide the batch.
    for (const Sizes& step : pass_batches(Sizes{24}, {.batch = 8, .shares = 4}, 1, 0).examples) {
        Sizes of_share(4);
        for (const std::uint32_t example : step) ++of_share[example % 4];
        CHECK(of_share == Sizes{2, 2, 2, 2});
    }
}

TEST_CASE("no share gives more examples to a step than there is room for, and little room is for nothing") {
    std::mt19937_64 random(1);
    const auto below = [&](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
    for (int drawn = 0; drawn < 300; ++drawn) {
        Sizes sizes(1 + below(3));
        for (std::uint32_t& size : sizes) size = 1 + below(60);
        const StepRule rule{
            .batch = below(20), .in_order = below(3) == 0, .shares = 1 + below(9), .block = 1 + below(4)};
        CAPTURE(sizes, rule.batch, rule.in_order, rule.shares, rule.block);
        const std::uint32_t room = largest_share(sizes, rule);
        CHECK(room <= largest_batch(sizes, rule.batch));
        for (const Sizes& step : pass_batches(sizes, rule, 1, 0).examples) {
            Sizes of_share(rule.shares);
            for (const std::uint32_t example : step) ++of_share[example / rule.block % rule.shares];
            REQUIRE(std::ranges::max(of_share) <= room);
        }
    }
    CHECK(largest_share(Sizes{1000}, {.batch = 64, .shares = 4}) <= 20);
    CHECK(largest_share(Sizes{1000}, {.batch = 64}) == 64);
}

TEST_CASE("in their order, or all at once, examples are where they were whatever the shares") {
    for (const std::uint32_t shares : {1u, 2u, 5u}) {
        CHECK(pass_batches(Sizes{7}, {.batch = 3, .in_order = true, .shares = shares}, 1, 0).examples ==
              Batches{{0, 1, 2}, {3, 4, 5}, {6}});
        CHECK(pass_batches(Sizes{3}, {.shares = shares}, 1, 0).examples == Batches{{0, 1, 2}});
    }
}
