// Pictures whose classes nobody has told, as a classifier takes them.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/labelled/picture_rule.h"
#include "data/labelled_pictures.h"

namespace shadenet {

/// The pictures of these files, each with the label 0. A file that cannot be read is left out, and its reason
/// goes to `on_unreadable`. Throws InputError "<input>: ..." when none can be read, or they are too many for
/// the memory; Stopped.
LabelledPictures loose_pictures(const std::filesystem::path& input,
                                const std::vector<std::filesystem::path>& files, const PictureRule& rule,
                                const std::atomic<bool>& stop,
                                const std::function<void(const std::string& why)>& on_unreadable);

}  // namespace shadenet
