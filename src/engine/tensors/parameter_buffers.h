// The numbers of a network on the device: parameters, their gradients and the moving statistics.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/parameters.h"

namespace shadenet {

/// One buffer has all trainable parameters, and another their gradients in the same places, so that one call
/// steps them all. A third has the moving statistics, which no optimizer changes, and in its second half
/// those of the latest training batch. Every tensor begins where a binding may begin; the gaps between
/// tensors hold zeros.
class ParameterBuffers {
  public:
    /// Memory for `parameters`, with their values.
    ParameterBuffers(const Device& device, const Parameters& parameters);

    /// The values of a parameter or a statistic. Throws std::out_of_range naming the tensor.
    BufferRange values(const std::string& name) const;
    /// The latest training batch's own value of a moving statistic; zeros before the first batch.
    BufferRange batch_statistic(const std::string& name) const;
    /// The gradient of a parameter.
    BufferRange gradient(const std::string& name) const;

    /// The floats of all parameters, gaps included.
    std::uint32_t count() const { return static_cast<std::uint32_t>(parameters_.bytes() / sizeof(float)); }
    BufferRange all_parameters() const { return parameters_.whole(); }
    BufferRange all_gradients() const { return gradients_.whole(); }
    BufferRange all_statistics() const { return statistics_.whole(); }
    /// The distance from a moving statistic to the batch's own in all_statistics(), in floats.
    std::uint32_t to_batch_statistics() const {
        return static_cast<std::uint32_t>(statistics_.bytes() / sizeof(float) / 2);
    }

    /// Zeroes the gradients of held tensors: no optimizer then changes these tensors, or keeps moments for
    /// them.
    void hold(Recorder& recorder) const;

    /// Copy to and from the host, and wait. `parameters` has the tensors given at construction.
    void upload(const Parameters& parameters) const;
    void download(Parameters& parameters) const;
    /// The gradients, in tensors of the same names; statistics are left alone.
    void download_gradients(Parameters& gradients) const;
    /// The batch's statistics, in tensors of the moving ones' names; parameters are left alone.
    void download_batch_statistics(Parameters& statistics) const;

  private:
    struct Place {
        bool trainable;
        std::uint64_t offset, size;  ///< bytes
        bool held;
    };
    static std::map<std::string, Place> places(const Parameters& parameters);
    static std::uint64_t bytes(const std::map<std::string, Place>& places, bool trainable);
    const Place& place(const std::string& name) const;

    std::map<std::string, Place> places_;
    Buffer parameters_, gradients_, statistics_;
};

}  // namespace shadenet
