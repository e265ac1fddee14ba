#include "train/logs/event_file.h"

#ifdef _WIN32
#include <cstdlib>
#else
#include <unistd.h>
#endif

#include <array>
#include <bit>
#include <chrono>
#include <concepts>
#include <string_view>

#include <boost/crc.hpp>
#include <fmt/format.h>

#include "base/error.h"
#include "base/file.h"
#include "event.pb.h"

namespace shadenet {

namespace {

constexpr int rgb = 3;

std::uint32_t masked_checksum(std::string_view data) {
    boost::crc_optimal<32, 0x1edc6f41, 0xffffffff, 0xffffffff, true, true> castagnoli;
    castagnoli.process_bytes(data.data(), data.size());
    return std::rotr(static_cast<std::uint32_t>(castagnoli.checksum()), 15) + 0xa282ead8u;
}

template <std::unsigned_integral Number>
std::string little_endian(Number number) {
    std::string bytes;
    for (std::size_t i = 0; i < sizeof number; ++i) bytes += static_cast<char>(number >> 8 * i & 0xff);
    return bytes;
}

double seconds_now() {
    return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

messages::Event event_of(std::int64_t step) {
    messages::Event event;
    event.set_wall_time(seconds_now());
    event.set_step(step);
    return event;
}

std::string record_of(const messages::Event& event, const fs::path& path) {
    std::string data;
    if (!event.SerializeToString(&data)) {
        throw WorkError(fmt::format(
            "{}: the pictures of a step are too large for one record; use a smaller --size, or leave out "
            "--tensorboard",
            path.string()));
    }
    const std::string length = little_endian(std::uint64_t{data.size()});
    return length + little_endian(masked_checksum(length)) + data + little_endian(masked_checksum(data));
}

/// As far as it goes into a file name.
std::string host_name() {
#ifdef _WIN32
    const char* known = std::getenv("COMPUTERNAME");
    const std::string name = known != nullptr ? known : "";
#else
    std::array<char, 256> buffer{};
    const std::string name = gethostname(buffer.data(), buffer.size() - 1) == 0 ? buffer.data() : "";
#endif
    std::string safe;
    for (const char letter : name) {
        const bool plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-';
        safe += plain ? letter : '_';
    }
    return safe.empty() ? "host" : safe;
}

/// One that no file has. TensorBoard reads a folder's files in the order of their names.
fs::path free_path(const fs::path& folder) {
    const std::string host = host_name();
    for (auto seconds = static_cast<std::int64_t>(seconds_now());; ++seconds) {
        const fs::path path = folder / fmt::format("events.out.tfevents.{:010}.{}", seconds, host);
        if (!is_there(path)) return path;
    }
}

void fill(messages::Picture& picture, const PictureSummary& from) {
    picture.set_width(static_cast<std::int32_t>(from.width));
    picture.set_height(static_cast<std::int32_t>(from.height));
    picture.set_colorspace(rgb);
    picture.set_encoded_image_string(from.png.data(), from.png.size());
}

void fill(messages::Histogram& histogram, const HistogramSummary& from) {
    histogram.set_min(from.least);
    histogram.set_max(from.greatest);
    double values = 0;
    for (const double count : from.counts) values += count;
    histogram.set_num(values);
    histogram.set_sum(from.sum);
    histogram.set_sum_squares(from.sum_of_squares);
    histogram.mutable_bucket_limit()->Add(from.limits.begin(), from.limits.end());
    histogram.mutable_bucket()->Add(from.counts.begin(), from.counts.end());
}

}  // namespace

EventFile::EventFile(const fs::path& folder, std::optional<std::int64_t> continued_from)
    : path_(free_path(folder)) {
    messages::Event first = event_of(0);
    first.set_file_version("brain.Event:2");
    std::string records = record_of(first, path_);
    if (continued_from) {
        messages::Event start = event_of(*continued_from);
        start.mutable_session()->set_status(messages::Session::START);
        records += record_of(start, path_);
    }
    append_to_file(path_, records);
}

void EventFile::add(std::int64_t step, const StepSummary& summary) {
    messages::Event event = event_of(step);
    const auto value = [&](const std::string& tag) {
        messages::Value* added = event.mutable_summary()->add_value();
        added->set_tag(tag);
        return added;
    };
    for (const ScalarSummary& scalar : summary.scalars) value(scalar.tag)->set_simple_value(scalar.value);
    for (const HistogramSummary& one : summary.histograms) fill(*value(one.tag)->mutable_histo(), one);
    for (const PictureSummary& one : summary.pictures) fill(*value(one.tag)->mutable_image(), one);
    append_to_file(path_, record_of(event, path_));
}

}  // namespace shadenet
