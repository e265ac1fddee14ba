// The compute pipelines of a device, which are kept until it is closed: drivers take long to compile a
// shader, and runs that follow each other on one device use the same ones.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "gpu/pipeline_parts.h"

namespace shadenet {

struct ComputePipeline {
    PipelineLayout layout;
    Pipeline pipeline;
};

class KeptPipelines {
  public:
    /// What `make` has once returned for this key; when it throws, nothing is kept. Threads that ask for the
    /// same one wait for it, and those that ask for different ones make them at the same time.
    const ComputePipeline& get(const std::string& key, const std::function<ComputePipeline()>& make);

  private:
    struct Entry {
        std::mutex mutex;
        std::optional<ComputePipeline> pipeline;
    };

    std::mutex mutex_;
    std::map<std::string, Entry> entries_;
};

}  // namespace shadenet
