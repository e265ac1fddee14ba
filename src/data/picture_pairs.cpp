#include "data/picture_pairs.h"

#include <algorithm>
#include <map>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "base/sha256.h"
#include "image/upright.h"

namespace shadenet {

namespace {

using Size = std::pair<std::uint32_t, std::uint32_t>;  // width, height

std::string text(const Size& size) {
    return fmt::format("{}x{}", size.first, size.second);
}

[[noreturn]] void refuse_unequal(const fs::path& one, const Size& one_size, const fs::path& other,
                                 const Size& other_size) {
    throw InputError(fmt::format(
        "{} is {} and {} is {}; --size 0 needs pictures of one size: resize them, or give a --size above 0",
        one.string(), text(one_size), other.string(), text(other_size)));
}

/// What happens to pictures of the kinds that read_image() notes.
const std::map<std::string_view, std::string_view> consequences = {
    {"16-bit", "; they are used at full depth, and results are written with 8 bits"},
    {"grey", "; their one channel is used for red, green and blue"},
    {"palette", "; they are expanded to RGB"},
    {"CMYK", "; they are converted to RGB"}};

std::string line(std::uint32_t count, std::uint32_t of, const std::string& kind) {
    const std::string pictures = fmt::format("{} of {} {}", count, of, of == 1 ? "picture" : "pictures");
    if (kind == "alpha (ignored)") {
        return fmt::format("{} {} an alpha channel, which is ignored", pictures, count == 1 ? "has" : "have");
    }
    const auto then = consequences.find(kind);
    return fmt::format("{} {} {}{}", pictures, count == 1 ? "is" : "are", kind,
                       then == consequences.end() ? "" : then->second);
}

/// A picture as the network is to see it, and what is kept of its file.
struct Decoded {
    Image image;
    std::string sha256;
    Metadata metadata;
};

Decoded decoded(const fs::path& path, std::uint32_t width, std::uint32_t height, PictureNotes& notes) {
    PictureReader reader(path);
    std::string hash = sha256(reader.bytes());
    FilePicture picture = reader.decode();
    const PictureFacts& facts = reader.facts();
    notes.add(facts.width, facts.height, facts.notes);
    return {resize(to_image(picture, path), width, height), std::move(hash), std::move(picture.metadata)};
}

/// EXIF's orientation turns the one, and the other lies as the one is stored.
bool lie_apart(const PictureFacts& one, const PictureFacts& other) {
    return is_sideways(one.orientation) != is_sideways(other.orientation) && one.width == other.height &&
           one.height == other.width && one.width != one.height;
}

std::string orientation_remedy(const ImagePair& pair) {
    return fmt::format(
        "EXIF's orientation turns one of {} and {}, and whatever made the other lost it; take it off the one "
        "(`exiftool -Orientation= FILE`), or turn the other",
        pair.input.string(), pair.target.string());
}

std::vector<std::string> stems_of(const CheckedPairs& pairs) {
    std::vector<std::string> stems;
    for (const ImagePair& pair : pairs.pairs) stems.push_back(pair.stem);
    return stems;
}

/// Pictures become "day_x", and those of a domain "day_a" may meet those of a domain "day".
void check_unique_stems(const std::vector<ImagePair>& pairs) {
    std::map<std::string, fs::path> seen;
    for (const ImagePair& pair : pairs) {
        const auto [first, is_new] = seen.emplace(pair.stem, pair.input);
        if (is_new) continue;
        throw InputError(
            fmt::format("{} and {}: what is made of them would have one name, {}; give one of their streams "
                        "another name",
                        first->second.string(), pair.input.string(), pair.stem));
    }
}

}  // namespace

void PictureNotes::add(std::uint32_t width, std::uint32_t height, const std::vector<std::string>& notes) {
    ++pictures_;
    if (width == 1 || height == 1) ++thin_;
    for (const std::string& kind : notes) ++kinds_[kind];
}

void PictureNotes::add(const CheckedPairs& pairs) {
    unequal_pairs_ += pairs.unequal;
    if (!pairs.apart.empty()) {
        of_pairs_.push_back(fmt::format("{} {} apart: {}", counted(pairs.apart.size(), "pair"),
                                        pairs.apart.size() == 1 ? "lies" : "lie",
                                        orientation_remedy(pairs.apart.front())));
    }
    std::uint32_t respelled = 0;
    std::string example;
    for (const ImagePair& pair : pairs.pairs) {
        if (!pair.respelled) continue;
        if (++respelled == 1) example = pair.target.filename().string();
    }
    if (respelled == 0) return;
    of_pairs_.push_back(fmt::format(
        "{} {} names that are equal only once Unicode is normalised, as {}; they are taken for one name",
        counted(respelled, "pair"), respelled == 1 ? "has" : "have", example));
}

std::vector<std::string> PictureNotes::lines() const {
    std::vector<std::string> lines;
    for (const auto& [kind, count] : kinds_) lines.push_back(line(count, pictures_, kind));
    if (thin_ != 0) lines.push_back(line(thin_, pictures_, "1 pixel wide or high"));
    if (unequal_pairs_ != 0) {
        lines.push_back(fmt::format(
            "{} {} an input and a target of different size; both are resized, and a filter is learned well "
            "only where they show the same",
            unequal_pairs_, unequal_pairs_ == 1 ? "pair has" : "pairs have"));
    }
    lines.insert(lines.end(), of_pairs_.begin(), of_pairs_.end());
    return lines;
}

CheckedPairs check_pairs(const fs::path& input, const fs::path& target, std::uint32_t size) {
    CheckedPairs checked{pair_images(input, target), size, size};
    const fs::path& first = checked.pairs.front().input;
    const Size first_size = image_size(first);
    if (size == 0) std::tie(checked.width, checked.height) = first_size;
    const Size wanted(checked.width, checked.height);
    for (const ImagePair& pair : checked.pairs) {
        const PictureFacts before = PictureReader(pair.input).facts();
        const PictureFacts after = PictureReader(pair.target).facts();
        const Size input_size(before.width, before.height), target_size(after.width, after.height);
        const bool apart = lie_apart(before, after);
        if (apart) checked.apart.push_back(pair);
        if (input_size != target_size && !apart) ++checked.unequal;
        checked.whole_levels = checked.whole_levels && !before.sixteen_bit && !after.sixteen_bit &&
                               input_size == wanted && target_size == wanted;
        if (size != 0) continue;
        if (apart) {
            throw InputError(fmt::format("{} is {} and {} is {}: {}", pair.input.string(), text(input_size),
                                         pair.target.string(), text(target_size), orientation_remedy(pair)));
        }
        if (input_size != target_size) refuse_unequal(pair.input, input_size, pair.target, target_size);
        if (input_size != first_size) refuse_unequal(first, first_size, pair.input, input_size);
    }
    return checked;
}

CheckedPairs check_domains(const std::vector<Domain>& domains, std::uint32_t size) {
    CheckedPairs all;
    for (const Domain& domain : domains) {
        CheckedPairs one = check_pairs(domain.input, domain.target, size);
        if (all.pairs.empty()) {
            all.width = one.width;
            all.height = one.height;
        } else if (Size(one.width, one.height) != Size(all.width, all.height)) {
            refuse_unequal(all.pairs.front().input, {all.width, all.height}, one.pairs.front().input,
                           {one.width, one.height});
        }
        all.unequal += one.unequal;
        all.apart.insert(all.apart.end(), one.apart.begin(), one.apart.end());
        all.whole_levels = all.whole_levels && one.whole_levels;
        all.domain_sizes.push_back(static_cast<std::uint32_t>(one.pairs.size()));
        for (ImagePair& pair : one.pairs) {
            pair.stem = fmt::format("{}_{}", domain.name, pair.stem);
            all.pairs.push_back(std::move(pair));
        }
    }
    check_unique_stems(all.pairs);
    return all;
}

std::vector<fs::path> check_pictures(const fs::path& file_or_folder) {
    if (file_or_folder.empty()) return {};
    const std::vector<fs::path> pictures = list_images_or_file(file_or_folder);
    check_unique_stems(pictures);
    for (const fs::path& picture : pictures) image_size(picture);
    return pictures;
}

PicturePairs::PicturePairs(std::vector<std::string> stems, std::uint32_t width, std::uint32_t height,
                           std::vector<std::uint32_t> domain_sizes, const PixelRange& range)
    : Examples(static_cast<std::uint32_t>(stems.size()), {1, 3, height, width}, {1, 3, height, width},
               std::move(domain_sizes)),
      stems_(std::move(stems)),
      range_(range),
      pixels_(stems_.size()) {}

PicturePairs::PicturePairs(const CheckedPairs& pairs, PictureNotes& notes, const PixelRange& range)
    : PicturePairs(stems_of(pairs), pairs.width, pairs.height, pairs.domain_sizes, range) {
    notes.add(pairs);
    for (std::uint32_t i = 0; i < size(); ++i) {
        const Decoded input = decoded(pairs.pairs[i].input, pairs.width, pairs.height, notes);
        const Decoded target = decoded(pairs.pairs[i].target, pairs.width, pairs.height, notes);
        set(i, input.image, target.image);
        records_.push_back({record_name(stems_[i]), input.sha256, target.sha256});
        profiles_.add(stems_[i], input.metadata, target.metadata);
    }
}

void PicturePairs::set(std::uint32_t index, const Image& input, const Image& target) {
    pixels_[index] = {kept(input), kept(target)};
}

PicturePairs::Pixels PicturePairs::kept(const Image& image) const {
    if (image.width != width() || image.height != height()) {
        throw std::invalid_argument("a picture differs in size from its data set");
    }
    if (!std::all_of(image.values.begin(), image.values.end(), is_whole_level)) return image.values;
    std::vector<std::uint8_t> levels(image.values.size());
    std::ranges::transform(image.values, levels.begin(), whole_level);
    return levels;
}

Image PicturePairs::picture(const Pixels& pixels) const {
    Image image{width(), height(), std::vector<float>(input_shape().values())};
    if (const auto* floats = std::get_if<std::vector<float>>(&pixels)) {
        image.values = *floats;
    } else {
        std::ranges::transform(std::get<std::vector<std::uint8_t>>(pixels), image.values.begin(),
                               [](std::uint8_t level) { return static_cast<float>(level) / 255.0f; });
    }
    return image;
}

std::vector<float> PicturePairs::in_range(Image image) const {
    range_.bring_into(image.values);
    return std::move(image.values);
}

bool PicturePairs::whole_levels() const {
    const auto in_bytes = [](const Pair& pair) {
        return pair.input.index() == 0 && pair.target.index() == 0;
    };
    return range_.is_unit() && std::all_of(pixels_.begin(), pixels_.end(), in_bytes);
}

}  // namespace shadenet
