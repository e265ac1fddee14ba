#include "model/model_file.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/one_line.h"
#include "model/foreign_model.h"
#include "model/network_metadata.h"
#include "model/safetensors_header.h"
#include "model/statistics_text.h"

namespace shadenet {

namespace {

using Metadata = std::map<std::string, std::string>;

constexpr const char* norm_updates_key = "norm_updates";
constexpr const char* debiased_key = "norms_debiased";
constexpr const char* frozen_key = "norms_frozen";
constexpr const char* solved_key = "last_layer_solved";
constexpr const char* solved_step_key = "last_layer_solved_after";

/// The values of `tensor`, fit to compute with as the parameter `spec`.
std::vector<float> checked_values(const SafeTensor& tensor, const TensorSpec& spec,
                                  const std::string& source) {
    const auto fail = [&](const std::string& what) {
        throw InputError(fmt::format("{}: the tensor {} {}", source, in_quotes(tensor.name), what));
    };
    if (!std::equal(tensor.shape.begin(), tensor.shape.end(), spec.shape.begin(), spec.shape.end())) {
        fail(fmt::format("is [{}], and the architecture needs [{}]", fmt::join(tensor.shape, ","),
                         fmt::join(spec.shape, ",")));
    }
    if (!is_floating(tensor.dtype)) {
        fail(fmt::format("is of type {}, and a network's numbers have fractions; save the model as float32",
                         name_of(tensor.dtype)));
    }
    std::vector<float> values = tensor.as_floats();
    const bool variance = spec.name.ends_with(".running_var");
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) fail(fmt::format("holds {} at {}; train again", values[i], i));
        if (variance && values[i] < 0.0f)
            fail(fmt::format("holds the variance {} at {}; train again", values[i], i));
    }
    return values;
}

/// Of each tensor what `find` gives for its spec. What a file need not have is null: no bias is 0, no γ is 1.
template <typename Find>
Parameters parameters_found(const Network& network, const std::string& source, const Find& find) {
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        const SafeTensor* const tensor = find(spec);
        const float usual = spec.name.ends_with(".weight") ? 1.0f : 0.0f;
        tensors.push_back({spec.name, spec.shape, spec.trainable,
                           tensor != nullptr ? checked_values(*tensor, spec, source)
                                             : std::vector<float>(spec.values(), usual),
                           spec.held});
    }
    return Parameters(std::move(tensors));
}

/// What a file says beside the network: the sets, how the moving statistics were moved, and the colours of
/// the pictures.
void read_statistics(Model& model, const Metadata& metadata, const std::string& source) {
    model.sets = sets_from(metadata, model.network, source);
    model.debiased = metadata.contains(debiased_key) && yes_or_no(metadata, debiased_key, source);
    model.frozen = metadata.contains(frozen_key) && yes_or_no(metadata, frozen_key, source);
    model.colours = colours_from(metadata, source);
    model.classes = classes_from(metadata, source);
    if (metadata.contains(solved_key)) {
        model.solved = {whole_entry(metadata, solved_step_key, source), on_one_line(metadata.at(solved_key))};
    }
    if (!metadata.contains(norm_updates_key)) return;
    model.norm_updates = whole_entry(metadata, norm_updates_key, source);
}

Model own_model(const SafeTensors& file, Network network, const std::string& source) {
    Model model{std::move(network), {}};
    model.parameters = parameters_from(file, model.network, source);
    read_statistics(model, file.metadata, source);
    return model;
}

/// A file that has not all of the metadata. What it has wins, as long as the tensors do not say otherwise.
Model foreign_model(const SafeTensors& file, const std::string& source,
                    const std::optional<PixelRange>& range) {
    const InferredNetwork inferred = infer_network(file, source);
    Metadata metadata = file.metadata;
    metadata.merge(to_metadata(inferred.options));
    if (range) metadata.try_emplace("range", to_string(*range));
    Model model;
    const NetworkOptions options = options_from_metadata(metadata, source);
    const bool has_norms = inferred.options.norm != NormPlacement::none;
    if ((options.norm != NormPlacement::none) != has_norms) {
        throw InputError(fmt::format("{}: its metadata 'norm' is \"{}\", and it has {}; correct the metadata",
                                     source, metadata.at("norm"),
                                     has_norms ? "batch norms" : "no batch norm"));
    }
    model.network = two_layer_network(options);
    // By the file's own names.
    model.parameters = parameters_found(model.network, source, [&](const TensorSpec& spec) {
        const auto name = inferred.names.find(spec.name);
        return name == inferred.names.end() ? nullptr : file.find(name->second);
    });
    read_statistics(model, file.metadata, source);
    model.notes = notes_on_inferred(options, file.metadata, inferred.modules);
    model.assumed = !model.notes.empty();
    return model;
}

}  // namespace

Parameters parameters_from(const SafeTensors& file, const Network& network, const std::string& source,
                           const std::string& prefix) {
    return parameters_found(network, source, [&](const TensorSpec& spec) {
        const SafeTensor* const tensor = file.find(prefix + spec.name);
        if (tensor == nullptr && !spec.held) {
            throw InputError(fmt::format("{}: has no tensor \"{}{}\", which its architecture needs", source,
                                         prefix, spec.name));
        }
        return tensor;
    });
}

void append(SafeTensors& file, const Parameters& parameters) {
    for (const NamedTensor& tensor : parameters.tensors()) {
        file.tensors.push_back(
            SafeTensor::floats(tensor.name, {tensor.shape.begin(), tensor.shape.end()}, tensor.values));
    }
}

Model model_from(const SafeTensors& file, const std::string& source, const std::optional<PixelRange>& range) {
    std::optional<Network> network = network_from(file.metadata, source);
    Model model = network ? own_model(file, std::move(*network), source) : foreign_model(file, source, range);
    std::string note = unused_network_note(file.metadata);
    if (!note.empty()) model.notes.push_back(std::move(note));
    return model;
}

Model read_model(const std::filesystem::path& path, const std::optional<PixelRange>& range) {
    return model_from(read_safetensors(path), path.string(), range);
}

void write_model(const std::filesystem::path& path, const Model& model) {
    SafeTensors file;
    append_network(file.metadata, model.network);
    append_sets(file.metadata, model.sets);
    if (model.norm_updates) file.metadata[norm_updates_key] = fmt::format("{}", *model.norm_updates);
    if (model.debiased) file.metadata.emplace(debiased_key, "true");
    if (model.frozen) file.metadata.emplace(frozen_key, "true");
    if (model.solved) {
        file.metadata.emplace(solved_key, model.solved->gain);
        file.metadata.emplace(solved_step_key, fmt::format("{}", model.solved->step));
    }
    append_colours(file.metadata, model.colours);
    append_classes(file.metadata, model.classes);
    append(file, model.parameters);
    write_safetensors(path, file);
}

}  // namespace shadenet
