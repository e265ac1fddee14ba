#include "data/checked_pairs.h"

#include <algorithm>
#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/error.h"
#include "base/file.h"
#include "image/upright.h"
#include "pairs/pair_text.h"

namespace shadenet {

namespace {

[[noreturn]] void refuse_unequal(const fs::path& one, const PictureSize& one_size, const fs::path& other,
                                 const PictureSize& other_size) {
    throw InputError(fmt::format(
        "{} is {} and {} is {}; --size 0 needs pictures of one size: resize them, or give a --size above 0",
        one.string(), to_string(one_size), other.string(), to_string(other_size)));
}

[[noreturn]] void refuse_unequal_pair(const ImagePair& pair, const PictureSize& input,
                                      const PictureSize& target) {
    throw InputError(fmt::format(
        "{} is {} and {} is {}; the two of a pair need one size: resize one of them, or give --resize with a "
        "--size above 0",
        pair.input.string(), to_string(input), pair.target.string(), to_string(target)));
}

std::uint64_t pixels(const PictureSize& size) {
    return std::uint64_t{size.width} * size.height;
}

void add(CheckedPairs::Resizing& sum, const CheckedPairs::Resizing& more) {
    if (more.pictures == 0) return;
    const bool differ = sum.pictures != 0 && sum.largest != more.largest;
    sum.of_several_sizes = sum.of_several_sizes || more.of_several_sizes || differ;
    sum.pictures += more.pictures;
    if (pixels(more.largest) > pixels(sum.largest)) sum.largest = more.largest;
    sum.to = more.to;
}

/// "36 pictures are resized from 1536x1536 to 512x512: the filter learns at 33 % of their scale; ..."
std::string line_of(const CheckedPairs::Resizing& resizing) {
    const auto& [count, of_several_sizes, from, to] = resizing;
    const std::string pictures = fmt::format("{} {}", counted(count, "picture"), count == 1 ? "is" : "are");
    if (of_several_sizes) {
        return fmt::format(
            "{} resized from several sizes, up to {}, to {}: the filter learns at other scales than theirs; "
            "give --resize=false to learn at their own",
            pictures, to_string(from), to_string(to));
    }
    const auto percent = [](std::uint32_t now, std::uint32_t then) {
        return fmt::format("{:.0f} %", 100.0 * now / then);
    };
    const std::string width = percent(to.width, from.width), height = percent(to.height, from.height);
    return fmt::format(
        "{} resized from {} to {}: the filter learns at {}; give --resize=false to learn at {}", pictures,
        to_string(from), to_string(to),
        width == height ? fmt::format("{} of their scale", width)
                        : fmt::format("{} of their width and {} of their height", width, height),
        width == height ? "their own" : "their own scale");
}

/// What happens to pictures of the kinds that read_image() notes.
const std::map<std::string_view, std::string_view> consequences = {
    {"16-bit", "; they are used at full depth, and results are written with 8 bits"},
    {"32-bit float", "; values are used as they are, also below 0 and above 1"},
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

/// The picture "a_x" of the domain "day" and the picture "x" of the domain "day_a" would both become
/// "day_a_x".
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

/// What the headers of a pair tell, for ranks that have not its files.
struct PairHeaders {
    PictureSize input, target;
    // No bool: there would be bytes of no value behind it.
    std::uint32_t has_bytes = 1;  ///< both are of 8 bits
    std::uint32_t lies_apart = 0;
};

PairHeaders headers_of(const ImagePair& pair, const std::atomic<bool>* stop) {
    if (stop != nullptr && *stop) throw Stopped();
    const PictureFacts before = PictureReader(pair.input).facts();
    const PictureFacts after = PictureReader(pair.target).facts();
    return {{before.width, before.height},
            {after.width, after.height},
            before.sample_bytes() == 1 && after.sample_bytes() == 1 ? 1u : 0u,
            lie_apart(before, after) ? 1u : 0u};
}

/// Of the next pair. Throws InputError where it does not follow the rule.
void add(CheckedPairs& checked, const PairHeaders& headers, const SizeRule& rule) {
    const ImagePair& pair = checked.pairs[checked.sizes.size()];
    const auto& [input, target, has_bytes, lies_apart] = headers;
    const bool apart = lies_apart == 1;
    const bool resizes = rule.kind == SizeRule::Kind::squares;
    if (apart) checked.apart.push_back(pair);
    if (input != target && !apart) ++checked.unequal;
    const PictureSize wanted = resizes ? PictureSize{rule.side, rule.side} : input;
    for (const PictureSize& size : {input, target}) {
        if (resizes && size != wanted) add(checked.resizing, {1, false, size, wanted});
    }
    checked.whole_levels = checked.whole_levels && has_bytes == 1 && input == wanted && target == wanted;
    checked.sizes.push_back(wanted);
    if (resizes) return;
    if (apart) {
        throw InputError(fmt::format("{} is {} and {} is {}: {}", pair.input.string(), to_string(input),
                                     pair.target.string(), to_string(target), orientation_remedy(pair)));
    }
    if (input != target) refuse_unequal_pair(pair, input, target);
    const PictureSize& first = checked.sizes.front();
    if (rule.kind == SizeRule::Kind::equal && input != first) {
        refuse_unequal(checked.pairs.front().input, first, pair.input, input);
    }
}

}  // namespace

void PictureNotes::add(std::uint32_t width, std::uint32_t height, const std::vector<std::string>& notes) {
    ++pictures_;
    if (width == 1 || height == 1) ++thin_;
    for (const std::string& kind : notes) ++kinds_[kind];
}

void PictureNotes::add(const CheckedPairs& pairs) {
    shadenet::add(resizing_, pairs.resizing);
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

void PictureNotes::add_aligned(const std::string& stem, const PixelShift& shift) {
    ++aligned_;
    if (shift.is_none() || ++moved_ > 1) return;
    moved_example_ = fmt::format("{} by {}", stem, shift_text(-shift.x, -shift.y));
}

std::vector<std::string> PictureNotes::lines() const {
    std::vector<std::string> lines;
    for (const auto& [kind, count] : kinds_) lines.push_back(line(count, pictures_, kind));
    if (thin_ != 0) lines.push_back(line(thin_, pictures_, "1 pixel wide or high"));
    if (resizing_.pictures != 0) lines.push_back(line_of(resizing_));
    if (unequal_pairs_ != 0) {
        lines.push_back(fmt::format(
            "{} {} an input and a target of different size; both are resized, and a filter is learned well "
            "only where they show the same",
            unequal_pairs_, unequal_pairs_ == 1 ? "pair has" : "pairs have"));
    }
    lines.insert(lines.end(), of_pairs_.begin(), of_pairs_.end());
    if (aligned_ > 0) {
        lines.push_back(moved_ == 0 ? "--align found no shift of whole pixels"
                                    : fmt::format("--align moved {} of {}, as {}; the borders that "
                                                  "they no longer share go on with their outermost pixels",
                                                  moved_, counted(aligned_, "target"), moved_example_));
    }
    return lines;
}

CheckedPairs list_pairs(const std::vector<Domain>& domains) {
    CheckedPairs all;
    for (const Domain& domain : domains) {
        std::vector<ImagePair> pairs = pair_images(domain.input, domain.target);
        all.domain_sizes.push_back(static_cast<std::uint32_t>(pairs.size()));
        for (ImagePair& pair : pairs) {
            if (!domain.name.empty()) pair.stem = fmt::format("{}_{}", domain.name, pair.stem);
            all.pairs.push_back(std::move(pair));
        }
    }
    check_unique_stems(all.pairs);
    return all;
}

void check_headers(CheckedPairs& pairs, const SizeRule& rule) {
    Group& group = pairs.shares.group();
    const auto count = static_cast<std::uint32_t>(pairs.pairs.size());
    std::vector<PairHeaders> of_all;
    if (!group.is_alone()) {
        std::vector<PairHeaders> own;
        for (const std::uint32_t pair : pairs.shares.own_before(count))
            own.push_back(headers_of(pairs.pairs[pair], pairs.stop));
        of_all = joined_examples<PairHeaders>(pairs.shares, own, count);
    }
    group.leader_first([&] {
        for (std::uint32_t i = 0; i < count; ++i)
            add(pairs, group.is_alone() ? headers_of(pairs.pairs[i], pairs.stop) : of_all[i], rule);
    });
}

CheckedPairs check_pairs(const std::vector<Domain>& domains, const SizeRule& rule) {
    CheckedPairs pairs = list_pairs(domains);
    check_headers(pairs, rule);
    return pairs;
}

CheckedPairs check_pairs(const fs::path& input, const fs::path& target, const SizeRule& rule) {
    return check_pairs({{"", input, target}}, rule);
}

std::vector<fs::path> check_pictures(const fs::path& file_or_folder, const std::atomic<bool>* stop) {
    if (file_or_folder.empty()) return {};
    const std::vector<fs::path> pictures = list_images_or_file(file_or_folder);
    check_unique_stems(pictures);
    for (const fs::path& picture : pictures) {
        if (stop != nullptr && *stop) throw Stopped();
        image_size(picture);
    }
    return pictures;
}

}  // namespace shadenet
