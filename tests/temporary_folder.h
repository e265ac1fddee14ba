// A folder for the files of one test.
#pragma once

#include <atomic>
#include <filesystem>
#include <string>
#include <system_error>

namespace shadenet::test {

/// Empty, of its own, and removed at the end with everything in it.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        static std::atomic<unsigned> count = 0;
        // Programs of other tests make theirs at the same time: making one tells whether the name was free.
        do {
            path_ = std::filesystem::temp_directory_path() / ("shadenet_test_" + std::to_string(count++));
        } while (!std::filesystem::create_directory(path_));
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::filesystem::path& path() const { return path_; }
    std::filesystem::path operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

}  // namespace shadenet::test
