#include "engine/stack/tensor_batches.h"

#include <utility>

namespace shadenet {

TensorBatches::TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch)
    : input_(device, with_images(examples.input_shape(), examples.size()), largest_batch, "inputs"),
      target_(device, with_images(examples.target_shape(), examples.size()), largest_batch, "targets") {
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        input_.all().upload(examples.input(i), i);
        target_.all().upload(examples.target(i), i);
    }
}

void TensorBatches::set_batches(Recorder&, Batches batches) {
    batches_ = std::move(batches);
}

Batch TensorBatches::batch(Recorder& recorder, std::uint32_t step) {
    return {input_.batch(recorder, batches_[step]), target_.batch(recorder, batches_[step])};
}

}  // namespace shadenet
