// Several threads read and write at once.
#include <thread>

#include "catch.h"
#include "round_trip.h"

namespace shadenet::test {

TEST_CASE("threads that read and write at once do not disturb each other") {
    const FilePicture picture{.colour = soft_picture(60, 40), .palette = true};
    const FileFormat formats[] = {FileFormat::png, FileFormat::jpeg, FileFormat::bmp, FileFormat::tga};
    std::vector<Bytes> expected, found(16);
    for (const FileFormat format : formats) expected.push_back(rgb8(write_and_read(picture, format)));
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < found.size(); ++i) {
        threads.emplace_back([&, i] { found[i] = rgb8(write_and_read(picture, formats[i % 4])); });
    }
    for (std::thread& thread : threads) thread.join();
    for (std::size_t i = 0; i < found.size(); ++i) CHECK(found[i] == expected[i % 4]);
}

}  // namespace shadenet::test
