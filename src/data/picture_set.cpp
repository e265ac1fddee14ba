#include "data/picture_set.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/sha256.h"
#include "data/checked_pairs.h"
#include "data/examples.h"
#include "image/picture_file.h"
#include "pairs/align.h"

namespace shadenet {

namespace {

/// A picture, and what is kept of its file.
struct Decoded {
    Image image;
    std::string sha256;
    Metadata metadata;
};

Decoded decoded(const std::filesystem::path& path, PictureNotes& notes) {
    PictureReader reader(path);
    std::string hash = sha256(reader.bytes());
    FilePicture picture = reader.decode();
    const PictureFacts& facts = reader.facts();
    notes.add(facts.width, facts.height, facts.notes);
    return {to_image(picture, path), std::move(hash), std::move(picture.metadata)};
}

std::vector<std::string> stems_of(const CheckedPairs& pairs) {
    std::vector<std::string> stems;
    for (const ImagePair& pair : pairs.pairs) stems.push_back(pair.stem);
    return stems;
}

PictureSet::Pixels kept(const Image& image, const PictureSize& size) {
    if (PictureSize{image.width, image.height} != size) {
        throw std::invalid_argument("a picture differs in size from its data set");
    }
    if (!std::all_of(image.values.begin(), image.values.end(), is_whole_level)) return image.values;
    std::vector<std::uint8_t> levels(image.values.size());
    std::ranges::transform(image.values, levels.begin(), whole_level);
    return levels;
}

}  // namespace

std::string to_string(const PictureSize& size) {
    return fmt::format("{}x{}", size.width, size.height);
}

PictureSet::PictureSet(std::vector<std::string> stems, std::vector<PictureSize> sizes,
                       std::vector<std::uint32_t> domain_sizes, const PixelRange& range)
    : stems_(std::move(stems)),
      sizes_(std::move(sizes)),
      domain_sizes_(whole_domains(std::move(domain_sizes), size())),
      range_(range),
      pixels_(stems_.size()) {
    if (sizes_.size() != stems_.size()) throw std::invalid_argument("not every pair has a size");
}

PictureSet::PictureSet(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range)
    : PictureSet(stems_of(pairs), pairs.sizes, pairs.domain_sizes, range) {
    notes.add(pairs);
    const bool has_all = pairs.elsewhere.empty();
    others_have_levels_ = has_all || pairs.whole_levels;
    for (std::uint32_t i = 0; i < size(); ++i) {
        if (!has_all && pairs.elsewhere[i]) {
            records_.push_back(*pairs.elsewhere[i]);
            continue;
        }
        Decoded input = decoded(pairs.pairs[i].input, notes), target = decoded(pairs.pairs[i].target, notes);
        if (pairs.align) {
            const PixelShift shift = found_shift(input.image, target.image);
            take_out(shift, input.image, target.image);
            notes.add_aligned(stems_[i], shift);
        }
        const auto [width, height] = sizes_[i];
        set(i, resize(input.image, width, height), resize(target.image, width, height));
        records_.push_back({record_name(stems_[i]), input.sha256, target.sha256});
        profiles_.add(stems_[i], input.metadata, target.metadata);
    }
}

void PictureSet::set(std::uint32_t index, const Image& input, const Image& target) {
    pixels_[index] = {kept(input, sizes_[index]), kept(target, sizes_[index])};
}

std::uint32_t PictureSet::smallest_side() const {
    std::uint32_t side = ~0u;
    for (const PictureSize& size : sizes_) side = std::min({side, size.width, size.height});
    return side;
}

bool PictureSet::of_one_size() const {
    return std::all_of(sizes_.begin(), sizes_.end(), [&](const auto& size) { return size == sizes_[0]; });
}

std::uint32_t PictureSet::domain_of(std::uint32_t index) const {
    return shadenet::domain_of(domain_sizes_, index);
}

Image PictureSet::picture(std::uint32_t index, const Pixels& pixels) const {
    Image image{width(index), height(index), {}};
    image.values.resize(3 * image.plane());
    if (const auto* floats = std::get_if<std::vector<float>>(&pixels)) {
        image.values = *floats;
    } else {
        std::ranges::transform(std::get<std::vector<std::uint8_t>>(pixels), image.values.begin(),
                               [](std::uint8_t level) { return static_cast<float>(level) / 255.0f; });
    }
    return image;
}

std::vector<float> PictureSet::in_range(Image image) const {
    range_.bring_into(image.values);
    return std::move(image.values);
}

bool PictureSet::whole_levels() const {
    const auto in_bytes = [](const Pair& pair) {
        return pair.input.index() == 0 && pair.target.index() == 0;
    };
    return range_.is_unit() && others_have_levels_ && std::all_of(pixels_.begin(), pixels_.end(), in_bytes);
}

}  // namespace shadenet
