#include "engine/tensors/tensor.h"

#include <numeric>

#include "base/error.h"
#include "device_fixture.h"
#include "engine/tensors/parameter_buffers.h"

using namespace shadenet;

namespace {

std::vector<float> counting(std::size_t count, float first = 0) {
    std::vector<float> values(count);
    std::iota(values.begin(), values.end(), first);
    return values;
}

}  // namespace

TEST_CASE_METHOD(DeviceFixture, "tensor: images go up and down, together and apart") {
    const Shape shape{5, 3, 5, 7};
    const Tensor tensor(device, shape, "tensor");
    std::vector<float> values = counting(shape.values());
    tensor.upload(values);
    CHECK(tensor.download() == values);
    const std::size_t image = shape.c * shape.plane();
    const std::vector<float> other = counting(2 * image, 9000);
    tensor.upload(other, 2);
    std::copy(other.begin(), other.end(), values.begin() + static_cast<std::ptrdiff_t>(2 * image));
    CHECK(tensor.download() == values);
    CHECK(tensor.view().images(2, 2).download() == other);
    CHECK(tensor.view().images(4, 1).download() ==
          std::vector<float>(values.end() - static_cast<std::ptrdiff_t>(image), values.end()));
}

TEST_CASE_METHOD(DeviceFixture, "tensor: a view of some images begins where a binding may") {
    const Shape shape{5, 3, 5, 7};
    const Tensor tensor(device, shape, "tensor");
    CHECK(tensor.view().shape == shape);
    CHECK(tensor.view(2).shape == Shape{2, 3, 5, 7});
    const TensorView part = tensor.view().images(1, 3);
    CHECK(part.shape == Shape{3, 3, 5, 7});
    CHECK(part.image_stride >= shape.c * shape.plane());
    CHECK(part.offset == part.image_stride * sizeof(float));
    CHECK(part.offset % range_alignment == 0);
    CHECK(part.range().offset == part.offset);
    CHECK(part.range().size == 3 * part.offset);
    CHECK(part.images(1, 1).offset == 2 * part.offset);
}

TEST_CASE_METHOD(DeviceFixture, "tensor: chunks cover every image once and stay within the limits") {
    const std::uint64_t bindable = device.info().max_storage_range / sizeof(float);
    constexpr std::uint64_t values_per_call = 16 << 20;
    for (const std::uint64_t stride :
         {std::uint64_t{64}, std::uint64_t{511232}, std::uint64_t{20 << 20}, bindable}) {
        for (const std::uint32_t images : {1u, 33u, 65u}) {
            std::uint32_t next = 0;
            for (const ImageChunk chunk : image_chunks(device, images, stride)) {
                CHECK(chunk.first == next);
                REQUIRE(chunk.count > 0);
                CHECK(chunk.count * stride <= bindable);
                CHECK((chunk.count == 1 || chunk.count * stride <= values_per_call));
                next += chunk.count;
            }
            CHECK(next == images);
        }
    }
    CHECK(image_chunks(device, 0, 64).empty());
    CHECK_THROWS_AS(image_chunks(device, 1, bindable + 64), InputError);
}

TEST_CASE_METHOD(DeviceFixture, "tensor: an image that 32 bits cannot count is refused before memory is") {
    CHECK_THROWS_AS(Tensor(device, {1, 64, 8192, 8192}, "huge"), InputError);
}

TEST_CASE_METHOD(DeviceFixture, "parameters: go up and down by name, and gaps hold zeros") {
    const Network network{any_size(3), {Conv{"conv", 3, 5, 3}, BatchNorm{"norm", 5}}};
    Parameters parameters = initial_parameters(network, 1);
    const ParameterBuffers buffers(device, parameters);
    Parameters down = parameters;
    for (NamedTensor& tensor : down.tensors()) std::fill(tensor.values.begin(), tensor.values.end(), -1.0f);
    buffers.download(down);
    double sum = 0;
    for (const NamedTensor& tensor : parameters.tensors()) {
        CHECK(down.at(tensor.name).values == tensor.values);
        CHECK(buffers.values(tensor.name).offset % range_alignment == 0);
        if (tensor.trainable) sum += std::accumulate(tensor.values.begin(), tensor.values.end(), 0.0);
    }
    const BufferRange all = buffers.all_parameters();
    const auto everything = all.buffer->download<float>(buffers.count(), all.offset);
    CHECK(std::accumulate(everything.begin(), everything.end(), 0.0) == Approx(sum));
    CHECK_THROWS_AS(buffers.values("conv.scale"), std::out_of_range);
    CHECK_THROWS_AS(buffers.gradient("norm.running_mean"), std::out_of_range);
}
