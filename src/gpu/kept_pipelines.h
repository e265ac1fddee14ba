// The compute pipelines of a device, which are kept for a while when nobody uses them any more: drivers take
// long to compile a shader, and runs that follow each other on one device use the same ones.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "gpu/pipeline_parts.h"

namespace shadenet {

struct ComputePipeline {
    PipelineLayout layout;
    Pipeline pipeline;
};

class KeptPipelines {
  public:
    /// Where there are more than `most` pipelines, unused ones are destroyed, beginning with the pipeline
    /// whose latest get() lies furthest back. A run of a deep network takes some dozens.
    explicit KeptPipelines(std::size_t most = 256) : most_(most) {}

    /// The pipeline that `make` has returned for this key; when `make` throws, nothing is kept. Threads that
    /// ask for one key wait for each other, and threads with different keys make their pipelines at the same
    /// time.
    std::shared_ptr<const ComputePipeline> get(const std::string& key,
                                               const std::function<ComputePipeline()>& make);

  private:
    struct Entry {
        std::mutex mutex;
        std::shared_ptr<const ComputePipeline> pipeline{};
        std::uint64_t asked = 0;  ///< the number of the latest time
    };

    std::shared_ptr<Entry> entry_of(const std::string& key);
    bool forget_one();

    const std::size_t most_;
    std::mutex mutex_;
    std::uint64_t asked_ = 0;
    std::map<std::string, std::shared_ptr<Entry>> entries_;
};

}  // namespace shadenet
