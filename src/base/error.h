// The kinds of failure that leave a library function. `main` turns them into one line and an exit code.
#pragma once

#include <exception>
#include <stdexcept>

namespace shadenet {

/// Something the user gave (an image, a model, a folder, a flag) cannot be used. Exit code 2.
/// The message is one line: what is wrong, with which file or device, and what to do.
class InputError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Work that began and failed (the device was lost, the disk is full, the loss became NaN). Exit code 1.
class WorkError : public std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The driver gave up on the device: all its objects are unusable, and only a new Device can help.
class DeviceLost : public WorkError {
    using WorkError::WorkError;
};

/// An allocation on the device failed: a smaller piece of work may succeed.
class OutOfDeviceMemory : public WorkError {
    using WorkError::WorkError;
};

/// The work ended with wrong values: they are not finite, or differ from the results in float64.
class BadResult : public WorkError {
    using WorkError::WorkError;
};

/// No failure: whoever had asked for the work has stopped it, and nothing has come of it.
class Stopped : public std::exception {
  public:
    const char* what() const noexcept override { return "the work was stopped"; }
};

}  // namespace shadenet
