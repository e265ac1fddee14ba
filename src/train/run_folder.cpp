#include "train/run_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, const std::string& reason) {
    throw InputError(fmt::format("{}: cannot be used as --output: {}; choose a folder that can be written",
                                 path.string(), reason));
}

}  // namespace

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
    try {
        make();
        require_writable();
    } catch (...) {
        take_back();
        throw;
    }
}

RunFolder::~RunFolder() {
    take_back();
}

void RunFolder::make() {
    std::vector<fs::path> missing;
    std::error_code error;
    // Without its dots and a slash at the end every parent is another folder.
    fs::path folder = fs::absolute(path_, error).lexically_normal();
    if (error) refuse(path_, error.message());
    if (!folder.has_filename()) folder = folder.parent_path();
    for (; !fs::exists(folder, error); folder = folder.parent_path()) {
        if (error) refuse(path_, error.message());
        missing.push_back(folder);
    }
    if (!fs::is_directory(folder, error)) refuse(path_, fmt::format("{} is not a folder", folder.string()));
    std::reverse(missing.begin(), missing.end());
    for (const fs::path& one : missing) {
        if (fs::create_directory(one, error)) made_.push_back(one);
        if (error) refuse(path_, error.message());
    }
}

void RunFolder::require_writable() const {
    if (!is_writable(path_)) refuse(path_, "no file can be written there");
}

void RunFolder::take_back() noexcept {
    std::error_code ignored;
    for (; !made_.empty(); made_.pop_back()) {
        if (!fs::remove(made_.back(), ignored)) break;
    }
    made_.clear();
}

bool RunFolder::holds_run() const {
    std::error_code ignored;
    return fs::exists(config(), ignored);
}

fs::path RunFolder::picture(const char* kind, const std::string& stem) const {
    const fs::path folder = path_ / "images";
    std::error_code error;
    fs::create_directory(folder, error);
    if (error)
        throw WorkError(fmt::format("{}: cannot make the folder: {}", folder.string(), error.message()));
    return folder / fmt::format("{}_{}.png", kind, stem);
}

void RunFolder::remove_earlier() const {
    for (const fs::path& file :
         {model(), best(), validations(), floor(), histograms(), path_ / "health.json"}) {
        std::error_code error;
        fs::remove(file, error);
        if (error) {
            throw WorkError(
                fmt::format("{}: is of an earlier run and cannot be removed: {}; choose another "
                            "--output",
                            file.string(), error.message()));
        }
    }
}

}  // namespace shadenet
