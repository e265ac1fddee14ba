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

namespace {

[[noreturn]] void refuse(const fs::path& path, std::error_code error) {
    throw InputError(
        fmt::format("{}: cannot be used as --output: {}", path.string(), reason_and_advice(error)));
}

}  // namespace

RunFolder::RunFolder(fs::path path, bool resumed, const char* doing) : RunPaths(std::move(path)) {
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

void RunFolder::remove(const std::vector<fs::path>& files, const char* what, const char* advice) {
    for (const fs::path& file : files) {
        std::error_code error;
        fs::remove(file, error);
        if (!error) continue;
        throw WorkError(
            fmt::format("{}: {} cannot be removed: {}; {}", file.string(), what, error.message(), advice));
    }
}

void RunFolder::remove_earlier() const {
    remove({model(), best(), validations(), floor(), histograms(), health(), quality(), test()},
           "is of an earlier run and", "choose another --output");
}

}  // namespace shadenet
