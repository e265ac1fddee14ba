// The statistics that the ranks of a job find together: the ranks are threads here.
#include "engine/two_layer/joined_patches.h"

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <utility>
#include <vector>

#include "catch.h"
#include "model/random.h"
#include "thread_group.h"

using namespace shadenet;

namespace {

constexpr std::uint32_t shares_of_job = 4, pass_steps = 20;

/// Of a bright picture of little noise, so that rounding tells in which order sums were added; of some none.
PatchMoments moments_of_share(std::uint32_t step, std::uint32_t share) {
    if ((step + share) % 5 == 4) return no_moments(3, 3);
    std::mt19937_64 random = random_stream(step, share);
    std::vector<float> picture(3 * 8 * 8);
    for (float& value : picture) value = 1000 + static_cast<float>(random() % 256) / 1000;
    return patch_moments(picture, 3, 8, 8, 3, PatchesOf::inner_pixels);
}

std::vector<PatchMoments> moments_of_shares(std::uint32_t step, std::uint32_t first, std::uint32_t count) {
    std::vector<PatchMoments> moments;
    for (std::uint32_t share = first; share < first + count; ++share)
        moments.push_back(moments_of_share(step, share));
    return moments;
}

struct Taken {
    std::vector<std::vector<float>> statistics;  ///< in the order of `steps`
    std::uint64_t exchanges = 0;
};

Taken take_steps(Group& group, const std::vector<std::uint32_t>& steps) {
    const Shares shares(group, shares_of_job);
    JoinedPatches joined(shares);
    joined.begin_pass(pass_steps);
    const std::uint64_t begun = group.exchanges().calls;
    Taken taken;
    for (const std::uint32_t step : steps) {
        taken.statistics.push_back(joined.take(step, [&](std::uint32_t next) {
            if (next >= pass_steps) throw std::logic_error("there is no such step");
            return moments_of_shares(next, shares.first(), shares.own());
        }));
    }
    taken.exchanges = group.exchanges().calls - begun;
    return taken;
}

/// Of the last rank.
Taken taken_on(std::uint32_t ranks, const std::vector<std::uint32_t>& steps) {
    test::ThreadGroup group(ranks);
    Taken taken;
    {
        const test::ThreadGroup::Followers followers(group, [&](Group& rank) {
            Taken of_rank = take_steps(rank, steps);
            if (rank.rank() + 1 == ranks) taken = std::move(of_rank);
        });
        take_steps(group.rank(0), steps);
    }
    return taken;
}

}  // namespace

TEST_CASE("joined patches: the same bits on any number of ranks, by few exchanges") {
    std::vector<std::uint32_t> in_order, later;
    for (std::uint32_t step = 0; step < pass_steps; ++step) in_order.push_back(step);
    for (std::uint32_t step = 17; step < pass_steps; ++step) later.push_back(step);
    const std::vector<std::uint32_t> any_order = {7, 3, 4, 5, 19, 0, 0};
    for (const std::uint32_t ranks : {2u, 4u}) {
        // The exchanges are of 1, 2, 4, 8 and 5 steps; of 1 and 2; and of 1, 1, 2, 1 and 1.
        for (const auto& [steps, exchanges] :
             {std::pair{in_order, 5u}, std::pair{later, 2u}, std::pair{any_order, 5u}}) {
            CAPTURE(ranks, steps);
            const Taken taken = taken_on(ranks, steps);
            CHECK(taken.exchanges == exchanges);
            REQUIRE(taken.statistics.size() == steps.size());
            for (std::size_t i = 0; i < steps.size(); ++i) {
                CHECK((taken.statistics[i] ==
                       joined_patch_statistics(moments_of_shares(steps[i], 0, shares_of_job))));
            }
        }
    }
}
