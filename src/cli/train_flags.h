// The flags of `shadenet train`, and the options that they stand for.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "train/options/quality.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace shadenet {

/// What the command line says. Must stay in place from add_train_flags() on: the parser writes into it.
struct TrainFlags {
    TrainOptions options = default_options(Quality::normal);
    std::string device;
    std::string quality;  ///< empty: normal
    bool reference = false, classic = false, quiet = false, verbose = false, no_tune = false;

    /// The flags of the option table, given or not, each with its row.
    std::vector<std::pair<const CLI::Option*, const Option*>> all;

    /// The flag of this row was given.
    bool has(const Option& row) const;
};

/// Throws InputError where the option has no effect: it shapes another network than the one that is chosen,
/// or is about crops, which are not taken.
void require_use(const Option& row, const TrainOptions& options);

void require_use_of_given(const TrainFlags& flags, const TrainOptions& options);

/// Copies what flags were given for.
void copy_given(const TrainFlags& flags, TrainOptions& to);

void add_train_flags(CLI::App& command, TrainFlags& flags);

/// The options that flags and their defaults stand for, not checked, and --resume aside. Throws InputError
/// for two sets of defaults at once.
TrainOptions given_options(const TrainFlags& flags);

/// Which set of defaults was asked for, as "--classic"; empty where none was.
std::string asked_defaults(const TrainFlags& flags);

/// The options of the run, checked. With --resume they come from the run folder's config.json, whatever the
/// defaults were, and flags that were given win. Throws InputError.
TrainOptions resolve(const TrainFlags& flags);

}  // namespace shadenet
