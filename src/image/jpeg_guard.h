// libjpeg reports an error by calling a function that must not return. Our function jumps back to `succeeds`,
// over the frames of libjpeg and of the step that called libjpeg.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <exception>

#include <jpeglib.h>

namespace shadenet {

/// What went wrong, for the caller to say.
struct JpegErrors {
    jpeg_error_mgr manager;  // the first member, because libjpeg gets its address
    std::jmp_buf jump;
    int code = 0;
    bool is_data_cut = false;
    bool has_too_many_scans = false;
    char text[JMSG_LENGTH_MAX] = "";
    std::exception_ptr thrown;  // by one of our functions that libjpeg called
};

/// Makes `info` report to `errors`. To be called before jpeg_create_*.
void watch_jpeg(jpeg_common_struct* info, JpegErrors& errors);

/// Runs a step and tells whether libjpeg found no error in it. The step, and whatever it calls, must hold no
/// object with a destructor while libjpeg runs: the jump would skip the destructor.
template <class Step>
bool succeeds(JpegErrors& errors, const Step& step) {
    if (setjmp(errors.jump) != 0) return false;
    step();
    return true;
}

/// Throws the error of a failed step: the exception of our function, or std::bad_alloc; or does nothing.
void rethrow(const JpegErrors& errors);

}  // namespace shadenet
