#include "engine/two_layer/fused_pictures.h"

#include <algorithm>
#include <cstddef>
#include <stdexcept>
#include <utility>

#include "engine/tensors/crop_cutter.h"
#include "model/picture_padding.h"

namespace shadenet {

namespace {

/// There is no tensor of none.
std::uint32_t room_for(const std::vector<std::uint32_t>& examples) {
    return std::max(1u, static_cast<std::uint32_t>(examples.size()));
}

}  // namespace

FusedLayout fused_layout(const Examples& examples, std::uint32_t kernel, PicturePadding padding) {
    return {examples.input_shape().w, examples.input_shape().h, kernel, examples.whole_levels(), padding};
}

std::uint64_t patch_statistics_bytes(std::uint32_t kernel) {
    const std::uint64_t patch = std::uint64_t{3} * kernel * kernel;
    return (patch + 1) * patch * sizeof(float);
}

FusedPictures::FusedPictures(const Device& device, const FusedLayout& layout, const Examples& examples,
                             std::uint32_t largest_batch, const Shares& shares)
    : layout_(layout),
      shares_(shares),
      own_(shares.own_before(examples.size())),
      pairs_(device, layout.pairs(room_for(own_)), std::min(largest_batch, room_for(own_)),
             "pictures of the fused plan", shares.count() > 1),
      statistics_(device, patch_statistics_bytes(layout.kernel), "patch statistics"),
      joined_(shares) {
    if (fused_layout(examples, layout.kernel, layout.padding) != layout) {
        throw std::invalid_argument("the fused plan is made for other examples");
    }
    const Shape wide = layout.pairs(1);
    const bool continues = layout.ring() > 0;
    for (std::uint32_t place = 0; place < own_.size(); ++place) {
        const std::vector<float> picture = examples.input(own_[place]);
        const std::vector<float> input =
            continued_picture(picture, examples.input_shape(), layout.pad(), layout.padding);
        // Patches around pixels beyond the picture count where the hidden layer has a ring.
        moments_.push_back(
            continues ? patch_moments(input, 3, wide.h, wide.w, layout.kernel, PatchesOf::inner_pixels)
                      : patch_moments(picture, 3, layout.height, layout.width, layout.kernel));
        store(place, input,
              continued_picture(examples.target(own_[place]), examples.input_shape(), layout.pad(),
                                PicturePadding::zero));
    }
}

/// Both have the layout's padding.
void FusedPictures::store(std::uint32_t place, const std::vector<float>& input,
                          const std::vector<float>& target) const {
    std::vector<std::uint32_t> words(layout_.pair_stride(), 0);
    const std::span<std::uint32_t> all(words);
    pack_pixels(input, layout_.packed, layout_.plane(), all);
    pack_pixels(target, layout_.packed, layout_.plane(), all.subspan(layout_.target_offset()));
    const BufferRange pair = pairs_.all().view().images(place, 1).range();
    pair.buffer->upload(std::span<const std::uint32_t>(words), pair.offset);
}

void FusedPictures::set_batches(Batches batches, std::uint32_t) {
    batches_ = std::move(batches);
    joined_.begin_pass(static_cast<std::uint32_t>(batches_.size()));
}

std::vector<PatchMoments> FusedPictures::own_moments(std::uint32_t step) const {
    std::vector<PatchMoments> own(shares_.own(), no_moments(3, layout_.kernel));
    const std::vector<std::uint32_t> places = places_in(own_, batches_[step]);
    for (std::size_t i = 0; i < places.size(); ++i)
        own[shares_.of(batches_[step][i]) - shares_.first()].add(moments_.at(places[i]));
    return own;
}

void FusedPictures::choose(Recorder& recorder, std::uint32_t step) {
    pairs_.choose(recorder, places_in(own_, batches_[step]));
    // Other ranks may have others than before where this one has not.
    if (batches_[step] == chosen_ && shares_.group().is_alone()) return;
    chosen_ = batches_[step];
    const std::vector<float> values =
        shares_.group().is_alone()
            ? joined_patch_statistics(own_moments(step))
            : joined_.take(step, [this](std::uint32_t next) { return own_moments(next); });
    recorder.write(statistics_.whole(), std::as_bytes(std::span(values)));
}

Batch FusedPictures::gather(Recorder& recorder) {
    return {.pairs = pairs_.gather(recorder), .statistics = statistics_.whole()};
}

}  // namespace shadenet
