#include "image/jpeg_guard.h"

#include <algorithm>
#include <new>

#include <jerror.h>

namespace shadenet {

namespace {

JpegErrors& errors_of(j_common_ptr info) {
    return *reinterpret_cast<JpegErrors*>(info->err);
}

[[noreturn]] void leave(j_common_ptr info) {
    JpegErrors& errors = errors_of(info);
    errors.code = info->err->msg_code;
    info->err->format_message(info, errors.text);
    std::longjmp(errors.jump, 1);
}

// Warnings that mean wrong pixels are errors here. The others (bytes between markers, an odd version) harm
// nothing.
bool means_damage(int code) {
    constexpr int codes[] = {JWRN_ARITH_BAD_CODE, JWRN_BOGUS_PROGRESSION, JWRN_HIT_MARKER,
                             JWRN_HUFF_BAD_CODE,  JWRN_JPEG_EOF,          JWRN_MUST_RESYNC,
                             JWRN_NOT_SEQUENTIAL};
    return std::ranges::find(codes, code) != std::end(codes);
}

void hear(j_common_ptr info, int level) {
    if (level >= 0 || !means_damage(info->err->msg_code)) return;
    errors_of(info).is_data_cut =
        info->err->msg_code == JWRN_HIT_MARKER || info->err->msg_code == JWRN_JPEG_EOF;
    leave(info);
}

}  // namespace

void watch_jpeg(jpeg_common_struct* info, JpegErrors& errors) {
    info->err = jpeg_std_error(&errors.manager);
    errors.manager.error_exit = leave;
    errors.manager.emit_message = hear;
    errors.manager.output_message = [](j_common_ptr) {};
}

void rethrow(const JpegErrors& errors) {
    if (errors.thrown) std::rethrow_exception(errors.thrown);
    if (errors.code == JERR_OUT_OF_MEMORY) throw std::bad_alloc();
}

}  // namespace shadenet
