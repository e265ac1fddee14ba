// Pictures sorted into a folder for each class: as copies, or as links to them.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "apply/earlier_results.h"
#include "apply/jobs.h"

namespace shadenet {

struct Placed {
    std::filesystem::path path;
    std::uint64_t bytes = 0;                      ///< of a copy; 0: it is a link
    std::vector<std::filesystem::path> others{};  ///< other files of the picture's name, for other classes
};

class SortedFolders {
  public:
    /// A folder of each class's name in the folder `into`. Throws InputError "<model>: ..." where no folder
    /// can have such a name.
    SortedFolders(std::filesystem::path into, const std::vector<std::string>& classes, bool link,
                  const std::filesystem::path& model);

    /// As take_finished() of earlier_results.h. A picture is done where one class's folder has it,
    /// newer than its source and the model: a copy with the same bytes, or a link to it. The jobs that are
    /// done get its place as their output. Throws InputError too where such a place is the picture itself.
    EarlierFindings take_finished(std::vector<ApplyJob>& jobs, EarlierResults earlier,
                                  const std::filesystem::path& model, const std::atomic<bool>& stop,
                                  const OnChecked& on_checked = {}) const;

    /// Makes the folder above all classes' folders, and tries whether it and the classes' folders that exist
    /// take files. Throws InputError where one does not.
    void prepare() const;

    /// Puts the picture there, in the place of what is there, and takes it out of the other folders where
    /// it lies in one: never another picture of its name, which stays. It is never there half. A job whose
    /// output is the place, as take_finished() has found it, stays as it is. Throws WorkError.
    Placed place(const ApplyJob& job, const std::string& label) const;

    /// All folders that may hold unfinished files of these jobs, there or not.
    std::vector<std::filesystem::path> folders_of(const std::vector<ApplyJob>& jobs) const;

  private:
    std::filesystem::path place_of(const ApplyJob& job, const std::string& label) const {
        return into_ / label / job.name;
    }
    /// The places where a file of the picture's name lies.
    std::vector<std::filesystem::path> places_of(const ApplyJob& job) const;

    std::filesystem::path into_;
    std::vector<std::string> earlier_;  ///< classes whose folders were there before
    bool link_;
};

}  // namespace shadenet
