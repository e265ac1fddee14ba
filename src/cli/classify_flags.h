// The flags of `shadenet classify`.
#pragma once

#include <string>

#include "cli/picture_flags.h"
#include "model/model_file.h"

namespace shadenet {

/// `output`: the folder that the classes' folders lie in; empty: nothing is sorted.
struct ClassifyFlags : PictureFlags {
    std::string data, csv;
    bool coarse = false, link = false;

    bool writes_answers() const { return !summary.empty() || !csv.empty(); }
};

void add_classify_flags(CLI::App& command, ClassifyFlags& flags);

/// Throws InputError for flags that do not go together.
void check_flags(const ClassifyFlags& flags);
/// Throws InputError where --csv or --summary would overwrite a picture of the plan, the model, each other
/// or, unless --overwrite or --resume is given, what is there.
void check_told_files(const ClassifyFlags& flags, const ApplyPlan& plan);

/// Throws InputError for a model that does not tell classes.
Model read_classifier(const ClassifyFlags& flags);

}  // namespace shadenet
