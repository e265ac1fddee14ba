#include "base/file_lock.h"

#ifdef _WIN32
#include <io.h>
#include <windows.h>
#else
#include <cerrno>
#include <limits>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#endif

namespace shadenet {

#ifdef _WIN32

LockResult lock_file(int descriptor) {
    const HANDLE file = reinterpret_cast<HANDLE>(_get_osfhandle(descriptor));
    OVERLAPPED place{};
    place.OffsetHigh = 0x7fffffff;  // where no content is: others may not even read what is locked
    if (LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place) != 0)
        return LockResult::held;
    const DWORD error = GetLastError();
    const bool busy = error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING;
    return busy ? LockResult::busy : LockResult::unsupported;
}

#else

LockResult lock_file(int descriptor) {
    const auto result_of = [](int error) {
        const bool busy = error == EAGAIN || error == EWOULDBLOCK || error == EACCES;
        return busy ? LockResult::busy : LockResult::unsupported;
    };
#ifdef F_OFD_SETLK
    // Locks of an open file description. The locks of POSIX belong to the process instead: they end as soon
    // as the process closes any descriptor of the file.
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = std::numeric_limits<off_t>::max() - 1;  // SMB lets nobody else read what is locked
    lock.l_len = 1;
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return LockResult::held;
    if (errno != EINVAL) return result_of(errno);  // or else the system does not know them
#endif
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? LockResult::held : result_of(errno);
}

#endif

}  // namespace shadenet
