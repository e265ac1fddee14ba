#include "engine/stack/stack_points.h"

#include <utility>

namespace shadenet {

namespace {

constexpr std::uint32_t not_a_number = 0x7fc00000;

}  // namespace

StackPoints::StackPoints(const Device& device, MemoryPlan plan) : plan_(std::move(plan)) {
    for (const PlannedTensor& tensor : plan_.tensors) {
        require_countable(tensor.shape, "feature maps");
        require_bindable(device, tensor.text, tensor.image_bytes, tensor.shape.plane() == 1);
    }
    for (const std::uint64_t bytes : plan_.blocks) blocks_.emplace_back(device, bytes, "feature maps");
}

std::optional<Shape> StackPoints::target_shape() const {
    const auto target = plan_.where.find({TensorUse::target, plan_.layout.shapes.size() - 1});
    if (target == plan_.where.end()) return {};
    return plan_.tensors[target->second].shape;
}

PackedView StackPoints::packed(TensorName name) const {
    const PlannedTensor& tensor = plan_.tensors[plan_.where.at(name)];
    return {&blocks_[tensor.place.block], plan_.offset(tensor, share_), with_images(tensor.shape, images_)};
}

TensorView StackPoints::planar(std::size_t point) const {
    const PlannedTensor& tensor = plan_.tensors[plan_.where.at({TensorUse::planar, 0})];
    return {&blocks_[tensor.place.block], plan_.offset(tensor, share_), with_images(shape(point), images_),
            static_cast<std::uint32_t>(image_bytes(shape(point)) / sizeof(float))};
}

void StackPoints::poison_after(Recorder& recorder, std::size_t step) const {
    for (const PlannedTensor& tensor : plan_.tensors) {
        if (tensor.life.last != step) continue;
        const Buffer& block = blocks_[tensor.place.block];
        recorder.fill(block.range(tensor.place.offset, tensor.life.bytes), not_a_number);
    }
}

void StackPoints::poison(Recorder& recorder) const {
    for (const Buffer& block : blocks_) recorder.fill(block.whole(), not_a_number);
}

}  // namespace shadenet
