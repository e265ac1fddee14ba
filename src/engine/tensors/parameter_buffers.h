// The numbers of a network on the device: parameters, their gradients and the moving statistics.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/tensors/weight_blocks.h"
#include "gpu/buffer.h"
#include "gpu/recorder.h"
#include "model/parameters.h"

namespace shadenet {

/// How the weights of convolutions and dense layers lie: as in files [out,in,taps], or in blocks.
enum class WeightLayout { dense, blocks };

/// One buffer has all trainable parameters, and another their gradients in the same places. A third has the
/// moving statistics, which no optimizer changes, and in its second half those of the latest training batch.
/// Every tensor begins where a binding may begin; the gaps between tensors hold zeros, so that vectors can be
/// read in fours. The host gives and takes tensors as files have them. In blocks the weights come after all
/// vectors.
class ParameterBuffers {
  public:
    /// Memory for `parameters`, with their values.
    ParameterBuffers(const Device& device, const Parameters& parameters,
                     WeightLayout layout = WeightLayout::dense);

    WeightLayout layout() const { return layout_; }
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

    /// A run of parameters in all_parameters(), in floats, gaps included.
    struct Run {
        std::uint32_t first = 0, count = 0;
        bool weights = false;  ///< of convolutions and dense layers, which alone decay
    };
    /// All parameters that a step takes one by one: in blocks the weights are not among them.
    const std::vector<Run>& runs() const { return runs_; }

    /// Values that lie as the parameters do, such as an optimizer's moments, in the order of files: as they
    /// lie with dense weights, [file_count()] floats. And back.
    std::uint32_t file_count() const;
    std::vector<float> to_file_order(std::span<const float> values) const;
    std::vector<float> from_file_order(std::span<const float> values) const;

    /// Zeroes the gradients of held tensors: no optimizer then changes these tensors, or keeps moments for
    /// them.
    void hold(Recorder& recorder) const;

    /// Copy to and from the host, and wait. `parameters` has the tensors given at construction.
    void upload(const Parameters& parameters);
    /// How often the host has uploaded: whoever keeps a copy sees that it is old.
    std::uint64_t uploads() const { return uploads_; }
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
        bool weights;
        WeightExtent blocks;        ///< of weights in blocks
        std::uint64_t file_offset;  ///< bytes
        std::uint64_t file_size;
    };
    std::map<std::string, Place> places(const Parameters& parameters) const;
    std::vector<Run> find_runs() const;
    std::uint64_t bytes(bool trainable) const;
    const Place& place(const std::string& name) const;
    bool in_blocks(const Place& place) const { return place.weights && layout_ == WeightLayout::blocks; }
    void copy_from(const Place& place, std::span<const float> held, std::span<float> values) const;

    WeightLayout layout_;
    std::map<std::string, Place> places_;
    std::vector<Run> runs_;
    std::uint64_t uploads_ = 0;
    Buffer parameters_, gradients_, statistics_;
};

}  // namespace shadenet
