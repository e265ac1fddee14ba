#include "data/examples.h"

#include <cmath>
#include <numeric>
#include <stdexcept>
#include <utility>

namespace shadenet {

std::vector<std::uint32_t> whole_domains(std::vector<std::uint32_t> sizes, std::uint32_t size) {
    if (sizes.empty()) sizes = {size};
    if (std::accumulate(sizes.begin(), sizes.end(), std::uint64_t{0}) != size) {
        throw std::invalid_argument("the domains do not have as many examples as there are");
    }
    return sizes;
}

std::uint32_t domain_of(const std::vector<std::uint32_t>& sizes, std::uint32_t index) {
    std::uint32_t domain = 0;
    for (std::uint32_t end = sizes[0]; index >= end;) end += sizes.at(++domain);
    return domain;
}

Examples::Examples(std::uint32_t size, const Shape& input, const Shape& target,
                   std::vector<std::uint32_t> domain_sizes)
    : size_(size),
      input_shape_(input),
      target_shape_(target),
      domain_sizes_(whole_domains(std::move(domain_sizes), size)) {}

bool is_whole_level(float value) {
    const float level = value * 255.0f;
    return level >= 0.0f && level <= 255.0f && std::round(level) / 255.0f == value;
}

std::uint8_t whole_level(float value) {
    return static_cast<std::uint8_t>(std::lround(value * 255.0f));
}

}  // namespace shadenet
