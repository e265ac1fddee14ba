#include "engine/stack/layerwise.h"

#include <variant>

#include <fmt/format.h>

namespace shadenet {

LayerwisePlan::LayerwisePlan(const Device& device, const Network& network, ParameterBuffers& parameters,
                             const Shape& largest_input, Purpose purpose, const LossKind& loss)
    : network_(network),
      shapes_(point_shapes(network, largest_input)),
      reducer_(device),
      skip_(device),
      loss_(loss.make(device, reducer_, shapes_.back())) {
    points_.resize(shapes_.size());
    gradients_.resize(shapes_.size());
    gradient_of_.resize(shapes_.size());
    biases_.resize(network_.layers.size());
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
        make_layer(i, {device, reducer_, parameters, shapes_[i], bias_path(network_, i)}, purpose);
    }
    if (purpose == Purpose::training) {
        make_gradients(device);
        reducer_.allocate();
    }
}

void LayerwisePlan::make_layer(std::size_t index, const LayerContext& context, Purpose purpose) {
    const Layer& layer = network_.layers[index];
    layers_.push_back(std::visit([&](const auto& kind) { return make_kernels(context, kind); }, layer));
    if (context.bias_path == BiasPath::activation_to_norm && purpose == Purpose::training) {
        LayerContext after = context;
        after.largest_x = shapes_[index + 1];
        biases_[index] = std::make_unique<BiasThroughActivation>(
            after, std::get<Conv>(layer), std::get<Activation>(network_.layers[index + 1]));
    }
    points_[index + 1] = std::make_unique<Tensor>(context.device, shapes_[index + 1],
                                                  fmt::format("{} output", layer_name(layer)));
}

void LayerwisePlan::make_gradients(const Device& device) {
    // A skip passes its gradient on unchanged, so that its input needs no gradient of its own, unless another
    // skip begins there and adds to it.
    const std::size_t count = layers_.size();
    std::vector<bool> skip_source(count + 1, false);
    for (const Layer& layer : network_.layers) {
        if (const auto* skip = std::get_if<Skip>(&layer)) skip_source[skip->from_point] = true;
    }
    for (std::size_t i = count; i > 0; --i) {
        const bool handed_on = i < count && layers_[i] == nullptr && !skip_source[i];
        gradient_of_[i] = handed_on ? gradient_of_[i + 1] : i;
        if (!handed_on) {
            gradients_[i] =
                std::make_unique<Tensor>(device, shapes_[i], fmt::format("gradient of point {}", i));
        }
    }
}

TensorView LayerwisePlan::point(std::size_t index) const {
    return index == 0 ? x_ : points_[index]->view(x_.shape.n);
}

TensorView LayerwisePlan::gradient(std::size_t index) const {
    return gradients_[gradient_of_[index]]->view(x_.shape.n);
}

TensorView LayerwisePlan::forward(Recorder& recorder, const TensorView& x, Mode mode) {
    x_ = x;
    mode_ = mode;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        if (const auto* skip = std::get_if<Skip>(&network_.layers[i])) {
            skip_.add(recorder, point(i), point(skip->from_point), point(i + 1));
        } else {
            layers_[i]->forward(recorder, point(i), point(i + 1), mode);
        }
    }
    return point(layers_.size());
}

void LayerwisePlan::set_decays(std::span<const float> decays) {
    std::size_t norm = 0;
    for (std::size_t i = 0; i < layers_.size(); ++i) {
        if (std::holds_alternative<BatchNorm>(network_.layers[i])) layers_[i]->set_decay(decays[norm++]);
    }
}

void LayerwisePlan::loss(Recorder& recorder, const TensorView& target, BufferRange losses,
                         std::uint32_t row) {
    loss_->forward(recorder, point(layers_.size()), target, losses, row);
}

void LayerwisePlan::loss_of_each(Recorder& recorder, const TensorView& target, BufferRange losses,
                                 std::uint32_t first_row) {
    loss_->forward_each(recorder, point(layers_.size()), target, losses, first_row);
}

void LayerwisePlan::backward(Recorder& recorder, const TensorView& target) {
    const std::size_t count = layers_.size();
    loss_->backward(recorder, point(count), target, gradient(count));
    for (std::size_t i = count; i-- > 0;) {
        if (layers_[i] != nullptr) {
            const TensorView dx = i > 0 ? gradient(i) : TensorView{};
            layers_[i]->backward(recorder, point(i), point(i + 1), gradient(i + 1), i > 0 ? &dx : nullptr,
                                 mode_);
        }
        if (biases_[i] != nullptr && mode_ == Mode::training) {
            biases_[i]->backward(recorder, point(i + 2), gradient(i + 2));
        }
        if (i > 0) add_skip_gradients(recorder, i);
    }
}

/// The gradient of point `index` is that of the layer after it, plus one for every skip that began there.
void LayerwisePlan::add_skip_gradients(Recorder& recorder, std::size_t index) {
    bool complete = layers_[index] != nullptr;  // the layer after it has written its part
    for (std::size_t i = index; i < layers_.size(); ++i) {
        const auto* skip = std::get_if<Skip>(&network_.layers[i]);
        if (skip == nullptr || skip->from_point != index) continue;
        const TensorView first = complete ? gradient(index) : gradient(index + 1);
        skip_.add(recorder, first, gradient(i + 1), gradient(index));
        complete = true;
    }
}

}  // namespace shadenet
