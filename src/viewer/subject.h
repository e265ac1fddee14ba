// What the window can show: a run, finished or not, or a model with pictures to try it on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/options.h"
#include "viewer/pictures_view.h"
#include "viewer/run_story.h"

namespace shadenet {

/// A picture by its files.
struct PictureFiles {
    std::string name;
    PictureGroup group = PictureGroup::dropped;
    std::filesystem::path input, target;  ///< no target: empty
    std::uint32_t size = 0;               ///< side of the square that it is resized to; 0: its own size
};

struct Subject {
    std::string title;
    RunStory story;
    std::optional<TrainOptions> options;  ///< of a run
    std::vector<PictureFiles> pictures;
    std::vector<std::string> notes;  ///< what is missing, one line each
};

/// A folder's pictures, or the one file. Throws InputError.
std::vector<PictureFiles> dropped_pictures(const std::filesystem::path& file_or_folder);

/// A run that is to begin: with no epochs yet.
Subject subject_of(const TrainOptions& options);
/// The run in a folder, with all that it has kept. Throws InputError where there is none, or a file of it is
/// damaged.
Subject read_run_subject(const std::filesystem::path& folder);
/// `range` as read_given_model() takes it. Throws InputError.
Subject read_model_subject(const std::filesystem::path& model,
                           const std::vector<std::filesystem::path>& pictures, const std::string& range = "");

/// The epochs that a run folder has kept, as far as they are there.
void read_epochs(const std::filesystem::path& folder, RunStory& story, std::vector<std::string>& notes);

}  // namespace shadenet
