// The bytes of a file, plain or compressed by gzip, piece by piece and never more than are asked for.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace shadenet {

/// What a file holds; compressed by gzip, in one or several members, if it begins with gzip's two bytes,
/// whatever its name says.
class StoredBytes {
  public:
    /// `stored` is the whole file and must outlive this; messages call it `name`. `stop` may be null.
    StoredBytes(std::span<const std::byte> stored, std::string name, const std::atomic<bool>* stop);
    ~StoredBytes();
    StoredBytes(const StoredBytes&) = delete;
    StoredBytes& operator=(const StoredBytes&) = delete;

    /// Fills `to` from the front, and returns how many bytes there were. Throws InputError for a compressed
    /// file that is truncated, damaged, or has other bytes after its end; Stopped.
    std::size_t read(std::span<std::uint8_t> to);
    bool is_compressed() const { return inflation_ != nullptr; }
    /// At most so many bytes can follow: exactly so many in a plain file.
    std::uint64_t most_left() const;
    const std::string& name() const { return name_; }

  private:
    struct Inflation;
    std::size_t read_some(std::span<std::uint8_t> to);
    std::size_t inflate_some(std::span<std::uint8_t> to);
    void end_member();

    std::span<const std::byte> left_;
    std::string name_;
    const std::atomic<bool>* stop_;
    std::unique_ptr<Inflation> inflation_;
};

}  // namespace shadenet
