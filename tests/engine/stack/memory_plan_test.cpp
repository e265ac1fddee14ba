#include "engine/stack/memory_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "catch.h"
#include "engine/stack/random_network.h"
#include "engine/tensors/packed.h"
#include "model/network_text.h"
#include "model/presets.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint64_t any_block = std::uint64_t{1} << 40;

MemoryPlan planned(const Network& network, const Shape& input, Purpose purpose,
                   const std::set<std::size_t>& kept = {}, std::uint64_t most_of_block = any_block) {
    const std::vector<Unit> units = units_of(network, purpose, kept);
    return plan_memory({.network = network,
                        .units = units,
                        .input = input,
                        .purpose = purpose,
                        .kept = kept,
                        .target = point_shapes(network, input).back()},
                       most_of_block);
}

std::uint64_t sum_of(const MemoryPlan& plan) {
    std::uint64_t sum = 0;
    for (const PlannedTensor& tensor : plan.tensors) sum += tensor.life.bytes;
    return sum;
}

void require_sound(const MemoryPlan& plan) {
    for (const PlannedTensor& one : plan.tensors) {
        REQUIRE(one.life.first <= one.life.last);
        REQUIRE(one.life.last <= plan.steps.end());
        REQUIRE(one.place.offset % range_alignment == 0);
        REQUIRE(one.place.offset + one.life.bytes <= plan.blocks.at(one.place.block));
        for (const PlannedTensor& other : plan.tensors) {
            if (&one == &other || one.place.block != other.place.block || !one.life.meets(other.life))
                continue;
            const bool apart = one.place.offset + one.life.bytes <= other.place.offset ||
                               other.place.offset + other.life.bytes <= one.place.offset;
            REQUIRE(apart);
        }
    }
}

}  // namespace

TEST_CASE("memory plan: inference of a chain needs two feature maps, whatever its length") {
    const Shape input{1, 3, 64, 48};
    const std::uint64_t map = packed_bytes({1, 32, 64, 48});
    for (const std::uint32_t depth : {7u, 20u}) {
        const MemoryPlan plan =
            planned(dncnn_network({.hidden = 32, .depth = depth}), input, Purpose::inference);
        require_sound(plan);
        // The input is added at the end.
        CHECK(plan.bytes() == 2 * map + packed_bytes(input));
    }
}

TEST_CASE("memory plan: values that nobody else reads are overwritten in place") {
    const Network network{any_size(3),
                          {BatchNorm{"norm", 3}, Activation{ActivationKind::relu},
                           Activation{ActivationKind::tanh}, Dropout{0.5f}}};
    const MemoryPlan plan = planned(network, {2, 3, 20, 30}, Purpose::inference);
    require_sound(plan);
    const std::size_t first = plan.where.at({TensorUse::value, 0});
    CHECK(plan.where.at({TensorUse::value, network.layers.size()}) == first);
    // The backward passes read what they began with.
    const MemoryPlan trained = planned(network, {2, 3, 20, 30}, Purpose::training);
    require_sound(trained);
    CHECK(trained.where.at({TensorUse::value, network.layers.size()}) !=
          trained.where.at({TensorUse::value, 0}));
}

TEST_CASE("memory plan: training gives the memory of values to gradients") {
    const MemoryPlan plan =
        planned(dncnn_network({.hidden = 32, .depth = 7}), {4, 3, 64, 64}, Purpose::training);
    require_sound(plan);
    CHECK(plan.bytes() * 100 < sum_of(plan) * 75);
}

TEST_CASE("memory plan: kept points outlive all passes") {
    const Network network = dncnn_network({.hidden = 8, .depth = 4});
    const std::set<std::size_t> kept = norm_points(network);
    for (const Purpose purpose : {Purpose::training, Purpose::inference}) {
        const MemoryPlan plan = planned(network, {2, 3, 16, 16}, purpose, kept);
        require_sound(plan);
        for (const std::size_t point : kept) {
            CHECK(plan.tensors[plan.where.at({TensorUse::value, point})].life.last == plan.steps.end());
        }
    }
}

TEST_CASE("memory plan: in random networks no tensors overlap that live at once") {
    std::uint32_t shared = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const RandomNetwork drawn(seed, seed % 2 == 0 ? Repertoire::filters : Repertoire::everything);
        const Network network = parse_network(drawn.text(), "a test");
        for (const Purpose purpose : {Purpose::training, Purpose::inference}) {
            const MemoryPlan plan = planned(network, drawn.shape(), purpose);
            require_sound(plan);
            if (plan.bytes() < sum_of(plan)) ++shared;
            const std::uint64_t small_block = 5000;
            const MemoryPlan cut = planned(network, drawn.shape(), purpose, {}, small_block);
            require_sound(cut);
            std::uint64_t largest = 0;
            for (const PlannedTensor& tensor : cut.tensors) largest = std::max(largest, tensor.life.bytes);
            for (const std::uint64_t block : cut.blocks) CHECK(block <= std::max(small_block, largest));
        }
    }
    CHECK(shared > 600);
}
