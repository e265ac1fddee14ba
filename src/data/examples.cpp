#include "data/examples.h"

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace shadenet {

Examples::Examples(std::uint32_t size, const Shape& input, const Shape& target,
                   std::vector<std::uint32_t> domain_sizes)
    : size_(size), input_shape_(input), target_shape_(target), domain_sizes_(std::move(domain_sizes)) {
    if (domain_sizes_.empty()) domain_sizes_ = {size};
    if (std::accumulate(domain_sizes_.begin(), domain_sizes_.end(), std::uint64_t{0}) != size) {
        throw std::invalid_argument("the domains do not have as many examples as there are");
    }
}

std::uint32_t Examples::domain_of(std::uint32_t index) const {
    std::uint32_t domain = 0;
    for (std::uint32_t end = domain_sizes_[0]; index >= end;) end += domain_sizes_.at(++domain);
    return domain;
}

bool is_whole_level(float value) {
    const float level = value * 255.0f;
    return level >= 0.0f && level <= 255.0f && std::round(level) / 255.0f == value;
}

std::uint8_t whole_level(float value) {
    return static_cast<std::uint8_t>(std::lround(value * 255.0f));
}

}  // namespace shadenet
