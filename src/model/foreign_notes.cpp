#include "model/foreign_notes.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/module_names.h"
#include "model/network_metadata.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

using Metadata = std::map<std::string, std::string>;
using Lines = std::vector<std::string>;

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
    assumed.push_back("stride 1, same padding");
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
                "to be none; metadata 'activation' (none, relu, leaky_relu or tanh) and 'norm' (before or "
                "after it) would settle it",
                place));
        }
    }
    return lines;
}

}  // namespace

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
