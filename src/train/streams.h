// Pairs of several kinds in one run: the batches of an epoch, each of one kind, and the statistics that every
// kind keeps for itself.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/parameter_buffers.h"
#include "engine/training_plan.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// The steps of an epoch.
struct EpochBatches {
    Batches pairs;                       ///< [step] numbers of the data set's pairs
    std::vector<std::uint32_t> streams;  ///< [step] the stream they are of
};

// `sizes`: pairs of each stream, which lie one after the other in the data set. `batch`: pairs of a step; 0:
// all of a stream.

/// The most pairs that one step has.
std::uint32_t largest_batch(std::span<const std::uint32_t> sizes, std::uint32_t batch);
std::uint32_t steps_of_epoch(std::span<const std::uint32_t> sizes, std::uint32_t batch);

/// A function of seed and epoch: the pairs of each stream in random order and cut into batches, and then the
/// batches of all streams in random order. All pairs of a stream in one batch stay in the data set's order:
/// their sum is the same in any.
EpochBatches epoch_batches(std::span<const std::uint32_t> sizes, std::uint32_t batch, std::uint64_t seed,
                           std::uint32_t epoch);

/// The moving statistics of all streams on the device. Those of one lie in the parameter buffers, where the
/// plans use and move them; the others' are kept here meanwhile.
class StreamStatistics {
  public:
    /// All streams begin with the statistics that `parameters` has, and the first is in place.
    StreamStatistics(const Device& device, const ParameterBuffers& parameters, std::uint32_t streams);

    /// Puts the statistics of a stream in place, and keeps those that were there.
    void select(Recorder& recorder, std::uint32_t stream);

  private:
    BufferRange in_place() const;

    const ParameterBuffers& parameters_;
    std::vector<Buffer> kept_;  ///< none where there is one stream
    std::uint32_t selected_ = 0;
};

}  // namespace shadenet
