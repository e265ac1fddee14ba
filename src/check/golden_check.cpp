#include "check/golden_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/given_examples.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/layerwise.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

using reference::doubles_from_floats;

Tensor tensor(const Device& device, const Shape& shape, const std::vector<float>& values, const char* name) {
    Tensor tensor(device, shape, name);
    tensor.upload(values);
    return tensor;
}

/// The biases with a gradient of exactly zero; the recorded values are float64's rounding errors.
std::vector<std::string> biases_without_gradient(const Network& network) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (bias_feeds_norm(network, i)) names.push_back(layer_name(network.layers[i]) + ".bias");
    }
    return names;
}

/// A run in progress on the device.
class Training {
  public:
    Training(const Device& device, const GoldenRun& run, PlanKind plan)
        : run_(run),
          network_(run.network),
          buffers_(device, run.init),
          optimizer_(device, run.optimizer, buffers_.count()),
          x_(tensor(device, run.shape, run.input, "input")),
          examples_(run.shape, run.input, run.output_shape, run.target),
          plan_(make_training_plan(plan, device, network_, buffers_, examples_, run.shape.n,
                                   default_tiles(device.info().kind, first_kernel(network_)))),
          source_(plan_->make_source(examples_)),
          inference_(device, network_, buffers_, run.shape, Purpose::inference),
          losses_(device, run.steps * range_alignment, "losses"),
          recorder_(device),
          report_(fmt::format("{}, {}", run.name, to_string(choose_plan(network_, plan).kind)), 0) {}

    std::vector<Comparison> run() {
        source_->set_batches(recorder_, batches_in_order(run_.shape.n, run_.shape.n));
        for (std::size_t step = 0; step < run_.steps; ++step) {
            plan_->step(recorder_, source_->batch(recorder_, 0),
                        losses_.range(step * range_alignment, sizeof(float)), 0);
            optimizer_.step(recorder_, buffers_, step + 1, run_.rates[step]);
            recorder_.finish();
            if (step == 0) compare_gradients();
            compare_values("moving", fmt::format(" after step {}", step + 1), run_.moving[step]);
        }
        std::vector<float> losses;
        for (std::size_t step = 0; step < run_.steps; ++step) {
            losses.push_back(losses_.download<float>(1, step * range_alignment).front());
        }
        report_.add("loss", compare("losses", losses, run_.losses, flat(run_.steps), tolerance::loss));
        compare_values("final", "", run_.final);
        compare_output();
        return report_.take();
    }

  private:
    void compare_gradients() {
        const std::vector<std::string> zero = biases_without_gradient(network_);
        Parameters gradients = run_.gradient;
        buffers_.download_gradients(gradients);
        for (const NamedTensor& tensor : gradients.tensors()) {
            std::vector<double> expected = doubles_from_floats(run_.gradient.at(tensor.name).values);
            const bool none = std::find(zero.begin(), zero.end(), tensor.name) != zero.end();
            if (none) std::fill(expected.begin(), expected.end(), 0.0);
            report_.add("gradient", compare(tensor.name, tensor.values, expected, flat(expected.size()),
                                            none ? tolerance::exact : tolerance::gradient));
        }
    }

    void compare_values(const std::string& group, const std::string& when, const Parameters& expected) {
        Parameters actual = expected;
        buffers_.download(actual);
        for (const NamedTensor& tensor : actual.tensors()) {
            report_.add(group, compare(tensor.name + when, tensor.values,
                                       doubles_from_floats(expected.at(tensor.name).values),
                                       flat(tensor.values.size()), tolerance::golden_parameters));
        }
    }

    void compare_output() {
        const TensorView y = inference_.forward(recorder_, x_.view(), Mode::inference);
        recorder_.finish();
        report_.add("output", compare("eval_output", y.download(), doubles_from_floats(run_.eval_output),
                                      y.shape, tolerance::golden_output));
    }

    const GoldenRun& run_;
    Network network_;
    ParameterBuffers buffers_;
    OptimizerKernels optimizer_;
    Tensor x_;
    GivenExamples examples_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    LayerwisePlan inference_;
    Buffer losses_;  ///< one at each multiple of range_alignment
    Recorder recorder_;
    Report report_;
};

}  // namespace

std::vector<Comparison> check_golden(const Device& device, const GoldenRun& run, PlanKind plan) {
    return Training(device, run, plan).run();
}

}  // namespace shadenet::check
