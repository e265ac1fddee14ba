#include "engine/learning/batch.h"

#include <numeric>
#include <stdexcept>

#include "device_fixture.h"

using namespace shadenet;

namespace {

/// The first value of each image.
std::vector<float> firsts(const TensorView& view) {
    std::vector<float> values;
    for (std::uint32_t n = 0; n < view.shape.n; ++n) {
        values.push_back(view.buffer->download<float>(1, view.images(n, 1).offset).front());
    }
    return values;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "batch: examples are gathered, unless they lie one after the other") {
    const Shape all{5, 1, 3, 7};
    std::vector<float> values(all.values());
    std::iota(values.begin(), values.end(), 0.0f);
    const BatchedTensor in_batches(device, all, 3, "examples"), whole(device, all, 5, "examples");
    in_batches.all().upload(values);
    whole.all().upload(values);
    Recorder recorder(device);
    const auto batch = [&](const BatchedTensor& tensor, const std::vector<std::uint32_t>& examples) {
        const TensorView view = tensor.batch(recorder, examples);
        recorder.finish();
        return view;
    };
    const Buffer* const kept = in_batches.all().view().buffer;
    const TensorView gathered = batch(in_batches, {4, 0, 3});
    CHECK(gathered.buffer != kept);
    CHECK(firsts(gathered) == std::vector<float>{84, 0, 63});
    CHECK(firsts(batch(in_batches, {1, 0})) == std::vector<float>{21, 0});
    const TensorView in_place = batch(in_batches, {2, 3});
    CHECK(in_place.buffer == kept);
    CHECK(firsts(in_place) == std::vector<float>{42, 63});
    CHECK(firsts(batch(in_batches, {4})) == std::vector<float>{84});
    CHECK(firsts(batch(whole, {0, 1, 2, 3, 4})) == std::vector<float>{0, 21, 42, 63, 84});
    CHECK_THROWS_AS(batch(whole, {1, 0}), std::invalid_argument);
}
