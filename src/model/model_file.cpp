#include "model/model_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "model/foreign_model.h"
#include "model/foreign_notes.h"
#include "model/safetensors_header.h"
#include "model/statistics_text.h"

namespace shadenet {

namespace {

using Metadata = std::map<std::string, std::string>;

constexpr const char* norm_updates_key = "norm_updates";
constexpr const char* debiased_key = "norms_debiased";
constexpr const char* frozen_key = "norms_frozen";

const std::string& entry(const Metadata& metadata, const char* key, const std::string& source) {
    const auto found = metadata.find(key);
    if (found != metadata.end()) return found->second;
    throw InputError(
        fmt::format("{}: holds no architecture (metadata '{}' is missing); was it written by shadenet "
                    "train?",
                    source, key));
}

[[noreturn]] void refuse_entry(const char* key, const std::string& value, const char* accepted,
                               const std::string& source) {
    throw InputError(fmt::format("{}: its metadata '{}' is {}, and should be {}", source, key,
                                 in_quotes(value), accepted));
}

/// The whole text, without blanks or a sign of plus. "nan" and "inf" are numbers here, and validate() refuses
/// them.
template <typename Number>
Number number(const Metadata& metadata, const char* key, const char* accepted, const std::string& source) {
    const std::string& text = entry(metadata, key, source);
    Number value{};
    const char* const last = text.data() + text.size();
    const auto [end, error] = std::from_chars(text.data(), last, value);
    if (error != std::errc() || end != last) {
        refuse_entry(key, text, accepted, source);
    }
    return value;
}

bool yes_or_no(const Metadata& metadata, const char* key, const std::string& source) {
    const std::string& text = entry(metadata, key, source);
    if (text != "true" && text != "false") refuse_entry(key, text, "true or false", source);
    return text == "true";
}

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

NamedTensor checked_tensor(const SafeTensor& tensor, const TensorSpec& spec, const std::string& source) {
    return {spec.name, spec.shape, spec.trainable, checked_values(tensor, spec, source), spec.held};
}

/// By the file's own names. What PyTorch leaves out stands for itself: no bias is 0, and no γ is 1.
Parameters parameters_by_name(const SafeTensors& file, const Network& network,
                              const std::map<std::string, std::string>& names, const std::string& source) {
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        const auto name = names.find(spec.name);
        if (name != names.end()) {
            tensors.push_back(checked_tensor(*file.find(name->second), spec, source));
        } else {
            const float value = spec.name.ends_with(".weight") ? 1.0f : 0.0f;
            tensors.push_back(
                {spec.name, spec.shape, spec.trainable, std::vector<float>(spec.values(), value), spec.held});
        }
    }
    return Parameters(std::move(tensors));
}

/// What a file says beside the network: the sets, how the moving statistics were moved, and the colours of
/// the pictures.
void read_statistics(Model& model, const Metadata& metadata, const std::string& source) {
    model.sets = sets_from(metadata, model.architecture(), source);
    model.debiased = metadata.contains(debiased_key) && yes_or_no(metadata, debiased_key, source);
    model.frozen = metadata.contains(frozen_key) && yes_or_no(metadata, frozen_key, source);
    model.colours = colours_from(metadata, source);
    if (!metadata.contains(norm_updates_key)) return;
    model.norm_updates = number<std::uint64_t>(metadata, norm_updates_key, "a whole number", source);
}

/// A file that has not all of the metadata. What it has wins, as long as the tensors do not say otherwise.
Model foreign_model(const SafeTensors& file, const std::string& source,
                    const std::optional<PixelRange>& range) {
    const InferredNetwork inferred = infer_network(file, source);
    Metadata metadata = file.metadata;
    metadata.merge(to_metadata(inferred.options));
    if (range) metadata.try_emplace("range", to_string(*range));
    Model model;
    model.options = options_from_metadata(metadata, source);
    const bool has_norms = inferred.options.norm != NormPlacement::none;
    if ((model.options.norm != NormPlacement::none) != has_norms) {
        throw InputError(fmt::format("{}: its metadata 'norm' is \"{}\", and it has {}; correct the metadata",
                                     source, metadata.at("norm"),
                                     has_norms ? "batch norms" : "no batch norm"));
    }
    model.parameters = parameters_by_name(file, model.architecture(), inferred.names, source);
    read_statistics(model, file.metadata, source);
    model.notes = notes_on_inferred(model.options, file.metadata, inferred.modules);
    return model;
}

}  // namespace

