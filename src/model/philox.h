// Random words by counter, and the masks of dropout made of them: any value's fate can be told without those
// before it.
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

namespace shadenet {

/// Philox 4x32-10 of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: four random words
/// for every counter and key.
constexpr std::array<std::uint32_t, 4> philox_4x32_10(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key) {
    constexpr std::uint64_t multiplier0 = 0xd2511f53, multiplier1 = 0xcd9e8d57;
    constexpr std::uint32_t key_step0 = 0x9e3779b9, key_step1 = 0xbb67ae85;
    const auto low = [](std::uint64_t product) { return static_cast<std::uint32_t>(product); };
    const auto high = [](std::uint64_t product) { return static_cast<std::uint32_t>(product >> 32U); };
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t product0 = multiplier0 * counter[0], product1 = multiplier1 * counter[2];
        counter = {high(product1) ^ counter[1] ^ key[0], low(product1), high(product0) ^ counter[3] ^ key[1],
                   low(product0)};
        key = {key[0] + key_step0, key[1] + key_step1};
    }
    return counter;
}

/// The numbers below 2²⁴ that mean "kept": ⌈keep·2²⁴⌉, exactly, for a keep above 0 and up to 1.
inline std::uint32_t dropout_threshold(float keep) {
    return static_cast<std::uint32_t>(std::ceil(std::ldexp(static_cast<double>(keep), 24)));
}

/// What a kept value is multiplied by: the float32 nearest to 1/keep.
inline float dropout_factor(float keep) {
    return 1.0f / keep;
}

/// Whether dropout keeps a value in training. `element`: its place in the layer's tensor [n,c,h,w] of the
/// whole mini-batch; `layer`: the dropout's index in the list of layers, from 0; `step`: of the run, from 0.
/// The counter is (element/4, layer, low word of the step, high word of the step), the key the low and the
/// high word of the seed; of the random words the one at element%4 decides, by its upper 24 bits. Of
/// element/4 the lower 32 bits count, so that masks repeat after 2³⁴ values.
inline bool dropout_keeps(std::uint64_t element, std::size_t layer, std::uint64_t step, std::uint64_t seed,
                          float keep) {
    const auto low = [](std::uint64_t value) { return static_cast<std::uint32_t>(value); };
    const auto high = [](std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); };
    const std::array<std::uint32_t, 4> words =
        philox_4x32_10({low(element / 4), low(layer), low(step), high(step)}, {low(seed), high(seed)});
    return words[element % 4] >> 8U < dropout_threshold(keep);
}

}  // namespace shadenet
