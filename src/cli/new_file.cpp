#include "cli/new_file.h"

#include <fstream>
#include <string>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/told_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

bool is_of_kind(const fs::path& file, const Replaceable& kind) {
    if (!fs::is_regular_file(file)) return false;
    std::string found(kind.beginning.size(), '\0');
    std::ifstream stream(file, std::ios::binary);
    return stream.read(found.data(), static_cast<std::streamsize>(found.size())) && found == kind.beginning;
}

}  // namespace

void check_new_file(const fs::path& file, const char* flag, bool overwrite, const Replaceable& kind) {
    refuse_dash(file, flag);
    const bool streams = kind.or_stream && is_stream(file);
    const bool empty = fs::is_regular_file(file) && fs::is_empty(file);  // nothing is lost with it
    if (!streams && !empty && fs::exists(fs::symlink_status(file))) {
        if (!is_of_kind(file, kind)) {
            throw InputError(
                fmt::format("{}: is there already, and is no {} that can be replaced; choose another {}",
                            file.string(), kind.word, flag));
        }
        if (!overwrite) {
            throw InputError(fmt::format(
                "{}: is there already; --overwrite replaces it, or choose another {}", file.string(), flag));
        }
    }
    const fs::path folder = file.has_parent_path() ? file.parent_path() : fs::path(".");
    if (!streams && (!fs::is_directory(folder) || !file.has_filename())) {
        throw InputError(
            fmt::format("{}: is no name for a file in a folder that is there; make the folder {} first",
                        file.string(), folder.string()));
    }
    if (const std::error_code problem = told_file_problem(file)) {
        throw InputError(fmt::format("{}: cannot be written: {}; choose another {}", file.string(),
                                     problem.message(), flag));
    }
}

}  // namespace shadenet
