#include "gpu/pipeline_cache.h"

#include "base/cache.h"
#include "base/file.h"
#include "device_fixture.h"
#include "gpu/vulkan_api.h"
#include "gpu_test_tools.h"

using namespace shadenet;

namespace {

namespace fs = std::filesystem;
using Bytes = std::vector<std::byte>;

/// Opens the device, adds 1 and 1 on it, closes it; returns the size of the cache that it began with.
std::size_t use_device() {
    const auto device = Device::open();
    std::size_t size = 0;
    REQUIRE(vkGetPipelineCacheData(device->handle(), device->pipeline_cache(), &size, nullptr) == VK_SUCCESS);
    const Adder add(*device);
    const Buffer one(*device, 256, "one"), sum(*device, 256, "sum");
    Recorder recorder(*device);
    recorder.fill(one.whole(), 0x3f800000);
    add(recorder, one.whole(), one.whole(), sum.whole());
    recorder.finish();
    CHECK(sum.download<float>(64) == std::vector<float>(64, 2.0f));
    CHECK(device->instance().validation_messages() == 0);
    return size;
}

/// The one file in the program's cache folder.
fs::path cache_file() {
    std::vector<fs::path> files;
    for (const auto& entry : fs::directory_iterator(cache_folder())) files.push_back(entry.path());
    REQUIRE(files.size() == 1);
    return files.front();
}

Bytes content() {
    return read_file(cache_file(), 1 << 26);
}

/// `bytes` in the cache's place; they are to be taken for no cache at all, and replaced by a good one.
void check_ignored(const Bytes& bytes, std::size_t empty_size) {
    write_file_atomically(cache_file(), bytes);
    CHECK(use_device() == empty_size);
    CHECK(content().size() > 8);
    CHECK(content() != bytes);
}

}  // namespace

TEST_CASE("pipeline cache: is kept, and a damaged file is ignored and replaced") {
    test_device();  // sets the environment
    const test::TemporaryFolder folder;
    const ScopedVariable scope("XDG_CACHE_HOME", folder.path().string());
    const std::size_t empty_size = use_device();
    const Bytes good = content();
    REQUIRE(good.size() > 8);
    use_device();
    CHECK(content().size() > 8);

    Bytes damaged = good;
    damaged[good.size() / 2] ^= std::byte{1};
    check_ignored(damaged, empty_size);
    damaged = good;
    damaged[0] ^= std::byte{1};  // the checksum itself
    check_ignored(damaged, empty_size);
    check_ignored(Bytes(good.begin(), good.end() - 1), empty_size);
    check_ignored(Bytes(good.begin(), good.begin() + 5), empty_size);
    check_ignored({}, empty_size);
    check_ignored(Bytes(100000, std::byte{0xa5}), empty_size);
}

TEST_CASE("pipeline cache: a folder that cannot be written is no error") {
    test_device();
    const test::TemporaryFolder folder;
    write_file_atomically(folder / "file", "in the way");
    const ScopedVariable scope("XDG_CACHE_HOME", (folder / "file").string());
    use_device();
    CHECK(fs::is_regular_file(folder / "file"));
}
