// Where a run begins: what a resumed one must have in common with what it goes on from, and the first
// parameters.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "model/model_file.h"
#include "train/options/options.h"

namespace shadenet {

/// Compares `options` with the config.json of the run that they are to go on with: network, what its norms do
/// in training, optimizer, seed, batch, size, schedule, plan, the domains' names and the content of an --init
/// must be the same; epochs, test pictures and output may differ, and an --init, a plan or a schedule's steps
/// that are not repeated, changes of rates, and what the pictures were, are taken over. The plan is then
/// layerwise where an earlier version trained the run layer by layer. Throws InputError when there is no such
/// run, naming what differs otherwise, and when a folder of pictures is not there.
void adopt(const std::filesystem::path& config, TrainOptions& options);

/// Which of the pictures are not those that `options.data` tells of, from which they have these
/// `differences`: none, unless options.changed_data takes them; all where that is given and it tells of none.
/// `first` gets words for what was found, naming the first. Throws InputError for pictures that are others
/// and not taken.
DataChange changed_data(const TrainOptions& options, const DataDifferences& differences, std::string& first);

/// The model that --init names, or a fresh one, for data of these classes; none of pairs. What is held
/// (--no-center, --no-scale) is held at the model's values, which in a fresh one are β 0 and γ 1.
/// `options.data.init` is compared with the file, or taken from it where it is empty. Throws InputError when
/// that model is of another network, knows other classes or the same in another order, or is another model
/// than it was.
Model starting_model(TrainOptions& options, const std::vector<std::string>& classes = {});

/// Of starting_model(); a resumed run has those of an --init, which may be gone by now, in its `epochs` too.
Parameters untrained_parameters(TrainOptions& options, const std::filesystem::path& epochs);

}  // namespace shadenet
