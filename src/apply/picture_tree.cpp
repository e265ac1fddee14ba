#include "apply/picture_tree.h"

#include <algorithm>
#include <system_error>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) {
    return path.filename().string().starts_with('.');
}

class Lister {
  public:
    Lister(fs::path root, bool recursive, fs::path except)
        : root_(std::move(root)), except_(std::move(except)), recursive_(recursive) {}

    PictureTree list() {
        std::error_code error;
        const fs::directory_iterator entries(root_, error);
        if (error) {
            throw InputError(fmt::format("{}: cannot read the folder: {}", root_.string(), error.message()));
        }
        visit(root_);
        while (!folders_.empty()) {
            const fs::path folder = std::move(folders_.back());
            folders_.pop_back();
            visit(folder);
        }
        std::sort(tree_.names.begin(), tree_.names.end(), [](const fs::path& a, const fs::path& b) {
            return a.generic_string() < b.generic_string();
        });
        return std::move(tree_);
    }

  private:
    void visit(const fs::path& folder) {
        std::error_code error;
        fs::directory_iterator entry(folder, error);
        for (; !error && entry != fs::directory_iterator(); entry.increment(error)) take(*entry);
        if (error) {
            tree_.problems.push_back(
                {folder, fmt::format("{}: cannot read the folder: {}", folder.string(), error.message())});
        }
    }

    void take(const fs::directory_entry& entry) {
        if (is_hidden(entry.path())) return;
        std::error_code error;
        const bool link = entry.is_symlink(error);
        if (entry.is_directory(error)) {
            if (!recursive_ || is_exception(entry.path())) return;
            if (link) {
                ++tree_.links;
            } else {
                folders_.push_back(entry.path());
            }
            return;
        }
        const bool readable = entry.is_regular_file(error), leads_nowhere = link && !entry.exists(error);
        if ((readable || leads_nowhere) && has_picture_extension(entry.path())) {
            tree_.names.push_back(entry.path().lexically_relative(root_));
        }
    }

    bool is_exception(const fs::path& folder) const {
        std::error_code error;
        return !except_.empty() && fs::equivalent(folder, except_, error) && !error;
    }

    fs::path root_, except_;
    bool recursive_;
    std::vector<fs::path> folders_;
    PictureTree tree_;
};

}  // namespace

PictureTree list_pictures(const fs::path& folder, bool recursive, const fs::path& except) {
    return Lister(folder, recursive, except).list();
}

}  // namespace shadenet
