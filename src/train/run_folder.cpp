#include "train/run_folder.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "base/file_error.h"
#include "base/temporary_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void refuse(const fs::path& path, std::error_code error) {
    throw InputError(
        fmt::format("{}: cannot be used as --output: {}", path.string(), reason_and_advice(error)));
}

std::string picture_name(const char* kind, const std::string& stem) {
    return fmt::format("{}_{}.png", kind, stem);
}

}  // namespace

RunFolder::RunFolder(fs::path path, bool resumed, const char* doing) : path_(std::move(path)) {
    try {
        make();
        require_writable();
        lock_.emplace(path_, doing,
                      resumed ? "wait for it to end" : "wait for it to end, or give another --output");
        remove_abandoned(path_);
        remove_abandoned(images());
    } catch (...) {
        lock_.reset();
        take_back();
        throw;
    }
}

RunFolder::~RunFolder() {
    lock_.reset();
    take_back();
}

void RunFolder::make() {
    std::vector<fs::path> missing;
    std::error_code error;
    // Without its dots and a slash at the end every parent is another folder.
    fs::path folder = fs::absolute(path_, error).lexically_normal();
    if (error) refuse(path_, error);
    if (!folder.has_filename()) folder = folder.parent_path();
    for (; !fs::exists(folder, error); folder = folder.parent_path()) {
        if (error) refuse(path_, error);
        missing.push_back(folder);
    }
    if (!fs::is_directory(folder, error)) {
        throw InputError(fmt::format("{}: cannot be used as --output: {} is not a folder; choose another",
                                     path_.string(), folder.string()));
    }
    std::reverse(missing.begin(), missing.end());
    for (const fs::path& one : missing) {
        if (fs::create_directory(one, error)) made_.push_back(one);
        if (error) refuse(path_, error);
    }
}

void RunFolder::require_writable() const {
    if (const std::error_code problem = write_problem(path_)) refuse(path_, problem);
}

void RunFolder::take_back() noexcept {
    std::error_code ignored;
    for (; !made_.empty(); made_.pop_back()) {
        if (!fs::remove(made_.back(), ignored)) break;
    }
    made_.clear();
}

void RunFolder::require_name(const char* kind, const std::string& stem, const fs::path& source) const {
    const std::string name = picture_name(kind, stem);
    if (!is_too_long(images() / name)) return;
    throw InputError(
        fmt::format("{}: the name of its result, {}, would be too long; give the picture a shorter one",
                    source.string(), name));
}

bool RunFolder::holds_run() const {
    std::error_code ignored;
    return fs::exists(config(), ignored);
}

fs::path RunFolder::picture(const char* kind, const std::string& stem) const {
    std::error_code error;
    fs::create_directory(images(), error);
    if (error) {
        throw WorkError(
            fmt::format("{}: cannot make the folder: {}", images().string(), reason_and_advice(error)));
    }
    return images() / picture_name(kind, stem);
}

void RunFolder::remove_earlier() const {
    for (const fs::path& file : {model(), best(), validations(), floor(), histograms(), health()}) {
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
