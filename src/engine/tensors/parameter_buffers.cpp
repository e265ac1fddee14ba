#include "engine/tensors/parameter_buffers.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace shadenet {

namespace {

/// A buffer's bytes on the host, read at once: on devices with memory of their own each read waits.
struct Downloaded {
    explicit Downloaded(const Buffer& buffer) : bytes(buffer.download<std::byte>(buffer.bytes())) {}
    void copy(const BufferRange& range, std::vector<float>& values) const {
        std::memcpy(values.data(), bytes.data() + range.offset, values.size() * sizeof(float));
    }
    std::vector<std::byte> bytes;
};

}  // namespace

std::map<std::string, ParameterBuffers::Place> ParameterBuffers::places(const Parameters& parameters) {
    std::map<std::string, Place> places;
    std::uint64_t end[2] = {0, 0};
    for (const NamedTensor& tensor : parameters.tensors()) {
        const std::uint64_t size = tensor.values.size() * sizeof(float);
        places[tensor.name] = {tensor.trainable, end[tensor.trainable], size, tensor.held};
        end[tensor.trainable] += align_up(size);
    }
    return places;
}

std::uint64_t ParameterBuffers::bytes(const std::map<std::string, Place>& places, bool trainable) {
    std::uint64_t end = range_alignment;
    for (const auto& [name, place] : places) {
        if (place.trainable == trainable) end = std::max(end, place.offset + align_up(place.size));
    }
    return end;
}

ParameterBuffers::ParameterBuffers(const Device& device, const Parameters& parameters)
    : places_(places(parameters)),
      parameters_(device, bytes(places_, true), "parameters"),
      gradients_(device, bytes(places_, true), "gradients"),
      statistics_(device, 2 * bytes(places_, false), "moving statistics") {
    for (const Buffer* buffer : {&parameters_, &gradients_, &statistics_}) {
        const std::vector<float> zeros(buffer->bytes() / sizeof(float), 0.0f);
        buffer->upload(std::span<const float>(zeros));
    }
    upload(parameters);
}

const ParameterBuffers::Place& ParameterBuffers::place(const std::string& name) const {
    const auto found = places_.find(name);
    if (found == places_.end()) throw std::out_of_range("no parameter named " + name);
    return found->second;
}

BufferRange ParameterBuffers::values(const std::string& name) const {
    const Place& where = place(name);
    return (where.trainable ? parameters_ : statistics_).range(where.offset, where.size);
}

BufferRange ParameterBuffers::batch_statistic(const std::string& name) const {
    const Place& where = place(name);
    if (where.trainable) throw std::out_of_range("no batch has a parameter of its own: " + name);
    return statistics_.range(to_batch_statistics() * sizeof(float) + where.offset, where.size);
}

BufferRange ParameterBuffers::gradient(const std::string& name) const {
    const Place& where = place(name);
    if (!where.trainable) throw std::out_of_range("a statistic has no gradient: " + name);
    return gradients_.range(where.offset, where.size);
}

void ParameterBuffers::hold(Recorder& recorder) const {
    for (const auto& [name, place] : places_) {
        if (place.held) recorder.fill(gradient(name), 0);
    }
}

void ParameterBuffers::upload(const Parameters& parameters) const {
    for (const NamedTensor& tensor : parameters.tensors()) {
        const BufferRange range = values(tensor.name);
        range.buffer->upload(std::span<const float>(tensor.values), range.offset);
    }
}

void ParameterBuffers::download(Parameters& parameters) const {
    const Downloaded all{parameters_}, statistics{statistics_};
    for (NamedTensor& tensor : parameters.tensors()) {
        (tensor.trainable ? all : statistics).copy(values(tensor.name), tensor.values);
    }
}

void ParameterBuffers::download_gradients(Parameters& gradients) const {
    for (NamedTensor& tensor : gradients.tensors()) {
        if (!tensor.trainable) continue;
        const BufferRange range = gradient(tensor.name);
        range.buffer->read(range.offset, std::as_writable_bytes(std::span(tensor.values)));
    }
}

void ParameterBuffers::download_batch_statistics(Parameters& statistics) const {
    const Downloaded all{statistics_};
    for (NamedTensor& tensor : statistics.tensors()) {
        if (tensor.trainable) continue;
        all.copy(batch_statistic(tensor.name), tensor.values);
    }
}

}  // namespace shadenet
