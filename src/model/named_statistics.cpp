#include "model/named_statistics.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "model/safetensors_header.h"

namespace shadenet {

void require_set_name(const std::string& name) {
    const auto accepted = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_';
    };
    if (!name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), accepted)) return;
    throw InputError(
        fmt::format("{} cannot name statistics; use 1 to 64 letters, digits, - and _", in_quotes(name)));
}

NamedStatistics statistics_of(const Parameters& parameters, const std::string& name) {
    NamedStatistics set{name, {}};
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (!tensor.trainable) set.tensors.push_back(tensor);
    }
    return set;
}

const NamedStatistics& set_named(const std::vector<NamedStatistics>& sets, const std::string& name,
                                 const std::string& source) {
    for (const NamedStatistics& set : sets) {
        if (set.name == name) return set;
    }
    if (sets.empty()) {
        throw InputError(
            fmt::format("{}: holds no named statistics, and so none named {}; make them with "
                        "`shadenet adapt`",
                        source, in_quotes(name)));
    }
    throw InputError(fmt::format("{}: holds no statistics named {}; there are: {}", source, in_quotes(name),
                                 set_names(sets)));
}

bool store_set(std::vector<NamedStatistics>& sets, NamedStatistics set) {
    for (NamedStatistics& other : sets) {
        if (other.name != set.name) continue;
        other = std::move(set);
        return true;
    }
    if (sets.size() >= most_sets) {
        throw InputError(
            fmt::format("there are {} sets of statistics already, as many as a model holds; use "
                        "one of their names to replace it, or another --output",
                        sets.size()));
    }
    sets.push_back(std::move(set));
    return false;
}

std::string set_names(const std::vector<NamedStatistics>& sets) {
    std::string names;
    for (const NamedStatistics& set : sets) names += (names.empty() ? "" : ", ") + set.name;
    return names;
}

Parameters with_statistics(Parameters parameters, const NamedStatistics& set) {
    for (const NamedTensor& tensor : set.tensors) parameters.at(tensor.name).values = tensor.values;
    return parameters;
}

}  // namespace shadenet
