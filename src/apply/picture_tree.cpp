#include "apply/picture_tree.h"

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "image/not_taken.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr const char* results_mark = ".shadenet-results";

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

std::string unreadable(const fs::path& folder, std::error_code error) {
    return fmt::format("{}: cannot read the folder: {}", folder.string(), error.message());
}

void sort_by_name(std::vector<ListedPicture>& pictures) {
    std::ranges::sort(pictures, {}, [](const ListedPicture& one) { return one.name.generic_string(); });
}

class Lister {
  public:
    Lister(bool recursive, fs::path except) : except_(std::move(except)), recursive_(recursive) {}

    PictureTree list_folder(const fs::path& root) {
        std::error_code error;
        const fs::directory_iterator entries(root, error);
        if (error) throw InputError(unreadable(root, error));
        folders_.push_back({root, {}});
        return finish();
    }

    PictureTree list_named(const std::vector<fs::path>& paths) {
        for (const fs::path& path : paths) {
            std::error_code error;
            if (!fs::exists(fs::symlink_status(path, error))) {
                throw InputError(fmt::format("{}: no such file or folder", path.string()));
            }
            if (!fs::is_directory(path, error)) {
                if (named_.insert(path.lexically_normal()).second) {
                    take_file(fs::directory_entry(path, error), path.filename());
                }
            } else {
                // The path's last part may be empty or "..", so the system tells the folder's name.
                take_folder({path, fs::weakly_canonical(path, error).filename()});
            }
        }
        return finish();
    }

  private:
    struct Folder {
        fs::path path, name;
    };

    PictureTree finish() {
        while (!folders_.empty()) {
            const Folder folder = std::move(folders_.back());
            folders_.pop_back();
            visit(folder);
        }
        sort_by_name(tree_.pictures);
        sort_by_name(tree_.foreign);
        return std::move(tree_);
    }

    void visit(const Folder& folder) {
        std::error_code error;
        fs::directory_iterator entry(folder.path, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) take(*entry, folder);
        if (error) tree_.problems.push_back({folder.path, unreadable(folder.path, error)});
    }

    void take(const fs::directory_entry& entry, const Folder& parent) {
        if (is_hidden(entry.path())) return;
        const fs::path name = parent.name / entry.path().filename();
        std::error_code error;
        if (!entry.is_directory(error)) {
            take_file(entry, name);
        } else if (recursive_ && entry.is_symlink(error)) {
            tree_.links += is_exception(entry.path()) ? 0 : 1;
        } else if (recursive_) {
            take_folder({entry.path(), name});
        }
    }

    void take_folder(Folder folder) {
        if (is_exception(folder.path)) return;
        if (holds_results(folder.path)) {
            tree_.results.push_back(std::move(folder.path));
        } else {
            folders_.push_back(std::move(folder));
        }
    }

    void take_file(const fs::directory_entry& entry, const fs::path& name) {
        std::error_code error;
        const bool readable = entry.is_regular_file(error);
        const bool leads_nowhere = entry.is_symlink(error) && !entry.exists(error);
        if (!readable && !leads_nowhere) return;
        if (has_picture_extension(name)) {
            tree_.pictures.push_back({entry.path(), name});
        } else if (has_foreign_extension(name)) {
            tree_.foreign.push_back({entry.path(), name});
        } else {
            ++tree_.others;
        }
    }

    bool is_exception(const fs::path& folder) const {
        std::error_code error;
        return !except_.empty() && fs::equivalent(folder, except_, error) && !error;
    }

    fs::path except_;
    bool recursive_;
    std::set<fs::path> named_;
    std::vector<Folder> folders_;
    PictureTree tree_;
};

}  // namespace

PictureTree list_pictures(const fs::path& folder, bool recursive, const fs::path& except) {
    return Lister(recursive, except).list_folder(folder);
}

PictureTree list_named(const std::vector<fs::path>& paths, bool recursive, const fs::path& except) {
    return Lister(recursive, except).list_named(paths);
}

void mark_results(const fs::path& folder) {
    constexpr std::string_view text =
        "Results of shadenet: passed over when the folder above is read with -r.\n";
    write_file_atomically(folder / results_mark, text);
}

bool holds_results(const fs::path& folder) {
    std::error_code error;
    return fs::exists(folder / results_mark, error);
}

}  // namespace shadenet
