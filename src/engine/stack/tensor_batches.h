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

    void set_batches(Recorder& recorder, Batches batches) override;
    Batch batch(Recorder& recorder, std::uint32_t step) override;

  private:
    const Device& device_;
    BatchedTensor input_;
    std::optional<BatchedTensor> target_;
    std::vector<std::uint32_t> labels_;   ///< of all examples
    std::optional<Buffer> batch_labels_;  ///< of all batches, each where a binding may begin
    std::uint64_t label_stride_ = 0;      ///< bytes from one batch to the next
    Batches batches_;
};

}  // namespace shadenet
