#include "gpu/kept_pipelines.h"

namespace shadenet {

std::shared_ptr<const ComputePipeline> KeptPipelines::get(const std::string& key,
                                                          const std::function<ComputePipeline()>& make) {
    const std::shared_ptr<Entry> entry = entry_of(key);
    const std::lock_guard turn(entry->mutex);
    if (!entry->pipeline) entry->pipeline = std::make_shared<const ComputePipeline>(make());
    return entry->pipeline;
}

std::shared_ptr<KeptPipelines::Entry> KeptPipelines::entry_of(const std::string& key) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Entry>& entry = entries_[key];
    if (!entry) entry = std::make_shared<Entry>();
    entry->asked = ++asked_;
    const std::shared_ptr<Entry> kept = entry;
    while (entries_.size() > most_ && forget_one()) {
    }
    return kept;
}

/// False where all are in use.
bool KeptPipelines::forget_one() {
    auto oldest = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
        if (it->second.use_count() > 1) continue;  // a thread is in get() with it
        const std::lock_guard turn(it->second->mutex);
        if (it->second->pipeline.use_count() > 1) continue;
        if (oldest == entries_.end() || it->second->asked < oldest->second->asked) oldest = it;
    }
    if (oldest == entries_.end()) return false;
    entries_.erase(oldest);
    return true;
}

}  // namespace shadenet
