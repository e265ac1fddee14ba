#include "engine/tensors/parameter_buffers.h"

#include <algorithm>
#include <stdexcept>

namespace shadenet {

namespace {

std::vector<float> all_floats(const Buffer& buffer) {
    return buffer.download<float>(buffer.bytes() / sizeof(float));
}

/// [out,in,rows,columns] or [out,in].
WeightExtent extent_of(const std::vector<std::uint32_t>& shape) {
    return {shape[0], shape[1], shape.size() == 4 ? shape[2] * shape[3] : 1};
}

std::span<const float> part(std::span<const float> values, std::uint64_t offset, std::uint64_t bytes) {
    return values.subspan(offset / sizeof(float), bytes / sizeof(float));
}

}  // namespace

/// Vectors first where weights lie in blocks, and else in the order of files.
std::map<std::string, ParameterBuffers::Place> ParameterBuffers::places(const Parameters& parameters) const {
    std::map<std::string, Place> places;
    std::uint64_t file_end = 0;
    for (const NamedTensor& tensor : parameters.tensors()) {
        const std::uint64_t size = tensor.values.size() * sizeof(float);
        Place& place = places[tensor.name];
        place = {.trainable = tensor.trainable,
                 .offset = 0,
                 .size = size,
                 .held = tensor.held,
                 .weights = tensor.shape.size() > 1,
                 .blocks = {},
                 .file_offset = file_end,
                 .file_size = size};
        if (in_blocks(place)) {
            place.blocks = extent_of(tensor.shape);
            place.size = place.blocks.block_values() * sizeof(float);
        }
        if (tensor.trainable) file_end += align_up(size);
    }
    std::uint64_t end[2] = {0, 0};
    for (const bool blocks : {false, true}) {
        for (const NamedTensor& tensor : parameters.tensors()) {
            Place& place = places[tensor.name];
            if (in_blocks(place) != blocks) continue;
            place.offset = end[place.trainable];
            end[place.trainable] += align_up(place.size);
        }
    }
    return places;
}

std::vector<ParameterBuffers::Run> ParameterBuffers::find_runs() const {
    std::vector<const Place*> in_order;
    for (const auto& [name, place] : places_) {
        if (place.trainable && !in_blocks(place)) in_order.push_back(&place);
    }
    std::ranges::sort(in_order, {}, &Place::offset);
    std::vector<Run> runs;
    for (const Place* place : in_order) {
        if (runs.empty() || runs.back().weights != place->weights) {
            runs.push_back({static_cast<std::uint32_t>(place->offset / sizeof(float)), 0, place->weights});
        }
        const std::uint64_t end = place->offset + align_up(place->size);
        runs.back().count = static_cast<std::uint32_t>(end / sizeof(float)) - runs.back().first;
    }
    return runs;
}

std::uint32_t ParameterBuffers::file_count() const {
    std::uint64_t end = range_alignment;
    for (const auto& [name, place] : places_) {
        if (place.trainable) end = std::max(end, place.file_offset + align_up(place.file_size));
    }
    return static_cast<std::uint32_t>(end / sizeof(float));
}

std::uint64_t ParameterBuffers::bytes(bool trainable) const {
    std::uint64_t end = range_alignment;
    for (const auto& [name, place] : places_) {
        if (place.trainable == trainable) end = std::max(end, place.offset + align_up(place.size));
    }
    return end;
}

ParameterBuffers::ParameterBuffers(const Device& device, const Parameters& parameters, WeightLayout layout)
    : layout_(layout),
      places_(places(parameters)),
      runs_(find_runs()),
      parameters_(device, bytes(true), "parameters"),
      gradients_(device, bytes(true), "gradients"),
      statistics_(device, 2 * bytes(false), "moving statistics") {
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

void ParameterBuffers::copy_from(const Place& place, std::span<const float> held,
                                 std::span<float> values) const {
    if (in_blocks(place)) {
        from_blocks(held, place.blocks, values);
    } else {
        std::ranges::copy(held, values.begin());
    }
}

std::vector<float> ParameterBuffers::to_file_order(std::span<const float> values) const {
    std::vector<float> file(file_count(), 0.0f);
    for (const auto& [name, place] : places_) {
        if (!place.trainable) continue;
        copy_from(
            place, part(values, place.offset, place.size),
            std::span(file).subspan(place.file_offset / sizeof(float), place.file_size / sizeof(float)));
    }
    return file;
}

std::vector<float> ParameterBuffers::from_file_order(std::span<const float> values) const {
    std::vector<float> held(count(), 0.0f);
    for (const auto& [name, place] : places_) {
        if (!place.trainable) continue;
        const std::span<const float> file = part(values, place.file_offset, place.file_size);
        const auto to = held.begin() + static_cast<std::ptrdiff_t>(place.offset / sizeof(float));
        if (in_blocks(place)) {
            std::ranges::copy(to_blocks(file, place.blocks), to);
        } else {
            std::ranges::copy(file, to);
        }
    }
    return held;
}

void ParameterBuffers::hold(Recorder& recorder) const {
    for (const auto& [name, place] : places_) {
        if (place.held) recorder.fill(gradient(name), 0);
    }
}

void ParameterBuffers::upload(const Parameters& parameters) {
    for (const NamedTensor& tensor : parameters.tensors()) {
        const BufferRange range = values(tensor.name);
        const Place& where = place(tensor.name);
        range.buffer->upload(in_blocks(where) ? std::span<const float>(to_blocks(tensor.values, where.blocks))
                                              : std::span<const float>(tensor.values),
                             range.offset);
    }
    ++uploads_;
}

void ParameterBuffers::download(Parameters& parameters) const {
    const std::vector<float> all = all_floats(parameters_), statistics = all_floats(statistics_);
    for (NamedTensor& tensor : parameters.tensors()) {
        const Place& where = place(tensor.name);
        copy_from(where, part(tensor.trainable ? all : statistics, where.offset, where.size), tensor.values);
    }
}

void ParameterBuffers::download_gradients(Parameters& gradients) const {
    const std::vector<float> all = all_floats(gradients_);
    for (NamedTensor& tensor : gradients.tensors()) {
        if (!tensor.trainable) continue;
        const Place& where = place(tensor.name);
        copy_from(where, part(all, where.offset, where.size), tensor.values);
    }
}

void ParameterBuffers::download_batch_statistics(Parameters& statistics) const {
    const std::vector<float> all = all_floats(statistics_);
    for (NamedTensor& tensor : statistics.tensors()) {
        if (tensor.trainable) continue;
        const BufferRange range = batch_statistic(tensor.name);
        std::ranges::copy(part(all, range.offset, range.size), tensor.values.begin());
    }
}

}  // namespace shadenet
