// What the library's Gpu holds, and how errors leave the library.
#pragma once

#include <exception>
#include <filesystem>
#include <memory>
#include <new>
#include <utility>

#include "base/error.h"
#include "base/file_error.h"
#include "gpu/device.h"
#include "library/shadenet.h"

namespace shadenet {

struct OpenedGpu {
    std::unique_ptr<Device> device;
};

/// What `work` returns; of what it throws, all but std::bad_alloc as a Failure.
template <class Work>
auto as_library(Work&& work) {
    try {
        return std::forward<Work>(work)();
    } catch (const Failure&) {
        throw;
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const InputError& error) {
        throw Failure(Failure::Kind::input, error.what());
    } catch (const std::filesystem::filesystem_error& error) {
        throw Failure(Failure::Kind::input, error.path1().string() + ": " + reason_and_advice(error.code()));
    } catch (const std::exception& error) {
        throw Failure(Failure::Kind::work, error.what());
    }
}

}  // namespace shadenet
