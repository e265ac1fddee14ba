#include "data/labelled/class_files.h"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>

#include "base/error.h"
#include "base/one_line.h"
#include "data/labelled/labelled_limits.h"
#include "image/not_taken.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// The folders in a folder, sorted by name.
std::vector<std::string> folders_in(const fs::path& folder, const std::atomic<bool>* stop) {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        throw_if_stopped(stop);
        std::error_code unknown;
        const std::string name = entry->path().filename().string();
        if (name.front() != '.' && entry->is_directory(unknown)) names.push_back(name);
        if (names.size() > most_labelled_classes) break;
    }
    if (error) {
        throw InputError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    }
    std::ranges::sort(names);
    return names;
}

void check_class_count(const fs::path& folder, const std::vector<std::string>& classes) {
    if (classes.size() <= most_labelled_classes) return;
    throw InputError(fmt::format("{}: has more than {} folders, and each would be a class; use fewer classes",
                                 folder.string(), most_labelled_classes));
}

/// A name is shown on one line, and a model remembers it as it is.
void check_class_name(const fs::path& folder) {
    if (!has_controls(folder.filename().string())) return;
    throw InputError(
        fmt::format("{}: its name has a line end or another control character, and is to be "
                    "that of a class; rename the folder",
                    on_one_line(folder.string())));
}

/// Adds the pictures of a class. Throws InputError where there is none.
void add_class(const fs::path& folder, std::uint32_t label, FoundClasses& found, ClassFiles& part) {
    const std::vector<fs::path> pictures = list_images(folder);
    for (const fs::path& picture : pictures) part.files.push_back({picture, label});
    NotTaken foreign;
    foreign.add_folder(folder);
    if (!foreign.empty()) found.notes.push_back(fmt::format("{}: {}", folder.string(), foreign.line()));
    const std::size_t all = found.training.files.size() + found.test.files.size();
    check_labelled_size(folder.parent_path().string(), all, 0);
}

void find_test(const fs::path& folder, FoundClasses& found, const std::atomic<bool>* stop) {
    const std::vector<std::string> names = folders_in(folder, stop);
    if (names.empty()) {
        throw InputError(
            fmt::format("{}: holds no folder; put the test pictures of each class into one of "
                        "its own, as in train",
                        folder.string()));
    }
    for (const std::string& name : names) {
        throw_if_stopped(stop);
        const auto at = std::ranges::find(found.classes, on_one_line(name));
        if (at == found.classes.end()) {
            throw InputError(
                fmt::format("{}: is no class of training; put pictures of it into train, too, or "
                            "take it away",
                            (folder / name).string()));
        }
        add_class(folder / name, static_cast<std::uint32_t>(at - found.classes.begin()), found, found.test);
    }
    for (const std::string& name : found.classes) {
        if (std::ranges::find(names, name, [](const auto& one) { return on_one_line(one); }) == names.end()) {
            found.notes.push_back(fmt::format("no test picture is of class {}", name));
        }
    }
}

void note_other_folders(const fs::path& folder, const std::vector<std::string>& folders,
                        FoundClasses& found) {
    for (const std::string& name : folders) {
        if (name == "train" || name == "test") continue;
        found.notes.push_back(
            fmt::format("{}: not taken: only train and test beside it are", (folder / name).string()));
    }
}

}  // namespace

FoundClasses find_classes(const fs::path& folder, const std::vector<std::string>& folders,
                          const std::atomic<bool>* stop) {
    const auto has = [&](const char* name) { return std::ranges::count(folders, name) > 0; };
    std::vector<std::string> below_train;
    if (has("train")) below_train = folders_in(folder / "train", stop);
    const bool in_parts = !below_train.empty();
    const auto names_part = [](const std::string& name) { return name == "train" || name == "test"; };
    if (!in_parts && !folders.empty() && std::ranges::all_of(folders, names_part)) {
        throw InputError(fmt::format(
            "{}: train holds no folder; put the pictures of each class into a folder of its own there",
            folder.string()));
    }
    const fs::path training = in_parts ? folder / "train" : folder;
    const std::vector<std::string>& names = in_parts ? below_train : folders;
    check_class_count(training, names);
    FoundClasses found;
    for (const std::string& name : names) {
        throw_if_stopped(stop);
        check_class_name(training / name);
        add_class(training / name, static_cast<std::uint32_t>(found.classes.size()), found, found.training);
        found.classes.push_back(on_one_line(name));
    }
    if (in_parts && has("test")) find_test(folder / "test", found, stop);
    if (in_parts) note_other_folders(folder, folders, found);
    return found;
}

}  // namespace shadenet
