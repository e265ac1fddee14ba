#include "gpu/kept_pipelines.h"

namespace shadenet {

const ComputePipeline& KeptPipelines::get(const std::string& key,
                                          const std::function<ComputePipeline()>& make) {
    std::unique_lock lock(mutex_);
    Entry& entry = entries_[key];
    lock.unlock();
    const std::lock_guard turn(entry.mutex);
    if (!entry.pipeline) entry.pipeline = make();
    return *entry.pipeline;
}

}  // namespace shadenet
