#include "check/network_check.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "check/device_data.h"
#include "check/given_examples.h"
#include "check/network_data.h"
#include "engine/stack/stack_plan.h"
#include "engine/tensors/example_tensor.h"
#include "model/presets.h"
#include "reference/network.h"

namespace shadenet::check {

namespace {

constexpr std::uint32_t poison_word = 0x7fc00000;  // NaN

const LossKind& loss_of(const NetworkCase& one) {
    return one.on_labels ? cross_entropy : mean_squared_error;
}

/// Every other network has to make its activations again.
std::uint64_t memory_of(const NetworkCase& one) {
    return one.seed % 2 == 0 ? 0 : any_bytes;
}

/// Of examples with labels one value an example, its class.
Shape target_shape(const NetworkCase& one, const Shape& result) {
    return one.on_labels ? Shape{result.n, 1, 1, 1} : result;
}
std::vector<float> target_of(const NetworkData& data) {
    return data.labels.empty() ? data.target : std::vector<float>(data.labels.begin(), data.labels.end());
}

Shape shape_of(const NamedTensor& tensor) {
    if (tensor.shape.size() == 4) return {tensor.shape[0], tensor.shape[1], tensor.shape[2], tensor.shape[3]};
    if (tensor.shape.size() == 2) return {tensor.shape[0], tensor.shape[1], 1, 1};
    return {1, tensor.shape.at(0), 1, 1};
}

double largest_of(const std::vector<double>& values) {
    double largest = 0;
    for (const double value : values) largest = std::max(largest, std::abs(value));
    return largest;
}

/// Of all gradients.
double largest_gradient(const reference::Evaluation& truth) {
    double largest = 0;
    for (const auto& [name, gradient] : truth.gradients) largest = std::max(largest, largest_of(gradient));
    return largest;
}

/// The tolerance depends on the true gradient: exactly zero, zero except for float64's rounding, or ordinary.
/// `largest` is the largest of all the network's gradients.
Tolerance gradient_tolerance(const std::vector<double>& gradient, double largest, double noise) {
    const auto all_within = [&](double bound) {
        return std::all_of(gradient.begin(), gradient.end(),
                           [=](double value) { return std::abs(value) <= bound; });
    };
    if (all_within(0)) return tolerance::exact;
    if (all_within(1e-12 * std::max(largest, 1.0))) return tolerance::vanishing_among(largest);
    return tolerance::with_noise(tolerance::gradient, noise, largest_of(gradient));
}

/// Compares the statistics of the batch itself, which a pass records beside the moving ones.
void add_batch_statistics(Report& report, const NetworkData& drawn, const ParameterBuffers& buffers) {
    Parameters found = drawn.parameters;
    buffers.download_batch_statistics(found);
    for (const auto& [norm, batch] : drawn.truth.statistics) {
        const Shape channels{1, static_cast<std::uint32_t>(batch.mean.size()), 1, 1};
        const double variance = *std::max_element(batch.variance.begin(), batch.variance.end());
        report.add("network batch statistics",
                   compare(norm + " mean", found.at(norm + ".running_mean").values, batch.mean, channels,
                           tolerance::mean(std::sqrt(variance))));
        report.add("network batch statistics",
                   compare(norm + " variance", found.at(norm + ".running_var").values, batch.variance,
                           channels, tolerance::forward));
    }
}

/// The result of a plan for inference, which finds NaN in all memory that it does not own, or what was there.
std::vector<float> infer(const Device& device, const NetworkCase& one, std::span<const float> x_values,
                         const Parameters& parameters, WeightLayout layout, bool poisons) {
    ParameterBuffers buffers(device, parameters, layout);
    StackPlan plan(device, one.network, buffers, one.x, Purpose::inference);
    const ExampleTensor x(device, plan.input_shape(), ExampleValues::floats, "x");
    x.upload(x_values);
    if (poisons) plan.poison_free_memory();
    Recorder recorder(device);
    const TensorView y = plan.forward(recorder, x.view(), Mode::inference);
    recorder.finish();
    return y.download();
}

void add_loss(Report& report, const NetworkCase& one, const NetworkData& drawn, const Buffer& loss,
              const Buffer& correct) {
    report.add("network loss", compare("loss", loss.download<float>(1), std::vector{drawn.truth.loss},
                                       {1, 1, 1, 1}, tolerance::loss));
    if (!one.on_labels) return;
    report.add("network loss", compare("right answers", correct.download<float>(1),
                                       std::vector<double>{static_cast<double>(drawn.truth.correct)},
                                       {1, 1, 1, 1}, tolerance::exact));
}

/// Compares the gradients and statistics that a pass has written to `buffers`. `roundings`: of a sum.
void add_results(Report& report, const NetworkData& drawn, const ParameterBuffers& buffers,
                 const reference::NetworkRun& moved, double roundings = 1) {
    Parameters gradients = drawn.parameters, after = drawn.parameters;
    buffers.download_gradients(gradients);
    buffers.download(after);
    const double largest = largest_gradient(drawn.truth);
    for (const NamedTensor& tensor : gradients.tensors()) {
        if (tensor.trainable) {
            const std::vector<double>& gradient = drawn.truth.gradients.at(tensor.name);
            report.add("network backward",
                       compare("gradient of " + tensor.name, tensor.values, gradient, shape_of(tensor),
                               gradient_tolerance(gradient, largest,
                                                  roundings * drawn.noise.gradients.at(tensor.name))));
        } else {
            report.add("network moving",
                       compare(tensor.name, after.at(tensor.name).values, moved.values().at(tensor.name),
                               shape_of(tensor), tolerance::forward));
        }
    }
    add_batch_statistics(report, drawn, buffers);
}

}  // namespace

std::vector<Comparison> check_network(const Device& device, const NetworkCase& one) {
    const NetworkData drawn = draw_network_data(one);
    const Shape y_shape = drawn.truth.points.back().shape;
    const Buffer labels(device, drawn.labels.size() * sizeof(std::uint32_t), "labels");
    labels.upload(std::span<const std::uint32_t>(drawn.labels));
    const Buffer loss(device, sizeof(float), "loss"), correct(device, sizeof(float), "right answers");
    ParameterBuffers buffers(device, drawn.parameters, WeightLayout::blocks);
    const OptimizerKernels optimizer(device, {}, buffers);
    StackPlan plan(
        device, one.network, buffers, one.x, Purpose::training,
        {.loss = &loss_of(one), .kept = {one.network.layers.size()}, .most_bytes = memory_of(one)});
    plan.poison_free_memory();
    const ExampleTensor x(device, plan.input_shape(), ExampleValues::floats, "x");
    const ExampleTensor target(device, y_shape, ExampleValues::floats, "target");
    x.upload(drawn.x);
    if (!one.on_labels) target.upload(drawn.target);
    Recorder recorder(device);
    recorder.fill(buffers.all_gradients(), poison_word);
    plan.begin_step(recorder, {.seed = drawn.dropout.seed, .step = drawn.dropout.step});
    plan.step(recorder, x.view(), {target.view(), labels.whole()}, one.frozen ? Mode::frozen : Mode::training,
              {.losses = loss.whole(), .correct = one.on_labels ? correct.whole() : BufferRange{}});
    plan.add_gradients(recorder, optimizer);
    const TensorView y = plan.point(recorder, one.network.layers.size());
    recorder.finish();

    Report report(fmt::format("{}, {}", one.name, to_string(one.x)), drawn.seed);
    const std::vector<double>& result = drawn.truth.points.back().values;
    report.add("network forward",
               compare("result", y.download(), result, y_shape,
                       tolerance::with_noise(tolerance::forward, drawn.noise.result, largest_of(result))));
    add_loss(report, one, drawn, loss, correct);
    const reference::NetworkRun network = moved_network(one, drawn);
    add_results(report, drawn, buffers, network);
    const TensorView inferred = plan.forward(recorder, x.view(), Mode::inference);
    recorder.finish();
    Parameters moved = drawn.parameters;
    buffers.download(moved);
    const std::vector<double> truth = network.infer(reference::tensor_from_floats(one.x, drawn.x)).values;
    const Tolerance tolerance =
        tolerance::with_noise(tolerance::forward, drawn.noise.inference, largest_of(truth));
    report.add("network inference", compare("result", inferred.download(), truth, y_shape, tolerance));
    for (const WeightLayout layout : {WeightLayout::blocks, WeightLayout::dense}) {
        const std::vector<float> inferred_alone = infer(device, one, drawn.x, moved, layout, true);
        report.add("network inference",
                   compare("result of a plan for inference", inferred_alone, truth, y_shape, tolerance));
        const std::vector<float> again = infer(device, one, drawn.x, moved, layout, false);
        report.add("network inference",
                   compare("result without NaN in free memory", again,
                           reference::doubles_from_floats(inferred_alone), y_shape, tolerance::exact));
    }
    return report.take();
}

std::vector<Comparison> check_training_plan(const Device& device, const NetworkCase& one, PlanKind kind,
                                            const FusedTiles& tiles, std::uint32_t share_count) {
    const NetworkData drawn = draw_network_data(one);
    const Shape result = drawn.truth.points.back().shape;
    const GivenExamples examples(one.x, drawn.x, target_shape(one, result), target_of(drawn));
    const Buffer loss(device, sizeof(float), "loss"), correct(device, sizeof(float), "right answers");
    // In runs, so that the examples of all shares are in the order in which dropout counts them.
    const Shares shares(alone(), share_count, pieces_of(one.x.n, share_count));
    const std::vector<std::uint32_t> all = batches_in_order(one.x.n, one.x.n).front();
    ParameterBuffers buffers(device, drawn.parameters, weight_layout(one.network, kind));
    const OptimizerKernels optimizer(device, {}, buffers);
    Recorder recorder(device);
    const auto plan = make_training_plan(kind, device, one.network, buffers, examples, one.x.n, tiles,
                                         loss_of(one), drawn.dropout.seed, any_bytes, shares);
    const auto source = plan->make_source(examples);
    source->set_batches({all});
    const BatchShares parts{shares.sizes(all), one.x.n};
    recorder.fill(buffers.all_gradients(), poison_word);
    plan->freeze_norms(one.frozen);
    plan->begin_step(recorder, drawn.dropout.step, parts);
    plan->share_step(recorder, source->batch(recorder, 0), parts,
                     {.losses = loss.whole(), .correct = one.on_labels ? correct.whole() : BufferRange{}});
    plan->add_gradients(recorder, optimizer);
    recorder.finish();
    Report report(fmt::format("{}, {}, {}, {}{}, {} shares", one.name, to_string(kind), to_string(one.x),
                              to_string(one.data), one.frozen ? ", frozen" : "", share_count),
                  drawn.seed);
    add_loss(report, one, drawn, loss, correct);
    // The sum of each share is rounded before they are added.
    add_results(report, drawn, buffers, moved_network(one, drawn), share_count > 1 ? 2 : 1);
    return report.take();
}

std::vector<NetworkCase> network_cases() {
    const auto two_layers = [](const char* activation, NormPlacement norm, bool residual) {
        NetworkOptions options{.hidden = 5, .activation = activation, .norm = norm, .residual = residual};
        return two_layer_network(options);
    };
    const Network deep{any_size(3),
                       {Conv{"a", 3, 7, 5}, BatchNorm{"a_norm", 7}, Activation{ActivationKind::leaky_relu},
                        Conv{"b", 7, 7, 3}, Skip{3}, BatchNorm{"b_norm", 7}, Activation{ActivationKind::relu},
                        Conv{"c", 7, 3, 1}, BatchNorm{"c_norm", 3}, Skip{0}}};
    const Network shrinking{any_size(2),
                            {Conv{"a", 2, 6, 3, 2, Padding::valid}, Activation{ActivationKind::tanh},
                             Conv{"b", 6, 4, 5, 1, Padding::same}, BatchNorm{"b_norm", 4, 0.99f, 1e-3f},
                             Conv{"c", 4, 3, 3, 3, Padding::valid}}};
    // Skips one after the other, two from one point, and one from the point that another skip leaves.
    const Network crossing{
        any_size(3),
        {Conv{"a", 3, 3, 3}, Conv{"b", 3, 3, 3}, Skip{1}, Skip{1}, Activation{ActivationKind::tanh}, Skip{4},
         Conv{"c", 3, 3, 3}, Skip{6}, Skip{0}, BatchNorm{"norm", 3}, Skip{2}}};
    // Biases and betas that a norm takes away behind weights that pad nothing.
    const Network chains{any_size(2),
                         {Conv{"a", 2, 4, 1}, Conv{"b", 4, 5, 3, 2, Padding::valid}, BatchNorm{"b_norm", 5},
                          Conv{"c", 5, 3, 1}, BatchNorm{"c_norm", 3}, BatchNorm{"d_norm", 3}}};
    const Network features{{0, 2, 3, 4},
                           {BatchNorm{"a_norm", 2}, Dense{"a", 24, 6}, Dense{"b", 6, 5},
                            BatchNorm{"b_norm", 5}, Dense{"c", 5, 4}}};
    const auto continued = [](Network network, PicturePadding padding) {
        for (Layer& layer : network.layers) {
            if (auto* conv = std::get_if<Conv>(&layer)) conv->padding = Padding::same;
        }
        network.padding = padding;
        return network;
    };
    const Network edge = continued(deep, PicturePadding::edge),
                  mirrored = continued(crossing, PicturePadding::reflect);
    return {
        {"default network", two_layer_network({}), {2, 3, 19, 13}, 1},
        {"relu, norm before", two_layers("relu", NormPlacement::before, true), {3, 3, 7, 11}, 2},
        {"leaky_relu, norm after", two_layers("leaky_relu", NormPlacement::after, false), {3, 3, 11, 7}, 3},
        {"tanh, no norm", two_layers("tanh", NormPlacement::none, true), {2, 3, 9, 70}, 4},
        {"three layers with skips from inner points", deep, {2, 3, 11, 17}, 5},
        {"strides and valid padding", shrinking, {3, 2, 23, 31}, 6},
        {"crossing skips", crossing, {2, 3, 5, 9}, 7},
        {"relu, norm after, frozen",
         two_layers("relu", NormPlacement::after, true),
         {2, 3, 9, 13},
         8,
         Data::normal,
         true},
        {"skips from inner points, frozen", deep, {2, 3, 11, 17}, 9, Data::normal, true},
        {"constants through weights that pad nothing", chains, {3, 2, 9, 12}, 14},
        {"constants through dense layers", features, {7, 2, 3, 4}, 15},
        {"edges continued, skips from inner points", edge, {2, 3, 11, 17}, 10},
        {"edges continued, frozen", edge, {1, 3, 1, 5}, 11, Data::normal, true},
        {"pictures mirrored, crossing skips", mirrored, {2, 3, 5, 9}, 12},
        {"pictures of one pixel mirrored, crossing skips", mirrored, {5, 3, 1, 1}, 13},
    };
}

}  // namespace shadenet::check
