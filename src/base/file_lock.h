// A lock on an open file, which ends with the process that holds it.
#pragma once

namespace shadenet {

enum class LockResult {
    held,        ///< this open file has the lock until it is closed
    busy,        ///< another open file has the lock, in this process or another
    unsupported  ///< the file system has no locks, or none left
};

/// Locks a file that is open for writing; does not wait. The lock does not depend on process numbers, so it
/// works between containers, and between computers on network file systems that forward locks. Others can
/// still read and write the file's content.
LockResult lock_file(int descriptor);
void close_file(int descriptor);

}  // namespace shadenet
