// The flags of `shadenet train`, and the options that they stand for.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "train/options.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace shadenet {

/// What the command line says. Must stay in place from add_train_flags() on: the parser writes into it.
struct TrainFlags {
    TrainOptions options;
    std::string device;
    bool reference = false, quiet = false, verbose = false, no_tune = false;

    const CLI::Option* epochs = nullptr;
    const CLI::Option* learning_rate = nullptr;
    /// Each flag with what copies its value into other options.
    std::vector<std::pair<const CLI::Option*, std::function<void(TrainOptions&)>>> copies;
};

void add_train_flags(CLI::App& command, TrainFlags& flags);

/// The options that flags and their defaults stand for, not checked, and --resume aside.
TrainOptions given_options(const TrainFlags& flags);

/// The options of the run, checked. With --resume they come from the run folder's config.json, and flags that
/// were given win. Throws InputError.
TrainOptions resolve(const TrainFlags& flags);

}  // namespace shadenet
