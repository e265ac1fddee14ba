#include "engine/learning/batch.h"

#include <stdexcept>

namespace shadenet {

BatchedTensor::BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                             const std::string& name)
    : all_(device, all, name) {
    if (largest_batch >= all.n) return;
    gathered_.emplace(device, Shape{largest_batch, all.c, all.h, all.w}, "batch of " + name);
}

TensorView BatchedTensor::batch(Recorder& recorder, std::span<const std::uint32_t> examples) const {
    const auto count = static_cast<std::uint32_t>(examples.size());
    const auto in_place = [&](std::uint32_t i) { return examples[i] == examples[0] + i; };
    std::uint32_t together = 1;
    while (together < count && in_place(together)) ++together;
    if (together == count) return all_.view().images(examples[0], count);
    if (!gathered_) throw std::invalid_argument("all examples in one batch stay in their order");
    const TensorView gathered = gathered_->view(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        recorder.copy(all_.view().images(examples[i], 1).range(), gathered.images(i, 1).range());
    }
    return gathered;
}

}  // namespace shadenet
