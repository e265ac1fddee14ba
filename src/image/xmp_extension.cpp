// XMP that does not fit into one segment of a JPEG is in further segments. Each begins with a name, the
// content's MD5 in 32 digits, the content's size and the part's place in it; the first packet names the MD5.
#include <map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <openssl/evp.h>

#include "image/jpeg_segments.h"
#include "image/revision.h"

namespace shadenet {

namespace {

constexpr std::size_t digest_digits = 32;
constexpr std::size_t head_bytes = xmp_extension_name.size() + digest_digits + 8;
constexpr std::size_t most_part = 65533 - head_bytes;
constexpr std::uint64_t most_content = std::uint64_t{1} << 26;

/// The parts of one content, in the order of their places.
struct Extension {
    std::uint64_t size = 0;
    std::multimap<std::uint64_t, Bytes> parts;

    /// None when a part is missing, or the content is larger than in any honest file.
    std::optional<std::string> content() const {
        std::string text;
        for (const auto& [place, part] : parts) {
            if (place != text.size() || text.size() + part.size() > most_content) return std::nullopt;
            text += as_text(part);
        }
        if (text.size() != size) return std::nullopt;
        return text;
    }
};

/// The extensions by their digests.
using Extensions = std::map<std::string, Extension>;

std::optional<Extensions> extensions_of(const std::vector<std::vector<std::byte>>& segments) {
    Extensions found;
    for (const std::vector<std::byte>& segment : segments) {
        if (segment.size() < head_bytes) return std::nullopt;
        const Bytes head = Bytes(segment).first(head_bytes).subspan(xmp_extension_name.size());
        Extension& extension = found[std::string(as_text(head.first(digest_digits)))];
        extension.size = big(head, digest_digits, 4);
        extension.parts.emplace(big(head, digest_digits + 4, 4), Bytes(segment).subspan(head_bytes));
    }
    return found;
}

/// The MD5; empty where OpenSSL does not offer it any more.
std::string digest_of(const std::string& content) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    if (EVP_Digest(content.data(), content.size(), digest, &size, EVP_md5(), nullptr) != 1) return "";
    return fmt::format("{:02X}", fmt::join(digest, digest + size, ""));
}

void append_extension(std::vector<std::vector<std::byte>>& to, const std::string& digest,
                      const std::string& content) {
    for (std::size_t at = 0; at < content.size(); at += most_part) {
        std::vector<std::byte> segment;
        append(segment, as_bytes(xmp_extension_name));
        append(segment, as_bytes(digest));
        append_big(segment, content.size(), 4);
        append_big(segment, at, 4);
        append(segment, as_bytes(std::string_view(content).substr(at, most_part)));
        to.push_back(std::move(segment));
    }
}

}  // namespace

void revise_xmp(Metadata& metadata, Revision& revision) {
    const auto leave_out = [&](auto& damaged) {
        damaged.clear();
        revision.note("damaged XMP was left out");
    };
    if (!metadata.xmp.empty() && !revise_xmp(metadata.xmp, revision)) leave_out(metadata.xmp);
    const std::optional<Extensions> extensions = extensions_of(metadata.xmp_extensions);
    if (!extensions) return leave_out(metadata.xmp_extensions);
    std::vector<std::vector<std::byte>> result;
    for (const auto& [digest, extension] : *extensions) {
        const std::optional<std::string> before = extension.content();
        std::string content = before.value_or("");
        if (!before || !revise_xmp(content, revision)) {
            revision.note("damaged XMP was left out");
            continue;
        }
        std::string after = content == *before ? digest : digest_of(content);
        if (after.empty()) after = digest;
        append_extension(result, after, content);
        const std::size_t named = metadata.xmp.find(digest);
        if (named != std::string::npos) metadata.xmp.replace(named, digest.size(), after);
    }
    metadata.xmp_extensions = std::move(result);
}

}  // namespace shadenet
