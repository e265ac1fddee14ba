#include "group/texts.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace shadenet {

namespace {

using Size = std::uint64_t;

template <class Values>
void append(std::vector<std::byte>& bytes, const Values& values) {
    const auto more = std::as_bytes(std::span(values));
    bytes.insert(bytes.end(), more.begin(), more.end());
}

/// Each behind its length.
std::vector<std::byte> packed(const Texts& texts) {
    std::vector<std::byte> bytes;
    for (const std::string& text : texts) {
        append(bytes, std::vector<Size>{text.size()});
        append(bytes, text);
    }
    return bytes;
}

Texts unpacked(std::span<const std::byte> bytes) {
    Texts texts;
    while (!bytes.empty()) {
        Size size = 0;
        std::memcpy(&size, bytes.data(), sizeof size);
        const auto text = bytes.subspan(sizeof size, size);
        texts.emplace_back(reinterpret_cast<const char*>(text.data()), size);
        bytes = bytes.subspan(sizeof size + size);
    }
    return texts;
}

}  // namespace

std::vector<Texts> gather_texts(Group& group, const Texts& mine) {
    std::vector<std::byte> bytes = packed(mine);
    const std::vector<Size> my_size = {bytes.size()};
    const std::vector<std::byte> told = group.gather(std::as_bytes(std::span(my_size)));
    std::vector<Size> sizes(group.size());
    std::memcpy(sizes.data(), told.data(), told.size());
    // All give as many bytes as the one that has most.
    const Size most = *std::ranges::max_element(sizes);
    bytes.resize(most);
    const std::vector<std::byte> all = group.gather(bytes);
    std::vector<Texts> texts;
    for (std::uint32_t rank = 0; rank < group.size(); ++rank) {
        texts.push_back(unpacked(std::span(all).subspan(rank * most, sizes[rank])));
    }
    return texts;
}

Texts broadcast_texts(Group& group, const Texts& of_leader) {
    std::vector<std::byte> bytes;
    if (group.leads()) bytes = packed(of_leader);
    group.broadcast(bytes);
    return unpacked(bytes);
}

}  // namespace shadenet
