// Moving statistics under a name: a model's weights with the statistics of another kind of pictures.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/parameters.h"

namespace shadenet {

/// A network's running_mean and running_var tensors, in the order of its parameters.
struct NamedStatistics {
    std::string name;
    std::vector<NamedTensor> tensors;
};

/// Of one model: a file's header has a size that it may not exceed.
inline constexpr std::size_t most_sets = 64;

/// Throws InputError naming the name unless it is 1 to 64 letters, digits, '-' and '_' (it stands in file
/// names, columns and flags).
void require_set_name(const std::string& name);

/// The statistics of `parameters`.
NamedStatistics statistics_of(const Parameters& parameters, const std::string& name);
/// The set of that name. Throws InputError "<source>: ..." listing the names there are.
const NamedStatistics& set_named(const std::vector<NamedStatistics>& sets, const std::string& name,
                                 const std::string& source);
/// Puts `set` in the place of the one of its name, or beside the others. Returns whether there was one.
/// Throws InputError where there are `most_sets` already.
bool store_set(std::vector<NamedStatistics>& sets, NamedStatistics set);
/// "day, night".
std::string set_names(const std::vector<NamedStatistics>& sets);
/// `parameters` with the set's statistics. Throws std::out_of_range where one is of another network.
Parameters with_statistics(Parameters parameters, const NamedStatistics& set);

}  // namespace shadenet
