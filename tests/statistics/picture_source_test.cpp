#include "statistics/picture_source.h"

#include "engine/filter_test_tools.h"
#include "image/picture_file.h"
#include "statistics/population.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

namespace fs = std::filesystem;

void write_16_bit(const fs::path& path, std::uint32_t width, std::uint32_t height) {
    FilePicture picture;
    picture.colour = noise<std::uint16_t>(width, height);
    write_picture(path, picture, {});
}

void write_damaged(const fs::path& path) {
    write_file_atomically(path, std::string_view("no picture"));
}

NamedStatistics measured(PictureSource& pictures) {
    const Network network = two_layer_network(options(3, 1, "none", NormPlacement::before, true));
    return measure_population(test_device(), network, worn(network, 2), pictures).value().statistics;
}

}  // namespace

TEST_CASE("files of 8 and 16 bits are measured as the images they are") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const std::vector<fs::path> paths = {folder / "a.png", folder / "b.png"};
    write_png(paths[0], made_picture(9, 14, 1));
    write_16_bit(paths[1], 9, 14);
    std::vector<Image> images;
    for (const fs::path& path : paths) images.push_back(read_image(path).image);
    PicturesInMemory in_memory(images);
    PicturesInFiles files(paths, 0, [](const std::string& why) { FAIL(why); });
    CHECK(same_bits(measured(files), measured(in_memory)));

    for (Image& image : images) image = resize(image, 12, 12);
    PicturesInFiles resized(paths, 12, [](const std::string& why) { FAIL(why); });
    CHECK(same_bits(measured(resized), measured(in_memory)));
}

TEST_CASE("a file that cannot be read is left out, and said once") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    const std::vector<fs::path> all = {folder / "a.png", folder / "bad.png", folder / "none.png",
                                       folder / "z.png"};
    write_png(all[0], made_picture(11, 7, 1));
    write_damaged(all[1]);
    write_png(all[3], made_picture(11, 7, 2));
    std::vector<std::string> said;
    PicturesInFiles files(all, 0, [&](const std::string& why) { said.push_back(why); });
    PicturesInFiles good({all[0], all[3]}, 0, [](const std::string& why) { FAIL(why); });
    CHECK(same_bits(measured(files), measured(good)));
    REQUIRE(said.size() == 2);
    CHECK(contains(said[0], "bad.png"));
    CHECK(contains(said[1], "none.png"));
}

TEST_CASE("a file that is damaged between two looks at it ends the work") {
    const ValidatedDevice device;
    const TemporaryFolder folder;
    for (const char* name : {"a.png", "b.png"}) write_png(folder / name, made_picture(6, 5, 3));
    PicturesInFiles files({folder / "a.png", folder / "b.png"}, 0, [](const std::string&) {});
    const Network network = two_layer_network(options(3, 1, "none", NormPlacement::before, true));
    const auto damage = [&](const PopulationProgress& progress) {
        if (progress.norm == 0 && progress.picture == 1) write_damaged(folder / "a.png");
    };
    CHECK(contains(message_of<WorkError>([&] {
                       measure_population(*device, network, worn(network, 2), files, {.on_picture = damage});
                   }),
                   "changed while they were measured"));
}
