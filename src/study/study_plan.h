// What a study is asked for, and the runs that this makes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "study/grid.h"
#include "train/options/options.h"

namespace shadenet {

struct StudyVariant {
    Settings settings;
    TrainOptions options;  ///< of its first repeat; the output is the study's folder

    std::string label() const { return label_of(settings); }
};

struct StudyPlan {
    std::string name;              ///< of a ready-made study; else empty
    std::filesystem::path folder;  ///< holds everything
    std::uint32_t repeats = 1;
    std::vector<StudyVariant> variants;
};

struct StudyRun {
    std::size_t variant = 0;  ///< index into the plan's
    std::uint32_t repeat = 0;
    std::string name;  ///< of its folder: "norm=none,optimizer=adam,seed=0"
    TrainOptions options;
};

/// Those that the variants are given, in the order in which they first name them.
std::vector<std::string> varied_options(const StudyPlan& plan);

/// All runs in the order in which they are made: every variant once, and then again with the next seed, so
/// that a study that is cut short has something of each.
std::vector<StudyRun> runs_of(const StudyPlan& plan);

/// Throws InputError, naming the variant, for options that a run would refuse, for a variant that is another
/// one's double, and for more than most_runs runs.
void validate(const StudyPlan& plan);

inline constexpr std::size_t most_runs = 1000;

}  // namespace shadenet
