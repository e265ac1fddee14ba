// libjpeg reports an error by calling a function that must not return. Here it jumps back to `succeeds`, over
// the frames of libjpeg and of the step it was called in.
#pragma once

#include <csetjmp>
#include <cstddef>
#include <cstdio>
#include <exception>

#include <jpeglib.h>

namespace shadenet {

/// What went wrong, for the caller to say.
struct JpegErrors {
    jpeg_error_mgr manager;  // the first member: libjpeg knows this one alone
    std::jmp_buf jump;
    int code = 0;
    bool is_data_cut = false;
    bool has_too_many_scans = false;
    char text[JMSG_LENGTH_MAX] = "";
    std::exception_ptr thrown;  // in one of our own functions that libjpeg called
};

/// Makes `errors` what `info` reports to. To be called before jpeg_create_*.
void watch_jpeg(jpeg_common_struct* info, JpegErrors& errors);

/// Runs a step and tells whether libjpeg found no error in it. The step, and whatever it calls, must hold no
/// object with a destructor while libjpeg runs: the jump would pass it over.
template <class Step>
bool succeeds(JpegErrors& errors, const Step& step) {
    if (setjmp(errors.jump) != 0) return false;
    step();
    return true;
}

/// Throws what a failed step left: the exception that was thrown, or std::bad_alloc, or nothing.
void rethrow(const JpegErrors& errors);

}  // namespace shadenet
