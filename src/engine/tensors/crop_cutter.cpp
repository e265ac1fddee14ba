#include "engine/tensors/crop_cutter.h"

#include <algorithm>
#include <bit>
#include <cstddef>
#include <stdexcept>

#include "engine/tensors/linear_threads.h"
#include "model/picture_padding.h"

namespace shadenet {

namespace {

constexpr std::size_t batches_on_their_way = 3;

/// E of the shader.
std::uint32_t pixels_of_thread(const Device& device) {
    return device.info().kind == DeviceKind::software ? 16 : 4;
}

}  // namespace

void pack_pixels(std::span<const float> values, bool packed, std::uint32_t plane,
                 std::span<std::uint32_t> words) {
    const std::size_t pixels = values.size() / 3;
    for (std::size_t i = 0; i < pixels; ++i) {
        const float red = values[i], green = values[pixels + i], blue = values[2 * pixels + i];
        if (packed) {
            words[i] = whole_level(red) | std::uint32_t{whole_level(green)} << 8 |
                       std::uint32_t{whole_level(blue)} << 16;
        } else {
            words[i] = std::bit_cast<std::uint32_t>(red);
            words[plane + i] = std::bit_cast<std::uint32_t>(green);
            words[2 * std::size_t{plane} + i] = std::bit_cast<std::uint32_t>(blue);
        }
    }
}

CropCutter::Side::Side(const Device& device, const PictureCrops& crops, std::span<const std::uint32_t> pairs,
                       DevicePictures::Side side, const CropImages& images, std::uint32_t largest_batch,
                       const PictureRoom& room)
    : pictures(device, crops.pictures(), pairs, side, room),
      from(device, largest_batch * sizeof(push::CropFrom), "places of crops"),
      kernel(device, "cut_crops", {"pictures", "crops", "images"},
             {{"PACKED", images.packed},
              {"E", pixels_of_thread(device)},
              {"ZEROS", images.padding == PicturePadding::zero},
              {"MIRRORED", images.padding == PicturePadding::reflect}},
             light_local_size) {}

CropCutter::CropCutter(const Device& device, const PictureCrops& crops, CropImages inputs, CropImages targets,
                       const PictureRoom& room, const Shares& shares)
    : crops_(crops),
      inputs_(std::move(inputs)),
      targets_(std::move(targets)),
      per_thread_(pixels_of_thread(device)) {
    const ImageChunk& last = inputs_.parts.back().first;
    const std::uint32_t largest_batch = last.first + last.count;
    const std::vector<std::uint32_t> pairs = shares.of_blocks().own_before(crops.pictures().size());
    if (DevicePictures::fit(crops.pictures(), pairs, room)) {
        device_side_.emplace(DeviceSide{
            {device, crops, pairs, DevicePictures::Side::inputs, inputs_, largest_batch, room},
            {device, crops, pairs, DevicePictures::Side::targets, targets_, largest_batch, room},
        });
        return;
    }
    const std::uint64_t words = largest_batch * (image_words(inputs_) + image_words(targets_));
    for (std::size_t i = 0; i < batches_on_their_way; ++i) {
        sent_.push_back({Buffer::on_host(device, words * sizeof(std::uint32_t), "crops to send")});
    }
}

/// From its first to its last word.
std::uint64_t CropCutter::image_words(const CropImages& images) const {
    const std::uint64_t wide = crops_.side() + 2 * std::uint64_t{images.margin};
    return wide * wide + (images.packed ? 0 : 2 * std::uint64_t{images.plane});
}

void CropCutter::choose(Recorder& recorder, std::span<const Crop> crops) {
    count_ = static_cast<std::uint32_t>(crops.size());
    if (crops.empty()) return;
    if (!device_side_) return send(recorder, crops);
    write_places(recorder, crops, device_side_->inputs);
    write_places(recorder, crops, device_side_->targets);
}

void CropCutter::write_places(Recorder& recorder, std::span<const Crop> crops, const Side& side) const {
    std::vector<push::CropFrom> places;
    for (const Crop& crop : crops) {
        const DevicePictures::Place& place = side.pictures.place(crop.pair);
        places.push_back({.run = place.run,
                          .offset = place.offset,
                          .width = crops_.pictures().width(crop.pair),
                          .height = crops_.pictures().height(crop.pair),
                          .row = crop.row,
                          .column = crop.column,
                          .flipped = crop.flipped,
                          .unused = 0});
    }
    const auto bytes = std::as_bytes(std::span(places));
    recorder.write(side.from.range(0, bytes.size()), bytes);
}

/// Ahead of a step's calls, which are the same in every step.
void CropCutter::send(Recorder& recorder, std::span<const Crop> crops) {
    // The previous batch went with the step that it was for.
    if (next_ > 0) sent_[(next_ - 1) % sent_.size()].ticket = recorder.submit();
    Sent& sent = sent_[next_++ % sent_.size()];
    recorder.wait(sent.ticket);
    const std::span<std::byte> mapped = sent.buffer.mapped();
    std::uint64_t at = 0;  // words
    const auto put = [&](const Crop& crop, std::uint32_t image, const CropImages& images, bool target) {
        const std::uint64_t words = image_words(images), bytes = words * sizeof(std::uint32_t);
        const std::span<std::uint32_t> to(reinterpret_cast<std::uint32_t*>(mapped.data()) + at, words);
        pack_pixels(target ? crops_.target(crop, images.margin, images.padding)
                           : crops_.input(crop, images.margin, images.padding),
                    images.packed, images.plane, to);
        const auto part = std::ranges::find_if(
            images.parts, [&](const auto& one) { return image < one.first.first + one.first.count; });
        const auto& [chunk, range] = *part;
        const std::uint64_t place =
            (std::uint64_t{image - chunk.first} * images.stride + images.first) * sizeof(std::uint32_t);
        recorder.copy(sent.buffer.range(at * sizeof(std::uint32_t), bytes),
                      range.buffer->range(range.offset + place, bytes));
        at += words;
    };
    for (std::uint32_t image = 0; image < count_; ++image) {
        put(crops[image], image, inputs_, false);
        put(crops[image], image, targets_, true);
    }
}

void CropCutter::cut(Recorder& recorder) const {
    if (!device_side_) return;
    cut(recorder, device_side_->inputs, inputs_);
    cut(recorder, device_side_->targets, targets_);
}

void CropCutter::cut(Recorder& recorder, const Side& side, const CropImages& images) const {
    const std::uint32_t wide = crops_.side() + 2 * images.margin;
    for (const auto& [chunk, range] : images.parts) {
        if (chunk.first >= count_) break;
        const std::uint32_t count = std::min(chunk.count, count_ - chunk.first);
        const std::vector<Buffer>& runs = side.pictures.runs();
        for (std::uint32_t run = 0; run < runs.size(); ++run) {
            side.kernel(recorder,
                        {{"pictures", runs[run].whole()}, {"crops", side.from.whole()}, {"images", range}},
                        {.side = crops_.side(),
                         .margin = images.margin,
                         .stride = images.stride,
                         .first = images.first,
                         .plane = images.plane,
                         .images = count,
                         .first_image = chunk.first,
                         .run = run},
                        linear_threads(std::uint64_t{count} * wide * row_threads(wide, per_thread_)));
        }
    }
}

}  // namespace shadenet
