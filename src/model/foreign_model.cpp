#include "model/foreign_model.h"

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "model/module_names.h"
#include "model/network_metadata.h"
#include "model/safetensors_header.h"
#include "model/two_layer.h"

namespace shadenet {

namespace {

/// The tensors whose names are alike up to the last dot.
struct Module {
    std::string name;
    const SafeTensor *weight = nullptr, *bias = nullptr, *mean = nullptr, *variance = nullptr;

    bool is_conv() const { return weight != nullptr && weight->shape.size() == 4 && !mean && !variance; }
    bool is_norm() const { return mean != nullptr && variance != nullptr && mean->shape.size() == 1; }
    std::uint64_t out() const { return weight->shape[0]; }
    std::uint64_t in() const { return weight->shape[1]; }
    std::uint64_t kernel() const { return weight->shape[2]; }
    std::uint64_t channels() const { return mean->shape[0]; }
};

using Modules = std::vector<Module>;
using Metadata = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

[[noreturn]] void refuse_model(const std::string& source, const std::string& found) {
    throw InputError(
        fmt::format("{}: {}; a model without shadenet's metadata needs two convolutions, 3 -> hidden and "
                    "hidden -> 3 channels, and two batch norms or none",
                    source, found));
}

std::string shape_text(const SafeTensor& tensor) {
    return fmt::format("{} [{}]", in_quotes(tensor.name), fmt::join(tensor.shape, ","));
}

/// What PyTorch's norms count, and what a popular counter of operations leaves in every module.
constexpr std::array<std::string_view, 3> counters = {"num_batches_tracked", "total_ops", "total_params"};

/// Sets the member that is for tensors called `field`. False where there is none.
bool place(Module& module, std::string_view field, const SafeTensor& tensor) {
    for (const auto& [name, member] : {std::pair{"weight", &Module::weight},
                                       {"bias", &Module::bias},
                                       {"running_mean", &Module::mean},
                                       {"running_var", &Module::variance}}) {
        if (field != name) continue;
        module.*member = &tensor;
        return true;
    }
    return false;
}

/// In the natural order of their names.
Modules modules_of(const SafeTensors& file, const std::string& source) {
    std::map<std::string_view, Module> by_name;
    for (const SafeTensor& tensor : file.tensors) {
        const std::string_view name = tensor.name;
        const std::size_t dot = name.rfind('.');
        // Without a dot it is the network's own.
        if (std::find(counters.begin(), counters.end(), name.substr(dot + 1)) != counters.end()) continue;
        const bool known =
            dot != name.npos && place(by_name[name.substr(0, dot)], name.substr(dot + 1), tensor);
        if (!known) refuse_model(source, fmt::format("it has a tensor {}", shape_text(tensor)));
    }
    Modules modules;
    for (auto& [name, module] : by_name) {
        modules.push_back(module);
        modules.back().name = name;
    }
    std::sort(modules.begin(), modules.end(),
              [](const Module& a, const Module& b) { return natural_less(a.name, b.name); });
    return modules;
}

/// Moves the convolutions out of `modules`, so that the norms are left.
Modules take_convs(Modules& modules, const std::string& source) {
    for (const Module& module : modules) {
        if (module.is_conv() || module.is_norm()) continue;
        refuse_model(source, fmt::format("its module {} is neither a convolution nor a batch norm{}",
                                         in_quotes(module.name),
                                         module.weight ? ", with " + shape_text(*module.weight) : ""));
    }
    const auto norms = std::stable_partition(modules.begin(), modules.end(),
                                             [](const Module& module) { return module.is_conv(); });
    Modules convs(modules.begin(), norms);
    modules.erase(modules.begin(), norms);
    return convs;
}

void expect_count(const Modules& modules, const char* kind, const std::string& source) {
    constexpr std::size_t most_named = 4;
    if (modules.size() == 2) return;
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min(modules.size(), most_named); ++i) {
        names.push_back(in_quotes(modules[i].name));
    }
    if (modules.size() > most_named) names.push_back("...");
    refuse_model(
        source, fmt::format("it has {} {}{}{}", modules.empty() ? "no" : std::to_string(modules.size()), kind,
                            names.empty() ? "" : ": ", fmt::join(names, ", ")));
}

/// The first convolution first.
void sort_convs(Modules& convs, const std::string& source) {
    const auto fits = [&] {
        return convs[0].in() == 3 && convs[1].out() == 3 && convs[0].out() == convs[1].in();
    };
    expect_count(convs, "convolutions", source);
    if (!fits()) std::swap(convs[0], convs[1]);
    const std::string shapes = shape_text(*convs[0].weight) + " and " + shape_text(*convs[1].weight);
    if (!fits()) refuse_model(source, fmt::format("its convolutions are {}", shapes));
    for (const Module& conv : convs) {
        const std::uint64_t kernel = conv.kernel();
        if (kernel == conv.weight->shape[3] && kernel == convs[0].kernel() && kernel % 2 == 1 &&
            kernel <= largest_two_layer_kernel) {
            continue;
        }
        refuse_model(source, fmt::format("the kernels of {} are not of one size, square, odd and at most {}",
                                         shapes, largest_two_layer_kernel));
    }
    if (convs[0].out() < 1 || convs[0].out() > most_two_layer_hidden) {
        refuse_model(source, fmt::format("its convolutions are {}, and the hidden channels may be 1 to {}",
                                         shapes, most_two_layer_hidden));
    }
}

/// The norm of the first convolution first.
void sort_norms(Modules& norms, std::uint64_t hidden, const std::string& source) {
    if (norms.empty()) return;
    const auto fits = [&] { return norms[0].channels() == hidden && norms[1].channels() == 3; };
    expect_count(norms, norms.size() == 1 ? "batch norm" : "batch norms", source);
    if (!fits()) std::swap(norms[0], norms[1]);
    if (fits()) return;
    refuse_model(source,
                 fmt::format("its convolutions have {} hidden channels, and its batch norms are {} and {}",
                             hidden, shape_text(*norms[0].mean), shape_text(*norms[1].mean)));
}

void add_names(std::map<std::string, std::string>& names, const std::string& ours, const Module& module) {
    const auto add = [&](const char* field, const SafeTensor* tensor) {
        if (tensor != nullptr) names[ours + field] = tensor->name;
    };
    add(".weight", module.weight);
    add(".bias", module.bias);
    add(".running_mean", module.mean);
    add(".running_var", module.variance);
}

/// An nn.Sequential runs by its indices, and not as the channels would allow.
void expect_order(const std::vector<std::string>& modules, const std::string& source) {
    const std::vector<unsigned> indices = sequential_indices(modules);
    if (std::adjacent_find(indices.begin(), indices.end(), std::greater_equal<>()) == indices.end()) return;
    std::vector<std::string> names;
    for (const std::string& module : modules) names.push_back(in_quotes(module));
    refuse_model(source,
                 fmt::format("its nn.Sequential does not run in the order {}", fmt::join(names, ", ")));
}

std::string what_was_inferred(const NetworkOptions& options, const Metadata& metadata) {
    const Metadata all = to_metadata(options);
    Lines given, assumed;
    for (const auto& [key, value] : all) {
        if (metadata.contains(key)) given.push_back(key);
    }
    Lines keys = {"activation", "residual"};
    if (options.norm != NormPlacement::none) keys.insert(keys.end(), {"norm", "decay", "epsilon"});
    for (const std::string& key : keys) {
        if (!metadata.contains(key)) assumed.push_back(fmt::format("{} {}", key, all.at(key)));
    }
    assumed.push_back(metadata.contains("padding") ? "stride 1" : "stride 1, same padding");
    if (options.range.is_unit() && !metadata.contains("range")) {
        assumed.push_back("pixels in 0..1, others by --range");
    }
    const std::string found = given.empty() ? "no architecture in the file: inferred from its tensors"
                                            : fmt::format(
                                                  "only a part of the architecture in the file ({}): "
                                                  "the rest inferred from its tensors",
                                                  fmt::join(given, ", "));
    const std::string range = options.range.is_unit() ? "" : ", pixels in " + to_string(options.range);
    return fmt::format("{}: conv {}x{}, 3 -> {} -> 3, {}{}; assumed: {}", found, options.kernel,
                       options.kernel, options.hidden,
                       options.norm == NormPlacement::none ? "no batch norm" : "batch norm", range,
                       fmt::join(assumed, ", "));
}

/// Layers without parameters leave no tensor, but a gap in the indices of an nn.Sequential.
Lines what_the_gaps_tell(const Metadata& metadata, const std::vector<std::string>& modules) {
    Lines lines;
    const std::vector<unsigned> indices = sequential_indices(modules);
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const unsigned expected = i == 0 ? 0 : indices[i - 1] + 1;
        if (indices[i] == expected) continue;
        const std::string place =
            i == 0 ? fmt::format("before {}", in_quotes(modules[0]))
                   : fmt::format("between {} and {}", in_quotes(modules[i - 1]), in_quotes(modules[i]));
        // Up to the second convolution is where this program's networks have their activation.
        const bool in_the_middle = i > 0 && i <= modules.size() / 2;
        if (!in_the_middle) {
            lines.push_back(
                fmt::format("its indices tell of a layer without parameters {}, which no network "
                            "of this program has there: it is left out",
                            place));
        } else if (!metadata.contains("activation")) {
            lines.push_back(fmt::format(
                "its indices tell of a layer without parameters {}, most likely an activation: it is assumed "
                "to be none; metadata 'activation' ({}) and 'norm' (before or after it) would settle it",
                place, activation_choices()));
        }
    }
    return lines;
}

}  // namespace

