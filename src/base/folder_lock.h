// One owner of a folder at a time.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace shadenet {

/// The right to write in a folder, as long as this object lives; also over network file systems that forward
/// locks. The right ends with the process, even if the process is killed: the hidden file `.shadenet.lock`,
/// which names the owner, may then stay, but has no effect.
class FolderLock {
  public:
    /// `doing`: what the owner does with the folder, e.g. "trained". Waits at most a second for another
    /// owner. Throws InputError "<folder>: is being trained by process 12 on host since 2026-11-28 12:00:03
    /// +0100; <remedy>", or when the file cannot be made.
    FolderLock(std::filesystem::path folder, std::string_view doing, std::string_view remedy);
    /// Removes the lock file.
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

    /// False where the file system has no locks: then no other process is kept out.
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
