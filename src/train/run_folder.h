// The folder that a training run fills.
#pragma once

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/file.h"
#include "base/folder_lock.h"

namespace shadenet {

/// Where the files of a run are; none of them has to exist.
class RunPaths {
  public:
    explicit RunPaths(fs::path folder) : path_(std::move(folder)) {}

    /// True when it holds a run, finished or not.
    bool holds_run() const { return is_there(config()); }

    const fs::path& path() const { return path_; }
    fs::path config() const { return path_ / "config.json"; }
    fs::path model() const { return path_ / "model.safetensors"; }
    fs::path best() const { return path_ / "best.safetensors"; }
    fs::path checkpoint() const { return path_ / "checkpoint.safetensors"; }
    fs::path history() const { return path_ / "history.csv"; }
    fs::path validations() const { return path_ / "validation.csv"; }
    fs::path epochs() const { return path_ / "epochs.bin"; }
    fs::path test() const { return path_ / "test.json"; }
    fs::path floor() const { return path_ / "floor.json"; }
    fs::path histograms() const { return path_ / "histograms.csv"; }
    fs::path health() const { return path_ / "health.json"; }
    fs::path quality() const { return path_ / "quality.json"; }
    fs::path report() const { return path_ / "report.html"; }
    fs::path images() const { return path_ / "images"; }

  protected:
    fs::path path_;
};

/// Makes the folder when it does not exist, and takes back what it made and nobody filled. As long as it
/// lives no other process writes there.
class RunFolder : public RunPaths {
  public:
    /// Removes what killed processes left unfinished. Throws InputError when the folder cannot be made or
    /// written in, or another process is at work there; where the run is `resumed` no other folder is advised
    /// then. `doing` tells that other what is done with the folder. Leaves an empty folder.
    explicit RunFolder(fs::path path, bool resumed = false, const char* doing = "trained");
    /// Removes the folders that the constructor made, as far as they are empty.
    ~RunFolder();
    RunFolder(const RunFolder&) = delete;
    RunFolder& operator=(const RunFolder&) = delete;

    /// False where the file system has no locks: two processes may then write there at once.
    bool is_locked() const { return lock_->works(); }

    /// Removes these files where they are there. Throws WorkError "<file>: <what> cannot be removed: ...".
    static void remove(const std::vector<fs::path>& files, const char* what, const char* advice);
    /// Removes what an earlier run whose config.json is gone has left, and a new one might take for its own.
    /// Throws WorkError.
    void remove_earlier() const;

  private:
    void make();
    void require_writable() const;
    void take_back() noexcept;

    std::vector<fs::path> made_;  ///< the outermost first
    std::optional<FolderLock> lock_;
};

}  // namespace shadenet
