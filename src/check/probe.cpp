#include "check/probe.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "check/compare.h"
#include "check/device_data.h"
#include "check/given_examples.h"
#include "check/network_data.h"
#include "model/random.h"
#include "reference/tensor.h"

namespace shadenet::check {

namespace {

constexpr std::uint32_t probe_width = 256;
/// Float32 may give an input of a rectifier that is nearer to 0 the other sign, and with it another gradient.
/// Of few channels about half of all pictures have none that is; of hundreds none may be found, and the best
/// is taken.
constexpr double kink_distance = 3e-6;
constexpr std::uint64_t most_pictures = 8;
constexpr std::uint32_t reference_work = 15'000'000;  // multiply-adds of a forward pass that float64 may take

Shape probe_shape(const FusedNetwork& network) {
    const std::uint32_t rows = reference_work / (2 * network.patch() * network.hidden() * probe_width);
    return {1, 3, std::clamp(rows, 16u, 128u), probe_width};
}

}  // namespace

Probe::Probe(const Device& device, const Network& architecture, const FusedNetwork& network)
    : parameters_(random_parameters(architecture, Data::normal, 1)) {
    const Shape shape = probe_shape(network);
    const reference::NetworkRun run(architecture, parameters_);
    std::vector<float> x, target;
    double farthest = -1;
    for (std::uint64_t stream = 0; stream < most_pictures && farthest < kink_distance; ++stream) {
        std::mt19937_64 random = random_stream(1, stream);
        std::vector<float> input = random_values(shape.values(), Data::levels, random);
        std::vector<float> wanted = random_values(shape.values(), Data::levels, random);
        reference::Evaluation truth = run.evaluate(reference::tensor_from_floats(shape, input),
                                                   reference::tensor_from_floats(shape, wanted));
        const double distance = nearest_to_kink(architecture, truth);
        if (distance <= farthest) continue;
        farthest = distance;
        x = std::move(input);
        target = std::move(wanted);
        truth_ = std::move(truth);
    }
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
