#include "train/stale_files.h"

#include <exception>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// The pair that a picture of images/ belongs to; empty where it is none of training.
std::string pair_of(const fs::path& picture) {
    const std::string stem = picture.stem().string();
    for (const std::string_view kind : {"before_", "after_"}) {
        if (stem.starts_with(kind) && picture.extension() == ".png") {
            return record_name(stem.substr(kind.size()));
        }
    }
    return "";
}

std::vector<fs::path> pictures_of(const fs::path& images, const std::set<std::string>& pairs) {
    std::vector<fs::path> found;
    std::error_code error;
    for (fs::directory_iterator entry(images, error), end; !error && entry != end; entry.increment(error)) {
        if (pairs.contains(pair_of(entry->path()))) found.push_back(entry->path());
    }
    return found;
}

}  // namespace

void remove_derived(const RunFolder& folder, const DataChange& change, const std::vector<PairRecord>& before,
                    const std::vector<PairRecord>& now) {
    std::vector<fs::path> stale = {folder.health()};
    if (change.validation) stale.push_back(folder.best());
    if (change.training) {
        std::set<std::string> pairs;
        for (const PairRecord& pair : before) pairs.insert(pair.name);
        for (const PairRecord& pair : now) pairs.insert(pair.name);
        const std::vector<fs::path> pictures = pictures_of(folder.images(), pairs);
        stale.insert(stale.end(), pictures.begin(), pictures.end());
        stale.push_back(folder.floor());
    }
    for (const fs::path& file : stale) {
        std::error_code error;
        fs::remove(file, error);
        if (!error) continue;
        throw WorkError(fmt::format("{}: was made of other pictures, and cannot be removed: {}; remove it",
                                    file.string(), error.message()));
    }
}

void remove_begun(const RunFolder& folder, const std::vector<std::string>& stems,
                  const fs::path& event_file) noexcept {
    try {
        std::vector<fs::path> files = {folder.config(),      folder.checkpoint(), folder.history(),
                                       folder.validations(), folder.epochs(),     folder.floor(),
                                       folder.histograms(),  folder.best()};
        if (!event_file.empty()) files.push_back(event_file);
        const fs::path images = folder.images();
        for (const std::string& stem : stems) files.push_back(images / fmt::format("before_{}.png", stem));
        std::error_code ignored;
        for (const fs::path& file : files) fs::remove(file, ignored);
        // It stays where something else is in it.
        if (fs::is_directory(images, ignored)) fs::remove(images, ignored);
    } catch (const std::exception&) {
        // What made the run fail is what matters.
    }
}

}  // namespace shadenet
