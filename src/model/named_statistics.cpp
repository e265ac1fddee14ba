#include "model/named_statistics.h"

#include <algorithm>

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

Parameters with_statistics(Parameters parameters, const NamedStatistics& set) {
    for (const NamedTensor& tensor : set.tensors) parameters.at(tensor.name).values = tensor.values;
    return parameters;
}

}  // namespace shadenet
