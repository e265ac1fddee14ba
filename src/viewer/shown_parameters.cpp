#include "viewer/shown_parameters.h"

#include <cstddef>

namespace shadenet {

const Parameters* parameters_of(const RunStory& story, std::uint32_t epoch) {
    if (epoch >= story.parameters.size() || story.parameters[epoch].tensors().empty()) return nullptr;
    return &story.parameters[epoch];
}

const NamedTensor* find_tensor(const Parameters& parameters, std::string_view name) {
    for (const NamedTensor& tensor : parameters.tensors()) {
        if (tensor.name != name) continue;
        std::size_t values = 1;
        for (const std::uint32_t extent : tensor.shape) values *= extent;
        return values == tensor.values.size() ? &tensor : nullptr;
    }
    return nullptr;
}

}  // namespace shadenet
