#include "base/file.h"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <system_error>

#include <fmt/format.h>

#ifdef _WIN32
#include <io.h>
#include <process.h>
#else
#include <unistd.h>
#endif

#include "base/error.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

int process_id() {
#ifdef _WIN32
    return _getpid();
#else
    return getpid();
#endif
}

bool sync(std::FILE* file) {
#ifdef _WIN32
    return _commit(_fileno(file)) == 0;
#else
    return fsync(fileno(file)) == 0;
#endif
}

[[noreturn]] void fail(const fs::path& path, const fs::path& temporary, const char* step) {
    const std::string reason = std::strerror(errno);
    std::error_code ignored;
    fs::remove(temporary, ignored);
    throw WorkError(fmt::format("{}: cannot {}: {}; check the folder, its permissions and the free space",
                                path.string(), step, reason));
}

}  // namespace

std::vector<std::byte> read_file(const fs::path& path, std::uint64_t max_bytes) {
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) throw InputError(fmt::format("{}: no such file", path.string()));
    if (!fs::is_regular_file(status)) throw InputError(fmt::format("{}: is not a file", path.string()));
    const std::uint64_t size = fs::file_size(path, error);
    if (error) throw InputError(fmt::format("{}: cannot read: {}", path.string(), error.message()));
    if (size > max_bytes) {
        throw InputError(
            fmt::format("{}: has {} bytes, and at most {} are accepted", path.string(), size, max_bytes));
    }
    std::vector<std::byte> bytes(size);
    std::ifstream stream(path, std::ios::binary);
    stream.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(size));
    if (!stream || static_cast<std::uint64_t>(stream.gcount()) != size) {
        throw InputError(fmt::format("{}: cannot read; check its permissions", path.string()));
    }
    return bytes;
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
    fs::path temporary = path;
    temporary += fmt::format(".{}.tmp", process_id());
    File file(std::fopen(temporary.string().c_str(), "wb"));
    if (!file) fail(path, temporary, "create the file");
    // An empty span may have no address, which fwrite must not be given.
    const std::size_t written = bytes.empty() ? 0 : std::fwrite(bytes.data(), 1, bytes.size(), file.get());
    if (written != bytes.size() || std::fflush(file.get()) != 0 || !sync(file.get())) {
        fail(path, temporary, "write");
    }
    if (std::fclose(file.release()) != 0) fail(path, temporary, "write");
    std::error_code error;
    fs::rename(temporary, path, error);
    if (error) {
        errno = error.value();
        fail(path, temporary, "rename the finished file");
    }
}

void write_file_atomically(const fs::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

fs::path cache_folder() {
    const auto from = [](const char* variable, const char* below) {
        const char* value = std::getenv(variable);
        return value != nullptr && *value != '\0' ? fs::path(value) / below : fs::path();
    };
#ifdef _WIN32
    return from("LOCALAPPDATA", "shadenet");
#elif defined(__APPLE__)
    return from("HOME", "Library/Caches/shadenet");
#else
    const fs::path chosen = from("XDG_CACHE_HOME", "shadenet");
    return chosen.empty() ? from("HOME", ".cache/shadenet") : chosen;
#endif
}

}  // namespace shadenet
