#include "model/model_classes.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <tuple>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/number.h"
#include "base/one_line.h"
#include "model/safetensors_header.h"

namespace shadenet {

namespace {

constexpr const char *names_key = "classes", *count_key = "class_count", *picture_size_key = "picture_size",
                     *resizing_key = "picture_resizing", *grey_key = "picture_grey";
constexpr std::uint32_t most_side = 16'384;

[[noreturn]] void refuse_entry(const std::string& source, const char* key, const std::string& accepted) {
    throw InputError(fmt::format("{}: its metadata '{}' should be {}; take the model from a backup", source,
                                 key, accepted));
}

const std::string& class_entry(const std::map<std::string, std::string>& metadata, const char* key,
                               const std::string& source) {
    const auto found = metadata.find(key);
    if (found == metadata.end()) refuse_entry(source, key, "there, beside those of its classes");
    return found->second;
}

std::vector<std::string> names_from(const std::string& text, const std::string& source) {
    const auto json = nlohmann::json::parse(text, nullptr, false);
    if (!json.is_array() || json.size() < 2 || json.size() > most_model_classes) {
        refuse_entry(source, names_key, "a list of the names of 2 classes or more");
    }
    std::vector<std::string> names;
    for (const nlohmann::json& name : json) {
        if (!name.is_string()) refuse_entry(source, names_key, "a list of names");
        names.push_back(name.get<std::string>());
    }
    if (const std::string fault = fault_of_names(names); !fault.empty()) {
        refuse_entry(source, names_key, fmt::format("a list of names that can be told apart: {}", fault));
    }
    return names;
}

/// "1x28x28".
std::optional<std::array<std::uint32_t, 3>> extent_from(std::string_view text) {
    std::array<std::uint32_t, 3> extent{};
    for (std::size_t i = 0; i < extent.size(); ++i) {
        const std::size_t end = i + 1 < extent.size() ? text.find('x') : text.size();
        if (end == text.npos) return {};
        const auto number = number_in<std::uint32_t>(text.substr(0, end));
        if (!number || *number == 0 || *number > most_side) return {};
        extent[i] = *number;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return extent;
}

/// "it has no class 2", "its class 2 is \"cat\"".
std::string own_class(const std::vector<std::string>& names, std::size_t index) {
    if (index >= names.size()) return fmt::format("it has no class {}", index);
    return fmt::format("its class {} is {}", index, in_quotes(names[index]));
}

}  // namespace

std::string fault_of_names(const std::vector<std::string>& names) {
    std::map<std::string_view, std::size_t> numbers;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (names[i].empty()) return fmt::format("the name of class {} is empty", i);
        if (has_controls(names[i])) {
            return fmt::format("the name of class {}, {}, has a control character", i, in_quotes(names[i]));
        }
        const auto [same, is_new] = numbers.emplace(names[i], i);
        if (is_new) continue;
        return fmt::format("the classes {} and {} have the name {}", same->second, i, in_quotes(names[i]));
    }
    return "";
}

void require_same_classes(const std::vector<std::string>& known, const std::vector<std::string>& now,
                          const std::string& source, const std::string& remedy) {
    if (known == now) return;
    const auto first = static_cast<std::size_t>(std::ranges::mismatch(known, now).in1 - known.begin());
    throw InputError(fmt::format("{}: {}, and the data has {} there; {}", source, own_class(known, first),
                                 first < now.size() ? in_quotes(now[first]) : "none", remedy));
}

void append_classes(std::map<std::string, std::string>& metadata, const ModelClasses& classes) {
    using nlohmann::json;
    if (classes.names.empty()) return;
    metadata[names_key] = json(classes.names).dump(-1, ' ', false, json::error_handler_t::replace);
    metadata[count_key] = fmt::format("{}", classes.names.size());
    metadata[picture_size_key] = fmt::format("{}x{}x{}", classes.channels, classes.height, classes.width);
    metadata[resizing_key] = classes.resizing;
    metadata[grey_key] = classes.grey;
}

ModelClasses classes_from(const std::map<std::string, std::string>& metadata, const std::string& source) {
    const auto names = metadata.find(names_key);
    if (names == metadata.end()) return {};
    ModelClasses classes{names_from(names->second, source)};
    if (class_entry(metadata, count_key, source) != fmt::format("{}", classes.names.size())) {
        refuse_entry(source, count_key, "the number of the names of its classes");
    }
    const auto extent = extent_from(class_entry(metadata, picture_size_key, source));
    if (!extent) refuse_entry(source, picture_size_key, "channels, rows and columns, as 1x28x28");
    std::tie(classes.channels, classes.height, classes.width) =
        std::tuple((*extent)[0], (*extent)[1], (*extent)[2]);
    classes.resizing = class_entry(metadata, resizing_key, source);
    classes.grey = class_entry(metadata, grey_key, source);
    return classes;
}

}  // namespace shadenet
