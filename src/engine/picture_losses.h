// The losses of a network on whole pictures of any sizes.
#pragma once

#include <memory>
#include <vector>

#include "data/picture_set.h"
#include "engine/picture_filter.h"
#include "model/network.h"
#include "model/parameters.h"

namespace shadenet {

/// Inference tile by tile: what it takes of the device does not grow with the pictures.
class PictureLosses {
  public:
    /// The references must outlive it.
    PictureLosses(const Device& device, const Network& network, const PictureSet& pictures)
        : device_(device), network_(network), pictures_(pictures) {}

    /// The mean squared error of each pair, of values 0..1 that are not clamped, by the moving statistics.
    /// Waits. Throws as PictureFilter does.
    std::vector<double> losses(const Parameters& parameters);

  private:
    const Device& device_;
    Network network_;
    const PictureSet& pictures_;
    /// Of the latest parameters: what is compiled for it serves the next.
    std::unique_ptr<PictureFilter> filter_;
};

/// The mean over all values of two pictures of one size. Throws std::invalid_argument for others.
double mean_squared_difference(const Image& one, const Image& other);

}  // namespace shadenet
