// Makes pairs for scripts/filters.sh, and scores what was learned of them.
//
// filter_suite make PICTURES FOLDER
//     Pairs of every filter of the suite, of any folder of pictures. They share FOLDER/input, and
//     FOLDER/<filter> has their targets; a filter whose input is another one has both, in
//     FOLDER/<filter>/input and FOLDER/<filter>/target.
// filter_suite score RESULTS TARGETS
//     The mean over pictures of the PSNR of RESULTS against TARGETS, in dB.
// filter_suite affine INPUT TARGET TEST WANTED
//     The PSNR of the results of an affine filter of 5x5 pixels on TEST against WANTED: the best one for the
//     pairs of INPUT and TARGET.
// filter_suite raw PICTURES FOLDER
//     The pictures as binary PPM, for what reads no PNG.
#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/error.h"
#include "base/psnr.h"
#include "image/image.h"
#include "suite/best_filter.h"
#include "suite/filters.h"

namespace fs = std::filesystem;

namespace {

using namespace shadenet;

/// In the order of their names.
std::vector<fs::path> pictures_in(const fs::path& folder) {
    if (!fs::is_directory(folder)) throw InputError(fmt::format("{}: is no folder", folder.string()));
    std::vector<fs::path> paths;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
        if (entry.is_regular_file()) paths.push_back(entry.path());
    }
    std::ranges::sort(paths);
    if (paths.empty()) throw InputError(fmt::format("{}: holds no pictures", folder.string()));
    return paths;
}

/// Of the same name but for the ending.
fs::path partner_of(const fs::path& picture, const fs::path& folder) {
    for (const fs::path& path : pictures_in(folder)) {
        if (path.stem() == picture.stem()) return path;
    }
    throw InputError(fmt::format("{}: holds no partner of {}", folder.string(), picture.string()));
}

void make(const fs::path& pictures, const fs::path& folder) {
    std::uint32_t number = 0;
    for (const fs::path& path : pictures_in(pictures)) {
        const Image picture = read_image(path).image;
        const fs::path name = path.stem().string() + ".png";
        const auto save = [&](const fs::path& place, const Image& image) {
            fs::create_directories(place);
            write_png(place / name, image);
        };
        save(folder / "input", picture);
        for (const SuiteFilter& filter : suite_filters()) {
            const FilterPair pair = filter.make(picture, number);
            if (filter.own_input) save(folder / filter.name / "input", pair.input);
            save(folder / filter.name / (filter.own_input ? "target" : ""), pair.target);
        }
        ++number;
    }
}

/// In 8 bits, and 99 dB at most, which is one level in one of 122,000 values: pictures that are the same have
/// no PSNR that could be averaged.
double capped_psnr(const Image& result, const Image& target, const fs::path& path) {
    if (result.width != target.width || result.height != target.height) {
        throw InputError(fmt::format("{}: is not of its target's size", path.string()));
    }
    const Picture8 a = to_picture8(result), b = to_picture8(target);
    double squares = 0;
    for (std::size_t i = 0; i < a.rgb.size(); ++i) {
        const double difference = static_cast<double>(a.rgb[i]) - b.rgb[i];
        squares += difference * difference;
    }
    return std::min(99.0, psnr(squares / (255.0 * 255.0 * static_cast<double>(a.rgb.size()))));
}

/// filter(picture) of all pictures in `input`, against those in `target`.
template <typename F>
double mean_psnr(const fs::path& input, const fs::path& target, F filter) {
    double sum = 0;
    const std::vector<fs::path> paths = pictures_in(input);
    for (const fs::path& path : paths) {
        sum += capped_psnr(filter(read_image(path).image), read_image(partner_of(path, target)).image, path);
    }
    return sum / static_cast<double>(paths.size());
}

void score(const fs::path& results, const fs::path& targets) {
    fmt::print("{:.2f}\n", mean_psnr(results, targets, [](Image image) { return image; }));
}

void score_affine(const fs::path& input, const fs::path& target, const fs::path& test,
                  const fs::path& wanted) {
    BestFilter best;
    for (const fs::path& path : pictures_in(input)) {
        best.add(read_image(path).image, read_image(partner_of(path, target)).image);
    }
    best.solve();
    fmt::print("{:.2f}\n", mean_psnr(test, wanted, [&](const Image& image) { return best.apply(image); }));
}

void write_raw(const fs::path& pictures, const fs::path& folder) {
    fs::create_directories(folder);
    for (const fs::path& path : pictures_in(pictures)) {
        const Picture8 picture = to_picture8(read_image(path).image);
        const fs::path place = folder / (path.stem().string() + ".ppm");
        std::ofstream file(place, std::ios::binary);
        file << fmt::format("P6\n{} {}\n255\n", picture.width, picture.height);
        file.write(reinterpret_cast<const char*>(picture.rgb.data()),
                   static_cast<std::streamsize>(picture.rgb.size()));
        if (!file.flush()) throw WorkError(fmt::format("{}: could not be written", place.string()));
    }
}

bool run(const std::vector<std::string_view>& words) {
    const std::string_view command = words.empty() ? "" : words[0];
    if (command == "make" && words.size() == 3)
        make(words[1], words[2]);
    else if (command == "score" && words.size() == 3)
        score(words[1], words[2]);
    else if (command == "affine" && words.size() == 5)
        score_affine(words[1], words[2], words[3], words[4]);
    else if (command == "raw" && words.size() == 3)
        write_raw(words[1], words[2]);
    else
        return false;
    return true;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (run({argv + 1, argv + argc})) return 0;
    } catch (const std::exception& error) {
        fmt::print(stderr, "error: {}\n", error.what());
        return 1;
    }
    fmt::print(stderr,
               "usage: filter_suite make PICTURES FOLDER\n"
               "       filter_suite score RESULTS TARGETS\n"
               "       filter_suite affine INPUT TARGET TEST WANTED\n"
               "       filter_suite raw PICTURES FOLDER\n");
    return 2;
}
