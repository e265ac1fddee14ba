// What the window can show: a run, finished or not, or a model with pictures to try it on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "train/options/options.h"
#include "viewer/pictures_view.h"
#include "viewer/run_story.h"

namespace shadenet {

/// The files of a picture.
struct PictureFiles {
    std::string name;
    PictureGroup group = PictureGroup::dropped;
    std::filesystem::path input, target;  ///< the target is empty if there is none
    std::uint32_t size = 0;               ///< the picture is resized to a square of this side; 0: not resized
};

struct Subject {
    std::string title;
    RunStory story;
    std::optional<TrainOptions> options;  ///< only of a run
    std::vector<PictureFiles> pictures;
    std::vector<std::string> notes;  ///< messages about missing parts, one line each
};

/// The pictures in a folder, or the one file. Throws InputError.
std::vector<PictureFiles> dropped_pictures(const std::filesystem::path& file_or_folder);

/// Those of a test's worst mistakes that are in the folder of its run, in their order.
std::vector<PictureFiles> mistake_files(const std::filesystem::path& run, const TestResults& test);

/// A run that has not begun, so without epochs.
Subject subject_of(const TrainOptions& options);
/// The run in a folder, with everything that it has kept. Throws InputError if there is no run, or one of its
/// files is damaged.
Subject read_run_subject(const std::filesystem::path& folder);
/// `range` as read_given_model() takes it. Throws InputError.
Subject read_model_subject(const std::filesystem::path& model,
                           const std::vector<std::filesystem::path>& pictures, const std::string& range = "");

/// Reads the epochs that a run's folder has kept, as far as they exist.
void read_epochs(const std::filesystem::path& folder, RunStory& story, std::vector<std::string>& notes);

}  // namespace shadenet
