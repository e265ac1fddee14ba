// What a run is told that is told nothing: the one place where the defaults of the command line stand.
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

/// The options of a run that is told no more than this; `classes`: one on labelled pictures.
TrainOptions default_options(Quality quality, bool classes = false);
/// Those of the time when there was no choice, for --classic.
TrainOptions classic_options();

/// Whether an option was given by hand.
using IsGiven = std::function<bool(const Option&)>;

/// Takes defaults back that make no sense beside what was given by hand: those that give_way_to_network()
/// does, and crops and their number in a step where pictures are taken whole. What was given stays, to be
/// refused by validate(). The network has been looked up. Throws InputError for a shape that no network has.
void give_way(TrainOptions& options, const IsGiven& given);
/// What only a norm can do, where the network has none, and a start that --init or the network rules out.
void give_way_to_network(TrainOptions& options, const IsGiven& given);

/// Finds the network that was asked for, and gives it the norms that were asked for by hand, where it is not
/// the preset two-layer, whose last layer has a norm, too. Throws InputError as NetworkChoice::look_up() and
/// with_wishes() do.
void look_up_network(TrainOptions& options, const IsGiven& given);

/// Makes epochs of a number of steps that was given in their place; both are not to be given. Throws
/// InputError, too, for a number that is not one of whole epochs.
void take_steps(TrainOptions& options, const IsGiven& given);

/// The options of a run that has begun, for another one that may be longer or shorter: what followed from the
/// length of the run follows from that of the new one.
TrainOptions renewed(TrainOptions options);

}  // namespace shadenet
