// What a batch norm's moving statistics stand for, measured: the mean and variance of its input over a set of
// pictures as they are, where the moving ones remember the batches of training, and weights that have
// changed.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "gpu/device.h"
#include "model/named_statistics.h"
#include "model/network.h"
#include "model/parameters.h"
#include "statistics/picture_source.h"

namespace shadenet {

struct Population {
    NamedStatistics statistics;  ///< without a name
    std::size_t pictures = 0;    ///< those that were read
    std::uint64_t pixels = 0;    ///< of all of them together
};

/// A picture is done: `norm` of `norms` and `picture` of `pictures`, counted from 0, `pictures` being all
/// that the source has.
struct PopulationProgress {
    std::string name;  ///< the norm's
    std::size_t norm, norms, picture, pictures;
};

struct PopulationOptions {
    std::function<void(const PopulationProgress&)> on_picture{};
    const std::atomic<bool>* stop = nullptr;  ///< ends the work soon after it is true
    std::uint32_t tile = 512;  ///< pixels high and wide that go to the device at once, at most; 1 to 512
};

/// Mean and biased variance of every norm's input per channel, over all pixels of all pictures, each pixel
/// counting alike. A norm's input is what the layers before it make of whole pictures in inference, zero
/// padding at their borders included, with the earlier norms' new statistics in place: norm by norm, the
/// pictures are gone through anew. Sums are in float64, centred, in a fixed order: the same pictures in the
/// same order give the same bits on a device. Of the moving statistics in `parameters` nothing remains.
///
/// None when it was stopped. Throws InputError for an network without a norm, or with layers before one
/// that do not keep a picture's size; WorkError when no picture can be read, the pictures change meanwhile,
/// or statistics come out that a float cannot hold; and what the device throws.
std::optional<Population> measure_population(const Device& device, const Network& network,
                                             const Parameters& parameters, PictureSource& pictures,
                                             const PopulationOptions& options = {});

}  // namespace shadenet
