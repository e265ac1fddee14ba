// The value of an option of a run, of whatever type it is.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "train/options/options.h"

namespace shadenet {

/// Where an option lies in a TrainOptions.
using OptionPlace =
    std::variant<bool*, std::uint32_t*, std::uint64_t*, float*, std::string*, std::filesystem::path*,
                 NormPlacement*, PicturePadding*, PixelRange*, StartWeights*, OptimizerKind*, ScheduleKind*,
                 PlanKind*, NormFreeze*, std::vector<Domain>*>;

/// As --help, messages and checkpoints show the value: "0.9", "true", "before"; the names of domains.
std::string text_of(const OptionPlace& place);
/// Reads what text_of() gives, domains aside. Throws InputError for a word that the option does not know, and
/// for what is no number of the option's type.
void read_text(const OptionPlace& place, const std::string& text);
/// Both are of one option.
void copy_value(const OptionPlace& from, const OptionPlace& to);

}  // namespace shadenet
