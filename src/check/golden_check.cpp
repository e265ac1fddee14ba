#include "check/golden_check.h"

#include <algorithm>

#include <fmt/format.h>

#include "engine/layerwise.h"
#include "engine/optimizer.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

using reference::doubles_from_floats;

Shape flat(std::size_t values) {
    return {1, 1, 1, static_cast<std::uint32_t>(values)};
}

/// The biases whose gradient is exactly zero. What is recorded of them is float64's rounding noise.
std::vector<std::string> biases_without_gradient(const Architecture& architecture) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
        if (bias_feeds_norm(architecture, i)) names.push_back(layer_name(architecture.layers[i]) + ".bias");
    }
    return names;
}

/// A run in progress on the device.
class Training {
  public:
    Training(const Device& device, const GoldenRun& run)
        : run_(run),
          architecture_(two_layer_network(run.options)),
          buffers_(device, run.init),
          plan_(device, architecture_, buffers_, run.shape, Purpose::training),
          optimizer_(device, run.optimizer, buffers_.count()),
          x_(device, run.shape, "input"),
          target_(device, run.shape, "target"),
          losses_(device, run.steps * sizeof(float), "losses"),
          recorder_(device),
          report_(run.name, 0) {
        x_.upload(run.input);
        target_.upload(run.target);
    }

    std::vector<Comparison> run() {
        for (std::size_t step = 0; step < run_.steps; ++step) {
            plan_.forward(recorder_, x_.view(), Mode::training);
            plan_.loss(recorder_, target_.view(), losses_.whole(), static_cast<std::uint32_t>(step));
            plan_.backward(recorder_, target_.view());
            optimizer_.step(recorder_, buffers_, step + 1, run_.optimizer.learning_rate);
            recorder_.finish();
            if (step == 0) compare_gradients();
            compare_values("moving", fmt::format(" after step {}", step + 1), run_.moving[step]);
        }
        report_.add("loss", compare("losses", losses_.download<float>(run_.steps), run_.losses,
                                    flat(run_.steps), tolerance::loss));
        compare_values("final", "", run_.final);
        compare_output();
        return report_.take();
    }

  private:
    void compare_gradients() {
        const std::vector<std::string> zero = biases_without_gradient(architecture_);
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
        const TensorView y = plan_.forward(recorder_, x_.view(), Mode::inference);
        recorder_.finish();
        std::vector<float> output;
        for (std::uint32_t n = 0; n < y.shape.n; ++n) {
            const auto image = y.buffer->download<float>(y.shape.c * y.shape.plane(), y.images(n, 1).offset);
            output.insert(output.end(), image.begin(), image.end());
        }
        report_.add("output", compare("eval_output", output, doubles_from_floats(run_.eval_output), y.shape,
                                      tolerance::golden_output));
    }

    const GoldenRun& run_;
    Architecture architecture_;
    ParameterBuffers buffers_;
    LayerwisePlan plan_;
    OptimizerKernels optimizer_;
    Tensor x_, target_;
    Buffer losses_;
    Recorder recorder_;
    Report report_;
};

}  // namespace

std::vector<Comparison> check_golden(const Device& device, const GoldenRun& run) {
    return Training(device, run).run();
}

}  // namespace shadenet::check
