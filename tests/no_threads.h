// A system that has no more threads for us.
#pragma once

#include <cstdint>

#ifdef __GLIBC__
#include <pthread.h>

namespace shadenet::test {

/// While it lives every new thread asks for a stack that no address space holds, and fails as where the
/// system allows no more threads.
class NoThreads {
  public:
    NoThreads() {
        pthread_getattr_default_np(&before_);
        pthread_attr_t huge;
        pthread_getattr_default_np(&huge);
        pthread_attr_setstacksize(&huge, SIZE_MAX / 4);
        pthread_setattr_default_np(&huge);
        pthread_attr_destroy(&huge);
    }
    ~NoThreads() {
        pthread_setattr_default_np(&before_);
        pthread_attr_destroy(&before_);
    }
    NoThreads(const NoThreads&) = delete;
    NoThreads& operator=(const NoThreads&) = delete;

  private:
    pthread_attr_t before_;
};

}  // namespace shadenet::test
#endif
