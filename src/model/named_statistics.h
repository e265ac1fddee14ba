// Moving statistics under a name: a model's weights with the statistics of another kind of pictures.
#pragma once

#include <string>
#include <vector>

#include "model/parameters.h"

namespace shadenet {

/// A network's running_mean and running_var tensors, in the order of its parameters.
struct NamedStatistics {
    std::string name;
    std::vector<NamedTensor> tensors;
};

/// Throws InputError naming the name unless it is 1 to 64 letters, digits, '-' and '_' (it stands in file
/// names, columns and flags).
void require_set_name(const std::string& name);

/// The statistics of `parameters`.
NamedStatistics statistics_of(const Parameters& parameters, const std::string& name);
/// `parameters` with the set's statistics. Throws std::out_of_range where one is of another network.
Parameters with_statistics(Parameters parameters, const NamedStatistics& set);

}  // namespace shadenet
