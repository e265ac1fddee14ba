#include "engine/stack/memory_plan.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include "catch.h"
#include "engine/stack/memory_replay.h"
#include "engine/stack/random_network.h"
#include "engine/tensors/packed.h"
#include "model/network_text.h"
#include "model/presets.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint64_t any_block = std::uint64_t{1} << 40;

/// A plan whose training steps find all that they read.
MemoryPlan planned(const Network& network, const Shape& input, Purpose purpose,
                   const std::set<std::size_t>& kept = {}, std::uint64_t most_of_block = any_block,
                   std::uint64_t most_bytes = any_bytes) {
    const std::vector<Unit> units = units_of(network, purpose, kept);
    const MemoryNeeds needs{.network = network,
                            .units = units,
                            .input = input,
                            .purpose = purpose,
                            .kept = kept,
                            .target = point_shapes(network, input).back(),
                            .most_bytes = most_bytes};
    MemoryPlan plan = plan_memory(needs, most_of_block);
    if (purpose == Purpose::training) REQUIRE(MemoryReplay(needs, plan).problem() == "");
    return plan;
}

MemoryPlan planned_short(const Network& network, const Shape& input, const std::set<std::size_t>& kept = {}) {
    return planned(network, input, Purpose::training, kept, any_block, 0);
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

TEST_CASE("memory plan: images side by side are bound together, and others one by one") {
    const Network network = parse_network("input 3, conv 8 3x3, average, dense 5", "a test");
    const MemoryPlan plan = planned(network, {7, 3, 9, 11}, Purpose::training);
    for (const auto& [name, at] : plan.where) {
        const PlannedTensor& tensor = plan.tensors[at];
        if (name.use == TensorUse::planar) continue;
        INFO(tensor.text);
        CHECK(tensor.image_bytes * (tensor.shape.plane() == 1 ? 1 : 7) == tensor.life.bytes);
    }
    CHECK(plan.tensors[plan.where.at({TensorUse::gradient, 1})].text ==
          "the gradients of conv1's 8 channels of 11x9 pixels");
}

TEST_CASE("memory plan: training gives the memory of values to gradients") {
    const MemoryPlan plan =
        planned(dncnn_network({.hidden = 32, .depth = 7}), {4, 3, 64, 64}, Purpose::training);
    require_sound(plan);
    CHECK(plan.bytes() * 100 < sum_of(plan) * 75);
}

TEST_CASE("memory plan: where memory is short, each norm's input is kept without its result") {
    const Shape input{4, 3, 64, 64};
    const Network network = dncnn_network({.hidden = 32, .depth = 7});
    const std::uint64_t map = packed_bytes({4, 32, 64, 64});
    const MemoryPlan plain = planned(network, input, Purpose::training),
                     remade = planned_short(network, input);
    require_sound(remade);
    CHECK_FALSE(plain.remakes());
    CHECK(remade.remakes());
    // Results of 7 convolutions but the last and of 5 norms; then of 6, the norm's in hand and a gradient.
    CHECK(plain.bytes() > 11 * map);
    CHECK(plain.bytes() < 13 * map);
    CHECK(remade.bytes() > 8 * map);
    CHECK(remade.bytes() < 9 * map);
    CHECK(feature_map_bytes(network, input, Purpose::training) == plain.bytes());
    CHECK(feature_map_bytes(network, input, Purpose::training, plain.bytes()) == plain.bytes());
    CHECK(feature_map_bytes(network, input, Purpose::training, plain.bytes() - 1) == remade.bytes());
    CHECK(feature_map_bytes(network, input, Purpose::inference, 0) ==
          feature_map_bytes(network, input, Purpose::inference));
}

TEST_CASE("memory plan: what is made again is made of what is there, in its order") {
    const auto remade_before = [](const char* text, const std::set<std::size_t>& kept = {}) {
        const Network network = parse_network(text, "a test");
        const MemoryPlan plan = planned_short(network, {2, 4, 30, 40}, kept);
        require_sound(plan);
        return plan.remade_before;
    };
    using Before = std::vector<std::vector<std::size_t>>;
    // Units 0 conv, 1 norm and relu, 2 conv, 3 norm and relu, 4 conv: the last one runs right after the loss.
    const char* const chain = "input 4, conv 4 3x3, norm, relu, conv 4 3x3, norm, relu, conv 4 3x3";
    CHECK(remade_before(chain) == Before{{}, {}, {1}, {}, {}});
    // Norm after norm: a result is made of one that is made again.
    CHECK(remade_before("input 4, conv 4 3x3, relu, norm, norm, conv 4 3x3, relu, conv 4 3x3") ==
          Before{{}, {}, {}, {1, 2}, {}});
    // Points 1 to 7 follow the layers: point 3 is what the chain above makes again.
    CHECK(remade_before(chain, {3}) == Before{{}, {}, {}, {}, {}});
    // A sum reads it too, on the way there alone.
    CHECK(remade_before("input 4, conv 4 3x3, norm, relu, conv 4 3x3, norm, add relu1, norm, conv 4 3x3") ==
          Before{{}, {}, {1}, {}, {}, {}, {}});
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
    std::uint32_t shared = 0, remade = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        const RandomNetwork drawn(seed, seed % 2 == 0 ? Repertoire::filters : Repertoire::everything);
        const Network network = parse_network(drawn.text(), "a test");
        for (const Purpose purpose : {Purpose::training, Purpose::inference}) {
            const MemoryPlan plan = planned(network, drawn.shape(), purpose);
            require_sound(plan);
            if (plan.bytes() < sum_of(plan)) ++shared;
            for (const std::uint64_t most_bytes : {any_bytes, std::uint64_t{0}}) {
                const std::uint64_t small_block = 5000;
                const MemoryPlan cut = planned(network, drawn.shape(), purpose, {}, small_block, most_bytes);
                require_sound(cut);
                std::uint64_t largest = 0;
                for (const PlannedTensor& tensor : cut.tensors) {
                    largest = std::max(largest, tensor.life.bytes);
                }
                for (const std::uint64_t block : cut.blocks) CHECK(block <= std::max(small_block, largest));
            }
        }
        const MemoryPlan small = planned_short(network, drawn.shape());
        require_sound(small);
        CHECK(small.bytes() <= feature_map_bytes(network, drawn.shape(), Purpose::training));
        if (small.remakes()) ++remade;
    }
    CHECK(shared > 600);
    CHECK(remade > 100);
}
