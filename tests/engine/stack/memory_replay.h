// The passes of a step over the memory that is planned for them, without a device.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "engine/stack/memory_plan.h"

namespace shadenet::test {

/// Notes who wrote to which bytes last, and what finds its tensor overwritten, or never written.
class MemoryReplay {
  public:
    /// Runs a training step.
    MemoryReplay(const MemoryNeeds& needs, const MemoryPlan& plan);

    /// Empty if every pass finds what it reads.
    const std::string& problem() const { return problem_; }

  private:
    /// Bytes that hold a tensor.
    struct Held {
        TensorName name;
        std::size_t block;
        std::uint64_t first, end;
    };

    void forward(std::size_t index);
    void backward(std::size_t index);
    void write(TensorName name);
    void read(TensorName name);
    void write_gradient(std::size_t point);
    void read_backward(std::size_t point);
    TensorName gradient(std::size_t point) const {
        return {TensorUse::gradient, plan_.layout.gradient_of.at(point)};
    }
    Held bytes_of(TensorName name) const;

    const MemoryNeeds& needs_;
    const MemoryPlan& plan_;
    std::vector<Held> held_;
    std::set<std::size_t> begun_;  ///< points whose gradients have a part
    std::string pass_, problem_;
};

}  // namespace shadenet::test
