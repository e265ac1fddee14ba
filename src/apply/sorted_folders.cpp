#include "apply/sorted_folders.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <span>
#include <system_error>

#include <fmt/format.h>
#ifndef _WIN32
#include <sys/stat.h>
#endif

#include "apply/memory_budget.h"
#include "base/atomic_file.h"
#include "base/error.h"
#include "base/file.h"
#include "base/file_error.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// Names that lead elsewhere, are hidden, or are refused by some system.
bool is_folder_name(const std::string& name) {
    constexpr std::string_view forbidden = "/\\:*?\"<>|";
    constexpr std::size_t most_bytes = 255;
    return !name.empty() && name.front() != '.' && name.size() <= most_bytes &&
           name.find_first_of(forbidden) == std::string::npos &&
           std::ranges::none_of(name, [](char letter) { return static_cast<unsigned char>(letter) < ' '; });
}

bool is_link(const fs::path& path) {
    std::error_code error;
    return fs::is_symlink(fs::symlink_status(path, error));
}

bool something_is_at(const fs::path& path) {
    std::error_code error;
    return fs::exists(fs::symlink_status(path, error));
}

#ifdef _WIN32

bool is_changed_after(const fs::path& path, const fs::path& other) {
    std::error_code error;
    return !is_link(path) && fs::last_write_time(path, error) > fs::last_write_time(other, error) && !error;
}

#else

/// By their times of change; the time of a link is the link's own, not its target's.
bool is_changed_after(const fs::path& path, const fs::path& other) {
    struct stat first {
    }, second{};
    if (lstat(path.c_str(), &first) != 0 || stat(other.c_str(), &second) != 0) return false;
#ifdef __APPLE__
    const auto &a = first.st_mtimespec, &b = second.st_mtimespec;
#else
    const auto &a = first.st_mtim, &b = second.st_mtim;
#endif
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec > b.tv_nsec;
}

#endif

bool have_same_bytes(const fs::path& a, const fs::path& b) {
    std::error_code error;
    if (fs::file_size(a, error) != fs::file_size(b, error) || error) return false;
    std::ifstream first(a, std::ios::binary), second(b, std::ios::binary);
    using Bytes = std::istreambuf_iterator<char>;
    return first && second && std::equal(Bytes(first), Bytes(), Bytes(second), Bytes());
}

/// What `place` is, was made of the picture.
bool is_made_of(const fs::path& place, const fs::path& picture) {
    if (same_file(place, picture)) return is_link(place);
    return !is_link(place) && have_same_bytes(place, picture);
}

std::uint64_t copy_picture(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (is_link(to)) fs::remove(to, error);  // a link's end may be the picture itself
    std::ifstream source(from, std::ios::binary);
    AtomicFile file(to);
    std::vector<char> piece(std::size_t{1} << 20);
    while (source) {
        source.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        file.write(std::as_bytes(std::span(piece).first(static_cast<std::size_t>(source.gcount()))));
    }
    if (!source.eof()) throw WorkError(fmt::format("{}: cannot be read to be copied", from.string()));
    file.commit();
    return file.bytes();
}

/// Under a temporary name first, so that there is always a whole one.
void link_picture(const fs::path& from, const fs::path& to) {
    const auto require = [&](std::error_code error) {
        if (!error) return;
        throw WorkError(
            fmt::format("{}: the link cannot be made: {}", to.string(), reason_and_advice(error)));
    };
    try {
        TemporaryFile temporary(to.parent_path());
        fs::remove(temporary.path());
        fs::create_symlink(fs::canonical(from), temporary.path());
        require(temporary.rename_to(to));
    } catch (const std::system_error& failure) {
        require(failure.code());
    }
}

ResultState state_at(const fs::path& place, const fs::path& picture, const fs::path& model) {
    if (!is_changed_after(place, picture) || !is_changed_after(place, model)) return ResultState::to_do;
    return is_made_of(place, picture) ? ResultState::finished : ResultState::damaged;
}

}  // namespace

SortedFolders::SortedFolders(fs::path into, const std::vector<std::string>& classes, bool link,
                             const fs::path& model)
    : into_(std::move(into)), link_(link) {
    for (const std::string& name : classes) {
        if (!is_folder_name(name)) {
            throw InputError(fmt::format("{}: its class \"{}\" is no name for a folder; leave --into out",
                                         model.string(), name));
        }
        if (something_is_at(into_ / name)) earlier_.push_back(name);
    }
}

std::vector<fs::path> SortedFolders::places_of(const ApplyJob& job) const {
    std::vector<fs::path> places;
    for (const std::string& name : earlier_) {
        if (something_is_at(place_of(job, name))) places.push_back(place_of(job, name));
    }
    return places;
}

EarlierFindings SortedFolders::take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                             const fs::path& model, const std::atomic<bool>& stop,
                                             const OnChecked& on_checked) const {
    for (const ApplyJob& job : jobs) {
        for (const fs::path& path : places_of(job)) {
            if (is_link(path) || !same_file(path, job.input)) continue;
            throw InputError(fmt::format("{}: the result would overwrite the picture; choose another --into",
                                         job.input.string()));
        }
    }
    const auto there = [&](const ApplyJob& job) {
        const std::vector<fs::path> places = places_of(job);
        return places.empty() ? fs::path() : places.front();
    };
    const auto state = [&](ApplyJob& job, MemoryBudget&) {
        std::vector<fs::path> finished;
        bool damaged = false;
        for (const fs::path& path : places_of(job)) {
            const ResultState at_path = state_at(path, job.input, model);
            damaged = damaged || at_path == ResultState::damaged;
            if (at_path == ResultState::finished) finished.push_back(path);
        }
        if (finished.size() != 1) return damaged ? ResultState::damaged : ResultState::to_do;
        job.output = finished.front();
        return ResultState::finished;
    };
    const EarlierLook look{there, state};
    return take_earlier_results(jobs, earlier, look, stop, on_checked);
}

void SortedFolders::prepare() const {
    make_folder(into_);
    for (const std::string& name : earlier_) make_folder(into_ / name);
}

Placed SortedFolders::place(const ApplyJob& job, const std::string& label) const {
    const fs::path path = place_of(job, label);
    std::error_code error;
    Placed placed{.path = path};
    if (job.output == path) {
        if (!is_link(path)) placed.bytes = fs::file_size(path, error);
        if (error) placed.bytes = 0;  // it was taken away meanwhile
    } else {
        fs::create_directories(path.parent_path(), error);
        if (error) {
            throw WorkError(fmt::format("{}: the folder cannot be made: {}", path.parent_path().string(),
                                        reason_and_advice(error)));
        }
        if (link_) {
            link_picture(job.input, path);
        } else {
            placed.bytes = copy_picture(job.input, path);
        }
    }
    for (const fs::path& other : places_of(job)) {
        if (other == path) continue;
        if (is_made_of(other, job.input)) {
            fs::remove(other, error);
        } else {
            placed.others.push_back(other);
        }
    }
    return placed;
}

std::vector<fs::path> SortedFolders::folders_of(const std::vector<ApplyJob>& jobs) const {
    std::set<fs::path> folders;
    for (const ApplyJob& job : jobs) {
        for (const std::string& name : earlier_) folders.insert(place_of(job, name).parent_path());
    }
    return {folders.begin(), folders.end()};
}

}  // namespace shadenet
