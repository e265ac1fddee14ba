// Examples as the layers of a network read them: dense tensors [n,c,h,w].
#pragma once

#include <utility>

#include "data/examples.h"
#include "engine/learning/batch.h"

namespace shadenet {

class TensorBatches : public BatchSource {
  public:
    /// Uploads all examples, for batches of up to `largest_batch` of them.
    TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch)
        : input_(device, with_images(examples.input_shape(), examples.size()), largest_batch, "inputs"),
          target_(device, with_images(examples.target_shape(), examples.size()), largest_batch, "targets") {
        for (std::uint32_t i = 0; i < examples.size(); ++i) {
            input_.all().upload(examples.input(i), i);
            target_.all().upload(examples.target(i), i);
        }
    }

    void set_batches(Recorder&, Batches batches) override { batches_ = std::move(batches); }
    Batch batch(Recorder& recorder, std::uint32_t step) override {
        return {input_.batch(recorder, batches_[step]), target_.batch(recorder, batches_[step])};
    }

  private:
    BatchedTensor input_, target_;
    Batches batches_;
};

}  // namespace shadenet
