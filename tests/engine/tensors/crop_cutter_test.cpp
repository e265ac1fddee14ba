// Crops that the device cuts, and those that the host cuts and sends, against PictureCrops.
#include "engine/tensors/crop_cutter.h"

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "device_fixture.h"
#include "engine/crop_test_tools.h"
#include "model/picture_padding.h"

using namespace shadenet;
using namespace shadenet::test;

namespace {

constexpr std::uint32_t untouched = 0x7fc00000;  // NaN
constexpr std::uint32_t most_crops = 5;

/// Room for crops with some words before and behind each of them.
struct CropRoom {
    CropRoom(const Device& device, const PictureCrops& crops, std::uint32_t margin, PicturePadding padding,
             bool packed, std::uint32_t images_of_part)
        : wide(crops.side() + 2 * margin), images{{}, 0, 3, wide * wide + 2, margin, padding, packed} {
        images.stride = static_cast<std::uint32_t>(
            align_up((3 + std::uint64_t{3} * images.plane) * sizeof(std::uint32_t)) / sizeof(std::uint32_t));
        buffer.emplace_back(device, std::uint64_t{most_crops} * images.stride * sizeof(std::uint32_t),
                            "crops");
        const std::uint64_t bytes = images.stride * sizeof(std::uint32_t);
        for (std::uint32_t first = 0; first < most_crops; first += images_of_part) {
            const std::uint32_t count = std::min(images_of_part, most_crops - first);
            images.parts.push_back({{first, count}, buffer[0].range(first * bytes, count * bytes)});
        }
    }

    /// What the images should hold of these crops; other words are as they were.
    std::vector<std::uint32_t> expected(const PictureCrops& crops, const std::vector<Crop>& chosen,
                                        bool target) const {
        std::vector<std::uint32_t> words(std::size_t{most_crops} * images.stride, untouched);
        for (std::size_t n = 0; n < chosen.size(); ++n) {
            const std::vector<float> values =
                crop_with_margin(crops, chosen[n], target, images.margin, images.padding);
            const std::size_t first = n * images.stride + images.first, pixels = values.size() / 3;
            for (std::size_t i = 0; i < pixels; ++i) {
                if (images.packed) {
                    words[first + i] = whole_level(values[i]) | whole_level(values[pixels + i]) << 8 |
                                       whole_level(values[2 * pixels + i]) << 16;
                    continue;
                }
                for (std::size_t c = 0; c < 3; ++c) {
                    words[first + c * images.plane + i] =
                        std::bit_cast<std::uint32_t>(values[c * pixels + i]);
                }
            }
        }
        return words;
    }

    std::uint32_t wide;
    CropImages images;
    std::vector<Buffer> buffer;
};

/// Chooses and cuts a batch, and compares all words of both rooms.
void check_batch(Recorder& recorder, CropCutter& cutter, const PictureCrops& crops,
                 const std::vector<Crop>& chosen, const CropRoom& inputs, const CropRoom& targets) {
    for (const CropRoom* room : {&inputs, &targets}) recorder.fill(room->buffer[0].whole(), untouched);
    cutter.choose(recorder, chosen);
    cutter.cut(recorder);
    recorder.finish();
    for (const CropRoom* room : {&inputs, &targets}) {
        const bool target = room == &targets;
        const std::vector<std::uint32_t> expected = room->expected(crops, chosen, target);
        const std::vector<std::uint32_t> found = room->buffer[0].download<std::uint32_t>(expected.size());
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < expected.size(); ++i) {
            // A float image has words between its planes that a copy of the whole image may write.
            const std::size_t in_image = i % room->images.stride - room->images.first;
            const bool between = !room->images.packed && in_image < 3 * std::size_t{room->images.plane} &&
                                 in_image % room->images.plane >= room->wide * std::size_t{room->wide};
            wrong += !between && found[i] != expected[i];
        }
        INFO((target ? "targets" : "inputs"));
        CHECK(wrong == 0);
    }
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "crop cutter: every pixel of crops from pictures of any size") {
    const auto padding = GENERATE(PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect);
    const bool packed = GENERATE(true, false);
    const std::uint32_t margin = GENERATE(0u, 2u, 7u);
    // All in one run, one run for some, and none on the device.
    const auto [bytes, run_bytes] =
        GENERATE(table<std::uint64_t, std::uint64_t>({{1 << 20, 1 << 20}, {1 << 20, 512}, {0, 1 << 20}}));
    INFO(to_string(padding) << ", packed " << packed << ", margin " << margin << ", room " << bytes << ", "
                            << run_bytes);
    const PictureCrops crops(random_set(1), 5, 4, true, 1);
    CropRoom inputs(device, crops, margin, padding, packed, 2);
    CropRoom targets(device, crops, packed ? margin : 0, PicturePadding::zero, packed, 2);
    CropCutter cutter(device, crops, inputs.images, targets.images, {bytes, run_bytes});
    CHECK(cutter.on_device() == (bytes > 0));
    Recorder recorder(device);
    check_batch(recorder, cutter, crops, corner_crops(crops, 0), inputs, targets);
    check_batch(recorder, cutter, crops, corner_crops(crops, 2), inputs, targets);
    for (std::uint32_t epoch = 0; epoch < 4; ++epoch) {
        std::vector<Crop> chosen;
        for (std::uint32_t i = epoch; i < 5; ++i) chosen.push_back(crops.crop(epoch, i * 2));
        check_batch(recorder, cutter, crops, chosen, inputs, targets);
    }
}

