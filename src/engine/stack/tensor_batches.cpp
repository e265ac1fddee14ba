#include "engine/stack/tensor_batches.h"

#include <algorithm>

namespace shadenet {

TensorBatches::TensorBatches(const Device& device, const Examples& examples, std::uint32_t largest_batch,
                             bool labels)
    : device_(device),
      input_(device, with_images(examples.input_shape(), examples.size()), largest_batch, "inputs"),
      label_stride_(align_up(largest_batch * sizeof(std::uint32_t))) {
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

void TensorBatches::set_batches(Recorder& recorder, Batches batches) {
    batches_ = std::move(batches);
    if (target_) return;
    std::vector<std::uint32_t> words(label_stride_ / sizeof(std::uint32_t) * batches_.size(), 0);
    for (std::size_t step = 0; step < batches_.size(); ++step) {
        std::ranges::transform(
            batches_[step],
            words.begin() + static_cast<std::ptrdiff_t>(step * label_stride_ / sizeof(std::uint32_t)),
            [&](std::uint32_t example) { return labels_[example]; });
    }
    recorder.finish();
    const std::uint64_t bytes = words.size() * sizeof(std::uint32_t);
    if (!batch_labels_ || batch_labels_->bytes() < bytes) batch_labels_.emplace(device_, bytes, "labels");
    batch_labels_->upload(std::span<const std::uint32_t>(words));
}

Batch TensorBatches::batch(Recorder& recorder, std::uint32_t step) {
    Batch batch{.input = input_.batch(recorder, batches_[step])};
    if (target_) {
        batch.target = target_->batch(recorder, batches_[step]);
    } else {
        batch.labels =
            batch_labels_->range(step * label_stride_, batches_[step].size() * sizeof(std::uint32_t));
    }
    return batch;
}

}  // namespace shadenet
