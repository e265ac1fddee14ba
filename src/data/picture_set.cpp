#include "data/picture_set.h"

#include <algorithm>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/sha256.h"
#include "data/checked_pairs.h"
#include "data/examples.h"
#include "group/texts.h"
#include "image/picture_file.h"
#include "pairs/align.h"

namespace shadenet {

namespace {

/// A picture of a pair; what its file tells beside it is added to these.
Image decoded(const std::filesystem::path& path, PictureFileFacts& facts, std::string& hash,
              std::vector<std::byte>* icc = nullptr) {
    PictureReader reader(path);
    hash = sha256(reader.bytes());
    FilePicture picture = reader.decode();
    facts = {reader.facts().width, reader.facts().height, reader.facts().notes,
             colour_profile(picture.metadata)};
    if (icc != nullptr) *icc = std::move(picture.metadata.icc);
    return to_image(picture, path);
}

std::vector<std::string> stems_of(const CheckedPairs& pairs) {
    std::vector<std::string> stems;
    for (const ImagePair& pair : pairs.pairs) stems.push_back(pair.stem);
    return stems;
}

std::shared_ptr<const PictureSet::Pixels> kept(const Image& image, const PictureSize& size) {
    if (PictureSize{image.width, image.height} != size) {
        throw std::invalid_argument("a picture differs in size from its data set");
    }
    if (!std::all_of(image.values.begin(), image.values.end(), is_whole_level))
        return std::make_shared<PictureSet::Pixels>(image.values);
    std::vector<std::uint8_t> levels(image.values.size());
    std::ranges::transform(image.values, levels.begin(), whole_level);
    return std::make_shared<PictureSet::Pixels>(std::move(levels));
}

/// Null is black.
bool in_bytes(const std::shared_ptr<const PictureSet::Pixels>& pixels) {
    return pixels == nullptr || pixels->index() == 0;
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
    shares_ = pairs.shares;
    files_ = pairs.pairs;
    align_ = pairs.align;
    records_.resize(size());
    notes.add(pairs);
    bool has_icc = false;
    for (std::uint32_t i = 0; i < size(); ++i) {
        if (!shares_.owns(i)) continue;
        if (pairs.stop != nullptr && *pairs.stop) throw Stopped();
        PairFacts& facts = own_facts_.emplace_back();
        pixels_[i] = read(i, facts);
        // The first profile is all that is needed of them.
        if (std::exchange(has_icc, has_icc || !facts.target_profile.empty())) facts.target_profile.clear();
    }
    if (shares_.group().is_alone()) tell(std::exchange(own_facts_, {}), notes);
}

PictureSet::Pair PictureSet::read(std::uint32_t index, PairFacts& facts) const {
    const ImagePair& files = files_[index];
    facts.record.name = record_name(stems_[index]);
    Image input = decoded(files.input, facts.input, facts.record.input);
    Image target = decoded(files.target, facts.target, facts.record.target, &facts.target_profile);
    if (align_) {
        facts.shift = found_shift(input, target);
        take_out(*facts.shift, input, target);
    }
    const PictureSize& wanted = sizes_[index];
    const Pair pair{kept(resize(input, wanted.width, wanted.height), wanted),
                    kept(resize(target, wanted.width, wanted.height), wanted)};
    facts.whole_levels = in_bytes(pair.input) && in_bytes(pair.target);
    return pair;
}

PictureSet::Pair PictureSet::read_again(std::uint32_t index) const {
    PairFacts facts;
    Pair pair = read(index, facts);
    if (facts.record != records_[index]) {
        throw InputError(
            fmt::format("{} or {}: is not, or no longer, what rank {} has read; give all ranks the same",
                        files_[index].input.string(), files_[index].target.string(), shares_.rank_of(index)));
    }
    return pair;
}

void PictureSet::join(PictureNotes& notes) {
    Group& group = shares_.group();
    if (group.is_alone()) return;
    Texts mine;
    for (const PairFacts& facts : std::exchange(own_facts_, {})) append_texts(mine, facts);
    std::vector<std::vector<PairFacts>> of_ranks;
    for (const Texts& texts : gather_texts(group, mine)) of_ranks.push_back(pair_facts_in(texts));
    std::vector<PairFacts> all;
    std::vector<std::size_t> next(of_ranks.size());
    for (std::uint32_t i = 0; i < size(); ++i) {
        const std::uint32_t rank = shares_.rank_of(i);
        all.push_back(std::move(of_ranks[rank].at(next[rank]++)));
    }
    tell(all, notes);
}

void PictureSet::tell(const std::vector<PairFacts>& all, PictureNotes& notes) {
    for (std::uint32_t i = 0; i < size(); ++i) {
        const PairFacts& facts = all[i];
        records_[i] = facts.record;
        for (const PictureFileFacts* const file : {&facts.input, &facts.target})
            notes.add(file->width, file->height, file->notes);
        if (facts.shift) notes.add_aligned(stems_[i], *facts.shift);
        files_have_levels_ = files_have_levels_ && facts.whole_levels;
        profiles_.add(stems_[i], facts.input.profile, facts.target.profile, facts.target_profile);
    }
}

PictureSet PictureSet::only(const std::vector<std::uint32_t>& pairs) const {
    PictureSet some = *this;
    some.pixels_.assign(size(), {});
    some.files_.assign(files_.size(), {});
    for (const std::uint32_t pair : pairs) {
        some.pixels_[pair] = pixels_[pair];
        if (pair < files_.size()) some.files_[pair] = files_[pair];
    }
    return some;
}

void PictureSet::set(std::uint32_t index, const Image& input, const Image& target) {
    pixels_[index] = {kept(input, sizes_[index]), kept(target, sizes_[index])};
}

std::shared_ptr<const PictureSet::Pixels> PictureSet::input_pixels(std::uint32_t index) const {
    return pixels_of(index).input;
}

std::shared_ptr<const PictureSet::Pixels> PictureSet::target_pixels(std::uint32_t index) const {
    return pixels_of(index).target;
}

PictureSet::Pair PictureSet::pixels_of(std::uint32_t index) const {
    if (pixels_[index].input != nullptr) return pixels_[index];
    if (index < files_.size() && !files_[index].input.empty()) {
        const std::lock_guard lock(latest_->mutex);
        if (latest_->index != index) latest_->pair = read_again(index);
        latest_->index = index;
        return latest_->pair;
    }
    static const auto black = std::make_shared<const Pixels>();
    return {black, black};
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
    return range_.is_unit() && files_have_levels_ && std::ranges::all_of(pixels_, [](const Pair& pair) {
               return in_bytes(pair.input) && in_bytes(pair.target);
           });
}

}  // namespace shadenet
