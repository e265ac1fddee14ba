// Examples as the stack plan reads them, and labels.
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "data/augmentation.h"
#include "data/examples.h"
#include "engine/learning/batch.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"

namespace shadenet {

class TensorBatches : public BatchSource {
  public:
    /// Uploads the examples of this rank's shares, for batches of a plan that is compared with targets, or
    /// with labels: then a target is one value, the number of its class. Throws std::invalid_argument for a
    /// plan without a loss, and when the examples do not have as many values as the plan takes; InputError as
    /// buffers do. `augmentation`: how inputs are moved, which it may outlive; null: they stay as they are.
    TensorBatches(const Device& device, const Examples& examples, const StackPlan& plan,
                  const Augmentation* augmentation = nullptr);

    void set_batches(Batches batches, std::uint32_t pass = 0) override {
        batches_ = std::move(batches);
        pass_ = pass;
    }
    void choose(Recorder& recorder, std::uint32_t step) override;
    /// Calls nothing: the plan reads the examples where they are.
    Batch gather(Recorder& recorder) override;

  private:
    std::vector<std::uint32_t> own_;  ///< the examples of this rank's shares, as they lie on the device
    ExampleTensor input_;
    std::optional<ExampleTensor> target_;
    std::vector<std::uint32_t> labels_;  ///< of all examples
    std::optional<Augmentation> augmentation_;
    std::uint32_t rows_, columns_;  ///< of an example
    Buffer numbers_;                ///< of the chosen ones
    std::optional<Buffer> moves_;   ///< likewise, where there is augmentation
    Buffer batch_labels_;           ///< likewise
    Batches batches_;
    std::uint32_t pass_ = 0, chosen_ = 0;  ///< how many are chosen
};

}  // namespace shadenet
