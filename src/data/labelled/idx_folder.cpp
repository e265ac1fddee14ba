#include <algorithm>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "data/labelled/idx.h"
#include "data/labelled/labelled_data.h"
#include "data/labelled/labelled_limits.h"

namespace shadenet {

namespace {

enum class IdxContent { images, labels };

/// "train-images-idx3-ubyte", or with a dot before "idx".
std::string idx_name(const std::string& part, IdxContent content, char before_idx) {
    const bool images = content == IdxContent::images;
    return fmt::format("{}-{}{}idx{}-ubyte", part, images ? "images" : "labels", before_idx, images ? 3 : 1);
}

/// The names that such a file can have, the one to be taken first.
std::vector<std::string> idx_names(const std::string& part, IdxContent content) {
    const std::string dash = idx_name(part, content, '-'), dot = idx_name(part, content, '.');
    return {dash, dot, dash + ".gz", dot + ".gz"};
}

std::optional<std::string> found_name(const std::set<std::string>& names, const std::string& part,
                                      IdxContent content) {
    for (const std::string& name : idx_names(part, content)) {
        if (names.contains(name)) return name;
    }
    return std::nullopt;
}

std::string present(const std::set<std::string>& names, const fs::path& folder, const std::string& part,
                    IdxContent content) {
    const std::optional<std::string> name = found_name(names, part, content);
    if (name) return *name;
    throw InputError(fmt::format("{}: has no {} (or .gz), which belongs to the other files; put it there",
                                 folder.string(), idx_name(part, content, '-')));
}

/// `held`: bytes of the other part.
LabelledPictures read_idx_part(const fs::path& folder, const std::set<std::string>& names,
                               const std::string& part, std::uint64_t held, const LabelledOptions& options) {
    const std::string images = present(names, folder, part, IdxContent::images),
                      labels = present(names, folder, part, IdxContent::labels);
    const fs::path images_path = folder / images, labels_path = folder / labels;
    constexpr std::uint64_t header = 16;
    const std::uint64_t most = most_labelled_bytes_here() + header;
    IdxPictures pictures =
        read_idx_pictures(read_file(images_path, most), images_path.string(), options.stop, held);
    const std::vector<std::uint8_t> values =
        read_idx_labels(read_file(labels_path, most), labels_path.string(), options.stop);
    if (values.size() != pictures.count) {
        throw InputError(
            fmt::format("{}: has {} pictures, and {} has {} labels; these files do not belong together",
                        images_path.string(), pictures.count, labels_path.string(), values.size()));
    }
    LabelledPictures result{{1, 1, pictures.height, pictures.width},
                            std::move(pictures.levels),
                            {values.begin(), values.end()},
                            {}};
    result.names.reserve(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) result.names.push_back(fmt::format("{} {}", images, i));
    return result;
}

/// How many classes the labels tell of.
std::uint32_t idx_classes(const LabelledPictures& training, const fs::path& folder) {
    const auto largest = std::ranges::max_element(training.labels);
    const std::set<std::uint32_t> occurring(training.labels.begin(), training.labels.end());
    if (2 * occurring.size() <= *largest) {
        throw InputError(
            fmt::format("{}: of the labels 0 to {} only {} occur in training (picture {} has the largest): a "
                        "label is out of range, or the classes should be numbered without gaps",
                        folder.string(), *largest, occurring.size(), largest - training.labels.begin()));
    }
    return *largest + 1;
}

void check_idx_test(const LabelledData& data, const fs::path& folder) {
    const Shape &ours = data.test.shape, &trained = data.training.shape;
    if (ours != trained) {
        throw InputError(fmt::format(
            "{}: training has pictures of {} x {} pixels, and test of {} x {}; they must be the same",
            folder.string(), trained.w, trained.h, ours.w, ours.h));
    }
    const auto largest = std::ranges::max_element(data.test.labels);
    if (*largest < data.classes.size()) return;
    throw InputError(
        fmt::format("{}: the label {} of the test picture {} is out of range: training has 0 to {}",
                    folder.string(), *largest, largest - data.test.labels.begin(), data.classes.size() - 1));
}

}  // namespace

bool is_idx_name(const std::string& name) {
    for (const char* part : {"train", "t10k"}) {
        for (const IdxContent content : {IdxContent::images, IdxContent::labels}) {
            if (std::ranges::count(idx_names(part, content), name) > 0) return true;
        }
    }
    return false;
}

LabelledData read_idx_folder(const fs::path& folder, const std::set<std::string>& names,
                             const LabelledOptions& options) {
    LabelledData data;
    data.training = read_idx_part(folder, names, "train", 0, options);
    for (std::uint32_t c = 0; c < idx_classes(data.training, folder); ++c) {
        data.classes.push_back(fmt::to_string(c));
    }
    const bool has_test = found_name(names, "t10k", IdxContent::images).has_value() ||
                          found_name(names, "t10k", IdxContent::labels).has_value();
    if (has_test) {
        data.test = read_idx_part(folder, names, "t10k", data.training.levels.size(), options);
        check_idx_test(data, folder);
    }
    return data;
}

}  // namespace shadenet
