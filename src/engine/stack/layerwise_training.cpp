#include "engine/stack/layerwise_training.h"

#include <numeric>
#include <utility>

namespace shadenet {

namespace {

Shape with_images(const Shape& shape, std::uint32_t images) {
    return {images, shape.c, shape.h, shape.w};
}

}  // namespace

LayerwiseTraining::LayerwiseTraining(const Device& device, const Network& network,
                                     ParameterBuffers& parameters, const Tensor& input, const Tensor& target,
                                     std::uint32_t batch)
    : input_(input),
      target_(target),
      plan_(device, network, parameters, with_images(input.shape(), batch), Purpose::training) {
    std::vector<std::uint32_t> order(input.shape().n);
    std::iota(order.begin(), order.end(), 0u);
    batches_ = batches_of(order, batch);
    if (batch < input.shape().n) {
        batch_input_.emplace(device, with_images(input.shape(), batch), "batch of inputs");
        batch_target_.emplace(device, with_images(target.shape(), batch), "batch of targets");
    }
}

void LayerwiseTraining::set_batches(Recorder&, Batches batches) {
    batches_ = std::move(batches);
}

void LayerwiseTraining::step(Recorder& recorder, std::uint32_t step, BufferRange loss) {
    TensorView x = input_.view(), target = target_.view();
    if (batch_input_) {
        const std::vector<std::uint32_t>& batch = batches_[step];
        const auto images = static_cast<std::uint32_t>(batch.size());
        for (std::uint32_t i = 0; i < images; ++i) {
            const std::uint32_t from = batch[i];
            recorder.copy(input_.view().images(from, 1).range(), batch_input_->view().images(i, 1).range());
            recorder.copy(target_.view().images(from, 1).range(), batch_target_->view().images(i, 1).range());
        }
        x = batch_input_->view(images);
        target = batch_target_->view(images);
    }
    plan_.forward(recorder, x, mode_);
    plan_.loss(recorder, target, loss, step);
    plan_.backward(recorder, target);
}

}  // namespace shadenet
