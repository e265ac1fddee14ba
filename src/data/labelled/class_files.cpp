#include "data/labelled/class_files.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/one_line.h"
#include "image/not_taken.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// Things that are not taken: how many, and the first by name.
struct LeftOut {
    std::size_t count = 0;
    std::string example{};

    void add(const std::string& name) {
        if (count++ == 0 || name < example) example = name;
    }
};

/// Calls `take` with each entry that is not hidden. Throws InputError for a folder that cannot be read.
template <class Take>
void for_each_entry(const fs::path& folder, const std::atomic<bool>* stop, const Take& take) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        throw_if_stopped(stop);
        if (entry->path().filename().string().front() != '.') take(*entry);
    }
    if (error) {
        throw InputError(fmt::format("{}: cannot read the folder: {}", folder.string(), error.message()));
    }
}

bool is_folder(const fs::directory_entry& entry) {
    std::error_code unknown;
    return entry.is_directory(unknown);
}

/// A name is shown on one line, and a model remembers it as it is.
void check_class_name(const fs::path& folder) {
    if (!has_controls(folder.filename().string())) return;
    throw InputError(
        fmt::format("{}: its name has a line end or another control character, and is to be that of a class; "
                    "rename the folder",
                    on_one_line(folder.string())));
}

bool is_file(const fs::directory_entry& entry) {
    std::error_code unknown;
    return entry.is_regular_file(unknown);
}

class ClassFinder {
  public:
    ClassFinder(fs::path folder, const std::atomic<bool>* stop, std::uint32_t most)
        : folder_(std::move(folder)), stop_(stop), most_(most) {}

    FoundClasses find() {
        const std::vector<std::string> folders = folders_in(folder_);
        const auto has = [&](const char* name) { return std::ranges::count(folders, name) > 0; };
        std::vector<std::string> below_train;
        if (has("train")) below_train = folders_in(folder_ / "train");
        const bool in_parts = !below_train.empty();
        if (!in_parts) refuse_parts_without_classes(folders);
        find_training(in_parts ? folder_ / "train" : folder_, in_parts ? below_train : folders);
        if (in_parts && has("test")) find_test(folder_ / "test");
        if (in_parts) note_other_folders(folders);
        warn_of_what_is_left();
        return std::move(found_);
    }

  private:
    /// Sorted by name. Pictures beside them are counted, too.
    std::vector<std::string> folders_in(const fs::path& folder) {
        std::vector<std::string> names;
        for_each_entry(folder, stop_, [&](const fs::directory_entry& entry) {
            if (is_folder(entry)) {
                // One more than are taken is enough to refuse them.
                if (names.size() <= most_labelled_classes) names.push_back(entry.path().filename().string());
            } else if (has_picture_extension(entry.path())) {
                loose_.add(name_of(entry));
            }
        });
        std::ranges::sort(names);
        return names;
    }

    std::string name_of(const fs::directory_entry& entry) const {
        return entry.path().lexically_relative(folder_).generic_string();
    }

    void refuse_parts_without_classes(const std::vector<std::string>& folders) const {
        const auto names_part = [](const std::string& name) { return name == "train" || name == "test"; };
        if (folders.empty() || !std::ranges::all_of(folders, names_part)) return;
        throw InputError(fmt::format(
            "{}: train holds no folder; put the pictures of each class into a folder of its own there",
            folder_.string()));
    }

    void find_training(const fs::path& training, const std::vector<std::string>& names) {
        if (names.size() > most_labelled_classes) {
            throw InputError(
                fmt::format("{}: has more than {} folders, and each would be a class; use fewer classes",
                            training.string(), most_labelled_classes));
        }
        for (const std::string& name : names) {
            check_class_name(training / name);
            add_class(training / name, static_cast<std::uint32_t>(found_.classes.size()), found_.training);
            found_.classes.push_back(on_one_line(name));
        }
    }

