#include "check/golden.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "embedded/golden.h"
#include "embedded/golden_networks.h"
#include "model/model_file.h"
#include "model/network_metadata.h"
#include "model/network_text.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// A file and its name, which begins every error message.
struct Source {
    const SafeTensors& file;
    const std::string& name;

    [[noreturn]] void fail(const std::string& what) const {
        throw InputError(fmt::format("{}: {}; it is not a golden run", name, what));
    }

    /// The result of `make`; an InputError becomes one about this file.
    template <typename Make>
    auto made(const Make& make) const {
        try {
            return make();
        } catch (const InputError& error) {
            fail(error.what());
        }
    }

    const SafeTensor& tensor(const std::string& tensor_name) const {
        const SafeTensor* found = file.find(tensor_name);
        if (found == nullptr) fail(fmt::format("has no tensor \"{}\"", tensor_name));
        return *found;
    }

    const std::string& entry(const std::string& key) const {
        const auto found = file.metadata.find(key);
        if (found == file.metadata.end()) fail(fmt::format("has no \"{}\" in its metadata", key));
        return found->second;
    }

    std::vector<double> doubles(const std::string& tensor_name,
                                const std::vector<std::uint64_t>& shape) const {
        const SafeTensor& found = tensor(tensor_name);
        if (found.shape != shape) {
            fail(fmt::format("\"{}\" is [{}], not [{}]", tensor_name, fmt::join(found.shape, ","),
                             fmt::join(shape, ",")));
        }
        std::vector<double> values = found.as_doubles();
        const auto finite = [](double value) { return std::isfinite(value); };
        if (!std::all_of(values.begin(), values.end(), finite)) {
            fail(fmt::format("\"{}\" holds a value that is not finite", tensor_name));
        }
        return values;
    }

    std::vector<float> floats(const std::string& tensor_name, const std::vector<std::uint64_t>& shape) const {
        doubles(tensor_name, shape);
        return tensor(tensor_name).as_floats();
    }
};

template <typename Number>
Number number(const Source& source, const std::string& key) {
    const std::string& text = source.entry(key);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !(value > Number{0}) ||
        !std::isfinite(static_cast<double>(value))) {
        source.fail(fmt::format("\"{}\" is \"{}\", not a positive number", key, text));
    }
    return value;
}

/// Whether a run names its network by text, rather than by the options of two layers; it then names its loss
/// and dropout's seed, too.
bool has_text(const Source& source) {
    return source.file.metadata.contains("network");
}

/// If the network is given as text, the norms' decay and epsilon are entries of the metadata.
Network network_of(const Source& source) {
    if (!has_text(source)) return two_layer_network(options_from_metadata(source.file.metadata, source.name));
    Network network = parse_network(source.entry("network"), source.name);
    for (Layer& layer : network.layers) {
        if (auto* norm = std::get_if<BatchNorm>(&layer)) {
            norm->decay = number<float>(source, "decay");
            norm->epsilon = number<float>(source, "epsilon");
        }
    }
    return network;
}

/// True for the cross-entropy, false for the mean squared error.
bool on_labels(const Source& source) {
    if (!has_text(source)) return false;
    const std::string& loss = source.entry("loss");
    if (loss != "mse" && loss != "cross_entropy") {
        source.fail(fmt::format("\"loss\" is \"{}\", not mse or cross_entropy", loss));
    }
    return loss == "cross_entropy";
}

/// learning_rate · schedule_rate^(step/schedule_steps), of a staircase with the exponent rounded down;
/// without a schedule always the same.
std::vector<float> rates_of(const Source& source, std::size_t steps) {
    const double rate = number<double>(source, "learning_rate");
    if (!source.file.metadata.contains("schedule")) {
        return std::vector<float>(steps, static_cast<float>(rate));
    }
    if (source.entry("schedule") != "exponential") {
        source.fail(fmt::format("\"schedule\" is \"{}\", not exponential", source.entry("schedule")));
    }
    const double factor = number<double>(source, "schedule_rate");
    const auto period = number<std::uint32_t>(source, "schedule_steps");
    const bool staircase = yes_or_no(source.file.metadata, "staircase", source.name);
    std::vector<float> rates;
    for (std::size_t step = 0; step < steps; ++step) {
        const double turns = static_cast<double>(step) / period;
        rates.push_back(static_cast<float>(rate * std::pow(factor, staircase ? std::floor(turns) : turns)));
    }
    return rates;
}

std::vector<std::uint64_t> extent(const Shape& shape) {
    return {shape.n, shape.c, shape.h, shape.w};
}

/// The extent of a picture tensor, none of it zero.
Shape picture_shape(const Source& source, const std::string& tensor_name) {
    const std::vector<std::uint64_t>& shape = source.tensor(tensor_name).shape;
    const auto fits = [](std::uint64_t size) {
        return size > 0 && size <= std::numeric_limits<std::uint32_t>::max();
    };
    if (shape.size() != 4 || !std::all_of(shape.begin(), shape.end(), fits)) {
        source.fail(fmt::format("\"{}\" is [{}], not [N,C,H,W]", tensor_name, fmt::join(shape, ",")));
    }
    const auto size = [&](std::size_t i) { return static_cast<std::uint32_t>(shape[i]); };
    return {size(0), size(1), size(2), size(3)};
}

