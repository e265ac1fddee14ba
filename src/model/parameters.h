// The numbers of a model on the host: parameters and moving statistics by name.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/network.h"
#include "model/start_values.h"

namespace shadenet {

inline bool all_finite(std::span<const float> values) {
    return std::ranges::all_of(values, [](float value) { return std::isfinite(value); });
}

/// One named tensor, row-major.
struct NamedTensor {
    std::string name;
    std::vector<std::uint32_t> shape;
    bool trainable = true;  ///< has a gradient
    std::vector<float> values;
    bool held = false;  ///< the optimizer leaves it all the same
};

/// Every tensor of a network, in the order of tensor_specs().
class Parameters {
  public:
    Parameters() = default;
    explicit Parameters(std::vector<NamedTensor> tensors) : tensors_(std::move(tensors)) {}

    const std::vector<NamedTensor>& tensors() const { return tensors_; }
    std::vector<NamedTensor>& tensors() { return tensors_; }
    /// Throws std::out_of_range naming the tensor when there is none of that name.
    const NamedTensor& at(std::string_view name) const;
    NamedTensor& at(std::string_view name);
    /// Where the values are, tensor after tensor.
    std::vector<std::span<float>> places();
    /// Of all that the optimizer moves.
    std::size_t trainable_values() const;
    std::size_t statistic_values() const;

  private:
    std::vector<NamedTensor> tensors_;
};

/// Fresh parameters: weights and biases of conv and dense layers as `start` says, γ 1, β 0 or
/// spread, moving mean 0, moving variance 1. The same seed and start give the same bits on every platform.
Parameters initial_parameters(const Network& network, std::uint64_t seed, const StartValues& start = {});

}  // namespace shadenet
