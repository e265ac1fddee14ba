#include "data/labelled/labelled_data.h"

#include <algorithm>
#include <set>
#include <span>
#include <system_error>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "data/labelled/cifar.h"
#include "data/labelled/class_folders.h"
#include "data/labelled/idx.h"
#include "data/labelled/labelled_limits.h"
#include "image/pairs.h"

namespace shadenet {

namespace {

/// What tells how a folder's pictures are stored. A folder may hold any number of other files.
struct FolderContent {
    std::set<std::string> idx, cifar, folders;
    std::string archive;     ///< the first that was seen: maybe the data, not unpacked yet
    std::string for_python;  ///< a batch of CIFAR's other version
    bool pictures = false, other_bin = false;
};

constexpr std::size_t most_folders = most_labelled_classes + 16;

void look_at(const fs::directory_entry& entry, FolderContent& content) {
    constexpr const char* archives[] = {".tar", ".gz", ".tgz", ".zip", ".xz", ".bz2"};
    const std::string name = entry.path().filename().string(), extension = lower_extension(entry.path());
    std::error_code unknown;
    if (name.starts_with('.')) return;
    if (entry.is_directory(unknown)) {
        if (content.folders.size() < most_folders) content.folders.insert(name);
    } else if (is_idx_name(name)) {
        content.idx.insert(name);
    } else if (is_cifar_name(name)) {
        content.cifar.insert(name);
    } else if (extension == ".bin") {
        content.other_bin = true;
    } else if (std::ranges::find(archives, extension) != std::end(archives)) {
        content.archive = name;
    } else if (name == "data_batch_1") {
        content.for_python = name;
    } else if (has_picture_extension(entry.path())) {
        content.pictures = true;
    }
}

FolderContent content_of(const fs::path& folder, const std::atomic<bool>* stop) {
    std::error_code error;
    const fs::file_status status = fs::status(folder, error);
    if (status.type() == fs::file_type::not_found) {
        throw InputError(fmt::format("{}: no such folder", folder.string()));
    }
    if (fs::exists(status) && !fs::is_directory(status)) {
        throw InputError(fmt::format("{}: is not a folder; give the one that holds the labelled pictures",
                                     folder.string()));
    }
    FolderContent content;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        throw_if_stopped(stop);
        look_at(*entry, content);
    }
    if (error) {
        throw InputError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    }
    return content;
}

[[noreturn]] void refuse_content(const fs::path& folder, const FolderContent& content) {
    const std::string name = folder.string();
    if (content.pictures) {
        throw InputError(
            fmt::format("{}: holds pictures, but nothing says their classes; put those of each class into a "
                        "folder of its own, e.g. {} and {}",
                        name, (folder / "keep").string(), (folder / "discard").string()));
    }
    std::string hint;
    if (!content.archive.empty()) {
        hint = fmt::format("; {} may be an archive: unpack it first", content.archive);
    } else if (!content.for_python.empty()) {
        hint = "; CIFAR's version for Python is not read: get the binary one";
    } else if (content.other_bin) {
        hint = "; its .bin files have none of CIFAR's names";
    }
    throw InputError(
        fmt::format("{}: holds no labelled pictures: accepted are IDX files as MNIST's "
                    "(train-images-idx3-ubyte, train-labels-idx1-ubyte; also .gz), CIFAR's binary batches "
                    "(data_batch_1.bin or train.bin), or a folder of pictures for each class{}",
                    name, hint));
}

/// Archives often unpack to a folder of their own, and the one above it is given.
void refuse_folder_above(const fs::path& folder, const FolderContent& content) {
    for (const std::string& name : content.folders) {
        for (const char* file :
             {"train-images-idx3-ubyte", "train-images-idx3-ubyte.gz", "data_batch_1.bin", "train.bin"}) {
            if (!is_there(folder / name / file)) continue;
            throw InputError(fmt::format("{}: holds the data set in its folder {}; give {}", folder.string(),
                                         name, (folder / name).string()));
        }
    }
}

void check_options(const fs::path& folder, const FolderContent& content, const LabelledOptions& options) {
    const bool folders = content.idx.empty() && content.cifar.empty();
    if (options.coarse && (content.cifar.empty() || !content.idx.empty())) {
        throw InputError(fmt::format(
            "{}: is not CIFAR-100, which alone has coarse classes; leave --coarse out", folder.string()));
    }
    if (options.size && !folders) {
        throw InputError(
            fmt::format("{}: its pictures all have one size already, which they keep; leave --size out",
                        folder.string()));
    }
    if (options.size && (*options.size == 0 || *options.size > most_labelled_side)) {
        throw InputError(fmt::format("--size {}: a side of 1 to {} pixels is accepted", *options.size,
                                     most_labelled_side));
    }
}

/// Classes of which there is no picture to learn from.
void note_empty_classes(LabelledData& data) {
    const std::set<std::uint32_t> occurring(data.training.labels.begin(), data.training.labels.end());
    std::vector<std::string> empty;
    for (std::uint32_t c = 0; c < data.classes.size(); ++c) {
        if (!occurring.contains(c)) empty.push_back(data.classes[c]);
    }
    if (empty.empty()) return;
    constexpr std::size_t shown = 10;
    const std::size_t more = empty.size() - std::min(empty.size(), shown);
    empty.resize(std::min(empty.size(), shown));
    data.notes.push_back(fmt::format("no training picture is of class {}{}", fmt::join(empty, ", "),
                                     more == 0 ? "" : fmt::format(" and {} more", more)));
}

LabelledData read_content(const fs::path& folder, const FolderContent& content,
                          const LabelledOptions& options) {
    if (!content.idx.empty()) return read_idx_folder(folder, content.idx, options);
    if (!content.cifar.empty()) return read_cifar_folder(folder, content.cifar, options);
    if (content.folders.empty()) refuse_content(folder, content);
    refuse_folder_above(folder, content);
    return read_class_folders(folder, options);
}

std::string hash_of(const LabelledPictures& pictures) {
    return fmt::format("{}x{}x{} {} {} {}\n", pictures.shape.c, pictures.shape.h, pictures.shape.w,
                       pictures.size(), sha256(std::as_bytes(std::span(pictures.levels))),
                       sha256(std::as_bytes(std::span(pictures.labels))));
}

}  // namespace

LabelledData read_labelled_data(const fs::path& folder, const LabelledOptions& options) {
    const FolderContent content = content_of(folder, options.stop);
    check_options(folder, content, options);
    LabelledData data = read_content(folder, content, options);
    if (data.classes.size() < 2) {
        throw InputError(fmt::format("{}: has only the class {}, and a classifier needs at least two",
                                     folder.string(), data.classes.front()));
    }
    if (const std::string fault = fault_of_names(data.classes); !fault.empty()) {
        throw InputError(fmt::format("{}: {}; give each class a name of its own", folder.string(), fault));
    }
    note_empty_classes(data);
    return data;
}

std::string data_hash(const LabelledData& data) {
    std::string text = hash_of(data.training) + hash_of(data.test);
    for (const std::string& name : data.classes) text += fmt::format("{} {}\n", name.size(), name);
    return sha256(std::as_bytes(std::span(text)));
}

}  // namespace shadenet
