#include <algorithm>
#include <cmath>
#include <deque>

#include "apply/classifier_stages.h"
#include "apply/reopened_device.h"
#include "base/error.h"
#include "engine/stack/evaluator.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"
#include "engine/tensors/parameter_buffers.h"
#include "gpu/recorder.h"

namespace shadenet {

namespace {

Shape picture_shape(const ModelClasses& classes) {
    return {1, classes.channels, classes.height, classes.width};
}

class ClassifierStream : public WorkStream<Levels, Logits> {
  public:
    ClassifierStream(std::shared_ptr<const Device> device, const Model& model, std::uint32_t batch)
        : device_(std::move(device)),
          classes_(model.classes.names.size()),
          batch_(batch),
          parameters_(*device_, model.parameters),
          plan_(*device_, model.network, parameters_, with_images(picture_shape(model.classes), batch),
                Purpose::inference),
          input_(*device_, plan_.input_shape(), ExampleValues::levels, "pictures", model.network.range),
          recorder_(*device_) {}

    void begin(const Levels& input, Logits& output) override {
        output.clear();
        under_way_.push_back({&input, &output});
    }

    void finish_next() override {
        if (under_way_.front().output->empty()) run();
        const Logits& logits = *under_way_.front().output;
        under_way_.pop_front();
        if (std::ranges::all_of(logits, [](float logit) { return std::isfinite(logit); })) return;
        throw BadResult("the network's answers are no numbers");
    }

  private:
    struct Picture {
        const Levels* input;
        Logits* output;
    };

    void run() {
        const auto count = static_cast<std::uint32_t>(std::min<std::size_t>(under_way_.size(), batch_));
        Levels all;
        for (std::uint32_t i = 0; i < count; ++i) {
            all.insert(all.end(), under_way_[i].input->begin(), under_way_[i].input->end());
        }
        input_.upload_levels(all);
        const TensorView results = plan_.forward(recorder_, input_.view(count), Mode::inference);
        recorder_.finish();
        const std::vector<float> values = results.download();
        for (std::size_t i = 0; i < count; ++i) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(i * classes_);
            under_way_[i].output->assign(first, first + static_cast<std::ptrdiff_t>(classes_));
        }
    }

    std::shared_ptr<const Device> device_;  ///< before all that it has made
    std::size_t classes_;
    std::uint32_t batch_;
    ParameterBuffers parameters_;
    StackPlan plan_;
    ExampleTensor input_;
    Recorder recorder_;  ///< last, so that it has waited before any memory goes
    std::deque<Picture> under_way_;
};

}  // namespace

MakeClassifier classifier_streams(std::unique_ptr<Device> device, const std::string& request,
                                  const Model& model) {
    return [current = ReopenedDevice(std::move(device), request), model](std::uint32_t batch,
                                                                         bool new_device) mutable {
        return std::make_unique<ClassifierStream>(current.device(new_device), model, batch);
    };
}

std::uint32_t classifier_batch(const Model& model) {
    constexpr std::uint32_t most = 64;
    return Evaluator::fitting_batch(model.network, picture_shape(model.classes), most);
}

}  // namespace shadenet
