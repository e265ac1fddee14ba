#include "engine/stack/tensor_batches.h"

#include <span>

namespace shadenet {

TensorBatches::TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch,
                             bool labels)
    : input_(device, with_images(examples.input_shape(), examples.size()), largest_batch, "inputs"),
      batch_labels_(device, largest_batch * sizeof(std::uint32_t), "labels") {
    if (!labels) {
        target_.emplace(device, with_images(examples.target_shape(), examples.size()), largest_batch,
                        "targets");
    }
    for (std::uint32_t i = 0; i < examples.size(); ++i) {
        input_.all().upload(examples.input(i), i);
        const std::vector<float> target = examples.target(i);
        if (labels) {
            labels_.push_back(static_cast<std::uint32_t>(target.front()));
        } else {
            target_->all().upload(target, i);
        }
    }
}

void TensorBatches::choose(Recorder& recorder, std::uint32_t step) {
    const std::vector<std::uint32_t>& examples = batches_[step];
    chosen_ = static_cast<std::uint32_t>(examples.size());
    input_.choose(recorder, examples);
    if (target_) return target_->choose(recorder, examples);
    std::vector<std::uint32_t> labels;
    for (const std::uint32_t example : examples) labels.push_back(labels_[example]);
    recorder.write(batch_labels_.range(0, chosen_ * sizeof(std::uint32_t)), std::as_bytes(std::span(labels)));
}

Batch TensorBatches::gather(Recorder& recorder) {
    Batch batch{.input = input_.gather(recorder)};
    if (target_) {
        batch.target = target_->gather(recorder);
    } else {
        batch.labels = batch_labels_.range(0, chosen_ * sizeof(std::uint32_t));
    }
    return batch;
}

}  // namespace shadenet
