#include "engine/stack/layerwise_training.h"

#include "engine/stack/tensor_batches.h"

namespace shadenet {

LayerwiseTraining::LayerwiseTraining(const Device& device, const Network& network,
                                     ParameterBuffers& parameters, const Shape& largest_input,
                                     const LossKind& loss)
    : device_(device),
      largest_batch_(largest_input.n),
      plan_(device, network, parameters, largest_input, Purpose::training, loss) {}

std::unique_ptr<BatchSource> LayerwiseTraining::make_source(const Examples& examples) {
    return std::make_unique<TensorBatches>(device_, examples, largest_batch_);
}

void LayerwiseTraining::step(Recorder& recorder, const Batch& batch, BufferRange losses, std::uint32_t row) {
    plan_.forward(recorder, batch.input, mode_);
    plan_.loss(recorder, batch.target, losses, row);
    plan_.backward(recorder, batch.target);
}

}  // namespace shadenet