InferredNetwork infer_network(const SafeTensors& file, const std::string& source) {
    Modules norms = modules_of(file, source);
    Modules convs = take_convs(norms, source);
    sort_convs(convs, source);
    sort_norms(norms, convs[0].out(), source);

    InferredNetwork network;
    network.options.hidden = static_cast<std::uint32_t>(convs[0].out());
    network.options.kernel = static_cast<std::uint32_t>(convs[0].kernel());
    if (norms.empty()) network.options.norm = NormPlacement::none;
    for (std::size_t i = 0; i < 2; ++i) {
        add_names(network.names, fmt::format("conv{}", i + 1), convs[i]);
        network.modules.push_back(convs[i].name);
        if (norms.empty()) continue;
        add_names(network.names, fmt::format("bn{}", i + 1), norms[i]);
        network.modules.push_back(norms[i].name);
    }
    expect_order(network.modules, source);
    return network;
}

Lines notes_on_inferred(const NetworkOptions& options, const Metadata& metadata,
                        const std::vector<std::string>& modules) {
    Lines lines = {what_was_inferred(options, metadata)};
    if (options.hidden == 3) {
        Lines names;
        for (const std::string& module : modules) names.push_back(in_quotes(module));
        lines.push_back(
            fmt::format("all of its channels are 3, so that only their names tell the layers' order: {}",
                        fmt::join(names, ", ")));
    }
    for (std::string& line : what_the_gaps_tell(metadata, modules)) lines.push_back(std::move(line));
    return lines;
}

}  // namespace shadenet
