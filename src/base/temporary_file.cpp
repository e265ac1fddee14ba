#include "base/temporary_file.h"

#include <cerrno>
#include <optional>
#include <string>
#include <string_view>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include "base/file_error.h"
#include "base/file_lock.h"
#include "base/machine.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view temporary_start = ".shadenet-", temporary_end = ".tmp", unlocked = "-unlocked";
constexpr std::size_t random_bytes = 16;

/// .shadenet-HOST-BOOT-RANDOM.tmp; "-unlocked" before the end where the file system has no locks.
std::string temporary_name(bool locked) {
    const Machine& machine = this_machine();
    return fmt::format("{}{}-{}-{}{}{}", temporary_start, machine.host, machine.boot,
                       random_digits(random_bytes), locked ? "" : unlocked, temporary_end);
}

/// What the name of a temporary file says.
struct Maker {
    std::string host, boot;
    bool locked = true;
};

std::optional<Maker> maker_of(std::string_view name) {
    if (!name.starts_with(temporary_start) || !name.ends_with(temporary_end)) return std::nullopt;
    name.remove_prefix(temporary_start.size());
    name.remove_suffix(temporary_end.size());
    const bool locked = !name.ends_with(unlocked);
    if (!locked) name.remove_suffix(unlocked.size());
    const std::size_t digits = this_machine().host.size();
    if (name.size() != 2 * (digits + 1) + 2 * random_bytes || name[digits] != '-' ||
        name[2 * digits + 1] != '-') {
        return std::nullopt;
    }
    if (name.find_first_not_of("0123456789abcdef-") != std::string_view::npos) return std::nullopt;
    return Maker{std::string(name.substr(0, digits)), std::string(name.substr(digits + 1, digits)), locked};
}

#ifdef _WIN32

int open_new(const fs::path& path, unsigned) {
    return _wopen(path.c_str(), _O_RDWR | _O_CREAT | _O_EXCL | _O_BINARY | _O_NOINHERIT,
                  _S_IREAD | _S_IWRITE);
}

std::FILE* stream_of(int descriptor) {
    return _fdopen(descriptor, "wb");
}

/// Windows removes no open files, so the file keeps its name.
bool has_name(int, const fs::path&) {
    return true;
}

enum class Fate { removed, alive, unknown };

/// The removal fails as long as anybody has the file open, on this computer or another.
Fate try_to_remove(const fs::path& path, const Maker& maker) {
    std::error_code error;
    if (maker.host != this_machine().host) return Fate::unknown;
    return fs::remove(path, error) ? Fate::removed : Fate::alive;
}

#else

int open_new(const fs::path& path, unsigned mode) {
    return open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, static_cast<mode_t>(mode));
}

std::FILE* stream_of(int descriptor) {
    return fdopen(descriptor, "wb");
}

/// Whether the open file has this name.
bool has_name(int descriptor, const fs::path& path) {
    struct stat file {
    }, named{};
    return fstat(descriptor, &file) == 0 && lstat(path.c_str(), &named) == 0 && file.st_dev == named.st_dev &&
           file.st_ino == named.st_ino;
}

enum class Fate { removed, alive, unknown };

/// Whether the file was written before this boot began. A newer file of another boot comes from another
/// computer with the same name and installation, e.g. a copy of the same disk image.
bool is_before_this_boot(const struct stat& file) {
    const std::optional<std::int64_t> booted = this_machine().booted;
    return booted && file.st_mtime < *booted;
}

Fate try_to_remove(int descriptor, const fs::path& path, const Maker& maker) {
    struct stat file {};
    if (fstat(descriptor, &file) != 0 || !S_ISREG(file.st_mode)) return Fate::unknown;
    const bool same_boot = maker.boot == this_machine().boot;
    if (!same_boot && !is_before_this_boot(file)) return Fate::unknown;
    const LockResult lock = lock_file(descriptor);
    if (lock == LockResult::busy) return same_boot ? Fate::alive : Fate::unknown;
    if (lock == LockResult::unsupported && same_boot) return Fate::unknown;
    // A writer that is just about to lock the file then finds the lock taken or the name gone.
    return unlink(path.c_str()) == 0 ? Fate::removed : Fate::unknown;
}

Fate try_to_remove(const fs::path& path, const Maker& maker) {
    const bool same_boot = maker.boot == this_machine().boot;
    if (!same_boot && maker.host != this_machine().host) return Fate::unknown;
    if (same_boot && !maker.locked) return Fate::unknown;
    const int descriptor = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return errno == ENOENT ? Fate::alive : Fate::unknown;  // its writer renamed it
    const Fate fate = try_to_remove(descriptor, path, maker);
    close_file(descriptor);
    return fate;
}

#endif

void discard(int descriptor, const fs::path& path) {
    close_file(descriptor);
    std::error_code ignored;
    fs::remove(path, ignored);
}

}  // namespace

TemporaryFile::TemporaryFile(const fs::path& folder, unsigned mode) {
    constexpr int most_attempts = 10;
    for (int attempt = 1;; ++attempt) {
        const bool locked = attempt < most_attempts;
        const fs::path path = folder / temporary_name(locked);
        const int descriptor = open_new(path, mode);
        if (descriptor < 0) throw std::system_error(last_error());
        const LockResult lock = locked ? lock_file(descriptor) : LockResult::unsupported;
        if (!locked || (lock == LockResult::held && has_name(descriptor, path))) {
            path_ = path;
            stream_.reset(stream_of(descriptor));
            if (stream_) return;
            const std::error_code error = last_error();
            discard(descriptor, path);
            throw std::system_error(error);
        }
        // Another process took the file for abandoned before we locked it; or there are no locks, and the
        // next name must say so.
        discard(descriptor, path);
        if (lock == LockResult::unsupported) attempt = most_attempts - 1;
    }
}

TemporaryFile::~TemporaryFile() {
    if (path_.empty()) return;
#ifdef _WIN32
    stream_.reset();  // Windows removes no open files
#endif
    std::error_code ignored;
    fs::remove(path_, ignored);
}

std::error_code TemporaryFile::rename_to(const fs::path& target) {
#ifdef _WIN32
    stream_.reset();  // Windows renames no open files
#endif
    std::error_code error;
    fs::rename(path_, target, error);
    if (!error) path_.clear();
    return error;
}

AbandonedFiles remove_abandoned(const fs::path& folder) {
    AbandonedFiles files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const std::optional<Maker> maker = maker_of(entry->path().filename().string());
        if (!maker) continue;
        const Fate fate = try_to_remove(entry->path(), *maker);
        files.removed += fate == Fate::removed ? 1 : 0;
        files.left += fate == Fate::unknown ? 1 : 0;
    }
    return files;
}

}  // namespace shadenet
