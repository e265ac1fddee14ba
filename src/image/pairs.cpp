#include "image/pairs.h"

#include <algorithm>
#include <map>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/lower_case.h"
#include "base/picture_formats.h"
#include "base/utf8.h"
#include "image/file_formats.h"
#include "image/not_taken.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

bool is_listed(const fs::directory_entry& entry) {
    std::error_code error;
    return has_picture_extension(entry.path()) && entry.path().filename().string().front() != '.' &&
           entry.is_regular_file(error);
}

using ByStem = std::map<std::string, fs::path>;  // by the normalised stem

ByStem by_stem(const fs::path& folder) {
    const std::vector<fs::path> images = list_images(folder);
    check_unique_stems(images);
    ByStem result;
    for (const fs::path& image : images) result.emplace(normalised(image.stem().string()), image);
    return result;
}

/// Names a picture whose stem differs only in case, if there is one.
std::string near_miss(const std::string& stem, const ByStem& others) {
    const std::string wanted = without_case(stem);
    for (const auto& [other, path] : others) {
        if (without_case(other) != wanted) continue;
        return fmt::format(" ({} is there, and differs in case: rename one)", path.filename().string());
    }
    return "";
}

// "<picture>: has no partner in <other>" for each picture of `images` whose stem `others` lacks.
void collect_lonely(const ByStem& images, const ByStem& others, const fs::path& other_folder,
                    std::vector<std::string>& lonely) {
    for (const auto& [stem, path] : images) {
        if (others.contains(stem)) continue;
        // Only the first line has all details.
        lonely.push_back(fmt::format("{}: has no partner named \"{}\" in {}{}", path.string(), stem,
                                     other_folder.string(), lonely.empty() ? near_miss(stem, others) : ""));
    }
}

}  // namespace

std::string lower_extension(const fs::path& path) {
    return lower_case(path.extension().string());
}

bool has_picture_extension(const fs::path& path) {
    return format_by_name(path).has_value();
}

std::string without_pictures(const fs::path& folder, const NotTaken& foreign) {
    return fmt::format("{}: holds no picture (" SHADENET_PICTURE_EXTENSIONS "){}", folder.string(),
                       foreign.empty() ? "" : "; " + foreign.line());
}

std::vector<fs::path> list_images(const fs::path& folder) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError(fmt::format("{}: no such folder", folder.string()));
    }
    if (fs::exists(status) && !fs::is_directory(status)) {
        throw InputError(fmt::format("{}: is not a folder", folder.string()));
    }
    std::vector<fs::path> images;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        if (is_listed(*entry)) images.push_back(entry->path());
    }
    if (error) {
        throw InputError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    }
    if (images.empty()) {
        NotTaken foreign;
        foreign.add_folder(folder);
        throw InputError(without_pictures(folder, foreign));
    }
    std::ranges::sort(images, {}, [](const fs::path& image) { return image.filename().string(); });
    return images;
}

std::vector<fs::path> list_images_or_file(const fs::path& file_or_folder) {
    std::error_code error;
    const fs::file_status status = fs::status(file_or_folder, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError(fmt::format("{}: no such file or folder", file_or_folder.string()));
    }
    if (fs::is_regular_file(status)) return {file_or_folder};
    return list_images(file_or_folder);
}

void check_unique_stems(const std::vector<fs::path>& images) {
    ByStem seen;
    for (const fs::path& image : images) {
        const std::string stem = image.stem().string();
        const auto [first, is_new] = seen.emplace(normalised(stem), image);
        if (is_new) continue;
        const char* spelling = first->second.stem() == stem ? "" : " (once Unicode is normalised)";
        throw InputError(
            fmt::format("{} and {}: two files named \"{}\"{}; rename one, because their results would "
                        "have the same name",
                        first->second.string(), image.string(), first->first, spelling));
    }
}

std::vector<ImagePair> pair_images(const fs::path& input, const fs::path& target) {
    const ByStem inputs = by_stem(input), targets = by_stem(target);
    std::vector<std::string> lonely;
    collect_lonely(inputs, targets, target, lonely);
    collect_lonely(targets, inputs, input, lonely);
    if (!lonely.empty()) {
        const std::string more = lonely.size() == 1 ? "" : fmt::format(" (and {} more)", lonely.size() - 1);
        throw InputError(
            fmt::format("{}{}; pictures are paired by name without extension", lonely.front(), more));
    }
    std::vector<ImagePair> pairs;
    for (const auto& [stem, path] : inputs) {
        const fs::path& partner = targets.at(stem);
        pairs.push_back({path.stem().string(), path, partner, path.stem() != partner.stem()});
    }
    return pairs;
}

}  // namespace shadenet
