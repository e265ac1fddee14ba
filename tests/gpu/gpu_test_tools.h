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
#include "stack_add_push.h"
#include "temporary_folder.h"

namespace shadenet {

/// y = x + other over rows of floats, four at a time.
class Adder {
  public:
    explicit Adder(const Device& device) : kernel_(device, "stack_add", {"x", "other", "y"}) {}

    void operator()(Recorder& recorder, BufferRange x, BufferRange other, BufferRange y) const {
        const auto quads = static_cast<std::uint32_t>(y.size / quad_bytes);
        kernel_(recorder, {{"x", x}, {"other", other}, {"y", y}}, push(quads), {.x = quads});
    }
    static push::StackAddPush push(std::uint32_t quads) { return {1, 1, 1, quads, {}, {}, {}}; }
    const AnyKernel& kernel() const { return kernel_; }

  private:
    Kernel<push::StackAddPush> kernel_;
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
