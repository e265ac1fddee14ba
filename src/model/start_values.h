// What new parameters begin with.
#pragma once

#include <cstdint>
#include <string>

namespace shadenet {

/// How a weight of a conv or dense layer is drawn. fan_in counts the values that make one of the result, and
/// fan_out those of the result that one goes into: in·k² and out·k² of conv, in and out features of dense.
///
/// reference   normal with deviation √(1.3/((fan_in + fan_out)/2)), truncated at two deviations
/// he          normal with deviation √(2/fan_in) (He et al. 2015)
/// glorot      uniform within ±√(6/(fan_in + fan_out)) (Glorot & Bengio 2010)
/// truncated   normal with a given deviation, truncated at two of them
///
/// A deviation is that before truncation, which leaves 0.88 of it.
enum class WeightRule : std::uint32_t { reference, he, glorot, truncated };

struct StartWeights {
    WeightRule rule = WeightRule::reference;
    float deviation = 0;  ///< of `truncated`; 0 for the others
    bool operator==(const StartWeights&) const = default;
};

struct StartValues {
    StartWeights weights;
    float biases = 0;  ///< of conv and dense layers; finite
    /// Over the channels of a norm before an activation, which has β, this begins at even distances from −S
    /// to S: each unit then bends at another of its values, where all would bend at their mean. 0 or more.
    float beta_spread = 0;
    bool operator==(const StartValues&) const = default;
};

inline constexpr float most_start_deviation = 1000;
inline constexpr float most_beta_spread = 1000;

/// "he", "truncated:0.01".
std::string to_string(const StartWeights& weights);
/// Throws InputError for anything else than reference|he|glorot|truncated:S with S above 0, up to
/// most_start_deviation.
StartWeights start_weights(const std::string& text);

}  // namespace shadenet
