// The files of class folders: found, not opened yet.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

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
    std::vector<std::string> notes;
};

/// As read_class_folders() of class_folders.h, which says what is thrown.
FoundClasses find_classes(const std::filesystem::path& folder, const std::vector<std::string>& folders,
                          const std::atomic<bool>* stop);

}  // namespace shadenet
