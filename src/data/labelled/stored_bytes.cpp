#include "data/labelled/stored_bytes.h"

#include <algorithm>
#include <new>
#include <utility>

#include <fmt/format.h>
#include <zlib.h>

#include "base/error.h"
#include "data/labelled/labelled_limits.h"

namespace shadenet {

namespace {

constexpr std::size_t stored_piece = std::size_t{1} << 20;      // how many bytes pass between looks at `stop`
constexpr std::uint64_t most_inflation = 1032;                  // deflate makes no more bytes of one
constexpr std::uint64_t most_pending = std::uint64_t{1} << 16;  // what is read, but not given out yet

bool begins_member(std::span<const std::byte> bytes) {
    return bytes.size() >= 2 && bytes[0] == std::byte{0x1f} && bytes[1] == std::byte{0x8b};
}

}  // namespace

struct StoredBytes::Inflation {
    z_stream stream{};
    bool ended = false;
    Inflation() {
        constexpr int window = 15, gzip = 16;
        if (inflateInit2(&stream, window + gzip) != Z_OK) throw std::bad_alloc();
    }
    ~Inflation() { inflateEnd(&stream); }
    Inflation(const Inflation&) = delete;
    Inflation& operator=(const Inflation&) = delete;
};

StoredBytes::StoredBytes(std::span<const std::byte> stored, std::string name, const std::atomic<bool>* stop)
    : left_(stored), name_(std::move(name)), stop_(stop) {
    if (begins_member(stored)) inflation_ = std::make_unique<Inflation>();
}

StoredBytes::~StoredBytes() = default;

std::uint64_t StoredBytes::most_left() const {
    return inflation_ == nullptr ? left_.size() : left_.size() * most_inflation + most_pending;
}

void StoredBytes::end_member() {
    if (left_.empty()) {
        inflation_->ended = true;
    } else if (begins_member(left_)) {
        inflateReset(&inflation_->stream);
    } else {
        throw InputError(fmt::format("{}: has {} bytes after the end of what gzip compressed; copy it again",
                                     name_, left_.size()));
    }
}

std::size_t StoredBytes::inflate_some(std::span<std::uint8_t> to) {
    z_stream& stream = inflation_->stream;
    while (!inflation_->ended) {
        throw_if_stopped(stop_);
        const std::size_t given = std::min(left_.size(), stored_piece);
        // zlib only reads what `next_in` points to, but its type says so only when it is built to.
        stream.next_in = const_cast<Bytef*>(reinterpret_cast<const Bytef*>(left_.data()));
        stream.avail_in = static_cast<uInt>(given);
        stream.next_out = to.data();
        stream.avail_out = static_cast<uInt>(to.size());
        const int result = inflate(&stream, Z_NO_FLUSH);
        left_ = left_.subspan(given - stream.avail_in);
        const std::size_t made = to.size() - stream.avail_out;
        if (result == Z_STREAM_END) {
            end_member();
        } else if (result == Z_MEM_ERROR) {
            throw std::bad_alloc();
        } else if (result == Z_BUF_ERROR || (result == Z_OK && made == 0 && left_.empty())) {
            throw InputError(fmt::format("{}: is truncated; copy it again", name_));
        } else if (result != Z_OK) {
            throw InputError(
                fmt::format("{}: is damaged ({}); copy it again", name_,
                            stream.msg == nullptr ? "what gzip compressed needs a dictionary" : stream.msg));
        }
        if (made > 0) return made;
    }
    return 0;
}

std::size_t StoredBytes::read_some(std::span<std::uint8_t> to) {
    if (inflation_ != nullptr) return inflate_some(to);
    throw_if_stopped(stop_);
    const std::size_t count = std::min(to.size(), left_.size());
    std::transform(left_.begin(), left_.begin() + static_cast<std::ptrdiff_t>(count), to.begin(),
                   [](std::byte b) { return std::to_integer<std::uint8_t>(b); });
    left_ = left_.subspan(count);
    return count;
}

std::size_t StoredBytes::read(std::span<std::uint8_t> to) {
    std::size_t done = 0;
    while (done < to.size()) {
        const std::size_t some = read_some(to.subspan(done, std::min(to.size() - done, stored_piece)));
        if (some == 0) break;
        done += some;
    }
    return done;
}

}  // namespace shadenet