/// Whole numbers from 0 up to `most`.
std::vector<double> whole_numbers(const Source& source, const std::string& tensor_name, std::uint64_t size,
                                  std::uint32_t most) {
    std::vector<double> values = source.doubles(tensor_name, {size});
    for (const double value : values) {
        if (value >= 0 && value <= most && value == std::floor(value)) continue;
        source.fail(fmt::format("\"{}\" holds {}, not a whole number up to {}", tensor_name, value, most));
    }
    return values;
}

/// What the output is compared with: labels and the right answers of each step, or a tensor.
void load_target(GoldenRun& run, const Source& source) {
    const Shape& output = run.output_shape;
    if (!on_labels(source)) {
        run.target = source.floats("target", extent(output));
        run.eval_output = source.floats("eval_output", extent(output));
        return;
    }
    if (output.plane() != 1) source.fail("the network's output is no list of classes");
    for (const double label : whole_numbers(source, "labels", output.n, output.c - 1)) {
        run.labels.push_back(static_cast<std::uint32_t>(label));
    }
    run.correct = whole_numbers(source, "correct", run.steps, output.n);
    run.eval_output = source.floats("eval_output", {output.n, output.c});
}

std::vector<std::uint64_t> wide(const std::vector<std::uint32_t>& shape) {
    return {shape.begin(), shape.end()};
}

Parameters gradients(const Source& source, const Network& network) {
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        if (!spec.trainable || spec.held) continue;
        tensors.push_back(
            {spec.name, spec.shape, true, source.floats("grad/" + spec.name, wide(spec.shape))});
    }
    return Parameters(std::move(tensors));
}

/// "moving/<statistic>" [steps,C], cut into one set of statistics for each step.
std::vector<Parameters> moving_statistics(const Source& source, const Network& network, std::size_t steps) {
    std::vector<Parameters> moving(steps);
    for (const TensorSpec& spec : tensor_specs(network)) {
        if (spec.trainable) continue;
        const std::vector<float> values = source.floats("moving/" + spec.name, {steps, spec.values()});
        for (std::size_t step = 0; step < steps; ++step) {
            const auto first = values.begin() + static_cast<std::ptrdiff_t>(step * spec.values());
            const auto last = first + static_cast<std::ptrdiff_t>(spec.values());
            moving[step].tensors().push_back({spec.name, spec.shape, false, {first, last}});
        }
    }
    return moving;
}

/// By name.
template <typename Files>
std::vector<GoldenRun> runs_of(const Files& files) {
    std::vector<GoldenRun> runs;
    for (const embedded::File& file : files) {
        const std::string name(file.name);
        runs.push_back(load_golden(parse_safetensors(file.bytes, name), name));
    }
    std::ranges::sort(runs, {}, &GoldenRun::name);
    return runs;
}

}  // namespace

GoldenRun load_golden(const SafeTensors& file, const std::string& source_name) {
    const Source source{file, source_name};
    GoldenRun run;
    const auto named = file.metadata.find("case");
    run.name = named != file.metadata.end() ? named->second : source_name;
    run.network = network_of(source);
    run.optimizer.kind = source.made([&] { return optimizer_kind(source.entry("optimizer")); });
    run.optimizer.learning_rate = number<float>(source, "learning_rate");
    run.steps = number<std::uint32_t>(source, "steps");
    run.losses = source.doubles("losses", {run.steps});
    run.rates = rates_of(source, run.steps);
    if (has_text(source)) run.seed = whole_entry(file.metadata, "seed", source_name);

    const Network& network = run.network;
    run.shape = picture_shape(source, "input");
    const std::vector<Shape> shapes = source.made([&] { return point_shapes(network, run.shape); });
    run.output_shape = shapes.back();
    run.input = source.floats("input", extent(run.shape));
    load_target(run, source);

    run.init = parameters_from(file, network, source_name, "init/");
    run.gradient = gradients(source, network);
    run.moving = moving_statistics(source, network, run.steps);
    run.final = parameters_from(file, network, source_name, "final/");
    return run;
}

std::vector<GoldenRun> built_in_golden() {
    return runs_of(embedded::golden());
}

std::vector<GoldenRun> built_in_golden_networks() {
    return runs_of(embedded::golden_networks());
}

std::vector<GoldenRun> golden_of(const fs::path& folder) {
    std::error_code error;
    std::vector<fs::path> paths;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        if (entry->path().extension() == ".safetensors") paths.push_back(entry->path());
    }
    if (error)
        throw InputError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    if (paths.empty()) {
        throw InputError(
            fmt::format("{}: holds no golden run; give a folder of .safetensors files as in "
                        "tests/golden",
                        folder.string()));
    }
    std::sort(paths.begin(), paths.end());
    std::vector<GoldenRun> runs;
    for (const fs::path& path : paths) runs.push_back(load_golden(read_safetensors(path), path.string()));
    return runs;
}

}  // namespace shadenet
