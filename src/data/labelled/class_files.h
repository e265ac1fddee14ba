// The files of class folders: found, not opened yet.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "data/labelled/labelled_limits.h"

namespace shadenet {

/// The pictures of a training or test part, those of a class together.
struct ClassFiles {
    struct File {
        std::filesystem::path path;
        std::uint32_t label;
    };
    std::vector<File> files;
};

struct FoundClasses {
    std::vector<std::string> classes;
    ClassFiles training, test;
    std::vector<std::string> notes, warnings;  ///< of what is not taken, a line for each kind of it
};

/// As read_class_folders() of class_folders.h, which says what is thrown; also InputError for more than
/// `most` pictures, as soon as they are seen.
FoundClasses find_classes(const std::filesystem::path& folder, const std::atomic<bool>* stop,
                          std::uint32_t most = most_labelled_pictures);

}  // namespace shadenet
