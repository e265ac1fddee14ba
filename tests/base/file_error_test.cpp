// Advice that fits what happened.
#include "base/file_error.h"

#include <cerrno>

#include "catch.h"

namespace shadenet {

TEST_CASE("the advice fits the error") {
    struct Case {
        int error;
        const char* part;
    };
    const Case cases[] = {{ENOSPC, "free some space"},  {EDQUOT, "your share of that disk"},
                          {EACCES, "permissions"},      {EPERM, "another user's"},
                          {EROFS, "can only be read"},  {ENAMETOOLONG, "choose a shorter name"},
                          {ENOENT, "make its folder"},  {ENOTDIR, "a part of its path is a file"},
                          {EISDIR, "choose another"},   {EFBIG, "ulimit -f"},
                          {EMFILE, "ulimit -n"},        {ELOOP, "round in a circle"},
                          {EIO, "may be failing"},      {ESTALE, "connect to it again"},
                          {ETXTBSY, "another program"}, {0x7000, "check the folder"}};
    for (const Case& one : cases) {
        CHECK_THAT(advice({one.error, std::generic_category()}), ContainsSubstring(one.part));
        CHECK_THAT(advice({one.error, std::system_category()}), ContainsSubstring(one.part));
    }
    // What has nothing to do with space does not speak of it.
    for (const int error : {ENAMETOOLONG, EACCES, EROFS, ENOENT, ENOTDIR, ELOOP}) {
        CHECK(advice({error, std::generic_category()}).find("space") == std::string::npos);
    }
    errno = ENOSPC;
    CHECK(reason_and_advice(last_error()) ==
          "No space left on device; free some space on that disk, or choose another folder");
}

}  // namespace shadenet
