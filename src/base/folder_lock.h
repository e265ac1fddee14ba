// One owner of a folder at a time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace shadenet {

/// The right to write in a folder, as long as this lives; also over network file systems that pass locks on.
/// It ends with the process, however that ends: the hidden file `.shadenet.lock`, which says whose the folder
/// is, may then stay, and counts for nothing.
class FolderLock {
  public:
    /// `doing`: what the owner does with it, "trained". Waits a second at most for one who has it. Throws
    /// InputError "<folder>: is being trained by process 12 on host since 2026-11-28 12:00:03 +0100;
    /// <remedy>", and where the file cannot be made.
    FolderLock(std::filesystem::path folder, std::string_view doing, std::string_view remedy);
    /// Removes the file.
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// False where the file system has no locks: then nobody is kept out.
    bool works() const { return works_; }

  private:
    bool try_to_own();
    std::string owner() const;
    void release();

    std::filesystem::path folder_, file_;
    int descriptor_ = -1;
    bool works_ = true;
};

}  // namespace shadenet
