#include "base/temporary_file.h"

#include <algorithm>
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

void close_file(int descriptor) {
    _close(descriptor);
}

/// No file that is open can be removed here.
bool has_name(int, const fs::path&) {
    return true;
}

enum class Fate { removed, alive, unknown };

/// Fails as long as anybody has it open, on this computer or another.
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

void close_file(int descriptor) {
    close(descriptor);
}

/// Whether the open file is the one of that name.
bool has_name(int descriptor, const fs::path& path) {
    struct stat file {
    }, named{};
    return fstat(descriptor, &file) == 0 && lstat(path.c_str(), &named) == 0 && file.st_dev == named.st_dev &&
           file.st_ino == named.st_ino;
}

enum class Fate { removed, alive, unknown };

/// A file of an earlier boot of this computer: it must have been written before this one began, or else it is
/// of another computer that goes by the same name and installation, as copies of one image do.
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
    // Its writer, should it be just about to lock it, then finds the lock taken or the name gone.
    return unlink(path.c_str()) == 0 ? Fate::removed : Fate::unknown;
}

Fate try_to_remove(const fs::path& path, const Maker& maker) {
    const bool same_boot = maker.boot == this_machine().boot;
    if (!same_boot && maker.host != this_machine().host) return Fate::unknown;
    if (same_boot && !maker.locked) return Fate::unknown;
    const int descriptor = open(path.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return errno == ENOENT ? Fate::alive : Fate::unknown;  // it has its own name by now
    const Fate fate = try_to_remove(descriptor, path, maker);
    close_file(descriptor);
    return fate;
}

#endif

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
            close_file(descriptor);
            std::error_code ignored;
            fs::remove(path, ignored);
            throw std::system_error(error);
        }
        // One who removes what is abandoned was quicker than our lock; or there are no locks, which the name
        // then has to say.
        close_file(descriptor);
        std::error_code ignored;
        fs::remove(path, ignored);
        if (lock == LockResult::unsupported) attempt = most_attempts - 1;
    }
}

TemporaryFile::~TemporaryFile() {
    if (path_.empty()) return;
#ifdef _WIN32
    stream_.reset();  // an open file cannot be removed there
#endif
    std::error_code ignored;
    fs::remove(path_, ignored);
}

std::error_code TemporaryFile::rename_to(const fs::path& target) {
#ifdef _WIN32
    stream_.reset();  // nor renamed
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
