#include "base/file.h"

#include <cstdio>

#include <fmt/format.h>

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file_error.h"
#include "base/file_pieces.h"
#include "base/temporary_file.h"

namespace shadenet {

namespace fs = std::filesystem;

std::vector<std::byte> read_file(const fs::path& path, std::uint64_t max_bytes) {
    const FilePieces file(path, max_bytes);
    std::vector<std::byte> bytes(file.size());
    file.read(0, bytes);
    return bytes;
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void write_file_atomically(const fs::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

bool is_too_long(const fs::path& path) {
    fs::path folder = path.parent_path();
    std::error_code error;
    while (folder.has_relative_path() && !fs::is_directory(folder, error)) folder = folder.parent_path();
    // The system refuses a path that is too long at once, but a name that is too long only in a folder that
    // exists: hence the checks of the whole path and of the name in a folder that exists.
    for (const fs::path& one : {path, folder / path.filename()}) {
        error.clear();
        static_cast<void>(fs::symlink_status(one, error));
        if (error == std::errc::filename_too_long) return true;
    }
    return false;
}

std::error_code write_problem(const fs::path& folder) {
    try {
        const TemporaryFile probe(folder);
        return {};
    } catch (const std::system_error& error) {
        return error.code();
    }
}

void append_to_file(const fs::path& path, std::span<const std::byte> bytes) {
    std::error_code unknown;
    const std::uintmax_t before = fs::file_size(path, unknown);
    const OpenFile file(std::fopen(path.string().c_str(), "ab"));
    if (file) std::setvbuf(file.get(), nullptr, _IONBF, 0);
    if (file && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size()) return;
    const std::error_code error = last_error();
    std::error_code ignored;
    if (file && !unknown) fs::resize_file(path, before, ignored);
    throw WorkError(fmt::format("{}: cannot write: {}", path.string(), reason_and_advice(error)));
}

}  // namespace shadenet
