#include "engine/two_layer/batched_tensor.h"

#include <algorithm>
#include <stdexcept>

#include "engine/tensors/linear_threads.h"

namespace shadenet {

namespace {

constexpr std::uint32_t quads_per_thread = 16;  // E of the shader

/// Cuts `images` into runs that the device can bind.
std::vector<ImageChunk> bindable_images(const Device& device, const TensorView& images) {
    const std::uint64_t bytes = images.images(0, 1).range().size;
    const std::uint64_t most = std::max<std::uint64_t>(device.info().max_storage_range / bytes, 1);
    std::vector<ImageChunk> chunks;
    for (std::uint64_t first = 0; first < images.shape.n; first += most) {
        chunks.push_back({static_cast<std::uint32_t>(first),
                          static_cast<std::uint32_t>(std::min<std::uint64_t>(most, images.shape.n - first))});
    }
    return chunks;
}

}  // namespace

BatchedTensor::BatchedTensor(const Device& device, const Shape& all, std::uint32_t largest_batch,
                             const std::string& name, bool any_order)
    : all_(device, all, name) {
    if (largest_batch >= all.n && !any_order) return;
    gathered_.emplace(Gathered{
        {device, {largest_batch, all.c, all.h, all.w}, "batch of " + name},
        {device, largest_batch * sizeof(std::uint32_t), "numbers of " + name},
        {device, "fused_gather", {"all", "chosen", "batch"}, {}, light_local_size},
    });
}

void BatchedTensor::choose(Recorder& recorder, std::span<const std::uint32_t> examples) {
    count_ = static_cast<std::uint32_t>(examples.size());
    if (examples.empty()) return;
    first_ = examples.front();
    if (gathered_)
        return recorder.write(gathered_->chosen.range(0, examples.size_bytes()), std::as_bytes(examples));
    for (std::uint32_t i = 0; i < count_; ++i) {
        if (examples[i] != first_ + i) {
            throw std::invalid_argument("all examples in one batch stay in their order");
        }
    }
}

TensorView BatchedTensor::gather(Recorder& recorder) const {
    if (!gathered_) return all_.view().images(first_, count_);
    const TensorView all = all_.view(), batch = gathered_->batch.view(count_);
    const std::uint32_t quads = all.image_stride / (quad_bytes / sizeof(float));
    for (const ImageChunk& to : bindable_images(recorder.device(), batch)) {
        for (const ImageChunk& from : bindable_images(recorder.device(), all)) {
            gathered_->gather(recorder,
                              {{"all", all.images(from.first, from.count).range()},
                               {"chosen", gathered_->chosen.whole()},
                               {"batch", batch.images(to.first, to.count).range()}},
                              {.quads = quads,
                               .images = to.count,
                               .first_image = to.first,
                               .examples = from.count,
                               .first_example = from.first},
                              linear_threads(std::uint64_t{to.count} * row_threads(quads, quads_per_thread)));
        }
    }
    return batch;
}

}  // namespace shadenet
