// Event files, read back by a decoder that shares nothing with what wrote them.
#include "train/logs/event_file.h"

#include <chrono>
#include <fstream>
#include <numeric>

#include "base/error.h"
#include "catch.h"
#include "image/image.h"
#include "temporary_folder.h"
#include "train/logs/event_decoder.h"

using namespace shadenet;
using namespace shadenet::test;

namespace fs = std::filesystem;

namespace {

double now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

/// Changes the lowest bit of a byte; once more, and it is as it was.
void spoil(const fs::path& path, std::uint64_t at) {
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(static_cast<std::streamoff>(at));
    const char letter = static_cast<char>(file.get() ^ 1);
    file.seekp(static_cast<std::streamoff>(at));
    file.put(letter);
}

}  // namespace

TEST_CASE("the decoder's checksum is CRC-32C") {
    // The check value of the catalogues, and the vectors of RFC 3720, B.4.
    CHECK(crc32c("123456789") == 0xe3069283);
    CHECK(crc32c(std::string(32, '\0')) == 0x8a9136aa);
    CHECK(crc32c(std::string(32, '\xff')) == 0x62a8ab43);
    // As records have it: of the length 24, computed by another program.
    CHECK(masked_crc32c(std::string("\x18\0\0\0\0\0\0\0", 8)) == 0x224b7fa3);
}

TEST_CASE("an event file tells what it was told") {
    const TemporaryFolder folder;
    const double before = now();
    EventFile file(folder.path());
    file.add(3,
             {.scalars = {{"loss/train", 0.25f}, {"loss/validation", -0.0f}, {"bn1/moving_mean/0", 1e-30f}}});
    file.add(std::int64_t{1} << 40, {.scalars = {{"é", 7}}});
    REQUIRE(event_files(folder.path()) == std::vector{file.path()});
    const std::vector<DecodedEvent> events = read_events(file.path());
    REQUIRE(events.size() == 3);
    CHECK(events[0].version == "brain.Event:2");
    CHECK_FALSE(events[0].starts);
    for (const DecodedEvent& event : events) {
        CHECK(event.wall_time >= before);
        CHECK(event.wall_time <= now());
    }
    CHECK(events[1].step == 3);
    CHECK(events[1].version.empty());
    CHECK(events[1].scalars == std::map<std::string, float>{{"loss/train", 0.25f},
                                                            {"loss/validation", 0},
                                                            {"bn1/moving_mean/0", 1e-30f}});
    CHECK(events[2].step == std::int64_t{1} << 40);
    CHECK(events[2].scalars.at("é") == 7);
}

TEST_CASE("histograms in an event file") {
    const TemporaryFolder folder;
    EventFile file(folder.path());
    file.add(1, {.histograms = {{"bn1/input", -1, 2.5, {0, 1, 2.5}, {3, 0, 4}, 6.5, 20.25}}});
    const DecodedEvent event = read_events(file.path()).at(1);
    const DecodedHistogram& one = event.histograms.at("bn1/input");
    CHECK(one.least == -1);
    CHECK(one.greatest == 2.5);
    CHECK(one.values == 7);
    CHECK(one.sum == 6.5);
    CHECK(one.sum_of_squares == 20.25);
    CHECK(one.limits == std::vector<double>{0, 1, 2.5});
    CHECK(one.counts == std::vector<double>{3, 0, 4});
}

TEST_CASE("a picture in an event file is a picture") {
    const TemporaryFolder folder;
    Image image{7, 5, std::vector<float>(3 * 7 * 5)};
    for (std::size_t i = 0; i < image.values.size(); ++i) image.values[i] = static_cast<float>(i) / 255.0f;
    write_png(folder / "picture.png", image);
    EventFile file(folder.path());
    file.add(0, {.pictures = {{"output/cat", 7, 5, read_file(folder / "picture.png", 1 << 20)}}});
    const DecodedEvent event = read_events(file.path()).at(1);
    const DecodedPicture& picture = event.pictures.at("output/cat");
    CHECK(picture.width == 7);
    CHECK(picture.height == 5);
    CHECK(picture.colours == 3);
    write_file_atomically(folder / "copy.png", std::string_view(picture.png));
    CHECK(read_image(folder / "copy.png").image.values == image.values);
}

TEST_CASE("a run that goes on opens a file behind the others") {
    const TemporaryFolder folder;
    const EventFile first(folder.path()), second(folder.path(), 8), third(folder.path(), 9);
    REQUIRE(event_files(folder.path()) == std::vector{first.path(), second.path(), third.path()});
    const std::vector<DecodedEvent> events = read_events(second.path());
    REQUIRE(events.size() == 2);
    CHECK(events[0].version == "brain.Event:2");
    CHECK(events[1].starts);
    CHECK(events[1].step == 8);
}

TEST_CASE("the decoder sees every changed byte of an event file") {
    const TemporaryFolder folder;
    EventFile file(folder.path());
    const std::uint64_t header = fs::file_size(file.path());
    file.add(1, {.scalars = {{"loss/train", 0.25f}}});
    const std::uint64_t whole = fs::file_size(file.path());
    for (std::uint64_t at = header; at < whole; ++at) {
        spoil(file.path(), at);
        CHECK_THROWS_AS(read_events(file.path()), std::runtime_error);
        spoil(file.path(), at);
    }
    CHECK(read_events(file.path()).size() == 2);
}

TEST_CASE("an event file that cannot be written") {
    const TemporaryFolder folder;
    CHECK_THROWS_AS(EventFile(folder / "nowhere"), WorkError);
    EventFile file(folder.path());
    fs::remove(file.path());
    fs::create_directory(file.path());
    CHECK_THROWS_AS(file.add(1, {.scalars = {{"loss/train", 1}}}), WorkError);
}
