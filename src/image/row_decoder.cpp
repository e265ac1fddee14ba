#include "image/row_decoder.h"

namespace shadenet {

namespace {

template <class Sample>
void decode_onto_canvas(OpenedPicture& opened, const FileToDecode& file) {
    const PictureFacts& facts = file.facts;
    const bool sideways = is_sideways(file.orientation);
    const std::uint32_t width = sideways ? facts.height : facts.width;
    const std::uint32_t height = sideways ? facts.width : facts.height;
    UprightPicture<Sample> canvas(place_upright(width, height, file.orientation), facts.alpha);
    read_rows(*opened.rows, width, canvas, 0, height);
    opened.rows->finish();
    canvas.finish(opened.about);
}

}  // namespace

FilePicture decode_all_rows(OpenedPicture opened, const FileToDecode& file) {
    if (file.facts.sixteen_bit) {
        decode_onto_canvas<std::uint16_t>(opened, file);
    } else {
        decode_onto_canvas<std::uint8_t>(opened, file);
    }
    return std::move(opened.about);
}

}  // namespace shadenet
