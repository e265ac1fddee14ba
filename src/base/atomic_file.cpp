#include "base/atomic_file.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/stat.h>
#include <unistd.h>
#endif

#include "base/error.h"
#include "base/file_error.h"
#include "base/standard_streams.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

#ifdef _WIN32

bool sync(std::FILE* stream) {
    return _commit(_fileno(stream)) == 0;
}

void make_beside(const fs::path& target, std::optional<TemporaryFile>& temporary) {
    temporary.emplace(target.parent_path());
}

#else

bool sync(std::FILE* stream) {
    return fsync(fileno(stream)) == 0;
}

/// Gives the new file the old one's owner and permissions. Some file systems have none, so failures are
/// ignored; but a group that could not be kept gets no more rights than everybody has.
void take_after(const struct stat& before, int descriptor) {
    struct stat now {};
    if (fstat(descriptor, &now) != 0) return;
    mode_t mode = before.st_mode & 07777;
    if ((now.st_uid != before.st_uid || now.st_gid != before.st_gid) &&
        fchown(descriptor, before.st_uid, before.st_gid) != 0 &&
        fchown(descriptor, static_cast<uid_t>(-1), before.st_gid) != 0) {
        mode = (mode & 0707) | (mode & (mode << 3) & 070);
    }
    static_cast<void>(fchmod(descriptor, mode));
}

/// A temporary file in the folder of `target`, with the permissions that the result is to have.
void make_beside(const fs::path& target, std::optional<TemporaryFile>& temporary) {
    struct stat before {};
    if (stat(target.c_str(), &before) != 0) {
        temporary.emplace(target.parent_path());
        return;
    }
    temporary.emplace(target.parent_path(), 0600);
    take_after(before, fileno(temporary->stream()));
}

#endif

}  // namespace

fs::path end_of_links(fs::path path) {
    std::error_code error;
    if (!fs::is_symlink(fs::symlink_status(path, error))) return path;
    const fs::path file = fs::canonical(path, error);
    if (!error) return file;
    constexpr int most_links = 40;  // Linux follows as many
    for (int i = 0; i < most_links && fs::is_symlink(fs::symlink_status(path, error)); ++i) {
        path = path.parent_path() / fs::read_symlink(path, error);  // an absolute link replaces the folder
    }
    return path;
}

AtomicFile::AtomicFile(fs::path path) : path_(std::move(path)) {
    find_target();
    try {
        make_beside(target_, temporary_);
    } catch (const std::system_error& error) {
        fail("create the file", error.code());
    }
}

AtomicFile::AtomicFile() : path_(standard_output_name), is_sent_(true) {
    std::error_code error;
    const fs::path folder = fs::temp_directory_path(error);
    if (error) throw WorkError(fmt::format("the folder for temporary files: {}", reason_and_advice(error)));
    try {
        temporary_.emplace(folder, 0600);
    } catch (const std::system_error& problem) {
        throw WorkError(fmt::format("{}: no file can be made in it for {}: {}", folder.string(),
                                    standard_output_name, reason_and_advice(problem.code())));
    }
    fs::remove(temporary_->path(), error);
}

void AtomicFile::find_target() {
    std::error_code error;
    const fs::file_status status = fs::status(path_, error);
    if (!fs::status_known(status)) fail("create the file", error);
    if (fs::is_directory(status)) {
        fail("replace it", std::make_error_code(std::errc::is_a_directory));
    }
    if (fs::exists(status) && !fs::is_regular_file(status)) {
        throw WorkError(fmt::format("{}: is a device or the like, and not replaced; choose another name",
                                    path_.string()));
    }
    target_ = end_of_links(path_);
}

void AtomicFile::fail(const char* step, std::error_code error) const {
    throw WorkError(fmt::format("{}: cannot {}: {}", path_.string(), step, reason_and_advice(error)));
}

void AtomicFile::write(std::span<const std::byte> bytes) {
    if (memory_ != nullptr) {
        memory_->insert(memory_->end(), bytes.begin(), bytes.end());
        bytes_ += bytes.size();
        return;
    }
    // An empty span may have no address, which fwrite must not be given.
    const std::size_t written =
        bytes.empty() ? 0 : std::fwrite(bytes.data(), 1, bytes.size(), temporary_->stream());
    if (written != bytes.size()) fail("write", last_error());
    bytes_ += written;
}

void AtomicFile::replace_start(std::span<const std::byte> bytes) {
    if (memory_ != nullptr) {
        std::ranges::copy(bytes, memory_->end() - static_cast<std::ptrdiff_t>(bytes_));
        return;
    }
    std::FILE* stream = temporary_->stream();
    const bool replaced = std::fseek(stream, 0, SEEK_SET) == 0 &&
                          std::fwrite(bytes.data(), 1, bytes.size(), stream) == bytes.size() &&
                          std::fseek(stream, 0, SEEK_END) == 0;
    if (!replaced) fail("write", last_error());
}

void AtomicFile::commit() {
    if (memory_ != nullptr) return;
    if (is_sent_) {
        if (std::fflush(temporary_->stream()) != 0) fail("write", last_error());
        const std::error_code error = send_to_standard_output(temporary_->stream());
        if (error == std::errc::broken_pipe) {
            throw WorkError(
                fmt::format("{}: who reads it has gone, and the picture is not whole there", path_.string()));
        }
        if (error) fail("write", error);
        return;
    }
    if (std::fflush(temporary_->stream()) != 0 || !sync(temporary_->stream())) fail("write", last_error());
    if (const std::error_code error = temporary_->rename_to(target_)) fail("rename the finished file", error);
}

}  // namespace shadenet
