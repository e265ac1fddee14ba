// TIFFs of every kind, made by libtiff.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <tiffio.h>

#include "picture_files.h"

namespace shadenet::test {

struct TiffKind {
    std::uint32_t width = 13, height = 11;
    std::uint16_t bits = 8, samples = 3, photometric = PHOTOMETRIC_RGB, compression = COMPRESSION_LZW;
    std::uint16_t sample_format = SAMPLEFORMAT_UINT, orientation = 1;
    bool separate = false, tiled = false;
    int extra = -1;          ///< what the last sample is, as EXTRASAMPLES has it; -1: nothing said
    const char* mode = "w";  ///< "wb" big-endian, "w8" with 64 bits
};

/// Of 21 x 19 pixels: 1 or 2 samples are grey, 3 or 4 colours, and the second and the fourth is alpha.
inline TiffKind kind_of_samples(std::uint16_t samples, bool tiled, bool separate, const char* mode) {
    return {.width = 21,
            .height = 19,
            .samples = samples,
            .photometric = static_cast<std::uint16_t>(samples < 3 ? PHOTOMETRIC_MINISBLACK : PHOTOMETRIC_RGB),
            .separate = separate,
            .tiled = tiled,
            .extra = samples % 2 == 0 ? EXTRASAMPLE_UNASSALPHA : -1,
            .mode = mode};
}

/// `samples`: rows of bytes, interleaved; 16-bit ones as this machine has them. More can be set before the
/// end.
template <class More>
Bytes encode_tiff(const TiffKind& kind, const Bytes& samples, const More& more) {
    const TemporaryFolder folder;
    const std::string path = (folder / "a.tif").string();
    TIFF* tiff = TIFFOpen(path.c_str(), kind.mode);
    TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, kind.width);
    TIFFSetField(tiff, TIFFTAG_IMAGELENGTH, kind.height);
    TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, kind.bits);
    TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, kind.samples);
    TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC, kind.photometric);
    TIFFSetField(tiff, TIFFTAG_COMPRESSION, kind.compression);
    TIFFSetField(tiff, TIFFTAG_SAMPLEFORMAT, kind.sample_format);
    TIFFSetField(tiff, TIFFTAG_ORIENTATION, kind.orientation);
    TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, kind.separate ? PLANARCONFIG_SEPARATE : PLANARCONFIG_CONTIG);
    if (kind.extra >= 0) {
        const auto extra = static_cast<std::uint16_t>(kind.extra);
        TIFFSetField(tiff, TIFFTAG_EXTRASAMPLES, 1, &extra);
    }
    const std::size_t in_pixel = kind.separate ? 1 : kind.samples;
    const std::size_t sample_bytes = kind.bits / 8, row = kind.width * kind.samples * kind.bits / 8;
    constexpr std::uint32_t side = 16;
    if (kind.tiled) {
        TIFFSetField(tiff, TIFFTAG_TILEWIDTH, side);
        TIFFSetField(tiff, TIFFTAG_TILELENGTH, side);
    } else {
        TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, 4);
    }
    more(tiff);
    for (std::uint16_t plane = 0; plane < (kind.separate ? kind.samples : 1); ++plane) {
        const auto sample = [&](std::uint32_t y, std::uint32_t x) {
            return samples.data() + row * y + (std::size_t{x} * kind.samples + plane) * sample_bytes;
        };
        if (kind.tiled) {
            for (std::uint32_t top = 0; top < kind.height; top += side) {
                for (std::uint32_t left = 0; left < kind.width; left += side) {
                    Bytes tile(side * side * in_pixel * sample_bytes, 77);
                    for (std::uint32_t y = top; y < std::min(kind.height, top + side); ++y) {
                        for (std::uint32_t x = left; x < std::min(kind.width, left + side); ++x) {
                            std::copy_n(
                                sample(y, x), in_pixel * sample_bytes,
                                tile.data() + ((y - top) * side + x - left) * in_pixel * sample_bytes);
                        }
                    }
                    TIFFWriteTile(tiff, tile.data(), left, top, 0, plane);
                }
            }
            continue;
        }
        for (std::uint32_t y = 0; y < kind.height; ++y) {
            Bytes line;
            if (kind.separate) {
                for (std::uint32_t x = 0; x < kind.width; ++x)
                    line.insert(line.end(), sample(y, x), sample(y, x) + sample_bytes);
            } else {
                line.assign(samples.begin() + static_cast<std::ptrdiff_t>(row * y),
                            samples.begin() + static_cast<std::ptrdiff_t>(row * (y + 1)));
            }
            TIFFWriteScanline(tiff, line.data(), y, plane);
        }
    }
    TIFFClose(tiff);
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

inline Bytes encode_tiff(const TiffKind& kind, const Bytes& samples) {
    return encode_tiff(kind, samples, [](TIFF*) {});
}

}  // namespace shadenet::test
