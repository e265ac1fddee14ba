// Named statistics as a model's metadata keeps them: one JSON text for each set.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/named_statistics.h"
#include "model/network.h"

namespace shadenet {

/// {"bn1.running_mean":[0.25,-1.5],"bn1.running_var":[1.0,0.5]}, without blanks. Every number is the shortest
/// decimal that reads back as the same float, −0 included.
std::string statistics_text(const NamedStatistics& set);

/// The set `name` out of such a text, which must hold all the statistics of `network`, once each, and
/// nothing else. Throws InputError "<source>: ..." for any other text, and for values that are not finite or
/// no variance.
NamedStatistics parse_statistics(const std::string& text, const std::string& name, const Network& network,
                                 const std::string& source);

/// The entries "statistics.<name>" of a file's metadata, one for each set.
void append_sets(std::map<std::string, std::string>& metadata, const std::vector<NamedStatistics>& sets);
/// The sets in a file's metadata, sorted by name. Throws InputError "<source>: ..." for a name that is none,
/// more than `most_sets`, and as parse_statistics() does.
std::vector<NamedStatistics> sets_from(const std::map<std::string, std::string>& metadata,
                                       const Network& network, const std::string& source);

}  // namespace shadenet
