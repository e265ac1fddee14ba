// Examples of noise, for any network.
#pragma once

#include <cstdint>
#include <vector>

#include "data/examples.h"
#include "engine/learning/loss.h"
#include "model/network.h"

namespace shadenet {

/// Of noise and of parameters.
inline constexpr std::uint64_t bench_seed = 1;

/// The network makes pictures of 3 channels of such of any size, as `apply` wants it.
bool filters_pictures(const Network& network);

/// Values of whole 255ths of the network's range: the time does not depend on what they show, but on how many
/// bits do. A network that makes one pixel of several channels, and filters no pictures, gets random labels
/// and learns by the cross-entropy, any other noise of its result's shape and the mean squared error.
class Noise : public Examples {
  public:
    /// `input`: the shape of all inputs. Throws InputError when the layers do not fit it.
    Noise(const Network& network, const Shape& input);

    bool has_labels() const { return has_labels_; }
    const LossKind& loss() const { return has_labels_ ? cross_entropy : mean_squared_error; }

    bool whole_levels() const override { return range_.is_unit(); }
    std::vector<float> input(std::uint32_t index) const override;
    std::vector<float> target(std::uint32_t index) const override;

  private:
    Noise(const Network& network, const Shape& input, const Shape& result, bool labels);
    std::vector<float> values(const Shape& shape, std::uint32_t stream) const;

    PixelRange range_;
    Shape result_;
    bool has_labels_;
};

}  // namespace shadenet
