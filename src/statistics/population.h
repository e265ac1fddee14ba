// Measures the mean and variance of a batch norm's input over a set of whole pictures. The moving statistics
// only approximate them: they come from batches of training, and from earlier weights.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "data/examples.h"
#include "gpu/device.h"
#include "group/shared_work.h"
#include "model/named_statistics.h"
#include "model/network.h"
#include "model/parameters.h"
#include "statistics/picture_source.h"

namespace shadenet {

struct Population {
    NamedStatistics statistics;  ///< without a name
    std::size_t pictures = 0;    ///< that were read
    std::uint64_t pixels = 0;    ///< of all these pictures together
};

/// Picture `picture` of `pictures` is done for norm `norm` of `norms`, all counted from 0. `pictures`
/// includes unreadable ones.
struct PopulationProgress {
    std::string name;  ///< of the norm
    std::size_t norm, norms, picture, pictures;
};

struct PopulationOptions {
    std::function<void(const PopulationProgress&)> on_picture{};
    const std::atomic<bool>* stop = nullptr;  ///< ends the work soon after it becomes true
    SharedWork* work = nullptr;  ///< of the ranks that measure together; null: one process does all
    std::uint32_t tile = 512;    ///< pixels high and wide that go to the device at once, at most; 1 to 512
};

/// Mean and biased variance of every norm's input per channel, over all pixels of all pictures with equal
/// weight. A norm's input is the output of the layers before it for whole pictures in inference, with the
/// network's padding at the borders, and of continued pictures with what it sees around them; and with the
/// new statistics of earlier norms: the pictures are read anew for every norm. Sums are in float64, centred,
/// in a fixed order: the same pictures in the same order give the same bits on a device. The moving
/// statistics in `parameters` have no effect. Ranks that measure together take the pictures by turns, and
/// merge the sums of all in the order of the pictures: the bits are those of one process.
///
/// Empty if it was stopped, or has failed on another rank. Throws InputError for a network without a norm, or
/// with layers before a norm that do not keep a picture's size; WorkError when no picture can be read, when
/// the pictures change meanwhile, or when a float cannot hold the statistics; and what the device throws.
std::optional<Population> measure_population(const Device& device, const Network& network,
                                             const Parameters& parameters, PictureSource& pictures,
                                             const PopulationOptions& options = {});

/// The same of a classifier, or of any other network whose pictures all have the shape of these examples:
/// measured on the device in batches, which are merged in float64, and which ranks take by turns. `tile` has
/// no meaning. Empty if it was stopped, or has failed on another rank. Throws WorkError where the statistics
/// are not finite, and what the device throws.
std::optional<Population> measure_population(const Device& device, const Network& network,
                                             const Parameters& parameters, const Examples& examples,
                                             const PopulationOptions& options = {});

}  // namespace shadenet
