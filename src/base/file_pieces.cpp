#include "base/file_pieces.h"

#include <cstdio>
#include <utility>

#include <fmt/format.h>

#ifdef _WIN32
#include <io.h>
#else
#include <sys/stat.h>
#endif

#include "base/error.h"
#include "base/file_error.h"

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

bool go_to(std::FILE* file, std::uint64_t at) {
#ifdef _WIN32
    return _fseeki64(file, static_cast<__int64>(at), SEEK_SET) == 0;
#else
    return fseeko(file, static_cast<off_t>(at), SEEK_SET) == 0;
#endif
}

[[noreturn]] void refuse_reading(const fs::path& path, std::error_code error) {
    throw InputError(fmt::format("{}: cannot read: {}", path.string(), reason_and_advice(error)));
}

}  // namespace

FilePieces::FilePieces(fs::path path, std::uint64_t max_bytes) : path_(std::move(path)) {
    std::error_code error;
    const fs::file_status status = fs::status(path_, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError(fmt::format("{}: no such file", path_.string()));
    }
    if (!fs::status_known(status)) refuse_reading(path_, error);
    if (!fs::is_regular_file(status)) throw InputError(fmt::format("{}: is not a file", path_.string()));
    file_.reset(std::fopen(path_.string().c_str(), "rb"));
    if (!file_) refuse_reading(path_, last_error());
    size_ = size_of(file_.get());
    if (size_ > max_bytes) {
        throw InputError(
            fmt::format("{}: has {} bytes, and at most {} are accepted", path_.string(), size_, max_bytes));
    }
    std::setvbuf(file_.get(), nullptr, _IONBF, 0);
}

void FilePieces::read(std::uint64_t at, std::span<std::byte> to) const {
    if (to.empty()) return;
    if (!go_to(file_.get(), at)) refuse_reading(path_, last_error());
    if (std::fread(to.data(), 1, to.size(), file_.get()) == to.size()) return;
    if (std::ferror(file_.get()) != 0) refuse_reading(path_, last_error());
    throw InputError(fmt::format("{}: became shorter while it was read; try again", path_.string()));
}

}  // namespace shadenet
