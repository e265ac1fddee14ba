#include "image/png_bytes.h"

#include "base/error.h"
#include "base/file.h"
#include "catch.h"
#include "temporary_folder.h"

using namespace shadenet;
using namespace shadenet::test;

TEST_CASE("a PNG in memory is the picture, pixel for pixel, and the same each time") {
    const TemporaryFolder folder;
    Picture8 picture{3, 2, {}};
    for (std::uint8_t i = 0; i < 18; ++i) picture.rgb.push_back(static_cast<std::uint8_t>(i * 15));
    const std::vector<std::byte> bytes = png_bytes(picture);
    CHECK(png_bytes(picture) == bytes);
    write_file_atomically(folder / "a.png",
                          std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
    const Picture8 read = to_picture8(read_image(folder / "a.png").image);
    CHECK(read.width == 3);
    CHECK(read.rgb == picture.rgb);
}

TEST_CASE("a PNG of no pixels is refused") {
    CHECK_THROWS_AS(png_bytes({}), WorkError);
}
