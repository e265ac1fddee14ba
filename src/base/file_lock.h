// A lock on an open file, which ends with the process that holds it.
#pragma once

namespace shadenet {

enum class LockResult {
    held,        ///< by this opening of the file, until it is closed
    busy,        ///< another opening has it, of this process or another
    unsupported  ///< the file system has no locks, or none left
};

/// Locks a file that is open for writing; does not wait. The process' number plays no part, so that it works
/// between containers, and on network file systems between computers, as far as they pass locks on. The
/// file's content can be read and written as before.
LockResult lock_file(int descriptor);

}  // namespace shadenet
