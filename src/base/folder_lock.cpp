#include "base/folder_lock.h"

#include <array>
#include <chrono>
#include <cstddef>
#include <ctime>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

#include "base/error.h"
#include "base/file_error.h"
#include "base/file_lock.h"
#include "base/machine.h"
#include "base/one_line.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds patience{1};
constexpr std::chrono::milliseconds between_attempts{5};
constexpr std::size_t longest_owner = 400;

#ifdef _WIN32

int open_lock(const fs::path& file, bool make) {
    return _wopen(file.c_str(), _O_RDWR | (make ? _O_CREAT : 0) | _O_BINARY | _O_NOINHERIT,
                  _S_IREAD | _S_IWRITE);
}

/// Windows removes no open files, so the file keeps its name.
bool is_in_place(int, const fs::path&) {
    return true;
}

bool write_text(int descriptor, const std::string& text) {
    return _chsize(descriptor, 0) == 0 && _lseek(descriptor, 0, SEEK_SET) == 0 &&
           _write(descriptor, text.data(), static_cast<unsigned>(text.size())) ==
               static_cast<int>(text.size());
}

std::string read_text(int descriptor) {
    std::array<char, longest_owner> text{};
    if (_lseek(descriptor, 0, SEEK_SET) != 0) return "";
    const int size = _read(descriptor, text.data(), static_cast<unsigned>(text.size()));
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
}

#else

int open_lock(const fs::path& file, bool make) {
    return open(file.c_str(), O_RDWR | (make ? O_CREAT : 0) | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0666);
}

/// Whether the open file still has this name. Opening the name again makes network file systems ask their
/// server.
bool is_in_place(int descriptor, const fs::path& file) {
    const int again = open_lock(file, false);
    if (again < 0) return false;
    struct stat one {
    }, other{};
    const bool same = fstat(descriptor, &one) == 0 && fstat(again, &other) == 0 &&
                      one.st_dev == other.st_dev && one.st_ino == other.st_ino;
    close_file(again);
    return same;
}

bool write_text(int descriptor, const std::string& text) {
    return ftruncate(descriptor, 0) == 0 &&
           pwrite(descriptor, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()) &&
           fsync(descriptor) == 0;
}

std::string read_text(int descriptor) {
    std::array<char, longest_owner> text{};
    const ssize_t size = pread(descriptor, text.data(), text.size(), 0);
    return size > 0 ? std::string(text.data(), static_cast<std::size_t>(size)) : "";
}

#endif

std::string time_now() {
    const std::time_t now = std::time(nullptr);
    std::tm local{};
#ifdef _WIN32
    localtime_s(&local, &now);
#else
    localtime_r(&now, &local);
#endif
    std::array<char, 64> text{};
    const std::size_t size = std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S %z", &local);
    return std::string(text.data(), size);
}

}  // namespace

FolderLock::FolderLock(fs::path folder, std::string_view doing, std::string_view remedy)
    : folder_(std::move(folder)), file_(folder_ / ".shadenet.lock") {
    const Clock::time_point end = Clock::now() + patience;
    while (!try_to_own()) {
        if (Clock::now() > end) {
            const std::string has_it = owner();
            release();
            throw InputError(fmt::format("{}: is being {}; {}", folder_.string(), has_it, remedy));
        }
        release();
        std::this_thread::sleep_for(between_attempts);
    }
    // Only people need this text, so failing to write it, e.g. on a full disk, does not matter.
    write_text(descriptor_, fmt::format("{} by process {} on {} since {}\n", doing, process_id(), host_name(),
                                        time_now()));
}

/// False when another process has the folder; the lock file then stays open, because owner() reads it.
bool FolderLock::try_to_own() {
    descriptor_ = open_lock(file_, true);
    if (descriptor_ < 0) {
        throw InputError(
            fmt::format("{}: cannot be opened: {}", file_.string(), reason_and_advice(last_error())));
    }
    const LockResult lock = lock_file(descriptor_);
    if (lock == LockResult::busy) return false;
    works_ = lock == LockResult::held;
    // The previous owner removes the file before its lock ends, and another process may have made a new file.
    return !works_ || is_in_place(descriptor_, file_);
}

std::string FolderLock::owner() const {
    std::string text = read_text(descriptor_);
    text = on_one_line(text.substr(0, text.find('\n')));
    return text.empty() ? "written by another process" : text;
}

void FolderLock::release() {
    if (descriptor_ >= 0) close_file(std::exchange(descriptor_, -1));
}

FolderLock::~FolderLock() {
    std::error_code ignored;
#ifdef _WIN32
    release();  // Windows removes no open files
    fs::remove(file_, ignored);
#else
    fs::remove(file_, ignored);  // before the lock ends, while nobody else can have one
    release();
#endif
}

}  // namespace shadenet
