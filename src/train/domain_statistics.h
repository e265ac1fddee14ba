// The moving statistics that each domain keeps for itself.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/tensors/parameter_buffers.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"

namespace shadenet {

/// The moving statistics of all domains on the device. Those of one lie in the parameter buffers, where the
/// plans use and move them; the others' are kept here meanwhile.
class DomainStatistics {
  public:
    /// All domains begin with the statistics that `parameters` has, and those of the first are in place.
    DomainStatistics(const Device& device, const ParameterBuffers& parameters, std::uint32_t domains);

    /// Puts the statistics of a domain in place, and keeps those that were there.
    void select(Recorder& recorder, std::uint32_t domain);

  private:
    BufferRange in_place() const;

    const ParameterBuffers& parameters_;
    std::vector<Buffer> kept_;  ///< none where there is one domain
    std::uint32_t selected_ = 0;
};

}  // namespace shadenet
