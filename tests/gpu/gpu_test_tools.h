// What several tests of src/gpu need: the simplest kernel of the program, variables, and folders that go
// away.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "gpu/kernel.h"
#include "gpu/recorder.h"
#include "planes_push.h"
#include "temporary_folder.h"

namespace shadenet {

/// y = x + other over rows of floats, with the kernel of skip connections.
class Adder {
  public:
    explicit Adder(const Device& device) : kernel_(device, "skip_add", {"x", "other", "y"}) {}

    void operator()(Recorder& recorder, BufferRange x, BufferRange other, BufferRange y) const {
        const auto count = static_cast<std::uint32_t>(y.size / sizeof(float));
        kernel_(recorder, {{"x", x}, {"other", other}, {"y", y}}, push(count), {.x = count});
    }
    static push::PlanesPush push(std::uint32_t count) {
        return {.channels = 1,
                .height = 1,
                .width = count,
                .first_image = 0,
                .image_stride = count,
                .rows_per_thread = 1};
    }
    const AnyKernel& kernel() const { return kernel_; }

  private:
    Kernel<push::PlanesPush> kernel_;
};

/// Sets an environment variable, or removes it, for as long as this lives.
class ScopedVariable {
  public:
    ScopedVariable(const char* name, const std::optional<std::string>& value) : name_(name) {
        const char* old = std::getenv(name);
        if (old != nullptr) old_ = old;
        set(value);
    }
    ~ScopedVariable() { set(old_); }
    ScopedVariable(const ScopedVariable&) = delete;
    ScopedVariable& operator=(const ScopedVariable&) = delete;

  private:
    void set(const std::optional<std::string>& value) const {
        if (value) {
            setenv(name_, value->c_str(), 1);
        } else {
            unsetenv(name_);
        }
    }

    const char* name_;
    std::optional<std::string> old_;
};

}  // namespace shadenet
