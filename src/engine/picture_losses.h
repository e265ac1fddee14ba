// The losses of a network on whole pictures of any sizes.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "data/picture_set.h"
#include "engine/picture_filter.h"
#include "image/image.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// The squared errors of pictures, in sum, and over how many values.
struct SquaredErrors {
    double sum = 0, values = 0;

    void add(const SquaredErrors& more);
    /// Over pixels and colours; NaN without a pixel.
    double mean() const { return sum / values; }
};
/// The errors of a picture's inner pixels: pixels that are `radius` or more away from every edge. With a
/// radius of 0 all pixels are inner ones. Throws std::invalid_argument for pictures of different sizes.
SquaredErrors squared_errors(const Image& result, const Image& target, std::uint32_t radius = 0);

/// Inference tile by tile: what it takes of the device does not grow with the pictures.
class PictureLosses {
  public:
    /// The references must outlive it.
    PictureLosses(const Device& device, const Network& network, const PictureSet& pictures)
        : device_(device),
          network_(network),
          pictures_(pictures),
          own_(pictures.shares().own_before(pictures.size())) {}

    /// The mean squared error of each pair of this rank's shares, of values 0..1 that are not clamped, by the
    /// moving statistics. Waits. Throws as PictureFilter does.
    std::vector<double> losses(const Parameters& parameters);

  private:
    const Device& device_;
    Network network_;
    const PictureSet& pictures_;
    std::vector<std::uint32_t> own_;
    /// Of the latest parameters: what is compiled for it serves the next.
    std::unique_ptr<PictureFilter> filter_;
};

}  // namespace shadenet
