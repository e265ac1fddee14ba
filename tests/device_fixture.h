// The device that the tests of kernels share, with Vulkan's validation on, and how they report.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <vector>

#include "catch.h"
#include "check/compare.h"
#include "gpu/device.h"
#include "shared_device.h"

namespace shadenet {

/// Opened once a process. A machine without a device or without the validation layers fails the tests.
inline const Device& test_device() {
    static const Device& device = []() -> const Device& {
        setenv("SHADENET_VALIDATION", "1", 0);
        return kept_until_tests_end(Device::open());
    }();
    return device;
}

/// The tests' device, as if it bound no more than this.
inline std::unique_ptr<Device> device_that_binds(std::uint64_t bytes) {
    const auto instance = Instance::create();
    const auto devices = list_devices(*instance);
    DeviceInfo info = devices[choose_device(devices, "").index];
    info.max_storage_range = bytes;
    return std::make_unique<Device>(instance, info, "as if it bound little");
}

/// For TEST_CASE_METHOD: after each test there must be no new message of the validation layers.
class DeviceFixture {
  public:
    DeviceFixture() : device(test_device()), messages_(device.instance().validation_messages()) {
        REQUIRE(device.instance().validation());
    }
    ~DeviceFixture() {
        if (device.instance().validation_messages() != messages_) {
            FAIL_CHECK("the validation layers complained; see the log");
        }
    }
    DeviceFixture(const DeviceFixture&) = delete;
    DeviceFixture& operator=(const DeviceFixture&) = delete;

  protected:
    const Device& device;

  private:
    std::uint32_t messages_;
};

/// One line for every comparison that did not pass.
inline void require_passed(const std::vector<check::Comparison>& comparisons) {
    REQUIRE(!comparisons.empty());
    for (const check::Comparison& comparison : comparisons) {
        if (!comparison.passed()) FAIL_CHECK(check::to_string(comparison));
    }
    CHECK(check::all_passed(comparisons));
}

/// Equal checksums, tensor by tensor.
inline void require_same_bits(const std::vector<check::Comparison>& a,
                              const std::vector<check::Comparison>& b) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        INFO(check::to_string(a[i]));
        CHECK(a[i].bits == b[i].bits);
    }
}

}  // namespace shadenet