    /// Adds the pictures of a class. Throws InputError where there is none.
    void add_class(const fs::path& folder, std::uint32_t label, ClassFiles& part) {
        const std::size_t first = part.files.size();
        NotTaken foreign;
        LeftOut below;
        for_each_entry(folder, stop_, [&](const fs::directory_entry& entry) {
            if (is_folder(entry)) {
                below.add(name_of(entry));
            } else if (has_picture_extension(entry.path()) && is_file(entry)) {
                part.files.push_back({entry.path(), label});
            } else if (has_foreign_extension(entry.path()) && is_file(entry)) {
                foreign.add(entry.path());
            }
            refuse_too_many(foreign.count());
        });
        if (part.files.size() == first) {
            throw InputError(without_pictures(folder, foreign) +
                             (below.count == 0
                                  ? ""
                                  : fmt::format("; its folders, as {}, are not looked into", below.example)));
        }
        std::sort(part.files.begin() + static_cast<std::ptrdiff_t>(first), part.files.end(),
                  [](const ClassFiles::File& a, const ClassFiles::File& b) {
                      return a.path.filename().native() < b.path.filename().native();
                  });
        if (!foreign.empty()) found_.notes.push_back(fmt::format("{}: {}", folder.string(), foreign.line()));
        if (below.count > 0 && (below_.count == 0 || below.example < below_.example))
            below_.example = below.example;
        below_.count += below.count;
    }

    void refuse_too_many(std::size_t foreign) const {
        if (found_.training.files.size() + found_.test.files.size() + foreign <= most_) return;
        throw InputError(
            fmt::format("{}: has more than {} pictures, and no more are accepted; use a part of them",
                        folder_.string(), most_));
    }

    void find_test(const fs::path& folder) {
        const std::vector<std::string> names = folders_in(folder);
        if (names.empty()) {
            throw InputError(fmt::format(
                "{}: holds no folder; put the test pictures of each class into one of its own, as in train",
                folder.string()));
        }
        for (const std::string& name : names) {
            const auto at = std::ranges::find(found_.classes, on_one_line(name));
            if (at == found_.classes.end()) {
                throw InputError(fmt::format(
                    "{}: is no class of training; put pictures of it into train, too, or take it away",
                    (folder / name).string()));
            }
            add_class(folder / name, static_cast<std::uint32_t>(at - found_.classes.begin()), found_.test);
        }
        for (const std::string& name : found_.classes) {
            if (std::ranges::find(names, name, [](const auto& one) { return on_one_line(one); }) ==
                names.end()) {
                found_.notes.push_back(fmt::format("no test picture is of class {}", name));
            }
        }
    }

    void note_other_folders(const std::vector<std::string>& folders) {
        for (const std::string& name : folders) {
            if (name == "train" || name == "test") continue;
            found_.notes.push_back(
                fmt::format("{}: not taken: only train and test beside it are", (folder_ / name).string()));
        }
    }

    void warn_of_what_is_left() {
        if (loose_.count > 0) {
            found_.warnings.push_back(
                fmt::format("{}: {} of no class not taken, as {}; put each into the folder of its class",
                            folder_.string(), counted(loose_.count, "picture"), on_one_line(loose_.example)));
        }
        if (below_.count > 0) {
            found_.warnings.push_back(
                fmt::format("{}: {} within classes not looked into, as {}; put the pictures right into the "
                            "folder of their class",
                            folder_.string(), counted(below_.count, "folder"), on_one_line(below_.example)));
        }
    }

    fs::path folder_;
    const std::atomic<bool>* stop_;
    std::uint32_t most_;
    FoundClasses found_;
    LeftOut loose_, below_;  ///< pictures of no class, and folders within classes
};

}  // namespace

FoundClasses find_classes(const fs::path& folder, const std::atomic<bool>* stop, std::uint32_t most) {
    return ClassFinder(folder, stop, most).find();
}

}  // namespace shadenet
