#include "engine/tensors/share_rows.h"

#include <cstddef>
#include <span>
#include <vector>

namespace shadenet {

ShareRows::ShareRows(const Device& device, const Shares& shares, std::uint32_t columns,
                     const std::string& name)
    : shares_(shares),
      row_bytes_(std::uint64_t{columns} * sizeof(float)),
      rows_(device, shares.count() * row_bytes_, name) {}

BufferRange ShareRows::range(std::uint32_t own) const {
    return rows_.range(row(own) * row_bytes_, row_bytes_);
}

BufferRange ShareRows::own() const {
    return rows_.range(shares_.first() * row_bytes_, shares_.own() * row_bytes_);
}

void ShareRows::exchange(Recorder& recorder) const {
    if (shares_.group().is_alone()) return;
    recorder.finish();
    const std::vector<std::byte> mine = rows_.download<std::byte>(own().size, own().offset);
    const std::vector<std::byte> all = shares_.group().gather(mine);
    rows_.write(0, all);
}

const ShareRows& StepRows::add(std::uint32_t columns, const std::string& name) {
    return all_.emplace_back(device_, shares_, columns, name);
}

void StepRows::exchange(Recorder& recorder) const {
    if (shares_.group().is_alone()) return;
    recorder.finish();
    std::vector<std::byte> mine;
    for (const ShareRows& rows : all_) {
        const BufferRange own = rows.own();
        const std::size_t at = mine.size();
        mine.resize(at + own.size);
        own.buffer->read(own.offset, std::span(mine).subspan(at));
    }
    const std::vector<std::byte> all = shares_.group().gather(mine);
    std::size_t at = 0;  // of a matrix in what a rank gave
    for (const ShareRows& rows : all_) {
        const std::size_t size = rows.own().size;
        std::vector<std::byte> joined;
        for (std::size_t rank = 0; rank < shares_.group().size(); ++rank) {
            const auto part = std::span(all).subspan(rank * mine.size() + at, size);
            joined.insert(joined.end(), part.begin(), part.end());
        }
        rows.rows_.write(0, joined);
        at += size;
    }
}

}  // namespace shadenet
