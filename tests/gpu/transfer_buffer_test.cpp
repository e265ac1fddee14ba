#include "gpu/transfer_buffer.h"

#include <cstring>
#include <numeric>

#include "device_fixture.h"
#include "driver_doubles.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

constexpr std::uint32_t values_sent = 500;
constexpr std::uint64_t bytes_sent = values_sent * sizeof(float);

/// Numbers that begin with `first`, doubled on the device in rounds that overlap, each with its own buffers.
void check_rounds(const Device& device) {
    const Adder add(device);
    struct Round {
        explicit Round(const Device& on) : x(on, bytes_sent + 64, "x"), y(on, bytes_sent + 64, "y") {}
        TransferBuffer x, y;
        std::uint64_t ticket = 0;
        float first = 0;
    };
    Round rounds[2] = {Round(device), Round(device)};
    Recorder recorder(device);
    const auto check = [&](const Round& round) {
        recorder.wait(round.ticket);
        std::vector<float> expected(values_sent), got(values_sent);
        std::iota(expected.begin(), expected.end(), round.first);
        for (float& value : expected) value *= 2;
        std::memcpy(got.data(), round.y.on_host().data(), bytes_sent);
        CHECK(got == expected);
    };
    for (std::uint32_t i = 0; i < 8; ++i) {
        Round& round = rounds[i % 2];
        if (i >= 2) check(round);
        round.first = static_cast<float>(100 * i);
        std::vector<float> values(values_sent);
        std::iota(values.begin(), values.end(), round.first);
        std::memcpy(round.x.on_host().data(), values.data(), bytes_sent);
        round.x.upload(recorder, bytes_sent);
        const BufferRange x = round.x.on_device().range(0, bytes_sent);
        add(recorder, x, x, round.y.on_device().range(0, bytes_sent));
        round.y.download(recorder, bytes_sent);
        round.ticket = recorder.submit();
    }
    for (const Round& round : rounds) check(round);
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "transfer buffer: shared memory goes from hand to hand") {
    const TransferBuffer buffer(device, 64, "words");
    if (device.info().unified_memory) {
        CHECK(buffer.on_host().data() == buffer.on_device().mapped().data());
    }
    check_rounds(device);
}

TEST_CASE("transfer buffer: memory of the device's own is copied to and fro") {
    const auto device = device_with_own_memory();
    const TransferBuffer buffer(*device, 64, "words");
    CHECK(buffer.on_device().mapped().empty());
    CHECK(buffer.on_host().size() == 64);
    check_rounds(*device);
    CHECK(device->instance().validation_messages() == 0);
}
