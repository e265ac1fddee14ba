// What a run is told that is told nothing: the one place where the defaults of the command line stand. A
// TrainOptions by itself has what they were before there was a choice, which is --classic.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "train/options/option_table.h"

namespace shadenet {

/// draft: a look at what will come of it. normal: the default. best: takes its time.
enum class Quality : std::uint32_t { draft, normal, best };

std::string to_string(Quality quality);
/// Throws InputError for anything but draft|normal|best.
Quality quality(const std::string& text);

/// The options of a run that is told no more than this.
TrainOptions default_options(Quality quality);

/// Takes defaults back that make no sense beside what was given by hand: what only a norm can do, where the
/// network has none, and a start that --init or the network rules out. `given`: whether an option was given;
/// those stay, to be refused by validate(). The network has been looked up. Throws InputError for a shape
/// that no network has.
void give_way(TrainOptions& options, const std::function<bool(const Option&)>& given);

}  // namespace shadenet
