// Examples as the stack plan reads them: dense tensors [n,c,h,w], and labels.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "data/examples.h"
#include "engine/learning/batch.h"

namespace shadenet {

class TensorBatches : public BatchSource {
  public:
    /// Uploads all examples, for batches of up to `largest_batch` of them. With `labels` a target is one
    /// value, the number of its class.
    TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch, bool labels);

    void set_batches(Batches batches) override { batches_ = std::move(batches); }
    void choose(Recorder& recorder, std::uint32_t step) override;
    Batch gather(Recorder& recorder) override;

  private:
    BatchedTensor input_;
    std::optional<BatchedTensor> target_;
    std::vector<std::uint32_t> labels_;  ///< of all examples
    Buffer batch_labels_;                ///< of the chosen ones
    Batches batches_;
    std::uint32_t chosen_ = 0;  ///< how many
};

}  // namespace shadenet