TEST_CASE_METHOD(DeviceFixture, "crop cutter: other values than whole 255ths are cut on the host") {
    const auto padding = GENERATE(PicturePadding::zero, PicturePadding::edge, PicturePadding::reflect);
    const PictureCrops crops(random_set(2, false), 5, 4, true, 1);
    CropRoom inputs(device, crops, 3, padding, false, 5);
    CropRoom targets(device, crops, 0, PicturePadding::zero, false, 5);
    CropCutter cutter(device, crops, inputs.images, targets.images, PictureRoom(device.info()));
    CHECK_FALSE(cutter.on_device());
    Recorder recorder(device);
    // More than are on their way at a time.
    for (std::uint32_t epoch = 0; epoch < 7; ++epoch) {
        check_batch(recorder, cutter, crops, {crops.crop(epoch, 1), crops.crop(epoch, 6)}, inputs, targets);
    }
}

TEST_CASE_METHOD(DeviceFixture, "crop cutter: the calls of a batch are those of the next one") {
    const bool on_device = GENERATE(true, false);
    const PictureCrops crops(random_set(3), 5, 4, true, 1);
    CropRoom inputs(device, crops, 2, PicturePadding::edge, true, 5);
    CropRoom targets(device, crops, 2, PicturePadding::zero, true, 5);
    CropCutter cutter(device, crops, inputs.images, targets.images,
                      {on_device ? 1u << 20 : 0u, std::uint64_t{1} << 20});
    const Buffer kept(device, std::uint64_t{8} * inputs.buffer[0].bytes(), "kept");
    Recorder::Recording recording;
    Recorder recorder(device);
    const auto chosen = [&](std::uint32_t epoch) {
        return std::vector<Crop>{crops.crop(epoch, 0), crops.crop(epoch, 5), crops.crop(epoch, 11)};
    };
    recorder.fill(inputs.buffer[0].whole(), untouched);
    for (std::uint32_t epoch = 0; epoch < 8; ++epoch) {
        cutter.choose(recorder, chosen(epoch));
        recorder.repeat(recording, [&] { cutter.cut(recorder); });
        const std::uint64_t bytes = inputs.buffer[0].bytes();
        recorder.copy(inputs.buffer[0].whole(), kept.range(epoch * bytes, bytes));
    }
    recorder.finish();
    for (std::uint32_t epoch = 0; epoch < 8; ++epoch) {
        const std::vector<std::uint32_t> expected = inputs.expected(crops, chosen(epoch), false);
        INFO("batch " << epoch);
        CHECK(kept.download<std::uint32_t>(expected.size(), epoch * inputs.buffer[0].bytes()) == expected);
    }
}
