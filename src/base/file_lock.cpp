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
    place.OffsetHigh = 0x7fffffff;  // beyond all content, as nobody else can read locked bytes
    if (LockFileEx(file, LOCKFILE_EXCLUSIVE_LOCK | LOCKFILE_FAIL_IMMEDIATELY, 0, 1, 0, &place) != 0)
        return LockResult::held;
    const DWORD error = GetLastError();
    const bool busy = error == ERROR_LOCK_VIOLATION || error == ERROR_IO_PENDING;
    return busy ? LockResult::busy : LockResult::unsupported;
}

void close_file(int descriptor) {
    _close(descriptor);
}

#else

LockResult lock_file(int descriptor) {
    const auto result_of = [](int error) {
        const bool busy = error == EAGAIN || error == EWOULDBLOCK || error == EACCES;
        return busy ? LockResult::busy : LockResult::unsupported;
    };
#ifdef F_OFD_SETLK
    // These locks belong to the open file. POSIX locks belong to the process instead, and end as soon as the
    // process closes any descriptor of the file.
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = std::numeric_limits<off_t>::max() - 1;  // over SMB nobody else can read locked bytes
    lock.l_len = 1;
    if (fcntl(descriptor, F_OFD_SETLK, &lock) == 0) return LockResult::held;
    if (errno != EINVAL) return result_of(errno);  // EINVAL: the system has no such locks
#endif
    return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? LockResult::held : result_of(errno);
}

void close_file(int descriptor) {
    close(descriptor);
}

#endif

}  // namespace shadenet
