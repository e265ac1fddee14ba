// A network's output at single pixels, in float64 on the host: what a device's result can be checked by.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// One pixel of the output, not clamped, channel by channel.
struct ExactPixel {
    std::vector<double> values;
    /// The same sums with every summand's absolute value. Float32 is off by a small multiple of these,
    /// however much of a sum cancels.
    std::vector<double> magnitudes;
};

/// Inference with the moving statistics of any network that keeps a picture's size. Its functions may run in
/// several threads at once.
class ExactNetwork {
  public:
    /// Throws InputError for a network that changes a picture's size or whose layers do not fit, and
    /// std::out_of_range when `parameters` lacks a tensor.
    ExactNetwork(const Network& network, const Parameters& parameters);

    /// A value of the picture, in 0..1 as the result is, whatever the network's range; called for places
    /// inside the picture only.
    using Source = std::function<double(std::uint32_t channel, std::uint32_t row, std::uint32_t column)>;
    /// The pixel at `row` and `column` of a picture of `height` × `width`. Computes of every layer no more
    /// than what this pixel depends on.
    ExactPixel at(const Source& picture, std::uint32_t height, std::uint32_t width, std::uint32_t row,
                  std::uint32_t column) const;

    /// Products that at() takes, away from the picture's border.
    std::uint64_t products() const;

  private:
    /// A layer with its numbers. Convolution: weight [out,in,k,k] and bias. Norm: weight is what it
    /// multiplies with, bias what it adds then, and mean what it subtracts first.
    struct Step {
        Layer layer;
        std::vector<double> weight, bias, mean;
    };
    static Step step(const Layer& layer, const Parameters& parameters);

    ExactPixel within(const Source& picture, std::uint32_t height, std::uint32_t width, std::uint32_t row,
                      std::uint32_t column) const;

    std::uint32_t in_channels_;
    PixelRange range_;
    PicturePadding padding_;
    std::uint32_t margin_;  ///< what the network sees around continued pictures
    std::vector<Step> steps_;
    std::vector<std::uint32_t> radii_;  ///< of every point, how far around the pixel it is needed
};

}  // namespace shadenet
