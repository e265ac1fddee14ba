#include "engine/layerwise_training.h"

#include <algorithm>
#include <numeric>
#include <utility>

namespace shadenet {

namespace {

Shape with_images(const Shape& shape, std::uint32_t images) {
    return {images, shape.c, shape.h, shape.w};
}

}  // namespace

LayerwiseTraining::LayerwiseTraining(const Device& device, const Architecture& architecture,
                                     ParameterBuffers& parameters, const Tensor& input, const Tensor& target,
                                     std::uint32_t batch)
    : input_(input),
      target_(target),
      batch_(batch),
      plan_(device, architecture, parameters, with_images(input.shape(), batch), Purpose::training),
      order_(input.shape().n) {
    std::iota(order_.begin(), order_.end(), 0u);
    if (batch < input.shape().n) {
        batch_input_.emplace(device, with_images(input.shape(), batch), "batch of inputs");
        batch_target_.emplace(device, with_images(target.shape(), batch), "batch of targets");
    }
}

void LayerwiseTraining::set_order(Recorder&, std::vector<std::uint32_t> order) {
    order_ = std::move(order);
}

void LayerwiseTraining::step(Recorder& recorder, std::uint32_t step, BufferRange loss) {
    TensorView x = input_.view(), target = target_.view();
    if (batch_input_) {
        const std::uint32_t first = step * batch_;
        const std::uint32_t images = std::min(batch_, static_cast<std::uint32_t>(order_.size()) - first);
        for (std::uint32_t i = 0; i < images; ++i) {
            const std::uint32_t from = order_[first + i];
            recorder.copy(input_.view().images(from, 1).range(), batch_input_->view().images(i, 1).range());
            recorder.copy(target_.view().images(from, 1).range(), batch_target_->view().images(i, 1).range());
        }
        x = batch_input_->view(images);
        target = batch_target_->view(images);
    }
    plan_.forward(recorder, x, Mode::training);
    plan_.loss(recorder, target, loss, step);
    plan_.backward(recorder, target);
}

}  // namespace shadenet
