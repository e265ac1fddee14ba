#include "data/labelled/class_folders.h"

#include <map>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/one_line.h"
#include "data/labelled/class_files.h"
#include "data/labelled/decoded_files.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/labelled_limits.h"
#include "data/labelled/picture_rule.h"
#include "image/image.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t largest_own_side = 128, usual_side = 64;

/// The size that all pictures share, if it is small enough to be kept. Those that cannot be read do not
/// count. Photographs, whose reading takes time, are too large, so that the first ends the search.
std::optional<ClassifierInput> shared_size(const FoundClasses& found, const std::atomic<bool>* stop) {
    std::optional<ClassifierInput> shared;
    for (const ClassFiles* part : {&found.training, &found.test}) {
        for (const ClassFiles::File& file : part->files) {
            throw_if_stopped(stop);
            try {
                const auto [width, height] = image_size(file.path);
                const ClassifierInput size{3, height, width};
                if (width > largest_own_side || height > largest_own_side) return std::nullopt;
                if (shared.value_or(size) != size) return std::nullopt;
                shared = size;
            } catch (const InputError&) {
                continue;  // is counted when it is decoded
            }
        }
    }
    return shared;
}

ClassifierInput input_of(const FoundClasses& found, const LabelledOptions& options,
                         std::vector<std::string>& notes) {
    if (options.as) return {3, options.as->height, options.as->width};
    if (options.size) return {3, *options.size, *options.size};
    if (const auto shared = shared_size(found, options.stop)) return *shared;
    notes.push_back(fmt::format("pictures become squares of {0} pixels; --size changes that", usual_side));
    return {3, usual_side, usual_side};
}

std::string name_in(const fs::path& folder, const fs::path& picture) {
    return on_one_line(picture.lexically_relative(folder).generic_string());
}

/// Throws InputError for a class of which more than half cannot be read.
void check_readable(const ClassFiles& part, const DecodedFiles& decoded) {
    std::map<std::uint32_t, std::pair<std::size_t, std::size_t>> counts;  // by label: all, unreadable
    for (std::size_t i = 0; i < part.files.size(); ++i) {
        auto& [all, unreadable] = counts[part.files[i].label];
        ++all;
        unreadable += decoded.errors[i].empty() ? 0 : 1;
    }
    for (std::size_t i = 0; i < part.files.size(); ++i) {
        const auto [all, unreadable] = counts[part.files[i].label];
        if (decoded.errors[i].empty() || 2 * unreadable <= all) continue;
        throw InputError(fmt::format("{}: {} of its {} cannot be read; the first: {}",
                                     part.files[i].path.parent_path().string(), unreadable,
                                     counted(all, "picture"), decoded.errors[i]));
    }
}

void warn_of_unreadable(const DecodedFiles& decoded, std::vector<std::string>& warnings) {
    constexpr std::size_t shown = 10;
    std::size_t count = 0;
    for (const std::string& error : decoded.errors) {
        if (error.empty()) continue;
        if (++count <= shown) warnings.push_back(fmt::format("left out: {}", error));
    }
    if (count > shown)
        warnings.push_back(fmt::format("left out: {} more that cannot be read", count - shown));
}

}  // namespace

LabelledData read_class_folders(const fs::path& folder, const LabelledOptions& options) {
    FoundClasses found = find_classes(folder, options.stop);
    LabelledData data;
    data.resizable = true;
    data.classes = std::move(found.classes);
    data.notes = std::move(found.notes);
    data.warnings = std::move(found.warnings);
    const ClassifierInput input = input_of(found, options, data.notes);
    const std::uint64_t files = found.training.files.size() + found.test.files.size();
    check_labelled_size(folder.string(), files, std::uint64_t{3} * input.height * input.width * files);
    DecodedFiles training = decode_files(found.training, input, options.stop);
    DecodedFiles test = decode_files(found.test, input, options.stop);
    check_readable(found.training, training);
    check_readable(found.test, test);
    for (const DecodedFiles* decoded : {&training, &test}) warn_of_unreadable(*decoded, data.warnings);
    const std::size_t alpha = training.with_alpha + test.with_alpha;
    if (alpha > 0) {
        data.notes.push_back(fmt::format("{} with alpha: it is not used", counted(alpha, "picture")));
    }
    const std::size_t floats = training.with_floats + test.with_floats;
    if (floats > 0) {
        data.notes.push_back(fmt::format("{} of floats: they become 256 levels, clamped to 0 to 1",
                                         counted(floats, "picture")));
    }
    const std::uint32_t channels = training.grey && test.grey ? 1 : 3;
    const auto name_of = [&](const fs::path& picture) { return name_in(folder, picture); };
    data.training = readable_pictures(found.training, std::move(training), input, channels, name_of);
    if (!found.test.files.empty()) {
        data.test = readable_pictures(found.test, std::move(test), input, channels, name_of);
    }
    return data;
}

}  // namespace shadenet
