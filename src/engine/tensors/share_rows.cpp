#include "engine/tensors/share_rows.h"

#include <cstddef>
#include <vector>

namespace shadenet {

ShareRows::ShareRows(const Device& device, const Shares& shares, std::uint32_t columns,
                     const std::string& name)
    : shares_(shares),
      name_(name),
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
    const std::vector<std::byte> all = shares_.group().gather(mine, name_);
    rows_.write(0, all);
}

}  // namespace shadenet
