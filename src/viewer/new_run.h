// The dialog for another run, on the same pairs of pictures, or on labelled ones.
#pragma once

#include <optional>
#include <string>

#include "train/options/options.h"
#include "viewer/layout.h"

namespace shadenet {

class NewRun {
  public:
    /// Opens the dialog with the options of the previous run.
    void open(const TrainOptions& options);
    /// Draws the dialog while it is open. Returns the options once the user has confirmed them.
    std::optional<TrainOptions> draw(Layout& layout);

  private:
    void draw_fields(Layout& layout);
    /// What the pictures are, and how many crops of them.
    void draw_pictures(Layout& layout);
    /// The choices of the preset two-layer.
    void draw_shape(Layout& layout);

    TrainOptions options_;
    std::string folder_, data_;
    std::string network_;  ///< a name, a file or a text, as --network takes it
    std::string problem_;
    bool opening_ = false;
};

/// "run-2" for "run", "run-3" for "run-2", and so on until there is no such file.
std::filesystem::path free_folder(const std::filesystem::path& taken);

}  // namespace shadenet
