#include "image/image_libraries.h"

#include <cstdio>

#include <fmt/format.h>
#include <jpeglib.h>
#include <openssl/crypto.h>
#include <pugixml.hpp>
#include <spng.h>
#include <tiffio.h>
#include <utf8proc.h>
#include <webp/decode.h>
#include <zlib.h>

namespace shadenet {

namespace {

std::string jpeg_library() {
#ifdef LIBJPEG_TURBO_VERSION_NUMBER
    constexpr int number = LIBJPEG_TURBO_VERSION_NUMBER;
    return fmt::format("libjpeg-turbo {}.{}.{}", number / 1'000'000, number / 1000 % 1000, number % 1000);
#else
    return fmt::format("libjpeg {}", JPEG_LIB_VERSION / 10);
#endif
}

}  // namespace

std::vector<std::string> image_libraries() {
    const std::string tiff = TIFFGetVersion();  // "LIBTIFF, Version 4.5.0", and more lines
    const std::size_t begin = tiff.find_first_of("0123456789");
    const unsigned webp = static_cast<unsigned>(WebPGetDecoderVersion());
    return {fmt::format("spng {}", spng_version_string()),
            jpeg_library(),
            fmt::format("libtiff {}", tiff.substr(begin, tiff.find('\n') - begin)),
            fmt::format("libwebp {}.{}.{}", webp >> 16, webp >> 8 & 0xff, webp & 0xff),
            fmt::format("zlib {}", zlibVersion()),
            fmt::format("pugixml {}.{}", PUGIXML_VERSION / 1000, PUGIXML_VERSION % 1000 / 10),
            fmt::format("utf8proc {}", utf8proc_version()),
            fmt::format("OpenSSL {}", OpenSSL_version(OPENSSL_VERSION_STRING))};
}

}  // namespace shadenet
