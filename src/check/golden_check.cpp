#include "check/golden_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "check/given_examples.h"
#include "engine/learning/optimizer.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

using reference::doubles_from_floats;

/// The biases with a gradient of exactly zero; the recorded values are float64's rounding errors.
std::vector<std::string> biases_without_gradient(const Network& network) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < network.layers.size(); ++i) {
        if (bias_feeds_norm(network, i)) names.push_back(layer_name(network.layers[i]) + ".bias");
    }
    return names;
}

/// Of labels one value an example, its class.
Shape target_shape(const GoldenRun& run) {
    return run.labels.empty() ? run.output_shape : Shape{run.shape.n, 1, 1, 1};
}
std::vector<float> target_of(const GoldenRun& run) {
    return run.labels.empty() ? run.target : std::vector<float>(run.labels.begin(), run.labels.end());
}

/// A run in progress on the device.
class Training {
  public:
    Training(const Device& device, const GoldenRun& run, PlanKind plan, const Shares& shares)
        : run_(run),
          shares_(shares),
          network_(run.network),
          buffers_(device, run.init, weight_layout(network_, plan)),
          optimizer_(device, run.optimizer, buffers_),
          examples_(run.shape, run.input, target_shape(run), target_of(run)),
          plan_(make_training_plan(plan, device, network_, buffers_, examples_, run.shape.n,
                                   default_tiles(device.info().kind, first_kernel(network_)),
                                   run.labels.empty() ? mean_squared_error : cross_entropy, run.seed,
                                   any_bytes, shares)),
          source_(plan_->make_source(examples_)),
          inference_(device, network_, buffers_, run.shape, Purpose::inference),
          x_(device, inference_.input_shape(), ExampleValues::floats, "input"),
          losses_(device, run.steps * sizeof(float), "losses"),
          correct_(device, run.steps * sizeof(float), "right answers"),
          recorder_(device),
          report_(fmt::format("{}, {}", run.name, to_string(choose_plan(network_, plan).kind)), 0) {
        x_.upload(run.input);
    }

    std::vector<Comparison> run() {
        const std::vector<std::uint32_t> own = shares_.own_before(run_.shape.n);
        const BatchShares parts{shares_.sizes(own), run_.shape.n, own.empty() ? 0 : own.front()};
        source_->set_batches({own});
        for (std::size_t step = 0; step < run_.steps; ++step) {
            plan_->begin_step(recorder_, step, parts);
            optimizer_.begin_step(recorder_, {.number = step + 1, .learning_rate = run_.rates[step]});
            plan_->share_step(recorder_, source_->batch(recorder_, 0), parts,
                              {.losses = losses_.whole(),
                               .row = static_cast<std::uint32_t>(step),
                               .correct = run_.labels.empty() ? BufferRange{} : correct_.whole()});
            if (step == 0) compare_gradients();
            plan_->update(recorder_, optimizer_);
            recorder_.finish();
            compare_values("moving", fmt::format(" after step {}", step + 1), run_.moving[step]);
        }
        report_.add("loss", compare("losses", losses_.download<float>(run_.steps), run_.losses,
                                    flat(run_.steps), tolerance::loss));
        if (!run_.labels.empty()) {
            report_.add("answers", compare("right answers", correct_.download<float>(run_.steps),
                                           run_.correct, flat(run_.steps), tolerance::exact));
        }
        compare_values("final", "", run_.final);
        compare_output();
        return report_.take();
    }

  private:
    void compare_gradients() {
        plan_->add_gradients(recorder_, optimizer_);
        recorder_.finish();
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
    Shares shares_;
    Network network_;
    ParameterBuffers buffers_;
    OptimizerKernels optimizer_;
    GivenExamples examples_;
    std::unique_ptr<TrainingPlan> plan_;
    std::unique_ptr<BatchSource> source_;
    StackPlan inference_;
    ExampleTensor x_;
    Buffer losses_, correct_;  ///< [steps]
    Recorder recorder_;
    Report report_;
};

}  // namespace

std::vector<Comparison> check_golden(const Device& device, const GoldenRun& run, PlanKind plan,
                                     const Shares& shares) {
    return Training(device, run, plan, shares).run();
}

}  // namespace shadenet::check
