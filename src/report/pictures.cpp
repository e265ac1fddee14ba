#include "report/pictures.h"

#include <cmath>

#include "base/error.h"
#include "image/image.h"
#include "image/png_bytes.h"
#include "report/html.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

constexpr int quality = 88;
/// Both sides below so many pixels: they are shown as squares.
constexpr std::uint32_t small_side = 64;
/// Of a mistake's picture; 48 of them stay below 1 MB.
constexpr std::uint32_t mistake_side = 192;

bool is_tiny(std::uint32_t width, std::uint32_t height) {
    return width < small_side && height < small_side;
}

struct Size {
    std::uint32_t width = 0, height = 0;
};

struct Plan {
    std::size_t pairs, tests;
    std::uint32_t side;
};

/// From the preferred plan to one that fits almost every budget.
constexpr std::array<Plan, 8> plans = {
    {{8, 4, 512}, {6, 4, 512}, {4, 2, 512}, {4, 2, 384}, {4, 2, 256}, {2, 1, 256}, {2, 1, 128}, {1, 1, 32}}};

/// The size at which no side exceeds `side`; never larger than `size`.
Size fitting(Size size, std::uint32_t side) {
    const double scale = std::min(1.0, static_cast<double>(side) / std::max(size.width, size.height));
    const auto scaled = [&](std::uint32_t length) {
        return std::max(1u, static_cast<std::uint32_t>(std::lround(scale * length)));
    };
    return {scaled(size.width), scaled(size.height)};
}

/// Whether so many of the `left` pixels may still be read.
bool take(std::uint64_t& left, std::uint64_t pixels) {
    if (pixels > left) return false;
    left -= pixels;
    return true;
}

/// A set to show if it is not too large.
struct Choice {
    const ReportedPicture* set;
    bool fits = false, originals_fit = false;
};

std::uint64_t pixels_of(const fs::path& path) {
    if (path.empty()) return 0;
    const auto [width, height] = image_size(path);
    return std::uint64_t{width} * height;
}

/// A picture that became unreadable since the run costs nothing, because it is not shown.
std::uint64_t pixels_of_the_user(const fs::path& path) {
    try {
        return pixels_of(path);
    } catch (const InputError&) {
        return 0;
    }
}

/// `count` of the sets, evenly spread.
std::vector<Choice> choices(const std::vector<ReportedPicture>& sets, std::size_t count) {
    count = std::min(count, sets.size());
    std::vector<Choice> chosen;
    for (std::size_t i = 0; i < count; ++i) chosen.push_back({&sets[i * sets.size() / count]});
    return chosen;
}

/// Pairs and tests take turns. The run's pictures and the user's pictures have half of the pixels each:
/// otherwise hardly any photograph in camera size could be shown.
void share(std::vector<Choice>& pairs, std::vector<Choice>& tests, std::uint64_t pixels) {
    std::uint64_t of_runs = pixels / 2, of_users = pixels / 2;
    for (std::size_t i = 0; i < std::max(pairs.size(), tests.size()); ++i) {
        for (auto* choices : {&pairs, &tests}) {
            if (i >= choices->size()) continue;
            Choice& choice = (*choices)[i];
            const ReportedPicture& set = *choice.set;
            choice.fits = take(of_runs, pixels_of(set.before) + pixels_of(set.after));
            choice.originals_fit =
                choice.fits && take(of_users, pixels_of_the_user(set.input) + pixels_of_the_user(set.target));
        }
    }
}

/// The pictures of a set in the largest size that may be needed.
using SmallSet = SetOf<Picture8>;

Picture8 small_copy(const fs::path& path, Size size) {
    return to_picture8(resize(read_image(path).image, size.width, size.height));
}

std::optional<Picture8> of_the_run(const fs::path& path, Size size) {
    if (path.empty()) return std::nullopt;
    return small_copy(path, size);
}

std::optional<Picture8> of_the_user(const fs::path& path, Size size) {
    if (path.empty()) return std::nullopt;
    try {
        return small_copy(path, size);
    } catch (const InputError&) {
        return std::nullopt;  // changed since the run
    }
}

/// The sets that fit. Inputs and targets get the size of the network's output, as in training.
std::vector<SmallSet> small_sets(const std::vector<Choice>& choices) {
    std::vector<SmallSet> small;
    for (const Choice& choice : choices) {
        if (!choice.fits) continue;
        const ReportedPicture& set = *choice.set;
        const auto [width, height] = image_size(set.after.empty() ? set.before : set.after);
        const Size size = fitting({width, height}, plans.front().side);
        const auto original = [&](const fs::path& path) {
            return choice.originals_fit ? of_the_user(path, size) : std::nullopt;
        };
        small.push_back({set.stem, !choice.originals_fit, original(set.input), of_the_run(set.before, size),
                         of_the_run(set.after, size), original(set.target)});
    }
    return small;
}

std::optional<ShownPicture> shown_picture(const std::optional<Picture8>& picture, std::uint32_t side) {
    if (!picture) return std::nullopt;
    return small_picture(to_image(*picture), side);
}

std::vector<ShownSet> shown_sets(const std::vector<SmallSet>& sets, std::size_t count, std::uint32_t side) {
    count = std::min(count, sets.size());
    std::vector<ShownSet> result;
    for (std::size_t i = 0; i < count; ++i) {
        const SmallSet& set = sets[i * sets.size() / count];
        result.push_back({set.stem, set.originals_too_large, shown_picture(set.input, side),
                          shown_picture(set.before, side), shown_picture(set.after, side),
                          shown_picture(set.target, side)});
    }
    return result;
}

std::size_t text_bytes(const std::vector<ShownSet>& sets) {
    std::size_t bytes = 0;
    for (const ShownSet& set : sets) {
        for (const auto* picture : {&set.input, &set.before, &set.after, &set.target}) {
            if (*picture) bytes += (*picture)->uri.size();
        }
    }
    return bytes;
}

}  // namespace

ShownPicture small_picture(const Image& picture, std::uint32_t side) {
    const Size size = fitting({picture.width, picture.height}, side);
    const std::vector<std::byte> jpeg =
        jpeg_bytes(to_picture8(resize(picture, size.width, size.height)), quality);
    return {data_uri("image/jpeg", jpeg), size.width, size.height, is_tiny(size.width, size.height)};
}

ShownPicture exact_picture(const fs::path& path) {
    const Image image = read_image(path).image;
    if (!is_tiny(image.width, image.height)) return small_picture(image, mistake_side);
    return {data_uri("image/png", png_bytes(to_picture8(image))), image.width, image.height, true};
}

ShownPictures show_pictures(const RunRecord& run, std::size_t budget, std::uint64_t pixels) {
    std::vector<Choice> chosen_pairs = choices(run.pairs, plans.front().pairs);
    std::vector<Choice> chosen_tests = choices(run.tests, plans.front().tests);
    share(chosen_pairs, chosen_tests, pixels);
    const std::vector<SmallSet> pairs = small_sets(chosen_pairs), tests = small_sets(chosen_tests);
    ShownPictures pictures;
    pictures.pairs_too_large = chosen_pairs.size() - pairs.size();
    pictures.tests_too_large = chosen_tests.size() - tests.size();
    for (const Plan& plan : plans) {
        pictures.pairs = shown_sets(pairs, plan.pairs, plan.side);
        pictures.tests = shown_sets(tests, plan.tests, plan.side);
        if (text_bytes(pictures.pairs) + text_bytes(pictures.tests) <= budget) return pictures;
    }
    pictures.pairs.clear();
    pictures.tests.clear();
    return pictures;
}

}  // namespace shadenet
