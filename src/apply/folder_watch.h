// Folders that are watched: the pictures of the first look, and the pictures that arrive.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "apply/jobs.h"
#include "apply/summary.h"

namespace shadenet {

/// What has come between two looks.
struct Arrivals {
    std::vector<ApplyJob> there;         ///< pictures of the first look, whose results may be there, too
    std::vector<ApplyJob> arrived;       ///< pictures that came or changed since
    std::vector<PictureOutcome> others;  ///< what cannot be taken, each once
};

/// Looks are to be a second apart. A picture is taken when two looks found it with the same size and the same
/// time of its last change, since no program tells that it has finished a file; and again when these change.
/// The folders are read anew at each look: what systems tell of changes they do not tell of network folders.
class FolderWatch {
  public:
    /// All inputs must be folders. Throws InputError as plan_application() does, but not because there are no
    /// pictures yet.
    explicit FolderWatch(ApplyRequest request);

    /// Throws InputError when a folder that is watched cannot be read; the next look may be better.
    Arrivals look();

    /// Without pictures: what is to be said before, and the folder to mark with the first result.
    const ApplyPlan& plan() const { return plan_; }

  private:
    struct Stamp {
        std::uintmax_t bytes = 0;
        std::filesystem::file_time_type changed{};
        bool operator==(const Stamp&) const = default;
    };
    struct Known {
        Stamp seen;
        bool since_first_look = false, taken = false;
    };

    static Stamp stamp_of(const std::filesystem::path& picture);
    bool is_ready(const std::filesystem::path& picture);
    void forget_what_left(const std::set<std::filesystem::path>& present);
    void take(const ListedPicture& picture, Arrivals& arrivals);
    void tell_once(const std::filesystem::path& path, PictureStatus status, const std::string& message,
                   std::vector<PictureOutcome>& others);

    ApplyRequest request_;
    ApplyPlan plan_;
    bool first_look_ = true;
    std::map<std::filesystem::path, Known> known_;
    std::map<std::string, ApplyJob> owners_;  ///< of results, by their names in small letters
    std::set<std::filesystem::path> told_;
};

}  // namespace shadenet
