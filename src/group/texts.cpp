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

/// The texts of a rank, in as many bytes as the rank has that has most. All ranks make it together.
class PackedTexts {
  public:
    PackedTexts(Group& group, const Texts& mine) : bytes_(packed(mine)), sizes_(group.size()) {
        const std::vector<Size> my_size = {bytes_.size()};
        const std::vector<std::byte> told = group.gather(std::as_bytes(std::span(my_size)));
        std::memcpy(sizes_.data(), told.data(), told.size());
        bytes_.resize(*std::ranges::max_element(sizes_));
    }
    std::span<const std::byte> bytes() const { return bytes_; }
    /// Of what all ranks have given.
    std::vector<Texts> unpacked_from(std::span<const std::byte> all) const {
        std::vector<Texts> texts;
        for (std::size_t rank = 0; rank < sizes_.size(); ++rank)
            texts.push_back(unpacked(all.subspan(rank * bytes_.size(), sizes_[rank])));
        return texts;
    }

  private:
    std::vector<std::byte> bytes_;
    std::vector<Size> sizes_;
};

}  // namespace

std::vector<Texts> gather_texts(Group& group, const Texts& mine) {
    const PackedTexts texts(group, mine);
    return texts.unpacked_from(group.gather(texts.bytes()));
}

std::vector<Texts> collect_texts(Group& group, const Texts& mine) {
    const PackedTexts texts(group, mine);
    const std::vector<std::byte> all = group.collect(texts.bytes());
    return group.leads() ? texts.unpacked_from(all) : std::vector<Texts>();
}

Texts broadcast_texts(Group& group, const Texts& of_leader) {
    std::vector<std::byte> bytes;
    if (group.leads()) bytes = packed(of_leader);
    group.broadcast(bytes);
    return unpacked(bytes);
}

}  // namespace shadenet
