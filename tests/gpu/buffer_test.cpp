#include "gpu/buffer.h"

#include <numeric>
#include <utility>

#include "device_fixture.h"
#include "driver_doubles.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

std::vector<std::uint8_t> counting(std::size_t count, unsigned first = 0) {
    std::vector<std::uint8_t> bytes(count);
    std::iota(bytes.begin(), bytes.end(), static_cast<std::uint8_t>(first));
    return bytes;
}

void check_transfers(const Device& device) {
    const Buffer buffer(device, 1000, "bytes");
    CHECK(buffer.bytes() == 1000);
    CHECK(buffer.name() == "bytes");
    std::vector<std::uint8_t> expected = counting(1000);
    buffer.upload(std::span<const std::uint8_t>(expected));
    for (const std::size_t offset : {0, 1, 4, 7, 260, 997}) {
        for (const std::size_t length : {0, 1, 3, 4}) {
            if (offset + length > 1000) continue;
            const auto part = counting(length, 77);
            buffer.upload(std::span<const std::uint8_t>(part), offset);
            std::copy(part.begin(), part.end(), expected.begin() + static_cast<std::ptrdiff_t>(offset));
            CHECK(buffer.download<std::uint8_t>(length, offset) == part);
        }
    }
    CHECK(buffer.download<std::uint8_t>(1000) == expected);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "buffer: what goes up comes down, at any offset and length") {
    check_transfers(device);
}

TEST_CASE("buffer: the same through staging, as on a GPU with memory of its own") {
    const auto device = device_with_own_memory();
    const Device& staged = *device;
    check_transfers(staged);

    const std::size_t count = (33 << 20) / sizeof(std::uint32_t) + 5;  // more than one staging buffer
    std::vector<std::uint32_t> values(count);
    std::iota(values.begin(), values.end(), 7u);
    const Buffer buffer(staged, count * sizeof(std::uint32_t), "large");
    buffer.upload(std::span<const std::uint32_t>(values));
    CHECK(buffer.download<std::uint32_t>(count) == values);
    CHECK(buffer.mapped().empty());
    CHECK(device->instance().validation_messages() == 0);
}

TEST_CASE_METHOD(DeviceFixture, "buffer: more bytes than a staging buffer holds") {
    const std::size_t count = (33 << 20) / sizeof(std::uint32_t) + 5;
    std::vector<std::uint32_t> words(count);
    std::iota(words.begin(), words.end(), 1u);
    const Buffer buffer(device, (count + 3) * sizeof(std::uint32_t), "large");
    buffer.upload(std::span<const std::uint32_t>(words), 3 * sizeof(std::uint32_t));
    CHECK(buffer.download<std::uint32_t>(count, 3 * sizeof(std::uint32_t)) == words);
}

TEST_CASE("buffer: one on the host is mapped, wherever the device's own memory is") {
    const auto device = device_with_own_memory();
    const Buffer buffer = Buffer::on_host(*device, 1000, "staging");
    REQUIRE(buffer.mapped().size() == 1000);
    const auto bytes = counting(1000, 9);
    buffer.upload(std::span<const std::uint8_t>(bytes));
    CHECK(std::memcmp(buffer.mapped().data(), bytes.data(), bytes.size()) == 0);
    buffer.mapped()[7] = std::byte{200};
    CHECK(buffer.download<std::uint8_t>(2, 7) == std::vector<std::uint8_t>{200, bytes[8]});
}

TEST_CASE("buffer: the device counts those in its memory as long as they live") {
    const auto device = device_with_own_memory();
    const std::uint64_t before = device->buffer_bytes();
    {
        Buffer small(*device, 100, "small");
        const Buffer staging = Buffer::on_host(*device, 1000, "staging");
        CHECK(device->buffer_bytes() == before + 100);
        Buffer moved = std::move(small);
        CHECK(device->buffer_bytes() == before + 100);
        moved = Buffer(*device, 30, "smaller");
        CHECK(device->buffer_bytes() == before + 30);
        CHECK_THROWS(Buffer(*device, ~std::uint64_t{0} / 2, "too large"));
        CHECK(device->buffer_bytes() == before + 30);
    }
    CHECK(device->buffer_bytes() == before);
}

TEST_CASE_METHOD(DeviceFixture, "buffer: an empty one can be made") {
    const Buffer buffer(device, 0, "nothing");
    CHECK(buffer.bytes() == 4);
    CHECK(buffer.download<std::uint8_t>(0).empty());
}

TEST_CASE_METHOD(DeviceFixture, "buffer: moving hands the memory on") {
    Buffer first(device, 64, "first");
    const auto bytes = counting(64, 5);
    first.upload(std::span<const std::uint8_t>(bytes));
    Buffer second(std::move(first));
    CHECK(second.download<std::uint8_t>(64) == bytes);
    Buffer third(device, 8, "third");
    third = std::move(second);
    CHECK(third.bytes() == 64);
    CHECK(third.name() == "first");
    CHECK(third.download<std::uint8_t>(64) == bytes);
    Buffer& same = third;
    third = std::move(same);
    CHECK(third.download<std::uint8_t>(64) == bytes);
    // What moved is still what a kernel can use.
    const Adder add(device);
    Recorder recorder(device);
    const Buffer sum(device, 64, "sum");
    recorder.fill(third.whole(), 0x3f800000);
    add(recorder, third.whole(), third.whole(), sum.whole());
    recorder.finish();
    CHECK(sum.download<float>(16) == std::vector<float>(16, 2.0f));
}