std::map<std::string, std::string> to_metadata(const NetworkOptions& options) {
    Metadata metadata{{"hidden", fmt::format("{}", options.hidden)},
                      {"kernel", fmt::format("{}", options.kernel)},
                      {"activation", options.activation},
                      {"norm", to_string(options.norm)},
                      {"residual", options.residual ? "true" : "false"},
                      {"decay", fmt::format("{}", options.decay)},
                      {"epsilon", fmt::format("{}", options.epsilon)}};
    // Without these entries a model is as most are.
    if (!options.center) metadata["center"] = "false";
    if (!options.scale) metadata["scale"] = "false";
    if (!options.range.is_unit()) metadata["range"] = to_string(options.range);
    return metadata;
}

std::map<std::string, std::string> usual_entries() {
    return {{"center", "true"}, {"scale", "true"}, {"range", to_string(PixelRange{})}};
}

std::map<std::string, std::string> network_identity(const NetworkOptions& options) {
    Metadata metadata = to_metadata(options);
    for (const auto& [key, usual] : usual_entries()) metadata.try_emplace(key, usual);
    return metadata;
}

NetworkOptions options_from_metadata(const std::map<std::string, std::string>& metadata,
                                     const std::string& source) {
    NetworkOptions options;
    options.hidden = number<std::uint32_t>(metadata, "hidden", "a whole number", source);
    options.kernel = number<std::uint32_t>(metadata, "kernel", "a whole number", source);
    options.activation = entry(metadata, "activation", source);
    const std::string& norm = entry(metadata, "norm", source);
    options.residual = yes_or_no(metadata, "residual", source);
    options.decay = number<float>(metadata, "decay", "a number", source);
    options.epsilon = number<float>(metadata, "epsilon", "a number", source);
    if (metadata.contains("center")) options.center = yes_or_no(metadata, "center", source);
    if (metadata.contains("scale")) options.scale = yes_or_no(metadata, "scale", source);
    try {
        options.norm = norm_placement(norm);
        if (metadata.contains("range")) options.range = pixel_range(metadata.at("range"));
        validate(options);
    } catch (const InputError& error) {
        throw InputError(fmt::format("{}: its metadata is refused: {}", source, error.what()));
    }
    return options;
}

Parameters parameters_from(const SafeTensors& file, const Network& network,
                           const std::string& source, const std::string& prefix) {
    std::vector<NamedTensor> tensors;
    for (const TensorSpec& spec : tensor_specs(network)) {
        const SafeTensor* tensor = file.find(prefix + spec.name);
        if (tensor == nullptr) {
            throw InputError(fmt::format("{}: has no tensor \"{}{}\", which its architecture needs", source,
                                         prefix, spec.name));
        }
        tensors.push_back(checked_tensor(*tensor, spec, source));
    }
    return Parameters(std::move(tensors));
}

void append(SafeTensors& file, const Parameters& parameters) {
    for (const NamedTensor& tensor : parameters.tensors()) {
        file.tensors.push_back(
            SafeTensor::floats(tensor.name, {tensor.shape.begin(), tensor.shape.end()}, tensor.values));
    }
}

Model model_from(const SafeTensors& file, const std::string& source, const std::optional<PixelRange>& range) {
    for (const auto& [key, value] : to_metadata({})) {
        if (!file.metadata.contains(key)) return foreign_model(file, source, range);
    }
    Model model;
    model.options = options_from_metadata(file.metadata, source);
    model.parameters = parameters_from(file, model.architecture(), source);
    read_statistics(model, file.metadata, source);
    return model;
}

Model parse_model(std::span<const std::byte> bytes, const std::string& source) {
    return model_from(parse_safetensors(bytes, source), source);
}

Model read_model(const std::filesystem::path& path, const std::optional<PixelRange>& range) {
    return model_from(read_safetensors(path), path.string(), range);
}

void write_model(const std::filesystem::path& path, const Model& model) {
    SafeTensors file;
    file.metadata = to_metadata(model.options);
    append_sets(file.metadata, model.sets);
    if (model.norm_updates) file.metadata[norm_updates_key] = fmt::format("{}", *model.norm_updates);
    if (model.debiased) file.metadata.emplace(debiased_key, "true");
    if (model.frozen) file.metadata.emplace(frozen_key, "true");
    append_colours(file.metadata, model.colours);
    append(file, model.parameters);
    write_safetensors(path, file);
}

}  // namespace shadenet
