// Examples as the layers of a network read them: dense tensors [n,c,h,w].
#pragma once

#include "data/examples.h"
#include "engine/learning/batch.h"

namespace shadenet {

class TensorBatches : public BatchSource {
  public:
    /// Uploads all examples, for batches of up to `largest_batch` of them.
    TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch);

    void set_batches(Recorder& recorder, Batches batches) override;
    Batch batch(Recorder& recorder, std::uint32_t step) override;

  private:
    BatchedTensor input_, target_;
    Batches batches_;
};

}  // namespace shadenet
