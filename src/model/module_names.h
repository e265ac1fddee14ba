// What PyTorch's names of modules tell of their order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace shadenet {

/// By text, with the numbers inside compared as numbers: "conv2" comes before "conv10".
bool natural_less(std::string_view a, std::string_view b);

/// The indices of `modules` in the one nn.Sequential that holds them ("net.0", "net.3"); empty where there is
/// none such.
std::vector<unsigned> sequential_indices(const std::vector<std::string>& modules);

}  // namespace shadenet
