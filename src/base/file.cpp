#include "base/file.h"

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <set>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#ifdef _WIN32
#include <io.h>
#include <process.h>
#include <windows.h>
#else
#include <csignal>

#include <unistd.h>
#endif

#include "base/checksum.h"
#include "base/error.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

int process_id() {
#ifdef _WIN32
    return _getpid();
#else
    return getpid();
#endif
}

/// Names of temporary files begin with this: hidden, and no longer than any name may be. It says which file
/// is meant; the process that writes it follows.
std::string temporary_start(const std::string& name) {
    return fmt::format(".shadenet-{:016x}-", checksum(std::as_bytes(std::span(name))));
}

constexpr std::string_view temporary_end = ".tmp";

/// Whether a process of this number runs on this computer.
bool runs(int process) {
#ifdef _WIN32
    const HANDLE handle = OpenProcess(SYNCHRONIZE, FALSE, static_cast<DWORD>(process));
    if (handle == nullptr) return false;
    const bool running = WaitForSingleObject(handle, 0) == WAIT_TIMEOUT;
    CloseHandle(handle);
    return running;
#else
    return kill(process, 0) == 0 || errno == EPERM;
#endif
}

/// The process in the name of a temporary file, and 0 in other names.
int writer_of(const std::string& name) {
    const std::size_t digits = temporary_start("").size();
    if (name.size() <= digits + temporary_end.size() || !name.ends_with(temporary_end)) return 0;
    int process = 0;
    const char* const last = name.data() + name.size() - temporary_end.size();
    const auto [end, error] = std::from_chars(name.data() + digits, last, process);
    return error == std::errc() && end == last && process > 0 ? process : 0;
}

bool sync(std::FILE* file) {
#ifdef _WIN32
    return _commit(_fileno(file)) == 0;
#else
    return fsync(fileno(file)) == 0;
#endif
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

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
    temporary_ = path_.parent_path() / fmt::format("{}{}{}", temporary_start(path_.filename().string()),
                                                   process_id(), temporary_end);
    file_.reset(std::fopen(temporary_.string().c_str(), "wb"));
    if (!file_) fail("create the file");
}

AtomicFile::~AtomicFile() {
    if (committed_) return;
    file_.reset();
    std::error_code ignored;
    fs::remove(temporary_, ignored);
}

void AtomicFile::fail(const char* step) const {
    throw WorkError(fmt::format("{}: cannot {}: {}; check the folder, its permissions and the free space",
                                path_.string(), step, std::strerror(errno)));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    // An empty span may have no address, which fwrite must not be given.
    const std::size_t written = bytes.empty() ? 0 : std::fwrite(bytes.data(), 1, bytes.size(), file_.get());
    if (written != bytes.size()) fail("write");
    bytes_ += written;
}

void AtomicFile::commit() {
    if (std::fflush(file_.get()) != 0 || !sync(file_.get())) fail("write");
    std::error_code error;
#ifdef _WIN32
    file_.reset();  // where an open file cannot be renamed
#endif
    fs::rename(temporary_, path_, error);
    if (error) {
        errno = error.value();
        fail("rename the finished file");
    }
    committed_ = true;
}

void write_file_atomically(const fs::path& path, std::span<const std::byte> bytes) {
    AtomicFile file(path);
    file.write(bytes);
    file.commit();
}

void write_file_atomically(const fs::path& path, std::string_view text) {
    write_file_atomically(path, std::as_bytes(std::span(text.data(), text.size())));
}

bool is_writable(const fs::path& folder) {
    try {
        const AtomicFile probe(folder / "writable");
        return true;
    } catch (const WorkError&) {
        return false;
    }
}

void append_to_file(const fs::path& path, std::span<const std::byte> bytes) {
    std::error_code unknown;
    const std::uintmax_t before = fs::file_size(path, unknown);
    const auto close = [](std::FILE* file) { std::fclose(file); };
    const std::unique_ptr<std::FILE, decltype(close)> file(std::fopen(path.string().c_str(), "ab"), close);
    if (file) std::setvbuf(file.get(), nullptr, _IONBF, 0);
    if (file && std::fwrite(bytes.data(), 1, bytes.size(), file.get()) == bytes.size()) return;
    const std::string reason = std::strerror(errno);
    std::error_code ignored;
    if (file && !unknown) fs::resize_file(path, before, ignored);
    throw WorkError(fmt::format("{}: cannot write: {}; check the folder, its permissions and the free space",
                                path.string(), reason));
}

std::vector<fs::path> abandoned_temporaries(const fs::path& folder, std::span<const std::string> names) {
    std::set<std::string> starts;
    for (const std::string& name : names) starts.insert(temporary_start(name));
    const std::size_t length = temporary_start("").size();
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::string name = entry->path().filename().string();
        const int writer = writer_of(name);
        if (writer != 0 && starts.contains(name.substr(0, length)) && !runs(writer)) {
            found.push_back(entry->path());
        }
    }
    return found;
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
