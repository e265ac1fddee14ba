#include "base/base64.h"

#include <algorithm>
#include <limits>

#include <openssl/evp.h>

namespace shadenet {

namespace {

/// OpenSSL counts in int.
constexpr std::size_t most_text = std::numeric_limits<int>::max();

}  // namespace

std::string to_base64(std::span<const std::byte> bytes) {
    std::string text;
    // Pieces of a multiple of 3 bytes need no padding between them.
    constexpr std::size_t piece = 3 << 20;
    std::vector<unsigned char> coded(piece / 3 * 4 + 1);
    for (std::size_t done = 0; done < bytes.size(); done += piece) {
        const auto part = bytes.subspan(done, std::min(piece, bytes.size() - done));
        const int length = EVP_EncodeBlock(coded.data(), reinterpret_cast<const unsigned char*>(part.data()),
                                           static_cast<int>(part.size()));
        text.append(reinterpret_cast<const char*>(coded.data()), static_cast<std::size_t>(length));
    }
    return text;
}

std::optional<std::vector<std::byte>> from_base64(std::string_view text) {
    if (text.size() % 4 != 0 || text.size() > most_text) return std::nullopt;
    std::vector<std::byte> bytes(text.size() / 4 * 3);
    const int length =
        EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
    if (length < 0 || static_cast<std::size_t>(length) != bytes.size()) return std::nullopt;
    // EVP_DecodeBlock decodes the padding as zeros.
    for (std::size_t end = text.size(); end > 0 && text.size() - end < 2 && text[end - 1] == '='; --end) {
        bytes.pop_back();
    }
    // EVP_DecodeBlock also accepts other spellings of the same bytes, e.g. with blanks around them.
    if (to_base64(bytes) != text) return std::nullopt;
    return bytes;
}

}  // namespace shadenet
