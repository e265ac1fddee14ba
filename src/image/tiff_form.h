// How a TIFF stores its picture.
#pragma once

#include <cstdint>

#include "image/tiff_file.h"

namespace shadenet {

struct TiffForm {
    explicit TiffForm(const TiffFile& file);

    bool is_grey() const {
        return photometric == PHOTOMETRIC_MINISBLACK || photometric == PHOTOMETRIC_MINISWHITE;
    }
    /// libjpeg, behind libtiff, makes RGB of it.
    bool is_jpeg_colour() const {
        return photometric == PHOTOMETRIC_YCBCR && compression == COMPRESSION_JPEG && bits == 8 && !separate;
    }
    std::uint32_t colours() const { return is_grey() ? 1 : 3; }
    /// Those that make the colour, palettes included.
    std::uint32_t channels() const {
        if (photometric == PHOTOMETRIC_SEPARATED) return 4;
        return is_grey() || photometric == PHOTOMETRIC_PALETTE || photometric == PHOTOMETRIC_LOGL ? 1 : 3;
    }
    bool has_alpha() const {
        return (is_direct() || is_float()) && samples > colours() &&
               (extra == EXTRASAMPLE_ASSOCALPHA || extra == EXTRASAMPLE_UNASSALPHA);
    }
    /// Whether its samples are taken as they are.
    bool is_direct() const {
        const bool colour = photometric == PHOTOMETRIC_RGB || is_jpeg_colour();
        return (bits == 8 || bits == 16) && (is_grey() || colour) && samples >= colours();
    }

    /// Taken as they are, too.
    bool is_float() const {
        const bool known = photometric == PHOTOMETRIC_RGB || photometric == PHOTOMETRIC_MINISBLACK;
        return bits == 32 && kind == SAMPLEFORMAT_IEEEFP && known && samples >= colours();
    }

    std::uint32_t width, height;
    std::uint16_t bits, samples, kind, photometric, compression;
    bool separate, tiled;
    std::uint16_t extra = EXTRASAMPLE_UNSPECIFIED;
};

}  // namespace shadenet
