// What two run folders are compared by.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>

#include "train/train_test_tools.h"

namespace shadenet::test {

inline std::set<std::string> files_of(const std::filesystem::path& folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file())
            names.insert(std::filesystem::relative(entry.path(), folder).generic_string());
    }
    return names;
}

/// history.csv without the seconds, which no two runs share.
inline std::string timeless(const std::filesystem::path& path) {
    std::string result, field;
    std::size_t column = 0;
    for (const char letter : file_text(path)) {
        if (column != 5 || letter == '\n') result += letter;
        if (letter == ',') ++column;
        if (letter == '\n') column = 0;
    }
    return result;
}

/// What two runs leave must be the same, times aside.
inline void check_same_runs(const std::filesystem::path& one, const std::filesystem::path& other) {
    CHECK(files_of(one) == files_of(other));
    for (const std::string& name : files_of(one)) {
        if (name == "config.json" || name == "history.csv") continue;
        INFO(name);
        CHECK(file_text(one / name) == file_text(other / name));
    }
    CHECK(timeless(one / "history.csv") == timeless(other / "history.csv"));
}

}  // namespace shadenet::test
