// The flags of `shadenet study`, and the study that they ask for.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/train_flags.h"
#include "study/study_file.h"

namespace shadenet {

/// Must stay in place from add_study_flags() on: the parser writes into it.
struct StudyFlags {
    TrainFlags train;
    std::string name;
    std::vector<std::string> variations;
    std::uint32_t repeats = 3;

    const CLI::Option* repeat = nullptr;
};

/// NAME, --vary and --repeat, and all flags of train.
void add_study_flags(CLI::App& command, StudyFlags& flags);

/// A new study, checked. Flags that only a norm can follow hold for the variants that have one, and `notes`
/// says so. Throws InputError.
StudyPlan plan_of(const StudyFlags& flags, std::vector<std::string>& notes);

/// The study in --output, which may be given more repeats. Throws InputError for a flag that would make it
/// another study.
StudyRecord record_to_resume(const StudyFlags& flags);

/// `options` with one of train's flags at another value; not checked further. Throws InputError when train
/// has no such flag, when it is not one to vary, and when it does not take the value.
TrainOptions with_setting(TrainOptions options, const Setting& setting);

}  // namespace shadenet
