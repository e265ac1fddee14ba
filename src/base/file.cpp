#include "base/file.h"

#include <cstdio>

#include <fmt/format.h>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/stat.h>
#endif

#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file_error.h"
#include "base/temporary_file.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// The size of the open file; the file of that name may have been replaced meanwhile.
std::uint64_t size_of(std::FILE* file) {
#ifdef _WIN32
    const __int64 size = _filelengthi64(_fileno(file));
    return size < 0 ? 0 : static_cast<std::uint64_t>(size);
#else
    struct stat found {};
    return fstat(fileno(file), &found) == 0 ? static_cast<std::uint64_t>(found.st_size) : 0;
#endif
}

[[noreturn]] void refuse_reading(const fs::path& path, std::error_code error) {
    throw InputError(fmt::format("{}: cannot read: {}", path.string(), reason_and_advice(error)));
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& path, std::uint64_t max_bytes) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError(fmt::format("{}: no such file", path.string()));
    }
    if (!fs::status_known(status)) refuse_reading(path, error);
    if (!fs::is_regular_file(status)) throw InputError(fmt::format("{}: is not a file", path.string()));
    const OpenFile file(std::fopen(path.string().c_str(), "rb"));
    if (!file) refuse_reading(path, last_error());
    const std::uint64_t size = size_of(file.get());
    if (size > max_bytes) {
        throw InputError(
            fmt::format("{}: has {} bytes, and at most {} are accepted", path.string(), size, max_bytes));
    }
    std::vector<std::byte> bytes(size);
    std::setvbuf(file.get(), nullptr, _IONBF, 0);
    if (size == 0 || std::fread(bytes.data(), 1, size, file.get()) == size) return bytes;
    if (std::ferror(file.get()) != 0) refuse_reading(path, last_error());
    throw InputError(fmt::format("{}: became shorter while it was read; try again", path.string()));
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
