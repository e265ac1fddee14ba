// Everything that a run learns, on the device.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/learning/optimizer.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"
#include "group/group.h"
#include "model/named_statistics.h"
#include "model/parameters.h"
#include "train/checkpoint.h"
#include "train/domain_statistics.h"

namespace shadenet {

/// Parameters, the moving statistics of each domain, and the optimizer's moments. What is read or written
/// here waits for the recorder.
class TrainedValues {
  public:
    /// `layout`: that of the plan which trains them. `domains`: the names of those that have one; a run with
    /// fewer than two has one domain.
    TrainedValues(const Device& device, const Parameters& initial, const OptimizerOptions& optimizer,
                  std::vector<std::string> domains, WeightLayout layout);

    /// With the moving statistics of a domain.
    Parameters download(Recorder& recorder, std::uint32_t domain = 0);
    /// The statistics of the batch that was last, in place of the moving ones.
    Parameters batch_statistics() const;
    /// Of all domains that have a name.
    std::vector<NamedStatistics> download_statistics(Recorder& recorder);
    /// Fills in what a checkpoint holds of these values, and takes it back.
    void save(Recorder& recorder, Checkpoint& checkpoint);
    void restore(Recorder& recorder, const Checkpoint& checkpoint);
    /// Gives all ranks those of rank 0. All call it together.
    void share(Recorder& recorder, Group& group);

    ParameterBuffers parameters;
    DomainStatistics statistics;
    OptimizerKernels optimizer;

  private:
    void upload(Recorder& recorder, std::uint32_t domain, const Parameters& values);

    Parameters names_;  ///< the tensors; the values are on the device
    std::vector<std::string> domains_;
};

}  // namespace shadenet
