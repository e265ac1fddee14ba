#include "check/probe.h"

#include <algorithm>

#include "check/compare.h"
#include "check/device_data.h"
#include "check/given_examples.h"
#include "model/random.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

constexpr std::uint32_t probe_width = 256;
constexpr std::uint32_t reference_work = 15'000'000;  // multiply-adds of a forward pass that float64 may take

Shape probe_shape(const FusedNetwork& network) {
    const std::uint32_t rows = reference_work / (2 * network.patch() * network.hidden() * probe_width);
    return {1, 3, std::clamp(rows, 16u, 128u), probe_width};
}

}  // namespace

Probe::Probe(const Device& device, const Network& architecture, const FusedNetwork& network)
    : parameters_(random_parameters(architecture, Data::normal, 1)) {
    const Shape shape = probe_shape(network);
    std::mt19937_64 random = random_stream(1, 0);
    const std::vector<float> x = random_values(shape.values(), Data::levels, random);
    const std::vector<float> target = random_values(shape.values(), Data::levels, random);
    truth_ =
        reference::NetworkRun(architecture, parameters_)
            .evaluate(reference::tensor_from_floats(shape, x), reference::tensor_from_floats(shape, target));
    pairs_ = device.info().kind == DeviceKind::software ? 2 : 32;
    const GivenExamples examples(pairs_, shape, x, shape, target);
    layout_ = fused_layout(examples, network.conv1.kernel, architecture.padding);
    pictures_.emplace(device, layout_, examples, pairs_);
    pictures_->set_batches(batches_in_order(pairs_, pairs_));
}

std::string Probe::problem(const ParameterBuffers& buffers, const Buffer& loss) const {
    const Comparison losses =
        compare("loss", loss.download<float>(1), std::vector{truth_.loss}, {1, 1, 1, 1}, tolerance::loss);
    if (!losses.passed()) return to_string(losses);
    Parameters gradients = parameters_;
    buffers.download_gradients(gradients);
    for (const NamedTensor& tensor : gradients.tensors()) {
        if (!tensor.trainable) continue;
        const std::vector<double>& expected = truth_.gradients.at(tensor.name);
        const bool none =
            std::all_of(expected.begin(), expected.end(), [](double value) { return value == 0; });
        const Comparison comparison =
            compare("gradient of " + tensor.name, tensor.values, expected, flat(expected.size()),
                    none ? tolerance::exact : tolerance::gradient);
        if (!comparison.passed()) return to_string(comparison);
    }
    return "";
}

}  // namespace shadenet::check
