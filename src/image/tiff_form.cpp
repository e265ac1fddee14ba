#include "image/tiff_form.h"

namespace shadenet {

namespace {

/// Some programs leave it out; then it is what most pictures of so many samples are.
std::uint16_t photometric_of(const TiffFile& file) {
    std::uint16_t value = 0;
    if (TIFFGetField(file.get(), TIFFTAG_PHOTOMETRIC, &value) != 0) return value;
    return file.short_of(TIFFTAG_SAMPLESPERPIXEL) >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
}

}  // namespace

TiffForm::TiffForm(const TiffFile& file)
    : width(file.long_of(TIFFTAG_IMAGEWIDTH)),
      height(file.long_of(TIFFTAG_IMAGELENGTH)),
      bits(file.short_of(TIFFTAG_BITSPERSAMPLE)),
      samples(file.short_of(TIFFTAG_SAMPLESPERPIXEL)),
      kind(file.short_of(TIFFTAG_SAMPLEFORMAT)),
      photometric(photometric_of(file)),
      compression(file.short_of(TIFFTAG_COMPRESSION)),
      separate(file.short_of(TIFFTAG_PLANARCONFIG) == PLANARCONFIG_SEPARATE),
      tiled(TIFFIsTiled(file.get()) != 0) {
    std::uint16_t count = 0;
    const std::uint16_t* kinds = nullptr;
    TIFFGetFieldDefaulted(file.get(), TIFFTAG_EXTRASAMPLES, &count, &kinds);
    if (count > 0 && kinds != nullptr) extra = kinds[0];
}

}  // namespace shadenet
