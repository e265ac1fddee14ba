#include "image/not_taken.h"

#include <algorithm>
#include <functional>
#include <set>
#include <string_view>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/imagemagick.h"
#include "base/picture_formats.h"
#include "image/pairs.h"

namespace shadenet {

namespace fs = std::filesystem;

namespace {

/// Formats of the web, phones, scanners, programs and games, and the raw files of cameras.
constexpr std::string_view foreign_extensions[] = {
    ".gif", ".avif", ".avifs", ".jxl", ".jfif", ".jpe", ".jif", ".apng", ".heic", ".heif", ".hif",
    ".jp2", ".j2k",  ".jpx",   ".jpf", ".jxr",  ".wdp", ".psd", ".psb",  ".xcf",  ".kra",  ".exr",
    ".hdr", ".dds",  ".qoi",   ".pcx", ".ico",  ".dib", ".ppm", ".pgm",  ".pbm",  ".pnm",  ".pam",
    ".pfm", ".svg",  ".dng",   ".cr2", ".cr3",  ".crw", ".nef", ".nrw",  ".arw",  ".sr2",  ".srf",
    ".orf", ".raf",  ".rw2",   ".rwl", ".pef",  ".srw", ".x3f", ".3fr",  ".fff",  ".iiq",  ".erf",
    ".mrw", ".kdc",  ".dcr",   ".mef", ".mos",  ".gpr", ".raw"};

}  // namespace

bool has_foreign_extension(const fs::path& path) {
    const std::string extension = lower_extension(path);
    return std::ranges::find(foreign_extensions, extension) != std::end(foreign_extensions);
}

void NotTaken::add(const fs::path& picture) {
    pictures_.push_back(picture);
}

void NotTaken::add_folder(const fs::path& folder) {
    std::error_code error;
    fs::directory_iterator entry(folder, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        std::error_code unknown;
        const bool hidden = entry->path().filename().string().starts_with('.');
        if (!hidden && has_foreign_extension(entry->path()) && entry->is_regular_file(unknown)) {
            add(entry->path());
        }
    }
}

std::vector<NotTaken::Kind> NotTaken::kinds() const {
    std::vector<Kind> kinds;
    for (const fs::path& picture : pictures_) {
        const std::string extension = lower_extension(picture);
        auto known = std::ranges::find(kinds, extension, &Kind::extension);
        if (known == kinds.end()) known = kinds.insert(known, {extension, picture.extension().string(), 0});
        ++known->count;
    }
    std::ranges::sort(kinds, {}, &Kind::extension);
    std::ranges::stable_sort(kinds, std::greater(), &Kind::count);
    return kinds;
}

std::string NotTaken::counts() const {
    std::vector<std::string> counts;
    for (const Kind& kind : kinds()) counts.push_back(fmt::format("{} {}", kind.count, kind.extension));
    return fmt::format("{}", fmt::join(counts, ", "));
}

std::string NotTaken::remedy() const {
    std::string files;
    for (const Kind& kind : kinds()) files += fmt::format(" *{}", kind.spelling);
    return fmt::format("shadenet reads " SHADENET_PICTURE_FORMATS
                       "; convert them, with ImageMagick by `" SHADENET_MOGRIFY " -format png{}`",
                       files);
}

std::string NotTaken::line() const {
    return fmt::format("not taken: {}; {}", counts(), remedy());
}

std::vector<std::string> not_taken_in(const std::vector<fs::path>& folders) {
    std::vector<std::string> lines;
    std::set<fs::path> seen;
    for (const fs::path& folder : folders) {
        NotTaken not_taken;
        if (!seen.insert(folder).second) continue;
        not_taken.add_folder(folder);
        if (!not_taken.empty()) lines.push_back(fmt::format("{}: {}", folder.string(), not_taken.line()));
    }
    return lines;
}

}  // namespace shadenet
