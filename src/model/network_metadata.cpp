#include "model/network_metadata.h"

#include <sstream>

#include <fmt/format.h>

#include "base/error.h"
#include "base/number.h"
#include "model/network_text.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

using Metadata = std::map<std::string, std::string>;

constexpr const char* network_key = "network";

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

/// "nan" and "inf" are numbers here, and validate() refuses them.
template <typename Number>
Number number(const Metadata& metadata, const char* key, const char* accepted, const std::string& source) {
    const std::string& text = entry(metadata, key, source);
    if (const auto value = number_in<Number>(text)) return *value;
    refuse_entry(key, text, accepted, source);
}

/// Line `index` of a text, in quotes.
std::string quoted_line(const std::string& text, std::size_t index) {
    std::istringstream lines(text);
    std::string line;
    for (std::size_t i = 0; i <= index; ++i) {
        if (!std::getline(lines, line)) return "no such line";
    }
    return in_quotes(line);
}

/// What the metadata has of a two-layer network's entries must be of the same network as the text.
void require_same_network(const Network& network, const Metadata& metadata, const std::string& source) {
    const std::optional<NetworkOptions> options = two_layer_options(network);
    for (const auto& [key, value] : network_identity({})) {
        if (options || !metadata.contains(key)) continue;
        throw InputError(
            fmt::format("{}: its metadata '{}' is one of a two-layer network, and its metadata '{}' is of "
                        "another; remove "
                        "the wrong one",
                        source, key, network_key));
    }
    if (!options) return;
    Metadata entries = metadata;
    entries.merge(to_metadata(*options));
    const auto differs = difference(network, two_layer_network(options_from_metadata(entries, source)));
    if (!differs) return;
    throw InputError(
        fmt::format("{}: its metadata '{}' has {} {}, and its other entries have {}; remove the "
                    "wrong ones",
                    source, network_key, differs->what, differs->first, differs->second));
}

/// Other programs may have an entry of this name, which says something else.
bool is_network_text(const std::string& text) {
    return text.empty() || text.starts_with("input");
}

}  // namespace

std::uint64_t whole_entry(const std::map<std::string, std::string>& metadata, const char* key,
                          const std::string& source) {
    return number<std::uint64_t>(metadata, key, "a whole number", source);
}

bool yes_or_no(const std::map<std::string, std::string>& metadata, const char* key,
               const std::string& source) {
    const std::string& text = entry(metadata, key, source);
    if (text != "true" && text != "false") refuse_entry(key, text, "true or false", source);
    return text == "true";
}

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
    if (options.padding != PicturePadding::zero) metadata["padding"] = to_string(options.padding);
    return metadata;
}

std::map<std::string, std::string> network_identity(const NetworkOptions& options) {
    Metadata metadata = to_metadata(options);
    metadata.merge(Metadata{{"center", "true"},
                            {"scale", "true"},
                            {"range", to_string(PixelRange{})},
                            {"padding", to_string(PicturePadding::zero)}});
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
        if (metadata.contains("padding")) options.padding = picture_padding(metadata.at("padding"));
        validate(options);
    } catch (const InputError& error) {
        throw InputError(fmt::format("{}: its metadata is refused: {}", source, error.what()));
    }
    return options;
}

void append_network(std::map<std::string, std::string>& metadata, const Network& network) {
    metadata[network_key] = to_text(network);
    if (const auto options = two_layer_options(network)) metadata.merge(to_metadata(*options));
}

std::optional<Network> network_from(const std::map<std::string, std::string>& metadata,
                                    const std::string& source) {
    const auto text = metadata.find(network_key);
    if (text != metadata.end() && is_network_text(text->second)) {
        const Network network = parse_network(text->second, source + ": its metadata 'network'");
        require_same_network(network, metadata, source);
        return network;
    }
    for (const auto& [key, value] : to_metadata({})) {
        if (!metadata.contains(key)) return std::nullopt;
    }
    return two_layer_network(options_from_metadata(metadata, source));
}

std::string unused_network_note(const std::map<std::string, std::string>& metadata) {
    const auto text = metadata.find(network_key);
    if (text == metadata.end() || is_network_text(text->second)) return "";
    return fmt::format(
        "its metadata '{}' is passed over: it does not begin with \"input\", as a network does", network_key);
}

std::optional<NetworkDifference> difference(const Network& first, const Network& second) {
    if (first == second) return std::nullopt;
    const auto options = two_layer_options(first), others = two_layer_options(second);
    if (options && others) {
        const Metadata entries = network_identity(*options), other_entries = network_identity(*others);
        for (const auto& [key, value] : entries) {
            if (value != other_entries.at(key)) return NetworkDifference{key, value, other_entries.at(key)};
        }
    }
    const std::string text = to_text(first), other = to_text(second);
    if (text == other) return NetworkDifference{"names", "of its own", "of its own"};
    for (std::size_t i = 0;; ++i) {
        const std::string line = quoted_line(text, i), other_line = quoted_line(other, i);
        if (line != other_line) return NetworkDifference{fmt::format("line {}", i + 1), line, other_line};
    }
}

}  // namespace shadenet
