#include "base/told_file.h"

#include <fmt/format.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"

#ifndef _WIN32
#include <unistd.h>

#include "base/file_error.h"
#endif

namespace shadenet {

namespace fs = std::filesystem;

bool is_stream(const fs::path& path) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    return fs::is_character_file(status) || fs::is_fifo(status);
}

void refuse_dash(const fs::path& path, const char* flag) {
    if (path != "-") return;
    throw InputError(fmt::format(
        "{} is \"-\", which only a single picture's --output may be; for a file of that name use ./-", flag));
}

std::error_code told_file_problem(const fs::path& path) {
    if (is_stream(path)) {
#ifndef _WIN32
        // Not by opening it: who reads from a pipe would see an end.
        if (access(path.c_str(), W_OK) != 0) return last_error();
#endif
        return {};
    }
    std::error_code error;
    if (fs::is_directory(path, error)) return std::make_error_code(std::errc::is_a_directory);
    const fs::path place = end_of_links(path);
    return write_problem(place.has_parent_path() ? place.parent_path() : fs::path("."));
}

void write_told_file(const fs::path& path, std::string_view text) {
    if (is_stream(path)) {
        append_to_file(path, text);
    } else {
        write_file_atomically(path, text);
    }
}

}  // namespace shadenet
