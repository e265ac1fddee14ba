// The plan that runs any list of layers one after the other, forward and backward.
#pragma once

#include <memory>
#include <vector>

#include "engine/layers/bias_through_activation.h"
#include "engine/layers/layer.h"
#include "engine/layers/skip.h"
#include "engine/learning/mean_squared_error.h"
#include "engine/tensors/parameter_buffers.h"
#include "engine/tensors/reducer.h"
#include "engine/tensors/tensor.h"
#include "model/network.h"

namespace shadenet {

enum class Purpose { training, inference };

/// Keeps the output of every layer (a "point"; point 0 is the input), and for training their gradients.
class LayerwisePlan {
  public:
    /// Takes the memory and the kernels for batches of up to `largest_input`.n images; for inference without
    /// gradients. Throws InputError when the layers do not fit the input or one another.
    LayerwisePlan(const Device& device, const Network& network, ParameterBuffers& parameters,
                  const Shape& largest_input, Purpose purpose, const LossKind& loss = mean_squared_error);

    /// The network's result for x, in memory of the plan that the next call overwrites.
    TensorView forward(Recorder& recorder, const TensorView& x, Mode mode);

    /// Of the latest forward pass: point 0 is its input, point i the output of layer i − 1. For reading.
    TensorView point(std::size_t index) const;

    /// Of the latest forward pass: losses[row] = the batch's loss against `target`.
    void loss(Recorder& recorder, const TensorView& target, BufferRange losses, std::uint32_t row = 0);
    /// Of the latest forward pass: losses[first_row + i] = that of example i.
    void loss_of_each(Recorder& recorder, const TensorView& target, BufferRange losses,
                      std::uint32_t first_row);
    /// Of the latest forward pass: the gradients of that loss, into the parameter buffers.
    void backward(Recorder& recorder, const TensorView& target);

    /// Sets the decay of each norm from the next forward pass on.
    void set_decays(std::span<const float> decays);

  private:
    void make_layer(std::size_t index, const LayerContext& context, Purpose purpose);
    void make_gradients(const Device& device);
    TensorView gradient(std::size_t index) const;
    void add_skip_gradients(Recorder& recorder, std::size_t index);

    Network network_;
    std::vector<Shape> shapes_;
    Reducer reducer_;
    SkipKernels skip_;
    std::unique_ptr<Loss> loss_;
    std::vector<std::unique_ptr<LayerKernels>> layers_;           ///< null for a skip
    std::vector<std::unique_ptr<BiasThroughActivation>> biases_;  ///< null except for the convs that need it
    std::vector<std::unique_ptr<Tensor>> points_;                 ///< [0] is null: the input is the caller's
    std::vector<std::unique_ptr<Tensor>> gradients_;  ///< null for point 0, and for points that use another's
    std::vector<std::size_t> gradient_of_;            ///< index of the gradient that each point uses
    TensorView x_;
    Mode mode_ = Mode::inference;
};

}  // namespace shadenet
