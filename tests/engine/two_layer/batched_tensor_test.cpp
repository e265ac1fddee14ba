#include "engine/two_layer/batched_tensor.h"

#include <algorithm>
#include <memory>
#include <numeric>
#include <stdexcept>
#include <utility>

#include "device_fixture.h"

using namespace shadenet;

namespace {

/// The values of these images of 21 values.
std::vector<float> all_of(const std::vector<float>& values, const std::vector<std::uint32_t>& images) {
    std::vector<float> all;
    for (const std::uint32_t n : images) all.insert(all.end(), &values[n * 21], &values[n * 21] + 21);
    return all;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "batched tensor: examples are gathered, unless all may be one batch") {
    const Shape all{5, 1, 3, 7};
    std::vector<float> values(all.values());
    std::iota(values.begin(), values.end(), 0.0f);
    BatchedTensor in_batches(device, all, 3, "examples"), whole(device, all, 5, "examples");
    in_batches.all().upload(values);
    whole.all().upload(values);
    Recorder recorder(device);
    const auto batch = [&](BatchedTensor& tensor, const std::vector<std::uint32_t>& examples) {
        tensor.choose(recorder, examples);
        const TensorView view = tensor.gather(recorder);
        recorder.finish();
        CHECK(view.shape == Shape{static_cast<std::uint32_t>(examples.size()), 1, 3, 7});
        return view;
    };
    const TensorView gathered = batch(in_batches, {4, 0, 3});
    CHECK(gathered.buffer != in_batches.all().view().buffer);
    CHECK(gathered.download() == all_of(values, {4, 0, 3}));
    CHECK(batch(in_batches, {1, 0}).download() == all_of(values, {1, 0}));
    CHECK(batch(in_batches, {2, 3}).download() == all_of(values, {2, 3}));
    CHECK(batch(in_batches, {4}).download() == all_of(values, {4}));
    const TensorView in_place = batch(whole, {2, 3});
    CHECK(in_place.buffer == whole.all().view().buffer);
    CHECK(in_place.download() == all_of(values, {2, 3}));
    CHECK(batch(whole, {0, 1, 2, 3, 4}).download() == values);
    CHECK_THROWS_AS(whole.choose(recorder, std::vector<std::uint32_t>{1, 0}), std::invalid_argument);
}

TEST_CASE_METHOD(DeviceFixture,
                 "batched tensor: examples of any words, and more than the device binds at once") {
    // Words that are no numbers, as packed pictures have.
    const Shape all{7, 2, 37, 41};
    std::vector<std::uint32_t> words(all.values());
    for (std::size_t i = 0; i < words.size(); ++i) words[i] = static_cast<std::uint32_t>(i * 2654435761);
    const std::unique_ptr<Device> limited = device_that_binds(2 * image_bytes(all));
    for (const Device* one : {&device, static_cast<const Device*>(limited.get())}) {
        BatchedTensor tensor(*one, all, 5, "examples");
        const std::size_t image = words.size() / all.n;
        for (std::uint32_t n = 0; n < all.n; ++n) {
            tensor.all().view().buffer->upload(std::span(std::as_const(words)).subspan(n * image, image),
                                               tensor.all().view().images(n, 1).offset);
        }
        Recorder recorder(*one);
        const std::vector<std::uint32_t> chosen{6, 0, 3, 2, 5};
        tensor.choose(recorder, chosen);
        const TensorView batch = tensor.gather(recorder);
        recorder.finish();
        for (std::uint32_t i = 0; i < chosen.size(); ++i) {
            const auto got = batch.buffer->download<std::uint32_t>(image, batch.images(i, 1).offset);
            CHECK(std::ranges::equal(got, std::span(words).subspan(chosen[i] * image, image)));
        }
    }
}
